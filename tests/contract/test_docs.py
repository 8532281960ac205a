"""README.md and docs/ name only what there is: files, make targets, commands, options."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from predictive_scoring.cli import app

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
DOCUMENTS = [README, *sorted((ROOT / "docs").rglob("*.md"))]

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
_CALL = re.compile(r"predictive-scoring((?: +[^\s`|#()]+)*)")


def fenced(text):
    return re.findall(r"^```[a-z]*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def without_fences(text):
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def code(text):
    """What a reader would type: fenced blocks, and words between backticks."""
    return [*fenced(text), *re.findall(r"`([^`\n]+)`", without_fences(text))]


def anchor(heading):
    plain = re.sub(r"[`*]", "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def broken_links(document, text):
    """The relative links that lead to no file, or to no heading of it."""
    broken = []
    for target in _LINK.findall(without_fences(text)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, fragment = target.partition("#")
        file = (document.parent / name).resolve() if name else document
        if not file.exists() or not file.is_relative_to(ROOT):
            broken.append(target)
        elif fragment and file.suffix == ".md":
            headings = _HEADING.findall(without_fences(file.read_text(encoding="utf-8")))
            if fragment not in map(anchor, headings):
                broken.append(target)
    return broken


def wrong_calls(text):
    """Calls of the program whose command or options there are not."""
    wrong = []
    for block in code(text):
        for call in _CALL.findall(block):
            words = call.split()
            command = get_command(app)
            for word in [w for w in words if not w.startswith("-")]:
                if isinstance(command, TyperGroup) and word.islower():
                    if word in command.commands:
                        command = command.commands[word]
                    elif not command.invoke_without_command:  # else it is an option's value
                        wrong.append(call.strip())
                        break
            else:
                flags = {flag for p in command.params for flag in p.opts} | {"--help", "-h"}
                typed = {w.partition("=")[0] for w in words if re.match(r"--?[a-z]", w)}
                wrong += [call.strip()] * (not typed <= flags)
    return wrong


def make_targets():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: str(d.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(document):
    assert not broken_links(document, document.read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: str(d.relative_to(ROOT)))
def test_every_call_of_the_program_can_be_typed(document):
    assert not wrong_calls(document.read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: str(d.relative_to(ROOT)))
def test_every_make_target_exists(document):
    blocks = code(document.read_text(encoding="utf-8"))
    named = {t for b in blocks for t in re.findall(r"^make +([a-z][a-z-]*)", b, re.MULTILINE)}
    assert named <= make_targets()


def test_the_readme_names_the_targets_and_commands_a_newcomer_needs():
    text = README.read_text(encoding="utf-8")
    for target in ("demo", "test", "check"):
        assert f"make {target}" in text
    for command in ("init", "check", "train", "score", "explain", "models list"):
        assert f"predictive-scoring {command}" in text


def test_help_of_make_lists_every_target():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    explained = set(re.findall(r"^([a-z][a-z-]*):.*## ", makefile, re.MULTILINE))
    assert set(phony.split()) == explained == make_targets()


@pytest.mark.parametrize(
    "text",
    [
        "[x](nowhere.md)",
        "![x](docs/nowhere.png)",
        "[x](docs/store.md#no-such-heading)",
        "[x](../../etc/passwd)",
    ],
)
def test_a_broken_link_is_seen(text):
    assert broken_links(README, text)


def test_links_that_lead_somewhere_and_links_in_code_are_left_alone():
    assert not broken_links(README, "[x](docs/store.md) [y](https://example.org) [z](docs/)")
    assert not broken_links(README, "[x](docs/store.md#the-score-store)")
    assert not broken_links(README, "```\n[x](nowhere.md)\n```\n")


@pytest.mark.parametrize(
    "text",
    [
        "```\npredictive-scoring trian --config a.yaml\n```",
        "`predictive-scoring train --fast`",
        "`predictive-scoring models demote 2`",
    ],
)
def test_a_wrong_call_is_seen(text):
    assert wrong_calls(text)


@pytest.mark.parametrize(
    "text",
    [
        "`predictive-scoring train -c a.yaml`",
        "`predictive-scoring models promote 2 --by NAME --reason TEXT`",
        "predictive-scoring is a program",
        "```\n.venv/bin/predictive-scoring explain L0019953 --lang fr\n```",
        "`predictive-scoring COMMAND -h`",
    ],
)
def test_a_right_call_is_left_alone(text):
    assert not wrong_calls(text)
