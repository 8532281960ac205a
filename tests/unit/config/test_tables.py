"""Where tables lie: one place each, a format that is known, short forms."""

import pytest
from pydantic import ValidationError

from predictive_scoring.config import (
    ActivitiesSource,
    InstantColumn,
    LeadsSource,
    StagesSource,
    TableSource,
)


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("a.csv", "csv"),
        ("a.CSV.GZ", "csv"),
        ("a.tsv", "csv"),
        ("a.txt", "csv"),
        ("events/*.parquet", "parquet"),
        ("a.pq", "parquet"),
    ],
)
def test_the_suffix_names_the_format(file, kind):
    assert TableSource(file=file).kind == kind


def test_a_declared_format_goes_before_the_suffix():
    assert TableSource(file="a.csv", format="parquet").kind == "parquet"
    assert TableSource(file="export.dat", format="csv").kind == "csv"


def test_a_database_needs_the_table_s_name():
    assert TableSource(url="postgresql://db/crm", table="leads").kind == "database"
    assert TableSource(file="crm.duckdb", table="leads").kind == "duckdb"
    for place in ({"url": "sqlite:///a.db"}, {"file": "crm.ddb"}):
        with pytest.raises(ValidationError, match="which table of the database"):
            TableSource.model_validate(place)


@pytest.mark.parametrize("place", [{}, {"file": "a.csv", "url": "sqlite:///a.db", "table": "b"}])
def test_a_table_lies_in_one_place(place):
    with pytest.raises(ValidationError, match="either `file` or `url`"):
        TableSource.model_validate(place)


def test_an_unknown_suffix_is_a_problem_of_its_section(problems, changed):
    (problem,) = problems(changed("sources.leads", file="leads.xlsx")).values()
    assert problem.key == "sources.leads"
    assert "or a `format`" in problem.expected


def test_a_stages_table_names_a_column_or_one_stage():
    common = {"file": "a.csv", "lead_id": "id", "entered_at": "since"}
    assert StagesSource.model_validate({**common, "always": "won"}).stage is None
    assert StagesSource.model_validate({**common, "stage": "s"}).always is None
    for wrong in ({}, {"stage": "s", "always": "won"}):
        with pytest.raises(ValidationError, match="either `stage`"):
            StagesSource.model_validate({**common, **wrong})


def test_stages_map_onto_the_dictionary_only(problems, changed):
    found = problems(changed("sources.stages.stages", True, Angebot="offer"))
    (where,) = found
    assert where == "sources.stages.stages.Angebot"
    assert "'sql'" in found[where].expected


def test_a_name_stands_for_a_column_of_instants():
    leads = LeadsSource.model_validate({"file": "a.csv", "created_at": "since"})
    assert leads.created_at == InstantColumn(column="since", format="iso")


def test_a_type_stands_for_a_profile_column():
    leads = LeadsSource.model_validate(
        {"file": "a.csv", "profile": {"size": "number", "kind": {"type": "category"}}}
    )
    assert leads.profile["size"].type == "number"
    assert leads.profile["size"].group == "fit"
    assert leads.profile["kind"].type == "category"
    with pytest.raises(ValidationError):
        LeadsSource.model_validate({"file": "a.csv", "profile": {"size": "text"}})


def test_the_column_of_kinds_is_written_kind():
    activities = ActivitiesSource.model_validate(
        {"file": "a.csv", "lead_id": "id", "occurred_at": "at", "kind": "what"}
    )
    assert activities.kind_column == "what"
    assert activities.kind == "csv"


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("delimiter", ""),
        ("delimiter", ";;"),
        ("quote", "''"),
        ("encoding", "cp437"),
        ("decimal", "_"),
    ],
)
def test_a_dialect_is_one_that_can_be_read(problems, changed, key, wrong):
    assert set(problems(changed("sources.leads.csv", **{key: wrong}))) == {
        f"sources.leads.csv.{key}"
    }
