"""`explain`: one lead's score as it stands in the store, as a waterfall of its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from predictive_scoring.errors import UsageError
from predictive_scoring.language import require
from predictive_scoring.records import Contributions, FeatureColumn
from predictive_scoring.runs.results import RunResult
from predictive_scoring.runs.wiring import open_registry

if TYPE_CHECKING:
    import pyarrow as pa

    from predictive_scoring.config import Config
    from predictive_scoring.explain import Labels

_QUERY = """
    SELECT s.lead_id, s.market, s.probability, s.percentile, s.base, s.as_of, s.model_version,
           s.contributions, s.group_contributions, s.reasons, s.sentences, r.feature_names,
           r.bundle_digest
    FROM lead_scores s JOIN score_runs r USING (run_id) WHERE s.lead_id = ?
"""


@dataclass(frozen=True)
class StoredScore:
    """A row of the store; contributions in log-odds, in the order of ``feature_names``.

    ``as_of`` is UTC without an offset, None in a company without instants.
    """

    lead_id: str
    market: str | None
    probability: float
    percentile: float
    base: float
    as_of: datetime | None
    model_version: str
    contributions: list[float]
    groups: Mapping[str, float]
    reasons: list[dict[str, Any]]
    sentences: Mapping[str, list[str]]
    feature_names: list[str]
    bundle_digest: str

    def as_contributions(self) -> Contributions:
        """Give the contributions as one row, shape (1, features)."""
        values = np.array([self.contributions], dtype=np.float64)
        return Contributions(self.base, values, tuple(self.feature_names))

    def observed(self, columns: Sequence[FeatureColumn]) -> pa.Table:
        """Give one row of observed values: those of the stored reasons, the others missing."""
        import pyarrow as pa

        texts = {reason["feature"]: reason["observed"] for reason in self.reasons}
        return pa.table({c.name: _value(texts.get(c.name), c) for c in columns})


@dataclass(frozen=True)
class ExplainResult(RunResult):
    """One lead's stored score, its columns, and the language to tell it in.

    ``labels`` are the company's own words by language.
    """

    score: StoredScore
    columns: tuple[FeatureColumn, ...]
    lang: str
    labels: Labels

    def as_json(self) -> object:
        """Probability, base, contributions by feature and group, and the reasons in words."""
        s = self.score
        return {
            "lead_id": s.lead_id,
            "market": s.market,
            "probability": s.probability,
            "percentile": s.percentile,
            "as_of": None if s.as_of is None else f"{s.as_of}Z",
            "model_version": s.model_version,
            "base": s.base,
            "groups": dict(s.groups),
            "contributions": dict(zip(s.feature_names, s.contributions, strict=True)),
            "reasons": s.reasons,
            "sentences": s.sentences.get(self.lang, []),
        }


def explain(config: Config, lead: str, lang: str) -> ExplainResult:
    """Read a lead's score; raises UsageError for a lead that has none, StoreError, BundleError."""
    from predictive_scoring import explain as stage

    require(lang)
    score = _stored(config, lead)
    registry = open_registry(config)
    version = registry.version(score.model_version)
    if version.bundle_digest != score.bundle_digest:
        raise UsageError(
            f"the scores are of another model than version {version.version} of the registry",
            "the registry that the scores were made with",
            "score again: predictive-scoring score --config ...",
        )
    bundle = registry.load(version)
    return ExplainResult(score, stage.explainer(bundle).columns, lang, config.score.labels)


def _stored(config: Config, lead: str) -> StoredScore:
    from predictive_scoring import sinks

    store = config.path(config.scores)
    if not store.exists():
        raise UsageError(
            f"there are no scores yet in {store}", "a store with scores",
            "score first: predictive-scoring score --config ...",
        )  # fmt: skip
    with sinks.open_reader(store) as reader:
        found = reader.execute(_QUERY, [lead]).fetchone()
        if found is not None:
            return StoredScore(*found)
        near = reader.execute(
            "SELECT lead_id FROM lead_scores ORDER BY jaro_winkler_similarity(lead_id, ?) DESC, "
            "lead_id LIMIT 3",
            [lead],
        ).fetchall()
    raise UsageError(
        f"lead {lead!r} has no score in {store}",
        f"a lead that was scored, such as {', '.join(str(r[0]) for r in near) or '(none)'}",
        "a lead that is closed, too old or quarantined is not scored: "
        "predictive-scoring score says how many and why",
    )


def _value(text: str | None, column: FeatureColumn) -> pa.Array:
    import pyarrow as pa

    if column.kind == "number":
        return pa.array([None if text is None else float(text)], pa.float64())
    if column.kind == "flag":
        return pa.array([None if text is None else text == "true"], pa.bool_())
    return pa.array([text], pa.string())
