"""The tables that a folder's files form, and what each of them is about."""

from __future__ import annotations

import fnmatch
import glob
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from predictive_scoring.proposal.columns import Column, Decimal, decimal_mark, describe
from predictive_scoring.proposal.dialect import Dialect
from predictive_scoring.proposal.sample import RawColumn, Sample
from predictive_scoring.proposal.words import FILES, ROLES, plain, without_prefix

_DEFAULT_DIALECT = Dialect("utf-8", ",", '"')


@dataclass(frozen=True)
class Table:
    """One table: a file, or files of one form that share a pattern (events-2026-*.csv).

    ``reference`` is what the configuration's ``file`` says, relative to the configuration.
    """

    reference: str
    stem: str
    columns: tuple[Column, ...]
    rows: int
    whole: bool
    dialect: Dialect = _DEFAULT_DIALECT
    decimal: Decimal = "."
    notes: tuple[str, ...] = ()

    def named(self, role: str, taken: Iterable[str] = ()) -> tuple[Column, ...]:
        """The columns whose name says they have this role, the surest first."""
        free = [c for c in self.columns if c.name not in set(taken)]
        ranked = [
            (ROLES[role].index(name), kind, i, column)
            for i, column in enumerate(free)
            for kind, name in enumerate((column.meaning, without_prefix(column.meaning)))
            if name in ROLES[role]
        ]
        found = [column for *_, column in sorted(ranked, key=lambda r: r[:3])]
        return tuple(dict.fromkeys(found))

    def instants(self, role: str, taken: Iterable[str] = ()) -> tuple[Column, ...]:
        """The same among columns of dates and times; any one column of these if none is named."""
        named = tuple(c for c in self.named(role, taken) if c.kind == "instant")
        others = [c for c in self.columns if c.kind == "instant" and c.name not in set(taken)]
        return named or (tuple(others) if len(others) == 1 else ())

    @property
    def file_roles(self) -> tuple[str, ...]:
        """What the file's name says it holds, the surest first."""
        words = set(self.stem.split("_")) | {self.stem}
        return tuple(role for role, names in FILES.items() if names & words)


def form_tables(samples: Sequence[Sample], start: Path) -> tuple[Table, ...]:
    """Tables from samples: files alike in all but the digits of their names become one."""
    groups: dict[tuple[object, ...], list[Sample]] = {}
    for sample in samples:
        pattern = re.sub(r"\d+", "*", sample.file.name)
        key = (sample.file.parent, pattern, sample.names, _form(sample.dialect))
        groups.setdefault(key, []).append(sample)
    everything = [sample.file for sample in samples]
    tables: list[Table] = []
    for group in groups.values():
        alone = len(group) == 1 or not _only_matches(group, everything)
        tables += [_table([s], start) for s in group] if alone else [_table(group, start)]
    return tuple(tables)


def _form(dialect: Dialect | None) -> tuple[str, ...] | None:
    return (dialect.encoding, dialect.delimiter, dialect.quote) if dialect else None


def _only_matches(group: Sequence[Sample], everything: Iterable[Path]) -> bool:
    """Whether the group's pattern matches no file of another form."""
    folder, pattern = group[0].file.parent, _pattern(group[0].file.name)
    matching = {
        f for f in everything if f.parent == folder and fnmatch.fnmatchcase(f.name, pattern)
    }
    return matching == {s.file for s in group}


def _pattern(name: str) -> str:
    return re.sub(r"\d+", "*", glob.escape(name))


def _table(group: Sequence[Sample], start: Path) -> Table:
    first = group[0]
    raw = [_merged([s.columns[i] for s in group]) for i in range(len(first.columns))]
    decimal, mixed = decimal_mark(raw) if first.dialect else (".", False)
    notes = list(dict.fromkeys(note for s in group for note in s.notes))
    if mixed:
        notes.append("both decimal points and decimal commas occur: some columns are no numbers")
    reference = Path(os.path.relpath(first.file, start)).as_posix()
    if len(group) > 1:
        folder = reference.rpartition("/")
        reference = glob.escape(folder[0]) + folder[1] + _pattern(folder[2])
        notes.append(f"{len(group)} files of the same form are read as one table")
    return Table(
        reference,
        plain(first.file.name.split(".")[0]),
        tuple(describe(column, decimal) for column in raw),
        sum(s.rows for s in group),
        all(s.whole for s in group),
        first.dialect or _DEFAULT_DIALECT,
        decimal,
        tuple(notes),
    )


def _merged(columns: Sequence[RawColumn]) -> RawColumn:
    if len(columns) == 1:
        return columns[0]
    cells: Counter[str] = Counter()
    for column in columns:
        cells.update(column.cells)
    natives = {column.native for column in columns}
    return RawColumn(columns[0].name, cells, natives.pop() if len(natives) == 1 else "")
