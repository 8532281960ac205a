"""Which canonical columns each table has and what the configuration says of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from predictive_scoring.config import (
    ActivitiesSource,
    ChangesSource,
    Config,
    EventsSource,
    InstantColumn,
    LeadsSource,
    ProfileColumn,
    StagesSource,
    TableSource,
)
from predictive_scoring.config.tables import DICTIONARY
from predictive_scoring.sources.fields import Field

TableName = Literal["leads", "events", "stages", "activities", "changes"]


@dataclass(frozen=True)
class Renaming:
    """How the values of one column are renamed, and what becomes of rows with another value."""

    column: str
    names: Mapping[str, str]
    others: Literal["keep", "set_aside", "quarantine"]


@dataclass(frozen=True)
class Table:
    """A canonical table: its fields in order, the one that dates its rows, and its renaming.

    ``constants`` are columns with one value for all rows. ``profile`` are the columns whose
    values a table of changes holds.
    """

    name: TableName
    source: TableSource
    fields: tuple[Field, ...]
    dated_by: str
    renaming: Renaming | None = None
    constants: Mapping[str, str] = field(default_factory=dict)
    profile: Mapping[str, ProfileColumn] = field(default_factory=dict)


def declared_tables(config: Config) -> tuple[Table, ...]:
    """The company's tables, leads first."""
    sources = config.sources
    tables = [_leads(sources.leads, config)]
    if sources.events:
        tables.append(_events(sources.events))
    if sources.stages:
        tables.append(_stages(sources.stages))
    if sources.activities:
        tables.append(_activities(sources.activities))
    if sources.changes:
        tables.append(_changes(sources.changes, sources.leads.profile))
    return tuple(_with_defaults(table, config) for table in tables)


EMPTY: dict[TableName, tuple[Field, ...]] = {
    "events": (
        Field("lead_id", None, "identifier"),
        Field("occurred_at", None, "instant"),
        *(Field(name, None) for name in ("type", "channel", "campaign", "topic")),
        Field("value", None, "number"),
    ),
    "stages": (
        Field("lead_id", None, "identifier"),
        Field("stage", None),
        Field("entered_at", None, "instant"),
        *(Field(name, None) for name in ("actor", "reason")),
    ),
    "activities": (
        Field("lead_id", None, "identifier"),
        Field("occurred_at", None, "instant"),
        *(Field(name, None) for name in ("kind", "actor", "outcome")),
        Field("documented", None, "flag"),
    ),
    "changes": (
        Field("lead_id", None, "identifier"),
        *(Field(name, None) for name in ("column", "value")),
        Field("changed_at", None, "instant"),
    ),
}
"""The columns of the tables that a company need not have."""


def _with_defaults(table: Table, config: Config) -> Table:
    """Fields with the words for "missing" of the source and the company's time zone."""
    fields = tuple(
        replace(
            f,
            nulls=(*table.source.csv.nulls, *f.nulls),
            zone=(f.instant.zone if f.instant else None) or config.time_zone,
        )
        for f in table.fields
    )
    return replace(table, fields=fields)


def _leads(source: LeadsSource, config: Config) -> Table:
    outcome = config.outcome
    fields = (
        Field("lead_id", source.lead_id, "identifier", required=source.lead_id is not None),
        _instant("created_at", source.created_at, required=False),
        Field("account_id", source.account_id, "identifier"),
        Field("market", source.market),
        Field("language", source.language),
        Field("owner", source.owner, "identifier"),
        Field("email", source.email, "identifier"),
        Field("outcome", outcome.column, "outcome", true=outcome.positive, false=outcome.negative),
        *(_profile(name, column) for name, column in source.profile.items()),
    )
    return Table("leads", source, fields, "created_at")


def _profile(name: str, column: ProfileColumn) -> Field:
    return Field(
        f"profile_{name}",
        column.column or name,
        column.type,
        nulls=column.nulls,
        true=column.true,
        false=column.false,
    )


def _events(source: EventsSource) -> Table:
    fields = (
        Field("lead_id", source.lead_id, "identifier", required=True),
        _instant("occurred_at", source.occurred_at),
        Field("type", source.type, required=True),
        Field("channel", source.channel),
        Field("campaign", source.campaign),
        Field("topic", source.topic),
        Field("value", source.value, "number"),
    )
    renaming = Renaming("type", source.types, source.others) if source.types else None
    return Table("events", source, fields, "occurred_at", renaming)


def _stages(source: StagesSource) -> Table:
    fields = (
        Field("lead_id", source.lead_id, "identifier", required=True),
        Field("stage", source.stage, required=source.stage is not None),
        _instant("entered_at", source.entered_at),
        Field("actor", source.actor, "identifier"),
        Field("reason", source.reason, "identifier"),
    )
    if source.always:
        return Table("stages", source, fields, "entered_at", constants={"stage": source.always})
    names: Mapping[str, str] = source.stages or dict(zip(DICTIONARY, DICTIONARY, strict=True))
    return Table("stages", source, fields, "entered_at", Renaming("stage", names, source.others))


def _activities(source: ActivitiesSource) -> Table:
    words = ProfileColumn(type="flag")
    fields = (
        Field("lead_id", source.lead_id, "identifier", required=True),
        _instant("occurred_at", source.occurred_at),
        Field("kind", source.kind_column, required=True),
        Field("actor", source.actor, "identifier"),
        Field("outcome", source.outcome),
        Field("documented", source.documented, "flag", true=words.true, false=words.false),
    )
    renaming = Renaming("kind", source.kinds, source.others) if source.kinds else None
    return Table("activities", source, fields, "occurred_at", renaming)


def _changes(source: ChangesSource, profile: Mapping[str, ProfileColumn]) -> Table:
    fields = (
        Field("lead_id", source.lead_id, "identifier", required=True),
        Field("column", source.column, required=True),
        Field("value", source.value, "identifier"),
        _instant("changed_at", source.changed_at),
    )
    # The history may use the source's own column names, or the profile's.
    names = {column.column or name: name for name, column in profile.items()}
    names |= {name: name for name in profile}
    renaming = Renaming("column", names, "set_aside")
    return Table("changes", source, fields, "changed_at", renaming, profile=profile)


def _instant(name: str, declared: InstantColumn | None, required: bool = True) -> Field:
    column = declared.column if declared else None
    day = (declared.day if declared else None) or ("start" if name == "created_at" else "end")
    return Field(name, column, "instant", required=required, instant=declared, day=day)
