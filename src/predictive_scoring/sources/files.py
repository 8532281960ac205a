"""Finding files and saying plainly why one cannot be read."""

import errno
import glob
import hashlib
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from predictive_scoring.errors import DataError

_HEADS = {
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "compressed with gzip",
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"SQLite format 3\0": "an SQLite database",
    b"%PDF": "a PDF document",
}
_OUR_MISTAKES = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
_BLOCK = 1 << 20
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class FoundFile:
    """A file to read, and the name messages and the quarantine give it."""

    path: Path
    shown: str


def find_files(declared: str, base: Path) -> tuple[FoundFile, ...]:
    """The files a path or a glob names, sorted by name; raises DataError where there is none."""
    path = base / declared
    if path.exists():
        return (_file(path, base),)
    # Only the declared part is a pattern: the folder it starts from may hold brackets itself.
    pattern = declared if Path(declared).is_absolute() else f"{glob.escape(str(base))}/{declared}"
    found = sorted(glob.glob(pattern, recursive=True)) if glob.has_magic(declared) else []  # noqa: PTH207
    if not found:
        raise DataError(
            f"{declared}: no such file",
            f"a file, or a pattern such as events/*.parquet, relative to {base.name or base}/",
            "correct `file` in the configuration, or put the file there",
        )
    return tuple(_file(Path(name), base) for name in found)


def _file(path: Path, base: Path) -> FoundFile:
    shown = str(path.relative_to(base)) if path.is_relative_to(base) else str(path)
    if path.is_dir():
        raise DataError(
            f"{shown}: a folder", "a file", f"name the files in it, for example {shown}/*.parquet"
        )
    if not os.access(path, os.R_OK):
        raise DataError(f"{shown}: may not be read", "a readable file", "check its permissions")
    return FoundFile(path, shown)


def digest_of(file: FoundFile) -> str:
    """SHA-256 of the file's bytes."""
    with unreadable_is_an_error(file.shown), file.path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def copy_of(file: FoundFile, target: Path) -> str:
    """Copy the file, and return the SHA-256 of just these bytes.

    Raises DataError where it cannot be read, or where there is no room for the copy.
    """
    digest = hashlib.sha256()
    with unreadable_is_an_error(file.shown), file.path.open("rb") as source:
        size = file.path.stat().st_size
        with _no_room_is_an_error(target.parent, size), target.open("wb") as copy:
            while block := source.read(_BLOCK):
                digest.update(block)
                copy.write(block)
    return digest.hexdigest()


@contextmanager
def _no_room_is_an_error(folder: Path, size: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise DataError(
            f"the folder for temporary files is full ({folder}: {error.strerror})",
            f"room for a copy of the inputs, of which this one has {size / 1e6:,.0f} MB",
            "make room there, or name another folder in the environment variable TMPDIR",
        ) from error


def refuse_other_formats(file: FoundFile, encoding: str) -> None:
    """Raise DataError for a text file that begins as something else does."""
    with unreadable_is_an_error(file.shown), file.path.open("rb") as stream:
        head = stream.read(16)
    packed = file.path.name.lower().endswith(".gz")
    what = next((name for mark, name in _HEADS.items() if head.startswith(mark)), None)
    if head[8:12] == b"DUCK":
        what = "a DuckDB database"
    if packed != (what == _HEADS[b"\x1f\x8b"]) and head:
        raise DataError(
            f"{file.shown}: {what or 'not compressed with gzip'}",
            "a gzip file, as its name says" if packed else "a CSV file",
            "correct the file's name, or `format` in the configuration",
        )
    if what and not packed:
        raise DataError(
            f"{file.shown}: {what}",
            "a CSV file",
            "export it as CSV, or correct `format` in the configuration",
        )
    if encoding == "utf-8" and head.startswith(_UTF16_MARKS):
        raise DataError(
            f"{file.shown}: text in UTF-16",
            "text in UTF-8, as declared",
            "declare `csv: {encoding: utf-16}` for this source",
        )


@contextmanager
def unreadable_is_an_error(shown: str) -> Iterator[None]:
    """Turn what readers raise on damaged input into one sentence of DataError."""
    try:
        yield
    except _OUR_MISTAKES:
        raise
    except (duckdb.Error, pa.ArrowException, OSError, EOFError, zlib.error) as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise DataError(
            f"{shown}: cannot be read ({lines[0][:300]})",
            "a complete, undamaged input of the declared format",
            "export or copy it again, and check `format` in the configuration",
        ) from error
