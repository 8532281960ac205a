"""Damage between training and scoring is seen, and leaves what was there."""

import duckdb
import pytest


def everything(company):
    return company.query("SELECT * FROM lead_scores ORDER BY lead_id")


@pytest.mark.parametrize("name", ["booster.txt", "model.json", "manifest.json"])
def test_a_tampered_bundle_scores_nobody(company, name):
    """In booster.txt a single digit of a single leaf; in the others a single byte."""
    before = everything(company)
    (bundle,) = company.bundles()
    file = bundle / name
    content = bytearray(file.read_bytes())
    at = content.index(b"leaf_value=0.") + 13 if name == "booster.txt" else len(content) // 2
    content[at] ^= 1
    file.write_bytes(bytes(content))
    refused = company.run("score", "--as-of", "2026-10-01", code=3)
    assert name in refused.stderr
    assert "predictive-scoring train" in refused.stderr
    assert everything(company) == before
    assert company.run("score", "--json", code=3).json()["error"] == "BundleError"


def test_a_bundle_with_a_file_too_many_scores_nobody(company):
    (bundle,) = company.bundles()
    (bundle / "model.pkl").write_bytes(b"\x80\x04.")
    assert "model.pkl" in company.run("score", code=3).stderr


def test_a_missing_bundle_says_what_to_do(company):
    (bundle,) = company.bundles()
    bundle.rename(bundle.with_name("gone"))
    refused = company.run("score", code=3)
    assert "are gone" in refused.stderr
    assert "train again" in refused.stderr


def test_a_failing_run_leaves_the_old_scores(company):
    before = everything(company)
    stages = company.folder / "stages.csv"
    header, rest = stages.read_text(encoding="utf-8").split("\n", 1)
    stages.write_text(f"{header.replace('entered_at', 'since')}\n{rest}", encoding="utf-8")
    refused = company.run("score", code=3)
    assert "'entered_at' not found" in refused.stderr
    assert everything(company) == before


def test_a_foreign_file_in_place_of_the_store_is_not_touched(company):
    company.store.write_bytes(b"precious notes, no database\n" * 100)
    before = company.store.read_bytes()
    refused = company.run("score", code=3)
    assert "scores.duckdb" in refused.stderr
    assert company.store.read_bytes() == before


def test_the_store_is_looked_at_before_the_data_are_read(company):
    company.store.write_bytes(b"precious notes, no database\n" * 100)
    (company.folder / "leads.csv").write_text("no leads\n", encoding="utf-8")
    refused = company.run("score", code=3)
    assert "scores.duckdb" in refused.stderr
    assert "leads.csv" not in refused.stderr


def test_a_damaged_registry_is_named(company):
    (company.folder / "models" / "mlflow.db").write_bytes(b"no database" * 1000)
    refused = company.run("score", code=3)
    assert "model registry" in refused.stderr


def test_a_table_no_longer_declared_is_not_read_as_nothing_ever_happened(company):
    before = everything(company)
    text = company.config.read_text(encoding="utf-8")
    start, end = text.index("  events:"), text.index("  stages:")
    company.config.write_text(text[:start] + text[end:], encoding="utf-8")
    refused = company.run("score", code=2)
    assert "sources.events" in refused.stderr
    assert everything(company) == before


@pytest.mark.parametrize("instant", ["0002-01-01", "9998-01-01"])
def test_an_as_of_at_which_nobody_can_be_scored_leaves_the_scores(company, instant):
    before = everything(company)
    refused = company.run("score", "--as-of", instant, "--force", code=1)
    assert "nobody was scored" in refused.stderr
    assert "--as-of" in refused.stderr
    assert everything(company) == before


def test_older_scores_do_not_replace_newer_ones_unless_forced(company):
    before = everything(company)
    refused = company.run("score", "--as-of", "2026-10-01", code=2)
    assert "--force" in refused.stderr
    assert everything(company) == before
    elsewhere = company.folder / "past.duckdb"
    company.run("score", "--as-of", "2026-10-01", "--store", elsewhere)
    assert elsewhere.exists()
    assert everything(company) == before
    company.run("score", "--as-of", "2026-10-01", "--force")
    assert everything(company) != before


def test_scores_of_another_registry_are_not_explained_by_this_one(company):
    (lead,) = company.query("SELECT lead_id FROM lead_scores LIMIT 1")[0]
    with duckdb.connect(str(company.store)) as connection:
        connection.execute("UPDATE score_runs SET bundle_digest = 'other'")
    assert "score again" in company.run("explain", lead, code=2).stderr
