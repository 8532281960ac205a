"""What is computed about a lead."""

from typing import Annotated, Literal

from pydantic import Field

from predictive_scoring.config.base import Section


class FeatureSettings(Section):
    """Features, with defaults that serve a company which declares only its columns."""

    windows: tuple[Annotated[int, Field(ge=1)], ...] = (7, 30, 90)
    """Days looked back; all time is always added."""
    dimensions: tuple[Literal["type", "channel", "topic", "campaign"], ...] = (
        "type",
        "channel",
        "topic",
    )
    """Event columns by whose values events are counted."""
    measures: tuple[Literal["count", "days", "recency", "trend", "value"], ...] = (
        "count",
        "days",
        "recency",
        "trend",
        "value",
    )
    values_per_dimension: Annotated[int, Field(ge=1)] = 12
    """The most frequent values of each dimension get features of their own."""
    activities: bool = True
    """Features of what sales did before the as-of."""
    accounts: bool = True
    """Features of the other people of the lead's account, as of the same instant."""
    calendar: bool = True
    """Month and weekday of the as-of, and the lead's age."""
    rare: Annotated[int, Field(ge=1)] = 20
    """A category seen on fewer training leads becomes "(other)"; so does one never seen."""
    keep: dict[str, str] = {}
    """Profile columns kept, each with the reason, although they look like free text or identifiers
    or their history in `changes` is incomplete."""


class ProtectedSettings(Section):
    """Attributes that people must not be judged by."""

    names: tuple[str, ...] = ()
    """Names refused besides the built-in list (gender, age, nationality, health …)."""
    allow: dict[str, str] = {}
    """Columns used all the same, each with the reason why that is lawful."""
