"""How fast features are built: events per second, against the same columns in pandas.

Run ``python benchmarks/features.py --leads 100000``. Each figure is the median of several runs;
the pandas table is checked against ours before anything is timed.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import ibis
import numpy as np
import pandas as pd
import pyarrow as pa

from predictive_scoring import features
from predictive_scoring.config import Config
from predictive_scoring.records import Extract, FeatureColumn, FeatureSpec, Snapshots

AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
TYPES = np.array(["visit", "download", "webinar", "mail_open", "mail_click", "form"])
CHANNELS = np.array(["direct", "email", "organic", "paid", "social", "website"])
TOPICS = np.array([f"topic {i}" for i in range(8)])
DAYS = 180
CONFIG = Config.model_validate({
    "company": "benchmark",
    "snapshots": {"max_age": DAYS + 20},
    "sources": {
        "leads": {"file": "l.csv", "lead_id": "i", "created_at": "c", "account_id": "a"},
        "events": {"file": "e.csv", "lead_id": "i", "occurred_at": "t", "type": "k"},
        "stages": {"file": "s.csv", "lead_id": "i", "stage": "s", "entered_at": "t"},
    },
})  # fmt: skip


def main() -> None:
    """Print one line per way of computing."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--leads", type=int, default=100_000)
    options.add_argument("--events-per-lead", type=int, default=20)
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    leads, events = simulate(given.leads, given.leads * given.events_per_lead)
    extract = load(leads, events)
    snapshots = features.scoring_snapshots(extract, CONFIG, AS_OF)
    whole = features.plan(extract, CONFIG)
    same, accounts = (
        replace(whole, columns=tuple(c for c in whole.columns if c.source == source))
        for source in ("events", "accounts")
    )
    frame = events.to_pandas()
    check(extract, same, snapshots, in_pandas(frame, same))
    ours = median(lambda: build(extract, same, snapshots), given.runs)
    pandas = median(lambda: in_pandas(frame, same), given.runs)
    rollups = median(lambda: build(extract, accounts, snapshots), given.runs)
    together = median(lambda: build(extract, whole, snapshots), given.runs)
    batches = median(lambda: score(extract, whole, snapshots), given.runs)
    print(f"{given.leads:,} leads, {len(frame):,} events, {snapshots.rows:,} snapshots, "
          f"median of {given.runs} runs")  # fmt: skip
    for name, (wall, cpu) in {
        f"build, {len(same.columns)} event columns": ours,
        f"pandas, the same {len(same.columns)} columns": pandas,
        f"build, {len(accounts.columns)} account roll-ups": rollups,
        f"build, all {len(whole.columns)} columns": together,
        "batches to score, all columns": batches,
    }.items():
        print(f"{name:35} {wall:8.2f} s {len(frame) / wall:14,.0f} events/s {cpu:8.2f} CPU s")
    wall, cpu = (theirs / own for theirs, own in zip(pandas, ours, strict=True))
    print(f"pandas takes {wall:.1f} times as long for the same columns, {cpu:.1f} times the CPU")
    print(f"account roll-ups take {rollups[1] / together[1]:.0%} of the CPU of all columns")


