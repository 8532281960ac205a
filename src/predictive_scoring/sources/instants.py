"""Columns of instants to UTC, as SQL expressions.

ISO text may carry an offset, which is honoured; without one it is local time in the declared zone.
A whole day, which names no time, stands at its first instant or at its last: the last is found as
the next midnight, with the offset of that, less a microsecond. Fractions finer than a microsecond
are cut off. Integers are instants only with an epoch format or a strptime format, never by their
size.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from predictive_scoring.config import InstantColumn
from predictive_scoring.errors import DataError
from predictive_scoring.sources.identifiers import Parameters, literal
from predictive_scoring.sources.values import Cell
from predictive_scoring.sources.zones import FIRST_YEAR, LAST_YEAR, offset_sql, skips_midnights

_DATE = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = "[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?"
_OFFSET = " ?(Z|[+-](0[0-9]|1[0-8])(:?[0-5][0-9])?)"
_ISO_NAIVE = literal(f"{_DATE}({_TIME})?")
_ISO_AWARE = literal(f"{_DATE}{_TIME}{_OFFSET}")
_EPOCH_UNITS = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
_DAY = 24 * 3600 * 1_000_000
_SIX_HOURS = _DAY // 4
_FAR = 10**16  # microseconds: the year 2286
_NATIVE_LOCAL = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE")
NATIVE_UTC = "TIMESTAMP WITH TIME ZONE"


@dataclass(frozen=True)
class InstantSql:
    """An instant in two steps: ``local`` and ``utc`` are microseconds, BIGINT, one of them NULL.

    ``local`` has no offset of its own and still needs a zone.
    """

    local: str
    utc: str


def parse(cell: Cell, declared: InstantColumn, parameters: Parameters) -> InstantSql:
    """Read a column by its type, or by the declared format where it holds text or integers.

    Raises DataError for integers without a format.
    """
    none = "CAST(NULL AS BIGINT)"
    if cell.type == NATIVE_UTC:
        return InstantSql(none, _finite(f"epoch_us({cell.value})", cell))
    if cell.type in _NATIVE_LOCAL:
        micros = f"epoch_us(CAST({cell.value} AS TIMESTAMP))"
        return InstantSql(_finite(micros, cell), none)
    text, form = cell.text, declared.format
    if form == "iso":
        _refuse_integers(cell, declared)
        return InstantSql(_iso_local(text), _iso_utc(text))
    if form in _EPOCH_UNITS:
        return InstantSql(none, _epoch(cell, text, _EPOCH_UNITS[form]))
    return _strptime(text, form, parameters)


def offset_at(local: str, zone: str | None, whole_days: str) -> str:
    """The offset from UTC, in microseconds, of a local time; NULL where the clocks skipped it.

    A whole day begins where the clocks go on, if they skip its midnight.
    """
    if zone is None:
        return "CAST(NULL AS BIGINT)"
    offset = offset_sql(zone, local)
    if whole_days == "FALSE" or not skips_midnights(zone):
        return offset
    earlier = offset_sql(zone, f"({local} - {_SIX_HOURS})")
    return f"coalesce({offset}, CASE WHEN {whole_days} THEN {earlier} END)"


def to_utc(local: str, offset: str, utc: str) -> str:
    """The TIMESTAMP in UTC from ``parse`` and ``offset_at``; NULL where there is none."""
    placed = f"({_bounded(local)}) - {offset}"
    return f"make_timestamp(CASE WHEN {local} IS NULL THEN {_bounded(utc)} ELSE {placed} END)"


def next_midnights(instants: InstantSql, whole_days: str) -> InstantSql:
    """The same, whole days as the midnight after them; ``before_midnights`` steps back."""
    added = f"CASE WHEN {whole_days} THEN {_DAY} ELSE 0 END"
    return InstantSql(f"{instants.local} + {added}", f"{instants.utc} + {added}")


def before_midnights(instant: str, whole_days: str) -> str:
    """The TIMESTAMP, a microsecond earlier where it is the midnight after a whole day."""
    return f"CASE WHEN {whole_days} THEN {instant} - INTERVAL 1 MICROSECOND ELSE {instant} END"


def end_of_day(instant: datetime, zone: str | None) -> datetime:
    """The last microsecond of the instant's day in the zone (None: in UTC); aware, in UTC."""
    place = ZoneInfo(zone or "UTC")
    following = instant.astimezone(place).date() + timedelta(days=1)
    midnight = datetime(following.year, following.month, following.day, tzinfo=place)
    return midnight.astimezone(UTC) - timedelta(microseconds=1)


