from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from predictive_scoring.config import Config
from predictive_scoring.records import Extract
from predictive_scoring.sources import load


@dataclass(frozen=True)
class Loaded(Extract):
    """An extract with what tests ask of it."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def quarantine(self) -> list[tuple[int, str]]:
        return self.rows("SELECT line, reason FROM quarantine ORDER BY line")


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.fixture
def load_it(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> Callable[..., Loaded]:
    """Load a company whose sources are given as keywords, from files in the test's folder."""

    def run(company: dict[str, Any] | None = None, **sources: Any) -> Loaded:
        settings = {"company": "Test", "base": tmp_path, "sources": sources, **(company or {})}
        if "stages" not in sources:
            outcome = {"column": "won", "positive": ["yes"], "negative": ["no"]}
            settings.setdefault("outcome", outcome)
        return Loaded(**vars(load(Config(**settings), connection)))

    return run


@pytest.fixture
def flat(tmp_path: Path, load_it: Callable[..., Loaded]) -> Callable[..., Loaded]:
    """Load one flat CSV file from its text or bytes; more keywords describe the leads."""

    def run(text: str | bytes, **leads: Any) -> Loaded:
        data = text if isinstance(text, bytes) else text.encode()
        (tmp_path / "leads.csv").write_bytes(data)
        return load_it(leads={"file": "leads.csv", "order": "rows", **leads})

    return run
