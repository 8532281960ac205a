"""Which of the company's own columns a model may use: by name, by shape, by history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from predictive_scoring.config.protected import protected_attribute
from predictive_scoring.features.elapsed import dated, table
from predictive_scoring.features.histories import gaps
from predictive_scoring.records import LeftOut

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ibis.expr.types import Table

    from predictive_scoring.config import Config, ProfileColumn
    from predictive_scoring.records import Extract

_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_TELEPHONE = r"^\+?[0-9][0-9\s().\-/]{7,}$"
_HEXADECIMAL = r"^(0x)?[0-9a-fA-F]{12,}$|^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_MOST = 0.9  # this share of a column's values makes it what they look like
_ENOUGH = 30  # below so many values, that all differ says nothing


@dataclass(frozen=True)
class _Shape:
    """What a column's values look like: counts over the values that are not missing."""

    rows: int
    known: int
    distinct: int
    emails: int = 0
    telephones: int = 0
    hexadecimals: int = 0
    sentences: int = 0
    low: float = 0.0
    high: float = 0.0
    whole: int = 0


def audit(
    extract: Extract, config: Config, leads: Table
) -> tuple[tuple[str, ...], tuple[LeftOut, ...]]:
    """The profile columns to use, in the configuration's order, and the others with the reason.

    Values are looked at in ``leads``, the rows of the leads table that have a say; histories as a
    whole. Columns the configuration ignores are listed among the others too.
    """
    settings = config.sources.leads
    used: list[str] = []
    left_out = [LeftOut(column, reason) for column, reason in settings.ignore.items()]
    histories = _histories(extract, config)
    for name, column in settings.profile.items():
        reason = _refused(leads, config, name, column) or histories.get(name)
        if reason is None:
            used.append(name)
        else:
            left_out.append(LeftOut(name, reason))
    return tuple(used), tuple(left_out)


def single_valued(leads: Table, column: str) -> str | None:
    """Why a column of leads can tell nothing apart, or None where it can."""
    return _trivial(_shape(leads, column, text=False))


def _refused(leads: Table, config: Config, name: str, column: ProfileColumn) -> str | None:
    if not column.feature:
        return "declared as no feature"
    allowed = {name, column.column or name} & set(config.protected.allow)
    if not allowed:
        for written in (name, column.column or name):
            attribute = protected_attribute(written, config.protected.names)
            if attribute is not None:
                return (
                    f"protected attribute ({attribute}): to use it all the same, say in "
                    "protected.allow why that is lawful"
                )
    shape = _shape(leads, f"profile_{name}", column.type == "category", column.type == "number")
    if (reason := _trivial(shape)) is not None:
        return reason
    return None if name in config.features.keep else _personal(shape, column)


def _shape(leads: Table, name: str, text: bool, number: bool = False) -> _Shape:
    value = leads[name]
    sums = {"rows": leads.count(), "known": value.count(), "distinct": value.nunique()}
    if text:
        sums |= {
            "emails": leads.count(where=value.re_search(_EMAIL)),
            "telephones": leads.count(where=value.re_search(_TELEPHONE)),
            "hexadecimals": leads.count(where=value.re_search(_HEXADECIMAL)),
            "sentences": leads.count(where=(value.length() >= 20) & value.re_search(r"\S\s+\S")),
        }
    if number:
        small = ibis.ifelse(value.abs() < 2.0**53, value, 0.5)  # a floor is a BIGINT
        whole = small == small.floor()
        sums |= {"low": value.min(), "high": value.max(), "whole": leads.count(where=whole)}
    row = leads.aggregate(**sums).to_pyarrow().to_pylist()[0]
    return _Shape(**{key: value or 0 for key, value in row.items()})


def _trivial(shape: _Shape) -> str | None:
    if shape.known == 0:
        return "all values are missing"
    if shape.distinct == 1 and shape.known == shape.rows:
        return "constant: every lead has the same value"
    return None


def _personal(shape: _Shape, column: ProfileColumn) -> str | None:
    """Why values stand for persons rather than kinds of persons, or None."""
    keep = "to use it all the same, say why in features.keep"
    looks = (
        ("e-mail addresses", shape.emails),
        ("telephone or other long numbers", shape.telephones),
        ("hexadecimal identifiers", shape.hexadecimals),
    )
    for what, count in looks:
        if count >= _MOST * shape.known:
            return f"identifier: values look like {what}; {keep}"
    many = shape.known >= _ENOUGH
    wordy = shape.sentences >= 0.5 * shape.known and shape.distinct >= 0.3 * shape.known
    if column.type == "category" and many and wordy:
        return f"free text: {shape.distinct} different long values; {keep}"
    if column.type == "category" and many and shape.distinct >= _MOST * shape.known:
        return f"identifier: {shape.distinct} different values for {shape.known} leads; {keep}"
    if many and _running_number(shape):
        return f"identifier: a running number, different for every lead; {keep}"
    return None


def _running_number(shape: _Shape) -> bool:
    """Whole numbers, all different, that fill their range: not a quantity of anything."""
    all_differ = shape.distinct == shape.known == shape.whole
    return all_differ and shape.high - shape.low + 1 <= 2 * shape.known


def _histories(extract: Extract, config: Config) -> Mapping[str, str]:
    """Why a column's history cannot be read as of an instant, by column."""
    if not dated(config):
        changing = table(extract, "changes").select("column").distinct().to_pyarrow()
        reason = "it changes over time, and leads have no date"
        return dict.fromkeys(changing["column"].to_pylist(), reason)
    return {
        column: f"the history of {leads:,} {'lead' if leads == 1 else 'leads'} begins after "
        f"{'its' if leads == 1 else 'their'} creation, so that being unknown would betray a later "
        "change; to read it all the same where it begins at creation, say why in features.keep"
        for column, leads in gaps(extract).items()
        if column not in config.features.keep
    }
