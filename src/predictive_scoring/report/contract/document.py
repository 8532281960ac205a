"""The contract as one page that both teams sign: what the words mean, what is promised, signatures.

The page is first built as plain text in sections, then written as HTML or Markdown.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from predictive_scoring.config import Config, Version
from predictive_scoring.errors import UsageError
from predictive_scoring.records import ContractThresholds
from predictive_scoring.report.contract import commitments, dictionary, teams
from predictive_scoring.report.contract.markdown import markdown
from predictive_scoring.report.contract.page import render
from predictive_scoring.report.contract.sections import Document, Section
from predictive_scoring.report.contract.verdicts import in_one_line
from predictive_scoring.report.contract.words import Words, words
from predictive_scoring.report.templating import resource, safe

Form = Literal["html", "markdown"]


def sla_document(
    config: Config,
    version: Version,
    lang: str,
    form: Form,
    thresholds: ContractThresholds | None = None,
) -> str:
    """Write one version of the contract, with the thresholds now in force if they are given.

    The same arguments give the same text. Raises UsageError for a language that nothing is
    written in, and for thresholds that were found under another version.
    """
    if thresholds is not None and thresholds.version != version.since.isoformat():
        raise UsageError(
            f"thresholds under the contract of {thresholds.version}",
            f"those under the contract of {version.since}, which the document is about",
            "find the thresholds of this version, or leave them out",
        )
    said = words(lang, config.score.labels)
    document = _document(config, version, said, thresholds)
    if form == "markdown":
        return markdown(document)
    return render(
        "document.html", said, document=document, sheet=safe(resource("contract/document.css"))
    )


def _document(
    config: Config, version: Version, said: Words, thresholds: ContractThresholds | None
) -> Document:
    sections = (
        dictionary.section(config, version, said),
        commitments.section(config, version, said),
        _threshold(version, said, thresholds),
        teams.section(config.contract, said),
        _waiting(config, said),
    )
    return Document(
        colon=said.say(": "),
        title=said.say("Contract between marketing and sales"),
        company=said.plain(config.company),
        holds=_holds(config, version, said),
        sections=tuple(s for s in sections if s is not None),
        parties=(said.say("For marketing"), said.say("For sales")),
        blanks=(said.say("Name"), said.say("Date"), said.say("Signature")),
        footer=said.say(
            "Each month is judged by the contract in force when its leads were handed over."
        ),
    )


def _holds(config: Config, version: Version, said: Words) -> str:
    since = said.day(version.since)
    until = _until(config, version)
    if until is None:
        return said.say("In force from %(since)s until another version replaces it", since=since)
    return said.say("In force from %(since)s to %(until)s", since=since, until=said.day(until))


def _until(config: Config, version: Version) -> date | None:
    later = [v.since for v in config.contract.versions if v.since > version.since]
    if version.until is not None or not later:
        return version.until
    return min(later) - timedelta(days=1)


def _threshold(
    version: Version, said: Words, thresholds: ContractThresholds | None
) -> Section | None:
    rates = [version.sql_rate, *(m.sql_rate for m in version.markets.values())]
    if not any(rates):
        return None
    confidence = said.promised(version.confidence)
    texts = [
        said.say(
            "The threshold is the lowest probability from which on earlier leads kept the "
            "promised rate. It is taken from leads that the model had not seen, and is set only "
            "where the rate is certain at a confidence of %(confidence)s. Where none is, nobody "
            "is handed over, and both teams see which contracts could be kept.",
            confidence=confidence,
        ),
        said.say("A score orders the work. People decide."),
    ]
    if thresholds is not None:
        texts[1:1] = in_one_line(said, thresholds)
    return Section(said.say("How the threshold is set"), paragraphs=(" ".join(texts),))


def _waiting(config: Config, said: Words) -> Section | None:
    escalations = sorted(config.contract.escalations, key=lambda e: e.hours)
    if not escalations:
        return None
    points = tuple(_told(e.hours, said.own(e.to), said) for e in escalations)
    return Section(said.say("When a lead is still waiting"), points=points)


def _told(hours: float, who: str, said: Words) -> str:
    if hours == 0:
        return said.say("As soon as its first contact is overdue, to be told: %(who)s.", who=who)
    return said.count(
        "%(n)s hour after its first contact was due, to be told: %(who)s.",
        "%(n)s hours after its first contact was due, to be told: %(who)s.",
        hours,
        who=who,
    )
