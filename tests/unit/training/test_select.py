from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from predictive_scoring.config import TrainingSettings
from predictive_scoring.errors import TooLittleData
from predictive_scoring.model import encode
from predictive_scoring.training import LADDER, compare, forward_split, log_odds
from predictive_scoring.training.folds import FoldData, Side, Tuned
from predictive_scoring.training.select import _choose, _cluster_error, _difference_error

SETTINGS = TrainingSettings(trees=80)
LOGISTIC = TrainingSettings(candidates=("logistic",))


@pytest.fixture(scope="module")
def chosen(company):
    split = forward_split(company, SETTINGS)
    return split, compare(company, split, SETTINGS, 1, rare=20)


def test_candidates_table(chosen):
    _, selection = chosen
    table = {c.name: c for c in selection.candidates}
    assert list(table) == ["base_rate", "logistic", "lightgbm"]
    assert [c.name for c in selection.candidates if c.chosen] == ["logistic"]
    for candidate in selection.candidates:
        assert len(candidate.fold_losses) == 4
        assert candidate.log_loss == pytest.approx(np.mean(candidate.fold_losses))
        assert 0 < candidate.standard_error < 0.1
    assert table["logistic"].log_loss < table["base_rate"].log_loss - 0.03


def test_forward_predictions_come_from_models_of_their_own_fold(company, chosen):
    split, selection = chosen
    blocks = [block for _, block in split.folds]
    assert [len(raw) for raw in selection.forward_log_odds] == [len(block) for block in blocks]
    table = {c.name: c for c in selection.candidates}
    matrix = encode(company.features, company.spec, selection.vocabularies)
    final = log_odds(selection.predictor, matrix)
    for number, (raw, block) in enumerate(zip(selection.forward_log_odds, blocks, strict=True)):
        losses = np.logaddexp(0, np.where(company.outcome[block] == 1, -1, 1) * raw)
        assert losses.mean() == pytest.approx(table["logistic"].fold_losses[number])
        assert np.abs(final[block] - raw).max() > 0.01


def test_forward_outcomes_of_the_test_period_change_nothing(company):
    split = forward_split(company, LOGISTIC)
    outcome = company.outcome.copy()
    outcome[split.test] = 1 - outcome[split.test]
    before = compare(company, split, LOGISTIC, 1, rare=20)
    after = compare(replace(company, outcome=outcome), split, LOGISTIC, 1, rare=20)
    assert after.predictor == before.predictor
    assert after.candidates == before.candidates


def test_same_data_and_seed_same_selection(company, chosen):
    split, selection = chosen
    again = compare(company, split, SETTINGS, 1, rare=20)
    assert again.predictor == selection.predictor
    assert again.candidates == selection.candidates
    for mine, yours in zip(again.forward_log_odds, selection.forward_log_odds, strict=True):
        np.testing.assert_array_equal(mine, yours)


def test_only_declared_candidates_are_tried(company):
    settings = TrainingSettings(candidates=("lightgbm",), trees=20)
    split = forward_split(company, settings)
    selection = compare(company, split, settings, 1, rare=20)
    assert [(c.name, c.chosen) for c in selection.candidates] == [("lightgbm", True)]


def test_progress_goes_from_nothing_to_all(company):
    settings = TrainingSettings(candidates=("base_rate", "logistic"))
    told = []
    compare(
        company,
        forward_split(company, settings),
        settings,
        1,
        rare=20,
        progress=lambda share, what: told.append((share, what)),
    )
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert [what for _, what in told][1] == "comparing: logistic"


def test_vocabularies_of_the_final_model_are_those_of_development(company):
    split = forward_split(company, LOGISTIC)
    industry = np.array(company.features["industry"].to_pylist(), dtype=object)
    industry[split.test] = "new"
    changed = company.features.set_column(1, "industry", pa.array(industry))
    selection = compare(replace(company, features=changed), split, LOGISTIC, 1, rare=20)
    assert selection.vocabularies["industry"].values == ("i0", "i1", "i2", "i3")


def test_fold_models_know_only_the_categories_of_their_own_training_side(company):
    split = forward_split(company, LOGISTIC)
    train, block = split.folds[0]
    industry = np.array(company.features["industry"].to_pylist(), dtype=object)
    industry[train[:30]] = [f"rare{i}" for i in range(30)]  # what (other) is learned from
    predicted = []
    for names in (["new"] * 200, [f"rare{i}" for i in range(100, 300)]):
        industry[block[:200]] = names
        changed = company.features.set_column(1, "industry", pa.array(industry))
        selection = compare(replace(company, features=changed), split, LOGISTIC, 1, rare=20)
        predicted.append(selection.forward_log_odds[0])
    np.testing.assert_array_equal(predicted[0], predicted[1])


