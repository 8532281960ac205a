from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from predictive_scoring import nurture
from predictive_scoring.errors import UsageError
from predictive_scoring.nurture.uplift import newcombe
from predictive_scoring.records import Extract, Rate, Uplift

TRIAL = {"column": "group", "treated": ["nurtured", "both"], "control": ["held out"]}

EXTRACT_AT = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def company(history: Callable[..., Any]) -> Any:
    return history(profile={"group": "category", "from": "category"})


@pytest.fixture
def measured(configured: Any) -> Callable[..., Uplift]:
    def measure(extract: Extract, company: Any, trial: Any = None, **sections: Any) -> Uplift:
        config = configured(
            company, nurture={"trial": trial or TRIAL},
            **({"outcome": {"horizon": 30}, "contract": {"source": "from"}} | sections),
        )  # fmt: skip
        found = nurture.uplift(extract, config)
        assert found is not None
        return found

    return measure


def test_newcombes_interval() -> None:
    """Newcombe 1998, table II, method 10: 56/70 - 48/80, 9/10 - 3/10, 10/10 - 0/20, 0/10 - 0/20."""
    for a, m, b, n, low, high in (
        (56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090),
        (10, 10, 0, 20, 0.6791, 1.0), (0, 10, 0, 20, -0.1611, 0.2775),
    ):  # fmt: skip
        difference, *interval = newcombe(Rate.wilson(a, m), Rate.wilson(b, n))
        assert difference == pytest.approx(a / m - b / n)
        assert interval == pytest.approx([low, high], abs=5e-5)


def test_by_hand(company: Any, day: Callable[..., Any], measured: Any) -> None:
    """Four treated and three controls count; every way of not counting stands beside them."""
    people = {
        "t1": ("nurtured", 0), "t2": ("both", 1), "t3": ("nurtured", 2), "t4": ("nurtured", 3),
        "c1": ("held out", 0), "c2": ("held out", 1), "c3": ("held out", 335),
        "young": ("nurtured", 335.001), "other": ("somebody", 0), "none": (None, 0),
    }  # fmt: skip
    for lead, (group, born) in people.items():
        company.add("leads", lead_id=lead, created_at=day(born), profile_group=group)
    for lead, stage, at in (
        ("t1", "sql", 30), ("t1", "sql", 5), ("t2", "mql", 2), ("t3", "sql", 32.001),
        ("t4", "sql", 2.9), ("c1", "sql", 0), ("young", "sql", 336), ("other", "sql", 1),
        ("none", "sql", 1),
    ):  # fmt: skip
        company.add("stages", lead_id=lead, stage=stage, entered_at=day(at))
    company.add("activities", lead_id="t3", occurred_at=day(200), kind="call")
    found = measured(company.extract(), company)
    treated, control = found.treated, found.control
    assert (treated.sqls.count, treated.sqls.of, treated.immature) == (1, 4, 1)
    assert (control.sqls.count, control.sqls.of, control.immature) == (1, 3, 0)
    assert (treated.unworked, control.unworked) == (2, 2)  # t2 and t4, c2 and c3
    assert found.difference == pytest.approx(1 / 4 - 1 / 3)
    expected = newcombe(Rate.wilson(1, 4), Rate.wilson(1, 3))
    assert (found.difference, found.low, found.high) == expected
    assert found.verdict == "no effect seen"
    assert not found.balance  # far too few for a test
    notes = " ".join(nurture.uplift_notes(found, "en"))
    assert "2 treated, 2 controls" in notes
    assert "1 lead is not counted yet: less than 30 days" in notes
    assert "1 prospect n’est pas encore compté" in " ".join(nurture.uplift_notes(found, "fr"))


def test_later_outcomes_change_nothing(
    company: Any, day: Callable[..., Any], measured: Any
) -> None:
    for lead, group in (("a", "nurtured"), ("b", "held out")):
        company.add("leads", lead_id=lead, created_at=day(0), profile_group=group)
    before = measured(company.extract(), company)
    company.add("stages", lead_id="a", stage="sql", entered_at=day(30, 1))
    assert measured(company.extract(), company) == before
    company.add("stages", lead_id="a", stage="sql", entered_at=day(30))
    assert measured(company.extract(), company) != before


