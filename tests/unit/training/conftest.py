"""Small labelled tables whose truth is known."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from predictive_scoring.records import FeatureColumn, FeatureSpec, TrainingTable

DAY = 86_400_000_000


def _names(values, prefix):
    return np.array([f"{prefix}{v}" if v >= 0 else "" for v in values], dtype=object)


@pytest.fixture(scope="session")
def make_table() -> Callable[..., TrainingTable]:
    """Build a table from integer leads and accounts (-1: none), with one number as its feature."""

    def make(
        position,
        outcome,
        lead=None,
        account=None,
        *,
        planned_until=None,
        horizon=0,
        ordered_by="time",
        spec=None,
        features=None,
    ):
        n = len(position)
        planned_until = position if planned_until is None else planned_until
        lead = np.arange(n) if lead is None else np.asarray(lead)
        account = np.full(n, -1) if account is None else np.asarray(account)
        order = np.lexsort((lead, position))
        spec = spec or FeatureSpec((FeatureColumn("x", "number", "fit", "profile"),))
        features = features if features is not None else pa.table({"x": np.arange(n) * 1.0})
        return TrainingTable(
            spec=spec,
            features=features.take(order),
            outcome=np.asarray(outcome, dtype=np.float64)[order],
            lead_id=_names(lead[order], "l"),
            account_id=_names(account[order], "a"),
            market=np.array([""] * n, dtype=object),
            position=np.asarray(position, dtype=np.int64)[order],
            planned_until=np.asarray(planned_until, dtype=np.int64)[order],
            horizon=horizon,
            ordered_by=ordered_by,
            weight=np.ones(n),
        )

    return make


SPEC = FeatureSpec(
    (
        FeatureColumn("visits", "number", "engagement", "count"),
        FeatureColumn("industry", "category", "fit", "profile"),
        FeatureColumn("newsletter", "flag", "engagement", "profile"),
        FeatureColumn("size", "number", "fit", "profile"),
    )
)


@pytest.fixture(scope="session")
def company(make_table):
    """Two snapshots a lead over 400 days, horizon 30; the log-odds are linear in the features."""
    random = np.random.default_rng(7)
    leads = 1500
    lead = np.repeat(np.arange(leads), 2)
    n = len(lead)
    created = np.sort(random.uniform(0, 400, leads))
    position = ((created[lead] + 7 * np.tile([0, 1], leads)) * DAY).astype(np.int64)
    visits = random.poisson(2, n) * 1.0
    industry = random.integers(0, 4, leads)[lead]
    newsletter = (random.random(leads) < 0.4)[lead] * 1.0
    size = random.normal(50, 20, leads)[lead]
    log_odds = -2.6 + 0.45 * visits + np.array([-0.8, 0, 0.5, 0.9])[industry] + 0.5 * newsletter
    outcome = random.random(leads)[lead] < 1 / (1 + np.exp(-log_odds))
    absent = random.random(n) < 0.1
    features = pa.table(
        {
            "visits": visits,
            "industry": pa.array([f"i{v}" for v in industry], pa.string(), mask=absent),
            "newsletter": newsletter,
            "size": np.where(absent, np.nan, size),
        }
    )
    return make_table(position, outcome, lead, horizon=30 * DAY, spec=SPEC, features=features)
