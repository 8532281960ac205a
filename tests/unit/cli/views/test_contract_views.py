"""Thresholds, ledgers and nurturing on a terminal: each figure with what it means."""

from __future__ import annotations

import io
import math
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest
from rich.console import Console

from predictive_scoring.cli.views import view
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
    NearestContract,
    Promise,
    SolvedThreshold,
    Window,
)
from predictive_scoring.runs.results import RunResult
from predictive_scoring.runs.sla import SlaResult
from predictive_scoring.runs.thresholds import ThresholdsResult

NAN = float("nan")
POINT = FrontierPoint(0.2, 90, 30, 0.33, 0.301, 0.25, 0.42, 80.4, 60.0, 101.0)


def shown(result: RunResult) -> str:
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(view(result))
    return " ".join(console.export_text().split())


def solved(**changes: Any) -> ThresholdsResult:
    given: dict[str, Any] = {
        "market": "", "basis": "own", "rate": 0.3, "confidence": 0.95, "volume": 100.0,
        "threshold": 0.2, "point": POINT, "verdict": "kept",
    } | changes  # fmt: skip
    everywhere = SolvedThreshold(**given)
    kept = ContractThresholds(
        "2026-01-01", "ab", "month", 900, 90.0, everywhere, (), None, 0.07, (POINT,)
    )
    return ThresholdsResult("Co", "3", False, (kept,), 40.0, POINT, "page.html", "", ())


def test_a_kept_contract():
    text = shown(solved())
    for said in ("100 MQLs a month, 30% of them", "sure to 95%", "20.0%", "80 (60 to 101) a month",
                 "33%", "30%", "kept", "hot nobody", "cold below 7.0%",
                 "the best 40 a week"):  # fmt: skip
        assert said in text
    assert solved().exit_code == 0


@pytest.mark.parametrize("verdict", ["too few MQLs", "rate out of reach"])
def test_one_that_cannot_be_kept_names_the_nearest(verdict):
    nearest = (NearestContract(0.2, 0.3, 62.0), NearestContract(0.1, 0.24, 100.0))
    result = solved(verdict=verdict, nearest=nearest)
    assert "all: 62 a month at 30%, or 100 a month at 24%" in shown(result)
    assert result.exit_code == 1


def test_no_threshold_has_no_figures_made_up():
    text = shown(solved(verdict="rate out of reach", threshold=None, point=None))
    assert "all none rate out of reach" in text


def ledger() -> Ledger:
    at = datetime(2026, 6, 3, 9, tzinfo=UTC)
    return Ledger(
        "Co", Window("2026-06", date(2026, 6, 1), date(2026, 6, 30), {"market": "FR"}), at, False,
        ("2026-01-01",),
        (
            Promise("marketing", "mqls", "", 100.0, None, 41, 0, "open"),
            Promise("sales", "contacted", "", 1.0, wilson(30, 40), 30, 1, "broken"),
        ),
        (), (), (("too small", 3, True), ("", 1, False)),
        (Breach("L1", "FR", "Paris", "Ann", "late", at, at, at, 31.25),),
        (Escalation("L2", "Bob", "Paris", "FR", 12.0, "head of sales"),),
        (Irregularity("L3", "it has no owner", "give it one"),), pa.table({}), ("a note",),
    )  # fmt: skip


def test_a_ledger_says_both_sides_with_breaches_and_escalations():
    text = shown(SlaResult(ledger(), (), "en", "page.html", ("ledger.csv",)))
    for said in ("2026-06-01 to 2026-06-30, market FR (not over: the data end 2026-06-03)",
                 "marketing MQLs handed over all 100 41", "not decided",
                 "100% 30 of 40, 75%, 1 open", "broken",
                 "3 too small, 1 (none given) (not in the contract)",
                 "L1 Ann Paris 31.2",
                 "L2 (Bob, 12 h overdue) to head of sales", "1 × it has no owner (L3", "a note",
                 "ledger.csv"):  # fmt: skip
        assert said in text


def test_efforts_have_money_only_where_costs_are_declared():
    rate = wilson(2, 14)
    effort = Effort(
        "fair", 14, 3, rate, rate, rate, rate, rate, rate, (0.1, 0.03, 0.31), "not yet", NAN, NAN,
        NAN, cost=700.0, cost_per_sql=350.0, result=-700.0,
    )  # fmt: skip
    table = EffortTable("source", False, (effort,), 0.05, "EUR", ())
    text = shown(SlaResult(ledger(), (table,), "en", "page.html", ()))
    for said in ("fair 14", "not yet", "350 EUR", "-700 EUR", "an SQL rate of 5.0%"):
        assert said in text
    assert "nan" not in text
    assert math.isnan(effort.days_to_sql)
