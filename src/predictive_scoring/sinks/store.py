"""The score store: a DuckDB file with the current scores, their history and what was set aside.

A run writes its chunks as Parquet beside the store and opens the store only for one short
transaction at the end: readers see the previous scores or the new ones, never a mix, and a run
killed at any instant leaves the previous ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from predictive_scoring.errors import StoreError
from predictive_scoring.records import RunSummary, ScoreBatch, ScoreRun
from predictive_scoring.sinks.arrow import to_table
from predictive_scoring.sinks.commit import Beside, Committed, replace_scores
from predictive_scoring.sinks.opening import WAIT, make_store, open_writer
from predictive_scoring.sinks.staged import bound_memory, rank, stage
from predictive_scoring.sinks.staging import staging_folder

if TYPE_CHECKING:
    import pyarrow as pa


@contextmanager
def writing(path: Path, run: ScoreRun, wait: float = WAIT) -> Iterator[ScoreWriter]:
    """A writer for one run; without its ``commit`` nothing of the run remains.

    Makes the store when there is none, and converts one of version 2. Waits up to ``wait`` seconds
    for another run or reader. Raises StoreError when the store is damaged, foreign, of another
    version, in use for longer, or in a folder that cannot be written to: before any score is
    computed.
    """
    with staging_folder(path, wait) as parts:
        make_store(path, parts)
        open_writer(path, wait).close()
        yield ScoreWriter(path, run, parts, wait)


class ScoreWriter:
    """Stages a run's batches and commits them; comes from ``writing``."""

    def __init__(self, path: Path, run: ScoreRun, parts: Path, wait: float) -> None:
        self._path, self._run, self._parts, self._wait = path, run, parts, wait
        self._written = 0

    def write(self, batch: ScoreBatch) -> None:
        """Stage one batch beside the store.

        Raises StoreError when it is not one of this run's, or when there is no room.
        """
        if not len(batch):
            return
        table = to_table(batch, self._run)
        self._written += 1
        try:
            stage(table, self._parts, self._written)
        except OSError as error:
            raise StoreError(
                f"the scores cannot be kept beside {self._path} ({error})",
                "room for them",
                "make room, and run again; the previous scores are as they were",
            ) from None

    def commit(
        self,
        excluded: Mapping[str, int],
        quarantine: pa.Table | pa.RecordBatchReader,
        handovers: pa.Table | None = None,
    ) -> RunSummary:
        """Replace the current scores by the staged ones, and hand MQLs over, in one transaction.

        ``excluded`` counts leads not scored, by reason; ``quarantine`` has the columns table_name,
        file, line, reason, record. ``handovers`` has the columns lead_id, owner (string or null)
        and why (map of texts by language), one row a lead, for leads of this run; those that were
        handed over before are passed over. Raises StoreError or ReconcileError; then nothing is
        changed.
        """
        import duckdb

        try:
            staged = rank(self._parts)  # before readers have to wait
            with open_writer(self._path, self._wait) as connection:
                bound_memory(connection, self._parts)
                beside = Beside(excluded, quarantine, handovers)
                done = replace_scores(connection, self._run, staged, beside)
        except duckdb.Error as error:
            raise StoreError(
                f"the scores could not be written to {self._path} ({error})",
                "a store that can be written to, on a disk with room",
                "run again; the previous scores are as they were",
            ) from None
        return self._summary(done)

    def _summary(self, done: Committed) -> RunSummary:
        return RunSummary(
            run_id=self._run.run_id,
            scored=done.scored,
            excluded=done.excluded,
            quarantined=done.quarantined,
            unchanged=done.unchanged,
            store=str(self._path),
            handed_over=done.handed_over,
        )
