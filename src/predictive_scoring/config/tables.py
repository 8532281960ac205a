"""Where a company's tables lie and how their columns map onto the canonical ones."""

import re
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from predictive_scoring.config.base import Section, Zone

DICTIONARY = ("mql", "sql", "rejected", "won", "lost")
"""The stages every company's own stage names map onto."""


class CsvDialect(Section):
    """How a CSV file is written; nothing is guessed at run time."""

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    """What stands between two cells; a tab is "\\t"."""
    quote: Annotated[str, Field(max_length=1)] = '"'
    """What stands around a cell that contains the delimiter; empty: nothing does."""
    encoding: Literal["utf-8", "latin-1", "utf-16"] = "utf-8"
    """How characters are written as bytes."""
    decimal: Literal[".", ","] = "."
    """What stands before the decimals of a number."""
    nulls: tuple[str, ...] = ("",)
    """Cells that mean "missing". An empty cell is missing; "NA" is not (Namibia), unless said."""

    @model_validator(mode="after")
    def _cells_end_somewhere(self) -> Self:
        if self.delimiter in "\r\n":
            raise ValueError("`delimiter`: no line end, which ends the record")
        if self.quote and self.quote in f"\r\n{self.delimiter}":
            raise ValueError("`quote`: neither a line end nor the delimiter")
        return self


class InstantColumn(Section):
    """A column of instants."""

    column: str
    """The column's name in the source; a name alone stands for the whole section."""
    format: str = "iso"
    """`iso` (2026-03-29T02:30:00+02:00, offset optional), `epoch_s`, `epoch_ms`, `epoch_us`, or a
    strptime format with a year, such as `%d/%m/%Y %H:%M`. Integers are instants only with a
    declared format."""
    zone: Zone | None = None
    """The zone of values without an offset; default: the company's `time_zone`."""
    unknown: tuple[str, ...] = ()
    """Values that mean "not known", such as 1970-01-01 00:00:00."""
    day: Literal["start", "end"] | None = None
    """Where a value that names a day and no time stands in it: at its first instant or at its last,
    by the zone's clocks. Default: `start` for the leads' `created_at`; `end` for everything that
    happens to a lead, since it may have happened as late as that, and counts from then on."""

    @field_validator("format")
    @classmethod
    def _has_a_year(cls, form: str) -> str:
        is_named = form in ("iso", "epoch_s", "epoch_ms", "epoch_us")
        if not is_named and not re.search("%-?[YyGcx]", form.replace("%%", "")):
            raise ValueError(
                "`iso`, `epoch_s`, `epoch_ms`, `epoch_us`, or a strptime format with a year (%Y)"
            )
        return form


def _instant(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


Instant = Annotated[InstantColumn, BeforeValidator(_instant)]


class ProfileColumn(Section):
    """A column that describes the lead."""

    type: Literal["number", "category", "flag"]
    """What its values are; the type alone stands for the whole section."""
    column: str | None = None
    """The source's name for it; default: the profile column's own name."""
    group: Literal["fit", "engagement", "account", "market", "sales", "time"] = "fit"
    """The group its reasons are summed in."""
    nulls: tuple[str, ...] = ()
    """More values that mean "missing" in this column (999, unknown)."""
    true: tuple[str, ...] = ("true", "yes", "1", "t", "y", "oui")
    """Words of a flag that mean yes, in any case. In YAML the key is written `"true"`."""
    false: tuple[str, ...] = ("false", "no", "0", "f", "n", "non")
    """Words of a flag that mean no. In YAML the key is written `"false"`."""
    feature: bool = True
    """Whether the model may learn from it; if not, it is there for the contract's criteria, the
    ledger and trials alone."""


def _profile(value: object) -> object:
    return {"type": value} if isinstance(value, str) else value


class TableSource(Section):
    """Where one table's rows are: a file (or a glob of files), or a database's table."""

    file: str | None = None
    """CSV (.csv, .csv.gz), Parquet, or a DuckDB file; relative to the configuration file."""
    url: str | None = None
    """Any SQLAlchemy URL; `${NAME}` is taken from the environment."""
    table: str | None = None
    """The table's name, for a DuckDB file or a URL (`schema.table` for one in a schema)."""
    format: Literal["csv", "parquet", "duckdb"] | None = None
    """Default: by the file's suffix."""
    csv: CsvDialect = CsvDialect()

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.file is None) == (self.url is None):
            raise ValueError("either `file` or `url`, not both and not neither")
        if self.kind in ("duckdb", "database") and not self.table:
            raise ValueError("`table`: which table of the database to read")
        return self

    @property
    def kind(self) -> Literal["csv", "parquet", "duckdb", "database"]:
        """How the rows are read; raises ValueError for an unknown suffix without `format`."""
        if self.url is not None:
            return "database"
        if self.format is not None:
            return self.format
        name = (self.file or "").lower()
        if name.endswith((".csv", ".csv.gz", ".tsv", ".txt")):
            return "csv"
        if name.endswith((".parquet", ".pq")):
            return "parquet"
        if name.endswith((".duckdb", ".ddb")):
            return "duckdb"
        raise ValueError("a file ending in .csv, .csv.gz, .parquet or .duckdb, or a `format`")


