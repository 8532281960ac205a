"""`models`: which versions there are, who is champion, and who decided so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from predictive_scoring.runs.results import ModelsResult, MoveResult
from predictive_scoring.runs.wiring import open_registry

if TYPE_CHECKING:
    from predictive_scoring.config import Config


def list_models(config: Config) -> ModelsResult:
    """All registered versions of the company's model, newest first, and the champion's moves."""
    registry = open_registry(config)
    return ModelsResult(registry.name, registry.versions(), registry.promotions())


def promote(config: Config, version: str, by: str, reason: str) -> MoveResult:
    """Make a version the champion; raises UsageError for one that is not there."""
    registry = open_registry(config)
    moved = registry.promote(version, by, reason)
    return MoveResult(registry.name, moved.version, moved.previous_champion, by, reason)


def rollback(config: Config, by: str, reason: str) -> MoveResult:
    """Make the previous champion the champion again; raises UsageError when there was none."""
    registry = open_registry(config)
    before = registry.require_champion()
    moved = registry.rollback(by, reason)
    return MoveResult(registry.name, moved.version, before.version, by, reason)
