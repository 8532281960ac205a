"""Profile columns that change after creation, with their history.

Some numbers of employees are filled in by sales only once a lead has become an SQL: read as they
stand today they betray the outcome, read as of their day they do not.
"""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from predictive_scoring.demo.clock import DAY, EXTRACT, Codes, Seconds, iso_with_offset
from predictive_scoring.demo.company import SENIORITIES
from predictive_scoring.demo.people import Mask, Numbers, People
from predictive_scoring.demo.sales import NEVER
from predictive_scoring.demo.text import pick

_PROMOTION_SHARE, _SUBSCRIPTION_SHARE, _GROWTH_SHARE = 0.05, 0.06, 0.04
_FILLED_BY_SALES_SHARE = 0.6
_RANKS = [choice.value for choice in SENIORITIES]
_PROMOTED = np.array(
    [_RANKS.index(rank) for rank in ("director", "director", "manager", "specialist", "junior")]
    + [_RANKS.index("specialist")]
)


@dataclass(frozen=True)
class Ages:
    """One column of some leads before and after its change; `values` hold both, as text."""

    column: str
    lead: Codes
    changed: Seconds
    before: pa.Array
    after: pa.Array


def change(
    people: People, became_sql: Seconds, rng: np.random.Generator
) -> tuple[People, tuple[Ages, ...]]:
    """Return the people as the CRM knows them at the extract, and what changed since creation.

    `became_sql` is in UTC seconds, NEVER where a lead is no SQL.
    """
    size = len(people)
    moment = people.created + (rng.random(size) * (EXTRACT - people.created)).astype(np.int64)
    promoted = _PROMOTED[people.seniority]
    rises = (rng.random(size) < _PROMOTION_SHARE) & (promoted != people.seniority)
    flips = rng.random(size) < _SUBSCRIPTION_SHARE
    employees, counted, counts = _employees(people, moment, became_sql, rng)
    now = replace(
        people,
        seniority=np.where(rises, promoted, people.seniority),
        newsletter=people.newsletter ^ flips,
        employees=np.where(counts, employees, people.employees),
    )
    return now, (
        _ages("seniority", rises, moment, _ranks(people), _ranks(now)),
        _ages("newsletter", flips, moment, newsletter_text(people), newsletter_text(now)),
        _ages("employees", counts, counted, employees_text(people), employees_text(now)),
    )


def _employees(
    people: People, moment: Seconds, became_sql: Seconds, rng: np.random.Generator
) -> tuple[Numbers, Seconds, Mask]:
    """Draw new numbers of employees, when they were entered, and for which leads."""
    size = len(people)
    unknown = np.isnan(people.employees)
    learned = np.maximum(1, np.round(np.exp(rng.normal(5.2, 1.6, size))))
    grown = np.maximum(1, np.round(people.employees * rng.uniform(0.75, 1.35, size)))
    sql = became_sql < NEVER
    by_sales = unknown & sql & (rng.random(size) < _FILLED_BY_SALES_SHARE)
    after = np.where(sql, became_sql, 0) + rng.integers(3_600, 10 * DAY, size)
    entered = np.where(by_sales, after, moment)
    counts = by_sales | (rng.random(size) < _GROWTH_SHARE)
    values = np.where(unknown, learned, grown)
    return values, entered, counts & (entered < EXTRACT) & (values != people.employees)


def _ages(column: str, rows: Mask, changed: Seconds, before: pa.Array, after: pa.Array) -> Ages:
    lead = np.flatnonzero(rows)
    index = pa.array(lead)
    return Ages(column, lead, changed[lead], before.take(index), after.take(index))


def history(people: People, ids: pa.Array, ages: tuple[Ages, ...]) -> pa.Table:
    """Rows of `changes.csv`: for each changed column the first value, dated creation, and the new.

    An empty value says that the column was not filled in then.
    """
    tables = []
    for age in ages:
        lead = np.concatenate((age.lead, age.lead))
        at = np.concatenate((people.created[age.lead], age.changed))
        columns = {
            "lead_id": ids.take(pa.array(lead)),
            "column": pick((age.column,), np.zeros_like(lead)),
            "value": pa.concat_arrays([age.before, age.after]),
            "changed_at": iso_with_offset(people.market[lead], at),
        }
        order = np.lexsort((at, lead))
        tables.append((lead[order], pa.table(columns).take(pa.array(order))))
    leads = np.concatenate([lead for lead, _ in tables])
    return pa.concat_tables([t for _, t in tables]).take(pa.array(np.argsort(leads, kind="stable")))


def newsletter_text(people: People) -> pa.Array:
    """Write `true` or `false` for each lead."""
    return pick(("false", "true"), people.newsletter.astype(np.int8))


def employees_text(people: People) -> pa.Array:
    """Write whole numbers as text, null where unknown."""
    known = ~np.isnan(people.employees)
    whole = np.where(known, people.employees, 0).astype(np.int64)
    return pc.if_else(
        pa.array(known), pa.array(whole).cast(pa.string()), pa.scalar(None, pa.string())
    )


def _ranks(people: People) -> pa.Array:
    return pick(_RANKS, people.seniority)
