"""What columns hold."""

from collections import Counter

import pytest

from predictive_scoring.proposal.columns import decimal_mark, describe
from predictive_scoring.proposal.sample import RawColumn


def column(name, cells, decimal="."):
    return describe(RawColumn(name, Counter(cells)), decimal)


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2.5", "-3", "1e3"], "number"),
        (["1", "0", "1"], "flag"),
        (["oui", "Non"], "flag"),
        (["sí", "no"], "flag"),
        (["a", "b", "a"], "category"),
        (["", " "], "empty"),
        (["75001", "08123"], "category"),
        (["1,200", "15,000.50"], "quantity"),
        (["€ 5", "€ 7.50"], "quantity"),
        (["2026-01-01", "2026-02-01"], "instant"),
        (["1-10", "11-50", "50+"], "category"),
        (["wants a call\nnext week", "x"], "text"),
        ([f"a rather long remark number {i} about a lead we met" for i in range(30)], "text"),
    ],
)
def test_kind(cells, kind):
    assert column("c", cells).kind == kind


def test_missing_words_among_numbers_are_found():
    found = column("revenue", ["1", "2", "NA", "NULL", ""])
    assert (found.kind, found.null_words, found.missing) == ("number", ("NA", "NULL"), 1)


def test_na_is_missing_among_words_but_not_among_country_codes():
    assert column("segment", ["small", "large", "NA"]).null_words == ("NA",)
    assert column("country", ["Namibia", "NA"]).null_words == ()
    assert column("where", ["FR", "DE", "NA"]).null_words == ()


def test_decimal_comma_by_the_columns_that_have_fractions():
    comma = [RawColumn("a", Counter(["1,5", "2,25"])), RawColumn("b", Counter(["7", "x"]))]
    assert decimal_mark(comma) == (",", False)
    point = RawColumn("c", Counter(["1.5"]))
    assert decimal_mark([point]) == (".", False)
    assert decimal_mark([*comma, point]) == (".", True)


def test_identifiers_are_texts_of_their_own_not_every_number():
    assert column("ref", [f"u{i}" for i in range(20)]).looks_like_identifier()
    assert column("visitor_id", [str(i) for i in range(20)]).looks_like_identifier()
    assert not column("visits", [str(i) for i in range(20)]).looks_like_identifier()
    assert not column("source", ["a", "b"] * 10).looks_like_identifier()
