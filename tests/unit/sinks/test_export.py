import csv

import pyarrow.parquet as pq
import pytest

from predictive_scoring.errors import StoreError
from predictive_scoring.sinks.export import export_csv, export_parquet
from predictive_scoring.sinks.spreadsheet import unguard
from predictive_scoring.sinks.store import writing


def test_parquet_has_the_current_scores_by_lead(path, store_run, tmp_path):
    store_run("run-1", ["L0"])
    store_run("run-2", ["L2", "L1"])

    assert export_parquet(path, tmp_path / "it's" / "out.parquet") == 2

    table = pq.read_table(tmp_path / "it's" / "out.parquet")
    assert table["lead_id"].to_pylist() == ["L1", "L2"]
    assert dict(table["sentences"].to_pylist()[0]) == {"en": ["en L1", "2"], "fr": ["fr L1", "2"]}


def test_csv_is_text_for_a_spreadsheet_and_comes_back(path, store_run, tmp_path):
    leads = ["=1+1", "'quoted", "@SUM(A1)", "plain", "a\nb"]
    store_run("run-1", leads)

    assert export_csv(path, tmp_path / "out.csv", "fr") == 5

    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert not any(cell.startswith(("=", "@")) for row in rows for cell in row.values())
    assert sorted(unguard(row["lead_id"]) for row in rows) == sorted(leads)
    assert next(row["reasons"] for row in rows if row["lead_id"] == "plain") == "fr plain\n2"


def test_a_language_that_was_not_written_is_empty(path, store_run, tmp_path):
    store_run("run-1", ["L1"])

    export_csv(path, tmp_path / "out.csv", "de")

    assert (tmp_path / "out.csv").read_text().splitlines()[1].endswith(",")


def test_both_carry_the_contract(path, make_run, make_batch, quarantine, tmp_path):
    with writing(path, make_run()) as writer:
        for lead, tier, met in [("A", "hot", True), ("B", "cold", False), ("C", None, None)]:
            writer.write(make_batch([lead], tiers=tier and [tier], met=met))
        writer.commit({}, quarantine())

    export_parquet(path, tmp_path / "out.parquet")
    export_csv(path, tmp_path / "out.csv", "en")

    table = pq.read_table(tmp_path / "out.parquet")
    contract = ["tier", "threshold", "criteria_met", "criteria"]
    assert table.select(contract).slice(1, 1).to_pylist() == [
        {
            "tier": "cold",
            "threshold": 0.25,
            "criteria_met": False,
            "criteria": [{"name": "size", "met": False, "observed": "B"}],
        }
    ]
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        rows = [[row[name] for name in contract] for row in csv.DictReader(stream)]
    assert rows == [
        ["hot", "0.25", "true", "[x] size: A"],
        ["cold", "0.25", "false", "[ ] size: B"],
        ["", "", "false", "[?] size: C"],
    ]


@pytest.mark.parametrize("export", [export_parquet, lambda s, t: export_csv(s, t, "en")])
def test_an_export_that_fails_leaves_the_file_there(path, store_run, tmp_path, export):
    store_run("run-1", ["L1"])
    target = tmp_path / "out"
    target.mkdir()  # a folder where the file should be

    with pytest.raises(StoreError, match="cannot be written"):
        export(path, target)

    assert {p.name for p in tmp_path.iterdir()} == {
        "out",
        path.name,
        f".{path.name}.lock",
        f".{path.name}.gate",
    }


def test_without_a_store_nothing_is_exported(path, tmp_path):
    with pytest.raises(StoreError, match="no score store"):
        export_parquet(path, tmp_path / "out.parquet")
