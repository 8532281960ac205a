from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from predictive_scoring.errors import ReconcileError, StoreError
from predictive_scoring.records import RunSummary
from predictive_scoring.sinks.opening import open_reader
from predictive_scoring.sinks.reading import run_already_stored
from predictive_scoring.sinks.store import writing


def rows(path, query):
    with open_reader(path) as connection:
        return connection.execute(query).fetchall()


def contents(path):
    tables = rows(path, "SELECT table_schema, table_name FROM information_schema.tables")
    return {
        (schema, name): sorted(map(repr, rows(path, f'FROM {schema}."{name}"')))
        for schema, name in tables
    }


def test_a_run_becomes_the_current_scores(path, store_run):
    summary = store_run(
        "run-1", ["L1", "L2"], ["L3"], excluded={"closed": 4}, reasons=["no lead_id"]
    )

    assert summary == RunSummary("run-1", 3, {"closed": 4}, 1, unchanged=False, store=str(path))
    scored = "SELECT lead_id, run_id, model_name, model_version FROM lead_scores ORDER BY lead_id"
    assert rows(path, scored) == [(lead, "run-1", "acme", "3") for lead in ("L1", "L2", "L3")]
    ((run, current, scored_at, excluded, names),) = rows(
        path, "SELECT run_id, current, scored_at, excluded, feature_names FROM score_runs"
    )
    assert (run, current, excluded, names) == ("run-1", True, {"closed": 4}, ["a", "b"])
    assert abs(scored_at - datetime.now(UTC).replace(tzinfo=None)) < timedelta(minutes=5)
    assert rows(path, "SELECT run_id, line, reason FROM quarantine") == [("run-1", 2, "no lead_id")]
    assert rows(path, "SELECT action, subject FROM audit") == [("scored", "run-1")]


def test_a_score_keeps_all_its_parts(path, make_run, make_batch, quarantine):
    with writing(path, make_run()) as writer:
        writer.write(make_batch(["L1", "L2"], [-1.0, 0.5]))
        writer.commit({}, quarantine())

    (row,) = rows(
        path,
        """SELECT as_of, round(probability, 6), log_odds, base, contributions,
        group_contributions['fit'], sentences['fr'], reasons[1].observed, account_id, market
        FROM lead_scores WHERE lead_id = 'L2'""",
    )
    assert row == (
        datetime(2026, 11, 1, 12),  # noqa: DTZ001 - the store keeps UTC without a zone
        0.622459,
        0.5,
        -1.0,
        [1.5, 0.0],
        1.5,
        ["fr L2", "2"],
        "L2",
        None,
        "FR",
    )


def test_percentiles_count_ties_half(path, make_run, make_batch, quarantine):
    with writing(path, make_run()) as writer:
        writer.write(make_batch(["L1", "L2"], [0.0, 1.0]))
        writer.write(make_batch(["L3", "L4"], [-1.0, 0.0]))
        writer.commit({}, quarantine())

    assert rows(path, "SELECT lead_id, percentile FROM lead_scores ORDER BY lead_id") == [
        ("L1", 50.0),
        ("L2", 87.5),
        ("L3", 12.5),
        ("L4", 50.0),
    ]


def test_the_next_run_replaces_current_scores_and_keeps_history(path, store_run):
    store_run("run-1", ["L1", "L2"], reasons=["bad"])
    store_run("run-2", ["L2", "L3"])

    assert rows(path, "SELECT lead_id, run_id FROM lead_scores ORDER BY ALL") == [
        ("L2", "run-2"),
        ("L3", "run-2"),
    ]
    assert rows(path, "SELECT run_id, lead_id FROM lead_score_history ORDER BY ALL") == [
        ("run-1", "L1"),
        ("run-1", "L2"),
        ("run-2", "L2"),
        ("run-2", "L3"),
    ]
    assert rows(path, "SELECT run_id FROM score_runs WHERE current") == [("run-2",)]
    assert rows(path, "FROM quarantine") == []


def test_the_same_run_again_changes_nothing(path, store_run):
    store_run("run-1", ["L1", "L2"], excluded={"closed": 1}, reasons=["bad"])
    before, file = contents(path), path.read_bytes()

    assert run_already_stored(path, "run-1")
    summary = store_run("run-1", ["L9"], excluded={"other": 7})

    assert summary == RunSummary("run-1", 2, {"closed": 1}, 1, unchanged=True, store=str(path))
    assert contents(path) == before
    assert len(path.read_bytes()) == len(file)


