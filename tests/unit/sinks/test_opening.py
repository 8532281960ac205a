import subprocess
import sys
import threading
import time

import duckdb
import pytest

from predictive_scoring.errors import StoreError
from predictive_scoring.sinks import locks
from predictive_scoring.sinks.opening import make_store, open_reader, open_writer
from predictive_scoring.sinks.store import writing

TABLES = {
    "store_schema",
    "score_runs",
    "lead_scores",
    "lead_score_history",
    "feedback",
    "quarantine",
    "handovers",
    "audit",
}


@pytest.fixture
def store(path, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    make_store(path, scratch)
    return path


def test_a_new_store_has_all_tables(store):
    with open_reader(store) as connection:
        names = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'"
        ).fetchall()

    assert {name for (name,) in names} == TABLES


def test_a_store_that_is_there_is_not_made_again(store, tmp_path):
    before = store.read_bytes()

    make_store(store, tmp_path / "scratch")

    assert store.read_bytes() == before


def test_without_a_store_the_reader_says_what_to_run(path):
    with pytest.raises(StoreError, match=r"no score store(.|\n)*predictive-scoring score"):
        open_reader(path)


def test_a_reader_cannot_write(store):
    with open_reader(store) as connection, pytest.raises(duckdb.Error):
        connection.execute("DELETE FROM audit")


@pytest.mark.parametrize("content", [b"", b"lead_id,score\nL1,0.5\n" * 1000])
def test_a_foreign_file_is_refused_and_left_alone(path, make_run, content):
    path.write_bytes(content)

    with pytest.raises(StoreError, match="nothing was overwritten"):
        open_reader(path)
    with pytest.raises(StoreError), writing(path, make_run()):
        pass
    assert path.read_bytes() == content


def test_a_truncated_store_is_refused_and_left_alone(path, make_run, store_run):
    store_run("run-1", [f"L{i}" for i in range(5000)])
    damaged = path.read_bytes()[:20_000]
    path.write_bytes(damaged)

    with pytest.raises(StoreError), writing(path, make_run()):
        pass
    assert path.read_bytes() == damaged


def test_another_programs_database_is_refused_and_left_alone(path, make_run):
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE lead_scores (mine INTEGER)")

    with pytest.raises(StoreError, match="no score store"), writing(path, make_run()):
        pass
    with duckdb.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (1,)


def test_a_newer_schema_is_refused(store, make_run):
    with duckdb.connect(store) as connection:
        connection.execute("UPDATE store_schema SET version = 99")

    with pytest.raises(StoreError, match=r"version 99(.|\n)*version 3\b"):
        open_reader(store)
    with pytest.raises(StoreError), writing(store, make_run()):
        pass


HOLD = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"


@pytest.fixture
def held(store):
    """The store while another process has it open for writing."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, store],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    yield holder
    holder.communicate("done\n")


@pytest.mark.usefixtures("held")
def test_a_store_in_use_is_said_to_be_so(store):
    for opened in (open_reader, open_writer):
        with pytest.raises(StoreError, match="in use by another process"):
            opened(store, wait=0.1)


def test_a_reader_waits_for_the_writer(store, held):
    held.stdin.write("done\n")
    held.stdin.close()
    held.stdin = None

    with open_reader(store, wait=10) as connection:
        assert connection.execute("SELECT count(*) FROM audit").fetchone() == (0,)


def test_a_folder_that_cannot_be_made_is_said_to_be_so(tmp_path, make_run):
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError), writing(tmp_path / "file" / "scores.duckdb", make_run()):
        pass


def test_a_writer_that_waits_goes_before_new_readers(store):
    gate = store.with_name(".scores.duckdb.gate")
    with locks.held(gate, time.monotonic() + 1), pytest.raises(StoreError, match="in use"):
        open_reader(store, wait=0.1)

    with open_reader(store, wait=0.1) as connection:
        assert connection.execute("SELECT count(*) FROM audit").fetchone() == (0,)


def test_a_writer_waits_for_the_readers_there_are(store):
    reader = open_reader(store)
    closing = threading.Timer(0.3, reader.close)
    closing.start()

    with open_writer(store, wait=10) as connection:
        connection.execute("SELECT 1")
    closing.join()
