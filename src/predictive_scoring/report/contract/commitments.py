"""The commitments of marketing and of sales as a table, with what differs by market."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from predictive_scoring.config import Commitments, Config, Version
from predictive_scoring.report.contract.sections import Section
from predictive_scoring.report.contract.words import Words

Say = Callable[[Commitments], str | None]


def section(config: Config, version: Version, said: Words) -> Section:
    """One row for each promise: who makes it, of what, how much, and where it differs."""
    say = said.say
    head = (say("Who"), say("What"), say("Promise"), say("Other promises by market"))
    return Section(say("What we promise"), head=head, rows=_grouped(_rows(config, version, said)))


def _grouped(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Name each side once, in its first row."""
    named: set[str] = set()
    found = []
    for who, *rest in rows:
        found.append(("" if who in named else who, *rest))
        named.add(who)
    return tuple(found)


def _rows(config: Config, version: Version, said: Words) -> Iterator[tuple[str, ...]]:
    marketing, sales = said.say("Marketing"), said.say("Sales")
    promises: tuple[tuple[str, str, str, Say], ...] = (
        (marketing, "mqls_per_month", said.say("Volume"), lambda c: _volume(c, said)),
        (marketing, "sql_rate", said.say("Quality"), lambda c: _rate(c, config, said)),
        (sales, "first_contact", said.say("First contact"), lambda c: _contact(c, said)),
        (sales, "contacted", said.say("Reach"), lambda c: _contacted(c, said)),
        (sales, "documented", said.say("Documentation"), lambda c: _documented(c, said)),
    )
    for who, key, what, write in promises:
        if who == sales and key == "first_contact" and version.mql:
            yield (marketing, said.say("Criteria"), said.say("Every MQL meets the criteria."), "")
        text = write(version)
        others = [
            said.say("%(market)s: %(promise)s", market=said.market(name), promise=_lower(other))
            for name, of in version.markets.items()
            if key in of.model_fields_set and (other := write(of)) and other != text
        ]
        if text or others:
            yield who, what, text or said.say("nothing for all together"), " ".join(others)
    yield sales, said.say("Rejections"), _reasons(version, said), ""


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _volume(of: Commitments, said: Words) -> str | None:
    if of.mqls_per_month is None:
        return None
    return said.count(
        "At least %(n)s MQL each month.", "At least %(n)s MQLs each month.", of.mqls_per_month
    )


def _rate(of: Commitments, config: Config, said: Words) -> str | None:
    if of.sql_rate is None:
        return None
    return said.count(
        "At least %(rate)s of the MQLs become SQLs within %(n)s day.",
        "At least %(rate)s of the MQLs become SQLs within %(n)s days.",
        config.outcome.horizon,
        rate=said.promised(of.sql_rate),
    )


def _contact(of: Commitments, said: Words) -> str | None:
    if of.first_contact is None:
        return None
    if of.first_contact.clock == "business":
        return said.count(
            "Within %(n)s working hour of the handover.",
            "Within %(n)s working hours of the handover.",
            of.first_contact.hours,
        )
    return said.count(
        "Within %(n)s hour of the handover, day and night.",
        "Within %(n)s hours of the handover, day and night.",
        of.first_contact.hours,
    )


def _contacted(of: Commitments, said: Words) -> str | None:
    if of.contacted is None:
        return None
    if of.contacted == 1:
        return said.say("Every MQL is contacted within that time.")
    share = said.promised(of.contacted)
    return said.say("At least %(share)s of the MQLs are contacted within that time.", share=share)


def _documented(of: Commitments, said: Words) -> str | None:
    if of.documented is None:
        return None
    if of.documented == 1:
        return said.say("Every activity with an MQL is written down.")
    share = said.promised(of.documented)
    return said.say("At least %(share)s of activities with MQLs are written down.", share=share)


def _reasons(version: Version, said: Words) -> str:
    if version.rejection_reasons:
        return said.say("Every rejection gives one of the reasons above.")
    return said.say("Every rejection gives a reason.")
