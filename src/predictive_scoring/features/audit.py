"""Which of the company's own columns a model may use: by name, by shape, by history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from predictive_scoring.config.protected import protected_attribute
from predictive_scoring.features.elapsed import dated, days_before, table
from predictive_scoring.records import LeftOut

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from predictive_scoring.config import Config, ProfileColumn
    from predictive_scoring.records import Extract

_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_TELEPHONE = r"^\+?[0-9][0-9\s().\-/]{7,}$"
_HEXADECIMAL = r"^(0x)?[0-9a-fA-F]{12,}$|^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_MOST = 0.9  # this share of a column's values makes it what they look like
_ENOUGH = 30  # below so many values, that all differ says nothing
_INCOMPLETE = 0.05  # this share of histories may begin later than a day after creation


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


def audit(extract: Extract, config: Config) -> tuple[tuple[str, ...], tuple[LeftOut, ...]]:
    """The profile columns to use, in the configuration's order, and the others with the reason.

    Columns the configuration ignores are listed among the others too.
    """
    leads = config.sources.leads
    used: list[str] = []
    left_out = [LeftOut(column, reason) for column, reason in leads.ignore.items()]
    for name, column in leads.profile.items():
        reason = _refused(extract, config, name, column)
        if reason is None:
            used.append(name)
        else:
            left_out.append(LeftOut(name, reason))
    return tuple(used), tuple(left_out)


def single_valued(extract: Extract, column: str) -> str | None:
    """Why a column of leads can tell nothing apart, or None where it can."""
    return _trivial(_shape(table(extract, "leads"), column, text=False))


def _refused(extract: Extract, config: Config, name: str, column: ProfileColumn) -> str | None:
    allowed = {name, column.column or name} & set(config.protected.allow)
    if not allowed:
        for written in (name, column.column or name):
            attribute = protected_attribute(written, config.protected.names)
            if attribute is not None:
                return (
                    f"protected attribute ({attribute}): to use it all the same, say in "
                    "protected.allow why that is lawful"
                )
    shape = _shape(
        table(extract, "leads"), f"profile_{name}", column.type == "category",
        column.type == "number",
    )  # fmt: skip
    if (reason := _trivial(shape)) is not None:
        return reason
    if name in config.features.keep:
        return None
    return _personal(shape, column) or _history(extract, config, name)


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


def _history(extract: Extract, config: Config, name: str) -> str | None:
    """Why a column's history cannot be read as of an instant, or None."""
    if "changes" not in extract.declared:
        return None
    changes = table(extract, "changes")
    changes = changes.filter(changes["column"] == name)
    if not dated(config):
        return "it changes over time, and leads have no date" if _count(changes) else None
    first = changes.group_by("lead_id").aggregate(first_at=changes["changed_at"].min())
    first = first.join(table(extract, "leads").select("lead_id", "created_at"), "lead_id")
    late = _count(first.filter(days_before(first["first_at"], 1) > first["created_at"]))
    if late > _INCOMPLETE * _count(first):
        return (
            f"the history of {late} leads begins after their creation, so that being unknown "
            "would betray a later change; to use it all the same, say why in features.keep"
        )
    return None


def _count(rows: Table) -> int:
    return int(rows.count().to_pyarrow().as_py())
