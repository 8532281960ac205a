"""Every error a user can meet, in one tree.

    PredictiveScoringError              exit code
    ├── Finding                         1   the run worked and found something
    ├── UsageError                      2   wrong command, wrong order of commands
    │   ├── ConfigError                 2   the configuration file, all problems at once
    │   └── NoChampion                  2   nothing to score with yet
    └── DataError                       3   the data cannot be used
        ├── ColumnsError                3   columns found differ from columns expected
        ├── ReconcileError              3   rows in are not rows out
        ├── TooLittleData               3   not enough leads, outcomes or history
        ├── BundleError                 3   a model's files are damaged or were changed
        └── StoreError                  3   the score store cannot be read or written

Each message has three parts: what was found, what was expected, what to do next.
"""

from collections.abc import Iterable
from dataclasses import dataclass


class PredictiveScoringError(Exception):
    """An error with an exit code and a message of three parts."""

    exit_code = 3

    def __init__(self, found: str, expected: str = "", todo: str = "") -> None:
        self.found, self.expected, self.todo = found, expected, todo
        super().__init__(found)

    def __str__(self) -> str:
        parts = [self.found]
        if self.expected:
            parts.append(f"expected: {self.expected}")
        if self.todo:
            parts.append(f"to do: {self.todo}")
        return "\n  ".join(parts)


class Finding(PredictiveScoringError):
    """The run worked and found something a person must look at."""

    exit_code = 1


class UsageError(PredictiveScoringError):
    """The command was used wrongly, or before the command it builds on."""

    exit_code = 2


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a configuration file."""

    key: str
    found: str
    expected: str


class ConfigError(UsageError):
    """All problems of one configuration file."""

    def __init__(self, file: str, problems: Iterable[Problem], todo: str = "") -> None:
        self.file, self.problems = file, tuple(problems)
        count = len(self.problems)
        lines = [f"{file}: {count} problem{'s' if count > 1 else ''}"]
        lines += [
            f"{p.key or '(file)'}: found {p.found}; expected {p.expected}" for p in self.problems
        ]
        super().__init__("\n  ".join(lines), todo=todo)


class NoChampion(UsageError):
    """No model has been made champion, so there is nothing to score with."""


class DataError(PredictiveScoringError):
    """The data cannot be used as it is."""


class ColumnsError(DataError):
    """A table's columns are not those declared: shows the difference."""

    def __init__(
        self, where: str, missing: Iterable[str], present: Iterable[str], todo: str = ""
    ) -> None:
        self.missing, self.present = tuple(missing), tuple(present)
        super().__init__(
            f"{where}: column{'s' if len(self.missing) > 1 else ''} "
            f"{', '.join(map(repr, self.missing))} not found",
            f"one of the columns there: {', '.join(map(repr, self.present)) or '(none)'}",
            todo or "correct the column's name in the configuration, or the file",
        )


class ReconcileError(DataError):
    """Rows in differ from rows loaded + quarantined + set aside."""


class TooLittleData(DataError):
    """Not enough leads, outcomes or history for what was asked."""


class BundleError(DataError):
    """A model bundle is truncated, was changed, or is of an unknown version."""


class StoreError(DataError):
    """The score store is locked, damaged or not there."""