def are_whole_days(cell: Cell, declared: InstantColumn) -> str:
    """SQL: the value names a day and no time of day."""
    if cell.type == "DATE":
        return "TRUE"
    if cell.type in (*_NATIVE_LOCAL, NATIVE_UTC) or declared.format in _EPOCH_UNITS:
        return "FALSE"
    if declared.format == "iso":
        return f"length({cell.text}) = 10"
    return "FALSE" if re.search("%-?[HIcX]", declared.format.replace("%%", "")) else "TRUE"


def is_plausible(instant: str) -> str:
    """SQL: the instant lies within the years that can be a company's."""
    return (
        f"({instant} >= TIMESTAMP '{FIRST_YEAR}-01-01' "
        f"AND {instant} < TIMESTAMP '{LAST_YEAR}-01-01')"
    )


def describe(declared: InstantColumn) -> str:
    """The expected form, for a message."""
    if declared.format == "iso":
        return "an ISO instant such as 2026-03-29T02:30:00+02:00"
    return f"an instant of the form {declared.format}"


def _bounded(micros: str) -> str:
    """Microseconds kept where a TIMESTAMP can hold them, implausible ones still implausible."""
    return (
        f"CASE WHEN {micros} BETWEEN -{_FAR} AND {_FAR} THEN {micros} "
        f"WHEN {micros} IS NOT NULL THEN {_FAR} END"
    )


def _finite(micros: str, cell: Cell) -> str:
    return f"CASE WHEN isfinite({cell.raw}) THEN {micros} END"


def _refuse_integers(cell: Cell, declared: InstantColumn) -> None:
    if cell.is_number:
        raise DataError(
            f"column {declared.column!r} holds numbers ({cell.type}), which are no instants",
            "a declared format: epoch_s, epoch_ms, epoch_us, or one such as %Y%m%d",
            f"declare {{column: {declared.column}, format: ...}} for it in the configuration",
        )


def _iso_local(text: str) -> str:
    return (
        f"CASE WHEN regexp_full_match({text}, {_ISO_NAIVE}) "
        f"THEN epoch_us(TRY_CAST({text} AS TIMESTAMP)) END"
    )


def _iso_utc(text: str) -> str:
    # DuckDB wants seconds before an offset, and no blank.
    time = f"replace(substr({text}, 17), ' ', '')"
    full = (
        f"substr({text}, 1, 16) || CASE WHEN substr({text}, 17, 1) = ':' THEN '' ELSE ':00' END "
        f"|| {time}"
    )
    return (
        f"CASE WHEN regexp_full_match({text}, {_ISO_AWARE}) "
        f"THEN epoch_us(TRY_CAST({full} AS TIMESTAMPTZ)) END"
    )


def _epoch(cell: Cell, text: str, unit: int) -> str:
    if cell.is_number:
        micros = f"CAST({cell.value} AS DOUBLE) * {unit}"
        # A double holds every microsecond of the plausible years; the cast rounds.
        return f"TRY_CAST({micros} AS BIGINT)"
    return (
        f"CASE WHEN regexp_full_match({text}, '[+-]?[0-9]{{1,18}}') "
        f"THEN TRY_CAST(CAST({text} AS HUGEINT) * {unit} AS BIGINT) END"
    )


def _strptime(text: str, form: str, parameters: Parameters) -> InstantSql:
    aware = re.search("%[zZ]", form.replace("%%", ""))
    if aware and aware[0] == "%z":
        text = f"regexp_replace({text}, '[Zz]$', '+00:00')"
    parsed = f"epoch_us(try_strptime({text}, {parameters.add(form)}))"
    none = "CAST(NULL AS BIGINT)"
    return InstantSql(none, parsed) if aware else InstantSql(parsed, none)
