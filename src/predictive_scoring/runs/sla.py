"""`sla`: what was promised against what happened, on both sides; and the document they sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from predictive_scoring.errors import NoChampion, UsageError
from predictive_scoring.language import require
from predictive_scoring.runs.contract import standing, version_days
from predictive_scoring.runs.results import RunResult, plain
from predictive_scoring.runs.wiring import open_registry, reading, slug, workspace, write_page

if TYPE_CHECKING:
    import pyarrow as pa

    from predictive_scoring.config import Config, Version
    from predictive_scoring.records import ContractThresholds, EffortTable, Extract, Ledger
    from predictive_scoring.runs.wiring import Progress

_ROWS = 100_000


@dataclass(frozen=True)
class Period:
    """Which days: a month (2026-09), a quarter (2026-Q3), a year, or days from and until."""

    month: str | None = None
    quarter: str | None = None
    year: str | None = None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True)
class SlaResult(RunResult):
    """The ledger of a window, and what each effort led to."""

    ledger: Ledger
    efforts: tuple[EffortTable, ...]
    lang: str
    page: str
    files: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """Give 1, a finding, when a promise was broken."""
        return int(any(p.state == "broken" for p in self.ledger.promises))

    def as_json(self) -> object:
        """The ledger with a list of handovers, then the efforts."""
        rows = self.ledger.rows.to_pylist()
        bare = replace(self.ledger, rows=self.ledger.rows.slice(0, 0))
        told = plain(bare)
        assert isinstance(told, dict)  # noqa: S101 - a dataclass
        return {"ledger": told | {"rows": plain(rows)}, "efforts": plain(self.efforts),
                "page": self.page, "files": list(self.files)}  # fmt: skip


@dataclass(frozen=True)
class DocumentResult(RunResult):
    """The contract as a document."""

    file: str
    version: str


def sla(
    config: Config,
    period: Period,
    scope: Mapping[str, str | None],
    by: tuple[str, ...],
    lang: str,
    csv: Path | None,
    progress: Progress,
) -> SlaResult:
    """Hold the window to the contract; raises UsageError, DataError, Finding."""
    from predictive_scoring import contract, report, sources

    require(lang)
    with workspace() as connection:
        extract = sources.load(config, connection, reading(progress))
        if extract.extract_at is None:
            raise UsageError(
                "the data hold no instants", "leads and stages with the instants of what happened",
                "a ledger needs to know when leads were handed over",
            )  # fmt: skip
        window = contract.window(
            config, extract.extract_at, month=period.month, quarter=period.quarter,
            year=period.year, since=period.since, until=period.until, scope=scope,
        )  # fmt: skip
        progress("holding the months to the contract", None)
        handed = handed_over(extract, config)
        ledger = contract.keep_ledger(extract, config, window, handed)
        efforts = contract.trace_efforts(extract, config, window, by, handed)
    progress("writing the page", None)
    solved = _thresholds(config, extract)
    page = report.ledger_page(ledger, efforts, solved, lang, config.score.labels)
    scoped = "".join(f"-{slug(value)}" for value in window.scope.values())
    name = f"{slug(config.company)}-sla-{slug(window.name)}{scoped}-{lang}.html"
    file = write_page(page, config.path(config.reports) / name)
    files = _files(ledger, efforts, csv)
    return SlaResult(ledger, efforts, lang, str(file), files)


def document(
    config: Config, day: date | None, form: Literal["html", "markdown"], lang: str, out: Path | None
) -> DocumentResult:
    """Write the contract's one page; raises UsageError where none is in force on the day."""
    from predictive_scoring import report

    version = _version(config, day)
    solved = _thresholds(config, None)
    if solved is not None and solved.version != version.since.isoformat():
        solved = None
    text = report.sla_document(config, version, lang, form, solved)
    suffix = "html" if form == "html" else "md"
    name = f"{slug(config.company)}-contract-{version.since}-{lang}.{suffix}"
    file = write_page(text, out or config.path(config.reports) / name)
    return DocumentResult(str(file), version.since.isoformat())


def handed_over(extract: Extract, config: Config) -> pa.Table:
    """Each lead's first handover: lead_id, handed_over_at (UTC), criteria_met (null: not known)."""
    from predictive_scoring import sinks

    if config.contract.handovers == "scores":
        return sinks.handovers(config.path(config.scores))
    rows = extract.connection.execute(
        "SELECT lead_id, min(entered_at) AS handed_over_at FROM stages WHERE stage = 'mql' "
        "GROUP BY lead_id ORDER BY lead_id"
    ).to_arrow_table()
    return rows.append_column("criteria_met", _criteria_met(rows, extract, config))


def _criteria_met(rows: pa.Table, extract: Extract, config: Config) -> pa.Array:
    """Whether each lead met the criteria then in force when it was handed over (null: unknown)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from predictive_scoring import contract, features
    from predictive_scoring.records import FeatureSpec

    found = [pa.table({"lead_id": pa.array([], pa.string()), "met": pa.array([], pa.bool_())})]
    for version in config.contract.versions:
        if not (columns := contract.criteria_columns(version.mql)):
            continue
        mine = rows.filter(_within(rows["handed_over_at"], version, config))
        snapshots = features.given_snapshots(
            extract, config, mine["lead_id"], mine["handed_over_at"]
        )
        spec = FeatureSpec(features.as_known(extract, columns))
        for batch in features.scoring_batches(extract, spec, snapshots, config, _ROWS):
            met = contract.facts(batch, version.mql).all_met
            found.append(pa.table({"lead_id": batch.column("lead_id"), "met": met}))
    known = pa.concat_tables(found)
    places = pc.index_in(rows["lead_id"], value_set=known["lead_id"].combine_chunks())
    return known["met"].take(places).combine_chunks()


def _within(instants: pa.ChunkedArray, version: Version, config: Config) -> pa.ChunkedArray:
    """Which instants (UTC) fall on days on which the version is in force."""
    import pyarrow as pa
    import pyarrow.compute as pc

    first, after = version_days(version, config)
    inside = pc.greater_equal(instants, pa.scalar(first, pa.timestamp("us")))
    if after is None:
        return inside
    return pc.and_(inside, pc.less(instants, pa.scalar(after, pa.timestamp("us"))))


def _version(config: Config, day: date | None) -> Version:
    versions = config.contract.versions
    found = config.contract.version_on(day) if day else (versions[-1] if versions else None)
    if found is None:
        there = ", ".join(f"from {v.since}" for v in versions) or "none"
        raise UsageError(
            f"no version of the contract is in force{f' on {day}' if day else ''}",
            f"one of those declared ({there})",
            "declare `contract.versions`; docs/contract.md shows an example",
        )
    return found


def _thresholds(config: Config, extract: Extract | None) -> ContractThresholds | None:
    """The champion's thresholds for the contract in force; None where there are none yet."""
    registry = open_registry(config)
    try:
        bundle = registry.load(registry.require_champion())
    except NoChampion:
        return None
    return standing(bundle, config, extract.extract_at if extract else None).thresholds


def _files(
    ledger: Ledger, efforts: tuple[EffortTable, ...], folder: Path | None
) -> tuple[str, ...]:
    from predictive_scoring import report, sinks

    if folder is None:
        return ()
    written = []
    for name, content in report.ledger_files(ledger, efforts, sinks.guard).items():
        written.append(str(write_page(content, folder / name)))
    return tuple(written)
