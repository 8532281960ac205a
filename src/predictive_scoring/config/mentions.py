"""What the contract and nurturing mention of the data: every name must be declared there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from predictive_scoring.config.protected import protected_attribute
from predictive_scoring.errors import Problem

if TYPE_CHECKING:
    from predictive_scoring.config.contract import Commitments, ContractSettings, Version
    from predictive_scoring.config.features import ProtectedSettings
    from predictive_scoring.config.nurture import Action, NurtureSettings, Track
    from predictive_scoring.config.rules import Criterion
    from predictive_scoring.config.tables import ActivitiesSource, Sources

ANY = "any"
_OF_LEADS = ("market", "language", "owner")
_OF_EVENTS = ("channel", "campaign", "topic")


def undeclared(
    contract: ContractSettings,
    nurture: NurtureSettings,
    sources: Sources,
    protected: ProtectedSettings,
) -> Iterator[Problem]:
    """Each thing mentioned that the data do not have, with what they have instead.

    A criterion over a protected attribute is one too, unless it is declared to be lawful.
    """
    for number, version in enumerate(contract.versions):
        yield from _of_version(f"contract.versions.{number}", version, sources)
        for side, criteria in (("mql", version.mql), ("sql", version.sql)):
            for place, criterion in enumerate(criteria):
                key = f"contract.versions.{number}.{side}.{place}"
                yield from _of_criterion(key, criterion, sources)
                yield from _of_protected(f"{key}.column", criterion.column, sources, protected)
    yield from _of_sales(contract, sources)
    yield from _of_efforts(contract, sources)
    yield from _of_nurture(nurture, sources)


def _of_version(key: str, version: Version, sources: Sources) -> Iterator[Problem]:
    yield from _of_commitments(key, version, sources)
    for market, own in version.markets.items():
        yield from _of_commitments(f"{key}.markets.{market}", own, sources)
    if version.markets:
        yield from _told(f"{key}.markets", "leads.market", sources)
    if version.rejection_reasons:
        yield from _told(f"{key}.rejection_reasons", "stages.reason", sources)


def _of_commitments(key: str, promised: Commitments, sources: Sources) -> Iterator[Problem]:
    """What nobody could ever judge by these data."""
    if promised.mqls_per_month is not None and sources.leads.created_from is None:
        yield from _told(f"{key}.mqls_per_month", "leads.created_at", sources)
    if promised.first_contact is not None:
        yield from _told(f"{key}.first_contact", "activities", sources)
    if promised.documented is not None:
        yield from _told(f"{key}.documented", "activities.documented", sources)


def _of_sales(contract: ContractSettings, sources: Sources) -> Iterator[Problem]:
    for name, team in contract.teams.items():
        for column in ("market", "owner"):
            if getattr(team, f"{column}s"):
                yield from _told(f"contract.teams.{name}.{column}s", f"leads.{column}", sources)
    if contract.contact.kinds:
        yield from _of_kinds("contract.contact.kinds", contract.contact.kinds, sources)
    if contract.contact.outcomes:
        yield from _told("contract.contact.outcomes", "activities.outcome", sources)


def _of_efforts(contract: ContractSettings, sources: Sources) -> Iterator[Problem]:
    if contract.source is not None and contract.source not in sources.leads.profile:
        yield _no_profile_column("contract.source", contract.source, sources)
    known = ("source", *_OF_LEADS, *_OF_EVENTS, *sources.leads.profile)
    for number, cost in enumerate(contract.costs):
        if cost.by not in known:
            yield _one_of(f"contract.costs.{number}.by", cost.by, "a dimension of the data", known)
    if contract.source is None and any(cost.by == "source" for cost in contract.costs):
        yield Problem("contract.source", "nothing", "a profile column, since costs are by source")


def _of_nurture(nurture: NurtureSettings, sources: Sources) -> Iterator[Problem]:
    trial = nurture.trial
    if trial is not None and trial.column not in sources.leads.profile:
        yield _no_profile_column("nurture.trial.column", trial.column, sources)
    for name, action in nurture.actions.items():
        wanted = [d for d in _OF_EVENTS if getattr(action, d) is not None]
        yield from _of_events(f"nurture.actions.{name}", (action.event,), wanted, sources)
    for name, track in nurture.tracks.items():
        if track.topics:
            yield from _told(f"nurture.tracks.{name}.topics", "events.topic", sources)
    sections: Mapping[str, Mapping[str, Track | Action]]
    sections = {"tracks": nurture.tracks, "actions": nurture.actions}
    for section, rules in sections.items():
        for name, rule in rules.items():
            yield from _of_spoken_to(f"nurture.{section}.{name}", rule, sources)


def _of_spoken_to(key: str, rule: Track | Action, sources: Sources) -> Iterator[Problem]:
    for column in ("market", "language"):
        if getattr(rule, f"{column}s"):
            yield from _told(f"{key}.{column}s", f"leads.{column}", sources)


def _of_criterion(key: str, criterion: Criterion, sources: Sources) -> Iterator[Problem]:
    if criterion.column is not None:
        yield from _of_column(key, criterion.column, criterion, sources)
    if criterion.events:
        wanted = [d for d in _OF_EVENTS if getattr(criterion, f"{d}s")]
        yield from _of_events(key, criterion.events, wanted, sources)
    if criterion.activities:
        yield from _of_kinds(f"{key}.activities", criterion.activities, sources)


def _of_column(key: str, column: str, criterion: Criterion, sources: Sources) -> Iterator[Problem]:
    if column in ("market", "language"):
        yield from _told(f"{key}.column", f"leads.{column}", sources)
        if not criterion.values:
            yield Problem(key, f"no `values` of {column}", "`values`, since it is a category")
        return
    declared = sources.leads.profile.get(column)
    rule = "category" if criterion.values else "number" if criterion.flag is None else "flag"
    if declared is None:
        yield _no_profile_column(f"{key}.column", column, sources)
    elif declared.type != rule:
        keys = {"category": "`values`", "flag": "`flag`", "number": "`at_least` or `at_most`"}
        yield Problem(key, keys[rule], f"{keys[declared.type]}: {column} is a {declared.type}")


def _of_protected(
    key: str, column: str | None, sources: Sources, protected: ProtectedSettings
) -> Iterator[Problem]:
    """A rule that sorts people by a protected attribute does so as much as a model does."""
    declared = sources.leads.profile.get(column or "")
    if column is None or declared is None or {column, declared.column} & set(protected.allow):
        return
    for name in (column, declared.column or column):
        attribute = protected_attribute(name, protected.names)
        if attribute is not None:
            expected = f"no protected attribute ({attribute}), or protected.allow to say why it is"
            yield Problem(key, repr(column), f"{expected} lawful")
            return


def _of_events(
    key: str, types: tuple[str, ...], wanted: list[str], sources: Sources
) -> Iterator[Problem]:
    events = sources.events
    if events is None:
        yield from _told(key, "events", sources)
        return
    for dimension in wanted:
        yield from _told(key, f"events.{dimension}", sources)
    if events.types and events.others != "keep":
        yield from _kept(key, "a type", types, events.types)


def _of_kinds(key: str, kinds: tuple[str, ...], sources: Sources) -> Iterator[Problem]:
    activities: ActivitiesSource | None = sources.activities
    if activities is None:
        yield from _told(key, "activities", sources)
    elif activities.kinds and activities.others != "keep":
        yield from _kept(key, "a kind", kinds, activities.kinds)


def _kept(
    key: str, what: str, values: tuple[str, ...], names: Mapping[str, str]
) -> Iterator[Problem]:
    known = sorted({*names.values()})
    for value in values:
        if value != ANY and value not in known:
            yield _one_of(key, value, f"{what} that is kept", known)


def _told(key: str, place: str, sources: Sources) -> Iterator[Problem]:
    """Nothing where the data have what tells it: a table, or a column of one."""
    name, _, column = place.partition(".")
    table = getattr(sources, name)
    if table is None or (column and getattr(table, column) is None):
        yield Problem(key, "this key", f"`sources.{place}`, which tells it")


def _no_profile_column(key: str, column: str, sources: Sources) -> Problem:
    return _one_of(key, column, "a profile column", sources.leads.profile)


def _one_of(key: str, found: str, what: str, known: Iterable[str]) -> Problem:
    return Problem(key, repr(found), f"{what} ({', '.join(known) or 'none is declared'})")
