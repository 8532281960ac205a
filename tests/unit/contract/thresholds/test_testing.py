import warnings
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from predictive_scoring.contract.thresholds.crossings import Crossings, first_crossings
from predictive_scoring.contract.thresholds.evidence import evidence
from predictive_scoring.contract.thresholds.testing import (
    STEP,
    best_start,
    grid,
    lowest_proved,
    thresholds_at,
)


@pytest.fixture
def leads(looks) -> Crossings:
    return single_looks(looks, 3000, seed=1)


def single_looks(looks, n: int, seed: int) -> Crossings:
    rng = np.random.default_rng(seed)
    probability = rng.beta(1, 3, n)
    return first_crossings(looks(probability, rng.random(n) < probability))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("rate", [0.3, 0.45, 0.6])
def test_mapie_proves_the_same_thresholds(looks, seed: int, rate: float) -> None:
    """MAPIE's fixed sequence over our grid, from our start down, on independent leads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mapie.risk_control import (  # type: ignore[import-untyped]
            BinaryClassificationController,
        )

    leads = single_looks(looks, 700, seed)
    thresholds = grid(leads, rate, 0.9)
    start, _ = best_start(leads, thresholds, rate, 0.9)
    sequence = thresholds[start:]
    oracle = BinaryClassificationController(
        lambda p: np.column_stack([1 - p[:, 0], p[:, 0]]),
        risk="precision",
        target_level=rate,
        confidence_level=0.9,
        list_predict_params=sequence,
        fwer_method="fixed_sequence",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where no threshold is valid
        oracle.calibrate(leads.probability[:, None], leads.outcome.astype(int))
    mine = [evidence(leads, leads.at(t)).p_value(rate, 0.9) for t in sequence]
    # Its p-value is the lesser of Hoeffding's and Bentkus's, which for a yes or no is the exact
    # binomial one; where rounding lifts its count of failures by one, it is greater.
    theirs = np.asarray(oracle.p_values).ravel()
    assert (theirs >= np.array(mine) - 1e-9).all()
    assert np.mean(np.isclose(theirs, mine, rtol=1e-6, atol=1e-12)) > 0.6
    lowest = lowest_proved(leads, rate, 0.9).threshold
    valid = np.asarray(oracle.valid_predict_params)
    assert len(valid) == 0 or (lowest is not None and lowest <= valid.min())


def test_the_sequence_stops_at_the_first_threshold_that_is_not_proved(leads: Crossings) -> None:
    thresholds = grid(leads, 0.4, 0.95)
    start, _ = best_start(leads, thresholds, 0.4, 0.95)
    proved = [evidence(leads, leads.at(t)).p_value(0.4, 0.95) <= 0.05 for t in thresholds[start:]]
    first_failure = proved.index(False)
    assert first_failure > 0
    search = lowest_proved(leads, 0.4, 0.95)
    assert search.threshold == thresholds[start + first_failure - 1]
    assert search.start == thresholds[start]


def test_a_lower_threshold_that_would_pass_is_not_reached_across_one_that_fails(looks) -> None:
    # Sure leads, hopeless ones, and many good ones whom the model takes for hopeless too.
    parts = [(0.9, 0.99, 60, 1.0), (0.3, 0.35, 60, 0.0), (0.2, 0.25, 400, 1.0)]
    probability = np.concatenate([np.linspace(low, high, n) for low, high, n, _ in parts])
    outcome = np.concatenate([np.full(n, y) for *_, n, y in parts])
    leads = first_crossings(looks(probability, outcome))
    assert evidence(leads, leads.at(0.2)).p_value(0.6, 0.95) <= 0.05
    search = lowest_proved(leads, 0.6, 0.95)
    assert search.start is not None
    assert search.threshold is not None
    assert search.start >= 0.9
    assert 0.3 < search.threshold < 0.36


def test_grid_and_start_do_not_look_at_outcomes(leads: Crossings) -> None:
    other = replace(leads, outcome=1 - leads.outcome)
    thresholds = grid(leads, 0.4, 0.95)
    assert (thresholds == grid(other, 0.4, 0.95)).all()
    assert best_start(leads, thresholds, 0.4, 0.95) == best_start(other, thresholds, 0.4, 0.95)


def test_the_grid_goes_from_what_could_prove_the_rate_to_everybody(leads: Crossings) -> None:
    thresholds = grid(leads, 0.4, 0.95)
    volumes = leads.volume(thresholds)
    assert 0.4 ** volumes[0] <= 0.05 < 0.4 ** (volumes[0] - 1)
    assert volumes[-1] == len(leads)
    large = volumes[volumes > 100]
    assert (large[1:] / large[:-1]).max() < STEP + 0.02
    assert (np.diff(thresholds) < 0).all()


def test_the_start_has_the_greatest_power_that_the_model_predicts(leads: Crossings) -> None:
    thresholds = grid(leads, 0.5, 0.95)
    start, power = best_start(leads, thresholds, 0.5, 0.95)
    powers = []
    for t in thresholds:
        rows = leads.at(t)
        n, p = len(rows), leads.probability[rows].mean()
        needed = np.argmax(binom.sf(np.arange(-1, n + 1), n, 0.5) <= 0.05)
        powers.append(binom.sf(needed - 1, n, p))
    assert power == pytest.approx(max(powers), rel=1e-9)
    assert powers[start] == pytest.approx(power, rel=1e-9)


def test_leads_with_unknown_outcomes_have_volume_and_prove_nothing(leads: Crossings) -> None:
    unknown = replace(leads, outcome=np.full(len(leads), np.nan))
    search = lowest_proved(unknown, 0.3, 0.95)
    assert (search.threshold, search.power) == (None, 0.0)
    assert (grid(unknown, 0.3, 0.95) == grid(leads, 0.3, 0.95)).all()


def test_too_few_leads_for_any_proof(looks) -> None:
    few = first_crossings(looks([0.9, 0.8], [1, 1]))
    search = lowest_proved(few, 0.3, 0.95)
    assert (search.threshold, search.start, search.power) == (None, None, 0.0)


def test_a_threshold_must_hold_for_all_that_are_tested(leads: Crossings) -> None:
    worse = replace(leads, outcome=leads.outcome * (leads.probability > 0.6))
    alone = lowest_proved(leads, 0.4, 0.95).threshold
    both = lowest_proved(leads, 0.4, 0.95, (leads, worse)).threshold
    assert alone is not None
    assert both is None or both > alone


def test_a_volume_is_reached_by_the_highest_threshold_with_so_many_leads(looks) -> None:
    leads = first_crossings(looks([0.9, 0.8, 0.8, 0.7]))
    assert list(thresholds_at(leads, np.array([1, 2, 3, 4, 5]))) == [0.9, 0.8, 0.7]
