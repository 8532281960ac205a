"""The current scores as files for other programs; a file appears complete or not at all."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from predictive_scoring.errors import StoreError
from predictive_scoring.sinks.opening import open_reader
from predictive_scoring.sinks.spreadsheet import guard

if TYPE_CHECKING:
    import duckdb

_ROWS = 10_000
_CSV_COLUMNS = (
    "lead_id, account_id, market, as_of, probability, percentile, tier, threshold, "
    "criteria_met::VARCHAR AS criteria_met, model_name, model_version, run_id"
)
_CHECKLIST = """array_to_string([
    CASE WHEN c.met IS NULL THEN '[?]' WHEN c.met THEN '[x]' ELSE '[ ]' END
        || ' ' || c.name || coalesce(': ' || c.observed, '')
    FOR c IN coalesce(criteria, [])
], chr(10))"""


def export_parquet(store: Path, target: Path) -> int:
    """Write ``lead_scores`` as it is to a Parquet file, by lead_id; returns the number of leads.

    Raises StoreError when the store cannot be read or the file not be written.
    """
    with open_reader(store) as connection, _complete(target) as new:
        quoted = str(new).replace("'", "''")
        connection.execute(
            f"COPY (FROM lead_scores ORDER BY lead_id) TO '{quoted}' (FORMAT parquet)"
        )
        return _count(connection)


def export_csv(store: Path, target: Path, lang: str) -> int:
    """Write the scores and their reasons in one language to a CSV file (UTF-8), by lead_id.

    Text cells are guarded against being read as formulas (see ``spreadsheet``); reasons stand one
    to a line in one cell, and so do the criteria: ``[x]`` met, ``[ ]`` not met, ``[?]`` not known,
    each with the value observed. Returns the number of leads; raises StoreError as export_parquet.
    """
    with open_reader(store) as connection, _complete(target) as new:
        query = f"""SELECT {_CSV_COLUMNS}, {_CHECKLIST} AS criteria,
            array_to_string(coalesce(sentences[$lang], []), chr(10)) AS reasons
            FROM lead_scores ORDER BY lead_id"""  # noqa: S608 - column names of this module
        rows = connection.execute(query, {"lang": lang})
        with new.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([name for name, *_ in rows.description or ()])
            while chunk := rows.fetchmany(_ROWS):
                writer.writerows(
                    [guard(cell) if isinstance(cell, str) else cell for cell in row]
                    for row in chunk
                )
        return _count(connection)


def _count(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("SELECT count(*) FROM lead_scores").fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _complete(target: Path) -> Iterator[Path]:
    """A file beside the target that takes its place when all went well."""
    import duckdb

    new = target.with_name(f".{target.name}.{uuid4().hex}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield new
        with new.open("rb") as stream:
            os.fsync(stream.fileno())
        new.replace(target)
    except (OSError, duckdb.Error) as error:
        raise StoreError(
            f"{target} cannot be written ({error})",
            "a folder that may be written to, with room for the scores",
            "choose another place for the export; the file there is as it was",
        ) from None
    finally:
        new.unlink(missing_ok=True)
