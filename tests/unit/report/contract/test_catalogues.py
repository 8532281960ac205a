"""The catalogues hold exactly the texts of the code and templates, each with a translation."""

import re
from importlib.resources import files

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from predictive_scoring.contract.ledger.irregularities import KINDS
from predictive_scoring.language import LANGUAGES

PACKAGE = files("predictive_scoring.report")
METHODS = [("contract/**.py", "python"), ("templates/contract/**.html", "jinja2")]
STAGE = files("predictive_scoring.contract")  # its notes are told on these pages
KEYWORDS = {"say": None, "N_": None, "count": (1, 2)}
PLACE = re.compile(r"%\((\w+)\)s|%%")


def catalogue(code):
    with (PACKAGE / "locale" / code / "LC_MESSAGES" / "contract.po").open("rb") as stream:
        return read_po(stream, locale=code, abort_invalid=True)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_catalogue_has_every_text_and_no_other(code):
    strict = {"**.html": {"silent": "false"}}
    found = extract_from_dir(str(PACKAGE), METHODS, strict, KEYWORDS)
    texts = {message for _, _, message, _, _ in found}
    notes = extract_from_dir(str(STAGE), [("**.py", "python")], {}, {"note": None})
    texts |= {message for _, _, message, _, _ in notes}
    assert {m.id for m in catalogue(code) if m.id} == texts


@pytest.mark.parametrize("code", LANGUAGES)
def test_translations_are_whole_and_keep_their_places(code):
    for message in catalogue(code):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert len(strings) == len(ids), message.id
        assert all(strings), message.id
        assert not message.fuzzy, message.id
        for text in strings:
            assert set(PLACE.findall(text)) <= set(PLACE.findall(ids[-1])), message.id
        assert set(PLACE.findall(strings[-1])) == set(PLACE.findall(ids[-1])), message.id


def test_french_punctuation_has_unbreakable_spaces():
    for message in catalogue("fr"):
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in strings if message.id else ():
            assert not re.search(r"[^\xa0][:;!?»]|[^\xa0]%%|«[^\xa0]|'", text), text


def test_whatever_the_ledger_finds_irregular_is_said_in_french():
    said = {m.id for m in catalogue("fr")}
    assert {kind.what for kind in KINDS} | {kind.todo for kind in KINDS} <= said
