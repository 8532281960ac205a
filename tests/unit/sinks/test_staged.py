import duckdb
import pyarrow.parquet as pq
import pytest

from predictive_scoring.errors import ReconcileError
from predictive_scoring.sinks.arrow import to_table
from predictive_scoring.sinks.staged import rank, stage


@pytest.fixture
def keep(tmp_path, make_batch, make_run):
    """Stage batches in a folder whose name is no pattern."""
    folder = tmp_path / "it's [a] *folder"
    folder.mkdir()

    def stage_all(*batches):
        for number, (leads, log_odds) in enumerate(batches):
            stage(to_table(make_batch(leads, log_odds), make_run()), folder, number)
        return folder

    return stage_all


def test_percentiles_are_of_all_parts_together(keep):
    staged = rank(keep((["L1", "L2"], [0.0, 1.0]), (["L3", "L4"], [-1.0, 0.0])))

    assert staged.scored == 4
    found = duckdb.execute(
        "SELECT percentile FROM read_parquet(?) ORDER BY probability", [staged.percentiles]
    ).fetchall()
    assert found == [(12.5,), (50.0,), (87.5,)]


def test_what_was_ranked_is_what_the_glob_finds(keep):
    staged = rank(keep((["L1"], [0.0]), (["L2"], [1.0])))

    found = duckdb.execute("SELECT lead_id FROM read_parquet(?) ORDER BY 1", [staged.parts])
    assert found.fetchall() == [("L1",), ("L2",)]


def test_a_lead_scored_twice_is_refused(keep):
    folder = keep((["L1", "L2"], [0.0, 1.0]), (["L1"], [0.0]))

    with pytest.raises(ReconcileError, match="3 scores for 2 leads"):
        rank(folder)


def test_nothing_staged_is_no_lead(keep):
    assert rank(keep()).scored == 0


def test_a_part_keeps_every_column_exactly(keep, make_batch, make_run):
    (file,) = keep((["L1", "L2"], [-0.5, 0.1])).iterdir()

    assert pq.read_table(file).equals(to_table(make_batch(["L1", "L2"], [-0.5, 0.1]), make_run()))
