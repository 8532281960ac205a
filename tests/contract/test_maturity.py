"""Promise 4: what is not known yet, or never will be, is no negative, and is counted."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from predictive_scoring import features
from predictive_scoring.records import Label

HORIZON = 30
AGE_ZERO = {
    "snapshots": {"ages": {"first": 0, "every": 1, "until": 0}, "score_at": "snapshot"},
    "outcome": {"horizon": HORIZON},
}


def _labels(company: Any, **settings: Any) -> dict[str, str]:
    """The label of each lead's only snapshot, taken at its creation."""
    extract, config = company.extract(), company.config(**{**AGE_ZERO, **settings})
    counts = features.training_snapshots(extract, config).counts
    rows = extract.connection.execute("SELECT lead_id, label FROM snapshots_training").fetchall()
    assert {k: v for k, v in counts.items() if v} == Counter(label for _, label in rows)
    return dict(rows)


@pytest.mark.parametrize(
    ("created", "success", "worked", "label"),
    [
        (0, None, None, Label.UNOBSERVED),
        (9, 10, 9, Label.UNOBSERVED),
        (10, None, 10, Label.NEGATIVE),
        (10, 10 + HORIZON, None, Label.POSITIVE),
        (10, 10.00001, None, Label.POSITIVE),
        (10, 10.00001 + HORIZON, 11, Label.NEGATIVE),
        (10, 10.00001 + HORIZON, None, Label.CENSORED),
        (10, None, 10 + HORIZON, Label.NEGATIVE),
        (10, None, 10.00001 + HORIZON, Label.CENSORED),
        (10, None, 5, Label.NEGATIVE),
        (100 - HORIZON, None, 71, Label.NEGATIVE),
        (100 - HORIZON, 75, 71, Label.POSITIVE),
        (100.00001 - HORIZON, 75, 71, Label.IMMATURE),
        (100.00001 - HORIZON, None, 71, Label.IMMATURE),
    ],
)
def test_maturity_precedence(
    history: Callable[..., Any], day: Callable[..., Any], created: float, success: float | None,
    worked: float | None, label: Label,
) -> None:  # fmt: skip
    company = history(extract_at=day(100)).add("leads", lead_id="a", created_at=day(created))
    if success is not None:
        company.add("stages", lead_id="a", stage="sql", entered_at=day(success))
    if worked is not None:
        company.add("activities", lead_id="a", kind="call", occurred_at=day(worked))
    outcome = {"horizon": HORIZON, "recorded_from": day(10)}
    assert _labels(company, outcome=outcome) == {"a": label}


@pytest.mark.parametrize("stage", ["rejected", "lost"])
def test_maturity_a_decision_without_activity_is_no_censoring(
    history: Callable[..., Any], day: Callable[..., Any], stage: str
) -> None:
    company = history(extract_at=day(100)).add("leads", lead_id="a", created_at=day(0))
    company.add("stages", lead_id="a", stage=stage, entered_at=day(3))
    assert _labels(company) == {"a": Label.NEGATIVE}


def test_maturity_unrecorded_comes_before_immature(
    history: Callable[..., Any], day: Callable[..., Any]
) -> None:
    company = history(extract_at=day(100)).add("leads", lead_id="a", created_at=day(80))
    outcome = {"horizon": HORIZON, "recorded_from": day(90)}
    assert _labels(company, outcome=outcome) == {"a": Label.UNOBSERVED}


def test_maturity_censoring_needs_activities_and_can_be_declined(
    history: Callable[..., Any], day: Callable[..., Any]
) -> None:
    company = history(extract_at=day(100)).add("leads", lead_id="a", created_at=day(0))
    assert _labels(company) == {"a": Label.CENSORED}
    declined = {"horizon": HORIZON, "censor_unworked": False}
    assert _labels(company, outcome=declined) == {"a": Label.NEGATIVE}
    company.declared = frozenset({"leads", "stages"})
    assert _labels(company) == {"a": Label.NEGATIVE}


def test_maturity_only_known_outcomes_are_trained_on(random_history: Callable[..., Any]) -> None:
    history = random_history(8, leads=60)
    extract, config = history.extract(), history.config()
    snapshots = features.training_snapshots(extract, config)
    table = features.training_table(extract, features.plan(extract, config), snapshots, config)
    counts = snapshots.counts
    assert all(counts[label] > 0 for label in set(Label) - {Label.UNOBSERVED})
    assert sum(counts.values()) == snapshots.rows
    assert len(table) == counts["positive"] + counts["negative"]
    assert table.outcome.sum() == counts["positive"]
    with_snapshot = extract.connection.execute(
        "SELECT count(DISTINCT lead_id) FROM snapshots_training"
    ).fetchall()[0][0]
    assert snapshots.leads == 60 == with_snapshot + sum(snapshots.excluded.values())
