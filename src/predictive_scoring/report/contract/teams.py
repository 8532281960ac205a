"""When each sales team works: the hours in which the clock of the first contact runs."""

from __future__ import annotations

from collections.abc import Sequence

from predictive_scoring.config import ContractSettings, Team
from predictive_scoring.config.contract import DAYS
from predictive_scoring.report.contract.sections import Section
from predictive_scoring.report.contract.words import Words


def section(contract: ContractSettings, said: Words) -> Section | None:
    """A row for each team: whose leads are its own, when it works, when it does not."""
    if not contract.teams:
        return None
    say = said.say
    head = (say("Team"), say("Leads"), say("Working hours"), say("Closed"))
    rows = tuple(
        (said.plain(name), _leads(team, said), _hours(team, said), _closed(team, said))
        for name, team in contract.teams.items()
    )
    return Section(say("When sales works"), head=head, rows=rows)


def _leads(team: Team, said: Words) -> str:
    parts = []
    if team.markets:
        parts.append(said.listed([said.market(market) for market in team.markets]))
    if team.owners:
        owners = said.listed([said.plain(owner) for owner in team.owners])
        parts.append(said.say("those of %(owners)s", owners=owners))
    return said.apart(parts) or said.say("none by itself")


def _hours(team: Team, said: Words) -> str:
    hours = said.listed([span.replace(" ", "").replace("-", "\N{EN DASH}") for span in team.hours])
    zone = team.time_zone.replace("_", " ")
    days = said.listed(_stretches(team.days, said))
    return said.say("%(days)s, %(hours)s (%(zone)s time)", days=days, hours=hours, zone=zone)


def _stretches(days: Sequence[str], said: Words) -> list[str]:
    """Days as stretches: Monday to Friday."""
    numbers = sorted(DAYS.index(day) for day in set(days))
    stretches: list[list[int]] = []
    for number in numbers:
        if stretches and number == stretches[-1][-1] + 1:
            stretches[-1].append(number)
        else:
            stretches.append([number])
    return [text for stretch in stretches for text in _stretch(stretch, said)]


def _stretch(stretch: list[int], said: Words) -> list[str]:
    names = [said.language.weekday(number + 1) or "" for number in stretch]
    if len(names) < 3:
        return names
    return [said.say("%(first)s to %(last)s", first=names[0], last=names[-1])]


def _closed(team: Team, said: Words) -> str:
    parts = []
    if team.holidays:
        country, _, part = team.holidays.partition("-")
        name = said.language.territory(country) or country
        where = f"{name} ({part})" if part else name
        parts.append(said.say("public holidays: %(country)s", country=where))
    parts += [said.day(day) for day in sorted(set(team.closed))]
    return said.apart(parts) or said.say("on no other day")
