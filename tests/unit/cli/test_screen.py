"""What a person or a program sees: results, progress, failures."""

from __future__ import annotations

import io
import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from predictive_scoring.cli.screen import Screen
from predictive_scoring.errors import (
    BundleError,
    ColumnsError,
    ConfigError,
    DataError,
    NoChampion,
    Problem,
    UsageError,
)
from predictive_scoring.records import Metric
from predictive_scoring.runs.results import CheckResult, MoveResult, RunResult

MOVE = MoveResult("acme", "2", "1", "Ana Müller", "more [data]")


@dataclass(frozen=True)
class Measured(RunResult):
    """A result with a figure that could not be computed."""

    metric: Metric


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def problem_check(*problems):
    return CheckResult("Co", "flat", (), (), 0, (), {}, {}, (), problems)


def test_a_result_is_shown_to_a_person(capsys):
    Screen(json=False, quiet=False).show(MOVE)
    shown = capsys.readouterr()
    assert shown.out == "champion    acme version 2 (was: version 1), by Ana Müller: more [data]\n"
    assert shown.err == ""


def test_a_result_is_json_for_a_program(capsys):
    Screen(json=True, quiet=False).show(MOVE)
    shown = capsys.readouterr().out
    assert json.loads(shown) == {
        "name": "acme",
        "version": "2",
        "previous": "1",
        "by": "Ana Müller",
        "reason": "more [data]",
    }
    assert "Ana Müller" in shown  # not escaped


def test_json_has_null_for_what_is_no_number(capsys):
    Screen(json=True, quiet=False).show(Measured(Metric("slope", math.nan, -math.inf, 1.0)))
    text = capsys.readouterr().out
    assert json.loads(text)["metric"] == {"name": "slope", "value": None, "low": None, "high": 1.0}
    assert "NaN" not in text


@pytest.mark.parametrize("as_json", [False, True])
def test_a_result_with_an_exit_code_leaves_with_it_after_it_is_shown(capsys, as_json):
    with pytest.raises(SystemExit) as left:
        Screen(json=as_json, quiet=False).show(problem_check("'size' not found"))
    assert left.value.code == 3
    assert "'size' not found" in capsys.readouterr().out


def test_a_result_without_one_returns(capsys):
    Screen(json=False, quiet=False).show(problem_check())
    assert "nothing stands against training" in capsys.readouterr().out


def test_long_lines_are_not_cut_when_they_go_to_a_file(capsys):
    reason = "word " * 100
    Screen(json=False, quiet=False).show(MoveResult("m", "2", "1", "Ana", reason))
    assert reason.strip() in capsys.readouterr().out


def test_without_a_terminal_progress_is_a_line_for_each_phase_on_standard_error(capsys):
    with Screen(json=False, quiet=False) as screen:
        screen.progress("loading", None)
        screen.progress("learning", 0.1)
        screen.progress("learning", 0.9)
        screen.progress("loading", None)
    shown = capsys.readouterr()
    assert shown.err == "· loading\n· learning\n· loading\n"
    assert shown.out == ""


@pytest.mark.parametrize(("as_json", "quiet"), [(True, False), (False, True), (True, True)])
def test_quiet_and_json_show_no_progress(capsys, as_json, quiet):
    with Screen(json=as_json, quiet=quiet) as screen:
        screen.progress("loading", 0.5)
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_progress_is_a_bar_that_ends_complete(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with Screen(json=False, quiet=False) as screen:
        screen.progress("loading [red]", None)
        screen.progress("learning", 0.25)
    text = terminal.getvalue()
    assert "· " not in text
    assert "loading [red]" in text  # a phase is no markup
    last = text.rindex("learning")
    assert "✓" in text[text.rindex("loading [red]") :]
    assert "━" in text[last:]
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h") == 1  # the cursor comes back


def test_the_bar_is_put_away_when_the_run_fails(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    def run() -> None:
        with Screen(json=False, quiet=False) as screen:
            screen.progress("loading", None)
            raise DataError("no rows")

    with pytest.raises(DataError):
        run()
    assert terminal.getvalue().count("\x1b[?25h") == 1


@pytest.mark.parametrize(
    "error",
    [
        UsageError("wrong order", "train first", "predictive-scoring train"),
        NoChampion("no champion", "one", "train"),
        BundleError("leaf [0] was [/changed]", "64 hex digits", "fetch it again"),
        ColumnsError("a.csv (leads)", ["sise"], ["size", "won"], "did you mean 'size'?"),
        ConfigError("a.yaml", [Problem("seed", "'x'", "a number"), Problem("", "b", "c")], "fix"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_failure_is_its_three_parts_on_standard_error(capsys, error):
    Screen(json=False, quiet=True).fail(error)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == f"error: {error}\n"
    assert "Traceback" not in shown.err
    assert f"\n  to do: {error.todo}" in shown.err


@pytest.mark.parametrize("error", [UsageError("a"), DataError("é [b]", "c", "d")])
def test_a_failure_is_an_object_for_programs(capsys, error):
    Screen(json=True, quiet=True).fail(error)
    shown = capsys.readouterr()
    assert shown.err == ""
    assert json.loads(shown.out) == {
        "error": type(error).__name__,
        "found": error.found,
        "expected": error.expected,
        "to_do": error.todo,
    }


def test_what_nobody_drew_yet_is_a_mistake_of_ours():
    with pytest.raises(TypeError, match="no view of Measured"):
        Screen(json=False, quiet=True).show(Measured(Metric("a", 1, 1, 1)))


def test_instants_in_json_are_iso(capsys):
    @dataclass(frozen=True)
    class At(RunResult):
        at: datetime

    Screen(json=True, quiet=True).show(At(datetime(2026, 10, 31, 23, tzinfo=UTC)))
    assert json.loads(capsys.readouterr().out) == {"at": "2026-10-31T23:00:00+00:00"}
