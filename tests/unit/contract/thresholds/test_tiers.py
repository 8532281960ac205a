import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictive_scoring.contract.thresholds import tier_of
from predictive_scoring.contract.thresholds.crossings import first_crossings
from predictive_scoring.contract.thresholds.tiers import cold_threshold, hot_threshold
from predictive_scoring.records import ContractThresholds, Looks, SolvedThreshold


def solved(market: str, threshold: float | None) -> SolvedThreshold:
    return SolvedThreshold(market, "own", 0.3, 0.95, None, threshold, None, "kept")


def thresholds(hot: float | None = 0.8, everywhere: float | None = 0.5) -> ContractThresholds:
    return ContractThresholds(
        version="2026-01-01",
        terms="",
        unit="month",
        leads=1,
        days=1.0,
        everywhere=solved("", everywhere),
        markets=(solved("FR", 0.4), solved("JP", None), solved("US", 0.9)),
        hot=hot,
        cold=0.2,
        frontier=(),
    )


def tier(p, market="", criteria=True, was=False, points=0.0, **of):
    threshold, names = tier_of(
        np.array([p]),
        np.array([market], dtype=object),
        np.array([criteria]),
        np.array([was]),
        thresholds(**of),
        points,
    )
    return threshold[0], names[0]


@pytest.mark.parametrize(
    ("p", "market", "expected"),
    [
        (0.8, "", "hot"),
        (0.79, "", "mql"),
        (0.5, "", "mql"),
        (0.4999, "", "nurture"),
        (0.2, "", "nurture"),
        (0.1999, "", "cold"),
        (0.45, "FR", "mql"),
        (0.45, "of no line", "nurture"),
        (0.45, None, "nurture"),
        (0.99, "JP", "nurture"),
        (0.1, "JP", "cold"),
        (0.85, "US", "nurture"),
        (0.9, "US", "hot"),
    ],
)
def test_a_lead_is_sorted_by_its_market_s_threshold(p, market, expected) -> None:
    assert tier(p, market)[1] == expected


def test_each_lead_gets_its_market_s_threshold() -> None:
    assert tier(0.1, "FR")[0] == 0.4
    assert tier(0.1, "elsewhere")[0] == 0.5
    assert np.isnan(tier(0.1, "JP")[0])


def test_no_score_makes_up_for_a_criterion_that_is_not_met() -> None:
    assert tier(0.99, criteria=False)[1] == "nurture"
    assert tier(0.99, criteria=False, was=True, points=50)[1] == "nurture"
    assert tier(0.1, criteria=False)[1] == "cold"


@pytest.mark.parametrize(("p", "expected"), [(0.47, "mql"), (0.4501, "mql"), (0.4499, "nurture")])
def test_an_mql_stays_one_within_the_points(p: float, expected: str) -> None:
    assert tier(p, was=True, points=5)[1] == expected
    assert tier(p, was=False, points=5)[1] == "nurture"
    assert tier(p, was=True, points=0)[1] == "nurture"


def test_who_only_stays_an_mql_is_not_hot_and_not_cold() -> None:
    assert tier(0.85, "US", was=True, points=10)[1] == "mql"
    assert tier(0.1, "FR", was=True, points=35)[1] == "mql"


def test_nobody_is_hot_or_an_mql_where_nothing_was_proved() -> None:
    assert tier(0.99, hot=None)[1] == "mql"
    assert tier(0.99, everywhere=None)[1] == "nurture"


def test_no_leads_have_no_tiers() -> None:
    none = np.array([])
    threshold, names = tier_of(
        none, none.astype(object), none.astype(bool), none.astype(bool), thresholds(), 0.0
    )
    assert (len(threshold), len(names)) == (0, 0)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from([0.1, 0.2, 0.3, 0.4]), st.booleans())),
    st.sampled_from([0.0, 0.1, 0.34, 0.5]),
)
def test_below_cold_are_at_most_the_share_and_above_it_more(rows, share: float) -> None:
    rows = sorted(rows)
    n = len(rows)
    looks = Looks(
        lead=np.array([r[0] for r in rows], dtype=np.int64),
        account=np.zeros(n, dtype=np.int64),
        market=np.array([""] * n, dtype=object),
        position=np.arange(n),
        probability=np.array([r[1] for r in rows], dtype=np.float64),
        outcome=np.array([1.0 if r[2] else np.nan for r in rows], dtype=np.float64),
        eligible=np.zeros(n, dtype=bool),
        counted=np.ones(n, dtype=bool),
        days=30.0,
    )
    best: dict[int, float] = {}
    for lead, p, _ in rows:
        best[lead] = max(p, best.get(lead, 0.0))
    sqls = [best[lead] for lead in {r[0] for r in rows if r[2]}]

    def held_below(threshold: float) -> int:
        return sum(p < threshold for p in sqls)

    cold = cold_threshold(looks, share, None)
    assert held_below(cold) <= share * len(sqls) + 1e-9
    if sqls:
        assert held_below(np.nextafter(cold, 1)) > share * len(sqls)
    else:
        assert cold == 0.0


def test_cold_is_capped_at_the_lowest_mql_threshold(looks) -> None:
    history = looks(np.linspace(0.5, 0.9, 20), np.ones(20))
    assert cold_threshold(history, 0.5, None) > 0.6
    assert cold_threshold(history, 0.5, 0.6) == 0.6


def test_hot_is_proved_and_no_lower_than_an_mql(looks) -> None:
    rng = np.random.default_rng(8)
    probability = rng.random(3000)
    leads = first_crossings(looks(probability, rng.random(3000) < probability))
    hot = hot_threshold(leads, 0.8, 0.95, 0.3)
    assert hot is not None
    assert 0.6 < hot < 0.7
    assert hot_threshold(leads, 0.8, 0.95, 0.75) == 0.75
    assert hot_threshold(leads, 0.999, 0.95, 0.3) is None
    assert hot_threshold(leads, None, 0.95, 0.3) is None
    assert hot_threshold(leads, 0.8, 0.95, None) is None
