"""The contract between marketing and sales: dictionary, commitments, teams, costs."""

import itertools
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from predictive_scoring.config.base import Section, Zone
from predictive_scoring.config.rules import Criterion

Share = Annotated[float, Field(gt=0, le=1)]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class FirstContact(Section):
    """How soon sales contact a lead that was handed over."""

    hours: Annotated[float, Field(gt=0, le=2000)]
    """Within so many hours of the handover."""
    clock: Literal["business", "elapsed"] = "business"
    """`business`: hours in which the lead's team works. `elapsed`: hours of the clock, day and
    night."""


class Commitments(Section):
    """What is promised; a key that is left out is not promised."""

    mqls_per_month: Annotated[float, Field(gt=0)] | None = None
    """Marketing: so many MQLs handed over each month."""
    sql_rate: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Marketing: at least this share of the MQLs become SQLs within the horizon."""
    first_contact: FirstContact | None = None
    """Sales: the time until an MQL's first contact."""
    contacted: Share | None = None
    """Sales: this share of the MQLs is contacted within that time."""
    documented: Share | None = None
    """Sales: this share of the activities with MQLs is written down."""


class Version(Commitments):
    """The contract as it holds from a day on; history is judged by the version then in force."""

    since: Annotated[date, Field(alias="from")]
    """The first day on which it holds, by the company's clocks."""
    until: date | None = None
    """The last day on which it holds; default: the day before the next version."""
    confidence: Annotated[float, Field(ge=0.5, lt=1)] = 0.95
    """How sure the threshold must be of the rate: a published threshold breaks it in at most
    1 - confidence of all cases."""
    mql: tuple[Criterion, ...] = ()
    """What makes an MQL besides the score: all of these."""
    sql: tuple[Criterion, ...] = ()
    """What makes an SQL: all of these, most of them for sales to judge."""
    rejection_reasons: tuple[str, ...] = ()
    """Why sales may reject an MQL, as `stages.reason` has it; empty: any reason, but one."""
    markets: dict[str, Commitments] = {}
    """Markets that are promised something else: only the keys that differ."""

    @model_validator(mode="after")
    def _does_not_contradict_itself(self) -> Self:
        for market in ("", *self.markets):
            of = self.of(market)
            where = f"`markets.{market}`: " if market else ""
            if of.contacted is not None and of.first_contact is None:
                raise ValueError(f"{where}`contacted` with `first_contact`: within which time?")
        volumes = [m.mqls_per_month for m in self.markets.values() if m.mqls_per_month]
        if self.mqls_per_month is not None and sum(volumes) > self.mqls_per_month:
            raise ValueError(
                f"`mqls_per_month` of at least {sum(volumes):g}, which the markets' add up to"
            )
        if self.until is not None and self.until < self.since:
            raise ValueError(f"`until` on or after `from` ({self.since})")
        names = [c.name for c in (*self.mql, *self.sql)]
        if twice := sorted({n for n in names if names.count(n) > 1}):
            raise ValueError(f"criteria with names that differ, not {twice[0]!r} twice")
        return self

    def of(self, market: str) -> Commitments:
        """What is promised for one market ("" = all of them together).

        The company's volume is not promised for each of its markets.
        """
        everywhere = {name: getattr(self, name) for name in Commitments.model_fields}
        if not market:
            return Commitments(**everywhere)
        own = self.markets.get(market, Commitments())
        differing = {name: getattr(own, name) for name in own.model_fields_set}
        return Commitments(**{**everywhere, "mqls_per_month": None, **differing})


def _minutes(text: str) -> int:
    hours, _, minutes = text.strip().partition(":")
    if not (hours.isdigit() and minutes.isdigit() and len(minutes) == 2):
        raise ValueError("hours such as 09:00-12:30")
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > 24 * 60:
        raise ValueError("hours from 00:00 to 24:00, such as 09:00-12:30")
    return total


