"""Leads → MQL → SQL → won of the company written by hand: every figure is worked out there."""

import math
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from predictive_scoring.contract.intervals import wilson
from predictive_scoring.records import Window


def test_every_lead_of_the_window_counts_once_for_its_value(company: Any) -> None:
    market = company.table("market")
    assert list(market) == ["DE", "FR"]  # as many leads each: by name
    fr, de = market["FR"], market["DE"]
    assert (fr.leads, fr.open) == (4, 0)  # A, B, C, H
    assert (fr.mql, fr.sql, fr.won) == (wilson(3, 4), wilson(2, 4), wilson(1, 4))
    assert (fr.mql_to_sql, fr.sql_to_won) == (wilson(2, 3), wilson(1, 2))
    assert (de.leads, de.open) == (4, 1)  # D, E, F, G; F became an SQL, G's horizon is not over
    assert (de.mql, de.sql, de.won) == (wilson(1, 4), wilson(1, 4), wilson(0, 4))
    # F was never handed over: it is an SQL, but none of an MQL
    assert (de.mql_to_sql, de.sql_to_won) == (wilson(0, 1), wilson(0, 1))


def test_days_are_medians_from_stage_to_stage(company: Any) -> None:
    market = company.table("market")
    fr, de = market["FR"], market["DE"]
    assert (fr.days_to_mql, fr.days_to_sql, fr.days_to_won) == (2.0, 15.0, 10.0)
    assert de.days_to_mql == 1.0
    assert math.isnan(de.days_to_sql)
    assert math.isnan(de.days_to_won)


def test_an_sql_before_its_handover_is_none_of_that_handover(company: Any, at: Any) -> None:
    company.rows["handed"].append(("F", at(3, 26)))
    de = company.table("market")["DE"]
    assert (de.mql.count, de.sql.count, de.mql_to_sql) == (2, 1, wilson(0, 2))
    assert math.isnan(de.days_to_sql)


def test_a_missing_value_is_shown(company: Any) -> None:
    source = company.table("source")
    assert {value: effort.leads for value, effort in source.items()} == {
        "web": 5, "fair": 2, "(none)": 1,
    }  # fmt: skip


def test_months_are_those_of_the_companys_clocks_and_in_order(
    company: Any,
) -> None:
    window = Window("", date(2026, 1, 1), date(2026, 4, 30), {})
    months = company.table("month", window=window)
    assert {month: effort.leads for month, effort in months.items()} == {
        "2026-01": 1, "2026-02": 1, "2026-03": 8, "2026-04": 1,
    }  # fmt: skip
    assert list(months) == sorted(months)


def test_known_outcomes_are_mature_recorded_and_not_those_sales_left_lying(
    company: Any, at: Callable[..., datetime]
) -> None:
    market = company.table("market")
    assert market["FR"].known == wilson(2, 4)  # A, B, C, H
    # D only: E was handed over and nobody worked it; F's success is early, its horizon is not over
    assert market["DE"].known == wilson(0, 1)
    company.rows["activities"].append(("E", at(3, 8)))
    assert company.table("market")["DE"].known == wilson(0, 2)
    company.rows["activities"][-1] = ("E", at(4, 6))  # after its horizon
    assert company.table("market")["DE"].known == wilson(0, 1)
    company.outcome["recorded_from"] = "2026-03-03T00:00:00Z"
    assert company.table("market")["FR"].known == wilson(1, 1)  # C


def test_an_sql_after_the_horizon_counts_so_far_but_is_no_success(
    company: Any, at: Callable[..., datetime]
) -> None:
    company.outcome["horizon"] = 20  # C took 22 days
    company.rows["activities"].append(("C", at(3, 6)))
    fr = company.table("market")["FR"]
    assert fr.sql == wilson(2, 4)
    assert fr.known == wilson(1, 4)


