"""The records of a CSV file, by Python's ``csv`` module in strict mode, with their lines.

A blank line is no record. A record that is malformed, or is not as wide as the header, is refused;
if it runs over several lines only its first is, and reading goes on at the second, so that a stray
quote costs one row and not all that follow. docs/decisions/0002-csv-reading.md has the reasons.
"""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from predictive_scoring.config import CsvDialect
from predictive_scoring.errors import DataError
from predictive_scoring.sources.csv_text import MOST_LINES, Lines, TooManyLinesError, decodes
from predictive_scoring.sources.parts import Refused


@dataclass
class Batch:
    """Good records with the lines they begin on and their ordinals in the file; refused ones."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    ordinals: list[int] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


class CsvRecords:
    """Reads records in order; ``ordinal`` is the number read since the header.

    Parameters
    ----------
    stream : lines as ``open_text`` gives them.
    dialect : as declared.
    shown : the file's name for messages.

    Raises
    ------
    DataError : there is no header, or it cannot be read.
    """

    def __init__(self, stream: Iterable[str], dialect: CsvDialect, shown: str) -> None:
        self._lines, self._shown, self._encoding = Lines(stream), shown, dialect.encoding
        self._dialect, self._reader = dialect, _reader(self._lines, dialect)
        self.ordinal = 0
        self.header = self._header()

    def batches(self, size: int) -> Iterator[Batch]:
        """All records after the header, those of about ``size`` lines at a time."""
        while True:
            self._lines.start()
            taken = self._lines.take(size)
            if not taken:
                return
            yield self._plain(taken) or self._careful(taken)

    def _plain(self, taken: list[str]) -> Batch | None:
        """The batch, if each of its lines is a good record: nearly always so, and quickly seen."""
        try:
            with _unlimited_cells():
                rows = list(_reader(taken, self._dialect))
        except csv.Error:
            return None
        count, first = len(rows), self._lines.first
        if count != len(taken) or set(map(len, rows)) != {len(self.header)}:
            return None
        ordinals = list(range(self.ordinal + 1, self.ordinal + 1 + count))
        self.ordinal += count
        return Batch(rows, list(range(first, first + count)), ordinals)

    def _careful(self, taken: list[str]) -> Batch:
        """The batch record by record; the last one may take lines of the next batch."""
        lines, batch, width = self._lines, Batch(), len(self.header)
        end = lines.first + len(taken)
        lines.give_back()
        with _unlimited_cells():
            while lines.first < end:
                row, problem = self._next()
                if row is None and problem is None:
                    break
                if row != []:
                    self.ordinal += 1
                    if row is not None and len(row) == width:
                        batch.rows.append(row)
                        batch.lines.append(lines.first)
                        batch.ordinals.append(self.ordinal)
                    else:
                        batch.refused.append(self._refuse(row, problem))
                lines.start()
        return batch

    def undecodable(self, ordinal: int, line: int, row: list[str]) -> Refused:
        """The refusal of a well-formed record whose bytes are not text."""
        named = zip(self.header, row, strict=True)
        column, cell = next((n, c) for n, c in named if not decodes([c]))
        reason = f"column {column!r}: {_clip(cell)} holds bytes that are not {self._encoding}"
        record = json.dumps(dict(zip(self.header, row, strict=True)))
        return Refused(ordinal, line, reason, record)

    def _next(self) -> tuple[list[str] | None, str | None]:
        try:
            return next(self._reader), None
        except StopIteration:
            return None, None
        except csv.Error as error:
            return None, str(error)
        except TooManyLinesError:
            return None, f"a quoted cell runs over more than {MOST_LINES} lines"

    def _refuse(self, row: list[str] | None, problem: str | None) -> Refused:
        lines = self._lines
        if row is None:
            reason = f"the quotes do not pair up ({problem})"
        else:
            reason = f"{len(row)} cells where the header has {len(self.header)}"
        record: list[str] | str = row if row is not None else lines.taken[0].rstrip("\r\n")
        if len(lines.taken) > 1:
            reason += "; a quote opened on this line runs on: the lines after it were read anew"
            record = lines.taken[0].rstrip("\r\n")
            lines.retry()
        return Refused(self.ordinal, lines.first, reason, as_json(record))

    def _header(self) -> list[str]:
        row: list[str] | None = []
        problem: str | None = None
        with _unlimited_cells():
            while row == []:
                self._lines.start()
                row, problem = self._next()
        if row is None and problem is None:
            raise DataError(
                f"{self._shown}: an empty file",
                "a header line with the columns' names",
                "export it again with a header, or take it out of the configuration",
            )
        if row is None or not decodes(row):
            what = f"the quotes do not pair up ({problem})" if row is None else "bytes that are not"
            raise DataError(
                f"{self._shown}: the header cannot be read: {what}"
                + ("" if row is None else f" {self._encoding}"),
                "a header line with the columns' names, in the declared encoding",
                "correct the file, or `csv` (encoding, quote, delimiter) in the configuration",
            )
        twice = sorted({name for name in row if name and row.count(name) > 1})
        if twice:
            raise DataError(
                f"{self._shown}: the header names {', '.join(map(repr, twice))} more than once",
                "each column's name once",
                "rename the columns in the file, so that it is clear which is meant",
            )
        return row


def as_json(record: list[str] | str) -> str:
    """JSON for people; bytes that are not text are kept as escapes of U+DC00 + byte."""
    text = json.dumps(record, ensure_ascii=False)
    return text if decodes([text]) else json.dumps(record)


def _clip(cell: str) -> str:
    return ascii(cell[:80])


def _reader(lines: Iterable[str], dialect: CsvDialect) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        strict=True,
    )


@contextmanager
def _unlimited_cells() -> Iterator[None]:
    """The ``csv`` module refuses cells above 128 KiB by default; a long cell is no error."""
    before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        yield
    finally:
        csv.field_size_limit(before)
