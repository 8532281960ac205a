"""Counting the records of a CSV file without the ``csv`` module, to check what that one says.

The rules are those of ``csv_records``, found here by other means: a line is a record, a blank one
is none, and lines are joined while a quoted cell is open. A record of several lines counts as one
if it is well formed and as wide as the header; otherwise its first line is a record by itself and
counting goes on at the second.
"""

import re
from collections.abc import Iterable

from predictive_scoring.config import CsvDialect
from predictive_scoring.sources.csv_text import Lines, TooManyLinesError, is_blank

_LINES = 1_000
_BLANK = ("\n", "\r", "\r\n")


def count_records(stream: Iterable[str], dialect: CsvDialect, width: int) -> int:
    """The records in the text, the header among them; ``width`` is the header's cells."""
    lines, count = Lines(stream), 0
    cells = _Cells(dialect) if dialect.quote else None
    while taken := lines.take(_LINES):
        if cells and not all(map(cells.complete, (x for x in taken if dialect.quote in x))):
            count += _careful(lines, cells, width)
        else:  # each line stands for itself
            count += len(taken) - sum(map(taken.count, _BLANK))
            lines.start()
    return count


def _careful(lines: Lines, cells: "_Cells", width: int) -> int:
    """The records that begin in the lines just taken, of which some may be one record."""
    count, end = 0, lines.first + len(lines.taken)
    lines.give_back()
    while lines.first < end:
        line = next(lines)
        if cells.quote in line and not cells.complete(line) and not _joined(lines, cells, width):
            lines.retry()
        count += not is_blank(line)
        lines.start()
    return count


def _joined(lines: Lines, cells: "_Cells", width: int) -> bool:
    """Whether the line just taken and those after it are one well-formed record of that width."""
    cells.begin(lines.taken[-1])
    try:
        while cells.is_open:
            cells.go_on(next(lines))
    except (StopIteration, TooManyLinesError):
        return False
    return cells.closed == width


class _Cells:
    """Follows the cells of one record over its lines; ``closed`` counts them, -1 when broken."""

    def __init__(self, dialect: CsvDialect) -> None:
        self.is_open, self.closed = False, 0
        self.quote, self._delimiter = dialect.quote, dialect.delimiter
        q, d = re.escape(dialect.quote), re.escape(dialect.delimiter)
        inside = f"(?:[^{q}]|{q}{q})*+"
        plain = f"[^{d}\r\n]*+"
        cell = f"(?:{q}{inside}{q}(?![^{d}\r\n])|(?!{q}){plain})"
        self._inside, self._plain = re.compile(inside), re.compile(plain)
        self._complete = re.compile(f"{cell}(?:{d}{cell})*+[\r\n]*+")

    def complete(self, line: str) -> bool:
        """Whether the line alone is a well-formed record, of whatever width."""
        return self._complete.fullmatch(line) is not None

    def begin(self, line: str) -> None:
        """The first line of a record."""
        self.closed, self.is_open = 0, False
        self._cells_from(line, 0)

    def go_on(self, line: str) -> None:
        """A line that follows while a quoted cell is open."""
        self._cells_from(line, self._close(line, 0))

    def _cells_from(self, line: str, at: int) -> None:
        while at >= 0:
            if line[at : at + 1] == self.quote:
                at = self._close(line, at + 1)
            else:
                match = self._plain.match(line, at)
                at = self._after_cell(line, match.end() if match else at)

    def _close(self, line: str, at: int) -> int:
        """From inside a quoted cell: where the next cell begins, -1 when there is none here."""
        match = self._inside.match(line, at)
        end = match.end() if match else at
        self.is_open = end == len(line)
        return -1 if self.is_open else self._after_cell(line, end + 1)

    def _after_cell(self, line: str, at: int) -> int:
        self.closed += 1
        if line[at : at + 1] == self._delimiter:
            return at + 1
        if line[at:].strip("\r\n"):
            self.closed = -1
        return -1