def test_the_balance_by_hand(company: Any, day: Callable[..., Any], measured: Any) -> None:
    """30 and 20 treated against 20 and 30: chi-square 4 with one degree, p = 0.0455."""
    for market, treated, control in (("FR", 30, 20), ("DE", 20, 30), ("JP", 1, 0)):
        for i in range(treated + control):
            company.add(
                "leads", lead_id=f"{market}{i}", created_at=day(0), market=market,
                profile_group="nurtured" if i < treated else "held out",
            )  # fmt: skip
    (balance,) = measured(company.extract(), company).balance  # one source and month, and few in JP
    assert (balance.dimension, balance.drawn) == ("market", True)
    assert balance.p == pytest.approx(0.0455, abs=5e-5)


def test_too_early(company: Any, day: Callable[..., Any], measured: Any) -> None:
    company.add("leads", lead_id="a", created_at=day(0), profile_group="nurtured")
    company.add("leads", lead_id="b", created_at=day(350), profile_group="held out")
    found = measured(company.extract(), company)
    assert found.verdict == "too early"
    assert found.control.immature == 1
    assert np.isnan([found.difference, found.low, found.high]).all()


def test_no_trial(company: Any, configured: Any) -> None:
    assert nurture.uplift(company.extract(), configured(company)) is None


# -------------------------------------------------------------------------- simulated trials


def _simulated(
    rng: np.random.Generator,
    effect: float,
    by: Callable[..., Any] | None = None,
    accounts: int = 200,
) -> Extract:
    """A trial of 600 leads: 60 % treated by lot, or as ``by`` says; controls become SQL at 20 %."""
    n = 600
    account = rng.integers(0, accounts, n)
    market = rng.choice(["FR", "DE", "JP"], accounts)[account]
    treated = rng.random(n) < 0.6 if by is None else by(market, account)
    sql = rng.random(n) < 0.2 + effect * treated
    leads = pa.table({
        "lead_id": [f"L{i}" for i in range(n)],
        "account_id": [f"A{i}" for i in account],
        "market": market,
        "profile_group": np.where(treated, "nurtured", "held out"),
        "profile_from": rng.choice(["fair", "web"], n),
        "born": rng.integers(0, 120, n),
        "sql": sql,
    })  # fmt: skip
    connection = duckdb.connect()
    connection.register("given", leads)
    connection.execute(
        "CREATE TABLE leads AS SELECT *, TIMESTAMP '2026-01-01' + to_days(born::INTEGER) AS "
        "created_at FROM given"
    )
    connection.execute(
        "CREATE TABLE stages AS SELECT lead_id, 'sql' AS stage, created_at + to_days(9) AS "
        "entered_at FROM leads WHERE sql"
    )
    connection.execute("CREATE TABLE activities (lead_id VARCHAR)")
    return Extract(connection, frozenset({"leads", "stages", "activities"}), (), EXTRACT_AT)


def test_the_interval_covers_the_truth() -> None:
    """In 95 % of trials, give or take three standard errors of so many."""
    rng, trials = np.random.default_rng(7), 2000
    for share, effect in ((0.2, 0.08), (0.03, 0.0), (0.6, -0.2)):
        treated = rng.binomial(360, share + effect, trials).tolist()
        control = rng.binomial(240, share, trials).tolist()
        pairs = zip(treated, control, strict=True)
        found = [newcombe(Rate.wilson(a, 360), Rate.wilson(b, 240)) for a, b in pairs]
        covered = np.mean([low <= effect <= high for _, low, high in found])
        assert abs(covered - 0.95) < 3 * (0.95 * 0.05 / trials) ** 0.5 + 0.01


def test_trials_of_a_known_effect(company: Any, measured: Any) -> None:
    trials = [measured(_simulated(np.random.default_rng(i), 0.08), company) for i in range(30)]
    assert np.mean([t.low <= 0.08 <= t.high for t in trials]) >= 0.95 - 3 * (0.0475 / 30) ** 0.5
    assert np.mean([t.difference for t in trials]) == pytest.approx(0.08, abs=0.02)
    assert 0.4 < np.mean([t.verdict == "measured gain" for t in trials]) < 0.9
    assert not any(t.verdict == "measured harm" or t.by_account for t in trials)
    assert all({b.dimension for b in t.balance} == {"market", "source", "month"} for t in trials)
    assert all(b.drawn for t in trials for b in t.balance)


def test_harm_is_called_harm(company: Any, measured: Any) -> None:
    assert measured(_simulated(np.random.default_rng(1), -0.15), company).verdict == "measured harm"


