"""The whole configuration: frozen, with paths of its own, the outcome from one place."""

import pytest
from pydantic import ValidationError


def test_a_configuration_is_frozen_to_the_last_section(load, flat):
    config = load(flat)
    for section, name in (
        (config, "seed"),
        (config.outcome, "column"),
        (config.sources.leads, "file"),
        (config.sources.leads.profile["size"], "type"),
    ):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(section, name, "other")


def test_paths_start_from_the_file_s_folder(load, flat, tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    config = load(flat + "models: ../models\n")
    assert config.path(config.models) == tmp_path.parent / "models"
    assert config.path("a/../b.csv") == tmp_path / "b.csv"
    assert config.path("/abs/c.csv").as_posix() == "/abs/c.csv"


def test_flat_is_who_has_an_outcome_column(load, flat, relational):
    assert load(flat).flat is True
    assert load(relational).flat is False


def test_the_outcome_comes_from_one_place(problems, flat, relational):
    both = relational + "outcome: {column: won, positive: ['yes'], negative: ['no']}\n"
    neither = flat[: flat.index("outcome")]
    for text in (both, neither):
        (problem,) = problems(text).values()
        assert "an outcome from one place" in problem.expected
        assert problem.found == "this section"


def test_a_relational_company_needs_instants(problems, relational, load):
    text = relational.replace(", created_at: created", "")
    (problem,) = problems(text).values()
    assert "created_at" in problem.expected
    assert load(text.replace("lead_id: id}", "lead_id: id, created_from: first_event}", 1))


def test_order_in_time_needs_a_creation_date(problems, flat, load):
    (problem,) = problems(flat.replace("order: rows, ", "")).values()
    assert "rows or nothing" in problem.expected
    assert load(flat.replace("order: rows, ", "created_at: since, ")).sources.leads.order == "time"


@pytest.mark.parametrize("zone", ["Paris", "Europe/Atlantis", "", "../../etc/passwd", "UTC+1"])
def test_a_zone_is_an_iana_name(problems, changed, zone):
    found = problems(changed("", time_zone=zone))
    assert "IANA time zone such as Europe/Paris" in found["time_zone"].expected


@pytest.mark.parametrize(
    ("section", "key", "wrong"),
    [
        ("training", "folds", 1),
        ("training", "folds", 21),
        ("training", "test_share", 0),
        ("training", "test_share", 0.6),
        ("training", "candidates", ["forest"]),
        ("training", "bootstrap", 49),
        ("training", "minimum_outcomes", 1),
        ("score", "reasons", 0),
        ("score", "languages", ["de"]),
        ("score", "chunk", 999),
        ("score", "labels", {"de": {"size": "Größe"}}),
        ("score", "labels", {"fr": {"size": 1}}),
        ("", "company", ""),
        ("", "company", "x" * 201),
        ("", "seed", -1),
        ("", "seed", 2**31),
        ("features", "windows", [0]),
        ("features", "measures", ["mean"]),
        ("snapshots", "per_lead", 0),
    ],
)
def test_values_out_of_bounds_are_refused(problems, changed, section, key, wrong):
    (where,) = problems(changed(section, **{key: wrong}))
    assert where.startswith(f"{section}.{key}".lstrip("."))
