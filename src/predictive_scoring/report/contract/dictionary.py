"""What the contract's words mean in this company, with the criteria as sentences."""

from __future__ import annotations

from collections.abc import Sequence

from predictive_scoring.config import Config, Criterion, Version
from predictive_scoring.report.contract.criteria import sentence
from predictive_scoring.report.contract.sections import Definition, Point, Section
from predictive_scoring.report.contract.words import Words


def section(config: Config, version: Version, said: Words) -> Section:
    """The dictionary: lead, MQL, SQL, rejected, won, lost."""
    say = said.say
    definitions = (
        Definition(say("Lead"), say("a person we know who showed interest in what we offer.")),
        _mql(config, version, said),
        _sql(config, version, said),
        Definition(say("Rejected"), _rejected(config, version, said)),
        Definition(
            say("Won, lost"),
            _sentences(
                say("an SQL that became a customer; an SQL from which no order came."),
                _recorded(config, "won", said),
                _recorded(config, "lost", said),
            ),
        ),
    )
    return Section(say("The words we share"), definitions=definitions)


def _mql(config: Config, version: Version, said: Words) -> Definition:
    rates = [version.sql_rate, *(m.sql_rate for m in version.markets.values())]
    if any(rates):
        text = said.count(
            "a lead that marketing hands over to sales: its probability of becoming an SQL within "
            "%(n)s day is at or above the threshold",
            "a lead that marketing hands over to sales: its probability of becoming an SQL within "
            "%(n)s days is at or above the threshold",
            config.outcome.horizon,
        )
    else:
        text = said.say("a lead that marketing hands over to sales")
    if version.mql:
        text = said.say("%(what)s, and it meets all of these criteria.", what=text)
    else:
        text = said.say("%(what)s.", what=text)
    if config.contract.handovers == "scores":
        handover = said.say("The scores hand it over, once.")
    else:
        handover = _recorded(config, "mql", said)
    points = _points(version.mql, said.say("for a person to judge"), said)
    return Definition(said.say("MQL"), _sentences(text, handover), points)


def _sql(config: Config, version: Version, said: Words) -> Definition:
    what = said.say("an MQL that sales examined and accepted as real potential in the short term")
    if version.sql:
        text = said.say("%(what)s, and it meets all of these criteria.", what=what)
    else:
        text = said.say("%(what)s.", what=what)
    points = _points(version.sql, said.say("for sales to judge"), said)
    return Definition(said.say("SQL"), _sentences(text, _recorded(config, "sql", said)), points)


def _rejected(config: Config, version: Version, said: Words) -> str:
    if version.rejection_reasons:
        reasons = said.either(
            [said.quoted(said.own(reason)) for reason in version.rejection_reasons]
        )
        text = said.say(
            "an MQL that sales examined and turned down, for one of these reasons: %(reasons)s.",
            reasons=reasons,
        )
    else:
        text = said.say("an MQL that sales examined and turned down, giving a reason.")
    return _sentences(text, _recorded(config, "rejected", said))


def _points(criteria: Sequence[Criterion], judged: str, said: Words) -> tuple[Point, ...]:
    return tuple(
        Point(said.own(c.name), judged if c.judged else sentence(said, c)) for c in criteria
    )


def _recorded(config: Config, stage: str, said: Words) -> str:
    """How the stage is called in the company's data, where that is another name."""
    if config.outcome.column is not None:
        if stage != "sql":
            return ""
        values = said.either([said.quoted(value) for value in config.outcome.positive])
        column = said.name(config.outcome.column)
        return said.say("In our data: %(column)s is %(values)s.", column=column, values=values)
    stages = config.sources.stages
    names = [own for own, name in (stages.stages if stages else {}).items() if name == stage]
    if not [name for name in names if name.lower() != stage]:
        return ""
    return said.say("In our data: %(names)s.", names=said.either([said.quoted(n) for n in names]))


def _sentences(*texts: str) -> str:
    return " ".join(text for text in texts if text)
