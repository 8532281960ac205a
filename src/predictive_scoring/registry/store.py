"""The registry: trained models by version, who is champion, and who decided so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from predictive_scoring.errors import NoChampion, UsageError
from predictive_scoring.model import ModelBundle
from predictive_scoring.registry.bundle import bundle_digest, read_bundle
from predictive_scoring.registry.connect import connect, default_uri, is_database, reaching
from predictive_scoring.registry.fetch import fetch
from predictive_scoring.registry.revision import Revision
from predictive_scoring.registry.training_run import (
    BUNDLE,
    NOTE,
    TrainingRun,
    experiment_note,
    log_contents,
    model_note,
    run_name,
    run_note,
    run_tags,
)
from predictive_scoring.registry.versions import (
    CHALLENGER,
    CHAMPION,
    ModelVersion,
    Promotion,
    read_promotions,
    read_version,
    standing,
)

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Experiment
    from mlflow.entities.model_registry import ModelVersion as MlflowVersion

_REASON_LIMIT = 1000  # characters
KIND = {"mlflow.experimentKind": "custom_model_development"}
"""Which of its two faces MLflow's page turns to: training of models, not of prompts."""


@dataclass(frozen=True)
class _Entry:
    """What a new version is called and described with."""

    company: str
    name: str
    tags: dict[str, str]
    note: str
    model_note: str


