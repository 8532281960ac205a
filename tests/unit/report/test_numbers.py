import math

import pytest

from predictive_scoring.report.numbers import count, figure, part, percent, place, plural, signed


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.38, "38 %"),
        (0.0342, "3.4 %"),
        (0.0994, "9.9 %"),
        (0.0996, "10 %"),
        (0.0, "0 %"),
        (1.0, "100 %"),
        (math.nan, "\u2013"),
    ],
)
def test_percent(share: float, text: str) -> None:
    assert percent(share).replace("\u202f", " ") == text


def test_counts_and_figures() -> None:
    assert count(1234567) == "1,234,567"
    assert (plural(1, "lead"), plural(0, "lead"), plural(2, "lead")) == (
        "1 lead",
        "0 leads",
        "2 leads",
    )
    assert (figure(0.33125), figure(math.inf)) == ("0.3312", "\u2013")
    assert (signed(-0.21), signed(0.08)) == ("\u22120.210", "+0.080")


def test_positions_are_dates_rows_or_nothing() -> None:
    assert place(1_709_251_200_000_000, "time") == "2024-03-01"
    assert place(-1, "time") == "1969-12-31"
    assert place(1200, "rows") == "row 1,200"
    assert place(1200, "nothing") == "\u2013"


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0.000"), (0.0004, "< 0.001"), (0.0005, "0.001"), (1.25, "1.250")]
)
def test_a_small_part_is_not_none(value: float, text: str) -> None:
    assert part(value) == text
