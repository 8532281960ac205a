from __future__ import annotations

from pathlib import Path

import pytest

from predictive_scoring.config import Config
from predictive_scoring.errors import ColumnsError, DataError
from predictive_scoring.sources import check_columns


def company(base: Path, **events: object) -> Config:
    sources = {
        "leads": {"file": "leads.csv", "lead_id": "id", "created_at": "at"},
        "events": {"file": "e*.csv", "lead_id": "id", "occurred_at": "at", "type": "t", **events},
    }
    outcome = {"column": "won", "positive": ["yes"], "negative": ["no"]}
    return Config(company="T", base=base, sources=sources, outcome=outcome)  # type: ignore[arg-type]


def test_declared_columns_are_looked_for_in_every_file_of_a_table(tmp_path: Path):
    (tmp_path / "leads.csv").write_text("id,at,Won\n")
    (tmp_path / "e1.csv").write_text("id,at,t\nthis is never read\n")
    (tmp_path / "e2.csv").write_text("id,at\n")
    config = company(tmp_path)
    with pytest.raises(ColumnsError) as error:
        check_columns("leads", config.sources.leads, config)
    assert "leads.csv (leads): column 'won' not found" in str(error.value)
    assert "did you mean 'Won' in place of 'won'?" in error.value.todo
    assert config.sources.events is not None
    with pytest.raises(ColumnsError, match=r"e2\.csv \(events\): column 't'"):
        check_columns("events", config.sources.events, config)
    (tmp_path / "e2.csv").write_text("t,id,at\n")
    check_columns("events", config.sources.events, config)


def test_a_table_without_a_file_is_an_error(tmp_path: Path):
    config = company(tmp_path)
    with pytest.raises(DataError, match="no such file"):
        check_columns("leads", config.sources.leads, config)
