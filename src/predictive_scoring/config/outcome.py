"""What counts as success, when a lead is looked at, and when its outcome is known."""

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from predictive_scoring.config.base import Section

Stage = Literal["mql", "sql", "rejected", "won", "lost"]


class OutcomeSettings(Section):
    """Relational: reaching `stage` within `horizon`. Flat: the value of a column."""

    stage: Stage = "sql"
    """The stage that counts as success."""
    horizon: Annotated[int, Field(ge=1, le=3650)] = 90
    """Days after the as-of within which reaching the stage counts."""
    closes: tuple[Stage, ...] = ("sql", "rejected", "won", "lost")
    """Stages after which a lead is no longer open: no snapshot is taken then, no score made."""
    recorded_from: AwareDatetime | None = None
    """Before this instant outcomes were not recorded: earlier snapshots have no known outcome."""
    column: str | None = None
    """Flat companies: the column that says what became of the lead."""
    positive: tuple[str, ...] = ()
    """Flat companies: values of `column` that mean success."""
    negative: tuple[str, ...] = ()
    """Flat companies: values of `column` that mean failure; other values stay unknown."""
    censor_unworked: bool = True
    """A lead that sales never worked (needs `activities`) has no known outcome."""

    @model_validator(mode="after")
    def _values(self) -> Self:
        if self.column is not None and not (self.positive and self.negative):
            raise ValueError(
                "`positive` and `negative`: the values of `column` that mean yes and no"
            )
        if set(self.positive) & set(self.negative):
            raise ValueError("a value is either positive or negative, not both")
        if self.stage not in self.closes:
            raise ValueError(f"`closes` contains the success stage {self.stage!r}")
        return self


class Ages(Section):
    """Snapshots at ages in days since creation: every `every` days, from `first` until `until`.

    With `score_at: run`, leads younger than `first` are not scored, and `max_age` is at most
    `every` days beyond the last of these ages: no lead is scored at ages unlike those trained on.
    """

    first: Annotated[int, Field(ge=0)] = 0
    every: Annotated[int, Field(ge=1)] = 7
    until: Annotated[int, Field(ge=0)] = 90


class Quiet(Section):
    """A snapshot `days` after the lead's last sign of life (creation or event) once it was quiet.

    The scorer can know that instant without seeing what comes after it.
    """

    days: Annotated[float, Field(gt=0)] = 1


class SnapshotSettings(Section):
    """At which instants leads are looked at, in training and in scoring alike."""

    ages: Ages | None = None
    quiet: Quiet | None = None
    per_lead: Annotated[int, Field(ge=1)] = 4
    """At most so many snapshots of a lead are trained on (drawn by the seed)."""
    max_age: Annotated[int, Field(ge=1)] = 90
    """Days since creation after which a lead is no longer scored."""
    score_at: Literal["run", "snapshot"] = "run"
    """`run`: every open lead as of the run's instant. `snapshot`: each at its own newest declared
    instant before the run (one day after registration, after a quiet day …)."""

    @model_validator(mode="after")
    def _one_plan(self) -> Self:
        if self.ages is not None and self.quiet is not None:
            raise ValueError("either `ages` or `quiet`, not both")
        return self

    @model_validator(mode="after")
    def _ages_scored_are_ages_trained_on(self) -> Self:
        if self.ages is not None and self.score_at == "run":
            oldest = self.last_age + self.ages.every
            if self.max_age > oldest:
                raise ValueError(
                    f"`max_age` of {oldest} days at most (the last of `ages` within it, "
                    f"{self.last_age}, plus `every`), since older leads are not trained on; or "
                    "`score_at: snapshot`, which scores each lead at the newest of `ages`"
                )
        return self

    @property
    def plan(self) -> Ages | Quiet:
        """The declared plan; by default every 7 days until `max_age`."""
        return self.ages or self.quiet or Ages(until=self.max_age)

    @property
    def last_age(self) -> int:
        """Days after creation at which a lead is looked at for the last time, if still open."""
        if isinstance(self.plan, Quiet):
            return self.max_age
        oldest = min(self.plan.until, self.max_age)
        return oldest - (oldest - self.plan.first) % self.plan.every