def test_constant_columns_are_too_little(company):
    split = forward_split(company, SETTINGS)
    features = pa.table(
        {
            "visits": np.ones(len(company)),
            "industry": ["a"] * len(company),
            "newsletter": np.zeros(len(company)),
            "size": np.full(len(company), np.nan),
        }
    )
    with pytest.raises(TooLittleData, match="same value on all"):
        compare(replace(company, features=features), split, SETTINGS, 1, rare=20)


def test_too_few_outcomes_are_too_little(company):
    split = forward_split(company, SETTINGS)
    with pytest.raises(TooLittleData, match="at least 1000 leads of either outcome"):
        compare(company, split, TrainingSettings(minimum_outcomes=1000), 1, rare=20)


def test_standard_errors_are_those_of_accounts(company):
    split = forward_split(company, LOGISTIC)
    account = np.array([f"a{int(lead[1:]) // 30}" for lead in company.lead_id], dtype=object)
    by_lead = compare(company, split, LOGISTIC, 1, rare=20)
    by_account = compare(replace(company, account_id=account), split, LOGISTIC, 1, rare=20)
    assert by_account.candidates[0].log_loss == by_lead.candidates[0].log_loss
    rows = np.concatenate([block for _, block in split.folds])
    signed = np.where(company.outcome[rows] == 1, -1, 1)
    losses = np.logaddexp(0, signed * np.concatenate(by_lead.forward_log_odds))
    sizes = [len(block) for _, block in split.folds]
    share = np.repeat([1 / (4 * size) for size in sizes], sizes)
    codes = np.unique(account[rows], return_inverse=True)[1]
    assert by_account.candidates[0].standard_error == pytest.approx(
        _cluster_error(losses, share, codes)
    )


def choice(differences_by_fold, rows=50, noise=0.0):
    """What is chosen of (simple, complex) when the simple one is worse by so much in each fold."""
    random = np.random.default_rng(0)
    folds, simple, complicated = [], [], []
    for difference in differences_by_fold:
        side = Side(np.zeros((rows, 1)), np.ones(rows), np.ones(rows))
        folds.append(FoldData(side, side, ()))
        better = np.zeros(rows)
        loss = np.log(2) + difference + noise * random.normal(size=rows)
        complicated.append(better)
        simple.append(-np.log(np.expm1(loss)))
    tuned = [Tuned(0, tuple(simple), "simple"), Tuned(0, tuple(complicated), "complex")]
    leads = np.arange(rows * len(folds))
    candidates, chosen = _choose(LADDER[:2], tuned, tuple(folds), leads)
    assert candidates[chosen].chosen
    return candidates[chosen].name


def test_one_standard_error_rule():
    assert choice([0.02, 0.02, 0.02, 0.02], noise=0.01) == "logistic"
    assert choice([0.0, 0.0, 0.0, 0.0]) == "base_rate"  # equal: the simpler
    assert choice([0.002] * 4, noise=0.15) == "base_rate"  # less than the noise between leads
    assert choice([0.10, -0.05, -0.05, 0.02]) == "base_rate"  # better in one period only


def test_difference_error_is_the_greater_of_leads_and_folds():
    fold_of = np.repeat([0, 1], 4)
    share = np.full(8, 1 / 8)
    leads = np.arange(8)
    steady = np.array([1.0, -1, 1, -1, 1, -1, 1, -1])
    assert _difference_error(steady, share, leads, fold_of) == pytest.approx(
        steady.std(ddof=1) / np.sqrt(8)
    )
    jump = np.repeat([0.0, 1.0], 4)
    assert _difference_error(jump, share, leads, fold_of) == pytest.approx(0.5)


def test_snapshots_of_a_lead_are_no_new_evidence():
    random = np.random.default_rng(0)
    values = random.normal(size=500)
    once = _cluster_error(values, np.full(500, 1 / 500), np.arange(500))
    assert once == pytest.approx(values.std(ddof=1) / np.sqrt(500))
    repeated = _cluster_error(
        np.repeat(values, 4), np.full(2000, 1 / 2000), np.repeat(np.arange(500), 4)
    )
    assert repeated == pytest.approx(once)
