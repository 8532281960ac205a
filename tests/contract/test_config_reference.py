"""docs/config.md says what the models say, and its examples load."""

import re
from pathlib import Path

import pytest

from predictive_scoring.config import Config, load_config
from predictive_scoring.config.reference import reference

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "config.md"
MARK = "What follows is printed by `python -m predictive_scoring.config.reference`.\n\n"


def examples():
    return re.findall(r"```yaml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)


def test_the_reference_is_that_of_the_code():
    written = DOCUMENT.read_text(encoding="utf-8").partition(MARK)[2]
    assert written == reference(), (
        "docs/config.md is out of date: replace what follows its last paragraph by the output of "
        "python -m predictive_scoring.config.reference"
    )


def test_every_key_has_a_row():
    text = reference()
    schema = Config.model_json_schema()
    for section in schema["$defs"].values():
        for key in section.get("properties", {}):
            assert f"| `{key}` |" in text
    assert (
        "| `company` | text, 1 or more characters, at most 200 characters | **required** |" in text
    )
    assert "| `base` |" not in text


def test_there_is_an_example_for_each_shape(tmp_path):
    configs = []
    for number, example in enumerate(examples()):
        file = tmp_path / f"{number}.yaml"
        file.write_text(example, encoding="utf-8")
        configs.append(load_config(file))
    assert [config.flat for config in configs] == [False, True, False]
    assert [len(config.contract.versions) for config in configs] == [0, 0, 2]


@pytest.mark.parametrize(
    ("short", "long"),
    [("created_at: created", "column"), ("industry: category", "type")],
)
def test_the_short_forms_of_the_preface_are_used_and_load(tmp_path, short, long):
    file = tmp_path / "a.yaml"
    file.write_text(examples()[0], encoding="utf-8")
    leads = load_config(file).sources.leads
    assert short in examples()[0]
    assert leads.created_at is not None
    values = {"column": leads.created_at.column, "type": leads.profile["industry"].type}
    assert values[long] == short.partition(": ")[2]
