"""YAML text: whatever a text holds, it loads as it was, and comments stay comments."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from predictive_scoring.proposal.write import (
    Block,
    Entry,
    Flow,
    Words,
    declarable,
    document,
    scalar,
)

HOSTILE = (
    "",
    "yes",
    "null",
    "1",
    "20210105",
    "a: b",
    "a #b",
    "- x",
    "'/etc/passwd'",
    'lead_id"; DROP TABLE leads; --',
    "a\nb",
    "lead\x00id",
    "\u202elead",
    "{{x}}",
    "*",
    "=",
    "<<",
    "?",
    "!!python/object:os.system",
    "  spaces  ",
    "é",
    "[a, b]",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_round_trip(text):
    assert scalar(text).isprintable()
    entries = (
        Entry("plain", text),
        Entry("list", Words((text, "x"))),
        Entry("flow", Flow((Entry(text, text), Entry("z", "z")))),
        Entry("block", Block((Entry(text, text),))),
    )
    loaded = yaml.safe_load(document((text,), entries))
    assert loaded == {
        "plain": text,
        "list": [text, "x"],
        "flow": {text: text, "z": "z"},
        "block": {text: text},
    }


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_round_trips_and_no_comment_leaks(text, note):
    inner = (Entry("key", text, note), Entry("last", "x"))
    loaded = yaml.safe_load(document((note,), (Entry("a", Block(inner), note),)))
    assert loaded == {"a": {"key": text, "last": "x"}}


def test_a_section_commented_out_needs_its_own_marks_removed_only():
    inner = Entry("stage", "won", "a note\nof two lines", active=False)
    text = document((), (Entry("outcome", Block((inner,)), active=False),))
    assert yaml.safe_load(text) is None
    opened = "\n".join(line.removeprefix("# ") for line in text.splitlines())
    assert yaml.safe_load(opened) == {"outcome": {"stage": "won"}}


@pytest.mark.parametrize("text", ["${HOME}", "a${x}b", "\udc80", "x" * 201])
def test_what_a_configuration_cannot_hold(text):
    assert not declarable(text)
