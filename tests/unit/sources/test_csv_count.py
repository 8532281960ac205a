from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictive_scoring.config import CsvDialect
from predictive_scoring.sources import csv_count
from predictive_scoring.sources.csv_count import count_records
from predictive_scoring.sources.csv_records import CsvRecords


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("a,b\n1,2\n", 2),
        ("a,b\n\n\r\n1,2", 2),
        ('a,b\n"x\ny","z\r\n\r\nw"\n', 2),
        ('a,b\n"x""\n""y",2\n', 2),
        ('a,b\n"x\ny"\n', 3),  # too narrow: each line is a record by itself
        ('a,b\n1,"x\n2,y\n', 3),  # never closed
        ('a,b\n"x"y\n1,2\n', 3),
    ],
)
def test_records_are_counted_by_the_written_rules(text: str, records: int):
    assert count_records(io.StringIO(text, newline=""), CsvDialect(), 2) == records


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet="a1,;\"'\r\n \0", max_size=60), st.sampled_from(['"', "'", ""]))
def test_reconcile_both_readers_agree_on_any_text_in_batches_of_any_size(body: str, quote: str):
    text, dialect = "x,y\n" + body, CsvDialect(quote=quote)
    read = [_read(text, dialect, size) for size in (1, 3, 1000)]
    assert read[0] == read[1] == read[2]
    for lines in (1, 3, 1000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(csv_count, "_LINES", lines)
            counted = count_records(io.StringIO(text, newline=""), dialect, 2) - 1
        assert counted == len(read[0])


def _read(text: str, dialect: CsvDialect, size: int) -> list[tuple[int, int, object]]:
    """Every record with its ordinal and line; the ordinals count them all."""
    records = CsvRecords(io.StringIO(text, newline=""), dialect, "f.csv")
    found: list[tuple[int, int, object]] = []
    for batch in records.batches(size):
        found += zip(batch.ordinals, batch.lines, batch.rows, strict=True)
        found += [(r.row_number, r.line, r.record) for r in batch.refused]
    found.sort(key=lambda record: record[0])
    assert [ordinal for ordinal, _, _ in found] == list(range(1, records.ordinal + 1))
    return found