def test_a_choice_is_no_lot(company: Any, measured: Any) -> None:
    """Marketing nurtured whom it liked: said, by the dimension that gives it away."""
    rng = np.random.default_rng(3)
    extract = _simulated(
        rng, 0.0, lambda market, _: rng.random(600) < np.where(market == "FR", 0.8, 0.4)
    )
    found = measured(extract, company)
    assert [b.dimension for b in found.balance if not b.drawn] == ["market"]
    assert "differs by market (p < 0.001)" in " ".join(nurture.uplift_notes(found, "en"))
    assert "varie selon le marché (p < 0,001)" in " ".join(nurture.uplift_notes(found, "fr"))


def test_accounts_drawn_as_a_whole(company: Any, measured: Any) -> None:
    """Accounts are what was drawn then, so their balance is looked at: leads would look chosen."""
    rng = np.random.default_rng(5)
    group = rng.random(60) < 0.5
    found = measured(_simulated(rng, 0.0, lambda _, account: group[account], 60), company)
    assert found.by_account
    assert "market" in {b.dimension for b in found.balance}
    assert all(b.drawn for b in found.balance)
    assert "accounts were drawn" in " ".join(nurture.uplift_notes(found, "en"))


# ------------------------------------------------------------------- what the groups are written in


@pytest.mark.parametrize(
    ("kind", "treated", "control", "values"),
    [("flag", "Yes", "no", (True, False)), ("number", "1", "0.0", (1.0, 0.0))],
)
def test_groups_are_of_the_columns_type(
    history: Any, day: Any, measured: Any, kind: str, treated: str, control: str, values: Any
) -> None:
    company = history(profile={"group": kind})
    for i, value in enumerate((*values, values[1])):
        company.add("leads", lead_id=f"L{i}", created_at=day(0), profile_group=value)
    trial = {"column": "group", "treated": [treated], "control": [control]}
    found = measured(company.extract(), company, trial, contract={})
    assert (found.treated.sqls.of, found.control.sqls.of) == (1, 2)
    with pytest.raises(UsageError, match="perhaps"):
        measured(company.extract(), company, trial | {"treated": ["perhaps"]}, contract={})


def test_who_moved_is_said(history: Any, day: Callable[..., Any], measured: Any) -> None:
    company = history(
        declared=frozenset({"leads", "stages", "changes"}), profile={"group": "category"}
    )
    for lead, group in (("a", "nurtured"), ("b", "held out")):
        company.add("leads", lead_id=lead, created_at=day(0), profile_group=group)
    for at, group in ((0, "held out"), (9, "nurtured")):
        company.add("changes", lead_id="a", column="group", value=group, changed_at=day(at))
    company.add("changes", lead_id="b", column="group", value="held out", changed_at=day(0))
    found = measured(company.extract(), company, contract={})
    assert found.moved == 1
    assert (found.treated.unworked, found.control.unworked) == (0, 0)  # nobody says who worked
    assert "1 lead changed its group" in " ".join(nurture.uplift_notes(found, "en"))


def test_outcomes_that_nobody_recorded(company: Any, day: Any, measured: Any) -> None:
    for i, (group, born) in enumerate((("nurtured", 0), ("nurtured", 60), ("held out", 60))):
        company.add("leads", lead_id=f"L{i}", created_at=day(born), profile_group=group)
    outcome = {"horizon": 30, "recorded_from": day(50)}
    found = measured(company.extract(), company, outcome=outcome)
    assert (found.treated.sqls.of, found.treated.unknown) == (1, 1)
    assert "1 lead is not counted: its outcome" in " ".join(nurture.uplift_notes(found, "en"))


def test_a_flat_company(history: Any, day: Callable[..., Any], measured: Any) -> None:
    company = history(declared=frozenset({"leads"}), profile={"group": "category"})
    rows = (("a", "nurtured", True), ("b", "nurtured", None), ("c", "held out", False))
    for lead, group, outcome in rows:
        company.add("leads", lead_id=lead, created_at=day(0), profile_group=group, outcome=outcome)
    flat = {"column": "became", "positive": ["yes"], "negative": ["no"]}
    found = measured(company.extract(), company, outcome=flat, contract={})
    assert (found.treated.sqls.count, found.treated.sqls.of, found.treated.unknown) == (1, 1, 1)
    assert (found.control.sqls.count, found.control.sqls.of) == (0, 1)
