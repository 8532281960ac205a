"""The simulated company: Aérolys, clean-room air filtration, and the markets it sells in.

Only constants live here. Effects are in log-odds of the weekly hazard of becoming an SQL;
shares are probabilities and sum to 1 within a table.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

NAME = "Aérolys SAS"
EXTRACT_AT = datetime(2026, 10, 31, 23, 0, tzinfo=UTC)
HISTORY_DAYS = 730
HEAD_OFFICE_ZONE = "Europe/Paris"


@dataclass(frozen=True)
class Market:
    """A country as it stands in the CRM (`""`: not filled in) and how its leads behave.

    `share` is the part of all leads, `effect` is in log-odds, `activity` multiplies the rate
    of marketing events, `worked` is the mean probability that sales ever works a lead.
    """

    country: str
    zone: str
    language: str
    share: float
    effect: float
    activity: float
    worked: float
    owners: tuple[str, ...]


MARKETS = (
    Market("FR", "Europe/Paris", "fr", 0.380, 0.10, 1.00, 0.86,
           ("c.moreau", "j.lefevre", "s.benali", "p.girard", "a.roux")),
    Market("DE", "Europe/Berlin", "de", 0.240, 0.20, 0.85, 0.84,
           ("k.vogel", "m.brandt", "h.seidel", "t.lorenz")),
    Market("ES", "Europe/Madrid", "es", 0.150, -0.20, 1.15, 0.78,
           ("l.navarro", "i.ferrer", "d.molina")),
    Market("GB", "Europe/London", "en", 0.140, 0.00, 1.05, 0.80,
           ("r.hughes", "e.barker", "o.walsh")),
    Market("JP", "Asia/Tokyo", "ja", 0.084, -0.10, 0.75, 0.82,
           ("y.tanabe", "n.okada")),
    Market("IT", "Europe/Rome", "it", 0.004, 0.00, 1.00, 0.80, ("export",)),
    Market("", "Europe/Paris", "fr", 0.002, -0.10, 1.00, 0.75, ("export",)),
)  # fmt: skip


@dataclass(frozen=True)
class Slump:
    """Days of the year (month, day; both ends included) when sales and visitors are away."""

    countries: tuple[str, ...]
    first: tuple[int, int]
    last: tuple[int, int]
    effect: float


SLUMPS = (
    Slump(("FR", "IT", ""), (8, 1), (8, 25), -1.3),
    Slump(("ES",), (8, 1), (8, 31), -1.5),
    Slump(("DE", "GB"), (7, 25), (8, 20), -0.4),
    Slump(("JP",), (8, 10), (8, 17), -1.0),
    Slump(("JP",), (4, 28), (5, 6), -0.9),
    Slump(("JP",), (1, 1), (1, 8), -1.4),
    Slump(("DE",), (1, 1), (1, 7), -1.2),
    Slump(("FR", "ES", "GB", "IT", ""), (1, 1), (1, 4), -0.8),
    Slump(("FR", "DE", "ES", "GB", "JP", "IT", ""), (12, 20), (12, 31), -1.1),
)


@dataclass(frozen=True)
class Choice:
    """One value of a profile column (None: not filled in), its share and its effect."""

    value: str | None
    share: float
    effect: float


JOB_FUNCTIONS = (
    Choice("engineering", 0.17, 0.50),
    Choice("maintenance", 0.16, 0.40),
    Choice("quality", 0.14, 0.35),
    Choice("production", 0.13, 0.25),
    Choice("purchasing", 0.11, 0.20),
    Choice("hse", 0.06, 0.25),
    Choice("management", 0.07, 0.10),
    Choice("it", 0.04, -0.50),
    Choice("student", 0.05, -1.50),
    Choice(None, 0.07, -0.25),
)
SENIORITIES = (
    Choice("director", 0.12, 0.40),
    Choice("manager", 0.27, 0.30),
    Choice("specialist", 0.33, 0.00),
    Choice("junior", 0.14, -0.35),
    Choice("intern", 0.05, -0.90),
    Choice(None, 0.09, -0.15),
)
INDUSTRIES = (
    Choice("pharmaceuticals", 0.19, 0.65),
    Choice("microelectronics", 0.11, 0.60),
    Choice("food", 0.17, 0.25),
    Choice("chemicals", 0.12, 0.25),
    Choice("hospital", 0.10, 0.10),
    Choice("automotive", 0.10, 0.00),
    Choice("water", 0.06, 0.10),
    Choice("education", 0.06, -0.70),
    Choice("retail", 0.05, -0.80),
    Choice(None, 0.04, -0.30),
)
SOURCES = (
    Choice("website", 0.33, 0.00),
    Choice("fair", 0.15, 0.25),
    Choice("webinar", 0.14, 0.10),
    Choice("paid_search", 0.15, -0.40),
    Choice("partner", 0.07, 0.60),
    Choice("referral", 0.04, 0.75),
    Choice("social", 0.07, -0.50),
    Choice("purchased_list", 0.05, -0.90),
)
# Sources where the lead typed its own data into a form, which leaves an event behind.
FORM_SOURCES = ("website", "webinar", "paid_search", "social")

# Upper bound of employees (exclusive) and effect; the last band is open.
EMPLOYEE_BANDS = ((20, -0.50), (100, -0.05), (1000, 0.30), (5000, 0.35), (None, 0.10))
EMPLOYEES_MISSING_EFFECT = -0.10
PRIVATE_PERSON_EFFECT = -0.90
# Pairs that matter together, so that an additive model is not the whole truth.
PARTNER_IN_GERMANY_EFFECT = 0.45
BUYER_AT_LARGE_COMPANY_EFFECT = 0.40
ACCOUNT_EFFECT_SD = 0.40

# Nurturing is on trial: by lot some leads get none of it, and become SQLs less often for that.
NURTURE_GROUPS = ("control", "treated")
CONTROL_SHARE = 0.20
NOT_NURTURED_EFFECT = -0.25

PRIVATE_SHARE = 0.08
LEADS_PER_ACCOUNT = 2.2

REJECTION_REASONS = (
    ("no_response", 0.31), ("no_need", 0.24), ("no_budget", 0.15), ("not_decision_maker", 0.11),
    ("wrong_contact_details", 0.08), ("student_or_applicant", 0.06), ("competitor", 0.05),
)  # fmt: skip
LOSS_REASONS = (
    ("price", 0.35), ("competitor", 0.30), ("project_stopped", 0.22), ("no_budget", 0.13),
)  # fmt: skip
