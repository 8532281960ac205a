"""A small company's history, written by hand or drawn at random, as an Extract in DuckDB.

Instants are whole days and hours after DAY_ZERO on purpose, so that events fall exactly on as-ofs
and on the edges of windows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from predictive_scoring.config import Config
from predictive_scoring.records import Extract

DAY_ZERO = datetime(2026, 1, 1, tzinfo=UTC)
TABLES = {
    "leads": {
        "lead_id": "VARCHAR", "row_number": "BIGINT", "created_at": "TIMESTAMP",
        "account_id": "VARCHAR", "market": "VARCHAR", "language": "VARCHAR", "owner": "VARCHAR",
        "email": "VARCHAR", "outcome": "BOOLEAN",
    },
    "events": {
        "lead_id": "VARCHAR", "occurred_at": "TIMESTAMP", "type": "VARCHAR", "channel": "VARCHAR",
        "campaign": "VARCHAR", "topic": "VARCHAR", "value": "DOUBLE",
    },
    "stages": {
        "lead_id": "VARCHAR", "stage": "VARCHAR", "entered_at": "TIMESTAMP", "actor": "VARCHAR",
        "reason": "VARCHAR",
    },
    "activities": {
        "lead_id": "VARCHAR", "occurred_at": "TIMESTAMP", "kind": "VARCHAR", "actor": "VARCHAR",
        "outcome": "VARCHAR", "documented": "BOOLEAN",
    },
    "changes": {
        "lead_id": "VARCHAR", "column": "VARCHAR", "value": "VARCHAR", "changed_at": "TIMESTAMP",
    },
}  # fmt: skip
KINDS = {"number": "DOUBLE", "category": "VARCHAR", "flag": "BOOLEAN"}
FILE = {"file": "x.csv"}
SOURCES: Mapping[str, Mapping[str, Any]] = {
    "leads": {"lead_id": "id", "created_at": "created", "account_id": "account"},
    "events": {"lead_id": "id", "occurred_at": "at", "type": "type"},
    "stages": {"lead_id": "id", "stage": "stage", "entered_at": "at"},
    "activities": {"lead_id": "id", "occurred_at": "at", "kind": "kind"},
    "changes": {"lead_id": "id", "column": "column", "value": "value", "changed_at": "at"},
}


def day(days: float, microseconds: int = 0) -> datetime:
    """An instant in UTC, so many days after DAY_ZERO."""
    return DAY_ZERO + timedelta(days=days, microseconds=microseconds)


@dataclass
class History:
    """Rows by table, columns by name; what is not given is NULL."""

    declared: frozenset[str] = frozenset({"leads", "events", "stages", "activities"})
    profile: dict[str, str] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    extract_at: datetime = field(default_factory=lambda: day(365))
    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {name: [] for name in TABLES}
    )

    def add(self, table: str, **row: Any) -> "History":
        self.rows[table].append(row)
        return self

    def copy(self) -> "History":
        rows = {name: [dict(row) for row in rows] for name, rows in self.rows.items()}
        return History(self.declared, self.profile, self.settings, self.extract_at, rows)

    def config(self, **settings: Any) -> Config:
        leads = {**FILE, **SOURCES["leads"], "profile": self.profile}
        sources: dict[str, Any] = {
            name: {**FILE, **SOURCES[name]} for name in self.declared - {"leads"}
        }
        chosen = {**self.settings, **settings}
        leads |= chosen.pop("leads", {})
        return Config.model_validate(
            {"company": "x", "seed": 7, "sources": {"leads": leads, **sources}, **chosen}
        )

    def extract(self) -> Extract:
        connection = duckdb.connect()
        connection.execute("SET threads = 2")
        for name, columns in TABLES.items():
            own = {f"profile_{p}": KINDS[kind] for p, kind in self.profile.items()}
            types = {**columns, **(own if name == "leads" else {})}
            rows = [self._row(name, i, row) for i, row in enumerate(self.rows[name], 1)]
            given = pa.table({c: pa.array([r.get(c) for r in rows], _arrow(t))
                              for c, t in types.items()})  # fmt: skip
            connection.register("given", given)
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM given')  # noqa: S608
            connection.unregister("given")
        return Extract(connection, self.declared, (), self.extract_at)

    @staticmethod
    def _row(name: str, number: int, row: dict[str, Any]) -> dict[str, Any]:
        plain = {
            k: v.astimezone(UTC).replace(tzinfo=None) if isinstance(v, datetime) else v
            for k, v in row.items()
        }
        return {"row_number": number, **plain} if name == "leads" else plain


def _arrow(kind: str) -> pa.DataType:
    return {
        "VARCHAR": pa.string(), "BIGINT": pa.int64(), "TIMESTAMP": pa.timestamp("us"),
        "BOOLEAN": pa.bool_(), "DOUBLE": pa.float64(),
    }[kind]  # fmt: skip


def random_history(seed: int, leads: int = 12, events: int = 120) -> History:
    """People of few accounts with ties, edges, missing values, re-entered stages and changes."""
    rng = np.random.default_rng(seed)
    history = History(
        declared=frozenset({"leads", "events", "stages", "activities", "changes"}),
        profile={"size": "number", "industry": "category", "newsletter": "flag"},
        settings={
            "leads": {"market": "country"},
            "features": {"windows": [3, 20]},
            "snapshots": {"ages": {"first": 0, "every": 5, "until": 40}, "max_age": 45},
            "outcome": {"horizon": 15},
        },
        extract_at=day(100),
    )

    def instant(low: float = 0.0) -> datetime:
        hours = rng.integers(int(low * 24), 100 * 24) // 12 * 12
        return day(max(low, hours / 24), int(rng.choice([-1, 0, 0, 0, 1]) * (hours / 24 > low)))

    def one_of(*values: Any) -> Any:
        return values[rng.integers(len(values))]

    ids = [f"L{i:02}" for i in range(leads)]
    born = {lead: instant() for lead in ids}
    for lead in ids:
        history.add(
            "leads", lead_id=lead, created_at=born[lead],
            account_id=one_of("A", "B", None), market=one_of("FR", "DE", None),
            profile_size=one_of(1.5, 20.0, None), profile_newsletter=one_of(True, None),
            profile_industry=one_of("food", "water", None),
        )  # fmt: skip
    for _ in range(events):
        history.add(
            "events", lead_id=rng.choice(ids), occurred_at=instant(),
            type=one_of("visit", "mail", "form"), channel=one_of("web", None),
            topic=one_of("pricing", "jobs", None), value=one_of(0.1, 0.7, None),
        )  # fmt: skip
    for _ in range(leads):
        lead = rng.choice(ids)
        history.add("activities", lead_id=lead, occurred_at=instant(), kind=one_of("call"))
        stage = one_of("mql", "sql", "rejected")
        history.add("stages", lead_id=lead, stage=stage, entered_at=instant())
        if rng.random() < 0.7:
            _change(history, rng, lead, born[lead], instant())
    return history


def _change(
    history: History, rng: np.random.Generator, lead: str, born: datetime, at: datetime
) -> None:
    """A column's first value, dated creation, and a later one, as a complete log has it."""
    column, values = [
        ("size", ("3", "50", None)), ("industry", ("food", "steel")),
        ("newsletter", ("true", "false")),
    ][rng.integers(3)]  # fmt: skip
    for when in (born, max(born, at)):
        history.add("changes", lead_id=lead, column=column, changed_at=when,
                    value=rng.choice(np.array(values, dtype=object)))  # fmt: skip


@pytest.fixture
def history() -> Callable[..., History]:
    return History


@pytest.fixture(name="random_history", scope="session")
def _random_history() -> Callable[..., History]:
    return random_history


@pytest.fixture(name="day", scope="session")
def _day() -> Callable[..., datetime]:
    return day
