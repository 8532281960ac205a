from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import roc_auc_score

from predictive_scoring.demo import EXTRACT_AT, DemoCompany, true_probabilities
from predictive_scoring.errors import UsageError


@pytest.fixture(scope="module")
def truth(large: DemoCompany) -> pd.DataFrame:
    """The truth of worked leads, and when they became SQLs as the ledger (not fate) says."""
    stages = pd.read_csv(large.file("stages").path)
    sql = stages[stages["stage"] == "sql"].set_index("lead_id")["entered_at"]
    sql = pd.to_datetime(sql).dt.tz_localize("Europe/Paris").dt.tz_convert("UTC")
    frame: pd.DataFrame = pq.read_table(large.file("truth").path).to_pandas()
    return frame[frame["worked"]].join(sql.rename("sql_at"), on="lead_id")


def matured(truth: pd.DataFrame, days: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Rows whose horizon has elapsed, and whether the lead became an SQL within it."""
    horizon = pd.Timedelta(days=days)
    rows = truth[truth["as_of"] + horizon <= EXTRACT_AT]
    became = (rows["sql_at"] > rows["as_of"]) & (rows["sql_at"] <= rows["as_of"] + horizon)
    return rows, became.to_numpy()


@pytest.mark.parametrize("week", [0, 1, 5, 13])
def test_truth_is_calibrated_in_each_decile(truth: pd.DataFrame, week: int) -> None:
    rows, became = matured(truth[truth["week"] == week], 91)
    exact = rows["probability"].to_numpy()
    assert len(rows) > 10_000
    for decile in np.array_split(np.argsort(exact), 10):
        error = np.sqrt(np.sum(exact[decile] * (1 - exact[decile])))
        assert abs(became[decile].sum() - exact[decile].sum()) < 4 * error


@pytest.mark.parametrize("days", [28, 182])
def test_other_horizons_are_calibrated_too(
    large: DemoCompany, truth: pd.DataFrame, days: int
) -> None:
    exact = true_probabilities(large.file("truth").path.parent, days).to_pandas()
    both = truth.drop(columns="probability").merge(exact, on=["lead_id", "as_of"])
    rows, became = matured(both[both["week"] == 2], days)
    probability = rows["probability"].to_numpy()
    for third in np.array_split(np.argsort(probability), 3):
        error = np.sqrt(np.sum(probability[third] * (1 - probability[third])))
        assert abs(became[third].sum() - probability[third].sum()) < 4 * error


def test_calibration_holds_in_each_market(truth: pd.DataFrame) -> None:
    rows, became = matured(truth[truth["week"] == 4], 91)
    exact = rows["probability"].to_numpy()
    for market in range(5):
        own = rows["market"].to_numpy() == market
        error = np.sqrt(np.sum(exact[own] * (1 - exact[own])))
        assert abs(became[own].sum() - exact[own].sum()) < 4 * error


def test_nurturing_has_the_effect_that_the_truth_knows(
    truth: pd.DataFrame, large: DemoCompany
) -> None:
    leads = pd.read_csv(large.file("leads").path, on_bad_lines="skip", dtype=str)
    group = leads.drop_duplicates("lead_id").set_index("lead_id")["nurture_group"]
    rows, became = matured(truth[truth["week"] == 0], 91)
    treated = (rows["lead_id"].map(group) == "treated").to_numpy()
    exact = rows["probability"].to_numpy()
    for own in (treated, ~treated):
        error = np.sqrt(np.sum(exact[own] * (1 - exact[own])))
        assert abs(became[own].sum() - exact[own].sum()) < 4 * error
    lost = exact[treated].mean() - exact[~treated].mean()
    assert 0.02 < lost < 0.04  # moderate: a quarter of the log-odds of a week, and it shows
    assert became[treated].mean() - became[~treated].mean() > 0.01


def test_stored_probability_is_that_of_91_days(small: DemoCompany) -> None:
    path = small.file("truth").path
    stored = pq.read_table(path)
    for days in (90, 91):
        asked = true_probabilities(path.parent, days)
        assert asked.column_names == ["lead_id", "as_of", "probability", "worked"]
        assert asked["lead_id"].equals(stored["lead_id"])
        assert asked["as_of"].equals(stored["as_of"])
        assert np.allclose(asked["probability"], stored["probability"], rtol=1e-12)
    shorter = true_probabilities(path.parent, 30)["probability"].to_numpy()
    assert (shorter < stored["probability"].to_numpy()).all()


def test_grid_is_weekly_while_open_and_not_after_the_extract(truth: pd.DataFrame) -> None:
    by_lead = truth.groupby("lead_id")["week"]
    assert (by_lead.min() == 0).all()
    assert (by_lead.count() == by_lead.max() + 1).all()
    assert by_lead.max().max() == 13
    assert truth["as_of"].max() <= EXTRACT_AT
    assert not (truth["sql_at"] <= truth["as_of"]).any()


def test_the_problem_is_a_realistic_one(truth: pd.DataFrame) -> None:
    rows, became = matured(truth[truth["week"] == 0], 91)
    assert 0.12 < became.mean() < 0.18
    rows, became = matured(truth, 91)
    assert 0.80 < roc_auc_score(became, rows["probability"]) < 0.90


def test_a_folder_without_company_and_no_horizon_are_refused(
    small: DemoCompany, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=r"no truth\.parquet"):
        true_probabilities(tmp_path, 90)
    with pytest.raises(UsageError, match="horizon of 0 days"):
        true_probabilities(small.file("truth").path.parent, 0)
