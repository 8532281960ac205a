"""One declared column on its way to a canonical one, as SQL in three steps.

Over the raw column ``f<i>`` come its text ``t<i>`` (NULL = missing), the value ``v<i>`` read from
it (an instant first as ``l<i>`` local or ``u<i>`` UTC microseconds), and the reason why it could
not be read.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from predictive_scoring.config import InstantColumn
from predictive_scoring.sources import instants, values
from predictive_scoring.sources.identifiers import Parameters
from predictive_scoring.sources.values import Cell, Oddities
from predictive_scoring.sources.zones import FIRST_YEAR, LAST_YEAR

Kind = Literal["identifier", "category", "number", "flag", "outcome", "instant"]
SQL_TYPES: dict[Kind, str] = {
    "identifier": "VARCHAR",
    "category": "VARCHAR",
    "number": "DOUBLE",
    "flag": "BOOLEAN",
    "outcome": "BOOLEAN",
    "instant": "TIMESTAMP",
}
_EXPECTED: dict[Kind, str] = {
    "number": "a plain finite number",
    "flag": "one of the declared words for true and false",
}


@dataclass(frozen=True)
class Field:
    """A canonical column and the source's column it is read from; ``column`` None: not declared.

    ``identifier`` keeps text as it is, ``category`` without surrounding space. ``outcome`` is a
    flag whose other values mean "not known". ``true`` and ``false`` are the words of both. ``day``
    says where in their day instants without a time of day stand.
    """

    name: str
    column: str | None
    kind: Kind = "category"
    required: bool = False
    nulls: tuple[str, ...] = ()
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    instant: InstantColumn | None = None
    zone: str | None = None
    day: Literal["start", "end"] = "start"


@dataclass(frozen=True)
class FieldSql:
    """The SQL of one field: columns to add at each step, its value, and what is wrong with it."""

    field: Field
    text: str
    texts: tuple[str, ...]
    parsed: tuple[str, ...]
    placed: tuple[str, ...]
    finished: tuple[str, ...]
    value: str
    problems: tuple[str, ...]
    local: str = ""  # a local time that still needs a zone; "" for what is no instant
    whole_day: str = "FALSE"  # whether an instant names a day and no time of day
    plain: str | None = None  # the value of a readable row, straight from the raw column


def undeclared(field: Field) -> FieldSql:
    """A canonical column that this company does not have."""
    null = f"CAST(NULL AS {SQL_TYPES[field.kind]})"
    return FieldSql(field, "NULL", (), (), (), (), null, (), plain=null)


def oddities_of(field: Field, i: int, parameters: Parameters) -> tuple[str, str, str]:
    """SQL conditions on the column of text ``f<i>``, one for each of ``values.Oddities``."""
    raw = f"f{i}"
    return (
        values.has_space(raw),
        f"{raw} IN {parameters.add_all(_words(field))}",
        values.has_nul(raw),
    )


def field_sql(
    field: Field,
    i: int,
    duckdb_type: str,
    decimal: str,
    iso: bool,
    odd: Oddities,
    parameters: Parameters,
) -> FieldSql:
    """The SQL for a field whose raw column is ``f<i>``; raises DataError for integers as instants.

    ``decimal`` is the mark of numbers in text, ``iso`` says that instants are a database's own,
    ``odd`` what is to be expected of a column of text.
    """
    cell, texts = _cell(field, i, duckdb_type, decimal, odd, parameters)
    named = parameters.add(f"column {field.column!r}: ")
    if field.kind == "instant":
        sql = _instant(field, i, cell, texts, named, iso, parameters)
    else:
        sql = _value(field, i, cell, texts, odd.nul, named, parameters)
    return sql if texts else replace(sql, plain=_plain(field, cell))


def _plain(field: Field, cell: Cell) -> str | None:
    """What a readable row's value is where that takes next to no work; None otherwise."""
    raw = cell.raw
    if field.kind in ("identifier", "category") and (cell.type == "VARCHAR" or cell.is_integer):
        return raw if cell.type == "VARCHAR" else cell.text
    if field.kind == "number" and cell.is_number:
        return f"CASE WHEN isfinite(CAST({raw} AS DOUBLE)) THEN CAST({raw} AS DOUBLE) END"
    if field.kind == "instant" and cell.type == instants.NATIVE_UTC:
        return f"CASE WHEN isfinite({raw}) THEN make_timestamp(epoch_us({raw})) END"
    return raw if field.kind == "flag" and cell.type == "BOOLEAN" else None


def _words(field: Field) -> tuple[str, ...]:
    """The words for "missing" in this column."""
    return values.words_for_missing(
        (*field.nulls, *(field.instant.unknown if field.instant else ()))
    )


