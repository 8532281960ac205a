import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from predictive_scoring.errors import ReconcileError, StoreError
from predictive_scoring.sinks.opening import open_reader
from predictive_scoring.sinks.store import writing


def rows(path, query):
    with open_reader(path) as connection:
        return connection.execute(query).fetchall()


HANDED = "SELECT lead_id, run_id FROM handovers ORDER BY lead_id"
COUNTS = "SELECT run_id, handed_over FROM score_runs ORDER BY run_id"


def test_a_handover_repeats_the_leads_score(path, store_run):
    summary = store_run("run-1", ["L1", "L2"], handovers=["L2"], tiers=["cold", "hot"])

    assert summary.handed_over == 1
    with open_reader(path) as connection:
        found = connection.execute("FROM handovers").to_arrow_table().to_pylist()
        probability = connection.execute(
            "SELECT probability FROM lead_scores WHERE lead_id = 'L2'"
        ).fetchall()[0][0]
    assert found == [
        {
            "lead_id": "L2",
            "handed_over_at": datetime(2026, 11, 1, 12),  # noqa: DTZ001 - UTC without a zone
            "run_id": "run-1",
            "market": "FR",
            "owner": "anna",
            "probability": probability,
            "threshold": 0.25,
            "tier": "hot",
            "criteria_met": True,
            "why": [("en", "why L2"), ("fr", "pourquoi L2")],
        }
    ]


def test_without_instants_it_happened_when_it_was_scored(
    path, make_run, make_batch, quarantine, propose
):
    with writing(path, replace(make_run(), as_of=None)) as writer:
        writer.write(make_batch(["L1"]))
        writer.commit({}, quarantine(), propose("L1"))

    ((handed_over_at, scored_at),) = rows(
        path, "SELECT handed_over_at, scored_at FROM handovers JOIN score_runs USING (run_id)"
    )
    assert handed_over_at == scored_at
    assert abs(scored_at - datetime.now(UTC).replace(tzinfo=None)) < timedelta(minutes=5)


def test_a_lead_is_handed_over_once(path, store_run):
    store_run("run-1", ["L1", "L2"], handovers=["L1"])

    summary = store_run("run-2", ["L1", "L2", "L3"], handovers=["L1", "L2"])

    assert summary.handed_over == 1
    assert rows(path, HANDED) == [("L1", "run-1"), ("L2", "run-2")]
    assert rows(path, COUNTS) == [("run-1", 1), ("run-2", 1)]
    details = rows(path, "SELECT detail FROM audit ORDER BY happened_at")
    assert [json.loads(detail)["handed_over"] for (detail,) in details] == [1, 1]


def test_the_same_run_again_hands_nobody_over(path, store_run):
    store_run("run-1", ["L1", "L2"], handovers=["L1"])

    summary = store_run("run-1", ["L1", "L2"], handovers=["L1", "L2"])

    assert (summary.unchanged, summary.handed_over) == (True, 1)
    assert rows(path, HANDED) == [("L1", "run-1")]


def test_a_restored_run_hands_nobody_over(path, store_run):
    store_run("run-1", ["L1", "L2"], handovers=["L1"])
    store_run("run-2", ["L2"])

    store_run("run-1", ["L1", "L2"], handovers=["L1", "L2"])

    assert rows(path, HANDED) == [("L1", "run-1")]
    assert rows(path, COUNTS) == [("run-1", 1), ("run-2", 0)]
    last = rows(path, "SELECT action, detail FROM audit ORDER BY happened_at DESC LIMIT 1")
    assert last[0][0] == "restored"
    assert json.loads(last[0][1])["handed_over"] == 0


@pytest.mark.parametrize("proposed", [["L1", "L1"], ["L1", "unscored"], ["L1", None]])
def test_a_handover_of_no_lead_scored_stops_the_commit(path, store_run, proposed):
    store_run("run-1", ["L1"])

    with pytest.raises(ReconcileError, match="2 leads would be handed over"):
        store_run("run-2", ["L1", "L2"], handovers=proposed)

    assert rows(path, "SELECT lead_id, run_id FROM lead_scores") == [("L1", "run-1")]
    assert rows(path, HANDED) == []


def test_handovers_that_cannot_be_read_leave_the_old_scores(
    path, make_run, make_batch, store_run, quarantine
):
    store_run("run-1", ["L1"])

    with writing(path, make_run("run-2")) as writer:
        writer.write(make_batch(["L2"]))
        with pytest.raises(StoreError, match="previous scores are as they were"):
            writer.commit({}, quarantine("bad"), pa.table({"lead_id": ["L2"]}))

    assert rows(path, "SELECT lead_id FROM lead_scores") == [("L1",)]
    assert rows(path, "FROM quarantine") == []


def test_nobody_may_be_handed_over(path, store_run):
    assert store_run("run-1", ["L1"], handovers=[]).handed_over == 0
    assert rows(path, HANDED) == []
