import numpy as np
import pytest
from scipy.stats import binomtest

from predictive_scoring.contract.thresholds.crossings import first_crossings
from predictive_scoring.contract.thresholds.evidence import Evidence, evidence


def found(looks, outcome, account=None, threshold=0.5) -> Evidence:
    crossings = first_crossings(looks([0.9] * len(outcome), outcome, account=account))
    return evidence(crossings, crossings.at(threshold))


def test_strangers_are_tested_by_the_exact_binomial(looks) -> None:
    e = found(looks, [1] * 17 + [0] * 23 + [float("nan")] * 5)
    assert (e.sqls, e.mqls) == (17, 40)
    exact = binomtest(17, 40, 0.3, alternative="greater")
    assert e.p_value(0.3, 0.95) == pytest.approx(exact.pvalue, rel=1e-12)
    assert e.bound(0.95) == pytest.approx(exact.proportion_ci(0.95, "exact").low, rel=1e-9)
    two_sided = binomtest(17, 40).proportion_ci(0.95, "exact")
    assert e.interval() == pytest.approx((two_sided.low, two_sided.high), rel=1e-9)


@pytest.mark.parametrize("rate", [0.2, 0.3, 0.35, 0.4])
def test_the_bound_is_where_the_test_stops_rejecting(looks, rate: float) -> None:
    rng = np.random.default_rng(3)
    outcome, account = rng.random(90) < 0.4, np.repeat(np.arange(30), 3)
    e = found(looks, outcome, account)
    assert (e.p_value(rate, 0.9) <= 0.1) == (e.bound(0.9) >= rate)


def test_leads_who_all_do_as_their_account_are_worth_one_lead_each(looks) -> None:
    rng = np.random.default_rng(4)
    accounts = rng.random(400) < 0.3
    many = found(looks, np.repeat(accounts, 5), np.repeat(np.arange(400), 5))
    one = found(looks, accounts)
    assert many.design_effect == pytest.approx(5, rel=0.01)
    assert many.bound(0.95) == pytest.approx(one.bound(0.95), abs=0.001)
    assert many.rate == one.rate


def test_the_design_effect_is_the_ratio_of_variances_between_accounts(looks) -> None:
    """Against the average over simulated repetitions, which knows no formula."""
    rng = np.random.default_rng(5)
    sizes = rng.integers(1, 9, 150)
    account = np.repeat(np.arange(150), sizes)
    rates, effects = [], []
    for _ in range(400):
        chance = rng.beta(1, 2, 150)
        outcome = rng.random(len(account)) < chance[account]
        rates.append(outcome.mean())
        effects.append(found(looks, outcome, account).design_effect)
    independent = np.mean(rates) * (1 - np.mean(rates)) / len(account)
    assert np.mean(effects) == pytest.approx(np.var(rates) / independent, rel=0.2)


def test_the_design_effect_of_three_accounts_by_hand(looks) -> None:
    # 2 of 2, 1 of 2 and 0 of 2: a rate of 1/2, residuals 1, 0 and -1.
    e = found(looks, [1, 1, 1, 0, 0, 0], [0, 0, 1, 1, 2, 2])
    assert e.accounts == 3
    assert e.design_effect == pytest.approx((1 + 0 + 1) * 3 / 2 / (6 / 4))


def test_accounts_never_prove_more_than_strangers(looks) -> None:
    # One SQL in each account: less spread than chance.
    outcome = [1, 0, 0] * 30
    e = found(looks, outcome, np.repeat(np.arange(30), 3))
    assert e.design_effect == 1.0
    assert e.bound(0.95) < found(looks, outcome).bound(0.95)


def test_few_accounts_prove_less_than_many_with_the_same_design_effect() -> None:
    few, many = Evidence(40, 100, 2.0, 5), Evidence(40, 100, 2.0, 80)
    assert few.bound(0.95) < many.bound(0.95) < Evidence(40, 100).bound(0.95)


def test_one_account_proves_hardly_anything(looks) -> None:
    assert found(looks, [1] * 50, [0] * 50).bound(0.95) < 0.2


def test_without_leads_nothing_is_proved(looks) -> None:
    e = found(looks, [float("nan")] * 3)
    assert e.p_value(0.01, 0.95) == 1.0
    assert (e.bound(0.95), np.isnan(e.rate)) == (0.0, True)
