"""What the program promises, held at the command line over all rows."""

import csv
from collections import Counter

import pyarrow.parquet as pq
import pytest

REASONS = {
    "unreadable_created_at": "created_at",
    "missing_lead_id": "no value",
    "too_many_fields": "19 cells where the header has 18",
    "too_few_fields": "5 cells where the header has 18",
    "unknown_lead": "is not among the leads",
    "after_extract": "after the extract",
    "impossible_local_time": "a local time the clocks skip",
    "unknown_stage": "warmish",
    "impossible_date": "2026-02-30",
}
SET_ASIDE = "duplicate_lead_id"  # the demo's configuration keeps the first row


def records_in(path):
    if path.suffix == ".parquet":
        return pq.read_metadata(path).num_rows
    with path.open(newline="", encoding="utf-8") as stream:
        return sum(1 for _ in csv.reader(stream)) - 1


def test_reconcile_every_record_of_every_table(trained):
    counts = {count["table"]: count for count in trained.training["sources"]}
    assert set(counts) == {"leads", "events", "stages", "activities", "changes"}
    for table, count in counts.items():
        path = trained.company.folder / trained.simulated.file(table).path.name
        assert count["records"] == records_in(path)
        assert count["records"] == count["loaded"] + count["quarantined"] + count["set_aside"]
        assert sum(count["rules"].values()) == count["set_aside"]
    planted = Counter(row.file.partition(".")[0] for row in trained.simulated.dirty)
    for table, count in counts.items():
        assert count["quarantined"] + count["set_aside"] == planted[table]


def test_reconcile_every_lead_is_scored_or_excluded_with_a_reason(trained):
    leads = next(c for c in trained.training["sources"] if c["table"] == "leads")
    scoring = trained.scoring
    assert leads["loaded"] == scoring["scored"] + sum(scoring["excluded"].values())
    assert all(scoring["excluded"].values())
    stored = trained.company.query("SELECT count(*), count(DISTINCT lead_id) FROM lead_scores")
    assert stored == [(scoring["scored"], scoring["scored"])]
    run = trained.company.query("SELECT scored, excluded, quarantined FROM score_runs")
    assert run == [(scoring["scored"], scoring["excluded"], scoring["quarantined"])]


def cells(trained, table, *columns):
    """The named cells of the company's CSV file, read anew, without rows of another width."""
    with (trained.company.folder / f"{table}.csv").open(newline="", encoding="utf-8") as stream:
        header, *rows = csv.reader(stream)
    index = [header.index(column) for column in columns]
    return {tuple(row[i] for i in index) for row in rows if len(row) == len(header)}


def test_reconcile_who_is_excluded_is_so_in_the_company_s_files(trained):
    """Counted from the files anew: each closed lead is excluded as such, and none is scored."""
    leads = {lead for (lead,) in cells(trained, "leads", "lead_id")}
    leads -= {"", "L9999992X"}  # planted: without an identifier, without a date
    closed = {
        lead
        for lead, stage in cells(trained, "stages", "lead_id", "stage")
        if stage in ("sql", "rejected", "won", "lost") and lead in leads
    }
    scored = {lead for (lead,) in trained.company.query("SELECT lead_id FROM lead_scores")}
    excluded = trained.scoring["excluded"]
    assert scored <= leads - closed
    assert {"closed": len(closed), "older than max_age": len(leads - closed - scored)} == excluded


def test_reconcile_each_planted_row_is_in_quarantine_with_file_and_line(trained):
    found = {
        (file, line): reason
        for file, line, reason in trained.company.query("SELECT file, line, reason FROM quarantine")
    }
    planted = [row for row in trained.simulated.dirty if row.reason != SET_ASIDE]
    assert len(planted) == len(trained.simulated.dirty) - 1
    assert set(found) == {(row.file, row.line) for row in planted}
    for row in planted:
        assert REASONS[row.reason] in found[row.file, row.line]


def test_reconcile_a_quarantined_row_keeps_what_it_said(trained):
    lines = (trained.company.folder / "leads.csv").read_text(encoding="utf-8").splitlines()
    kept = trained.company.query(
        "SELECT line, record FROM quarantine WHERE file = 'leads.csv' ORDER BY line"
    )
    assert kept
    for line, record in kept:
        for cell in next(csv.reader([lines[line - 1]])):
            assert cell in record


def test_additivity_of_every_score(trained, logit):
    rows = trained.company.query(
        "SELECT lead_id, probability, log_odds, base, group_contributions, contributions, reasons "
        "FROM lead_scores"
    )
    names = trained.company.query("SELECT feature_names FROM score_runs WHERE current")[0][0]
    assert len(rows) == trained.scoring["scored"]
    for lead, probability, log_odds, base, groups, contributions, reasons in rows:
        assert 0 < probability < 1, lead
        assert log_odds == pytest.approx(logit(probability), abs=1e-6), lead
        assert len(contributions) == len(names)
        assert base + sum(contributions) == pytest.approx(log_odds, abs=1e-6), lead
        assert base + sum(groups.values()) == pytest.approx(log_odds, abs=1e-6), lead
        by_name = dict(zip(names, contributions, strict=True))
        for reason in reasons:
            assert reason["contribution"] == pytest.approx(by_name[reason["feature"]], abs=1e-9)
    assert len({round(row[1], 9) for row in rows}) > 20  # scores of leads, not one for all
