"""`thresholds`: the thresholds that keep the contract, on all that is mature by now."""

from __future__ import annotations

import math
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from predictive_scoring.errors import UsageError
from predictive_scoring.language import require
from predictive_scoring.runs.contract import current_versions, solve_all
from predictive_scoring.runs.forward import forward_looks
from predictive_scoring.runs.inputs import require_inputs
from predictive_scoring.runs.results import RunResult
from predictive_scoring.runs.wiring import open_registry, reading, workspace, write_page

if TYPE_CHECKING:
    from predictive_scoring.config import Config
    from predictive_scoring.model import ModelBundle
    from predictive_scoring.records import ContractThresholds, Extract, FrontierPoint
    from predictive_scoring.registry import ModelVersion, Registry
    from predictive_scoring.runs.wiring import Progress

OUT_OF_REACH = ("too few MQLs", "rate out of reach")


@dataclass(frozen=True)
class WhatIf:
    """Another contract to try: what is None stays as the contract in force has it."""

    rate: float | None = None
    confidence: float | None = None
    volume: float | None = None

    def __post_init__(self) -> None:
        wrong = [
            (name, value, expected)
            for name, value, low, high, expected in (
                ("--rate", self.rate, 0, 1, "a share above 0 and below 1, such as 0.3"),
                ("--confidence", self.confidence, 0.49, 1, "at least 0.5 and below 1"),
                ("--volume", self.volume, 0, math.inf, "a number of MQLs a month above 0"),
            )
            if value is not None and not low < value < high
        ]
        if wrong:
            name, value, expected = wrong[0]
            raise UsageError(f"{name} {value:g}", expected)

    @property
    def asked(self) -> bool:
        """Whether anything differs."""
        return any(v is not None for v in (self.rate, self.confidence, self.volume))


@dataclass(frozen=True)
class ThresholdsResult(RunResult):
    """The thresholds of each version of the contract in force or to come.

    ``capacity`` is what the best ``per_week`` leads would give; ``registered`` the new version of
    the model that holds these thresholds.
    """

    company: str
    model_version: str
    tried: bool  # a contract that nobody signed
    thresholds: tuple[ContractThresholds, ...]
    per_week: float | None
    capacity: FrontierPoint | None
    page: str
    registered: str
    notes: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """Give 1, a finding, when a contract cannot be kept."""
        solved = [s for t in self.thresholds for s in (t.everywhere, *t.markets)]
        return int(
            any(s.verdict in OUT_OF_REACH for s in solved if s.basis == "own" or not s.market)
        )


def thresholds(
    config: Config,
    which: str,
    what_if: WhatIf,
    per_week: float | None,
    lang: str,
    progress: Progress,
    *,
    register: bool = False,
) -> ThresholdsResult:
    """Solve the thresholds for the model version ``which`` (a number or an alias) anew.

    Raises UsageError where there is no contract and none to try, NoChampion, BundleError and
    DataError.
    """
    from predictive_scoring import contract, report, sources

    require(lang)
    if register and what_if.asked:
        raise UsageError(
            "a contract that is only tried cannot be registered",
            "--register without --rate, --confidence and --volume",
            "write it into `contract.versions` once both sides have signed it",
        )
    progress("opening the registry", None)
    registry = open_registry(config)
    version = registry.require_champion() if which == "champion" else registry.version(which)
    bundle = registry.load(version)
    require_inputs(bundle, config)
    with workspace() as connection:
        extract = sources.load(config, connection, reading(progress))
        settings = _tried(config, what_if, extract)
        solved = solve_all(bundle, extract, settings, progress)
        capacity = None
        if per_week is not None:
            now = current_versions(settings, extract.extract_at)[0]
            looks = forward_looks(extract, bundle, settings, now).looks
            capacity = contract.at_capacity(looks, per_week, now.confidence)
        success = "SQL" if config.outcome.stage == "sql" else config.outcome.stage
        page = report.thresholds_page(solved[0], config.company, lang, success, config.score.labels)
        name = f"{version.name}-thresholds{'-tried' if what_if.asked else ''}.html"
        registered = ""
        if register:
            progress("registering the thresholds", None)
            registered = _register(registry, version, bundle, solved, extract, config)
    return ThresholdsResult(
        company=config.company,
        model_version=version.version,
        tried=what_if.asked,
        thresholds=solved,
        per_week=per_week,
        capacity=capacity,
        page=str(write_page(page, config.path(config.reports) / name)),
        registered=registered,
        notes=extract.notes,
    )


def _tried(config: Config, what_if: WhatIf, extract: Extract) -> Config:
    """The configuration with the contract to try in the place of the one in force."""
    from predictive_scoring.config import Version

    current = current_versions(config, extract.extract_at)
    if not what_if.asked:
        if not current:
            raise UsageError(
                "the configuration has no contract in force",
                "`contract.versions` with one that holds now",
                "declare it, or try one: predictive-scoring thresholds --rate 0.3 --volume 100",
            )
        return config
    changes: dict[str, Any] = {
        "sql_rate": what_if.rate,
        "confidence": what_if.confidence,
        "mqls_per_month": what_if.volume,
    }
    changes = {key: value for key, value in changes.items() if value is not None}
    if current:
        tried = current[0].model_copy(update=changes)
    else:
        tried = Version(**{"from": "1970-01-01", **changes})
    kept = config.contract.model_copy(update={"versions": (tried,)})
    return config.model_copy(update={"contract": kept})


def _register(
    registry: Registry,
    version: ModelVersion,
    bundle: ModelBundle,
    solved: tuple[ContractThresholds, ...],
    extract: Extract,
    config: Config,
) -> str:
    """Register the model with these thresholds as a new version; the champion stays who it is."""
    from predictive_scoring import __version__
    from predictive_scoring import registry as stage

    if bundle.thresholds == solved:
        raise UsageError(
            f"version {version.version} has these very thresholds",
            "data or a contract that give others",
            "there is nothing to register",
        )
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "bundle"
        reference = stage.read_reference(registry.fetch(version), version.bundle_digest)
        stage.write_bundle(replace(bundle, thresholds=solved), target, reference)
        revision = stage.Revision(
            company=config.company,
            bundle=target,
            kind="thresholds",
            summary=f"Thresholds for the contract from {solved[0].version}: "
            f"{solved[0].everywhere.verdict}.",
            horizon_days=bundle.horizon_days,
            data_digest=extract.digest(),
            extract_at=extract.extract_at,
            code_version=__version__,
        )
        return registry.log_revision(version, revision).version
