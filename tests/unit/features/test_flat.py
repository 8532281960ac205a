from collections.abc import Callable
from typing import Any

import pytest

from predictive_scoring import features
from predictive_scoring.records import Label, Snapshots

OUTCOME = {"column": "y", "positive": ["1"], "negative": ["0"], "horizon": 30}
ROWS: tuple[tuple[str, float | None, bool | None], ...] = (
    ("a", 5, True), ("b", 40, False), ("c", 69, None), ("d", 70, False), ("e", 71, True),
    ("f", None, False), ("g", 101, None),
)  # fmt: skip


@pytest.fixture
def company(history: Callable[..., Any], day: Callable[..., Any]) -> Any:
    made = history(
        declared=frozenset({"leads", "events"}), profile={"size": "number"},
        extract_at=day(100), settings={"outcome": OUTCOME},
    )  # fmt: skip
    for lead, created, outcome in ROWS:
        at = None if created is None else day(created)
        made.add("leads", lead_id=lead, created_at=at, outcome=outcome, profile_size=len(lead) / 2)
    made.add("events", lead_id="a", type="visit", occurred_at=day(5))
    made.add("events", lead_id="a", type="visit", occurred_at=day(5, 1))
    return made


UNDATED = {"created_at": None, "order": "rows"}


def _train(company: Any, **settings: Any) -> tuple[Snapshots, list[tuple[Any, ...]]]:
    extract = company.extract()
    found = features.training_snapshots(extract, company.config(**settings))
    rows = extract.connection.execute(
        "SELECT lead_id, label, position, as_of, planned_until FROM snapshots_training "
        "ORDER BY position"
    )
    return found, rows.fetchall()


def test_one_snapshot_at_creation(company: Any, day: Callable[..., Any]) -> None:
    found, rows = _train(company)
    assert [(lead, label) for lead, label, *_ in rows] == [
        ("a", Label.POSITIVE), ("b", Label.NEGATIVE), ("c", Label.IMMATURE),
        ("d", Label.NEGATIVE), ("e", Label.IMMATURE), ("g", Label.IMMATURE),
    ]  # fmt: skip
    assert rows[0][2] == int(day(5).timestamp()) * 10**6
    assert all(position == planned for _, _, position, _, planned in rows)
    assert found.excluded == {"creation unknown": 1}
    assert (found.leads, found.horizon, found.ordered_by) == (7, 30 * 86_400_000_000, "time")


def test_before_outcomes_were_recorded(company: Any, day: Callable[..., Any]) -> None:
    _, rows = _train(company, outcome={**OUTCOME, "recorded_from": day(40)})
    assert [label for _, label, *_ in rows][:2] == [Label.UNOBSERVED, Label.NEGATIVE]


def test_order_of_rows(company: Any) -> None:
    found, rows = _train(company, leads=UNDATED)
    assert [(lead, position, at) for lead, _, position, at, _ in rows] == [
        (lead, number, None) for number, (lead, _, _) in enumerate(ROWS, 1)
    ]
    assert dict(found.counts) == {
        "positive": 2, "negative": 3, "immature": 2, "censored": 0, "unobserved": 0,
    }  # fmt: skip
    assert (found.horizon, found.ordered_by) == (0, "rows")


def test_no_order_is_the_seeds(company: Any) -> None:
    nothing = {"created_at": None, "order": "nothing"}
    found, rows = _train(company, leads=nothing)
    assert sorted(row[2] for row in rows) == list(range(1, 8))
    assert [r[0] for r in rows] != [lead for lead, _, _ in ROWS]
    assert _train(company, leads=nothing)[1] == rows
    assert _train(company, leads=nothing, seed=99)[1] != rows
    assert found.ordered_by == "nothing"


@pytest.mark.parametrize(
    ("include", "scored", "excluded"),
    [
        ("open", ["c"], {"outcome known": 4, "creation unknown": 1, "created after the as-of": 1}),
        ("all", ["a", "b", "c", "d", "e"], {"creation unknown": 1, "created after the as-of": 1}),
    ],
)
def test_scoring(
    company: Any, day: Callable[..., Any], include: str, scored: list[str],
    excluded: dict[str, int],
) -> None:  # fmt: skip
    extract = company.extract()
    config = company.config(score={"include": include})
    found = features.scoring_snapshots(extract, config, day(100))
    rows = extract.connection.execute("SELECT lead_id FROM snapshots_scoring ORDER BY 1")
    assert [lead for (lead,) in rows.fetchall()] == scored
    assert dict(found.excluded) == excluded


def test_a_failure_within_the_horizon_is_still_open(company: Any, day: Callable[..., Any]) -> None:
    extract = company.extract()
    features.scoring_snapshots(extract, company.config(), day(60))
    rows = extract.connection.execute("SELECT lead_id FROM snapshots_scoring ORDER BY 1")
    assert rows.fetchall() == [("b",)]


def test_features_at_creation(company: Any) -> None:
    extract, config = company.extract(), company.config()
    snapshots = features.training_snapshots(extract, config)
    table = features.training_table(extract, features.plan(extract, config), snapshots, config)
    assert table.lead_id.tolist() == ["a", "b", "d"]
    assert table.outcome.tolist() == [1.0, 0.0, 0.0]
    assert table.features["visit_count_all"].to_pylist() == [1.0, 0.0, 0.0]
    assert "age_days" not in table.spec.names


def test_features_without_dates(company: Any) -> None:
    company.rows["leads"][1]["profile_size"] = 9.0
    extract, config = company.extract(), company.config(leads=UNDATED)
    snapshots = features.training_snapshots(extract, config)
    table = features.training_table(extract, features.plan(extract, config), snapshots, config)
    assert table.spec.names == ("size",)
    assert table.features["size"].to_pylist() == [0.5, 9.0, 0.5, 0.5, 0.5]
    assert table.position.tolist() == [1, 2, 4, 5, 6]
    assert table.planned_until.tolist() == [1, 2, 4, 5, 6]
