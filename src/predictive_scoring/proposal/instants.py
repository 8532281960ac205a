"""Which format a column's dates and times are written in, and whether their text can tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Offset = Literal["always", "never", "sometimes"]

_FITTING = 0.95  # a column is one of instants when so many of its cells are written alike

_TIME = (
    r"(?P<gap>,? |T)?(?:(?<=[ T])(?P<hour>\d{1,2}):\d{2}(?P<second>:\d{2}(?P<fraction>\.\d{1,6})?)?"
    r"(?P<half> ?[AaPp][Mm])?)?(?: ?(?P<offset>[+-]\d{2}:?\d{2}|Z)|(?P<utc> UTC| GMT))?"
)
_ISO = re.compile(
    r"\d{4}-(?P<month>\d{2})-(?P<day>\d{2})"
    r"(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.]\d{1,9})?)?(?P<offset> ?(?:Z|[+-]\d{2}(?::?\d{2})?))?)?"
)
_NUMERIC = re.compile(
    r"(?P<one>\d{1,2})(?P<mark>[/.-])(?P<two>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})" + _TIME
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})" + _TIME
)
_DAY_NAMED = re.compile(
    r"(?P<day>\d{1,2})(?P<mark>[ -])(?P<name>[A-Za-z]{3,9})(?P=mark)(?P<year>\d{4})" + _TIME
)
_MONTH_NAMED = re.compile(
    r"(?P<name>[A-Za-z]{3,9}) (?P<day>\d{1,2})(?P<comma>,?) (?P<year>\d{4})" + _TIME
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_EPOCHS = {10: "epoch_s", 13: "epoch_ms", 16: "epoch_us"}
_PLACEHOLDER = re.compile(
    r"(?:(?:0000|0001|1900|1970|9999)-(?:00-00|01-01|12-31)|(?:01|31)[/.](?:01|12)[/.]"
    r"(?:1900|1970|9999))(?:[ T]00:00(?::00(?:\.0+)?)?Z?)?"
)


@dataclass(frozen=True)
class InstantFacts:
    """How a column writes its instants.

    ``formats`` has one entry, or two when no cell can tell the day from the month; ``literal`` is
    the zone that the cells themselves name (UTC); ``sure`` is False for bare integers;
    ``unknown`` are placeholders such as 1970-01-01; ``unfit`` counts cells of another form.
    """

    formats: tuple[str, ...]
    offset: Offset = "never"
    literal: str = ""
    sure: bool = True
    unknown: tuple[str, ...] = ()
    unfit: int = 0
    example: str = ""


@dataclass(frozen=True)
class _Shape:
    """A cell's format: {D}, {M} where it leaves open which is which, {B} for a month's name."""

    format: str
    offset: bool = False
    literal: str = ""
    parts: tuple[int, int] | None = None
    long_month: bool = False


def recognise_instants(cells: Mapping[str, int], named_like_instant: bool) -> InstantFacts | None:
    """The format of a column of text cells (with their counts), or None when it has none.

    Integers are proposed as dates (``%Y%m%d``) or epochs only as a guess: a date needs every cell
    to be a real one, an epoch needs the column's name to say so.
    """
    filled = {cell.strip(): count for cell, count in cells.items() if cell.strip()}
    unknown = tuple(sorted(cell for cell in filled if _PLACEHOLDER.fullmatch(cell)))
    real = {cell: count for cell, count in filled.items() if cell not in unknown}
    if not real:
        return None
    integers = _integers(real, named_like_instant)
    if integers:
        return InstantFacts((integers,), "never", sure=False, unknown=unknown)
    shapes = {cell: shape for cell in real if (shape := _shape(cell))}
    total = sum(real.values())
    by_format = Counter({s.format: 0 for s in shapes.values()})
    for cell, shape in shapes.items():
        by_format[shape.format] += real[cell]
    if not by_format or by_format.most_common(1)[0][1] < _FITTING * total:
        return None
    template, fitting = by_format.most_common(1)[0]
    alike = {cell: shape for cell, shape in shapes.items() if shape.format == template}
    return InstantFacts(
        _formats(template, list(alike.values())),
        _offset(list(alike.values())),
        next(iter(alike.values())).literal,
        unknown=unknown,
        unfit=total - fitting,
        example=next(iter(alike))[:40],
    )


def _offset(shapes: list[_Shape]) -> Offset:
    offsets = {shape.offset for shape in shapes}
    if len(offsets) > 1:
        return "sometimes"
    return "always" if True in offsets else "never"


def _formats(template: str, shapes: list[_Shape]) -> tuple[str, ...]:
    """The format with day and month in their places; both formats where no cell can tell."""
    template = template.replace("{B}", "%B" if any(s.long_month for s in shapes) else "%b")
    pairs = [shape.parts for shape in shapes if shape.parts]
    if not pairs:
        return (template,)
    day_first = template.replace("{D}", "%d").replace("{M}", "%m")
    month_first = template.replace("{D}", "%m").replace("{M}", "%d")
    before = sum(one > 12 for one, _ in pairs)
    after = sum(two > 12 for _, two in pairs)
    if before == after == 0:
        return (day_first, month_first)
    return (day_first,) if before >= after else (month_first,)


def _integers(real: Mapping[str, int], named_like_instant: bool) -> str:
    lengths = {len(cell) for cell in real}
    if len(lengths) != 1 or not all(cell.isascii() and cell.isdigit() for cell in real):
        return ""
    length = lengths.pop()
    if length == 8 and all(
        "1950" <= c[:4] <= "2099" and _is_date(int(c[:4]), int(c[4:6]), int(c[6:])) for c in real
    ):
        return "%Y%m%d"
    if length in _EPOCHS and named_like_instant:
        scale = 10 ** (length - 10)
        if all(631_152_000 <= int(c) / scale <= 4_102_444_800 for c in real):
            return _EPOCHS[length]
    return ""


def _shape(cell: str) -> _Shape | None:
    if match := _ISO.fullmatch(cell):
        real = _is_date(2000, int(match["month"]), int(match["day"]))
        return _Shape("iso", bool(match["offset"])) if real else None
    if match := _NUMERIC.fullmatch(cell):
        one, two = int(match["one"]), int(match["two"])
        if not (_is_date(2000, two, one) or _is_date(2000, one, two)):
            return None
        mark, year = match["mark"], "%Y" if len(match["year"]) == 4 else "%y"
        return _timed(f"{{D}}{mark}{{M}}{mark}{year}", match, (one, two))
    if match := _YEAR_FIRST.fullmatch(cell):
        mark = match["mark"]
        real = _is_date(2000, int(match["month"]), int(match["day"]))
        return _timed(f"%Y{mark}%m{mark}%d", match) if real else None
    return _named(cell)


def _named(cell: str) -> _Shape | None:
    match = _DAY_NAMED.fullmatch(cell) or _MONTH_NAMED.fullmatch(cell)
    if not match:
        return None
    name = match["name"].lower()
    if name not in _MONTHS and name not in {month[:3] for month in _MONTHS}:
        return None
    mark = match["mark"] if match.re is _DAY_NAMED else ""
    day = f"%d{mark}{{B}}{mark}%Y" if mark else f"{{B}} %d{match['comma']} %Y"
    shape = _timed(day, match)
    return replace(shape, long_month=len(name) > 3) if shape else None


def _timed(day: str, match: re.Match[str], parts: tuple[int, int] | None = None) -> _Shape | None:
    """The format of the day with that of the time behind it."""
    form = day
    if match["hour"]:
        form += (match["gap"] or "") + ("%I" if match["half"] else "%H") + ":%M"
        form += (":%S" if match["second"] else "") + (".%f" if match["fraction"] else "")
        if match["half"]:
            form += " %p" if match["half"].startswith(" ") else "%p"
    elif match["gap"] or match["offset"]:
        return None
    if match["offset"]:
        form += " %z" if match.string[match.start("offset") - 1] == " " else "%z"
    return _Shape(
        form + (match["utc"] or ""), bool(match["offset"]), "UTC" if match["utc"] else "", parts
    )


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
