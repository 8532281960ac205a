"""Reading a file: every problem at once, where it is, what was found and expected."""

from datetime import UTC, datetime

import pytest

from predictive_scoring.config import load_config
from predictive_scoring.errors import ConfigError


def test_a_least_configuration_loads_with_defaults(load, flat, tmp_path):
    config = load(flat)
    assert config.company == "Flat"
    assert config.base == tmp_path
    assert config.training.folds == 4
    assert config.score.languages == ("en", "fr")


def test_all_problems_are_told_at_once(problems):
    found = problems("""
compony: Flat
sources:
  leads: {file: leads.csv, order: sideways, profile: {size: nmber}}
outcome: {column: won, positive: [yes], negative: [no], horizon: 0}
training: {trees: many, test_share: 0.9}
""")
    assert set(found) == {
        "company",
        "compony",
        "sources.leads.order",
        "sources.leads.profile.size.type",
        "outcome.horizon",
        "training.trees",
        "training.test_share",
    }
    assert found["company"].found == "nothing"
    assert found["compony"].expected == "no such key (is it spelt right?)"
    assert found["sources.leads.order"].found == "'sideways'"
    assert found["sources.leads.order"].expected == "'time', 'rows' or 'nothing'"
    assert found["outcome.horizon"].expected == "greater than or equal to 1"


def test_the_message_names_the_file_each_key_and_what_to_do(load, tmp_path):
    with pytest.raises(ConfigError) as refused:
        load("sources: {leads: {file: a.csv, order: rows}}\noutcome: {colum: won}\n")
    text = str(refused.value)
    assert text.splitlines()[0] == f"{tmp_path / 'company.yaml'}: 2 problems"
    assert "outcome.colum: found this key; expected no such key" in text
    assert "to do: correct these keys; docs/config.md has all" in text


@pytest.mark.parametrize(
    "place", ["", "sources.leads", "sources.leads.csv", "outcome", "training", "score", "registry"]
)
def test_unknown_keys_are_refused_everywhere(problems, changed, place):
    found = problems(changed(place, surprise=1))
    assert set(found) == {f"{place}.surprise".lstrip(".")}


def test_yes_no_on_off_are_words(load):
    config = load("""
company: no
sources:
  leads:
    {file: a.csv, order: rows, profile: {on: category, off: {type: flag, "true": [yes, on]}}}
outcome: {column: y, positive: [yes, Yes, on], negative: [no, off]}
""")
    assert config.company == "no"
    assert config.outcome.positive == ("yes", "Yes", "on")
    assert config.outcome.negative == ("no", "off")
    assert set(config.sources.leads.profile) == {"on", "off"}


def test_true_and_false_are_truth_values(load, flat, problems):
    assert load(flat + "features: {accounts: false, calendar: true}\n").features.accounts is False
    found = problems(flat.replace("[no]", "[false]"))
    assert found["outcome.negative.0"].found == "False"


def test_a_key_that_stands_twice_is_an_error_with_its_line(problems, flat):
    found = problems(flat + "company: Again\n")
    assert found == {"line 6, column 1": found["line 6, column 1"]}
    assert found["line 6, column 1"].found == "the key 'company' stands twice"
    nested = problems(flat.replace("{size: number}", "{size: number, size: category}"))
    assert [p.found for p in nested.values()] == ["the key 'size' stands twice"]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("company: [a\n", "line 2, column 1"),
        ("company: a\n\tseed: 1\n", "line 2, column 1"),
        ("company: &a\nseed: *b\n", "line 2, column 7"),
        ("a: !!python/object:os.system {}\n", "line 1, column 4"),
        ("a: 1\n---\nb: 2\n", "line 2, column 1"),
    ],
    ids=["open-list", "tab", "unknown-alias", "python-tag", "two-documents"],
)
def test_what_is_no_plain_yaml_is_refused_with_line_and_column(problems, text, where):
    found = problems(text)
    assert set(found) == {where}
    assert found[where].expected == "valid YAML"


@pytest.mark.parametrize(
    ("text", "found"), [("", "NoneType"), ("- a\n- b\n", "list"), ("company\n", "str")]
)
def test_a_file_that_is_no_mapping(problems, text, found):
    assert problems(text)[""].found == found


def test_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(ConfigError) as refused:
        load_config(tmp_path / "nowhere.yaml")
    assert "no such file" in str(refused.value)
    assert "predictive-scoring init DIR" in str(refused.value)


def test_unreadable_files_are_refused(tmp_path):
    (tmp_path / "latin.yaml").write_bytes("company: Aérolys\n".encode("latin-1"))
    for file in (tmp_path, tmp_path / "latin.yaml"):
        with pytest.raises(ConfigError, match="a readable UTF-8 file"):
            load_config(file)


def test_the_environment_fills_in_values(load, flat, monkeypatch):
    monkeypatch.setenv("PS_HOST", "db.example")
    monkeypatch.setenv("PS_WON", "sold")
    text = flat.replace("[yes]", '["${PS_WON}", "a-${PS_HOST}-${PS_WON}"]')
    assert load(text).outcome.positive == ("sold", "a-db.example-sold")


def test_a_value_of_the_environment_is_not_read_as_yaml_nor_filled_again(load, flat, monkeypatch):
    monkeypatch.setenv("PS_NAME", "a: [b] ${PS_NAME}")
    assert load(flat.replace("Flat", '"${PS_NAME}"')).company == "a: [b] ${PS_NAME}"


def test_a_missing_variable_is_a_problem_like_the_others(problems, flat, monkeypatch):
    monkeypatch.delenv("PS_NOWHERE", raising=False)
    found = problems(flat.replace("[yes]", '["${PS_NOWHERE}"]') + "seed: -1\n")
    assert set(found) == {"outcome.positive[0]", "seed"}
    assert "PS_NOWHERE to be set" in found["outcome.positive[0]"].expected


def test_missing_variables_alone_are_refused_too(problems, flat, monkeypatch):
    monkeypatch.delenv("PS_NOWHERE", raising=False)
    assert set(problems(flat.replace("Flat", "a ${PS_NOWHERE}"))) == {"company"}


def test_the_folder_paths_start_from_is_nobody_s_to_set(problems, flat):
    assert set(problems(flat + "base: /etc\n")) == {"base"}


def test_instants_carry_an_offset(load, problems, flat):
    config = load(flat + "extract_at: 2026-10-31T23:00:00+01:00\n")
    assert config.extract_at is not None
    assert config.extract_at.astimezone(UTC) == datetime(2026, 10, 31, 22, tzinfo=UTC)
    for naive in ("2026-10-31T23:00:00", "2026-10-31", "yesterday"):
        assert set(problems(flat + f"extract_at: {naive}\n")) == {"extract_at"}


@pytest.mark.parametrize(
    "text",
    ["[a, b]: c\n", "{a: b}: c\n", "extract_at: 2026-13-45\n", "company: 2026-02-30 10:00:00\n"],
    ids=["list-as-key", "mapping-as-key", "impossible-date", "impossible-instant"],
)
def test_odd_yaml_is_a_problem_of_the_file_not_a_crash(problems, text):
    assert problems(text)
