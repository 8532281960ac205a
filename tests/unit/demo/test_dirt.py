import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from predictive_scoring.demo import EXTRACT_AT, DemoCompany, dirt, simulate


def records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Line (from 1) on which each record ends, and its fields, as the standard reader sees them."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        for fields in reader:
            yield reader.line_num, fields


def planted(company: DemoCompany, file: str) -> dict[str, list[str]]:
    """Fields of the planted rows of a CSV file, by reason."""
    lines = {row.line: row.reason for row in company.dirty if row.file == file}
    found = records(company.file(file.partition(".")[0]).path)
    return {lines[line]: fields for line, fields in found if line in lines}


def test_dirty_leads_are_where_and_what_the_company_says(small: DemoCompany) -> None:
    found = planted(small, "leads.csv")
    assert len(found["too_many_fields"]) == 19
    assert len(found["too_few_fields"]) == 5
    assert found["missing_lead_id"][0] == ""
    assert found["duplicate_lead_id"][0] == "L0000001"
    with pytest.raises(ValueError, match="isoformat"):
        date.fromisoformat(found["unreadable_created_at"][1])


def test_only_the_planted_leads_are_dirty(small: DemoCompany) -> None:
    """An independent count: fields, identifiers and dates of every other row are in order."""
    lines = {row.line for row in small.dirty if row.file == "leads.csv"}
    clean = [fields for line, fields in records(small.file("leads").path) if line not in lines]
    assert {len(fields) for fields in clean} == {18}
    assert len({fields[0] for fields in clean[1:]}) == len(clean) - 1 == small.leads
    assert all(date.fromisoformat(fields[1][:10]) for fields in clean[1:])


def test_dirty_stages_and_activities(small: DemoCompany) -> None:
    stages = planted(small, "stages.csv")
    assert stages["impossible_local_time"][2] == "2026-03-29 02:30:00"
    assert stages["unknown_stage"][1] == "warmish"
    activities = planted(small, "activities.csv")
    assert activities["impossible_date"][1].startswith("2026-02-30T")


def test_dirty_events_are_the_only_strangers_and_the_only_late_ones(small: DemoCompany) -> None:
    events = pq.read_table(small.file("events").path).to_pandas()
    expected = {row.line - 1: row.reason for row in small.dirty if row.file == "events.parquet"}
    strangers = events.index[~events["lead_id"].str.fullmatch(r"L\d{7}")]
    late = events.index[events["occurred_at"] > EXTRACT_AT]
    assert [expected[row] for row in strangers] == ["unknown_lead"] * 3
    assert [expected[row] for row in late] == ["after_extract"] * 2
    assert len(expected) == 5


def test_the_same_dirt_whatever_the_size(
    small: DemoCompany, large: DemoCompany, tmp_path: Path
) -> None:
    tiny = simulate(1, 3, tmp_path)
    reasons = [(row.file, row.reason) for row in small.dirty]
    assert reasons == [(row.file, row.reason) for row in large.dirty]
    assert reasons == [(row.file, row.reason) for row in tiny.dirty]
    assert len(reasons) == 13
    assert planted(tiny, "leads.csv")["missing_lead_id"][0] == ""


def test_planted_text_has_as_many_fields_as_its_reason_says(small: DemoCompany) -> None:
    for table, rows, width in (("stages", dirt.STAGES, 5), ("activities", dirt.ACTIVITIES, 6)):
        header = next(records(small.file(table).path))[1]
        assert {len(row.text.split(",")) for row in rows} == {width} == {len(header)}
