from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from predictive_scoring import features
from predictive_scoring.errors import UsageError
from predictive_scoring.records import Snapshots

Days = Callable[..., Any]


def _rows(extract: Any, table: str) -> list[tuple[str, datetime]]:
    query = f"SELECT lead_id, as_of FROM {table} ORDER BY ALL"  # noqa: S608
    rows: list[tuple[str, datetime]] = extract.connection.execute(query).fetchall()
    return rows


def _days(extract: Any, table: str, day: Days) -> list[tuple[str, float]]:
    zero = day(0).replace(tzinfo=None)
    return [(lead, (at - zero).total_seconds() / 86400) for lead, at in _rows(extract, table)]


def _train(company: Any, day: Days, **settings: Any) -> tuple[Snapshots, list[tuple[str, float]]]:
    extract = company.extract()
    found = features.training_snapshots(extract, company.config(**settings))
    return found, _days(extract, "snapshots_training", day)


def _score(
    company: Any, day: Days, at: float, **settings: Any
) -> tuple[Snapshots, list[tuple[str, float]]]:
    extract = company.extract()
    found = features.scoring_snapshots(extract, company.config(**settings), day(at))
    return found, _days(extract, "snapshots_scoring", day)


def _plan(**plan: Any) -> dict[str, Any]:
    return {"snapshots": {"per_lead": 99, "max_age": 30, **plan}}


def test_ages_while_open_and_not_too_old(history: Callable[..., Any], day: Days) -> None:
    company = history(extract_at=day(100))
    for lead, created in (("open", 0), ("closed", 0), ("young", 85), ("unknown", None),
                          ("future", 101), ("at once", 1)):  # fmt: skip
        at = None if created is None else day(created)
        company.add("leads", lead_id=lead, created_at=at)
    company.add("stages", lead_id="closed", stage="mql", entered_at=day(1))
    company.add("stages", lead_id="closed", stage="rejected", entered_at=day(20))
    company.add("stages", lead_id="at once", stage="sql", entered_at=day(1))
    ages = {"first": 10, "every": 10, "until": 90}
    found, rows = _train(company, day, **_plan(ages=ages))
    assert rows == [("closed", 10), ("open", 10), ("open", 20), ("open", 30), ("young", 95)]
    assert found.excluded == {"closed": 1, "creation unknown": 1, "created after the as-of": 1}
    assert (found.leads, found.rows, found.ordered_by) == (6, 5, "time")
    assert sum(found.counts.values()) == 5


def test_the_draw_is_the_seeds_and_no_outcomes(history: Callable[..., Any], day: Days) -> None:
    """A lead that closes early keeps those of its drawn instants that it lives to see."""
    company = history(extract_at=day(100))
    for i in range(40):
        company.add("leads", lead_id=f"L{i}", created_at=day(0))
    plan = {"snapshots": {"ages": {"every": 1, "until": 29}, "per_lead": 3, "max_age": 30}}
    _, before = _train(company, day, **plan)
    assert len(before) == 120
    assert len(set(before) & {(f"L{i}", float(a)) for i in range(40) for a in range(15)}) in range(
        40, 80
    )
    assert _train(company, day, **plan)[1] == before
    assert _train(company, day, **plan, seed=8)[1] != before
    for i in range(40):
        company.add("stages", lead_id=f"L{i}", stage="sql", entered_at=day(10))
    _, after = _train(company, day, **plan)
    assert after == [row for row in before if row[1] < 10]


def test_quiet_instants(history: Callable[..., Any], day: Days) -> None:
    company = history(extract_at=day(20))
    for lead in ("a", "b"):
        company.add("leads", lead_id=lead, created_at=day(1))
    for at in (0.2, 1.5, 2.5, 2.5, 7, 9.000001, 19.5):
        company.add("events", lead_id="a", type="visit", occurred_at=day(at))
    quiet = _plan(quiet={"days": 2})
    # 2.5 is silent until 4.5; an event 2 days and a moment after 7 leaves 9 quiet; one 2 days
    # before the extract's end would be.
    assert _train(company, day, **quiet)[1] == [
        ("a", 4.5), ("a", 9.0), ("a", pytest.approx(11.000001)), ("b", 3.0),
    ]  # fmt: skip
    run = _plan(quiet={"days": 2}, score_at="snapshot")
    assert _score(company, day, 8, **run)[1] == [("a", 4.5), ("b", 3.0)]
    found, rows = _score(company, day, 4.4, **run)
    assert rows == [("b", 3.0)]
    assert found.excluded == {"no snapshot instant yet": 1}


def test_an_event_at_the_end_of_the_silence_breaks_it(
    history: Callable[..., Any], day: Days
) -> None:
    company = history(extract_at=day(20)).add("leads", lead_id="a", created_at=day(1))
    company.add("events", lead_id="a", type="visit", occurred_at=day(3))
    assert _train(company, day, **_plan(quiet={"days": 2}))[1] == [("a", 5)]