def _cell(
    field: Field, i: int, duckdb_type: str, decimal: str, odd: Oddities, parameters: Parameters
) -> tuple[Cell, tuple[str, ...]]:
    """The raw column's text: a column of its own where it needs work or can mean "missing"."""
    raw, words = f"f{i}", _words(field)
    text = values.as_text(raw, duckdb_type)
    if duckdb_type not in ("VARCHAR", "BLOB") and len(words) == 1:
        return Cell(raw, text, values.is_present(raw, duckdb_type), duckdb_type, decimal), ()
    if not (odd.space or odd.missing):
        return Cell(raw, text, f"{raw} IS NOT NULL", duckdb_type, decimal), ()
    bare = values.stripped(text) if odd.space else text
    kept = text if field.kind == "identifier" else bare
    column = f"CASE WHEN {bare} NOT IN {parameters.add_all(words)} THEN {kept} END"
    cell = Cell(raw, f"t{i}", f"t{i} IS NOT NULL", duckdb_type, decimal)
    if cell.is_number:
        column = f"CASE WHEN {_no_null_number(raw, words, parameters)} THEN {column} END"
    return cell, (f"{column} AS t{i}",)


def _no_null_number(raw: str, words: tuple[str, ...], parameters: Parameters) -> str:
    """Whether a number is none of those that mean "missing": 999.0 is the declared "999"."""
    numbers = [f"TRY_CAST({parameters.add(word)} AS DOUBLE)" for word in words]
    return f"NOT coalesce(CAST({raw} AS DOUBLE) IN ({', '.join(numbers)}), FALSE)"


def _value(
    field: Field,
    i: int,
    cell: Cell,
    texts: tuple[str, ...],
    nul: bool,
    named: str,
    parameters: Parameters,
) -> FieldSql:
    readers: dict[Kind, Callable[[], str]] = {
        "number": lambda: values.number(cell),
        "flag": lambda: values.flag(cell, field.true, field.false, parameters),
        "outcome": lambda: values.outcome(cell, field.true, field.false, parameters),
    }
    value = f"{readers.get(field.kind, lambda: cell.text)()} AS v{i}"
    problems = []
    if field.required:
        problems.append(f"WHEN NOT ({cell.present}) THEN {named} || 'no value'")
    if field.kind in ("identifier", "category") and nul and cell.type in ("VARCHAR", "BLOB"):
        problems.append(f"WHEN {values.has_nul(f'v{i}')} THEN {named} || 'holds a NUL character'")
    if field.kind in _EXPECTED:
        said = f"{named} || {values.shown(cell.text)} || ' is not {_EXPECTED[field.kind]}'"
        problems.append(f"WHEN v{i} IS NULL AND {cell.present} THEN {said}")
    return FieldSql(field, cell.text, texts, (value,), (), (), f"v{i}", tuple(problems))


def _instant(
    field: Field,
    i: int,
    cell: Cell,
    texts: tuple[str, ...],
    named: str,
    iso: bool,
    parameters: Parameters,
) -> FieldSql:
    declared = field.instant or InstantColumn(column=field.name)
    if iso:
        declared = declared.model_copy(update={"format": "iso"})
    micros = instants.parse(cell, declared, parameters)
    whole_day = instants.are_whole_days(cell, declared)
    ends = field.day == "end" and whole_day != "FALSE"
    if ends:
        micros = instants.next_midnights(micros, whole_day)
    offset = instants.offset_at(f"l{i}", field.zone, whole_day)
    value = instants.to_utc(f"l{i}", f"o{i}", f"u{i}")
    if ends:
        value = instants.before_midnights(value, whole_day)
    return FieldSql(
        field,
        cell.text,
        texts,
        (f"{micros.local} AS l{i}", f"{micros.utc} AS u{i}"),
        (f"{offset} AS o{i}",),
        (f"{value} AS v{i}",),
        f"v{i}",
        _wrong_instants(field, i, cell, named, instants.describe(declared), parameters),
        f"l{i}",
        whole_day,
    )


def _wrong_instants(
    field: Field, i: int, cell: Cell, named: str, form: str, parameters: Parameters
) -> tuple[str, ...]:
    said = values.shown(cell.text)
    zone, form = parameters.add(field.zone or ""), parameters.add(form)
    wrongs = {
        f"l{i} IS NULL AND u{i} IS NULL AND {cell.present}": f"' is not ' || {form}",
        f"v{i} IS NULL AND l{i} IS NOT NULL": f"' is a local time the clocks skip in ' || {zone}",
        f"NOT {instants.is_plausible(f'v{i}')}": f"' is not of {FIRST_YEAR} to {LAST_YEAR - 1}'",
    }
    problems = [f"WHEN {when} THEN {named} || {said} || {what}" for when, what in wrongs.items()]
    if field.required:
        problems.append(f"WHEN v{i} IS NULL THEN {named} || 'no instant'")
    return tuple(problems)
