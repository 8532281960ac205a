"""What is done with leads that are not ready: tracks, actions, and a trial that measures them."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from predictive_scoring.config.base import Section


class Track(Section):
    """A course of content for some leads; a lead gets the first track that fits."""

    content: Annotated[tuple[str, ...], Field(min_length=1)]
    """What is sent, in this order."""
    topics: tuple[str, ...] = ()
    """For leads whose topic is one of these (the topic of most of their events; of equally
    frequent ones the latest); empty: any."""
    languages: tuple[str, ...] = ()
    """For leads spoken to in one of these languages; empty: any."""
    markets: tuple[str, ...] = ()
    """For leads of these markets; empty: any."""
    tiers: tuple[Literal["nurture", "cold"], ...] = ("nurture", "cold")
    """For leads of these tiers."""


class Action(Section):
    """Something a lead can be invited to: the event it would leave behind."""

    event: str
    """The event's type."""
    channel: str | None = None
    """The event's channel."""
    campaign: str | None = None
    """The event's campaign."""
    topic: str | None = None
    """The event's topic."""
    again_after: Annotated[int, Field(ge=1)] | None = None
    """A lead that did it can do it again after so many days; default: never again."""
    languages: tuple[str, ...] = ()
    """Only for leads spoken to in these languages; empty: any."""
    markets: tuple[str, ...] = ()
    """Only for leads of these markets; empty: any."""


class Trial(Section):
    """A randomised holdout: some leads were left out of nurturing by lot."""

    column: str
    """The profile column that says who was treated; it must have been drawn by lot."""
    treated: Annotated[tuple[str, ...], Field(min_length=1)]
    """Its values of the leads that were nurtured."""
    control: Annotated[tuple[str, ...], Field(min_length=1)]
    """Its values of the leads that were left out."""

    @model_validator(mode="after")
    def _groups_differ(self) -> Self:
        if both := set(self.treated) & set(self.control):
            raise ValueError(f"a value is either treated or control, not both: {min(both)!r}")
        return self


class NurtureSettings(Section):
    """Nurturing of the leads below the threshold."""

    tracks: dict[str, Track] = {}
    """Tracks by name, the first that fits is taken."""
    actions: dict[str, Action] = {}
    """Actions by name, from which each lead's next best is chosen."""
    trial: Trial | None = None
    """The holdout that nurturing is measured by, where there is one."""
