"""A registered model changed without training anew, as MLflow keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Revision:
    """The bundle of a version with something in it that is not learned put anew.

    ``bundle`` is the folder that ``write_bundle`` wrote, ``kind`` what was put anew ("thresholds")
    and ``summary`` says in words what is different now.
    """

    company: str
    bundle: Path
    kind: str
    summary: str
    horizon_days: int
    data_digest: str
    extract_at: datetime | None
    code_version: str

    def tags(self, bundle_digest: str, of: str) -> dict[str, str]:
        """Say what the version was made of; ``of`` is the version it revises."""
        return {
            "bundle_digest": bundle_digest,
            "data_digest": self.data_digest,
            "extract_at": self.extract_at.isoformat() if self.extract_at else "not known",
            "code_version": self.code_version,
            "chosen": f"{self.kind} of version {of} put anew",
            "revision_of": of,
        }

    @property
    def name(self) -> str:
        """Name the run after what was put anew and the end of its data."""
        return f"{self.kind} {self.extract_at:%Y-%m-%d}" if self.extract_at else self.kind

    def note(self, bundle_digest: str, of: str) -> str:
        """Describe the version in Markdown."""
        return (
            f"{self.summary}\n\nThe {self.kind} of version {of} put anew; what it learned, and the "
            f"figures of its evaluation, are that version's.\n\nBundle digest `{bundle_digest}`; "
            f"predictive-scoring {self.code_version}."
        )
