"""What the registry knows of a model's versions, as plain records."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from predictive_scoring.records import Metric

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion as MlflowVersion

CHAMPION, CHALLENGER = "champion", "challenger"
_AUDIT = "promotion."


@dataclass(frozen=True)
class ModelVersion:
    """One registered model version; instants in UTC.

    ``metrics`` are those of its evaluation, with their intervals. ``promoted_by`` and the fields
    after it are empty for a version that never was champion.
    """

    name: str
    version: str
    created: datetime
    aliases: tuple[str, ...]
    bundle_digest: str
    data_digest: str
    run_id: str
    source: str
    metrics: tuple[Metric, ...] = ()
    promoted_by: str = ""
    promoted_at: str = ""
    promotion_reason: str = ""
    previous_champion: str = ""

    def metric(self, name: str) -> Metric | None:
        """Find the metric of that name, None where it was not measured."""
        return {m.name: m for m in self.metrics}.get(name)


@dataclass(frozen=True)
class Promotion:
    """One move of the champion: to ``version`` from ``previous`` ("" = there was none)."""

    action: Literal["promote", "rollback"]
    version: str
    previous: str
    by: str
    at: str
    reason: str

    def as_version_tags(self) -> tuple[str, dict[str, str]]:
        """Return the version that the move is written on, and its tags, for MLflow's pages."""
        if self.action == "rollback":
            tags = {"by": self.by, "at": self.at, "reason": self.reason}
            return self.previous, {f"rolled_back_{key}": value for key, value in tags.items()}
        return self.version, {
            "promoted_by": self.by,
            "promoted_at": self.at,
            "promotion_reason": self.reason,
            "previous_champion": self.previous,
        }

    def as_tag(self, number: int) -> tuple[str, str]:
        """Return the key and value under which the registered model keeps this move."""
        return f"{_AUDIT}{number:06d}.{self.version}", json.dumps(asdict(self), ensure_ascii=False)


def read_version(
    found: MlflowVersion, aliases: Mapping[str, str | int], measured: Mapping[str, float]
) -> ModelVersion:
    """Read MLflow's version, the model's aliases and the run's metrics into one record."""
    tags: dict[str, str] = dict(found.tags)
    own = tuple(sorted(a for a, v in aliases.items() if str(v) == str(found.version)))
    return ModelVersion(
        name=found.name,
        version=str(found.version),
        created=datetime.fromtimestamp(found.creation_timestamp / 1000, UTC),
        aliases=own,
        bundle_digest=tags.get("bundle_digest", ""),
        data_digest=tags.get("data_digest", ""),
        run_id=found.run_id or "",
        source=found.source or "",
        metrics=_with_intervals(measured),
        promoted_by=tags.get("promoted_by", ""),
        promoted_at=tags.get("promoted_at", ""),
        promotion_reason=tags.get("promotion_reason", ""),
        previous_champion=tags.get("previous_champion", ""),
    )


def read_promotions(tags: Mapping[str, str]) -> tuple[Promotion, ...]:
    """Read the moves of the champion from the registered model's tags, oldest first."""
    return tuple(
        Promotion(**json.loads(tags[key])) for key in sorted(tags) if key.startswith(_AUDIT)
    )


def standing(promotions: Sequence[Promotion]) -> Promotion | None:
    """Find the promotion that stands after all rollbacks: it made the current champion."""
    stack: list[Promotion] = []
    for move in promotions:
        if move.action == "promote":
            stack.append(move)
        elif stack:
            stack.pop()
    return stack[-1] if stack else None


def _with_intervals(measured: Mapping[str, float]) -> tuple[Metric, ...]:
    names = sorted(n for n in measured if {f"{n}_low", f"{n}_high"} <= measured.keys())
    return tuple(Metric(n, measured[n], measured[f"{n}_low"], measured[f"{n}_high"]) for n in names)
