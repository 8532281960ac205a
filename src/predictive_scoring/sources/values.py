"""Cells to text, numbers and flags, as SQL expressions. Nothing is repaired in silence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from predictive_scoring.sources.identifiers import Parameters, literal

# White space as Unicode has it; DuckDB's own trim knows the blank alone.
_SPACE = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
             "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")  # fmt: skip
_LARGEST_INTEGRAL = "1e15"
_DECIMAL = re.compile(r"DECIMAL\(\d+,\d+\)")  # as a whole: lists and structs may hold decimals


@dataclass(frozen=True)
class Cell:
    """One source column in SQL.

    ``raw`` is the value as it is, of the DuckDB ``type``; ``text`` the same as text, without
    surrounding space unless it identifies something; ``present`` whether it means a value.
    ``decimal`` is the mark in numbers written as text.
    """

    raw: str
    text: str
    present: str
    type: str
    decimal: str = "."

    @property
    def value(self) -> str:
        """The raw value, NULL where it means "missing"."""
        return f"CASE WHEN {self.present} THEN {self.raw} END"

    @property
    def is_number(self) -> bool:
        """Whether the input itself holds numbers."""
        return (
            self.is_integer
            or self.type in ("FLOAT", "DOUBLE")
            or bool(_DECIMAL.fullmatch(self.type))
        )

    @property
    def is_integer(self) -> bool:
        """Whether the input itself holds integers."""
        return self.type in _INTEGERS


@dataclass(frozen=True)
class Oddities:
    """What occurs anywhere in a column of text: space around a value, a word for "missing", a NUL.

    Nearly always nothing does, and then the column needs no work, row by row, to be read.
    """

    space: bool = True
    missing: bool = True
    nul: bool = True


def has_space(text: str) -> str:
    """SQL: white space surrounds the text; ten times as fast as a regular expression."""
    spaces = literal(_SPACE)
    ends = " OR ".join(f"contains({spaces}, {text}[{end}])" for end in (1, -1))
    return f"({text} <> '' AND ({ends}))"


def has_nul(text: str) -> str:
    """SQL: the text holds a NUL character."""
    return f"contains({text}, chr(0))"


def stripped(text: str) -> str:
    """The text without surrounding white space."""
    return f"CASE WHEN {has_space(text)} THEN trim({text}, {literal(_SPACE)}) ELSE {text} END"


def as_text(raw: str, kind: str) -> str:
    """Any DuckDB value as text; 12.0 and 12 are the same, instants are ISO and carry an offset."""
    if kind == "VARCHAR":
        return raw
    if kind == "BLOB":
        return f"coalesce(TRY(decode({raw})), CAST({raw} AS VARCHAR))"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"CAST(make_timestamp(epoch_us({raw})) AS VARCHAR) || '+00'"
    if kind in ("FLOAT", "DOUBLE") or _DECIMAL.fullmatch(kind):
        number = f"CAST({raw} AS DOUBLE)"
        return (
            f"CASE WHEN isnan({number}) THEN NULL "
            f"WHEN abs({number}) < {_LARGEST_INTEGRAL} AND {raw} = trunc({raw}) "
            f"THEN CAST(CAST({raw} AS BIGINT) AS VARCHAR) ELSE CAST({raw} AS VARCHAR) END"
        )
    return f"CAST({raw} AS VARCHAR)"


def is_present(raw: str, kind: str) -> str:
    """SQL: a value that is no text means something; NaN does not."""
    known = f"{raw} IS NOT NULL"
    return f"({known} AND NOT isnan({raw}))" if kind in ("FLOAT", "DOUBLE") else f"({known})"


def words_for_missing(nulls: Sequence[str]) -> tuple[str, ...]:
    """The declared words without surrounding space; an empty cell is always missing."""
    return tuple(dict.fromkeys(["", *(word.strip(_SPACE) for word in nulls)]))


def number(cell: Cell) -> str:
    """A finite DOUBLE, or NULL for what is not plainly one.

    Text: an optional sign, ASCII digits, at most one decimal mark, an optional exponent. Nothing
    else: no grouping, units, hexadecimal, "inf" or "nan". NaN in a column of numbers is missing.
    """
    if cell.is_number or cell.type == "BOOLEAN":
        parsed = f"CAST({cell.value} AS DOUBLE)"
    else:
        mark = "[.]" if cell.decimal == "." else "[,]"
        pattern = f"[+-]?([0-9]+({mark}[0-9]*)?|{mark}[0-9]+)([eE][+-]?[0-9]+)?"
        text = cell.text
        plain = text if cell.decimal == "." else f"replace({text}, ',', '.')"
        parsed = (
            f"CASE WHEN regexp_full_match({text}, {literal(pattern)}) "
            f"THEN TRY_CAST({plain} AS DOUBLE) END"
        )
    return f"CASE WHEN isfinite({parsed}) THEN {parsed} END"


def flag(cell: Cell, true: Sequence[str], false: Sequence[str], parameters: Parameters) -> str:
    """A BOOLEAN by the declared words, case-insensitive; NULL for any other."""
    if cell.type == "BOOLEAN":
        return cell.value
    word = f"lower({cell.text})"
    yes = parameters.add_all([t.lower() for t in true])
    no = parameters.add_all([f.lower() for f in false])
    return f"CASE WHEN {word} IN {yes} THEN TRUE WHEN {word} IN {no} THEN FALSE END"


def outcome(
    cell: Cell, positive: Sequence[str], negative: Sequence[str], parameters: Parameters
) -> str:
    """A BOOLEAN by the declared values, as they are written; NULL for any other."""
    yes, no = parameters.add_all(positive), parameters.add_all(negative)
    return f"CASE WHEN {cell.text} IN {yes} THEN TRUE WHEN {cell.text} IN {no} THEN FALSE END"


def shown(text: str) -> str:
    """A value for a reason: in quotes, at most 80 characters."""
    return f"'\"' || left({text}, 80) || '\"'"
