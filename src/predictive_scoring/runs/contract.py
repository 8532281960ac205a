"""The contract as it stands: which version is in force, and the thresholds solved for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from predictive_scoring.runs.forward import forward_looks

if TYPE_CHECKING:
    from predictive_scoring.config import Config, Version
    from predictive_scoring.model import ModelBundle
    from predictive_scoring.records import ContractThresholds, Extract
    from predictive_scoring.runs.wiring import Progress


@dataclass(frozen=True)
class Standing:
    """The version of the contract in force, and the model's thresholds for it.

    Both None where no contract is in force; ``thresholds`` alone where the model's are of other
    terms, which ``note`` then says.
    """

    version: Version | None
    thresholds: ContractThresholds | None
    note: str = ""


def day_of(instant: datetime | None, config: Config) -> date | None:
    """The instant's day by the company's clocks."""
    return (
        None if instant is None else instant.astimezone(ZoneInfo(config.time_zone or "UTC")).date()
    )


def in_force(config: Config, instant: datetime | None) -> Version | None:
    """The version in force then; without an instant, the last one."""
    versions = config.contract.versions
    day = day_of(instant, config)
    if day is None:
        return versions[-1] if versions else None
    return config.contract.version_on(day)


def version_days(version: Version, config: Config) -> tuple[datetime, datetime | None]:
    """The first instant of a version and the first one after it (UTC without zone; None: open)."""
    from predictive_scoring import contract

    def midnight(day: date) -> datetime:
        return contract.day_start(day, contract.zone_of(config)).replace(tzinfo=None)

    versions = config.contract.versions
    later = [v.since for v in versions if v.since > version.since]
    if version.until is not None:
        later.append(version.until + timedelta(days=1))
    return midnight(version.since), midnight(min(later)) if later else None


def standing(bundle: ModelBundle, config: Config, instant: datetime | None) -> Standing:
    """What decides at the instant who is an MQL."""
    from predictive_scoring import contract

    version = in_force(config, instant)
    if version is None:
        return Standing(None, None)
    terms = contract.terms_digest(config.contract, version)
    found = next((t for t in bundle.thresholds if t.terms == terms), None)
    if found is not None:
        return Standing(version, found)
    return Standing(
        version,
        None,
        f"the model has no threshold for the contract in force since {version.since}: no lead is "
        "called an MQL; solve it with: predictive-scoring thresholds --register, and promote that",
    )


def keep_contract(
    bundle: ModelBundle, extract: Extract, config: Config, progress: Progress
) -> ModelBundle:
    """The bundle with the thresholds of each version that is in force or to come."""
    solved = solve_all(bundle, extract, config, progress)
    return replace(bundle, thresholds=solved)


def solve_all(
    bundle: ModelBundle, extract: Extract, config: Config, progress: Progress
) -> tuple[ContractThresholds, ...]:
    """Solve the threshold of each version that is in force at the extract's end or later."""
    from predictive_scoring import contract

    versions = current_versions(config, extract.extract_at)
    if not versions:
        return ()
    progress("solving the contract's threshold", None)
    looks = {v.mql: forward_looks(extract, bundle, config, v).looks for v in versions}
    return tuple(contract.solve(looks[v.mql], config.contract, v) for v in versions)


def current_versions(config: Config, instant: datetime | None) -> tuple[Version, ...]:
    """The versions that are in force at the instant or later; without one, the last."""
    versions, day = config.contract.versions, day_of(instant, config)
    if day is None:
        return versions[-1:]
    now = config.contract.version_on(day)
    return tuple(v for v in versions if v == now or v.since > day)