def simulate(leads: int, events: int) -> tuple[pa.Table, pa.Table]:
    """Leads of accounts of about 3 people and their events, uniform over 180 days."""
    rng = np.random.default_rng(1)
    begin = np.datetime64((AS_OF - timedelta(days=DAYS)).replace(tzinfo=None), "us")
    ids = np.char.add("lead-", np.arange(leads).astype(str))
    accounts = np.char.add("account-", rng.integers(0, leads // 3 + 1, leads).astype(str))
    offsets = rng.integers(0, DAYS * 86_400 * 10**6, events)
    people = pa.table({
        "lead_id": ids, "account_id": accounts, "row_number": np.arange(leads),
        "created_at": np.full(leads, begin),
    })  # fmt: skip
    return people, pa.table({
        "lead_id": ids[rng.integers(0, leads, events)],
        "occurred_at": begin + offsets.astype("timedelta64[us]"),
        "type": TYPES[rng.integers(0, 6, events)],
        "channel": CHANNELS[rng.integers(0, 6, events)],
        "topic": TOPICS[rng.integers(0, 8, events)],
        "value": np.round(rng.random(events), 2),
    })  # fmt: skip


def load(leads: pa.Table, events: pa.Table) -> Extract:
    """The canonical tables, in memory."""
    connection = duckdb.connect()
    for name, rows in (("leads", leads), ("events", events)):
        connection.register("rows", rows)
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM rows")  # noqa: S608
        connection.unregister("rows")
    for column in ("market", "outcome"):
        connection.execute(f"ALTER TABLE leads ADD COLUMN {column} VARCHAR")
    connection.execute("CREATE TABLE stages (lead_id VARCHAR, stage VARCHAR, entered_at TIMESTAMP)")
    connection.execute("CREATE TABLE activities (lead_id VARCHAR, occurred_at TIMESTAMP)")
    return Extract(connection, frozenset({"leads", "events", "stages"}), (), AS_OF)


def build(extract: Extract, spec: FeatureSpec, snapshots: Snapshots) -> None:
    """Compute the features into a table of DuckDB's."""
    query = ibis.to_sql(features.build(extract, spec, snapshots, CONFIG), dialect="duckdb")
    extract.connection.execute(f"CREATE OR REPLACE TABLE benchmark AS {query}")


def score(extract: Extract, spec: FeatureSpec, snapshots: Snapshots) -> None:
    """Compute the features as a run that scores does: in batches, as Arrow."""
    for _ in features.scoring_batches(extract, spec, snapshots, CONFIG, CONFIG.score.chunk):
        pass


def in_pandas(events: pd.DataFrame, spec: FeatureSpec) -> pd.DataFrame:
    """The same columns: one grouping per dimension and window, leads without events left out."""
    as_of = pd.Timestamp(AS_OF).tz_localize(None)
    past = events[events["occurred_at"] <= as_of]
    counted: dict[tuple[str, int], pd.DataFrame | pd.Series] = {}

    def counts(dimension: str, window: int) -> pd.DataFrame | pd.Series:
        if (dimension, window) not in counted:
            keys = ["lead_id", *([dimension] if dimension else [])]
            sizes = since(past, as_of, window).groupby(keys, sort=False).size()
            counted[dimension, window] = sizes.unstack(fill_value=0) if dimension else sizes  # noqa: PD010
        return counted[dimension, window]

    def count(column: FeatureColumn, window: int) -> Any:
        found = counts(column.dimension, window)
        return found[column.value] if column.dimension else found

    days = past.assign(day=past["occurred_at"].dt.floor("D"))
    newest = days.groupby(["lead_id", "day"], sort=False)["occurred_at"].max().reset_index()
    last = past.groupby(["lead_id", "type"], sort=False)["occurred_at"].max().unstack()  # noqa: PD010
    everyone = pd.Index(past["lead_id"].unique(), name="lead_id")
    made = {}
    for c in spec.columns:
        if c.measure == "count":
            values = count(c, c.window)
        elif c.measure == "trend":
            values = (2 * count(c, c.window)).sub(count(c, 2 * c.window), fill_value=0)
        elif c.measure == "value":
            values = since(past, as_of, c.window).groupby("lead_id", sort=False)["value"].sum()
        elif c.measure == "days":
            values = since(newest, as_of, c.window).groupby("lead_id", sort=False).size()
        else:
            at = last[c.value] if c.value else last.max(axis=1)
            values = (as_of - at.dt.floor("s")).dt.total_seconds() / 86_400
        missing = np.nan if c.measure == "recency" else 0.0
        made[c.name] = values.reindex(everyone).fillna(missing).astype(float)
    return pd.DataFrame(made)


def since(rows: pd.DataFrame, as_of: pd.Timestamp, window: int) -> pd.DataFrame:
    """Rows of the last ``window`` days; all of them for 0."""
    at = rows["occurred_at"] if "occurred_at" in rows else rows["newest"]
    return rows[at >= as_of - pd.Timedelta(days=window)] if window else rows


def check(
    extract: Extract, spec: FeatureSpec, snapshots: Snapshots, expected: pd.DataFrame
) -> None:
    """Stop unless ours and theirs are the same table."""
    ours = features.build(extract, spec, snapshots, CONFIG).to_pandas().set_index("lead_id")
    ours = ours.loc[expected.index, list(spec.names)]
    np.testing.assert_allclose(ours.to_numpy(), expected.to_numpy(), rtol=1e-9, atol=1e-9)


def median(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """Median seconds of several runs: by the clock, and of all cores (for a busy machine)."""
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return statistics.median(walls), statistics.median(cpus)


if __name__ == "__main__":
    main()
