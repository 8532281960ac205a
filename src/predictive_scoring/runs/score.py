"""`score`: the champion's probability and reasons for every open lead, into the score store."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from predictive_scoring import __version__
from predictive_scoring.errors import Finding, UsageError
from predictive_scoring.runs.contract import Standing, standing
from predictive_scoring.runs.handover import handovers, look_before, mqls_of
from predictive_scoring.runs.inputs import require_inputs
from predictive_scoring.runs.results import ScoreResult
from predictive_scoring.runs.stored import best, conflicts, stored_run, tiers
from predictive_scoring.runs.wiring import open_registry, reading, workspace

if TYPE_CHECKING:
    import pyarrow as pa

    from predictive_scoring.config import Config
    from predictive_scoring.explain import Explainer
    from predictive_scoring.model import ModelBundle
    from predictive_scoring.records import (
        BoolArray,
        Extract,
        FeatureSpec,
        FloatArray,
        RunSummary,
        ScoreBatch,
        ScoreRun,
        Snapshots,
    )
    from predictive_scoring.registry import ModelVersion
    from predictive_scoring.runs.wiring import Progress


AHEAD = 1
"""So many batches of features may wait while one is scored: more would only take memory."""
QUARANTINE_ROWS = 10_000
"""So many quarantined records are handed to the store at a time."""


@dataclass(frozen=True)
class Champion:
    """The model that scores: who it is, what it holds, how it gives reasons."""

    version: ModelVersion
    bundle: ModelBundle
    explainer: Explainer


@dataclass(frozen=True)
class Scorer:
    """All that a batch is scored by: the champion, the contract in force, who is an MQL by now."""

    champion: Champion
    contract: Standing
    mqls: pa.Array
    config: Config


def score(
    config: Config,
    as_of: datetime | None,
    progress: Progress,
    *,
    parquet: Path | None = None,
    force: bool = False,
) -> ScoreResult:
    """Score the leads open at ``as_of`` (UTC; default: the end of the extract).

    The previous scores stay until the new ones are complete; newer ones are replaced only by
    ``force``. Raises NoChampion, BundleError, DataError, StoreError, Finding when nobody can be
    scored, and UsageError when the configuration no longer fits the model.
    """
    from predictive_scoring import sinks, sources

    champion = load_champion(config, progress)
    require_inputs(champion.bundle, config)
    store = config.path(config.scores)
    if store.exists():  # one that cannot be written to is said before all data are read
        sinks.open_reader(store).close()
    with workspace() as connection:
        extract = sources.load(config, connection, reading(progress))
        instant = as_of or extract.extract_at
        run = _identity(champion, extract, instant, config)
        held = standing(champion.bundle, config, instant)
        if sinks.run_already_stored(store, run.run_id):
            summary = stored_run(store, run.run_id)
        else:
            if not force:
                _require_newer(store, instant)
            summary = _write(champion, held, extract, run, config, progress)
        notes = (*extract.notes, *_late(extract.extract_at, instant), *filter(None, [held.note]))
    if parquet is not None:
        progress(f"writing {parquet}", None)
        sinks.export_parquet(store, parquet)
    return ScoreResult(
        run_id=summary.run_id,
        as_of=run.as_of,
        model_name=run.model_name,
        model_version=run.model_version,
        scored=summary.scored,
        excluded=dict(summary.excluded),
        quarantined=summary.quarantined,
        handed_over=summary.handed_over,
        unchanged=summary.unchanged,
        tiers=tiers(store),
        conflicts=conflicts(store),
        best=best(store),
        notes=notes,
        store=summary.store,
        parquet=None if parquet is None else str(parquet),
    )


def load_champion(config: Config, progress: Progress) -> Champion:
    """Fetch and check the champion's bundle; raises NoChampion, BundleError."""
    from predictive_scoring import explain

    progress("opening the registry", None)
    registry = open_registry(config)
    version = registry.require_champion()
    bundle = registry.load(version)
    return Champion(version, bundle, explain.explainer(bundle))


def _write(
    champion: Champion,
    held: Standing,
    extract: Extract,
    run: ScoreRun,
    config: Config,
    progress: Progress,
) -> RunSummary:
    from predictive_scoring import features, sinks

    progress("taking snapshots and building features", None)
    store = config.path(config.scores)
    before = look_before(store)
    snapshots = features.scoring_snapshots(extract, config, run.as_of)
    _require_leads(snapshots)
    scorer = Scorer(champion, held, before.mqls, config)
    spec = _with_criteria(champion.bundle.spec, held, extract)
    with sinks.writing(store, run) as writer:
        done, mqls = 0, []
        progress("scoring and explaining", None)
        batches = features.scoring_batches(extract, spec, snapshots, config, config.score.chunk)
        for scored in _scored(scorer, batches):
            writer.write(scored)
            mqls.append(mqls_of(scored))
            done += len(scored)
            progress("scoring and explaining", done / max(snapshots.rows, 1))
        progress("committing the scores", None)
        handed = handovers(mqls, before, extract, run.as_of, config)
        with extract.connection.cursor() as cursor:
            quarantine = cursor.execute("SELECT * FROM quarantine").to_arrow_reader(QUARANTINE_ROWS)
            return writer.commit(snapshots.excluded, quarantine, handed)


def _with_criteria(spec: FeatureSpec, held: Standing, extract: Extract) -> FeatureSpec:
    """The model's columns and those that the contract's criteria are read from."""
    from predictive_scoring import contract, features

    rules = held.version.mql if held.version else ()
    columns = features.as_known(extract, contract.criteria_columns(rules))
    return replace(spec, columns=(*spec.columns, *columns))


