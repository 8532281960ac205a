"""Simulate the company: draw its leads block by block and write its files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from predictive_scoring.demo import behaviour, changes, crm, dirt, sales, truth
from predictive_scoring.demo.company import EXTRACT_AT, NAME
from predictive_scoring.demo.intent import SQL, live
from predictive_scoring.demo.people import meet
from predictive_scoring.demo.sales import NEVER
from predictive_scoring.demo.write import CsvFile, Folder, ParquetFile
from predictive_scoring.errors import UsageError

BLOCK = 50_000
MAX_LEADS = 9_000_000  # identifiers have seven digits; planted strangers use the last ones

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class TableFile:
    """A file of the company: its table, where it is and its rows (dirty ones included)."""

    table: str
    path: Path
    rows: int


@dataclass(frozen=True)
class DirtyRow:
    """A row planted to be quarantined.

    `line` counts lines from 1 (the header's) in CSV files, and rows from 1 in Parquet files.
    """

    file: str
    line: int
    reason: str


@dataclass(frozen=True)
class DemoCompany:
    """What was simulated: its files, the instant of its extract (UTC) and its dirty rows."""

    name: str
    leads: int
    seed: int
    extract_at: datetime
    files: tuple[TableFile, ...]
    dirty: tuple[DirtyRow, ...]

    def file(self, table: str) -> TableFile:
        """Return the file of `leads`, `events`, `stages`, `activities`, `changes` or `truth`."""
        return {file.table: file for file in self.files}[table]


class _Files:
    """The six files of a company while they grow."""

    names = (
        "leads.csv", "events.parquet", "stages.csv", "activities.csv", "changes.csv", truth.FILE,
    )  # fmt: skip

    def __init__(self, folder: Folder) -> None:
        self.leads = CsvFile(folder.partial("leads.csv"))
        self.events = ParquetFile(folder.partial("events.parquet"), behaviour.SCHEMA)
        self.stages = CsvFile(folder.partial("stages.csv"))
        self.activities = CsvFile(folder.partial("activities.csv"))
        self.changes = CsvFile(folder.partial("changes.csv"))
        self.truth = ParquetFile(folder.partial(truth.FILE), truth.SCHEMA)
        self.all: tuple[CsvFile | ParquetFile, ...] = (
            self.leads, self.events, self.stages, self.activities, self.changes, self.truth,
        )  # fmt: skip

    def close(self) -> None:
        for file in self.all:
            file.close()


def simulate(leads: int, seed: int, out: Path, progress: Progress | None = None) -> DemoCompany:
    """Write a company of `leads` leads to the folder `out`; same seed and size, same bytes.

    Files: `leads.csv`, `events.parquet`, `stages.csv`, `activities.csv`, `changes.csv`, the
    `truth.parquet` that no training may read, and `simulation.json`. Instants in CSV files are
    ISO 8601 with the market's offset, but for the ledger's, which are head office's wall clock
    (Europe/Paris, naive). `progress` is called with a stage's name and the fraction done, from 0
    to 1. Files of an earlier simulation are replaced; raises `UsageError` for others of these
    names, and for a number of leads or a seed out of range.
    """
    _check(leads, seed)
    tell = progress or (lambda _stage, _fraction: None)
    bounds = np.linspace(0, leads, -(-leads // BLOCK) + 1).astype(int).tolist()
    streams = np.random.SeedSequence(seed).spawn(len(bounds) - 1)
    manifest: dict[str, str | int] = {
        "company": NAME, "leads": leads, "seed": seed, "extract_at": EXTRACT_AT.isoformat(),
    }  # fmt: skip
    dirty: tuple[DirtyRow, ...] = ()
    with Folder(out, _Files.names, manifest) as folder:
        files = _Files(folder)
        try:
            for start, stop, stream in zip(bounds[:-1], bounds[1:], streams, strict=True):
                tell("simulate", start / leads)
                dirty += _block(files, start, stop, leads, np.random.default_rng(stream))
        finally:
            files.close()
    tell("simulate", 1.0)
    tables = tuple(
        TableFile(name.partition(".")[0], out / name, file.rows)
        for name, file in zip(_Files.names, files.all, strict=True)
    )
    return DemoCompany(NAME, leads, seed, EXTRACT_AT, tables, dirty)


def _block(
    files: _Files, start: int, stop: int, total: int, rng: np.random.Generator
) -> tuple[DirtyRow, ...]:
    """Draw and write leads `start` to `stop - 1`; return the dirty rows of the first block."""
    people = meet(start, stop, total, rng)
    ids = crm.lead_ids(people)
    fates = live(people.prospects(), people.worked, rng)
    dealings = sales.deal(people, fates, rng)
    became_sql = np.where(fates.outcome == SQL, dealings.ended, NEVER)
    now, ages = changes.change(people, became_sql, rng)

    first = start == 0
    leads = files.leads.append(
        crm.leads(now, ids, fates, dealings, rng), dirt.LEADS if first else ()
    )
    events = files.events.append(
        behaviour.events(people, ids, fates, rng), dirt.events() if first else None
    )
    stages = files.stages.append(
        sales.stages(people, ids, fates, dealings, rng), dirt.STAGES if first else ()
    )
    activities = files.activities.append(
        sales.activities(people, ids, fates, dealings, rng), dirt.ACTIVITIES if first else ()
    )
    files.changes.append(changes.history(people, ids, ages))
    files.truth.append(truth.truth(people, ids, fates))
    if not first:
        return ()
    return (
        *_dirty("leads.csv", leads, [row.reason for row in dirt.LEADS]),
        *_dirty("events.parquet", events, dirt.EVENTS),
        *_dirty("stages.csv", stages, [row.reason for row in dirt.STAGES]),
        *_dirty("activities.csv", activities, [row.reason for row in dirt.ACTIVITIES]),
    )


def _dirty(file: str, line: int, reasons: list[str] | tuple[str, ...]) -> list[DirtyRow]:
    return [DirtyRow(file, line + row, reason) for row, reason in enumerate(reasons)]


def _check(leads: int, seed: int) -> None:
    if not 1 <= leads <= MAX_LEADS:
        raise UsageError(
            f"{leads} leads", f"between 1 and {MAX_LEADS:,}", "ask for another number of leads"
        )
    if seed < 0:
        raise UsageError(f"seed {seed}", "zero or a positive number", "choose another seed")
