"""Formats of dates and times, and when their text cannot tell."""

import pytest

from predictive_scoring.proposal.instants import recognise_instants


def facts_of(*cells, named=False):
    return recognise_instants(dict.fromkeys(cells, 1), named_like_instant=named)


@pytest.mark.parametrize(
    ("cells", "formats"),
    [
        (("2026-01-02", "2026-01-03T10:00:00"), ("iso",)),
        (("25/01/2021", "5/2/2021"), ("%d/%m/%Y",)),
        (("01/25/2021 07:05 PM", "02/03/2021 07:06 AM"), ("%m/%d/%Y %I:%M %p",)),
        (("25.01.21 7:05",), ("%d.%m.%y %H:%M",)),
        (("2021/01/05 10:00:00.123",), ("%Y/%m/%d %H:%M:%S.%f",)),
        (("3 March 2021", "3 May 2021"), ("%d %B %Y",)),
        (("3-Mar-2021", "3-May-2021"), ("%d-%b-%Y",)),
        (("January 5, 2021",), ("%B %d, %Y",)),
        (("03/04/2021", "05/06/2021"), ("%d/%m/%Y", "%m/%d/%Y")),
    ],
)
def test_format(cells, formats):
    facts = facts_of(*cells)
    assert facts is not None
    assert facts.formats == formats


@pytest.mark.parametrize(
    ("cells", "offset", "literal"),
    [
        (("2026-01-02T10:00:00Z", "2026-01-02T10:00:00+02:00"), "always", ""),
        (("2026-01-02T10:00:00Z", "2026-01-02T10:00:00"), "sometimes", ""),
        (("2026-01-02 10:00:00",), "never", ""),
        (("2026-01-02 10:00:00 UTC",), "never", "UTC"),
        (("25/01/2021 10:00 +02:00",), "always", ""),
    ],
)
def test_offset(cells, offset, literal):
    facts = facts_of(*cells)
    assert facts is not None
    assert (facts.offset, facts.literal) == (offset, literal)


def test_integers_are_dates_only_as_a_guess():
    facts = facts_of("20210105", "20211231")
    assert facts is not None
    assert (facts.formats, facts.sure) == (("%Y%m%d",), False)
    assert facts_of("20210105", "20211331") is None


def test_epochs_need_a_name_that_says_so():
    assert facts_of("1767225600", "1767225601") is None
    facts = facts_of("1767225600000", "1767225601000", named=True)
    assert facts is not None
    assert (facts.formats, facts.sure) == (("epoch_ms",), False)


def test_placeholders_are_unknown_and_do_not_settle_the_format():
    facts = facts_of("1970-01-01 00:00:00", "2026-01-02 10:00:00")
    assert facts is not None
    assert facts.unknown == ("1970-01-01 00:00:00",)
    facts = facts_of("31/12/9999", "03/04/2021")
    assert facts is not None
    assert (facts.unknown, len(facts.formats)) == (("31/12/9999",), 2)


def test_a_few_other_cells_are_counted_and_many_refuse_the_column():
    days = {f"2026-01-{day:02}": 1 for day in range(1, 29)}
    facts = recognise_instants({**days, "soon": 1}, named_like_instant=False)
    assert facts is not None
    assert facts.unfit == 1
    assert recognise_instants({**days, "soon": 5}, named_like_instant=False) is None


@pytest.mark.parametrize(
    "cells", [("31/31/2021",), ("2026-13-01",), ("2026-02-30T", "x"), ("1.2.3",), ("12:30",), ("",)]
)
def test_no_instants(cells):
    assert facts_of(*cells) is None
