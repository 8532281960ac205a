"""The column that says what became of a lead, where a company has one flat export."""

from __future__ import annotations

from dataclasses import dataclass

from predictive_scoring.config.outcome import Stage
from predictive_scoring.proposal.columns import Column
from predictive_scoring.proposal.part import Part
from predictive_scoring.proposal.tables import Table
from predictive_scoring.proposal.words import NO, OUTCOMES, STAGES, YES, plain, without_prefix
from predictive_scoring.proposal.write import Entry, Words, declarable, listed, quoted

_MOST_VALUES = 20


@dataclass(frozen=True)
class OutcomeGuess:
    """A column with the values that seem to mean yes, no, and neither."""

    column: Column
    positive: tuple[str, ...]
    negative: tuple[str, ...]
    rest: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether both sides are known."""
        return bool(self.positive and self.negative)


def guess_outcome(leads: Table) -> OutcomeGuess | None:
    """The surest column named like an outcome, one whose values are understood first."""
    ranked = sorted(
        (
            (OUTCOMES.index(name), i)
            for i, column in enumerate(leads.columns)
            for name in {column.meaning, without_prefix(column.meaning)}
            if name in OUTCOMES and 2 <= column.distinct <= _MOST_VALUES and _describable(column)
        ),
    )
    guesses = [_read(leads.columns[i]) for _, i in ranked]
    return next((g for g in guesses if g.complete), guesses[0] if guesses else None)


def outcome_part(guess: OutcomeGuess | None) -> Part:
    """The `outcome` section of a flat company."""
    if guess is None:
        why = (
            "no column says what became of the leads (such as converted, is_sql, won) and no file "
            "lists their stages: name one of them"
        )
        return Part(
            (
                Entry("column", "column_name", f"could not find it: {why}", active=False),
                Entry("positive", Words(("yes",)), active=False),
                Entry("negative", Words(("no",)), active=False),
            ),
            (),
            (f"outcome.column: {why}",),
        )
    name = quoted(guess.column.name)
    rest = f"outcome: {listed(guess.rest)} of {name} mean neither yes nor no here"
    unknown = (rest,) if guess.rest else ()
    if not guess.complete:
        why = f"could not tell which values of {name} mean yes and which no"
        values = guess.positive + guess.negative + guess.rest
        return Part(
            (
                Entry("column", guess.column.name, why, active=False),
                Entry("positive", Words(guess.positive or values), active=False),
                Entry("negative", Words(guess.negative or values), active=False),
            ),
            (),
            (f"outcome.positive, outcome.negative: {why}; found {listed(values)}",),
        )
    note = f"{listed(guess.rest)}: neither, so the outcome stays unknown" if guess.rest else ""
    entries = (
        Entry("column", guess.column.name, "by its name and its values"),
        Entry("positive", Words(guess.positive), "a guess by the words"),
        Entry("negative", Words(guess.negative), note),
    )
    guessed = (
        f"outcome.column: {name}, yes = {listed(guess.positive)}, no = {listed(guess.negative)}",
    )
    return Part(entries, guessed, unknown)


def stage_of(value: str) -> Stage | None:
    """The dictionary's stage that a company's word stands for: "3. Gagné" → won."""
    meaning = plain(value).lstrip("0123456789_")
    return next((stage for stage, words in STAGES.items() if meaning in words), None)


def _read(column: Column) -> OutcomeGuess:
    sides: dict[str, list[str]] = {"positive": [], "negative": [], "rest": []}
    for value in sorted(column.cells):
        sides[_side(value)].append(value)
    return OutcomeGuess(
        column, tuple(sides["positive"]), tuple(sides["negative"]), tuple(sides["rest"])
    )


def _side(value: str) -> str:
    stage = stage_of(value)
    if plain(value) in YES or stage in ("sql", "won"):
        return "positive"
    if plain(value) in NO or stage in ("rejected", "lost"):
        return "negative"
    return "rest"


def _describable(column: Column) -> bool:
    return (
        column.kind in ("flag", "category", "number")
        and declarable(column.name)
        and all(declarable(value) for value in column.cells)
    )
