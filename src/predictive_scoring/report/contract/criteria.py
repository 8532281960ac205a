"""A contract's criteria as sentences."""

from __future__ import annotations

from predictive_scoring.config import Criterion
from predictive_scoring.config.mentions import ANY
from predictive_scoring.report.contract.words import Words


def sentence(words: Words, rule: Criterion) -> str:
    """What a criterion asks for; "" where a person judges it."""
    if rule.column is not None:
        return _column(words, rule, rule.column)
    if rule.events:
        return _behaviour(words, rule, _of(words, rule.events, words.say("anything the lead does")))
    if rule.activities:
        what = _of(words, rule.activities, words.say("any kind"))
        return _behaviour(words, rule, words.say("sales activity (%(what)s)", what=what))
    return ""


def _column(words: Words, rule: Criterion, column: str) -> str:
    what = words.name(column)
    if rule.values:
        values = words.either([words.value(column, value) for value in rule.values])
        return words.say("%(what)s is %(values)s", what=what, values=values)
    if rule.flag is not None:
        say = words.say
        return say("%(what)s: yes", what=what) if rule.flag else say("%(what)s: no", what=what)
    least, most = rule.at_least, rule.at_most
    number = words.language.number
    if least is None:
        return words.say("%(what)s: at most %(most)s", what=what, most=number(most or 0))
    if most is None:
        return words.say("%(what)s: at least %(least)s", what=what, least=number(least))
    return words.say(
        "%(what)s: from %(least)s to %(most)s", what=what, least=number(least), most=number(most)
    )


def _of(words: Words, names: tuple[str, ...], anything: str) -> str:
    return anything if ANY in names else words.either([words.name(name) for name in names])


def _behaviour(words: Words, rule: Criterion, what: str) -> str:
    parts = [what]
    if rule.channels:
        parts.append(words.say("by %(channels)s", channels=_named(words, rule.channels)))
    if rule.campaigns:
        parts.append(words.say("campaign %(campaigns)s", campaigns=_named(words, rule.campaigns)))
    if rule.topics:
        parts.append(words.say("about %(topics)s", topics=_named(words, rule.topics)))
    parts.append(_times(words, rule.at_least, rule.at_most))
    if rule.within is not None:
        parts.append(words.count("within %(n)s day", "within %(n)s days", rule.within))
    return ", ".join(parts)


def _named(words: Words, names: tuple[str, ...]) -> str:
    return words.either([words.name(name) for name in names])


def _times(words: Words, least: float | None, most: float | None) -> str:
    number = words.language.number
    if most is None:
        return words.count("at least once", "at least %(n)s times", 1 if least is None else least)
    if most == 0:
        return words.say("never")
    if not least:
        return words.count("at most once", "at most %(n)s times", most)
    return words.say("%(least)s to %(most)s times", least=number(least), most=number(most))
