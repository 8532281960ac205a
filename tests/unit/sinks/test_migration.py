"""Stores of version 2, made by the statements with which version 2 made them."""

import os
import signal
import subprocess
import sys
import threading

import duckdb
import pytest

from predictive_scoring.errors import StoreError
from predictive_scoring.sinks import migration, opening
from predictive_scoring.sinks.opening import make_store, open_reader, open_writer
from predictive_scoring.sinks.reading import already_handed_over, current_mqls

REASONS = "STRUCT(feature VARCHAR, observed VARCHAR, contribution DOUBLE, points DOUBLE)[]"
SCORES = f"""
    lead_id VARCHAR NOT NULL, account_id VARCHAR, market VARCHAR, as_of TIMESTAMP,
    probability DOUBLE NOT NULL, log_odds DOUBLE NOT NULL, percentile DOUBLE NOT NULL,
    base DOUBLE NOT NULL, group_contributions MAP(VARCHAR, DOUBLE) NOT NULL,
    reasons {REASONS} NOT NULL,
    contributions DOUBLE[] NOT NULL, sentences MAP(VARCHAR, VARCHAR[]) NOT NULL"""
KEPT = (
    "lead_id, account_id, market, as_of, probability, log_odds, percentile, base, "
    "group_contributions, reasons"
)
VERSION_2 = (
    "CREATE TABLE store_schema (version INTEGER NOT NULL)",
    """CREATE TABLE score_runs (run_id VARCHAR NOT NULL, current BOOLEAN NOT NULL,
    scored_at TIMESTAMP NOT NULL, model_name VARCHAR NOT NULL, model_version VARCHAR NOT NULL,
    bundle_digest VARCHAR NOT NULL, data_digest VARCHAR NOT NULL, as_of TIMESTAMP,
    feature_names VARCHAR[] NOT NULL, group_names VARCHAR[] NOT NULL,
    languages VARCHAR[] NOT NULL, scored BIGINT NOT NULL,
    excluded MAP(VARCHAR, BIGINT) NOT NULL, quarantined BIGINT NOT NULL)""",
    """CREATE TABLE feedback (feedback_id VARCHAR NOT NULL, given_at TIMESTAMP NOT NULL,
    lead_id VARCHAR NOT NULL, actor VARCHAR NOT NULL, verdict VARCHAR NOT NULL, reason VARCHAR,
    comment VARCHAR, run_id VARCHAR, probability DOUBLE)""",
    """CREATE TABLE quarantine (run_id VARCHAR NOT NULL, table_name VARCHAR, file VARCHAR,
    line BIGINT, reason VARCHAR, record VARCHAR)""",
    """CREATE TABLE audit (happened_at TIMESTAMP NOT NULL, actor VARCHAR NOT NULL,
    action VARCHAR NOT NULL, subject VARCHAR NOT NULL, detail VARCHAR)""",
    "INSERT INTO store_schema VALUES (2)",
    "CREATE SCHEMA runs",
    f"CREATE TABLE runs.none ({SCORES})",
)


def select(run_id, details=""):
    names = f"'acme' AS model_name, '3' AS model_version, '{run_id}' AS run_id"
    return f'SELECT {KEPT}{details}, {names} FROM runs."{run_id}"'  # noqa: S608


def add_run(connection, run_id, leads, current):
    """A run as version 2 left it: what is not current has lost its details."""
    connection.execute(f'CREATE TABLE runs."{run_id}" ({SCORES})')
    connection.executemany(
        f"INSERT INTO runs.\"{run_id}\" VALUES (?, NULL, 'FR', '2026-10-01', 0.5, 0, 50, -1, "  # noqa: S608
        "MAP {'fit': 1}, [{'feature': 'a', 'observed': '1', 'contribution': 1, 'points': 2}], "
        "[1, 0], MAP {'en': ['a']})",
        [[lead] for lead in leads],
    )
    connection.execute(
        "INSERT INTO score_runs VALUES (?, ?, now()::TIMESTAMP, 'acme', '3', 'b', 'd', "
        "'2026-10-01', ['a', 'b'], ['fit', 'time'], ['en'], ?, MAP {'closed': 1}, 0)",
        [run_id, current, len(leads)],
    )
    if not current:
        for column in ("contributions", "sentences"):
            connection.execute(f'ALTER TABLE runs."{run_id}" DROP COLUMN {column}')
    connection.execute(
        "INSERT INTO audit VALUES (now()::TIMESTAMP, ?, 'scored', ?, '{}')",
        ["predictive-scoring score", run_id],
    )


@pytest.fixture
def version_2(path):
    """Two runs: run-1 scored L1 and L2, run-2 (current) L2 and L3."""
    with duckdb.connect(path, config={"storage_compatibility_version": "v1.4.0"}) as connection:
        for statement in VERSION_2:
            connection.execute(statement)
        add_run(connection, "run-1", ["L1", "L2"], current=False)
        add_run(connection, "run-2", ["L2", "L3"], current=True)
        current = select("run-2", ", contributions, sentences")
        history = " UNION ALL ".join(select(run) for run in ("run-1", "run-2"))
        connection.execute(f"CREATE VIEW lead_scores AS {current}")
        connection.execute(f"CREATE VIEW lead_score_history AS {history}")
    return path


def contents(path):
    """All that there is, read by DuckDB alone."""
    with duckdb.connect(path, read_only=True) as connection:
        tables = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables ORDER BY ALL"
        ).fetchall()
        return {
            f"{schema}.{name}": connection.execute(
                f'FROM {schema}."{name}" ORDER BY ALL'
            ).to_arrow_table()
            for schema, name in tables
        }


