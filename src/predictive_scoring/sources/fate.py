"""The rules that decide over whole rows: values not listed, unknown leads, dates after the extract.

Each adds a WHEN branch to the reasons for the quarantine or to the rules that set rows aside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from predictive_scoring.sources import instants, values
from predictive_scoring.sources.fields import FieldSql
from predictive_scoring.sources.identifiers import Parameters, literal
from predictive_scoring.sources.tables import Renaming, Table

UNKNOWN_LEAD = "lead not among the leads"
AFTER_EXTRACT = "after the extract"
AFTER_TODAY = "after today"


@dataclass(frozen=True)
class Rules:
    """What becomes of rows by rules that look beyond the row itself.

    Rows dated after ``until`` are ``too_late``: after the declared extract, or after today.
    """

    unknown_leads: str
    after_extract: str
    until: datetime
    too_late: str


def position(fields: Sequence[FieldSql], name: str) -> int:
    """The index of the canonical column of that name."""
    return [sql.field.name for sql in fields].index(name)


def by_other_values(
    renaming: Renaming, fields: Sequence[FieldSql], refusals: list[str], asides: list[str]
) -> None:
    """Add what becomes of rows whose value is not renamed."""
    value = f"v{position(fields, renaming.column)}"
    if renaming.others == "quarantine":
        refusals.append(
            f"WHEN renamed IS NULL THEN 'the {renaming.column} ' || {values.shown(value)} "
            "|| ' is not listed in the configuration'"
        )
    if renaming.others == "set_aside":
        asides.append(f"WHEN renamed IS NULL THEN 'the {renaming.column} is not listed'")


def by_rule(
    table: Table,
    fields: Sequence[FieldSql],
    rules: Rules,
    refusals: list[str],
    asides: list[str],
    parameters: Parameters,
) -> None:
    """Add what becomes of rows of unknown leads and of rows dated after the extract."""
    if table.name != "leads":
        said = values.shown(f"v{position(fields, 'lead_id')}")
        if rules.unknown_leads == "quarantine":
            refusals.append(
                f"WHEN NOT known THEN 'the lead ' || {said} || ' is not among the leads'"
            )
        else:
            asides.append(f"WHEN NOT known THEN {literal(UNKNOWN_LEAD)}")
    dated = fields[position(fields, table.dated_by)]
    if not dated.parsed:
        return
    late = f"{dated.value} > {_until(rules, dated, parameters)}"
    if rules.after_extract == "quarantine":
        said = f"'dated ' || CAST({dated.value} AS VARCHAR) || {literal(f' UTC, {rules.too_late}')}"
        refusals.append(f"WHEN {late} THEN {said}")
    else:
        asides.append(f"WHEN {late} THEN {literal(f'dated {rules.too_late}')}")


def _until(rules: Rules, dated: FieldSql, parameters: Parameters) -> str:
    """The last instant allowed; a whole day is not too late as long as it began before."""

    def utc(instant: datetime) -> str:
        return parameters.add(instant.astimezone(UTC).replace(tzinfo=None))

    if dated.field.day == "start" or dated.whole_day == "FALSE":
        return utc(rules.until)
    ended = instants.end_of_day(rules.until, dated.field.zone)
    return f"CASE WHEN {dated.whole_day} THEN {utc(ended)} ELSE {utc(rules.until)} END"
