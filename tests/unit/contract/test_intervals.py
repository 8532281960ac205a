import math

import pytest
from scipy.stats import binom, binomtest

from predictive_scoring.contract.intervals import lower_bound, upper_bound, wilson


@pytest.mark.parametrize(("count", "of"), [(0, 7), (3, 7), (7, 7), (30, 100), (1, 1000)])
def test_wilson_is_scipy_s(count: int, of: int) -> None:
    expected = binomtest(count, of).proportion_ci(0.95, "wilson")
    found = wilson(count, of)
    assert (found.count, found.of) == (count, of)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_none_of_none_has_no_interval() -> None:
    found = wilson(0, 0)
    assert (found.count, found.of) == (0, 0)
    assert math.isnan(found.low)
    assert math.isnan(found.high)


@pytest.mark.parametrize(("count", "of"), [(1, 7), (3, 7), (30, 100)])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_at_its_bounds_a_share_is_just_rejected(count: int, of: int, confidence: float) -> None:
    low, high = lower_bound(count, of, confidence), upper_bound(count, of, confidence)
    assert binom.sf(count - 1, of, low) == pytest.approx(1 - confidence)
    assert binom.cdf(count, of, high) == pytest.approx(1 - confidence)


def test_none_and_all_are_bounded_on_one_side_only() -> None:
    assert lower_bound(0, 9, 0.95) == 0.0
    assert upper_bound(9, 9, 0.95) == 1.0
    assert upper_bound(0, 9, 0.95) == pytest.approx(1 - 0.05 ** (1 / 9))
    assert lower_bound(9, 9, 0.95) == pytest.approx(0.05 ** (1 / 9))


def test_counts_need_not_be_whole() -> None:
    assert lower_bound(3, 10, 0.95) < lower_bound(3.5, 10, 0.95) < lower_bound(4, 10, 0.95)
