"""A model's files: written the same for the same model, checked before anything is parsed.

    model.json          everything but the booster: columns, vocabularies, calibration, facts
    booster.txt         LightGBM's own text, for that kind of model alone
    reference.parquet   evaluation-time predictions and outcomes, what monitoring compares with
    manifest.json       schema version, the name, size and SHA-256 of each file, and their digest

Nothing in a bundle is code, and nothing that could be is ever loaded.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from predictive_scoring.errors import BundleError, ColumnsError
from predictive_scoring.model import BoosterModel, ModelBundle
from predictive_scoring.registry import codec, manifest
from predictive_scoring.registry.manifest import BOOSTER, MANIFEST, MODEL, REFERENCE, REMEDY, File

if TYPE_CHECKING:
    import pyarrow as pa

_MANIFEST_LIMIT = 100_000  # bytes; three files need about 600


def write_bundle(bundle: ModelBundle, folder: Path, reference: pa.Table | None = None) -> str:
    """Write the bundle into a new or empty folder and return its digest (64 hex digits).

    ``reference`` holds the untouched period: log_odds (float64, of the probability shown),
    outcome (float64, 0 or 1) and market (string), one row per snapshot. The manifest is written
    last: a bundle whose writing was interrupted has none and is refused. Raises BundleError when
    the folder holds files or a number is not finite, ColumnsError for another reference.
    """
    contents = {MODEL: codec.to_json(bundle)}
    if isinstance(bundle.predictor, BoosterModel):
        contents[BOOSTER] = bundle.predictor.text.encode()
    if reference is not None:
        contents[REFERENCE] = _parquet(reference)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BundleError(f"{folder} holds files already", "a new or empty folder")
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    files = [File.of(name, content) for name, content in sorted(contents.items())]
    (folder / MANIFEST).write_bytes(manifest.render(files))
    return manifest.digest(files)


def read_bundle(folder: Path, digest: str | None = None) -> ModelBundle:
    """Read the folder's model; with ``digest``, only the bundle of that digest.

    Raises BundleError unless every file is exactly as written.
    """
    contents = _verified(folder, digest)
    booster = _text(contents[BOOSTER]) if BOOSTER in contents else None
    return codec.from_json(contents[MODEL], booster)


def read_reference(folder: Path, digest: str | None = None) -> pa.Table | None:
    """Read the reference predictions, None where there are none; raises BundleError."""
    contents = _verified(folder, digest)
    if REFERENCE not in contents:
        return None
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(io.BytesIO(contents[REFERENCE]))
    except (pa.ArrowException, OSError) as error:
        raise BundleError(f"{REFERENCE}: {error}"[:300], "a Parquet file", REMEDY) from None


def bundle_digest(folder: Path) -> str:
    """Check every file and return the bundle's digest; raises BundleError."""
    return manifest.digest([File.of(*item) for item in sorted(_verified(folder, None).items())])


def _verified(folder: Path, digest: str | None) -> dict[str, bytes]:
    """Read each file once and check it, parsing nothing but the manifest: contents by name."""
    files = manifest.parse(_read(folder / MANIFEST, _MANIFEST_LIMIT))
    if digest is not None and manifest.digest(files) != digest:
        raise BundleError(
            f"{folder}: a bundle of digest {manifest.digest(files)}", f"digest {digest}", REMEDY
        )
    found = {path.name for path in folder.iterdir()} - {MANIFEST}
    if found != {f.name for f in files}:
        raise BundleError(
            f"{folder}: files {sorted(found)}"[:300],
            f"those its manifest lists: {[f.name for f in files]}",
            REMEDY,
        )
    contents = {f.name: _read(folder / f.name, f.size) for f in files}
    for file in files:
        if File.of(file.name, contents[file.name]) != file:
            raise BundleError(
                f"{folder / file.name} was changed or cut short",
                f"{file.size} bytes with SHA-256 {file.sha256}",
                REMEDY,
            )
    return contents


def _read(path: Path, size: int) -> bytes:
    """Read at most one byte more than ``size``: enough to see that a file has grown."""
    if path.is_symlink():
        raise BundleError(f"{path} is a link", "a file of the bundle's own", REMEDY)
    try:
        with path.open("rb") as file:
            return file.read(size + 1)
    except OSError as error:
        raise BundleError(f"{path}: {error.strerror}", "a bundle's file", REMEDY) from None


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise BundleError(f"{BOOSTER} is no text", "LightGBM's model text", REMEDY) from None


def _parquet(reference: pa.Table) -> bytes:
    """Write the same bytes for the same rows, however chunked, without embedded metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema(
        [("log_odds", pa.float64()), ("outcome", pa.float64()), ("market", pa.string())]
    )
    if missing := [name for name in schema.names if name not in reference.column_names]:
        raise ColumnsError("reference", missing, reference.column_names)
    table = reference.select(schema.names).cast(schema).combine_chunks()
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", store_schema=False, row_group_size=1 << 20)
    return buffer.getvalue()
