import numpy as np
import pytest

from predictive_scoring.contract.thresholds import at_capacity, frontier
from predictive_scoring.errors import TooLittleData, UsageError


@pytest.fixture
def history(looks):
    rng = np.random.default_rng(2)
    probability = rng.random(5000) ** 2
    return looks(probability, rng.random(5000) < probability, days=350.0)


def test_the_frontier_goes_down_in_even_steps_of_volume(history) -> None:
    points = frontier(history, 0.95)
    assert len(points) == 100
    assert [p.mqls for p in points] == [50 * (i + 1) for i in range(100)]
    thresholds = [p.threshold for p in points]
    assert thresholds == sorted(thresholds, reverse=True)
    assert points[-1].volume == pytest.approx(5000 / 350 * 365.25 / 12)


def test_a_point_counts_the_leads_at_or_above_its_threshold(history) -> None:
    for p in frontier(history, 0.95)[::17]:
        at = history.probability >= p.threshold
        assert (p.mqls, p.sqls) == (at.sum(), history.outcome[at].sum())
        assert p.rate == p.sqls / p.mqls
        assert p.low < p.bound < p.rate <= p.high
        assert p.volume_low < p.volume < p.volume_high


def test_the_bound_is_at_the_contract_s_confidence(history) -> None:
    sure, unsure = frontier(history, 0.99), frontier(history, 0.8)
    assert all(a.bound < b.bound for a, b in zip(sure, unsure, strict=True))
    assert [(p.low, p.high) for p in sure] == [(p.low, p.high) for p in unsure]


@pytest.mark.parametrize("per_week", [1, 20, 37.5, 100])
def test_capacity_takes_the_best_leads_and_no_more(history, per_week: float) -> None:
    point = at_capacity(history, per_week, 0.95)
    best = np.sort(history.probability)[::-1]
    assert point.threshold == best[int(per_week * 50) - 1]


def test_more_capacity_than_leads_takes_them_all(history) -> None:
    assert at_capacity(history, 1e6, 0.95).mqls == 5000


def test_ties_are_not_split(looks) -> None:
    history = looks([0.9] + [0.8] * 10 + [0.7], days=7.0)
    assert at_capacity(history, 5, 0.95).threshold == 0.9
    assert at_capacity(history, 11, 0.95).threshold == 0.8
    assert at_capacity(history, 0.5, 0.95).threshold == 0.9


def test_lower_thresholds_with_fewer_leads_are_not_taken(looks) -> None:
    # Leads 1 to 3 cross 0.2 before the period: 1, 4, 2, 3 leads at 0.9, 0.8, 0.15, 0.1.
    history = looks(
        [0.9, 0.2, 0.8, 0.2, 0.8, 0.2, 0.8, 0.15, 0.1],
        lead=[0, 1, 1, 2, 2, 3, 3, 4, 5],
        counted=[True, False, True, False, True, False, True, True, True],
        days=7.0,
    )
    assert [p.mqls for p in frontier(history, 0.95)] == [1, 4]
    assert [at_capacity(history, n, 0.95).threshold for n in (2, 3, 4, 10)] == [0.9, 0.9, 0.8, 0.8]


def test_capacity_needs_instants_a_number_and_leads(looks) -> None:
    with pytest.raises(UsageError, match="without instants"):
        at_capacity(looks([0.5], days=None), 5, 0.95)
    for nonsense in (0, -1, float("nan"), float("inf")):
        with pytest.raises(UsageError, match="leads a week"):
            at_capacity(looks([0.5]), nonsense, 0.95)
    nobody = looks([0.5], eligible=[False])
    with pytest.raises(TooLittleData, match="no eligible lead"):
        at_capacity(nobody, 5, 0.95)
    assert frontier(nobody, 0.95) == ()
