"""Names of things the sentences speak of: columns, categories, topics, channels, groups.

What is not listed here appears as the company wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping

from predictive_scoring.explain.subjects import N_

LABELS: Mapping[str, str] = {
    "company_size": N_("company size"),
    "country": N_("country"),
    "employees": N_("employees"),
    "industry": N_("industry"),
    "job_function": N_("job function"),
    "language": N_("language"),
    "market": N_("market"),
    "newsletter": N_("newsletter"),
    "region": N_("region"),
    "revenue": N_("revenue"),
    "seniority": N_("seniority"),
    "source": N_("source"),
}
CATEGORIES: Mapping[str, Mapping[str, str]] = {
    "job_function": {
        "engineering": N_("engineering"),
        "hse": N_("health, safety and environment"),
        "it": N_("information technology"),
        "maintenance": N_("maintenance"),
        "management": N_("management"),
        "production": N_("production"),
        "purchasing": N_("purchasing"),
        "quality": N_("quality"),
        "student": N_("student"),
    },
    "seniority": {
        "director": N_("director"),
        "intern": N_("intern"),
        "junior": N_("junior"),
        "manager": N_("manager"),
        "specialist": N_("specialist"),
    },
    "industry": {
        "automotive": N_("automotive"),
        "chemicals": N_("chemicals"),
        "education": N_("education"),
        "food": N_("food"),
        "hospital": N_("hospital"),
        "microelectronics": N_("microelectronics"),
        "pharmaceuticals": N_("pharmaceuticals"),
        "retail": N_("retail"),
        "water": N_("water"),
    },
    "source": {
        "fair": N_("trade fair"),
        "paid_search": N_("paid search"),
        "partner": N_("partner"),
        "purchased_list": N_("purchased list"),
        "referral": N_("referral"),
        "social": N_("social networks"),
        "webinar": N_("webinar"),
        "website": N_("website"),
    },
}
TOPICS: Mapping[str, str] = {
    "blog": N_("blog"),
    "careers": N_("careers"),
    "case_study": N_("case studies"),
    "company": N_("the company"),
    "pricing": N_("pricing"),
    "product": N_("products"),
    "technical": N_("technical documents"),
}
CHANNELS: Mapping[str, str] = {
    "direct": N_("direct"),
    "email": N_("e-mail"),
    "organic": N_("organic search"),
    "paid": N_("advertising"),
    "social": N_("social networks"),
    "webinar_platform": N_("webinar platform"),
    "website": N_("website"),
}
DIMENSIONS: Mapping[str, Mapping[str, str]] = {"topic": TOPICS, "channel": CHANNELS}
GROUPS: Mapping[str, str] = {
    "fit": N_("fit"),
    "engagement": N_("engagement"),
    "account": N_("account"),
    "market": N_("market"),
    "sales": N_("sales activity"),
    "time": N_("time"),
}
