import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import binomtest

from predictive_scoring.calibration import market_reliability, reliability_bins, wilson_interval


def names(n, per_lead=1):
    return np.array([f"l{i // per_lead}" for i in range(n)], dtype=object)


@pytest.mark.parametrize(("positives", "n"), [(0, 10), (3, 40), (40, 40), (1, 1000)])
def test_interval_is_wilsons_where_every_lead_has_one_snapshot(positives, n):
    outcome = np.repeat([1.0, 0.0], [positives, n - positives])
    expected = binomtest(positives, n).proportion_ci(method="wilson")
    low, high = wilson_interval(outcome, names(n))
    # The design effect of single rows is n / (n - 1).
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=2e-2 / np.sqrt(n))


def test_snapshots_of_a_lead_do_not_narrow_the_interval():
    outcome = np.repeat([1.0, 0.0], [30, 170])
    once = wilson_interval(outcome, names(200))
    repeated = wilson_interval(np.repeat(outcome, 4), names(800, per_lead=4))
    assert repeated == pytest.approx(once, abs=1e-3)


def test_interval_covers_the_rate_of_correlated_snapshots():
    random = np.random.default_rng(0)
    covered = 0
    for _ in range(200):
        lead_rate = random.beta(0.5, 2.0, 150)  # mean 0.2; leads differ much
        outcome = np.where(random.random(600) < np.repeat(lead_rate, 4), 1.0, 0.0)
        low, high = wilson_interval(outcome, names(600, per_lead=4))
        covered += low <= 0.2 <= high
    assert covered >= 180


def test_interval_covers_the_rate_of_leads_that_share_accounts():
    random = np.random.default_rng(3)
    account = np.repeat([f"a{i}" for i in range(150)], 8)
    truth = expit(random.normal(-1.5, 1, 1_000_000)).mean()
    covered = 0
    for _ in range(200):
        rate = np.repeat(expit(random.normal(-1.5, 1, 150)), 8)
        low, high = wilson_interval(np.where(random.random(1200) < rate, 1.0, 0.0), account)
        covered += low <= truth <= high
    assert covered >= 182


def test_bins_hold_all_rows_in_order():
    random = np.random.default_rng(1)
    probability = random.random(1005)
    outcome = np.where(random.random(1005) < probability, 1.0, 0.0)
    bins = reliability_bins(probability, outcome, names(1005))
    assert len(bins) == 10
    assert {b.count for b in bins} <= {100, 101}
    assert sum(b.count for b in bins) == 1005
    assert [b.predicted for b in bins] == sorted(b.predicted for b in bins)
    lowest = np.argsort(probability)[: bins[0].count]
    assert bins[0].predicted == pytest.approx(probability[lowest].mean())
    assert bins[0].observed == pytest.approx(outcome[lowest].mean())
    assert all(b.low <= b.observed <= b.high for b in bins)


def test_equal_probabilities_share_a_bin():
    probability = np.repeat([0.1, 0.5], [90, 10])
    bins = reliability_bins(probability, np.zeros(100), names(100))
    assert [b.count for b in bins] == [90, 10]
    assert [b.predicted for b in bins] == pytest.approx([0.1, 0.5])


def test_markets_by_name():
    market = np.array(["FR", "DE", "FR", ""], dtype=object)
    probability, outcome = np.array([0.2, 0.3, 0.4, 0.5]), np.array([0.0, 1.0, 1.0, 0.0])
    table = market_reliability(probability, outcome, names(4), market)
    assert [(m.market, m.rows, m.positives, m.predicted, m.observed) for m in table] == [
        ("", 1, 0, 0.5, 0.0),
        ("DE", 1, 1, 0.3, 1.0),
        ("FR", 2, 1, pytest.approx(0.3), 0.5),
    ]
    assert all(m.low <= m.observed <= m.high for m in table)


def test_no_markets_no_table():
    empty = np.array(["", ""], dtype=object)
    assert market_reliability(np.zeros(2), np.zeros(2), names(2), empty) == ()