def test_an_older_run_again_is_current_again_with_one_history(path, store_run):
    store_run("run-1", ["L1"])
    store_run("run-2", ["L2"])
    assert not run_already_stored(path, "run-1")

    assert not store_run("run-1", ["L1"]).unchanged

    assert rows(path, "SELECT lead_id FROM lead_scores") == [("L1",)]
    assert rows(path, "SELECT run_id FROM score_runs WHERE current") == [("run-1",)]
    assert rows(path, "SELECT run_id FROM lead_score_history ORDER BY ALL") == [
        ("run-1",),
        ("run-2",),
    ]
    assert rows(path, "SELECT action FROM audit") == [("scored",), ("scored",), ("restored",)]


def test_without_a_store_no_run_is_stored(path):
    assert not run_already_stored(path, "run-1")
    assert not path.exists()


def test_without_commit_nothing_remains_of_a_run(path, make_run, make_batch, store_run):
    store_run("run-1", ["L1"])
    before = contents(path)

    def interrupted():
        with writing(path, make_run("run-2")) as writer:
            writer.write(make_batch(["L2"]))
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()

    assert contents(path) == before
    assert {p.name for p in path.parent.iterdir()} == {
        path.name,
        f".{path.name}.lock",
        f".{path.name}.gate",
    }


def test_a_lead_scored_twice_is_refused_and_the_old_scores_stay(path, store_run):
    store_run("run-1", ["L1"])
    before = contents(path)

    with pytest.raises(ReconcileError, match="3 scores for 2 leads"):
        store_run("run-2", ["L1", "L2"], ["L1"])

    assert contents(path) == before


def test_a_commit_that_fails_leaves_the_old_scores(path, make_run, make_batch, store_run):
    store_run("run-1", ["L1"])
    before = contents(path)

    with writing(path, make_run("run-2")) as writer:
        writer.write(make_batch(["L2"]))
        with pytest.raises(StoreError, match="previous scores are as they were"):
            writer.commit({}, pa.table({"wrong": [1]}))

    assert contents(path) == before


def documented(comment):
    docs = (Path(__file__).resolve().parents[3] / "docs" / "store.md").read_text(encoding="utf-8")
    query = docs.partition(f"-- {comment}")[2].partition("```")[0]
    assert query, "docs/store.md has no such query"
    return f"--{query}"


def test_the_query_of_the_docs_for_todays_handovers(path, store_run):
    store_run("run-1", ["L1"], handovers=["L1"], tiers=["hot"])
    store_run("run-2", ["L1", "L2", "L3"], handovers=["L2"], tiers=["hot", "mql", "cold"])

    (row,) = rows(path, documented("today's handovers"))

    assert (row[:3], row[4]) == (("anna", "L2", "mql"), "why L2")


def test_the_query_of_the_docs_for_scores_against_criteria(path, make_run, make_batch, quarantine):
    with writing(path, make_run()) as writer:
        for met in (True, False, None):
            leads = [f"{score} {met}" for score in ("high", "low")]
            writer.write(make_batch(leads, [1.0, -3.0], tiers=["mql", "cold"], met=met))
        writer.commit({}, quarantine())

    found = rows(path, documented("where score and criteria disagree"))

    assert [(row[0], row[-1]) for row in sorted(found)] == [
        ("high False", ["size: high False"]),
        ("high None", ["size: high None"]),
        ("low True", []),
    ]


def test_a_run_without_leads(path, store_run):
    store_run("run-1", ["L1"])

    assert store_run("run-2", [], excluded={"closed": 1}).scored == 0
    assert rows(path, "FROM lead_scores") == []


def test_a_second_run_waits_and_then_says_so(path, make_run):
    with (
        writing(path, make_run("run-1")),
        pytest.raises(StoreError, match="another run is writing"),
        writing(path, make_run("run-2"), wait=0.1),
    ):
        pass


@pytest.mark.parametrize("folder", ["it's [a] *folder", "d'été; DROP TABLE x"])
def test_hostile_names_of_folders_and_leads(tmp_path, make_run, make_batch, quarantine, folder):
    path = tmp_path / folder / "sco'res.duckdb"
    leads = ["'; DROP TABLE lead_scores; --", "=1+1", "L\0L", "日本\u202e", ""]

    with writing(path, make_run("'; --")) as writer:
        writer.write(make_batch(leads))
        writer.commit({"it's": 1}, quarantine("'"))

    assert sorted(x for (x,) in rows(path, "SELECT lead_id FROM lead_scores")) == sorted(leads)
    assert run_already_stored(path, "'; --")
