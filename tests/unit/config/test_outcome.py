"""What counts as success, and at which instants leads are looked at."""

import pytest

from predictive_scoring.config import Ages, Quiet, SnapshotSettings


@pytest.mark.parametrize("lacking", ["positive", "negative"])
def test_a_column_needs_the_values_of_both_outcomes(problems, changed, lacking):
    (problem,) = problems(changed("outcome", **{lacking: []})).values()
    assert problem.key == "outcome"
    assert "the values of `column` that mean yes and no" in problem.expected


def test_a_value_is_not_both(problems, changed):
    (problem,) = problems(changed("outcome", positive=["won", "x"], negative=["x"])).values()
    assert "either positive or negative, not both" in problem.expected


def test_success_closes_a_lead(problems, changed, load):
    (problem,) = problems(changed("outcome", True, stage="mql")).values()
    assert "`closes` contains the success stage 'mql'" in problem.expected
    config = load(changed("outcome", True, stage="mql", closes=["mql", "lost"]))
    assert config.outcome.stage == "mql"


@pytest.mark.parametrize("horizon", [0, 3651, 1.5])
def test_a_horizon_is_whole_days_within_ten_years(problems, changed, horizon):
    assert set(problems(changed("outcome", True, horizon=horizon))) == {"outcome.horizon"}


def test_recorded_from_has_an_offset(problems, changed, load):
    assert set(problems(changed("outcome", True, recorded_from="2026-01-01 00:00"))) == {
        "outcome.recorded_from"
    }
    assert load(changed("outcome", True, recorded_from="2026-01-01T00:00:00Z"))


def test_one_plan_of_snapshots_only(problems, changed):
    plans = {"ages": {"every": 7}, "quiet": {"days": 1}}
    (problem,) = problems(changed("snapshots", True, **plans)).values()
    assert problem.key == "snapshots"
    assert "either `ages` or `quiet`, not both" in problem.expected


def test_the_plan_is_the_declared_one_or_weekly_until_max_age():
    assert SnapshotSettings(max_age=60).plan == Ages(first=0, every=7, until=60)
    assert SnapshotSettings(ages=Ages(every=3)).plan == Ages(every=3)
    assert SnapshotSettings(quiet=Quiet(days=2.5)).plan == Quiet(days=2.5)


@pytest.mark.parametrize(
    ("ages", "max_age", "allowed"),
    [
        ({"first": 1, "every": 1, "until": 1}, 2, 2),
        ({"first": 1, "every": 1, "until": 1}, 3, 2),
        ({"every": 7, "until": 91}, 98, 98),
        ({"every": 7, "until": 91}, 99, 98),
        ({"every": 10, "until": 25}, 31, 30),  # the last age is 20
    ],
)
def test_leads_older_than_those_trained_on_are_not_scored(problems, changed, load, ages, max_age,
                                                          allowed):  # fmt: skip
    plan = {"ages": ages, "max_age": max_age}
    assert load(changed("snapshots", True, **plan, score_at="snapshot"))
    if max_age <= allowed:
        assert load(changed("snapshots", True, **plan)).snapshots.last_age < max_age
    else:
        (problem,) = problems(changed("snapshots", True, **plan)).values()
        assert problem.key == "snapshots"
        assert f"`max_age` of {allowed} days at most" in problem.expected
        assert "`score_at: snapshot`" in problem.expected


def test_bounds_of_the_plans(problems, changed):
    assert set(problems(changed("snapshots.ages", True, every=0, first=-1, until=-1))) == {
        "snapshots.ages.every",
        "snapshots.ages.first",
        "snapshots.ages.until",
    }
    assert set(problems(changed("snapshots.quiet", True, days=0))) == {"snapshots.quiet.days"}
