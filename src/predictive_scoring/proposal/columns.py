"""What a column holds, judged by a sample of its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from predictive_scoring.proposal.instants import InstantFacts, recognise_instants
from predictive_scoring.proposal.sample import Native, RawColumn
from predictive_scoring.proposal.words import (
    FLAG_PAIRS,
    INSTANT_NAMES,
    NULL_WORDS,
    ROLES,
    SURE_NULL_WORDS,
    plain,
)

Kind = Literal["empty", "number", "flag", "category", "instant", "text", "quantity", "nested"]
Decimal = Literal[".", ","]

_NUMBERS: dict[Decimal, re.Pattern[str]] = {
    ".": re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII),
    ",": re.compile(r"[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?", re.ASCII),
}
_QUANTITY = re.compile(r"[^\w]{0,3}[+-]?\d[\d .,'\u00a0\u202f]*\s?(?:%|k|m|[A-Z]{3}|[^\w\s]{1,2})?")
_LONG_TEXT = 40  # characters, on average


@dataclass(frozen=True, eq=False)
class Column:
    """A column and what its sample showed. ``cells`` counts each text that is not missing.

    ``null_words`` are texts that stand for "missing" among numbers or dates ("NULL", "N/A").
    """

    name: str
    kind: Kind
    cells: Mapping[str, int]
    missing: int
    instant: InstantFacts | None = None
    null_words: tuple[str, ...] = ()

    @property
    def filled(self) -> int:
        """Rows of the sample with a value."""
        return sum(self.cells.values())

    @property
    def distinct(self) -> int:
        """Different values in the sample."""
        return len(self.cells)

    @property
    def meaning(self) -> str:
        """The name without case, accents and punctuation."""
        return plain(self.name)

    def looks_like_identifier(self) -> bool:
        """Whether nearly every row has a text or whole number of its own."""
        if self.filled < 10 or self.kind not in ("category", "number", "text"):
            return False
        if self.distinct <= 0.9 * self.filled:
            return False
        if self.kind != "number":
            return True
        named = bool({"id", "uuid", "guid", "number", "nr"} & set(self.meaning.split("_")))
        return named and all(cell.isdigit() for cell in self.cells)


def describe(raw: RawColumn, decimal: Decimal) -> Column:
    """Judge one column of a sample."""
    cells = {cell: count for cell, count in raw.cells.items() if cell.strip()}
    missing = sum(raw.cells.values()) - sum(cells.values())
    if not cells:
        return Column(raw.name, "empty", {}, missing)
    if raw.native:
        return _native(raw.name, raw.native, cells, missing)
    words = tuple(sorted(cell for cell in cells if cell.strip().lower() in NULL_WORDS))
    real = {cell: count for cell, count in cells.items() if cell not in words}
    instant = recognise_instants(real, _named_like_instant(raw.name))
    if instant:
        return Column(raw.name, "instant", cells, missing, instant, words)
    kind = _kind(real, decimal)
    if kind not in ("number", "flag"):
        sure = SURE_NULL_WORDS - ({"na"} if _country_codes(raw.name, real) else set())
        words = tuple(word for word in words if word.strip().lower() in sure)
    return Column(raw.name, kind, cells, missing, None, words)


def decimal_mark(columns: Iterable[RawColumn]) -> tuple[Decimal, bool]:
    """The decimal mark of a file's numbers, and whether both marks occur in different columns."""
    votes = dict.fromkeys(_NUMBERS, 0)
    for column in columns:
        cells = [c.strip() for c in column.cells if c.strip().lower() not in NULL_WORDS]
        for mark, pattern in _NUMBERS.items():
            fractions = any(mark in cell for cell in cells)
            votes[mark] += fractions and all(pattern.fullmatch(c) for c in cells if c)
    return ("," if votes[","] > votes["."] else "."), bool(votes[","] and votes["."])


def _country_codes(name: str, cells: Mapping[str, int]) -> bool:
    """Whether "NA" may be Namibia here."""
    codes = sum(re.fullmatch("[A-Z]{2}", cell.strip()) is not None for cell in cells)
    return plain(name) in ROLES["market"] or codes > len(cells) / 2


def _named_like_instant(name: str) -> bool:
    return bool(INSTANT_NAMES & set(plain(name).split("_")))


def _kind(cells: Mapping[str, int], decimal: Decimal) -> Kind:
    if not cells:
        return "empty"
    if frozenset(cell.strip().lower() for cell in cells) in FLAG_PAIRS:
        return "flag"
    bare = [cell.strip() for cell in cells]
    if all(map(_NUMBERS[decimal].fullmatch, bare)):
        padded = any(len(c) > 1 and c[0] == "0" and c.isdigit() for c in bare)
        return "category" if padded else "number"
    if all(map(_QUANTITY.fullmatch, bare)):
        return "quantity"
    total = sum(cells.values())
    length = sum(len(cell) * count for cell, count in cells.items()) / total
    several = len(cells) > max(20, total / 10)
    if any("\n" in cell for cell in cells) or (length > _LONG_TEXT and several):
        return "text"
    return "category"


def _native(name: str, native: Native, cells: Mapping[str, int], missing: int) -> Column:
    if native in ("instant", "instant_with_zone"):
        recognised = recognise_instants(cells, named_like_instant=True)
        facts = InstantFacts(
            ("iso",),
            "always" if native == "instant_with_zone" else "never",
            unknown=recognised.unknown if recognised else (),
        )
        return Column(name, "instant", cells, missing, facts)
    if native == "number":
        integers = recognise_instants(cells, _named_like_instant(name))
        if integers:
            return Column(name, "instant", cells, missing, integers)
        binary = set(cells) in ({"0", "1"}, {"0.0", "1.0"})
        return Column(name, "flag" if binary else "number", cells, missing)
    return Column(name, "flag" if native == "flag" else "nested", cells, missing)
