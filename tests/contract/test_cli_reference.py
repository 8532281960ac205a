"""docs/cli.md says what the commands say, and its examples are commands there are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from predictive_scoring.cli import app
from predictive_scoring.cli.reference import reference

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "cli.md"
MARK = "What follows is printed by `python -m predictive_scoring.cli.reference`.\n\n"
COMMANDS = {
    "init", "check", "train", "score", "explain", "thresholds", "sla", "sla document", "nurture",
    "models list", "models promote", "models rollback", "demo",
}  # fmt: skip


def preface():
    return DOCUMENT.read_text(encoding="utf-8").partition(MARK)[0]


def leaf(words):
    """The command these words call, and what is left of them."""
    command = get_command(app)
    while isinstance(command, TyperGroup) and words and words[0] in command.commands:
        command = command.commands[words[0]]
        words = words[1:]
    return command, words


def test_the_reference_is_that_of_the_code():
    written = DOCUMENT.read_text(encoding="utf-8").partition(MARK)[2]
    assert written == reference(), (
        "docs/cli.md is out of date: replace what follows its last paragraph by the output of "
        "python -m predictive_scoring.cli.reference"
    )


def test_every_command_has_a_section_with_all_its_options():
    sections = dict(re.findall(r"### `predictive-scoring ([a-z ]+)`\n(.*?)(?=\n### |\Z)",
                               reference(), re.DOTALL))  # fmt: skip
    assert set(sections) == COMMANDS
    for name, text in sections.items():
        command, _ = leaf(name.split())
        assert command.help
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert all(f"`{flag}`" in text for flag in parameter.opts)
            assert parameter.help, (name, parameter.name)
            assert parameter.help in text


def test_values_defaults_and_requirements_are_told():
    text = reference()
    assert "| `--config`, `-c` | FILE | `configs/demo.yaml` | The company's" in text
    assert "| `LEAD` |  | **required** | The lead's identifier. |" in text
    assert "| `--leads` | NUMBER | `20000` |" in text
    assert "| `--json` |  |  | Print the result as JSON, for programs. |" in text
    assert "models promote [OPTIONS] VERSION --by TEXT --reason TEXT" in text


@pytest.mark.parametrize(
    "line",
    [
        line
        for line in re.findall(r"^predictive-scoring [a-z].*$", preface(), re.MULTILINE)
        if "COMMAND" not in line
    ],
)
def test_the_examples_of_the_preface_can_be_typed(line):
    words = shlex.split(line.partition(" | ")[0], comments=True)[1:]
    command, rest = leaf(words)
    context = command.make_context("example", rest, resilient_parsing=False)
    assert context.params


def test_the_exit_codes_are_those_of_the_errors():
    from predictive_scoring import errors

    codes = {
        kind.exit_code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.PredictiveScoringError)
    }
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", preface(), re.MULTILINE)}
    assert told == codes | {0, 130}
