from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from predictive_scoring.records import Contributions, ScoreBatch, ScoreRun
from predictive_scoring.sinks import writing

AS_OF = datetime(2026, 11, 1, 12, tzinfo=UTC)
REASON = pa.struct(
    [
        ("feature", pa.string()),
        ("observed", pa.string()),
        ("contribution", pa.float64()),
        ("points", pa.float64()),
    ]
)

CRITERION = pa.struct([("name", pa.string()), ("met", pa.bool_()), ("observed", pa.string())])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "scores.duckdb"


@pytest.fixture
def make_run():
    def make(run_id="run-1", languages=("en", "fr")):
        return ScoreRun(
            run_id, "acme", "3", "b" * 64, "d" * 64, AS_OF, ("a", "b"), ("fit", "time"), languages
        )

    return make


@pytest.fixture
def make_batch():
    def make(leads, log_odds=None, languages=("en", "fr"), tiers=None, met=True):
        n = len(leads)
        margins = np.linspace(-2, 1, n) if log_odds is None else np.array(log_odds, dtype=float)
        values = np.stack([margins + 1.0, np.zeros(n)], axis=1)
        reasons = [
            [{"feature": "a", "observed": lead, "contribution": 1.0, "points": 2.5}]
            for lead in leads
        ]
        return ScoreBatch(
            lead_id=pa.array(leads, pa.string()),
            account_id=pa.array([None] * n, pa.string()),
            market=pa.array(["FR"] * n, pa.string()),
            as_of=pa.array([AS_OF] * n, pa.timestamp("us", "UTC")),
            probability=1 / (1 + np.exp(-margins)),
            contributions=Contributions(-1.0, values, ("a", "b")),
            groups=values,
            reasons=pa.array(reasons, pa.list_(REASON)),
            sentences={
                lang: pa.array([[f"{lang} {lead}", "2"] for lead in leads], pa.list_(pa.string()))
                for lang in languages
            },
            threshold=np.full(n, np.nan if tiers is None else 0.25),
            tier=pa.array([None] * n if tiers is None else tiers, pa.string()),
            criteria=pa.array(
                [[{"name": "size", "met": met, "observed": lead}] for lead in leads],
                pa.list_(CRITERION),
            ),
            criteria_met=np.full(n, met is True),
        )

    return make


@pytest.fixture
def quarantine():
    def make(*reasons):
        n = len(reasons)
        return pa.table(
            {
                "table_name": ["leads"] * n,
                "file": ["leads.csv"] * n,
                "line": pa.array(range(2, n + 2), pa.int64()),
                "reason": pa.array(reasons, pa.string()),
                "record": ["a;b"] * n,
            }
        ).cast(
            pa.schema(
                [
                    ("table_name", pa.string()),
                    ("file", pa.string()),
                    ("line", pa.int64()),
                    ("reason", pa.string()),
                    ("record", pa.string()),
                ]
            )
        )

    return make


@pytest.fixture
def propose():
    """Leads to hand over, all owned by anna, and why now."""

    def make(*leads):
        why = [[("en", f"why {lead}"), ("fr", f"pourquoi {lead}")] for lead in leads]
        return pa.table(
            {
                "lead_id": pa.array(leads, pa.string()),
                "owner": pa.array(["anna"] * len(leads), pa.string()),
                "why": pa.array(why, pa.map_(pa.string(), pa.string())),
            }
        )

    return make


@pytest.fixture
def store_run(path, make_run, make_batch, quarantine, propose):
    """Write and commit one run."""

    def store(run_id, *batches, excluded=None, reasons=(), handovers=None, tiers=None):
        with writing(path, make_run(run_id), wait=5) as writer:
            for leads in batches:
                writer.write(make_batch(leads, tiers=tiers))
            proposed = None if handovers is None else propose(*handovers)
            return writer.commit(excluded or {}, quarantine(*reasons), proposed)

    return store