@pytest.mark.parametrize("per_lead", [1, 2, 5])
def test_quiet_instants_are_drawn_without_knowing_how_many_there_will_be(
    history: Callable[..., Any], day: Days, per_lead: int
) -> None:
    company = history(extract_at=day(99))
    for i in range(30):
        company.add("leads", lead_id=f"L{i:02}", created_at=day(0))
        for at in range(2, 40, 2):
            company.add("events", lead_id=f"L{i:02}", type="visit", occurred_at=day(at))
    plan = {"snapshots": {"quiet": {"days": 1}, "per_lead": per_lead, "max_age": 90}}
    _, whole = _train(company, day, **plan)
    company.rows["events"] = [e for e in company.rows["events"] if e["occurred_at"] < day(9)]
    _, cut = _train(company, day, **plan)
    assert cut == [row for row in whole if row[1] < 10]
    sizes = [sum(lead == f"L{i:02}" for lead, _ in whole) for i in range(30)]
    assert max(sizes) == per_lead
    certain = (per_lead + 1) // 2
    assert [r for r in whole if r[1] < 2 * certain] == [
        (f"L{i:02}", 2 * k + 1) for i in range(30) for k in range(certain)
    ]


def test_scoring_at_the_run(history: Callable[..., Any], day: Days) -> None:
    company = history(extract_at=day(100))
    for lead, created in (("a", 90), ("b", 70), ("old", 69.99), ("later", 100.5), ("sql", 95),
                          ("not yet", 95), ("unknown", None)):  # fmt: skip
        at = None if created is None else day(created)
        company.add("leads", lead_id=lead, created_at=at, account_id="X", market="FR")
    company.add("stages", lead_id="sql", stage="sql", entered_at=day(100))
    company.add("stages", lead_id="not yet", stage="sql", entered_at=day(100.1))
    found, rows = _score(company, day, 100, **_plan())
    assert rows == [("a", 100), ("b", 100), ("not yet", 100)]
    assert found.excluded == {
        "creation unknown": 1, "created after the as-of": 1, "closed": 1, "older than max_age": 1,
    }  # fmt: skip
    assert (found.leads, found.rows, dict(found.counts)) == (7, 3, {})
    assert found.horizon == 90 * 86_400_000_000


def test_scoring_at_the_newest_age(history: Callable[..., Any], day: Days) -> None:
    company = history(extract_at=day(100))
    company.add("leads", lead_id="a", created_at=day(80))
    company.add("leads", lead_id="b", created_at=day(98))
    found, rows = _score(
        company, day, 100, **_plan(ages={"first": 3, "every": 7, "until": 30}, score_at="snapshot")
    )
    assert rows == [("a", 97)]
    assert found.excluded == {"no snapshot instant yet": 1}


def test_scoring_no_lead_younger_than_those_trained_on(
    history: Callable[..., Any], day: Days
) -> None:
    company = history(extract_at=day(100))
    for lead, created in (("young", 97.01), ("a", 97), ("new", 100.5)):
        company.add("leads", lead_id=lead, created_at=day(created))
    found, rows = _score(
        company, day, 100, **_plan(ages={"first": 3, "every": 7, "until": 30}, max_age=31)
    )
    assert rows == [("a", 100)]
    assert found.excluded == {"younger than the first age": 1, "created after the as-of": 1}


@pytest.mark.parametrize(
    ("plan", "last"),
    [
        ({"ages": {"first": 3, "every": 7, "until": 22}, "max_age": 24}, 17),
        ({"ages": {"first": 3, "every": 7, "until": 60}, "max_age": 25}, 24),
        ({"max_age": 25}, 21),
        ({"quiet": {"days": 2}, "max_age": 25}, 25),
    ],
)
def test_when_a_lead_would_last_be_looked_at_is_no_outcomes(
    history: Callable[..., Any], day: Days, plan: dict[str, Any], last: int
) -> None:
    company = history(extract_at=day(100))
    for lead in ("open", "closed"):
        company.add("leads", lead_id=lead, created_at=day(0.5))
        for at in range(1, 20, 3):
            company.add("events", lead_id=lead, type="visit", occurred_at=day(at))
    company.add("stages", lead_id="closed", stage="sql", entered_at=day(12))
    extract, config = company.extract(), company.config(snapshots={"per_lead": 99, **plan})
    features.training_snapshots(extract, config)
    rows = extract.connection.execute(
        "SELECT lead_id, max(position), min(planned_until), max(planned_until) "
        "FROM snapshots_training GROUP BY lead_id ORDER BY lead_id"
    ).fetchall()
    planned = int(day(0.5 + last).timestamp()) * 10**6
    assert [(lead, first, second) for lead, _, first, second in rows] == [
        ("closed", planned, planned), ("open", planned, planned),
    ]  # fmt: skip
    latest = rows[1][1]
    assert latest == planned if "quiet" not in plan else latest < planned


def test_a_naive_instant_is_refused(history: Callable[..., Any], day: Days) -> None:
    company = history()
    with pytest.raises(UsageError, match="without a time zone"):
        features.scoring_snapshots(company.extract(), company.config(), day(3).replace(tzinfo=None))


def test_no_leads_at_all(history: Callable[..., Any], day: Days) -> None:
    found, rows = _train(history(), day)
    assert (found.leads, found.rows, rows, dict(found.excluded)) == (0, 0, [], {})
