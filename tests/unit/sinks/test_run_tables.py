import duckdb
import pytest

from predictive_scoring.sinks import schema
from predictive_scoring.sinks.opening import open_reader
from predictive_scoring.sinks.run_tables import NONE, show_runs, table_of

HISTORY = "SELECT run_id, lead_id, reasons[1].observed, group_contributions['fit'] IS NOT NULL "


def columns(path, view):
    with open_reader(path) as connection:
        return [row[0] for row in connection.execute(f"DESCRIBE {view}").fetchall()]


def test_a_run_that_is_no_longer_current_keeps_its_reasons_and_loses_its_details(path, store_run):
    store_run("run-1", ["L1", "L2"])
    assert set(schema.DETAILS) <= set(columns(path, table_of("run-1")))

    store_run("run-2", ["L1"])

    assert set(columns(path, table_of("run-2"))) - set(columns(path, table_of("run-1"))) == {
        "contributions",
        "sentences",
        "criteria",
    }
    with open_reader(path) as connection:
        kept = connection.execute(f"{HISTORY} FROM lead_score_history ORDER BY ALL").fetchall()
    assert kept == [
        ("run-1", "L1", "L1", True),
        ("run-1", "L2", "L2", True),
        ("run-2", "L1", "L1", True),
    ]


def test_a_run_that_is_current_again_has_its_details_again(path, store_run):
    store_run("run-1", ["L1"])
    store_run("run-2", ["L2"])
    store_run("run-1", ["L1"])

    with open_reader(path) as connection:
        found = connection.execute("SELECT lead_id, sentences['fr'][1] FROM lead_scores").fetchall()
    assert found == [("L1", "fr L1")]


def test_the_views_of_a_store_without_a_run_are_empty_and_have_all_columns(path, store_run):
    with duckdb.connect() as connection:
        schema.create(connection)
        show_runs(connection)
        connection.execute("COMMENT ON VIEW lead_scores IS 'it is a view'")
        empty = {
            name: connection.execute(f"DESCRIBE {name}").fetchall()
            for name in ("lead_scores", "lead_score_history")
        }
        assert connection.execute("FROM lead_scores").fetchall() == []
        assert connection.execute(f"FROM {NONE}").fetchall() == []
    store_run("run-1", ["L1"])

    with open_reader(path) as connection:
        full = {name: connection.execute(f"DESCRIBE {name}").fetchall() for name in empty}
    assert full == empty


def test_one_run_is_read_without_the_others(path, store_run):
    for k in range(3):
        store_run(f"run-{k}", ["L1"])

    with open_reader(path) as connection:
        query = "EXPLAIN SELECT lead_id FROM lead_score_history WHERE run_id = 'run-1'"
        plan = connection.execute(query).fetchall()[0][1]
    assert "run-1" in plan
    assert "run-2" not in plan


@pytest.mark.parametrize("run_id", ['a"; DROP TABLE feedback; --', "it's"])
def test_a_run_may_have_any_name(path, store_run, run_id):
    store_run(run_id, ["L1"])

    with open_reader(path) as connection:
        found = connection.execute("SELECT lead_id, run_id FROM lead_scores").fetchall()
    assert found == [("L1", run_id)]