@dataclass(frozen=True)
class Registry:
    """A connection to one registered model; ``open`` makes it.

    Every method raises StoreError when MLflow cannot be reached or refuses.
    """

    client: MlflowClient
    uri: str
    models_folder: Path
    name: str

    @classmethod
    def open(cls, uri: str | None, models_folder: Path, name: str) -> Registry:
        """Connect to an MLflow tracking URI; by default to SQLite in ``models_folder``.

        Artifacts of a database lie in the folder's ``artifacts``; those of a server where the
        server puts them.
        """
        folder = models_folder.resolve()
        place = uri or default_uri(folder)
        with reaching(place):
            folder.mkdir(parents=True, exist_ok=True)
        return cls(connect(place), place, folder, name)

    def log_run(self, run: TrainingRun) -> ModelVersion:
        """Log a training and register its bundle as a new version, the ``challenger``.

        The champion stays who it is: promoting is a decision of its own. Raises BundleError for
        a bundle that is not as written; a run that fails on the way is marked as failed.
        """
        digest = bundle_digest(run.bundle)
        entry = _Entry(
            run.config.company, run_name(run), run_tags(run, digest), run_note(run, digest),
            model_note(run.config.company, run.horizon_days),
        )  # fmt: skip
        return self._log(entry, lambda run_id: log_contents(self.client, run_id, run))

    def log_revision(self, previous: ModelVersion, revision: Revision) -> ModelVersion:
        """Register a revised bundle as a new version, the ``challenger``, with the old figures.

        Raises BundleError for a bundle that is not as written.
        """
        digest = bundle_digest(revision.bundle)
        entry = _Entry(
            revision.company, revision.name, revision.tags(digest, previous.version),
            revision.note(digest, previous.version),
            model_note(revision.company, revision.horizon_days),
        )  # fmt: skip

        def contents(run_id: str) -> None:
            measured = self.client.get_run(previous.run_id).data.metrics
            for name, value in measured.items():
                self.client.log_metric(run_id, name, value)
            self.client.log_artifacts(run_id, str(revision.bundle), BUNDLE)

        return self._log(entry, contents)

    def champion(self) -> ModelVersion | None:
        """Find the version that scores, None where there is none."""
        with reaching(self.uri):
            version = self._aliases().get(CHAMPION)
            return None if version is None else self._version(version)

    def require_champion(self) -> ModelVersion:
        """Find the version that scores; raises NoChampion."""
        if (champion := self.champion()) is None:
            raise NoChampion(
                f"the model {self.name!r} has no champion",
                "a trained model that scores",
                "train first: predictive-scoring train --config ...",
            )
        return champion

    def version(self, which: str) -> ModelVersion:
        """Find a version by number or alias; raises UsageError naming those there are."""
        with reaching(self.uri):
            number = self._aliases().get(which, which)
            known = [str(found.version) for found in self._found()]
            if number not in known:
                raise UsageError(
                    f"no version {which!r} of the model {self.name!r}",
                    f"one of {', '.join(known) or '(none)'}, {CHAMPION} or {CHALLENGER}",
                    "list them with: predictive-scoring models list",
                )
            return self._version(number)

    def versions(self) -> tuple[ModelVersion, ...]:
        """List all versions, newest first."""
        with reaching(self.uri):
            aliases = self._aliases()
            return tuple(self._read(found, aliases) for found in self._found())

    def promotions(self) -> tuple[Promotion, ...]:
        """List every move of the champion, oldest first."""
        with reaching(self.uri):
            return read_promotions(self._model_tags())

    def promote(self, which: str, by: str, reason: str) -> ModelVersion:
        """Make a version (number or alias) champion, recording who decided so and why.

        Raises UsageError without a name or a reason or for the champion itself, BundleError when
        the version's files are not as written.
        """
        _require_words(by, reason)
        version = self.version(which)
        current = self.champion()
        last = standing(self.promotions())
        recorded = last.version if last else ""
        if current and current.version == version.version == recorded:
            raise UsageError(f"version {version.version} is the champion already")
        self.load(version)
        # A promotion that was cut short moved the champion unrecorded: the record knows better.
        moved = current.version if current else ""
        previous = recorded if moved == version.version else moved
        return self._move(Promotion("promote", version.version, previous, by, _now(), reason))

    def rollback(self, by: str, reason: str = "rollback") -> ModelVersion:
        """Make the champion's predecessor champion again; repeated, it goes further back.

        Raises UsageError where there is no predecessor, or when the champion was moved without
        this program; BundleError when the predecessor's files are not as written.
        """
        _require_words(by, reason)
        current = self.require_champion()
        last = standing(self.promotions())
        if last is None or last.version != current.version or not last.previous:
            raise UsageError(
                f"no predecessor of the champion, version {current.version}, is on record",
                "a champion that was promoted in the place of another",
                "choose one: predictive-scoring models promote VERSION",
            )
        target = self.version(last.previous)
        self.load(target)
        return self._move(
            Promotion("rollback", target.version, current.version, by, _now(), reason)
        )

    def fetch(self, version: ModelVersion) -> Path:
        """Return a local folder with the version's bundle, downloaded where it is remote.

        The files are not checked here: ``load`` and ``read_reference`` do that. Raises
        BundleError when they are gone.
        """
        return fetch(version, self.models_folder, self.uri)

    def load(self, version: ModelVersion) -> ModelBundle:
        """Read a version's model; raises BundleError unless it is the one registered."""
        return read_bundle(self.fetch(version), version.bundle_digest)

    def _experiment(self, company: str) -> Experiment:
        found = self.client.get_experiment_by_name(company)
        place = (self.models_folder / "artifacts").as_uri() if is_database(self.uri) else None
        if found and place and found.artifact_location not in (place, f"{place}/"):
            # The models folder was moved or copied: what is new must not go to the old place.
            aside = f"{company} (until it moved from {found.artifact_location})"
            self.client.rename_experiment(found.experiment_id, aside)
            found = None
        if found is None:
            made = self.client.create_experiment(
                company, artifact_location=place, tags={NOTE: experiment_note(company), **KIND}
            )
            return self.client.get_experiment(made)
        if found.lifecycle_stage == "deleted":
            self.client.restore_experiment(found.experiment_id)
        return found

    def _log(self, entry: _Entry, contents: Callable[[str], None]) -> ModelVersion:
        """Write a run and register its bundle, which ``contents`` logs under the run's id."""
        with reaching(self.uri):
            experiment = self._experiment(entry.company)
            started = self.client.create_run(
                experiment.experiment_id, run_name=entry.name, tags=entry.tags | {NOTE: entry.note}
            )
            run_id = started.info.run_id
            status = "FAILED"
            try:
                contents(run_id)
                version = self._register(entry, run_id, f"{started.info.artifact_uri}/{BUNDLE}")
                status = "FINISHED"
            finally:
                self.client.set_terminated(run_id, status)
            self.client.set_registered_model_alias(self.name, CHALLENGER, version)
            return self._version(version)

    def _register(self, entry: _Entry, run_id: str, source: str) -> str:
        if not self._exists():
            self.client.create_registered_model(self.name, description=entry.model_note)
        made = self.client.create_model_version(
            self.name, source, run_id, tags=entry.tags, description=entry.note
        )
        return str(made.version)

    def _move(self, move: Promotion) -> ModelVersion:
        """Write who and why on the version, move the alias, then record the move."""
        with reaching(self.uri):
            tagged, tags = move.as_version_tags()
            for key, value in tags.items():
                self.client.set_model_version_tag(self.name, tagged, key, value)
            self.client.set_registered_model_alias(self.name, CHAMPION, move.version)
            self._name_challenger(move.version)
            number = len(read_promotions(self._model_tags())) + 1
            self.client.set_registered_model_tag(self.name, *move.as_tag(number))
            return self._version(move.version)

    def _name_challenger(self, champion: str) -> None:
        """Make the newest version beside the champion the challenger; there may be none."""
        others = (str(v.version) for v in self._found() if str(v.version) != champion)
        if (newest := next(others, None)) is not None:
            self.client.set_registered_model_alias(self.name, CHALLENGER, newest)
        elif CHALLENGER in self._aliases():
            self.client.delete_registered_model_alias(self.name, CHALLENGER)

    def _exists(self) -> bool:
        quoted = self.name.replace("'", "''")
        return bool(self.client.search_registered_models(f"name='{quoted}'"))

    def _aliases(self) -> dict[str, str]:
        if not self._exists():
            return {}
        found = self.client.get_registered_model(self.name).aliases
        return {alias: str(version) for alias, version in found.items()}

    def _model_tags(self) -> dict[str, str]:
        return dict(self.client.get_registered_model(self.name).tags) if self._exists() else {}

    def _found(self) -> list[MlflowVersion]:
        quoted = self.name.replace("'", "''")
        found = self.client.search_model_versions(f"name='{quoted}'", max_results=10_000)
        return sorted(found, key=lambda v: -int(v.version))

    def _version(self, number: str) -> ModelVersion:
        return self._read(self.client.get_model_version(self.name, number), self._aliases())

    def _read(self, found: MlflowVersion, aliases: dict[str, str]) -> ModelVersion:
        measured = self.client.get_run(found.run_id).data.metrics if found.run_id else {}
        return read_version(found, aliases, measured)


def _require_words(by: str, reason: str) -> None:
    if not by.strip() or not reason.strip() or len(reason) > _REASON_LIMIT:
        raise UsageError(
            f"by {by!r}, for the reason {reason[:80]!r}",
            f"a person's name and a reason of at most {_REASON_LIMIT} characters",
            "say who decides and why: --by NAME --reason TEXT",
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