class LeadsSource(TableSource):
    """The people: one row each."""

    lead_id: str | None = None
    """The identifying column; without one, the row's number in the file identifies the lead."""
    created_at: Instant | None = None
    """When the lead became known. Needed for everything that happens over time."""
    account_id: str | None = None
    """The column with the lead's company; people of one account never stand on both sides of a
    split, and what the others of an account do is a feature."""
    market: str | None = None
    """The column with the lead's market (country or other segment)."""
    language: str | None = None
    """The column with the language the lead is spoken to in; a feature."""
    owner: str | None = None
    """The column with the salesperson in charge; no feature."""
    email: str | None = None
    """The column with the e-mail address; no feature."""
    profile: dict[str, Annotated[ProfileColumn, BeforeValidator(_profile)]] = {}
    """The columns that describe a lead, by name: `number`, `category` or `flag`."""
    ignore: dict[str, str] = {}
    """Columns that must not be used, each with the reason (leak, free text, identifier …)."""
    duplicates: Literal["quarantine", "first", "last"] = "quarantine"
    """Rows that repeat a lead_id: all quarantined, or the first or last kept (others set aside)."""
    created_from: Literal["first_event"] | None = None
    """Where created_at is unknown: take the lead's first event (leads without one are excluded)."""
    order: Literal["time", "rows", "nothing"] = "time"
    """What tells earlier from later: created_at, the order of the rows, or nothing (said aloud)."""

    @model_validator(mode="after")
    def _profile_names_differ(self) -> Self:
        # They become columns of one table, whose names SQL compares without case.
        seen: dict[str, str] = {}
        for name in self.profile:
            twin = seen.setdefault(name.lower(), name)
            if twin != name:
                raise ValueError(
                    f"`profile`: names that differ otherwise than by case, not {twin!r} and "
                    f"{name!r} (rename one, with `column: {name}`)"
                )
        return self


class EventsSource(TableSource):
    """Marketing behaviour."""

    lead_id: str
    """The column with the lead."""
    occurred_at: Instant
    """The column with the instant."""
    type: str
    """The column with what was done (visit, download, form …)."""
    channel: str | None = None
    """The column with the way it came (e-mail, fair, paid search …)."""
    campaign: str | None = None
    """The column with the campaign."""
    topic: str | None = None
    """The column with what it was about (pricing, a product …)."""
    value: str | None = None
    """The column with a number to add up (seconds on the page, amount …)."""
    types: dict[str, str] = {}
    """The company's own event types → the names used here; empty: the names as they are."""
    others: Literal["keep", "set_aside", "quarantine"] = "keep"
    """What becomes of types not listed, where `types` lists some."""


class StagesSource(TableSource):
    """What became of the leads."""

    lead_id: str
    """The column with the lead."""
    stage: str | None = None
    """The column with the stage; without it every row is of the stage `always` names."""
    entered_at: Instant
    """The column with the instant from which the lead is of this stage."""
    actor: str | None = None
    """The column with who decided."""
    reason: str | None = None
    """The column with why."""
    stages: dict[str, Literal["mql", "sql", "rejected", "won", "lost"]] = {}
    """The company's own stage names → the dictionary's; empty: they are the dictionary's."""
    always: Literal["mql", "sql", "rejected", "won", "lost"] | None = None
    """The stage of every row, for a file that lists one stage only (a list of deals)."""
    others: Literal["set_aside", "quarantine"] = "quarantine"
    """What becomes of stages not listed."""

    @model_validator(mode="after")
    def _stage_or_always(self) -> Self:
        if (self.stage is None) == (self.always is None):
            raise ValueError("either `stage` (a column) or `always` (one stage for every row)")
        return self


class ActivitiesSource(TableSource):
    """What sales did."""

    lead_id: str
    """The column with the lead."""
    occurred_at: Instant
    """The column with the instant."""
    kind_column: Annotated[str, Field(alias="kind")]
    """The column with what was done (call, mail, meeting …)."""
    actor: str | None = None
    """The column with who did it."""
    outcome: str | None = None
    """The column with what came of it."""
    documented: str | None = None
    """The column with whether it was written down: true, yes, 1, t, y, oui or false, no, 0, f, n,
    non, in any case; empty: not known. A row with another word is quarantined."""
    kinds: dict[str, str] = {}
    """The company's own kinds → the names used here; empty: the names as they are."""
    others: Literal["keep", "set_aside", "quarantine"] = "keep"
    """What becomes of kinds not listed, where `kinds` lists some."""


class ChangesSource(TableSource):
    """The history of profile columns: `column` took `value` at `changed_at`."""

    lead_id: str
    """The column with the lead."""
    column: str
    """The column with the name of the profile column that changed."""
    value: str
    """The column with the value it took."""
    changed_at: Instant
    """The column with the instant from which it has that value."""


class Sources(Section):
    """The company's tables; only leads are required."""

    leads: LeadsSource
    events: EventsSource | None = None
    stages: StagesSource | None = None
    activities: ActivitiesSource | None = None
    changes: ChangesSource | None = None
    unknown_leads: Literal["quarantine", "set_aside"] = "quarantine"
    """Rows of leads that are not in the leads table."""
    after_extract: Literal["quarantine", "set_aside"] = "quarantine"
    """Rows dated after the extract; where `extract_at` is not declared: after today."""
