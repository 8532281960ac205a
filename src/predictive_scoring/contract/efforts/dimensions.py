"""By what the efforts can be told apart: columns of the leads, touches, the month of creation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from predictive_scoring.errors import UsageError

if TYPE_CHECKING:
    from predictive_scoring.config import Config

TEAM = "team"
_OF_LEADS: tuple[Literal["market", "language", "owner"], ...] = ("market", "language", "owner")
_OF_EVENTS: tuple[Literal["channel", "campaign", "topic"], ...] = ("channel", "campaign", "topic")


@dataclass(frozen=True)
class Dimension:
    """One way of telling efforts apart; ``column`` is of the canonical leads or events table."""

    name: str
    kind: Literal["lead", "touch", "month"]
    column: str

    @property
    def touch(self) -> bool:
        """Whether it is of events, of which a lead can have several."""
        return self.kind == "touch"

    def is_of(self, other: Dimension | None) -> bool:
        """Whether the other is the same, whatever it is called."""
        return other is not None and (self.kind, self.column) == (other.kind, other.column)


def available(config: Config) -> Mapping[str, Dimension]:
    """The dimensions that the company's data have, by name.

    Of profile columns the categories; one that is called like another dimension is hidden by it.
    """
    source, leads, events = config.contract.source, config.sources.leads, config.sources.events
    found: list[Dimension] = []
    if source is not None:
        found.append(Dimension("source", "lead", f"profile_{source}"))
    found += [Dimension(n, "lead", n) for n in _OF_LEADS if getattr(leads, n) is not None]
    if events is not None:
        names = [n for n in _OF_EVENTS if getattr(events, n) is not None]
        found += [Dimension(n, "touch", n) for n in (*names, "type")]
    found.append(Dimension("month", "month", "created_at"))
    found += [
        Dimension(name, "lead", f"profile_{name}")
        for name, column in leads.profile.items()
        if column.type == "category"
    ]
    named: dict[str, Dimension] = {}
    for dimension in found:
        named.setdefault(dimension.name, dimension)
    return named


def resolve(name: str, there: Mapping[str, Dimension]) -> Dimension:
    """The dimension of that name; raises UsageError with the names there are."""
    if name in there:
        return there[name]
    raise UsageError(
        f"no efforts can be told apart by {name!r}",
        f"one of {', '.join(there)}",
        "choose one of them, or declare it in the configuration: a column of the leads or the "
        "events, or `contract.source`",
    )


def scoped(scope: Mapping[str, str], there: Mapping[str, Dimension]) -> dict[Dimension, str]:
    """The dimensions of the leads that a window is narrowed to, with the value asked for.

    A team is none of them. Raises UsageError for a dimension that the leads do not have.
    """
    of_leads = {name: d for name, d in there.items() if d.kind == "lead"}
    return {resolve(name, of_leads): value for name, value in scope.items() if name != TEAM}
