from dataclasses import replace

import pytest

from predictive_scoring.errors import ReconcileError
from predictive_scoring.sinks.arrow import to_table
from predictive_scoring.sinks.commit import Beside, replace_scores
from predictive_scoring.sinks.opening import open_writer
from predictive_scoring.sinks.staged import rank, stage


def test_a_staged_score_that_would_be_lost_stops_the_commit(
    tmp_path, path, make_run, make_batch, store_run, quarantine
):
    store_run("run-1", ["L1"])
    parts = tmp_path / "parts"
    parts.mkdir()
    stage(to_table(make_batch(["L1", "L2"]), make_run()), parts, 1)
    more = replace(rank(parts), scored=3)

    with open_writer(path) as connection:
        with pytest.raises(ReconcileError, match="2 of 3 scores"):
            replace_scores(connection, make_run("run-2"), more, Beside({}, quarantine()))
        found = connection.execute("SELECT lead_id, run_id FROM lead_scores").fetchall()
    assert found == [("L1", "run-1")]
