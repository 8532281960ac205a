"""Which columns may describe a lead, and why the others must not."""

from __future__ import annotations

from collections.abc import Sequence

from predictive_scoring.config import ProfileColumn
from predictive_scoring.config.protected import protected_attribute
from predictive_scoring.proposal.columns import Column
from predictive_scoring.proposal.part import Part
from predictive_scoring.proposal.tables import Table
from predictive_scoring.proposal.words import (
    IDENTITY,
    LEAK_NAMES,
    LEAK_WORDS,
    NO_LEAK,
    TEXT_NAMES,
    TRUE_WORDS,
    UNKNOWN_WORDS,
    plain,
    without_prefix,
)
from predictive_scoring.proposal.write import Block, Entry, Flow, Words, declarable, listed, quoted

LEAK = "probably known only after sales talked to the lead; move to profile if it is known before"
_WHERE = "sources.leads.profile"
_SENTINELS = ("-1", "-99", "99", "999", "9999", "99999", "-999", "-9999")


def ignore_reason(column: Column, table: Table) -> str:
    """Why a column must not be used, "" when it may describe the lead."""
    names = {column.meaning, without_prefix(column.meaning)}
    checks = (
        (protected_attribute(column.name) is not None, "protected attribute"),
        (column.kind == "empty", "no value in the rows looked at"),
        (bool(names & IDENTITY), "identifies a person or company; nothing is learnt from it"),
        (bool(names & TEXT_NAMES) or column.kind == "text", "free text"),
        (_leaks(column, names), LEAK),
        (
            column.kind == "instant",
            "a date or time besides created_at; it often tells what happened later",
        ),
        (column.kind == "nested", "lists or structures are not read"),
        (
            column.kind == "quantity",
            "numbers with units or thousands marks; export them plain, then move to profile",
        ),
        (column.looks_like_identifier(), "identifier: nearly every row has a value of its own"),
        (not column.name.strip(), "has no name"),
        (
            column.distinct == 1 and not column.missing and table.whole and table.rows > 1,
            "the same value in every row",
        ),
    )
    return next((reason for applies, reason in checks if applies), "")


def profile_part(columns: Sequence[Column]) -> Part:
    """The columns that describe a lead, each with its type."""
    if not columns:
        why = "no column describes the leads: only what happened over time can be learnt from"
        return Part(unknown=(f"{_WHERE}: {why}",))
    names = _profile_names(columns)
    entries = tuple(_entry(names[c.name], c) for c in columns)
    return Part(
        (Entry("profile", Block(entries)),),
        tuple(f"{_WHERE}: {quoted(c.name)} is a {_type(c)}" for c in columns),
        tuple(f"{_WHERE}: {remark}" for c in columns if (remark := _doubt(c))),
    )


def _leaks(column: Column, names: set[str]) -> bool:
    if names & NO_LEAK:
        return False
    return column.meaning in LEAK_NAMES or _holds(without_prefix(column.meaning), LEAK_WORDS)


def _holds(meaning: str, words: frozenset[str]) -> bool:
    """Whether one of the words, or of the phrases, stands in a name."""
    return any(f"_{word}_" in f"_{meaning}_" for word in words)


def _profile_names(columns: Sequence[Column]) -> dict[str, str]:
    """A plain, unique name for each column; its own where that cannot be declared as a value."""
    names: dict[str, str] = {}
    for i, column in enumerate(columns):
        name = column.meaning[:60] or f"column_{i + 1}"
        if not declarable(column.name):
            name = column.name
        base, turn = name, 2
        while name in names.values():
            name, turn = f"{base}_{turn}", turn + 1
        names[column.name] = name
    return names


def _entry(name: str, column: Column) -> Entry:
    kind = _type(column)
    details = [Entry("type", kind)]
    if name != column.name:
        details.append(Entry("column", column.name))
    if column.null_words:
        details.append(Entry("nulls", Words(column.null_words)))
    if kind == "flag":
        details += _flag_words(column)
    note = _doubt(column) or _examples(column)
    return Entry(name, kind if len(details) == 1 else Flow(tuple(details)), note)


def _flag_words(column: Column) -> list[Entry]:
    """The words for yes and no, where they are not the configuration's defaults."""
    fields = ProfileColumn.model_fields
    words = sorted(set(column.cells) - set(column.null_words))
    yes = tuple(w for w in words if w.strip().lower() in TRUE_WORDS)
    no = tuple(w for w in words if w not in yes)
    if set(yes) <= set(fields["true"].default) and set(no) <= set(fields["false"].default):
        return []
    return [Entry("true", Words(yes)), Entry("false", Words(no))]


def _type(column: Column) -> str:
    return column.kind if column.kind in ("number", "flag") else "category"


def _examples(column: Column) -> str:
    if _type(column) != "category" or column.distinct > 0.5 * column.filled:
        return ""
    often = sorted(column.cells, key=lambda cell: (-column.cells[cell], cell))
    return f"{column.distinct} values, such as {listed(often[:3], 3)}"


def _doubt(column: Column) -> str:
    """Values that may mean "missing": mentioned, never declared."""
    if column.kind == "number":
        odd = [cell for cell in _SENTINELS if _stands_apart(cell, column)]
    else:
        odd = [cell for cell in column.cells if plain(cell) in UNKNOWN_WORDS]
    if not odd:
        return ""
    return f"{listed(odd)} in {quoted(column.name)} may mean 'missing': add nulls if it does"


def _stands_apart(cell: str, column: Column) -> bool:
    """Whether a value is frequent and far from the others."""
    if column.cells.get(cell, 0) < max(2, 0.01 * column.filled):
        return False
    others = [
        float(c.replace(",", ".")) for c in column.cells if c != cell and c not in column.null_words
    ]
    if not others:
        return False
    value = float(cell)
    return value < 0 <= min(others) if value < 0 else value > 3 * max(*others, 1.0)
