"""The demo company's configuration: one text, for a checkout and for any other folder."""

from pathlib import Path

import pytest

from predictive_scoring.config import load_config
from predictive_scoring.runs.demo import demo, demo_config
from predictive_scoring.runs.wiring import silent

ROOT = Path(__file__).resolve().parents[3]


def test_the_checkout_s_configuration_is_the_template_rendered():
    written = (ROOT / "configs" / "demo.yaml").read_text(encoding="utf-8")
    assert written == demo_config("../demo", "../models")


def test_the_configuration_of_another_folder_loads_and_names_its_files(tmp_path):
    file = tmp_path / "company.yaml"
    file.write_text(demo_config("data", "kept"), encoding="utf-8")
    config = load_config(file)
    assert config.sources.leads.file == "data/leads.csv"
    assert config.path(config.models) == tmp_path / "kept"
    assert config.path(config.scores).is_relative_to(tmp_path / "kept")
    assert "truth" not in str(config.sources)


def test_the_default_folder_of_a_checkout_goes_with_its_configuration(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "configs").mkdir()
    kept = tmp_path / "configs" / "demo.yaml"
    kept.write_text(demo_config("../demo", "../models"), encoding="utf-8")
    result = demo(200, 1, Path("demo"), data_only=True, progress=silent)
    assert Path(result.config) == Path("configs/demo.yaml")
    assert not (tmp_path / "demo" / "predictive-scoring.yaml").exists()


@pytest.mark.parametrize("out", ["demo", "elsewhere"])
def test_any_other_folder_gets_a_configuration_of_its_own(tmp_path, monkeypatch, out):
    """As does the default folder where there is no checkout."""
    monkeypatch.chdir(tmp_path)
    result = demo(200, 1, Path(out), data_only=True, progress=silent)
    assert Path(result.config) == Path(out) / "predictive-scoring.yaml"
    config = load_config(tmp_path / out / "predictive-scoring.yaml")
    assert config.path(config.sources.leads.file or "") == tmp_path / out / "leads.csv"
    assert (result.training, result.scoring) == (None, None)
