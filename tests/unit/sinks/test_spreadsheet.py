import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictive_scoring.sinks.spreadsheet import guard, unguard

STARTS = "=+-@\t\r\n\0＝＋－＠\N{MINUS SIGN}'"  # noqa: RUF001 - full-width forms on purpose


@pytest.mark.parametrize("start", STARTS)
def test_no_cell_begins_like_a_formula(start):
    assert guard(start + "1") == "'" + start + "1"


@pytest.mark.parametrize("text", ["", "plain", "1=1", " =1"])
def test_other_text_stays_as_it_is(text):
    assert guard(text) == text


@given(st.text())
def test_the_way_back_is_exact(text):
    assert unguard(guard(text)) == text