def _scored(scorer: Scorer, batches: Iterable[pa.RecordBatch]) -> Iterator[ScoreBatch]:
    """Score each batch while the next ones' features are built and the last ones are written."""
    waiting: deque[Future[ScoreBatch]] = deque()
    worker = ThreadPoolExecutor(1, "score")
    try:
        for batch in batches:
            waiting.append(worker.submit(score_batch, scorer, batch))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:  # whoever stops the run does not wait for what is left
        worker.shutdown(cancel_futures=True)


def _require_leads(snapshots: Snapshots) -> None:
    """Raise Finding where nobody can be scored: an empty run is a slip far more often than a fact.

    It would replace the scores that sales work with by none.
    """
    if snapshots.rows:
        return
    reasons = ", ".join(f"{n:,} {why}" for why, n in snapshots.excluded.items() if n)
    known = snapshots.excluded.get("outcome known", 0)
    include = (
        "declare `score.include: all` to score leads whose outcome is known, or " if known else ""
    )
    raise Finding(
        f"nobody was scored: {reasons or 'there are no leads'}",
        "at least one lead to score; the previous scores are as they were",
        f"{include}check --as-of, `snapshots.max_age` and the extract",
    )


def _require_newer(store: Path, as_of: datetime | None) -> None:
    """Raise UsageError where the store's current scores are of a later as-of."""
    from predictive_scoring import sinks

    if as_of is None or not store.exists():
        return
    with sinks.open_reader(store) as reader:
        found = reader.execute("SELECT as_of FROM score_runs WHERE current").fetchone()
    current = found[0].replace(tzinfo=UTC) if found and found[0] else None
    if current is not None and current > as_of:
        raise UsageError(
            f"the store holds scores as of {current:%Y-%m-%d %H:%M} UTC, newer than "
            f"{as_of:%Y-%m-%d %H:%M} UTC",
            "an as-of that is not older: these would become what sales see",
            "use --store FILE for a look at the past, or --force to put the clock back",
        )


def score_batch(scorer: Scorer, batch: pa.RecordBatch) -> ScoreBatch:
    """Score, explain and hold to the contract one batch of features.

    It has the keys lead_id, account_id, market and as_of, and the criteria's columns.
    """
    from predictive_scoring import contract, explain
    from predictive_scoring.model import encode
    from predictive_scoring.records import ScoreBatch

    config, held = scorer.config, scorer.contract
    bundle, explainer = scorer.champion.bundle, scorer.champion.explainer
    market = batch.column("market")
    markets = market.to_numpy(zero_copy_only=False)
    matrix = encode(batch, bundle.spec, bundle.vocabularies)
    contributions = explainer.explain(matrix, markets)
    top = explain.top_reasons(contributions, config.score.reasons)
    observed = explain.observed_table(batch, markets, explainer.columns)
    probability = explain.probability(contributions.log_odds)
    facts = contract.facts(batch, held.version.mql if held.version else ())
    threshold, tier = _tiers(scorer, batch, probability, facts.all_met)
    return ScoreBatch(
        lead_id=batch.column("lead_id"),
        account_id=batch.column("account_id"),
        market=market,
        as_of=batch.column("as_of"),
        probability=probability,
        contributions=contributions,
        groups=explain.group_sums(contributions, explainer.columns),
        reasons=explain.reason_lists(top, observed, explainer.columns),
        sentences={
            lang: explain.sentence_lists(
                top, observed, explainer.columns, lang, config.score.labels
            )
            for lang in config.score.languages
        },
        threshold=threshold,
        tier=tier,
        criteria=facts.lists,
        criteria_met=facts.all_met,
    )


def _tiers(
    scorer: Scorer, batch: pa.RecordBatch, probability: FloatArray, criteria_met: BoolArray
) -> tuple[FloatArray, pa.Array]:
    """Each lead's threshold (NaN: none) and tier (null where no contract has a threshold)."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    from predictive_scoring import contract

    if (thresholds := scorer.contract.thresholds) is None:
        return np.full(len(probability), np.nan), pa.nulls(len(probability), pa.string())
    market = pc.fill_null(batch.column("market"), "").to_numpy(zero_copy_only=False)
    was_mql = pc.is_in(batch.column("lead_id"), value_set=scorer.mqls)
    threshold, tier = contract.tier_of(
        probability,
        market.astype(object),
        criteria_met,
        was_mql.to_numpy(zero_copy_only=False),
        thresholds,
        scorer.config.contract.hysteresis.points,
    )
    return threshold, pa.array(tier, pa.string())


def _identity(
    champion: Champion, extract: Extract, as_of: datetime | None, config: Config
) -> ScoreRun:
    """Name the run: this model and code on these data as of this instant, so configured."""
    from predictive_scoring import explain
    from predictive_scoring.records import ScoreRun

    settings = config.model_dump_json(exclude={"base", "models", "scores", "reports"})
    data_digest = extract.digest()
    model = champion.version
    parts = (
        __version__, model.name, model.version, model.bundle_digest, data_digest, str(as_of),
        settings,
    )  # fmt: skip
    return ScoreRun(
        run_id=hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16],
        model_name=champion.version.name,
        model_version=champion.version.version,
        bundle_digest=champion.version.bundle_digest,
        data_digest=data_digest,
        as_of=as_of,
        feature_names=champion.explainer.names,
        group_names=explain.group_names(champion.explainer.columns),
        languages=config.score.languages,
    )


def _late(extract_at: datetime | None, as_of: datetime | None) -> tuple[str, ...]:
    if extract_at is None or as_of is None or as_of - extract_at <= timedelta(days=2):
        return ()
    days = (as_of - extract_at).days
    return (
        f"the data end {days} days before the as-of: whatever leads did since then is not seen",
    )