@pytest.mark.parametrize("opened", [open_reader, open_writer])
def test_whoever_opens_it_first_converts_it_and_nothing_is_lost(version_2, opened):
    before = contents(version_2)

    opened(version_2).close()

    after = contents(version_2)
    assert after.pop("main.store_schema").to_pylist() == [{"version": 3}]
    assert after.pop("main.handovers").num_rows == 0
    del before["main.store_schema"]
    assert before.keys() == after.keys()
    for name, table in before.items():
        if name != "runs.none":
            assert after[name].select(table.column_names).equals(table), name


def test_what_version_2_did_not_keep_is_unknown(version_2):
    with open_reader(version_2) as connection:
        for view, details in {"lead_scores": ", criteria", "lead_score_history": ""}.items():
            found = connection.execute(
                f"SELECT DISTINCT threshold, tier, criteria_met{details} FROM {view}"  # noqa: S608
            ).fetchall()
            assert set(found[0]) == {None}
            assert len(found) == 1
        counts = connection.execute("SELECT handed_over FROM score_runs").fetchall()
    assert counts == [(0,), (0,)]
    assert current_mqls(version_2).to_pylist() == []
    assert already_handed_over(version_2).to_pylist() == []


def test_a_converted_store_is_like_a_new_one(version_2, tmp_path):
    scratch, new = tmp_path / "scratch", tmp_path / "new.duckdb"
    scratch.mkdir()
    make_store(new, scratch)

    shapes = []
    for store in (version_2, new):
        with open_reader(store) as connection:
            columns = connection.execute(
                "SELECT table_name, column_name, data_type, is_nullable, column_default "
                "FROM duckdb_columns() WHERE NOT internal AND NOT table_name LIKE 'run-%' "
                "ORDER BY table_name, column_index"
            ).fetchall()
            keys = connection.execute(
                "SELECT table_name, constraint_text FROM duckdb_constraints() "
                "WHERE NOT table_name LIKE 'run-%' ORDER BY ALL"
            ).fetchall()
            shapes.append((columns, keys))
    assert shapes[0] == shapes[1]


def test_runs_go_on_and_an_older_one_can_be_restored(version_2, store_run):
    store_run("run-3", ["L3", "L4"], handovers=["L4"], tiers=["cold", "mql"])
    store_run("run-1", ["L1", "L2"], tiers=["hot", "cold"])

    with open_reader(version_2) as connection:
        current = connection.execute("SELECT lead_id, tier FROM lead_scores ORDER BY ALL")
        assert current.fetchall() == [("L1", "hot"), ("L2", "cold")]
        history = connection.execute(
            "SELECT run_id, lead_id, tier, reasons[1].feature FROM lead_score_history ORDER BY ALL"
        ).fetchall()
    assert history == [
        ("run-1", "L1", "hot", "a"),
        ("run-1", "L2", "cold", "a"),
        ("run-2", "L2", None, "a"),
        ("run-2", "L3", None, "a"),
        ("run-3", "L3", "cold", "a"),
        ("run-3", "L4", "mql", "a"),
    ]


def test_a_conversion_that_fails_leaves_version_2(version_2, monkeypatch):
    before = contents(version_2)

    def fail(_connection):
        raise duckdb.IOException("no room")

    monkeypatch.setattr(migration, "show_runs", fail)
    with pytest.raises(StoreError, match="no room"):
        open_writer(version_2)

    assert contents(version_2) == before


KILLED = """
import os, signal, sys
import duckdb
from predictive_scoring.sinks import migration

kill = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[2] == "before":
    migration.show_runs = kill
connection = duckdb.connect(sys.argv[1])
migration.convert(connection)
kill()
"""


@pytest.mark.parametrize(("instant", "version"), [("before", 2), ("after", 3)])
def test_a_conversion_that_is_killed_is_whole_or_not_there(version_2, instant, version):
    before = contents(version_2)
    killed = subprocess.run([sys.executable, "-c", KILLED, version_2, instant], check=False)
    assert killed.returncode == -signal.SIGKILL

    found = contents(version_2)

    assert found["main.store_schema"].to_pylist() == [{"version": version}]
    assert ("main.handovers" in found) == (version == 3)
    if version == 2:
        assert found == before
    with open_reader(version_2) as connection:
        assert connection.execute("SELECT count(*), count(tier) FROM lead_scores").fetchall() == [
            (2, 0)
        ]


def test_many_who_open_it_at_once_convert_it_once(version_2, monkeypatch):
    converted, failed = [], []

    def convert(connection):
        converted.append(connection)
        migration.convert(connection)

    def look():
        try:
            open_writer(version_2, wait=20).close()
        except StoreError as error:
            failed.append(error)

    monkeypatch.setattr(opening, "convert", convert)
    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(converted) == 1


HOLD = """
import duckdb, sys
c = duckdb.connect(sys.argv[1], read_only=True)
print('held', flush=True)
input()
"""


def test_a_reader_that_cannot_convert_it_says_who_will(version_2):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, os.fspath(version_2)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match=r"version 2(.|\n)*next scoring run converts it"):
            open_reader(version_2, wait=0.1)
        other.communicate("done\n")


def test_version_1_is_refused(version_2):
    with duckdb.connect(version_2) as connection:
        connection.execute("UPDATE store_schema SET version = 1")

    for opened in (open_reader, open_writer):
        with pytest.raises(StoreError, match="version 1"):
            opened(version_2)
