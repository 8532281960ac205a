"""`nurture`: for each lead that is not ready, a track and the next best action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from predictive_scoring.errors import UsageError
from predictive_scoring.language import require
from predictive_scoring.runs.results import RunResult, plain
from predictive_scoring.runs.score import Champion, load_champion
from predictive_scoring.runs.wiring import reading, workspace, write_page

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from predictive_scoring.config import Config
    from predictive_scoring.records import BoolArray, Extract, FloatArray, NurtureResult
    from predictive_scoring.runs.wiring import Progress

_BELOW = ("nurture", "cold")


@dataclass(frozen=True)
class NurtureRun(RunResult):
    """What is proposed: the whole, and a row for each lead (records.NurtureLead's fields)."""

    result: NurtureResult
    rows: pa.Table
    warning: str
    notes: tuple[str, ...]
    file: str

    def as_json(self) -> object:
        """The whole, then the leads."""
        return {
            "result": plain(self.result),
            "warning": self.warning,
            "notes": list(self.notes),
            "leads": plain(self.rows.to_pylist()),
            "file": self.file,
        }


def nurture(config: Config, lang: str, csv: Path | None, progress: Progress) -> NurtureRun:
    """Propose for each lead of the store's current scores that is below the threshold.

    Raises UsageError where nothing is declared or nobody was scored, NoChampion, StoreError,
    DataError.
    """
    from predictive_scoring import nurture as stage
    from predictive_scoring import sources

    require(lang)
    if not config.nurture.tracks and not config.nurture.actions:
        raise UsageError(
            "the configuration declares neither tracks nor actions",
            "`nurture.tracks` or `nurture.actions`",
            "declare them; docs/contract.md shows an example",
        )
    champion = load_champion(config, progress)
    scored, as_of = _scored(config, champion)
    with workspace() as connection:
        extract = sources.load(config, connection, reading(progress))
        leads = _leads(connection, scored)
        progress("asking the model what each action would change", None)
        probability, allowed = _expected(champion, extract, config, as_of, leads["lead_id"])
        base = leads["probability"].to_numpy()
        chosen = stage.choose(base, probability, allowed)
        on_track = stage.tracks(extract, config, leads, as_of)
        rows = stage.lead_rows(config, leads, on_track, chosen, lang)
        uplift = stage.uplift(extract, config)
        result = stage.summarise(config, as_of, rows, probability - base[:, None], allowed, uplift)
    notes = () if uplift is None else stage.uplift_notes(uplift, lang)
    file = "" if csv is None else str(_written(rows, csv))
    return NurtureRun(result, rows, stage.association(lang), notes, file)


def _scored(config: Config, champion: Champion) -> tuple[pa.Table, datetime]:
    """The current scores below the threshold, and their as-of."""
    from predictive_scoring import sinks

    store = config.path(config.scores)
    again = "score first: predictive-scoring score --config ..."
    if not store.exists():
        raise UsageError(f"there are no scores yet in {store}", "a store with scores", again)
    as_of = sinks.current_as_of(store)
    with sinks.open_reader(store) as reader:
        run = reader.execute("SELECT bundle_digest FROM score_runs WHERE current").fetchone()
        rows = reader.execute(
            "SELECT lead_id, probability, tier, coalesce(market, '') AS market FROM lead_scores "
            "WHERE list_contains(?, tier) ORDER BY lead_id",
            [list(_BELOW)],
        ).to_arrow_table()
    if run is None or as_of is None or run[0] != champion.version.bundle_digest:
        raise UsageError(
            "the scores are not the champion's", f"those of version {champion.version.version}",
            again,
        )  # fmt: skip
    if not len(rows):
        raise UsageError(
            f"no lead of {store} is below a threshold",
            "scores with tiers, which a contract in force gives",
            "declare `contract.versions` and train, or see what `score` says of the contract",
        )
    return rows, as_of


def _leads(connection: duckdb.DuckDBPyConnection, scored: pa.Table) -> pa.Table:
    """The scores with each lead's language."""
    connection.register("scored", scored)
    try:
        return connection.execute(
            "SELECT scored.*, coalesce(language, '') AS language FROM scored JOIN leads "
            "USING (lead_id) ORDER BY lead_id"
        ).to_arrow_table()
    finally:
        connection.unregister("scored")


def _expected(
    champion: Champion, extract: Extract, config: Config, as_of: datetime, leads: pa.ChunkedArray
) -> tuple[FloatArray, BoolArray]:
    """The probability after each action, and whether the lead can take it: (leads, actions)."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    from predictive_scoring import features
    from predictive_scoring import nurture as stage

    actions = list(config.nurture.actions.values())
    snapshots = features.scoring_snapshots(extract, config, as_of)
    wanted = leads.combine_chunks()
    found, names = [np.empty((0, len(actions)))], [pa.array([], pa.string())]
    batches = features.what_if_batches(
        extract, champion.bundle.spec, snapshots, config, config.score.chunk, actions
    )
    for _, changed in batches:
        names.append(changed[0].column("lead_id").cast(pa.string()) if changed else names[0])
        found.append(np.stack([_probability(champion, batch) for batch in changed], axis=1))
    allowed = stage.allowed_actions(extract, config, snapshots, as_of)
    places = pc.index_in(wanted, value_set=pa.concat_arrays(names)).to_numpy()
    rows = pc.index_in(wanted, value_set=allowed["lead_id"].combine_chunks()).to_numpy()
    columns = [allowed[name].to_numpy()[rows] for name in config.nurture.actions]
    can = np.stack(columns, axis=1) if columns else np.empty((len(wanted), 0), dtype=bool)
    return np.concatenate(found)[places], can


def _probability(champion: Champion, batch: pa.RecordBatch) -> FloatArray:
    from scipy.special import expit

    from predictive_scoring import calibration, training
    from predictive_scoring.model import encode

    bundle = champion.bundle
    raw = training.log_odds(bundle.predictor, encode(batch, bundle.spec, bundle.vocabularies))
    market = batch.column("market").to_numpy(zero_copy_only=False)
    probability: FloatArray = expit(calibration.apply(bundle.calibration, raw, market))
    return probability


def _written(rows: pa.Table, file: Path) -> Path:
    from predictive_scoring import sinks

    return write_page(sinks.table_csv(rows), file)
