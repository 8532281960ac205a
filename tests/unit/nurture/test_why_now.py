from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from predictive_scoring import nurture
from predictive_scoring.errors import UsageError

UNTIL = datetime(2026, 3, 6, 22, 30, tzinfo=UTC)  # Friday, in Paris 23:30
TUESDAY = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # Monday in London, Tuesday in Paris
NOTHING = (
    "nothing new from the lead; the score rose with its age, its account, sales activity or "
    "another model"
)
RIEN = (
    "rien de nouveau de la part du prospect ; le score a monté avec son ancienneté, son compte, "
    "l’activité commerciale ou un autre modèle"
)
LABELS = {"en": {"topic=pricing": "our prices", "fair": "trade fair"}}


@pytest.fixture
def company(history: Callable[..., Any]) -> Any:
    made = history()
    for lead in "abcd":
        made.add("leads", lead_id=lead, created_at=TUESDAY)
    for lead, hours, kind, topic in (
        ("a", 0, "form", None),  # was known to the score before
        ("a", 1, "webinar", None), ("a", 2, "visit", "pricing"), ("a", 3, "webinar", None),
        ("a", 4, "visit", "pricing"), ("a", 95.01, "form", None),  # after the new score
        ("b", 1, "visit", "日本"), ("b", 2, "webinar", "product"), ("b", 3, "fair", "pricing"),
        ("b", 4, "mail_open", None), ("b", 5, "visit", None),
        ("c", 1, "mail_click", "company"), ("c", 1, "download", "technical"),
    ):  # fmt: skip
        at = TUESDAY + timedelta(hours=hours)
        made.add("events", lead_id=lead, occurred_at=at, type=kind, topic=topic)
    return made


@pytest.fixture
def said(company: Any, configured: Any) -> Callable[..., list[str]]:
    def ask(leads: str, since: Any, lang: str, labels: Any = None, until: Any = UNTIL) -> list[str]:
        config = configured(company, time_zone="Europe/Paris", score={"labels": labels or {}})
        found = nurture.why_now(company.extract(), config, list(leads), since, until, lang)
        assert found["lead_id"].to_pylist() == list(leads)
        texts: list[str] = found["text"].to_pylist()
        return texts

    return ask


def test_in_english(said: Any) -> None:
    assert said("cdab", TUESDAY, "en") == [
        "since Tuesday: download (technical documents), click in a mail (company)",
        f"since Tuesday: {NOTHING}",
        "since Tuesday: pricing page, webinar",
        "since Tuesday: visit, mail opened, fair (pricing), webinar (products)",  # the latest four
    ]


def test_in_french(said: Any) -> None:
    texts = [text.replace("\N{NO-BREAK SPACE}", " ") for text in said("abcd", TUESDAY, "fr")]
    assert texts == [
        "depuis mardi : page tarifs, webinaire",
        "depuis mardi : visite, e-mail ouvert, fair (tarifs), webinaire (produits)",
        "depuis mardi : téléchargement (documentation technique), clic dans un e-mail (entreprise)",
        f"depuis mardi : {RIEN}",
    ]


def test_in_the_companys_own_words(said: Any) -> None:
    assert said("ab", TUESDAY, "en", LABELS) == [
        "since Tuesday: our prices page, webinar",
        "since Tuesday: visit, mail opened, trade fair (our prices), webinar (products)",
    ]


def test_a_visit_by_another_name(said: Any) -> None:
    labels = {"fr": {"type=visit": "passage"}}
    assert "passage (tarifs)" in said("a", TUESDAY, "fr", labels)[0]


@pytest.mark.parametrize(
    ("since", "english", "french"),
    [
        (UNTIL - timedelta(hours=23), "today", "aujourd’hui"),
        (UNTIL - timedelta(hours=24), "since Thursday", "depuis jeudi"),
        (UNTIL - timedelta(days=6), "since Saturday", "depuis samedi"),
        (UNTIL - timedelta(days=7), "since 27 February", "depuis le 27 février"),
        (datetime(2026, 2, 1, tzinfo=UTC), "since 1 February", "depuis le 1er février"),
        (datetime(2025, 12, 9, tzinfo=UTC), "since 9 December 2025", "depuis le 9 décembre 2025"),
    ],
)
def test_the_day_is_the_companys(said: Any, since: Any, english: str, french: str) -> None:
    assert said("d", since, "en")[0].startswith(f"{english}: ")
    assert said("d", since, "fr")[0].startswith(f"{french}\N{NO-BREAK SPACE}: ")


def test_the_first_score(said: Any) -> None:
    assert said("ab", None, "en") == ["first scored"] * 2
    assert said("a", None, "fr") == ["premier score"]


def test_nobody_is_asked_about(said: Any) -> None:
    assert said("", TUESDAY, "en") == []


def test_an_instant_has_a_zone(said: Any) -> None:
    with pytest.raises(UsageError, match="time zone"):
        said("a", TUESDAY.replace(tzinfo=None), "en")
