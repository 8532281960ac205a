"""A note is an English sentence that a catalogue can say anew."""

from predictive_scoring.records import note


def test_a_note_is_its_sentence_and_keeps_what_it_was_made_of():
    said = note("%(leads)s leads of %(market)s, 100 %% of them", leads=12345, market="50 % {x}")
    assert said == "12,345 leads of 50 % {x}, 100 % of them"
    assert said.message % {"leads": 1, "market": "x"} == "1 leads of x, 100 % of them"
    assert said.values == {"leads": 12345, "market": "50 % {x}"}
    assert isinstance(said, str)
