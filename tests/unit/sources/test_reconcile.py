from __future__ import annotations

import csv
import importlib
import io
import json
import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictive_scoring.config import Config
from predictive_scoring.errors import ReconcileError
from predictive_scoring.sources import load, parts, settle
from predictive_scoring.sources.csv_records import CsvRecords

# Whole lines, good and bad: each is one record by itself, unless a stray quote finds another.
LINES = st.sampled_from(
    [
        "A,2026-01-01T00:00:00Z,visit,1",
        "B,2026-01-02T00:00:00Z,mail,2.5",
        '"B",2026-01-02T00:00:00Z,"ma,il",""',
        "A,2026-01-01T00:00:00Z,visit,many",
        "A,2026-02-30,visit,1",
        "X,2026-01-01T00:00:00Z,visit,1",
        "A,2026-01-01T00:00:00Z,visit",
        "A,2026-01-01T00:00:00Z,visit,1,2",
        'A,"2026-01-01T00:00:00Z,visit,1',
        'A,2026-01-01T00:00:00Z,"vi\nsit",1',
        'A,2026-01-01T00:00:00Z,vi"sit,1',
        '"A"x,2026-01-01T00:00:00Z,visit,1',
        "",
        ",,,",
        "A,2026-01-01T00:00:00Z,vi\0sit,1",
        "A,2026-01-01T00:00:00Z,vi\udcffsit,1",
    ]
)


def config(base: Path, **events: object) -> Config:
    sources = {
        "leads": {"file": "leads.csv", "lead_id": "id", "order": "rows"},
        "events": {
            "file": "events.csv",
            "lead_id": "lead",
            "occurred_at": "at",
            "type": "type",
            "value": "value",
            **events,
        },
    }
    outcome = {"column": "won", "positive": ["yes"], "negative": ["no"]}
    return Config(company="T", base=base, sources=sources, outcome=outcome)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(LINES, max_size=12),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([{}, {"types": {"visit": "page"}, "others": "set_aside"}]),
)
def test_reconcile_every_row_is_accounted_for(lines: list[str], end: str, rule: dict[str, object]):
    text = end.join(["lead,at,type,value", *lines]) + end
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        base = Path(folder)
        (base / "leads.csv").write_text("id,won\nA,yes\nB,no\n")
        (base / "events.csv").write_bytes(text.encode("utf-8", "surrogateescape"))
        extract = load(config(base, **rule), connection)
        count = extract.counts[1]
        (loaded,) = connection.execute("SELECT count(*) FROM events").fetchone() or (0,)
        refused = connection.execute(
            "SELECT line, reason, record, file FROM quarantine ORDER BY line"
        ).fetchall()

    assert count.records == loaded + len(refused) + count.set_aside
    assert (count.loaded, count.quarantined) == (loaded, len(refused))
    physical = list(io.StringIO(text, newline=""))
    for line, reason, record, file in refused:
        assert file == "events.csv"
        assert reason
        written = json.loads(record)
        if isinstance(written, str):
            assert written == physical[line - 1].rstrip("\r\n")
        else:
            cells = list(written.values()) if isinstance(written, dict) else written
            assert next(csv.reader(physical[line - 1 :])) == cells


@pytest.fixture
def company(tmp_path: Path) -> Config:
    (tmp_path / "leads.csv").write_text("id,won\nA,yes\nB,no\n")
    (tmp_path / "events.csv").write_text(
        "lead,at,type,value\nA,2026-01-01T00:00:00Z,visit,1\nA,bad,visit,1\n"
    )
    return config(tmp_path)


def test_reconcile_a_row_that_gets_lost_stops_the_run(company: Config, monkeypatch):
    monkeypatch.setattr(parts.Target, "add_to_stage", _losing_one(parts.Target.add_to_stage))
    with duckdb.connect() as connection, pytest.raises(ReconcileError) as error:
        load(company, connection)
    assert "2 records by an independent count, but 1 loaded + 0 quarantined" in str(error.value)


def _losing_one(add):
    def lossy(self, stage, columns):
        add(self, stage, [column.slice(1) for column in columns])

    return lossy


def test_reconcile_records_that_the_reader_never_saw_stop_the_run(company: Config, monkeypatch):
    monkeypatch.setattr(CsvRecords, "batches", lambda *_: iter(()))
    with duckdb.connect() as connection, pytest.raises(ReconcileError, match="2 records by an"):
        load(company, connection)


def test_reconcile_a_quarantined_row_that_gets_lost_stops_the_run(company: Config, monkeypatch):
    monkeypatch.setattr(settle, "_quarantine", lambda *_: None)
    with duckdb.connect() as connection, pytest.raises(ReconcileError, match=r"events\.csv"):
        load(company, connection)


def test_reconcile_a_row_of_no_file_stops_the_run(company: Config, monkeypatch):
    original = settle.settle

    def adding(connection, table, fates, some):
        rules = original(connection, table, fates, some)
        connection.execute(f"INSERT INTO {table} (lead_id, row_number) VALUES ('Z', 99)")  # noqa: S608
        return rules

    module = importlib.import_module("predictive_scoring.sources.load")
    monkeypatch.setattr(module, "settle", adding)
    with duckdb.connect() as connection, pytest.raises(ReconcileError, match="known file"):
        load(company, connection)
