"""Pieces of a proposal: entries of the file, with what in them was guessed or stays unknown."""

from __future__ import annotations

from dataclasses import dataclass

from predictive_scoring.proposal.columns import Column
from predictive_scoring.proposal.tables import Table
from predictive_scoring.proposal.write import Entry, Flow, Words, listed, quoted, scalar


@dataclass(frozen=True)
class Part:
    """Entries with the guesses behind them and what could not be known."""

    entries: tuple[Entry, ...] = ()
    guessed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def __add__(self, other: Part) -> Part:
        return Part(
            self.entries + other.entries,
            self.guessed + other.guessed,
            self.unknown + other.unknown,
        )


def place(where: str, table: Table) -> Part:
    """Where a table's file is and how it is written."""
    seen = f"all {table.rows:,} rows" if table.whole else f"a sample of {table.rows:,} rows"
    note = ". ".join((f"looked at {seen}", *table.notes))
    dialect = table.dialect
    written = tuple(
        Entry(key, value)
        for key, value, default in (
            ("delimiter", dialect.delimiter, ","),
            ("quote", dialect.quote, '"'),
            ("encoding", dialect.encoding, "utf-8"),
            ("decimal", table.decimal, "."),
        )
        if value != default
    )
    entries = [Entry("file", table.reference, note)]
    if written:
        entries.append(Entry("csv", Flow(written)))
    return Part(tuple(entries), tuple(f"{where}: {note}" for note in table.notes))


def column_entry(where: str, key: str, column: Column, why: str = "by its name") -> Part:
    """A key that names a column."""
    return Part(
        (Entry(key, column.name, why),), (f"{where}.{key}: column {quoted(column.name)} ({why})",)
    )


def instant_entry(where: str, key: str, column: Column, why: str = "by its name") -> Part:
    """A key that names a column of instants, with its format.

    Where no cell can tell day from month, the key is written once for each, commented out.
    """
    facts, path = column.instant, f"{where}.{key}"
    if facts is None:
        raise ValueError(f"{column.name!r} is no column of instants")
    if len(facts.formats) > 1:
        why_not = (
            f"could not tell the day from the month in {quoted(column.name)} (such as "
            f"{quoted(facts.example)}): remove the # before the line that is right"
        )
        choices = tuple(
            Entry(key, _instant(column, form), why_not if i == 0 else "", active=False)
            for i, form in enumerate(facts.formats)
        )
        return Part(choices, (), (f"{path}: {why_not}",))
    remarks = [why]
    if not facts.sure:
        remarks.append(f"whole numbers taken for dates ({facts.formats[0]}): a guess")
    if facts.unknown:
        remarks.append(f"{listed(facts.unknown)} taken for 'not known'")
    if facts.unfit:
        remarks.append(f"{facts.unfit:,} cells are written otherwise and would be quarantined")
    note = "; ".join(remarks)
    value = _instant(column, facts.formats[0])
    return Part((Entry(key, value, note),), (f"{path}: column {quoted(column.name)} ({note})",))


def needs_zone(column: Column) -> bool:
    """Whether some of the column's instants have no offset and name no zone."""
    facts = column.instant
    if facts is None or facts.literal or facts.formats[0].startswith("epoch"):
        return False
    return facts.offset != "always"


def _instant(column: Column, form: str) -> str | Flow:
    entries = [Entry("column", column.name)]
    if form != "iso":
        entries.append(Entry("format", form))
    if column.instant and column.instant.literal:
        entries.append(Entry("zone", column.instant.literal))
    unknown = column.null_words + (column.instant.unknown if column.instant else ())
    if unknown:
        entries.append(Entry("unknown", Words(unknown)))
    return column.name if len(entries) == 1 else Flow(tuple(entries))


def name_fits_key(name: str) -> bool:
    """Whether a column's name can be a key: YAML keys stand on one line of at most 1024."""
    return len(scalar(name)) <= 500
