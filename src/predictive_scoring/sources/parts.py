"""What every reader hands on: the raw records of one input, wherever they lie."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import duckdb
import pyarrow as pa

from predictive_scoring.sources.identifiers import literal

Progress = Callable[[str], None]

_STAGES = count()


@dataclass(frozen=True)
class FoundColumn:
    """A column as the input has it; ``type`` is the input's own name for it (VARCHAR in CSV).

    ``instants`` says that a database itself holds instants there, staged as ISO text: no declared
    format applies to them.
    """

    name: str
    type: str
    instants: bool = False


@dataclass(frozen=True)
class Refused:
    """A record whose structure cannot be read: its ordinal in the input, its line, and why.

    ``record`` is JSON: an object of cells where there is a header to name them, else the cells
    or the line as it stands.
    """

    row_number: int
    line: int
    reason: str
    record: str


@dataclass(frozen=True)
class Part:
    """One file, or one database table, ready to be selected from.

    ``relation`` is SQL that gives row_number (BIGINT, over the whole table's input), line
    (BIGINT, the physical line in a CSV file, else the record's ordinal) and c0, c1 … for
    ``columns``. Its rows and ``refused`` together are all records; ``records`` is their number
    as counted by other means, ``first`` that of the records in the parts before. ``sha256`` is
    of the file's bytes; "" for a database, whose loaded rows are digested instead.
    """

    file: str
    columns: tuple[FoundColumn, ...]
    relation: str
    first: int
    records: int
    sha256: str = ""
    refused: int = 0

    @property
    def staged(self) -> bool:
        """Whether the records were copied into a temporary table."""
        return self.relation.startswith("temp.")

    def index(self, column: str) -> int:
        """The position of the column of that name."""
        return [found.name for found in self.columns].index(column)


@dataclass(frozen=True)
class Target:
    """Where a reader puts what it stages: a connection and the canonical table it reads for."""

    connection: duckdb.DuckDBPyConnection
    table: str
    progress: Progress

    def folder(self) -> Path | None:
        """The folder of the connection's database; None for one in memory."""
        found = self.connection.execute(
            "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"
        ).fetchone()
        return Path(found[0]).parent if found and found[0] else None

    def stage(self) -> str:
        """A name for a new temporary table of raw records."""
        return f"temp.source_stage_{next(_STAGES)}"

    def create_stage(self, stage: str, width: int) -> None:
        """An empty stage of so many columns of text."""
        cells = "".join(f", c{i} VARCHAR" for i in range(width))
        self.connection.execute(
            f"CREATE TEMP TABLE {stage} (row_number BIGINT, line BIGINT{cells})"
        )

    def add_to_stage(self, stage: str, columns: Sequence[pa.Array]) -> None:
        """Append row numbers, lines and cells to a stage."""
        names = ["row_number", "line", *(f"c{i}" for i in range(len(columns) - 2))]
        self.connection.register("source_batch", pa.table(list(columns), names=names))
        try:
            self.connection.execute(f"INSERT INTO {stage} FROM source_batch")
        finally:
            self.connection.unregister("source_batch")

    def quarantine(self, file: str, refused: list[Refused]) -> None:
        """Keep records that could not be read, with file, line and reason."""
        self.connection.executemany(
            f"INSERT INTO quarantine VALUES ({literal(self.table)}, ?, ?, ?, ?)",  # noqa: S608
            [(file, r.line, r.reason, r.record) for r in refused],
        )
