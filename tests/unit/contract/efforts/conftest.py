"""A small company written by hand, as an Extract in DuckDB; every figure can be worked out.

Head office is in Paris, the horizon 30 days, the extract of 10 April 2026, the window March.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from predictive_scoring.config import Config
from predictive_scoring.contract.efforts import efforts
from predictive_scoring.records import Effort, EffortTable, Extract, Window

TEXT, INSTANT = pa.string(), pa.timestamp("us")
COLUMNS: dict[str, dict[str, pa.DataType]] = {
    "leads": {
        "lead_id": TEXT, "row_number": pa.int64(), "created_at": INSTANT, "market": TEXT,
        "language": TEXT, "owner": TEXT, "outcome": pa.bool_(), "profile_origin": TEXT,
    },
    "events": {
        "lead_id": TEXT, "occurred_at": INSTANT, "type": TEXT, "channel": TEXT, "campaign": TEXT,
        "topic": TEXT,
    },
    "stages": {"lead_id": TEXT, "stage": TEXT, "entered_at": INSTANT},
    "activities": {"lead_id": TEXT, "occurred_at": INSTANT},
    "handed": {"lead_id": TEXT, "handed_over_at": INSTANT},
}  # fmt: skip
SOURCES: dict[str, dict[str, Any]] = {
    "leads": {
        "file": "x.csv", "lead_id": "id", "created_at": "created", "market": "country",
        "profile": {"origin": "category", "employees": "number"},
    },
    "events": {"file": "x.csv", "lead_id": "id", "occurred_at": "at", "type": "t", "channel": "c"},
    "stages": {"file": "x.csv", "lead_id": "id", "stage": "stage", "entered_at": "at"},
    "activities": {"file": "x.csv", "lead_id": "id", "occurred_at": "at", "kind": "kind"},
}  # fmt: skip
MARCH = Window("2026-03", date(2026, 3, 1), date(2026, 3, 31), {})


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant of 2026, UTC without zone."""
    return datetime(2026, month, day, hour, minute)  # noqa: DTZ001


@dataclass
class Company:
    """Rows by table, and the configuration's sections."""

    rows: dict[str, list[tuple[Any, ...]]]
    contract: dict[str, Any] = field(default_factory=lambda: {"source": "origin"})
    sources: dict[str, dict[str, Any]] = field(default_factory=lambda: deepcopy(SOURCES))
    outcome: dict[str, Any] = field(default_factory=lambda: {"horizon": 30})
    extract_at: datetime = datetime(2026, 4, 10, tzinfo=UTC)

    def config(self) -> Config:
        return Config.model_validate({
            "company": "x", "time_zone": "Europe/Paris", "sources": self.sources,
            "outcome": self.outcome, "contract": self.contract,
        })  # fmt: skip

    def tables(self, *dimensions: str, window: Window = MARCH) -> tuple[EffortTable, ...]:
        connection = duckdb.connect()
        for name in ("leads", "events", "stages", "activities"):
            connection.register("given", self._arrow(name))
            connection.execute(f"CREATE TABLE {name} AS FROM given")
            connection.unregister("given")
        extract = Extract(connection, frozenset(self.sources), (), self.extract_at)
        found = efforts(extract, self.config(), window, dimensions, self._arrow("handed"))
        left = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        assert {name for (name,) in left} == {"leads", "events", "stages", "activities"}
        return found

    def table(self, dimension: str, **window: Any) -> dict[str, Effort]:
        """One dimension's efforts by value."""
        return {e.value: e for e in self.tables(dimension, **window)[0].efforts}

    def _arrow(self, name: str) -> pa.Table:
        rows = self.rows.get(name, [])
        columns = COLUMNS[name]
        return pa.table({
            column: pa.array([row[i] if i < len(row) else None for row in rows], kind)
            for i, (column, kind) in enumerate(columns.items())
        })  # fmt: skip


def written_by_hand() -> Company:
    """Eight leads of March and four that are not; what became of each is beside it."""

    def lead(name: str, created: datetime | None, market: str, origin: str | None) -> Any:
        return (name, ord(name), created, market, None, None, None, origin)

    leads = [
        lead("A", at(3, 1), "FR", "web"),  # MQL after 1 day, SQL after 10 more, won after 10 more
        lead("B", at(3, 2), "FR", "web"),  # MQL after 5 days, rejected
        lead("C", at(3, 3), "FR", "fair"),  # MQL after 2 days, SQL after 20 more
        lead("D", at(3, 5), "DE", "web"),  # nothing, and its horizon is over
        lead("E", at(3, 6), "DE", "fair"),  # MQL after 1 day, and nobody worked it
        lead("F", at(3, 20), "DE", "web"),  # SQL after 5 days, never handed over; horizon runs
        lead("G", at(3, 25), "DE", None),  # open
        lead("H", at(2, 28, 23, 30), "FR", "web"),  # the first of March in Paris; nothing
        lead("I", at(2, 28, 22, 59), "FR", "web"),  # still February
        lead("K", at(3, 31, 22), "FR", "web"),  # already April
        lead("L", None, "FR", "web"),  # nobody knows when
        lead("M", at(1, 5), "DE", "web"),
    ]
    stages = [
        ("A", "sql", at(3, 12)), ("A", "won", at(3, 22)), ("A", "sql", at(3, 29)),
        ("B", "rejected", at(3, 10)), ("C", "sql", at(3, 25)), ("F", "sql", at(3, 25)),
        ("I", "sql", at(3, 2)), ("M", "sql", at(3, 2)),
    ]  # fmt: skip
    handed = [
        ("A", at(3, 8)), ("A", at(3, 2)), ("B", at(3, 7)), ("C", at(3, 5)), ("E", at(3, 7)),
        ("I", at(3, 1)),
    ]  # fmt: skip
    events = [
        ("A", at(3, 3), "visit", "mail"), ("A", at(3, 2), "visit", "web"),
        ("A", at(3, 4), "visit", "mail"), ("A", at(3, 20), "call", "phone"),
        ("B", at(3, 5), "visit", "web"), ("C", at(3, 1), "visit", None),
        ("C", at(3, 3), "form", "fair"), ("D", at(3, 6), "visit", "web"),
        ("E", at(3, 7), "visit", "web"), ("E", at(3, 7), "visit", "mail"),
        ("F", at(3, 25), "form", "mail"), ("I", at(3, 1), "visit", "radio"),
    ]  # fmt: skip
    return Company({"leads": leads, "stages": stages, "handed": handed, "events": events,
                    "activities": [("B", at(3, 6))]})  # fmt: skip


@pytest.fixture
def company() -> Company:
    return written_by_hand()


@pytest.fixture(name="at", scope="session")
def _at() -> Callable[..., datetime]:
    return at


@pytest.fixture(scope="session")
def march() -> Window:
    return MARCH