def test_nothing_after_the_extract_counts_as_of(company: Any, at: Callable[..., datetime]) -> None:
    before = company.tables("market", "source", "channel")
    company.rows["stages"] += [("G", "sql", at(4, 11)), ("C", "won", at(4, 11))]
    company.rows["handed"].append(("D", at(4, 11)))
    company.rows["events"].append(("G", at(4, 11), "visit", "web"))
    company.rows["activities"].append(("E", at(4, 11)))
    assert repr(company.tables("market", "source", "channel")) == repr(before)


def test_a_scope_narrows_the_leads(company: Any, march: Window) -> None:
    scoped = Window("", march.first, march.last, {"market": "FR", "source": "web"})
    assert {v: e.leads for v, e in company.table("market", window=scoped).items()} == {"FR": 3}


def test_a_team_is_its_peoples_leads_and_its_markets(company: Any, march: Window) -> None:
    company.sources["leads"]["owner"] = "owner"
    company.contract["teams"] = {
        "near": {"time_zone": "Europe/Paris", "markets": ["FR"], "owners": ["Ute"]},
        "far": {"time_zone": "Europe/Berlin"},
    }
    company.rows["leads"] = [
        (*row[:5], "Ute" if row[0] == "D" else None, *row[6:]) for row in company.rows["leads"]
    ]
    for team, leads in (("near", {"FR": 4, "DE": 1}), ("far", {"DE": 3})):
        scoped = Window("", march.first, march.last, {"team": team})
        found = company.table("market", window=scoped)
        assert {value: effort.leads for value, effort in found.items()} == leads


def test_undated_leads_are_said(company: Any, march: Window) -> None:
    (table,) = company.tables("market")
    assert "leads that are in no window, since their creation is not known: 1" in table.notes
    scoped = Window("", march.first, march.last, {"market": "DE"})
    (table,) = company.tables("market", window=scoped)
    assert table.notes == ()


def test_a_stage_that_is_not_recorded_is_not_taken_for_a_failure(company: Any) -> None:
    company.sources["stages"]["stages"] = {"sql": "sql", "rejected": "rejected"}
    company.contract |= {"won_value": 1000, "costs": [
        {"by": "market", "value": "FR", "amount": 31, "from": "2026-03-01", "until": "2026-03-31"}
    ]}  # fmt: skip
    (table,) = company.tables("market")
    assert {(e.won.of, e.sql_to_won.of) for e in table.efforts} == {(0, 0)}
    assert {e.value: (e.cost, e.result) for e in table.efforts} == {
        "DE": (None, None), "FR": (31, None),
    }  # fmt: skip
    assert any("won" in note for note in table.notes)


@pytest.fixture
def flat(company: Any) -> Any:
    del company.sources["stages"], company.sources["activities"]
    company.outcome |= {"column": "became", "positive": ["yes"], "negative": ["no"]}
    company.rows["stages"], company.rows["activities"] = [], []
    said = {"A": True, "B": False, "C": True, "E": False, "F": True}
    company.rows["leads"] = [
        (*row[:6], said.get(row[0]), row[7]) for row in company.rows["leads"]
    ]  # fmt: skip
    return company


def test_a_flat_companys_sqls_are_those_it_states(flat: Any) -> None:
    market = flat.table("market")
    fr, de = market["FR"], market["DE"]
    assert (fr.sql, fr.mql, fr.mql_to_sql) == (wilson(2, 4), wilson(3, 4), wilson(2, 3))
    assert fr.known == wilson(2, 3)  # nobody says what became of H
    assert (de.sql, de.open) == (wilson(1, 4), 1)  # G
    assert de.known == wilson(0, 1)  # E; F is too young
    assert (fr.won.of, fr.sql_to_won.of) == (0, 0)
    assert math.isnan(fr.days_to_sql)


def test_a_flat_companys_touches_until_the_extract_have_a_part(flat: Any) -> None:
    (table,) = flat.tables("channel")
    credit = {e.value: e.multi_touch for e in table.efforts}
    third = 1 / 3
    assert credit == {"web": third, "mail": third + 1, "phone": third, "fair": 1.0, "(none)": 0.0}
    assert any("have no date" in note for note in table.notes)
