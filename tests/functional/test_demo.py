"""`demo`: a company from nothing; its configuration stands beside its data."""

from predictive_scoring.config import load_config


def test_data_only_writes_files_and_a_configuration_that_passes_the_check(cli, tmp_path):
    out = tmp_path / "acme"
    said = cli("demo", "--leads", 1_500, "--seed", 3, "--out", out, "--data-only")
    config = out / "predictive-scoring.yaml"
    assert f"predictive-scoring train -c {config}" in said.stdout
    assert {path.name for path in out.iterdir()} >= {"leads.csv", "events.parquet", "stages.csv"}
    assert not (out / "models").exists()
    assert load_config(config).path("models") == out / "models"
    cli("check", "--config", config, "--quiet")


def test_the_same_seed_gives_the_same_files(cli, tmp_path):
    for name in ("a", "b"):
        cli("demo", "--leads", 300, "--seed", 3, "--out", tmp_path / name, "--data-only", "-q")
    for file in ("leads.csv", "events.parquet", "stages.csv", "truth.parquet"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_demo_reports_json(cli, tmp_path):
    out = tmp_path / "acme"
    result = cli("demo", "--leads", 300, "--out", out, "--data-only", "--json").json()
    assert result["leads"] == 300
    assert result["training"] is None
    assert result["scoring"] is None


def test_demo_does_not_write_over_other_people_s_files(cli, tmp_path):
    out = tmp_path / "mine"
    out.mkdir()
    (out / "leads.csv").write_text("my own leads\n", encoding="utf-8")
    refused = cli("demo", "--leads", 300, "--out", out, "--data-only", code=2)
    assert "leads.csv" in refused.stderr
    assert (out / "leads.csv").read_text(encoding="utf-8") == "my own leads\n"


def test_no_leads_are_no_company(cli, tmp_path):
    assert "--leads" in cli("demo", "--leads", 0, "--out", tmp_path / "none", code=2).stderr
