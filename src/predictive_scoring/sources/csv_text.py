"""A CSV file as text: decoding that never stops, and lines that can be read again."""

import codecs
import gzip
import io
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TextIO

from predictive_scoring.config import CsvDialect
from predictive_scoring.sources.files import FoundFile

MOST_LINES = 1000
"""A record that runs over more lines than this is taken for one with a stray quote."""

_ENCODINGS = {"utf-8": "utf-8-sig", "latin-1": "latin-1", "utf-16": "utf-16"}
_ESCAPE = "predictive_scoring.escape"


def _escape(error: UnicodeError) -> tuple[str, int]:
    """Each byte that cannot be decoded becomes a lone surrogate, which no real text contains."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in wrong), error.end


codecs.register_error(_ESCAPE, _escape)


def open_text(file: FoundFile, dialect: CsvDialect) -> TextIO:
    """The file as text, without its byte order mark, its line ends as they are.

    Undecodable bytes become lone surrogates (see ``decodes``); the caller closes the stream.
    """
    packed = file.path.name.lower().endswith(".gz")
    stream = gzip.open(file.path, "rb") if packed else file.path.open("rb")  # noqa: SIM115
    encoding = _ENCODINGS[dialect.encoding]
    return io.TextIOWrapper(stream, encoding=encoding, errors=_ESCAPE, newline="")


def decodes(cells: Iterable[str]) -> bool:
    """Whether every cell was valid in the declared encoding."""
    try:
        "\n".join(cells).encode()
    except UnicodeEncodeError:
        return False
    return True


def is_blank(line: str) -> bool:
    """A line with nothing but its end is no record."""
    return not line.strip("\r\n")


class TooManyLinesError(Exception):
    """A record ran over more than ``MOST_LINES`` lines."""


class Lines:
    """Lines with their numbers, for ``csv.reader``.

    A malformed record costs its first line only: ``retry`` gives back the lines after it, so that
    one stray quote does not swallow the rows that follow.
    """

    def __init__(self, stream: Iterable[str]) -> None:
        self._stream = iter(stream)
        self._again: deque[str] = deque()
        self.first = 1
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._stream)
        self.taken.append(line)
        if len(self.taken) > MOST_LINES:
            raise TooManyLinesError
        return line

    def start(self) -> None:
        """A record begins; ``first`` is the number of its first line, from 1."""
        self.first += len(self.taken)
        self.taken = []

    def take(self, count: int) -> list[str]:
        """The next lines, so many at most, as one lot: ``start`` passes them all."""
        while self._again and len(self.taken) < count:
            self.taken.append(self._again.popleft())
        self.taken += islice(self._stream, count - len(self.taken))
        return self.taken

    def give_back(self) -> None:
        """Give back all lines taken since ``start``."""
        self._again.extendleft(reversed(self.taken))
        self.taken = []

    def retry(self) -> None:
        """Give back all lines taken since ``start`` but the first."""
        self._again.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]
