"""Rules over a lead's columns and what it did: the criteria of a contract."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from predictive_scoring.config.base import Section


class Criterion(Section):
    """A fact about a lead that can be met or not.

    Over a column (`values`, `at_least`, `at_most` or `flag`), over events or sales activities (how
    many, within how many days); or a name alone, for a person to judge.
    """

    name: Annotated[str, Field(min_length=1, max_length=80)]
    """What the criterion is called."""
    column: str | None = None
    """A profile column, `market` or `language`, as known at the instant of the score."""
    values: tuple[str, ...] = ()
    """The column holds one of these."""
    flag: bool | None = None
    """The column, a flag, is so."""
    events: tuple[str, ...] = ()
    """Events of these types (`[any]`: of whatever type)."""
    channels: tuple[str, ...] = ()
    """Only events that came these ways."""
    campaigns: tuple[str, ...] = ()
    """Only events of these campaigns."""
    topics: tuple[str, ...] = ()
    """Only events about these topics."""
    activities: tuple[str, ...] = ()
    """Sales activities of these kinds (`[any]`: of whatever kind)."""
    within: Annotated[int, Field(ge=1)] | None = None
    """Within so many days before the score; default: ever."""
    at_least: float | None = None
    """The least number, of the column or of events; for events the default is 1."""
    at_most: float | None = None
    """The greatest number."""

    @model_validator(mode="after")
    def _is_one_rule(self) -> Self:
        over = [n for n in ("column", "events", "activities") if getattr(self, n)]
        if len(over) > 1:
            raise ValueError(
                f"one of `column`, `events` and `activities`, not {' and '.join(over)}"
            )
        numbers = self.at_least is not None or self.at_most is not None
        if self.column and sum((bool(self.values), self.flag is not None, numbers)) != 1:
            raise ValueError("`column` with one of `values`, `flag`, or `at_least` and `at_most`")
        if not self.column and (self.values or self.flag is not None):
            raise ValueError("`values` and `flag` with a `column`")
        if not self.events and (self.channels or self.campaigns or self.topics):
            raise ValueError("`channels`, `campaigns` and `topics` with `events`")
        if not (self.events or self.activities) and self.within is not None:
            raise ValueError("`within` with `events` or `activities`")
        if not over and numbers:
            raise ValueError("`at_least` and `at_most` with `column`, `events` or `activities`")
        if numbers and (self.at_most if self.at_most is not None else 9e99) < (self.at_least or 0):
            raise ValueError("`at_most` not below `at_least`")
        return self

    @property
    def judged(self) -> bool:
        """Whether a person judges it: there is no rule."""
        return not (self.column or self.events or self.activities)
