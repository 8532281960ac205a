import csv
import io
from dataclasses import replace

from predictive_scoring.report import ledger_files
from predictive_scoring.sinks.spreadsheet import guard


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def test_every_record_has_its_row(ledger, efforts):
    files = ledger_files(ledger(), efforts, guard)
    assert sorted(files) == ["breaches.csv", "efforts.csv", "ledger.csv"]
    assert len(rows(files["ledger.csv"])) == 84
    first = rows(files["ledger.csv"])[0]
    assert first["lead_id"] == "L0"
    assert first["handed_over_at"] == "2026-09-01T08:00:00Z"
    assert first["decided_at"] == ""
    assert (first["criteria_met"], rows(files["ledger.csv"])[1]["criteria_met"]) == ("true", "")
    assert [b["what"] for b in rows(files["breaches.csv"])][:2] == ["late", "overdue"]
    assert rows(files["breaches.csv"])[2]["hours"] == ""
    website = rows(files["efforts.csv"])[0]
    assert (website["dimension"], website["value"]) == ("source", "website")
    assert (website["sql_count"], website["sql_of"]) == ("98", "812")
    assert website["pooled_rate"].startswith("0.119")
    assert website["cost"] == "12000.0"
    assert sorted(ledger_files(ledger(), (), guard)) == ["breaches.csv", "ledger.csv"]


def test_no_cell_is_a_formula(ledger, efforts):
    evil = '=HYPERLINK("http://x")\n,\'"'
    hostile = tuple(
        replace(b, lead_id=evil, owner="@SUM(1)", hours=-2.5) for b in ledger().breaches
    )
    tables = (replace(efforts[0], dimension="+1"),)
    files = ledger_files(ledger(breaches=hostile), tables, guard)
    first = rows(files["breaches.csv"])[0]
    assert first["lead_id"] == "'" + evil
    assert first["owner"] == "'@SUM(1)"
    assert first["hours"] == "-2.5"  # a number is no text: it stays one
    assert rows(files["efforts.csv"])[0]["dimension"] == "'+1"
