"""The commands: what help lists, what is refused, and how errors become exit codes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from predictive_scoring import __version__
from predictive_scoring.cli import app, main
from predictive_scoring.errors import DataError, Finding, PredictiveScoringError, UsageError

MODULE = sys.modules[main.__module__]  # its name is also that of the app it holds
COMMANDS = (
    "init", "check", "train", "score", "explain", "thresholds", "sla", "nurture", "models", "demo"
)  # fmt: skip


@pytest.fixture
def cli(monkeypatch, capsys, tmp_path) -> Callable[..., tuple[int, str, str]]:
    """Run the command line in an empty folder: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["predictive-scoring", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        code = left.value.code
        assert isinstance(code, int)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_lists_every_command_and_the_exit_codes(cli, flag):
    code, out, err = cli(flag)
    assert (code, err) == (0, "")
    for command in COMMANDS:
        assert f" {command} " in out
    assert "Exit codes: 0 done, 1 a finding, 2 wrong use or configuration, 3 data unusable." in out
    assert {c.name or c.callback.__name__ for c in app.registered_commands if c.callback} | {
        g.name for g in app.registered_groups
    } == set(COMMANDS)


@pytest.mark.parametrize("command", [*COMMANDS, "models list", "models promote", "models rollback"])
def test_each_command_has_help(cli, command):
    code, out, _ = cli(*command.split(), "-h")
    assert code == 0
    assert "Usage: " in out


def test_models_lists_its_own_commands(cli):
    _, out, _ = cli("models", "--help")
    for command in ("list", "promote", "rollback"):
        assert f" {command} " in out


def test_version(cli):
    assert cli("--version") == (0, f"predictive-scoring {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["train", "--fast"], "No such option: --fast"),
        (["trian"], "No such command"),
        (["explain"], "Missing argument"),
        (["models", "promote", "2"], "--by"),
        (["demo", "--leads", "many"], "--leads"),
        (["demo", "--leads", "0"], "--leads"),
        (["score", "extra"], "extra"),
    ],
)
def test_wrong_use_exits_2(cli, arguments, said):
    code, out, err = cli(*arguments)
    assert code == 2
    assert out == ""
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["check", "train", "score", "explain L1", "models list"])
def test_a_missing_default_configuration_says_how_to_get_one(cli, tmp_path, command):
    code, out, err = cli(*command.split())
    assert code == 2
    assert out == ""
    assert "configs/demo.yaml: 1 problem" in err
    assert "found no such file" in err
    assert "--config" in err
    assert "predictive-scoring init DIR" in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Finding("drift"), 1),
        (UsageError("wrong"), 2),
        (DataError("empty"), 3),
        (PredictiveScoringError("other"), 3),
    ],
)
def test_errors_of_ours_become_their_exit_code(cli, monkeypatch, error, code):
    def fail() -> None:
        raise error

    monkeypatch.setattr(MODULE, "app", fail)
    assert cli() == (code, "", f"error: {error.found}\n")


def test_errors_that_are_not_ours_are_not_hidden(monkeypatch):
    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(MODULE, "app", fail)
    with pytest.raises(ZeroDivisionError):
        main()


def test_an_interrupted_run_says_so(cli, monkeypatch):
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(MODULE, "app", interrupt)
    code, out, err = cli()
    assert code == 130
    assert out == ""
    assert "interrupted" in err


def test_help_loads_nothing_heavy():
    """Learned from a process of its own: this one has loaded everything already."""
    program = (
        "import sys\n"
        "sys.argv = ['predictive-scoring', '--help']\n"
        "from predictive_scoring.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'pandas', 'pyarrow', 'duckdb', 'ibis', 'lightgbm', 'mlflow'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert "loaded: []" in done.stdout
