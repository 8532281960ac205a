"""How a CSV file is written: encoding, delimiter, quote. Looks at its first and last bytes."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import os
import re
import zlib
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Encoding = Literal["utf-8", "latin-1", "utf-16"]

HEAD_BYTES = 4_000_000
TAIL_BYTES = 1_000_000
_PROBE_ROWS = 500
_DELIMITERS = (",", ";", "\t", "|")
_UNZIP_LIMIT = 1_000_000_000  # bytes of a compressed file unpacked in search of its end
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_SPECIAL_MAGIC = {
    b"PK\x03\x04": "a ZIP or Excel file",
    b"\x1f\x8b": "gzip-compressed: name it .csv.gz",
    b"PAR1": "Parquet: name it .parquet",
    b"SQLite format 3": "an SQLite database",
    b"%PDF": "a PDF",
}


class Unreadable(Exception):
    """A file that cannot be proposed, with the reason in words; never leaves this package."""


@dataclass(frozen=True)
class Dialect:
    """What was found; ``notes`` say what a person should know of it."""

    encoding: Encoding
    delimiter: str
    quote: str
    notes: tuple[str, ...] = ()

    @property
    def codec(self) -> str:
        """The Python codec that reads it, byte order mark included."""
        return "utf-8-sig" if self.encoding == "utf-8" else self.encoding


@contextmanager
def reading(file: Path) -> Iterator[BinaryIO]:
    """The file's bytes, unpacked; whatever cannot be read is raised as Unreadable."""
    try:
        with file.open("rb") as plain:
            if _packed(file):
                with gzip.GzipFile(fileobj=plain) as unpacked:
                    yield cast("BinaryIO", unpacked)
            else:
                yield plain
    except (OSError, EOFError, zlib.error, UnicodeError, csv.Error) as error:
        raise Unreadable(f"cannot be read ({error})") from error


def sniff(file: Path) -> Dialect:
    """The dialect of a CSV file; raises Unreadable for an empty or binary one."""
    with reading(file) as stream:
        head = stream.read(HEAD_BYTES)
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise Unreadable("is empty")
    encoding, notes = _encoding(head, tail(file) if len(head) == HEAD_BYTES else b"")
    text = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)(
        "replace"
    ).decode(head[:1_000_000])
    quote = _quote(text)
    return Dialect(encoding, _delimiter(text, quote), quote, notes)


def tail(file: Path) -> bytes:
    """The last bytes of a file (unpacked); empty where a packed file's end is too far."""
    with reading(file) as stream:
        if not _packed(file):
            stream.seek(max(0, file.stat().st_size - TAIL_BYTES), os.SEEK_SET)
            return stream.read()
        last, seen = b"", 0
        while chunk := stream.read(TAIL_BYTES):
            last, seen = (last + chunk)[-TAIL_BYTES:], seen + len(chunk)
            if seen > _UNZIP_LIMIT:
                return b""
        return last


def parse(text: Iterable[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    """The records of CSV text."""
    if quote:
        return csv.reader(text, delimiter=delimiter, quotechar=quote)
    return csv.reader(text, delimiter=delimiter, quoting=csv.QUOTE_NONE)


def _packed(file: Path) -> bool:
    return file.name.lower().endswith(".gz")


def _encoding(head: bytes, last: bytes) -> tuple[Encoding, tuple[str, ...]]:
    for magic, what in _SPECIAL_MAGIC.items():
        if head.startswith(magic):
            raise Unreadable(f"is not text but {what}")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", ()
    probe = head[:20_000]
    if probe.count(0) > len(probe) * 0.3:
        if probe[1::2].count(0) > len(probe) * 0.3:
            raise Unreadable("is UTF-16 without a byte order mark; export it as UTF-8")
        raise Unreadable("is binary, not text")
    if len(_CONTROL.findall(probe)) + probe.count(0) > max(4, len(probe) * 0.02):
        raise Unreadable("is binary, not text")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
        codecs.getincrementaldecoder("utf-8")().decode(_from_a_character(last))
    except UnicodeDecodeError:
        odd = re.search(rb"[\x80-\x9f]", head + last) is not None
        note = "some bytes look like Windows-1252, which is read as latin-1" if odd else ""
        return "latin-1", (note,) if note else ()
    return "utf-8", ()


def _from_a_character(last: bytes) -> bytes:
    """The bytes from the first one that begins a UTF-8 character."""
    start = next((i for i, byte in enumerate(last[:4]) if byte & 0xC0 != 0x80), 0)
    return last[start:]


def _quote(text: str) -> str:
    sample = text[:200_000]
    double = len(re.findall(r'(?:^|[,;\t|])"', sample, re.MULTILINE))
    single = len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n]|$)", sample, re.MULTILINE))
    return "'" if single > 2 and single > 4 * double else '"'


def _delimiter(text: str, quote: str) -> str:
    scores = {d: _regularity(text, d, quote) for d in _DELIMITERS}
    return max(scores, key=scores.__getitem__)


def _regularity(text: str, delimiter: str, quote: str) -> tuple[float, int]:
    """Share of records as wide as the header, and that width; nothing for a single column."""
    widths: list[int] = []
    try:
        for record in parse(io.StringIO(text, newline=""), delimiter, quote):
            if record:
                widths.append(len(record))
            if len(widths) >= _PROBE_ROWS:
                break
    except csv.Error:
        return (0.0, 0)
    if not widths or widths[0] < 2:
        return (0.0, 0)
    return (round(Counter(widths)[widths[0]] / len(widths), 1), widths[0])
