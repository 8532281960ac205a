"""A bundle's manifest: the name, size and SHA-256 of each file, and the digest over them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from predictive_scoring.errors import BundleError
from predictive_scoring.model import SCHEMA_VERSION

MANIFEST, MODEL, BOOSTER, REFERENCE = (
    "manifest.json",
    "model.json",
    "booster.txt",
    "reference.parquet",
)
REMEDY = "fetch the bundle again, or train a new model: predictive-scoring train --config ..."
_NAMES = {MODEL, BOOSTER, REFERENCE}
_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class File:
    """One file of a bundle; ``size`` in bytes."""

    name: str
    size: int
    sha256: str

    @classmethod
    def of(cls, name: str, content: bytes) -> File:
        """Describe these contents."""
        return cls(name, len(content), hashlib.sha256(content).hexdigest())


def digest(files: Sequence[File], version: int = SCHEMA_VERSION) -> str:
    """Return the bundle's digest: SHA-256 of the manifest's canonical content, 64 hex digits."""
    content = {"files": [asdict(f) for f in files], "schema_version": version}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def render(files: Sequence[File], version: int = SCHEMA_VERSION) -> bytes:
    """Write the manifest of these files, the same bytes for the same files."""
    content = {
        "digest": digest(files, version),
        "files": [asdict(f) for f in files],
        "schema_version": version,
    }
    return json.dumps(content, sort_keys=True, indent=1).encode() + b"\n"


def parse(raw: bytes) -> tuple[File, ...]:
    """Read the files a manifest lists.

    Raises BundleError for another schema version, for names that are not a bundle's (so no path
    can lead out of its folder), and unless it is, byte for byte, what ``render`` writes.
    """
    try:
        content = json.loads(raw)
        version, entries = content["schema_version"], content["files"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BundleError(f"a damaged {MANIFEST}", "a manifest as written", REMEDY) from None
    _require_version(version)
    try:
        files = tuple(_file(entry) for entry in entries)
    except (KeyError, TypeError, ValueError) as error:
        raise BundleError(
            f"an entry of {MANIFEST} that is no file: {error}"[:300], "name, size, SHA-256", REMEDY
        ) from None
    names = [f.name for f in files]
    if not {MODEL} <= set(names) <= _NAMES or names != sorted(set(names)):
        raise BundleError(
            f"a manifest that lists {names}"[:300],
            f"{MODEL}, and of {BOOSTER} and {REFERENCE} those the model has",
            REMEDY,
        )
    if render(files) != raw:
        raise BundleError(f"a {MANIFEST} that was changed", "the digest of its own files", REMEDY)
    return files


def _require_version(version: object) -> None:
    if type(version) is not int or version != SCHEMA_VERSION:
        raise BundleError(
            f"a bundle of schema version {str(version)[:100]}",
            f"schema version {SCHEMA_VERSION}",
            "use the version of the program that wrote it, or train a new model with this one",
        )


def _file(entry: dict[str, object]) -> File:
    name, size, sha256 = entry["name"], entry["size"], entry["sha256"]
    if not (isinstance(name, str) and type(size) is int and isinstance(sha256, str)):
        raise TypeError(entry)
    if size < 0 or not _SHA256.fullmatch(sha256):
        raise ValueError(entry)
    return File(name, size, sha256)
