"""The columns a table must have: those that the configuration names."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from predictive_scoring.config import Config, TableSource
from predictive_scoring.errors import ColumnsError, DataError
from predictive_scoring.sources.parts import FoundColumn, Part
from predictive_scoring.sources.read import columns_by_file
from predictive_scoring.sources.tables import Table, TableName, declared_tables


def check_columns(name: TableName, source: TableSource, config: Config) -> None:
    """Look for the declared columns in the headers or the schema alone, of every file.

    Raises ColumnsError (with the nearest names) where one is missing, DataError where there is
    nothing to read.
    """
    table = next(table for table in declared_tables(config) if table.name == name)
    for file, columns in columns_by_file(source, config.base):
        require_columns(table, file, columns)


def require_columns(table: Table, file: str, columns: Sequence[FoundColumn]) -> None:
    """Raise ColumnsError, naming the file, where a declared column is not among ``columns``."""
    wanted = list(dict.fromkeys(f.column for f in table.fields if f.column is not None))
    present = [column.name for column in columns]
    where = f"{file} ({table.name})"
    if missing := [name for name in wanted if name not in present]:
        raise ColumnsError(where, missing, present, _did_you_mean(missing, present))
    if twice := [name for name in wanted if present.count(name) > 1]:
        raise DataError(
            f"{where}: the column {twice[0]!r} is there more than once",
            "each declared column once",
            "rename one of them, so that it is clear which is meant",
        )


def require_one_zone(table: Table, parts: Sequence[Part]) -> None:
    """Raise DataError where instants have a zone in one file of the table and none in another.

    Put together, the ones without would be taken for UTC, whatever zone is declared.
    """
    for column in [f.column for f in table.fields if f.kind == "instant" and f.column is not None]:
        files: dict[bool, str] = {}  # by whether there is a zone
        for part in parts:
            kind = part.columns[part.index(column)].type
            if kind.startswith(("timestamp", "date")):
                files.setdefault("tz=" in kind, part.file)
        if len(files) == 2:
            raise DataError(
                f"{column!r} ({table.name}) has a time zone in {files[True]} and none in "
                f"{files[False]}",
                "the same kind of instants in all files of a table",
                "write them alike, best in UTC with its zone",
            )


def _did_you_mean(missing: Iterable[str], present: Sequence[str]) -> str:
    by_lower = {name.lower().strip(): name for name in present}
    hints = []
    for name in missing:
        near = get_close_matches(name.lower().strip(), by_lower, n=1, cutoff=0.6)
        if near:
            hints.append(f"{by_lower[near[0]]!r} in place of {name!r}")
    return f"did you mean {', '.join(hints)}? Correct the configuration" if hints else ""
