"""Records of a contract made by hand, whose figures the tests know."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from predictive_scoring.config import Config
from predictive_scoring.contract.intervals import wilson
from predictive_scoring.records import (
    Breach,
    ContractThresholds,
    Effort,
    EffortTable,
    Escalation,
    FrontierPoint,
    Irregularity,
    Ledger,
    LedgerLine,
    NearestContract,
    Promise,
    SolvedThreshold,
    Window,
)

NAN = float("nan")
CONFIG: dict[str, Any] = {
    "company": "Acme Pumps",
    "time_zone": "Europe/Paris",
    "sources": {
        "leads": {
            "file": "leads.csv", "lead_id": "id", "created_at": "created", "market": "country",
            "owner": "owner",
            "profile": {"job_function": "category", "employees": "number", "newsletter": "flag"},
        },
        "events": {"file": "e.csv", "lead_id": "id", "occurred_at": "at", "type": "type",
                   "channel": "channel", "topic": "topic"},
        "stages": {"file": "s.csv", "lead_id": "id", "stage": "stage", "entered_at": "at",
                   "reason": "why",
                   "stages": {"Marketing qualified": "mql", "Accepted": "sql",
                              "Declined": "rejected", "won": "won", "lost": "lost"}},
        "activities": {"file": "a.csv", "lead_id": "id", "occurred_at": "at", "kind": "kind",
                       "documented": "noted"},
    },
    "outcome": {"stage": "sql", "horizon": 90},
    "score": {"labels": {"fr": {"job_function": "fonction", "maintenance": "maintenance",
                                "purchasing": "achats", "pricing": "page tarifs",
                                "webinar": "webinaire", "employees": "effectif"}}},
    "contract": {
        "versions": [
            {
                "from": "2026-01-01", "mqls_per_month": 100, "sql_rate": 0.3, "confidence": 0.95,
                "first_contact": {"hours": 24}, "contacted": 1.0, "documented": 1.0,
                "mql": [
                    {"name": "The right function", "column": "job_function",
                     "values": ["maintenance", "purchasing"]},
                    {"name": "Large enough", "column": "employees", "at_least": 50},
                    {"name": "Real interest", "events": ["pricing", "webinar"], "at_least": 2,
                     "within": 30},
                    {"name": "Budget", },
                ],
                "sql": [{"name": "A project within six months"}, {"name": "Someone who decides"}],
                "rejection_reasons": ["no budget", "wrong person", "too small"],
                "markets": {"JP": {"sql_rate": 0.25, "first_contact": {"hours": 48}},
                            "DE": {"mqls_per_month": 40}},
            },
            {"from": "2026-10-01", "mqls_per_month": 120, "sql_rate": 0.3,
             "first_contact": {"hours": 1, "clock": "elapsed"}, "contacted": 0.95},
        ],
        "teams": {
            "Europe": {"time_zone": "Europe/Paris", "markets": ["FR", "DE"],
                       "hours": ["09:00-12:30", "14:00-18:00"], "holidays": "FR",
                       "closed": ["2026-12-24"]},
            "Asia": {"time_zone": "Asia/Tokyo", "markets": ["JP"], "owners": ["Aiko Sato"],
                     "days": ["mon", "tue", "wed", "fri", "sat"], "holidays": "JP"},
        },
        "escalations": [{"hours": 8, "to": "the head of sales"}, {"hours": 0, "to": "the owner"}],
    },
}  # fmt: skip


@pytest.fixture(scope="session")
def config() -> Config:
    return Config.model_validate(CONFIG)


def _point(threshold: float, mqls: int, sqls: int, months: float = 6.0) -> FrontierPoint:
    seen = wilson(sqls, mqls)
    volume = mqls / months
    spread = 1.96 * volume**0.5
    bound = seen.value - 0.84 * (seen.value - seen.low)
    return FrontierPoint(
        threshold, mqls, sqls, seen.value, bound, seen.low, seen.high,
        volume, max(volume - spread, 0), volume + spread,
    )  # fmt: skip


def _frontier() -> tuple[FrontierPoint, ...]:
    steps = range(20, 1600, 20)
    return tuple(_point(0.7 - 0.0004 * n, n, int(n * (0.12 + 0.42 / (1 + n / 420)))) for n in steps)


MakeThresholds = Callable[..., ContractThresholds]


@pytest.fixture(scope="session")
def thresholds() -> MakeThresholds:
    """Make thresholds of a contract that cannot be kept, with some parts replaced."""

    def make(**parts: Any) -> ContractThresholds:
        point = _point(0.41, 372, 133)
        near = (NearestContract(0.41, 0.3, 62.4), NearestContract(0.31, 0.2438, 100.0))
        content: dict[str, Any] = {
            "version": "2026-01-01", "terms": "ab12", "unit": "month", "leads": 6212, "days": 183.0,
            "everywhere": SolvedThreshold(
                "", "own", 0.3, 0.95, 100.0, 0.41, point, "too few MQLs", near
            ),
            "markets": (
                SolvedThreshold("DE", "own", 0.3, 0.95, 40.0, 0.38, _point(0.38, 250, 90), "kept"),
                SolvedThreshold("FR", "own", 0.3, 0.95, None, None, None, "rate out of reach",
                                (NearestContract(0.2, 0.21, 17.5),)),
                SolvedThreshold("JP", "pooled", 0.25, 0.95, None, 0.29, _point(0.29, 31, 10),
                                "nothing promised"),
            ),
            "hot": 0.62, "cold": 0.04, "frontier": _frontier(),
        }  # fmt: skip
        return ContractThresholds(**{**content, **parts})

    return make


@pytest.fixture(scope="session")
def kept(thresholds: MakeThresholds) -> ContractThresholds:
    everywhere = SolvedThreshold("", "own", 0.3, 0.95, 60.0, 0.41, _point(0.41, 372, 133), "kept")
    return thresholds(everywhere=everywhere, markets=())


def _line(dimension: str, value: str, mqls: int, late: int = 2) -> LedgerLine:
    overdue, running = mqls // 10, mqls // 12
    sqls, rejected = mqls // 4, mqls // 2
    return LedgerLine(
        dimension, value, mqls, mqls - late - overdue - running, late, overdue, running, 5.25,
        sqls, rejected, mqls - sqls - rejected, 2 * mqls, 2 * mqls - 3,
    )  # fmt: skip


def _rows() -> pa.Table:
    start = datetime(2026, 9, 1, 8, tzinfo=UTC)
    rows = []
    for n in range(84):
        at = start + timedelta(hours=8 * n)
        hours = (n * 7 % 31) + 0.25
        contact = "late" if hours > 24 else ("overdue" if n % 11 == 0 else "in_time")
        contact = "running" if n > 80 else contact
        seen = contact in ("in_time", "late")
        rows.append({
            "lead_id": f"L{n}", "market": "FR", "team": "Europe", "owner": "Ann", "source": "fair",
            "version": "2026-01-01", "handed_over_at": at, "due_at": at + timedelta(hours=24),
            "contacted_at": at + timedelta(hours=hours) if seen else None, "decided_at": None,
            "hours": hours, "contact": contact, "activities": 2, "documented": 1,
            "verdict": "waiting", "reason": "", "criteria_met": n % 2 == 0 or None,
        })  # fmt: skip
    return pa.Table.from_pylist(rows)


MakeLedger = Callable[..., Ledger]


@pytest.fixture(scope="session")
def ledger() -> MakeLedger:
    """Make a ledger of September 2026, with some parts replaced."""

    def make(**parts: Any) -> Ledger:
        handed = datetime(2026, 9, 3, 14, 5, tzinfo=UTC)
        due = handed + timedelta(days=3)
        content: dict[str, Any] = {
            "company": "Acme Pumps",
            "window": Window("2026-09", date(2026, 9, 1), date(2026, 9, 30), {}),
            "as_of": datetime(2026, 10, 31, 22, 0, tzinfo=UTC),
            "complete": True,
            "versions": ("2026-01-01",),
            "promises": (
                Promise("marketing", "mqls", "", 100.0, None, 84, 0, "broken"),
                Promise("marketing", "sql_rate", "", 0.3, wilson(21, 84), 21, 12, "open"),
                Promise("marketing", "criteria", "", 1.0, wilson(80, 80), 80, 0, "kept"),
                Promise("marketing", "mqls", "DE", 40.0, None, 41, 0, "kept"),
                Promise("sales", "contacted", "", 1.0, wilson(66, 82), 66, 2, "broken"),
                Promise("sales", "documented", "", 1.0, wilson(167, 168), 167, 0, "broken"),
                Promise("sales", "reasons", "", 1.0, wilson(0, 0), 0, 0, "no data"),
                Promise("sales", "contacted", "JP", 1.0, wilson(9, 9), 9, 0, "kept"),
            ),
            "lines": (
                _line("team", "Europe", 60), _line("team", "Asia", 24),
                _line("market", "FR", 43), _line("market", "JP", 24), _line("market", "DE", 17),
                _line("owner", "Ann", 60), _line("owner", "Aiko Sato", 24),
                _line("source", "fair", 30), _line("source", "website", 54),
            ),
            "months": tuple(
                _line("month", f"{2025 + (9 + n) // 12}-{(9 + n) % 12 + 1:02}", 60 + 3 * (n % 5), n)
                for n in range(12)
            ),
            "reasons": (("no budget", 18, True), ("wrong person", 11, True),
                        ("a competitor won", 5, False), ("", 2, False)),
            "breaches": (
                Breach("L-17", "FR", "Europe", "Ann", "late", handed, due, due, 31.5),
                Breach("L-18", "JP", "Asia", "", "overdue", handed, due, None, 76.0),
                Breach("L-19", "DE", "Europe", "Ann", "undocumented", handed, None,
                       None, NAN, "1/2"),
                Breach("L-20", "DE", "Europe", "Ann", "reason not in the contract", handed, due,
                       due, NAN, "a competitor won"),
            ),
            "escalations": (
                Escalation("L-18", "", "Asia", "JP", 28.0, "the head of sales"),
            ),
            "irregularities": (
                *(Irregularity(f"L-{n}", "it has no owner",
                               "give it one: nobody can be asked about it") for n in range(12)),
                Irregularity("L-99", "it was handed over more than once",
                             "hand a lead over once; the first time counts"),
            ),
            "rows": _rows(),
            "notes": ("3 leads became SQLs later than the horizon of 90 days",),
        }  # fmt: skip
        return Ledger(**{**content, **parts})

    return make


def _effort(value: str, leads: int, sqls: int, evidence: Any, **parts: Any) -> Effort:
    known = wilson(sqls, leads)
    mean = (sqls + 4) / (leads + 40)
    spread = 1.96 * (mean * (1 - mean) / (leads + 40)) ** 0.5
    content: dict[str, Any] = {
        "value": value, "leads": leads + 6, "open": 6, "mql": wilson(3 * sqls, leads),
        "sql": wilson(sqls, leads), "won": wilson(sqls // 3, leads),
        "mql_to_sql": wilson(sqls, 3 * sqls), "sql_to_won": wilson(sqls // 3, sqls),
        "known": known, "pooled": (mean, max(mean - spread, 0), mean + spread),
        "evidence": evidence, "days_to_mql": 12.0, "days_to_sql": 30.5, "days_to_won": NAN,
    }  # fmt: skip
    return Effort(**{**content, **parts})


@pytest.fixture(scope="session")
def efforts() -> tuple[EffortTable, ...]:
    return (
        EffortTable(
            "source", False,
            (
                _effort("website", 812, 98, "enough", cost=12_000.0, cost_per_sql=122.4,
                        result=45_600.0),
                _effort("fair", 214, 30, "enough", cost=40_000.0, cost_per_sql=1333.3,
                        result=-12_400.0),
                _effort("purchased_list", 420, 9, "below the bar"),
                _effort("partner", 14, 2, "not yet"),
            ),
            0.06, "EUR", ("costs by market (EUR 300) are not in figures by source",),
        ),
        EffortTable(
            "channel", True,
            (
                _effort("email", 600, 70, "enough", first_touch=41.0, multi_touch=52.25),
                _effort("", 31, 4, "", first_touch=0.0, multi_touch=1.5),
            ),
            0.06,
        ),
    )  # fmt: skip
