"""A company with two sales teams, and its ledger from rows written by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pytest

from predictive_scoring.config import Config
from predictive_scoring.contract.ledger import ledger
from predictive_scoring.contract.windows import window
from predictive_scoring.records import Extract, Ledger

FILE = {"file": "x.csv", "lead_id": "id"}
SOURCES: dict[str, Any] = {
    "leads": {**FILE, "created_at": "at", "market": "country", "owner": "owner",
              "profile": {"origin": "category"}},
    "stages": {**FILE, "stage": "stage", "entered_at": "at", "reason": "reason"},
    "activities": {**FILE, "occurred_at": "at", "kind": "kind", "outcome": "outcome",
                   "documented": "documented"},
}  # fmt: skip
FRANCE = {
    "time_zone": "Europe/Paris", "markets": ["FR", "BE"], "holidays": "FR",
    "hours": ["09:00-12:30", "14:00-18:00"],
}  # fmt: skip
JAPAN = {"time_zone": "Asia/Tokyo", "markets": ["JP"], "owners": ["sato"], "holidays": "JP"}
TABLES = {
    "leads": "lead_id VARCHAR, created_at TIMESTAMP, market VARCHAR, owner VARCHAR, "
             "profile_origin VARCHAR",
    "stages": "lead_id VARCHAR, stage VARCHAR, entered_at TIMESTAMP, reason VARCHAR",
    "activities": "lead_id VARCHAR, occurred_at TIMESTAMP, kind VARCHAR, outcome VARCHAR, "
                  "documented BOOLEAN",
}  # fmt: skip


@dataclass
class World:
    """Rows by table; instants are (zone, wall time) or UTC."""

    contract: dict[str, Any]
    extract_at: datetime
    sources: dict[str, Any] = field(default_factory=lambda: dict(SOURCES))
    settings: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {t: [] for t in TABLES})
    handed: list[tuple[str, datetime, bool | None]] = field(default_factory=list)

    def lead(self, lead_id: str, handed: datetime, *, market: str | None = "FR",
             owner: str | None = "anna", origin: str | None = "fair", met: bool | None = True,
             created: datetime | None = None) -> None:  # fmt: skip
        self.rows["leads"].append(
            (lead_id, created or utc("UTC", "2026-01-01"), market, owner, origin)
        )
        self.handed.append((lead_id, handed, met))

    def stage(self, lead_id: str, stage: str, at: datetime, reason: str | None = None) -> None:
        self.rows["stages"].append((lead_id, stage, at, reason))

    def activity(self, lead_id: str, at: datetime, documented: bool | None = True, *,
                 kind: str = "call", outcome: str | None = None) -> None:  # fmt: skip
        self.rows["activities"].append((lead_id, at, kind, outcome, documented))

    def config(self) -> Config:
        return Config.model_validate(
            {"company": "x", "time_zone": "Europe/Paris", "sources": self.sources,
             "contract": self.contract, **self.settings}
        )  # fmt: skip

    def extract(self) -> Extract:
        connection = duckdb.connect()
        for name, columns in TABLES.items():
            connection.execute(f"CREATE TABLE {name} ({columns})")
            if self.rows[name]:
                marks = ", ".join("?" * len(self.rows[name][0]))
                connection.executemany(f"INSERT INTO {name} VALUES ({marks})", self.rows[name])  # noqa: S608
        return Extract(connection, frozenset(self.sources), (), self.extract_at.replace(tzinfo=UTC))

    def ledger(self, **asked: Any) -> Ledger:
        config = self.config()
        at = self.extract_at.replace(tzinfo=UTC)
        return ledger(self.extract(), config, window(config, at, **asked), self.handed_table())

    def handed_table(self) -> pa.Table:
        columns = list(zip(*self.handed, strict=True)) or [(), (), ()]
        return pa.table({
            "lead_id": pa.array(columns[0], pa.string()),
            "handed_over_at": pa.array(columns[1], pa.timestamp("us")),
            "criteria_met": pa.array(columns[2], pa.bool_()),
        })  # fmt: skip


def utc(zone: str, text: str) -> datetime:
    """A wall time of a zone as the tables have it; of two equal ones the first."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC).replace(tzinfo=None)


@pytest.fixture
def at() -> Callable[..., datetime]:
    """A Paris wall time (another zone's where named) as UTC without zone."""
    return lambda text, zone="Europe/Paris": utc(zone, text)


@pytest.fixture
def world() -> Callable[..., World]:
    """A company of that contract: ``world(extract_at, versions=…, escalations=…)``."""

    def make(extract_at: str = "2026-11-12 12:00", **contract: Any) -> World:
        contract = {"teams": {"France": FRANCE, "Japan": JAPAN}, "source": "origin", **contract}
        return World(contract, utc("Europe/Paris", extract_at))

    return make
