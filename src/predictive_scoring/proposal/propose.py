"""From a folder of files to the text of a configuration file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from predictive_scoring.errors import DataError
from predictive_scoring.proposal.dialect import Unreadable
from predictive_scoring.proposal.files import find_files
from predictive_scoring.proposal.history import history_part, missing_stages, stages_reached
from predictive_scoring.proposal.leads import leads_part, read_leads
from predictive_scoring.proposal.outcome import OutcomeGuess, guess_outcome, outcome_part
from predictive_scoring.proposal.part import Part, needs_zone
from predictive_scoring.proposal.roles import Link, Roles, assign_roles
from predictive_scoring.proposal.sample import HEAD_ROWS, Sample, take_sample
from predictive_scoring.proposal.tables import Table, form_tables
from predictive_scoring.proposal.write import Block, Entry, declarable, document, quoted

_ROLES = ("events", "stages", "activities", "changes")


@dataclass(frozen=True)
class Proposal:
    """The proposed configuration: ``text`` is commented YAML, for the caller to write.

    ``guessed`` says what was taken for what, ``unknown`` what could not be known or read; both
    name the configuration's key or the file first.
    """

    text: str
    guessed: tuple[str, ...]
    unknown: tuple[str, ...]


def propose(folder: Path, config_file: Path) -> Proposal:
    """Look at a folder's CSV and Parquet files (or at one file) and propose a configuration.

    Looks at the first 50,000 rows of each file and some of its last. Paths in the text are
    relative to the folder of ``config_file``, which is not written. Where everything needed was
    found the text is valid; else the missing keys stand in it commented out, with the reason.
    Raises DataError where no file can be used.
    """
    found = find_files(folder)
    samples, unreadable = _samples(found.files)
    if not samples:
        reasons = "; ".join(found.unknown + unreadable) or "it has no CSV or Parquet file"
        raise DataError(
            f"{folder}: no file here can be used: {reasons}",
            "CSV (.csv, .csv.gz, .tsv, .txt) or Parquet files with a header and rows",
            "export the leads, and what happened to them, as CSV into one folder",
        )
    tables = form_tables(samples, config_file.absolute().parent)
    usable = tuple(t for t in tables if declarable(t.reference))
    unnamed = tuple(
        f"file {quoted(t.reference)}: its name cannot stand in a configuration; rename it"
        for t in tables
        if t not in usable
    )
    roles = assign_roles(usable)
    part = _company(folder) + _body(roles)
    passed_over = found.unknown + unreadable + unnamed + roles.unknown
    unknown = part.unknown + passed_over
    return Proposal(document(_head(unknown), part.entries), part.guessed, unknown)


def _samples(files: Sequence[Path]) -> tuple[list[Sample], tuple[str, ...]]:
    samples: list[Sample] = []
    unreadable: list[str] = []
    for file in files:
        try:
            samples.append(take_sample(file))
        except Unreadable as reason:
            unreadable.append(f"file {quoted(file.name)}: {reason}")
    return samples, tuple(unreadable)


def _company(folder: Path) -> Part:
    where = folder.resolve()
    stem = where.name.split(".")[0] if where.is_file() else where.name
    words = "".join(c if c.isalnum() else " " for c in stem).split()
    name = " ".join(words)[:80].title() or "Company"
    why = "the folder's name: say what reports should say"
    return Part((Entry("company", name, why),), (f"company: {quoted(name)} ({why})",))


def _body(roles: Roles) -> Part:
    """The zone, the sources and the outcome."""
    stages = roles.link("stages")
    outcome = guess_outcome(roles.leads) if roles.leads and stages is None else None
    single = not roles.links
    flat = stages is None and (outcome is not None or single)
    leads = _leads(roles.leads, outcome, flat)
    sources = Part()
    for role in _ROLES:
        link = next((link for link in roles.links if link.role == role), None)
        if link:
            sources += history_part(link)
    if stages is None and not flat:
        sources += missing_stages(roles.link("events"))
    inside = leads + sources
    section = Part((Entry("sources", Block(inside.entries)),), inside.guessed, inside.unknown)
    return _zone(roles) + section + _outcome(stages, outcome, flat)


def _leads(table: Table | None, outcome: OutcomeGuess | None, flat: bool) -> Part:
    if table is None:
        why = "no file has one row for each lead"
        body = Block((Entry("file", "leads.csv"), Entry("lead_id", "lead_id")))
        entry = Entry("leads", body, f"could not find it: {why}", active=False)
        return Part((entry,), (), (f"sources.leads: {why}",))
    inside = leads_part(table, read_leads(table), outcome, flat)
    return Part((Entry("leads", Block(inside.entries)),), inside.guessed, inside.unknown)


def _zone(roles: Roles) -> Part:
    columns = [c for link in roles.links for c in link.columns.values()]
    if roles.leads:
        created = read_leads(roles.leads).created_at
        columns += [created] if created else []
    without = list(dict.fromkeys(c.name for c in columns if needs_zone(c)))
    if not without:
        return Part()
    names = ", ".join(map(quoted, without))
    why = f"say which zone: the instants of {names} have no offset"
    entry = Entry("time_zone", "Europe/Paris", why, active=False)
    return Part((entry,), (), (f"time_zone: {why}",))


def _outcome(stages: Link | None, outcome: OutcomeGuess | None, flat: bool) -> Part:
    if stages is None:
        if not flat:
            return Part()
        inside = outcome_part(outcome)
        active = any(entry.active for entry in inside.entries)
        entry = Entry("outcome", Block(inside.entries), active=active)
        return Part((entry,), inside.guessed, inside.unknown)
    reached = stages_reached(stages)
    if "sql" in reached:
        return Part()
    if "won" in reached:
        why = "no stage is an SQL here: being won is taken for success"
        entry = Entry("outcome", Block((Entry("stage", "won", why),)))
        return Part((entry,), (f"outcome.stage: won ({why})",))
    why = "no stage found is a success (sql or won): which one is it?"
    entry = Entry("outcome", Block((Entry("stage", "sql", why),)), active=False)
    return Part((entry,), (), (f"outcome.stage: {why}",))


def _head(unknown: tuple[str, ...]) -> tuple[str, ...]:
    opening = (
        "Proposed by `predictive-scoring init` after a look at the data (the first "
        f"{HEAD_ROWS:,} rows of each file and some of its last). A guess says so beside it: read "
        "each, correct what is wrong, then run `predictive-scoring check`. Nothing is guessed "
        "later: what stands here is what is read. docs/config.md explains every key."
    )
    if not unknown:
        return (opening,)
    return (opening, "", "What could not be known:", *(f"- {line}" for line in unknown))
