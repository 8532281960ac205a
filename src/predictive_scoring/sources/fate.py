"""The rules that decide over whole rows: values not listed, unknown leads, dates after the extract.

Each adds a WHEN branch to the reasons for the quarantine or to the rules that set rows aside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from predictive_scoring.sources import values
from predictive_scoring.sources.fields import FieldSql
from predictive_scoring.sources.identifiers import Parameters, literal
from predictive_scoring.sources.tables import Renaming, Table

UNKNOWN_LEAD = "lead not among the leads"
AFTER_EXTRACT = "dated after the extract"


@dataclass(frozen=True)
class Rules:
    """What becomes of rows by rules that look beyond the row itself."""

    unknown_leads: str
    after_extract: str
    extract_at: datetime | None


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
    if rules.extract_at is None or not dated.parsed:
        return
    until = rules.extract_at.astimezone(UTC).replace(tzinfo=None)
    late = f"{dated.value} > {parameters.add(until)}"
    if rules.after_extract == "quarantine":
        said = f"'dated ' || CAST({dated.value} AS VARCHAR) || ' UTC, after the extract'"
        refusals.append(f"WHEN {late} THEN {said}")
    else:
        asides.append(f"WHEN {late} THEN {literal(AFTER_EXTRACT)}")
