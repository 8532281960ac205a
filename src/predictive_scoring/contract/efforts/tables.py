"""The main path: leads of a window, by each dimension, with what they led to and what it cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from predictive_scoring.contract.efforts.cohort import cohort, known_until, records
from predictive_scoring.contract.efforts.credit import (
    Credit,
    by_first_touch,
    credit_by_value,
    touches,
)
from predictive_scoring.contract.efforts.dimensions import Dimension, available, resolve
from predictive_scoring.contract.efforts.funnel import Funnel, funnels
from predictive_scoring.contract.efforts.leads import leads_of
from predictive_scoring.contract.efforts.lines import Money, line, standard
from predictive_scoring.contract.efforts.money import Spending, spending
from predictive_scoring.contract.windows import zone_of
from predictive_scoring.records import Effort, EffortTable, note

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.expr.types import Table

    from predictive_scoring.config import Config
    from predictive_scoring.records import Extract, Window


def efforts(
    extract: Extract,
    config: Config,
    window: Window,
    dimensions: tuple[str, ...],
    handed: pa.Table,
) -> tuple[EffortTable, ...]:
    """What became, until the extract, of the leads created in the window, by each dimension.

    ``dimensions`` are `source`, `market`, `language`, `owner`, a profile category, `month` (of
    creation), or touches: `channel`, `campaign`, `topic`, `type`. ``handed`` has lead_id and
    handed_over_at (TIMESTAMP UTC): handovers, of which a lead's first makes it an MQL. The window's
    days are those of the company's clocks; its scope is a team or values of the leads' dimensions.

    Raises UsageError for a dimension that there is none of and where leads have no date, DataError
    where the data hold no instant.
    """
    there = available(config)
    chosen = [resolve(name, there) for name in dimensions]
    until = known_until(extract, config)
    days = (window.first, min(window.last, until.astimezone(ZoneInfo(zone_of(config))).date()))
    with (
        leads_of(extract, config, window, there) as leads,
        cohort(extract, config, window, leads.rows, chosen, handed) as people,
    ):
        return tuple(
            _table(
                dimension,
                _counted(extract, people, dimension, f"value_{place}", until),
                spending(config.contract, dimension, there, window.scope, days),
                config,
                _undated(leads.undated),
            )
            for place, dimension in enumerate(chosen)
        )


@dataclass(frozen=True)
class _Counts:
    """A dimension's funnels, and for a touch what each value is credited with."""

    funnels: tuple[Funnel, ...]
    credit: Mapping[str, Credit] | None = None

    def uncredited(self) -> float:
        """SQLs that nothing touched before."""
        sqls = sum(funnel.sql for funnel in self.funnels)
        return sqls - sum(c.first for c in (self.credit or {}).values())


def _counted(
    extract: Extract, people: Table, dimension: Dimension, column: str, until: datetime
) -> _Counts:
    if not dimension.touch:
        return _Counts(funnels(people, column))
    with touches(extract, people, dimension, until) as touched:
        credit = credit_by_value(people, touched)
        return _Counts(funnels(by_first_touch(people, touched), "value"), credit)


def _table(
    dimension: Dimension, counts: _Counts, spent: Spending, config: Config, without: Sequence[str]
) -> EffortTable:
    knows_won, won_value = records(config, "won"), config.contract.won_value
    held_to = standard(counts.funnels, config.contract.entry_rate)
    by_value = {funnel.value: funnel for funnel in counts.funnels}
    values = dict.fromkeys((*by_value, *(counts.credit or ()), *spent.by_value))
    lines = (
        line(
            by_value.get(value, Funnel(value)),
            None if counts.credit is None else counts.credit.get(value, Credit()),
            Money(spent.by_value.get(value), won_value if knows_won else None),
            held_to,
            knows_won,
        )
        for value in values
    )
    notes = (*without, *spent.notes, *_notes(dimension, counts, spent, config))
    return EffortTable(
        dimension=dimension.name,
        touch=dimension.touch,
        efforts=tuple(sorted(lines, key=_by_month if dimension.kind == "month" else _by_leads)),
        bar=held_to.bar,
        currency=config.contract.currency,
        notes=notes,
    )


def _by_leads(effort: Effort) -> tuple[object, ...]:
    return (-effort.leads, effort.value)


def _by_month(effort: Effort) -> tuple[object, ...]:
    return (effort.value,)


def _notes(dimension: Dimension, counts: _Counts, spent: Spending, config: Config) -> Iterator[str]:
    met = {funnel.value for funnel in counts.funnels} | set(counts.credit or ())
    for value in sorted(set(spent.by_value) - met):
        yield note(
            "a cost is declared for %(dimension)s %(value)s, which no lead of the window has",
            dimension=dimension.name,
            value=repr(value),
        )
    if config.contract.won_value is not None and not records(config, "won"):
        yield note("the data do not say which deals were won, so there is no result in money")
    if counts.credit is None:
        return
    if spent.by_value:
        yield note("cost per SQL and result are by multi-touch credit")
    if lacking := counts.uncredited():
        yield note(
            "SQLs that no %(dimension)s touched before, credited to none: %(count)s",
            dimension=dimension.name,
            count=round(lacking),
        )
    if config.flat:
        yield note("SQLs have no date here: touches up to the extract have a part in them")


def _undated(leads: int) -> tuple[str, ...]:
    if not leads:
        return ()
    return (
        note(
            "leads that are in no window, since their creation is not known: %(count)s", count=leads
        ),
    )
