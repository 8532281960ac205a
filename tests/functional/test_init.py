"""`init`: a configuration proposed from a look at a folder, or a sentence that says why not."""

import pytest

from predictive_scoring.config import load_config


@pytest.fixture
def exports(tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder


def test_what_init_proposes_for_the_demo_s_files_passes_the_check(cli, untrained, tmp_path):
    """Once the one thing is filled in that it says it could not know."""
    untrained.config.unlink()
    out = tmp_path / "proposed.yaml"
    said = cli("init", untrained.folder, "--out", out)
    assert f"predictive-scoring check -c {out}" in said.stdout
    assert "could not   time_zone" in said.stdout
    assert "time_zone" in cli("check", "-c", out, code=3).stdout
    text = out.read_text(encoding="utf-8")
    assert "\n# time_zone: Europe/Paris" in text
    out.write_text(text.replace("\n# time_zone:", "\ntime_zone:"), encoding="utf-8")
    config = load_config(out)
    assert config.sources.stages is not None
    assert config.sources.events is not None
    result = cli("check", "-c", out, "--json").json()
    assert result["problems"] == []


def test_init_writes_json_for_programs(cli, untrained, tmp_path):
    out = tmp_path / "proposed.yaml"
    result = cli("init", untrained.folder, "--out", out, "--json").json()
    assert result["file"] == str(out)
    assert result["guessed"]
    assert out.is_file()


def test_init_refuses_to_overwrite(cli, untrained, tmp_path):
    out = tmp_path / "mine.yaml"
    out.write_text("company: mine\n", encoding="utf-8")
    refused = cli("init", untrained.folder, "--out", out, code=2)
    assert "exists already" in refused.stderr
    assert "--force" in refused.stderr
    assert out.read_text(encoding="utf-8") == "company: mine\n"
    cli("init", untrained.folder, "--out", out, "--force")
    assert out.read_text(encoding="utf-8") != "company: mine\n"


def test_init_says_when_it_cannot_write(cli, untrained, tmp_path):
    (tmp_path / "file").touch()
    for out in (tmp_path, tmp_path / "file" / "proposed.yaml"):
        refused = cli("init", untrained.folder, "--out", out, "--force", code=2)
        assert f"{out} cannot be written" in refused.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [(None, b""), ("notes.txt", b""), ("leads.csv", b""), ("a.xlsx", b"PK\x03\x04")],
    ids=["no-file", "empty-text", "empty-csv", "workbook"],
)
def test_init_on_a_folder_with_nothing_usable(cli, exports, tmp_path, name, content):
    if name:
        (exports / name).write_bytes(content)
    out = tmp_path / "proposed.yaml"
    refused = cli("init", exports, "--out", out, code=3)
    assert "no file here can be used" in refused.stderr
    assert "expected: CSV" in refused.stderr
    assert not out.exists()


def test_init_on_a_folder_that_is_not_there(cli, tmp_path):
    refused = cli("init", tmp_path / "nowhere", "--out", tmp_path / "a.yaml", code=None)
    assert refused.code in (2, 3)
    assert "nowhere" in refused.stderr
