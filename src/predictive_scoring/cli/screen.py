"""What a person sees: progress while it runs, then a short result; or JSON for programs."""

from __future__ import annotations

import json as json_module
import sys
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from predictive_scoring.errors import PredictiveScoringError
    from predictive_scoring.runs.results import RunResult


class Screen:
    """Progress on standard error, the result on standard output."""

    def __init__(self, json: bool, quiet: bool) -> None:
        self._json, self._quiet = json, quiet or json
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._phase = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._finish()

    def progress(self, phase: str, share: float | None = None) -> None:
        """Say what is being done and, where known, which share (0 to 1) of it is done."""
        if self._quiet:
            return
        if not sys.stderr.isatty():
            self._line(phase)
            return
        bar = self._started()
        if phase != self._phase:
            self._end_phase()
            self._phase = phase
            self._task = bar.add_task(phase, total=None)
        if share is not None and self._task is not None:
            bar.update(self._task, total=1.0, completed=share)

    def show(self, result: RunResult) -> None:
        """Print a run's result and leave with its exit code when it is not 0."""
        self._finish()
        if self._json:
            print(json_module.dumps(result.as_json(), indent=2, ensure_ascii=False, default=str))
        else:
            from rich.console import Console

            from predictive_scoring.cli.views import view

            Console(soft_wrap=not sys.stdout.isatty()).print(view(result))
        if result.exit_code:
            sys.exit(result.exit_code)

    def fail(self, error: PredictiveScoringError) -> None:
        """Print an error of ours on standard error."""
        if self._json:
            parts = {
                "error": type(error).__name__,
                "found": error.found,
                "expected": error.expected,
                "to_do": error.todo,
            }
            print(json_module.dumps(parts, indent=2, ensure_ascii=False))
            return
        from rich.console import Console
        from rich.text import Text

        console = Console(stderr=True, soft_wrap=True)
        console.print(
            Text("error: ", style="bold red").append(str(error), style="not bold default")
        )

    def _line(self, phase: str) -> None:
        if phase != self._phase:
            self._phase = phase
            print(f"· {phase}", file=sys.stderr, flush=True)

    def _started(self) -> Progress:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                Progress,
                SpinnerColumn,
                TextColumn,
                TimeElapsedColumn,
            )

            self._bar = Progress(
                SpinnerColumn(finished_text="[green]✓[/]"),
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=24),
                TimeElapsedColumn(),
                console=Console(stderr=True),
            )
            self._bar.start()
        return self._bar

    def _end_phase(self) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, total=1.0, completed=1.0)
            self._task = None

    def _finish(self) -> None:
        if self._bar is not None:
            self._end_phase()
            self._bar.stop()
            self._bar = None