class Team(Section):
    """A sales team: whose leads, and when it works."""

    time_zone: Zone
    """The zone of its clocks."""
    markets: tuple[str, ...] = ()
    """The markets whose leads are its own."""
    owners: tuple[str, ...] = ()
    """People whose leads are its own, whatever the market."""
    days: Annotated[tuple[Day, ...], Field(min_length=1)] = ("mon", "tue", "wed", "thu", "fri")
    """The days it works on."""
    hours: tuple[str, ...] = ("09:00-18:00",)
    """The hours it works in, such as 09:00-12:30; several with a break between."""
    holidays: str | None = None
    """Country whose public holidays it has (ISO 3166: FR, JP), with a subdivision where that
    matters (DE-BY); default: none."""
    closed: tuple[date, ...] = ()
    """Further days on which it does not work."""

    @field_validator("hours")
    @classmethod
    def _are_in_order(cls, hours: tuple[str, ...]) -> tuple[str, ...]:
        at = -1
        for span in hours:
            first, dash, last = span.partition("-")
            if not dash or not at < _minutes(first) < _minutes(last):
                raise ValueError("hours such as 09:00-12:30, later ones after earlier ones")
            at = _minutes(last)
        if not hours:
            raise ValueError("at least one span such as 09:00-18:00")
        return hours

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The hours of a working day in minutes since midnight."""
        pairs = (span.partition("-") for span in self.hours)
        return tuple((_minutes(first), _minutes(last)) for first, _, last in pairs)


class Escalation(Section):
    """Who is told of a lead that is still waiting."""

    hours: Annotated[float, Field(ge=0)]
    """So many hours (of the first contact's clock) after the contact was due."""
    to: Annotated[str, Field(min_length=1)]
    """Who is told."""


class Cost(Section):
    """What an effort cost over some days."""

    by: Annotated[str, Field(min_length=1)]
    """The dimension: `source`, `campaign`, `channel`, `market` or a profile column."""
    value: str
    """Which of them: `fair`, `FR` …"""
    amount: Annotated[float, Field(ge=0)]
    """The money spent."""
    since: Annotated[date, Field(alias="from")]
    """The first day."""
    until: date
    """The last day."""

    @model_validator(mode="after")
    def _is_a_time(self) -> Self:
        if self.until < self.since:
            raise ValueError(f"`until` on or after `from` ({self.since})")
        return self


class Tiers(Section):
    """How leads are sorted besides the threshold."""

    hot_rate: Annotated[float, Field(gt=0, lt=1)] | None = None
    """The SQL rate that hot leads must be proved to have; default: halfway between the contract's
    rate and 1."""
    cold_share: Annotated[float, Field(ge=0, lt=1)] = 0.05
    """Cold are the lowest scores that together held at most this share of the SQLs."""


class Contact(Section):
    """Which sales activities are a contact with the lead: all, unless said."""

    kinds: tuple[str, ...] = ()
    """Those of these kinds; empty: of every kind."""
    outcomes: tuple[str, ...] = ()
    """Those with one of these outcomes; empty: with any or none."""


class Hysteresis(Section):
    """When a lead that is an MQL stops being one."""

    points: Annotated[float, Field(ge=0, le=100)] = 0
    """It stays an MQL until its probability is so many percentage points below the threshold."""


class ContractSettings(Section):
    """The contract (SLA) between marketing and sales."""

    versions: tuple[Version, ...] = ()
    """What was promised when; empty: no contract, and no threshold."""
    teams: dict[str, Team] = {}
    """The sales teams; a lead belongs to its owner's, else to its market's, else to the one team
    that has neither people nor markets."""
    contact: Contact = Contact()
    escalations: tuple[Escalation, ...] = ()
    """Who is told, and when, of leads that wait."""
    handovers: Literal["stages", "scores"] = "stages"
    """What hands a lead over: the stage `mql` of the data, or the score store's own handovers."""
    source: str | None = None
    """The profile column that says where a lead came from."""
    tiers: Tiers = Tiers()
    hysteresis: Hysteresis = Hysteresis()
    costs: tuple[Cost, ...] = ()
    """What marketing efforts cost."""
    won_value: Annotated[float, Field(gt=0)] | None = None
    """What a won deal brings on average, in the currency of the costs."""
    currency: str = "EUR"
    """The currency of costs and values."""
    entry_rate: Annotated[float, Field(gt=0, lt=1)] | None = None
    """The share of leads becoming SQLs from which a new market deserves a sales force; default:
    half that of all markets."""

    @field_validator("versions")
    @classmethod
    def _do_not_overlap(cls, versions: tuple[Version, ...]) -> tuple[Version, ...]:
        ordered = sorted(versions, key=lambda v: v.since)
        for earlier, later in itertools.pairwise(ordered):
            if later.since == earlier.since or (earlier.until and earlier.until >= later.since):
                raise ValueError(
                    f"versions that do not overlap: those from {earlier.since} and {later.since} do"
                )
        return tuple(ordered)

    @model_validator(mode="after")
    def _everybody_has_one_team(self) -> Self:
        for key in ("markets", "owners"):
            seen: dict[str, str] = {}
            for name, team in self.teams.items():
                for value in getattr(team, key):
                    if seen.setdefault(value, name) != name:
                        raise ValueError(
                            f"`teams`: one for {value!r}, not both {seen[value]!r} and {name!r}"
                        )
        rest = [name for name, team in self.teams.items() if not (team.markets or team.owners)]
        if len(rest) > 1:
            raise ValueError(
                "`teams`: `markets` or `owners` of all teams but one, which has everybody else's "
                f"leads, not {rest[0]!r} and {rest[1]!r} both"
            )
        return self

    @model_validator(mode="after")
    def _hot_is_hotter(self) -> Self:
        hot = self.tiers.hot_rate
        for version in self.versions:
            if hot is not None and version.sql_rate is not None and hot <= version.sql_rate:
                raise ValueError(f"`tiers.hot_rate` above the contract's rate {version.sql_rate}")
        return self

    @model_validator(mode="after")
    def _clocks_have_a_team(self) -> Self:
        business = any(
            of.first_contact is not None and of.first_contact.clock == "business"
            for version in self.versions
            for of in (version, *version.markets.values())
        )
        if business and not self.teams:
            raise ValueError(
                "`teams`: whose business hours does `first_contact` mean? Declare a team, or "
                "`clock: elapsed`"
            )
        return self

    def version_on(self, day: date) -> Version | None:
        """The version in force on a day, None where there is none."""
        past = [v for v in self.versions if v.since <= day]
        if not past or (past[-1].until is not None and past[-1].until < day):
            return None
        return past[-1]
