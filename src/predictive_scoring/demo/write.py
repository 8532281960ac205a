"""Files of a simulated company, written block by block and put in place all together."""

import json
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from predictive_scoring.demo.dirt import CLEAN_ROWS_BEFORE, Dirt
from predictive_scoring.errors import UsageError

MANIFEST = "simulation.json"
_PARTIAL = ".partial"


class CsvFile:
    """A growing CSV file (comma, UTF-8, header); `rows` counts its records, dirty ones too."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("wb")
        self.rows = 0

    def append(self, table: pa.Table, dirt: Sequence[Dirt] = ()) -> int:
        """Write a block, with `dirt` among its rows; return the line on which that begins.

        Lines count from 1, the header's. That holds while no value before the dirt spans lines.
        """
        self._write(table.slice(0, CLEAN_ROWS_BEFORE))
        line = self.rows + 2
        self._file.write("".join(f"{row.text}\n" for row in dirt).encode())
        self.rows += len(dirt)
        self._write(table.slice(CLEAN_ROWS_BEFORE))
        return line

    def _write(self, table: pa.Table) -> None:
        options = pa_csv.WriteOptions(include_header=self._file.tell() == 0, batch_size=16_384)
        pa_csv.write_csv(table, self._file, options)
        self.rows += int(table.num_rows)

    def close(self) -> None:
        """Flush and close."""
        self._file.close()


class ParquetFile:
    """A growing Parquet file, one row group for each block; `rows` counts its rows."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(path, schema, compression="zstd", compression_level=1)
        self.rows = 0

    def append(self, table: pa.Table, dirt: pa.Table | None = None) -> int:
        """Write a block, with `dirt` among its rows; return the row (from 1) where it begins."""
        clean = table.slice(0, CLEAN_ROWS_BEFORE)
        row = self.rows + int(clean.num_rows) + 1
        if dirt is not None:
            table = pa.concat_tables([clean, dirt, table.slice(CLEAN_ROWS_BEFORE)])
        self._writer.write_table(table)
        self.rows += int(table.num_rows)
        return row

    def close(self) -> None:
        """Write the footer and close."""
        self._writer.close()


class Folder:
    """The files of one company: all of them appear when the block ends well, or none does.

    Raises `UsageError` on entry when a file of one of the names is there that no simulation
    wrote; `simulation.json` is the record of what a simulation wrote.
    """

    def __init__(self, out: Path, names: Sequence[str], manifest: dict[str, str | int]) -> None:
        self._out, self._names, self._manifest = out, tuple(names), manifest

    def __enter__(self) -> "Folder":
        """Check the folder, and create it."""
        self._refuse_foreign_files()
        self._out.mkdir(parents=True, exist_ok=True)
        return self

    def partial(self, name: str) -> Path:
        """Where a file is written until all are complete."""
        return self._out / (name + _PARTIAL)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the files in place, or remove what was written when the block failed."""
        if kind is not None:
            for name in self._names:
                self.partial(name).unlink(missing_ok=True)
            return
        record = {**self._manifest, "files": list(self._names)}
        self.partial(MANIFEST).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        for name in (MANIFEST, *self._names):
            self.partial(name).replace(self._out / name)

    def _refuse_foreign_files(self) -> None:
        if self._out.exists() and not self._out.is_dir():
            raise UsageError(f"{self._out} is a file", "a folder", "name another folder")
        foreign = [
            name for name in self._names if (self._out / name).exists() and name not in self._own()
        ]
        if foreign:
            raise UsageError(
                f"{', '.join(foreign)} in {self._out} were not written by a simulation",
                "a new or empty folder, or that of an earlier simulation",
                "name another folder, or move these files away",
            )

    def _own(self) -> tuple[str, ...]:
        """Names that an earlier simulation recorded."""
        try:
            record = json.loads((self._out / MANIFEST).read_text(encoding="utf-8"))
            return tuple(record["files"])
        except (OSError, ValueError, KeyError, TypeError):
            return ()  # no record that a simulation could have written
