"""From files to scores, through the command line."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest


def scores(company):
    return company.query("SELECT * FROM lead_scores ORDER BY lead_id")


def test_a_training_says_what_it_found(trained):
    result = trained.training
    assert result["version"] == "1"
    assert result["aliases"] == ["champion"]
    assert result["chosen"] == "lightgbm"
    assert set(result["labels"]) == {"positive", "negative", "immature", "censored", "unobserved"}
    assert all(result["labels"][kind] for kind in ("positive", "negative", "immature", "censored"))
    names = {metric["name"] for metric in result["evaluation"]["metrics"]}
    assert {"log_loss", "brier", "roc_auc", "calibration_slope", "lift_at_10"} <= names
    for metric in result["evaluation"]["metrics"]:
        assert metric["low"] <= metric["value"] <= metric["high"]


def test_the_model_beats_knowing_the_base_rate_only(trained):
    by_name = {m["name"]: m["value"] for m in trained.training["evaluation"]["metrics"]}
    assert by_name["log_loss"] < trained.training["base_rate_log_loss"]
    assert by_name["roc_auc"] > 0.6


def test_a_training_leaves_a_report_of_its_own(trained):
    reports = sorted((trained.company.folder / "models" / "demo" / "reports").iterdir())
    assert [report.name for report in reports] == ["aerolys-sas-v1.html"]
    html = reports[0].read_text(encoding="utf-8")
    assert "Aérolys SAS" in html
    assert "<script src" not in html


def test_scoring_twice_changes_nothing(company):
    before = scores(company), company.query("SELECT * FROM score_runs")
    stamp = company.store.read_bytes()
    again = company.run("score", "--json").json()
    assert again["unchanged"] is True
    assert (scores(company), company.query("SELECT * FROM score_runs")) == before
    assert company.store.read_bytes() == stamp
    assert "nothing changed" in company.run("score").stdout


def test_scoring_as_of_another_instant_replaces_the_scores_and_keeps_history(company, trained):
    earlier = company.run("score", "--json", "--force", "--as-of", "2026-10-01").json()
    assert earlier["as_of"] == "2026-09-30T22:00:00+00:00"  # midnight in Paris
    assert earlier["unchanged"] is False
    assert len(scores(company)) == earlier["scored"]
    assert company.query("SELECT DISTINCT as_of::VARCHAR FROM lead_scores") == [
        ("2026-09-30 22:00:00",)
    ]
    kept = company.query("SELECT run_id, count(*) FROM lead_score_history GROUP BY ALL")
    assert dict(kept)[trained.scoring["run_id"]] == trained.scoring["scored"]
    assert any("days before the as-of" in n for n in earlier["notes"]) is False


def test_scoring_long_after_the_extract_says_so(company):
    late = company.run("score", "--json", "--as-of", "2026-11-10T00:00:00Z").json()
    assert [n for n in late["notes"] if n.startswith("the data end 9 days before the as-of")]


def test_the_parquet_export_holds_the_scores(company, tmp_path):
    target = tmp_path / "out.parquet"
    result = company.run("score", "--json", "--parquet", target).json()
    assert result["parquet"] == str(target)
    table = pq.read_table(target)
    stored = company.query("SELECT lead_id, probability FROM lead_scores ORDER BY lead_id")
    assert [(row["lead_id"], row["probability"]) for row in table.to_pylist()] == stored


def test_a_person_reads_what_to_do_next(company):
    shown = company.run("score").stdout
    best = company.query("SELECT lead_id FROM lead_scores ORDER BY probability DESC, lead_id")[0][0]
    assert f"call first  {best}" in shown
    assert "closed" in shown
    assert "older than max_age" in shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yesterday", "is no instant"),
        ("2026-03-29T02:30:00", "does not exist in Europe/Paris"),
    ],
)
def test_an_impossible_as_of_is_wrong_use(company, text, said):
    refused = company.run("score", "--as-of", text, code=2)
    assert said in refused.stderr
    assert refused.stdout == ""


def test_scoring_without_a_model_says_what_to_run_first(untrained):
    refused = untrained.run("score", code=2)
    assert "predictive-scoring train" in refused.stderr
    assert not untrained.store.exists()
    as_json = untrained.run("score", "--json", code=2).json()
    assert as_json["error"] == "NoChampion"
    assert as_json["to_do"].startswith("train first")


def test_check_finds_nothing_against_the_demo_and_changes_nothing(untrained):
    before = sorted(untrained.folder.rglob("*"))
    result = untrained.run("check", "--json").json()
    assert result["problems"] == []
    assert result["shape"] == "relational"
    assert result["features"] > 100
    assert {column["column"] for column in result["left_out"]} >= {"gender", "comment", "status"}
    assert "nothing stands against training" in untrained.run("check").stdout
    assert sorted(untrained.folder.rglob("*")) == before


def test_progress_goes_to_standard_error_unless_quiet(untrained):
    loud, quiet = untrained.run("check"), untrained.run("check", "--quiet")
    assert "· taking snapshots and building features" in loud.stderr
    assert quiet.stderr == ""
    assert quiet.stdout == loud.stdout


def test_the_query_of_the_docs_lists_the_strongest_contribution_first(company):
    docs = (Path(__file__).resolve().parents[2] / "docs" / "store.md").read_text(encoding="utf-8")
    query = docs.partition("-- every contribution of one lead")[2].partition("```")[0]
    ((lead,),) = company.query("SELECT min(lead_id) FROM lead_scores")
    rows = company.query(f"--{query.replace('L0000123', lead)}")
    found = [abs(contribution) for _, contribution in rows]
    assert len(found) > 20
    assert found == sorted(found, reverse=True)
