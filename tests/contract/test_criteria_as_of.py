"""Promise 1, for the contract's criteria: a fact as of an instant knows nothing later."""

from typing import Any

import pyarrow as pa

from predictive_scoring import features
from predictive_scoring.config import Criterion
from predictive_scoring.contract import criteria_columns, facts
from predictive_scoring.records import FeatureSpec

RULES = [
    Criterion(name="size", column="size", at_least=10),
    Criterion(name="pricing", events=("visit", "form"), topics=("pricing",), within=20),
    Criterion(name="called", activities=("any",)),
]


def observed(history: Any, at: Any) -> list[Any]:
    extract, config = history.extract(), history.config()
    instants = pa.array([at.replace(tzinfo=None)], pa.timestamp("us"))
    snapshots = features.given_snapshots(extract, config, pa.array(["L"]), instants)
    spec = FeatureSpec(features.as_known(extract, criteria_columns(RULES)))
    (batch,) = features.scoring_batches(extract, spec, snapshots, config, 10)
    return [(f["met"], f["observed"]) for f in facts(batch, RULES).lists.to_pylist()[0]]


def test_as_of_criteria(history, day):
    known = history(declared=frozenset({"leads", "events", "activities", "changes", "stages"}),
                    profile={"size": "number"})  # fmt: skip
    known.add("leads", lead_id="L", created_at=day(0), profile_size=500.0)
    known.add("changes", lead_id="L", column="size", value="3", changed_at=day(0))
    for days, kind, topic in (
        (1, "visit", "pricing"),
        (25, "visit", "jobs"),
        (30, "form", "pricing"),
    ):
        known.add("events", lead_id="L", occurred_at=day(days), type=kind, topic=topic)
    before = observed(known, day(30))
    assert before == [(False, "3"), (True, "1"), (False, "0")]  # the first visit is 29 days old
    known.add("changes", lead_id="L", column="size", value="500", changed_at=day(30, 1))
    known.add("events", lead_id="L", occurred_at=day(30, 1), type="visit", topic="pricing")
    known.add("activities", lead_id="L", occurred_at=day(30, 1), kind="call")
    assert observed(known, day(30)) == before
    assert observed(known, day(31)) == [(True, "500"), (True, "2"), (True, "1")]


def test_a_log_with_gaps_is_read_from_its_own_entries(history, day):
    """The lead's present value is no evidence of the past where its history begins later."""
    known = history(declared=frozenset({"leads", "events", "activities", "changes", "stages"}),
                    profile={"size": "number"})  # fmt: skip
    known.add("leads", lead_id="L", created_at=day(0), profile_size=500.0)
    known.add("changes", lead_id="L", column="size", value="500", changed_at=day(5))
    assert observed(known, day(3))[0] == (None, None)
