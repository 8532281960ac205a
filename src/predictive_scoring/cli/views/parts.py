"""What every result is drawn with: labelled lines, tables, and what to type next."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from functools import singledispatch
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from predictive_scoring.runs.results import RunResult


@singledispatch
def view(result: RunResult) -> RenderableType:
    """Draw a run's result; raises TypeError for one that nobody drew yet."""
    raise TypeError(f"no view of {type(result).__name__}")


def program() -> str:
    """What to type to run this program as it was run now."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return "python -m predictive_scoring"
    on_path = shutil.which(called.name)
    if on_path is not None and Path(on_path).resolve() == called.resolve():
        return called.name
    return short(called)


def short(path: Path) -> str:
    """Write a path from here where it lies below, else from the root."""
    relative = os.path.relpath(path)
    return str(path.resolve()) if relative.startswith("..") else relative


def mlflow() -> str:
    """What to type to run MLflow."""
    beside = Path(sys.argv[0]).with_name("mlflow")
    return "mlflow" if shutil.which("mlflow") or not beside.exists() else short(beside)


def line(label: str, text: str) -> RenderableType:
    """A labelled line."""
    return Text(f"{label:<12}", style="bold").append(text, style="not bold")


def note_lines(notes: Sequence[str]) -> list[RenderableType]:
    """A line for each note."""
    return [line("note", note) for note in notes]


def counted(counts: Mapping[str, int]) -> str:
    """Counts by name, in a row; those of nothing are left out."""
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)


def count_lines(label: str, counts: Mapping[str, int]) -> list[RenderableType]:
    """A labelled line of counts, none where all are 0."""
    return [line(label, counted(counts))] if any(counts.values()) else []


def new_table(*headings: str) -> Table:
    """An empty table: the first column to the left, numbers to the right."""
    table = Table(box=box.SIMPLE_HEAD, title_justify="left", caption_justify="left", pad_edge=False)
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number == 0 else "right")
    return table
