"""What could only fail while loading is refused with the configuration already."""

import pytest


@pytest.mark.parametrize(
    ("dialect", "part"),
    [
        ({"delimiter": "\n"}, "`delimiter`"),
        ({"delimiter": "\r"}, "`delimiter`"),
        ({"quote": "\n"}, "`quote`"),
        ({"delimiter": '"'}, "`quote`"),
        ({"delimiter": "'", "quote": "'"}, "`quote`"),
    ],
)
def test_a_dialect_separates_cells_from_lines_and_quotes(problems, changed, dialect, part):
    (problem,) = problems(changed("sources.leads.csv", **dialect)).values()
    assert problem.key == "sources.leads.csv"
    assert part in problem.expected


def test_a_dialect_without_quotes_is_one(load, changed):
    config = load(changed("sources.leads.csv", quote="", delimiter="\t"))
    assert config.sources.leads.csv.quote == ""


@pytest.mark.parametrize("form", ["%H:%M", "%d/%m", "ISO8601", "", "100%%Y", "epoch"])
def test_a_format_of_instants_has_a_year(problems, changed, form):
    text = changed("sources.leads", created_at={"column": "at", "format": form})
    (problem,) = problems(text).values()
    assert problem.key == "sources.leads.created_at.format"
    assert "a year" in problem.expected


@pytest.mark.parametrize(
    "form", ["iso", "epoch_s", "epoch_ms", "epoch_us", "%d.%m.%y", "%-d/%-m/%-y", "%x", "%G-%V-%u"]
)
def test_a_format_with_a_year_is_taken(load, changed, form):
    config = load(changed("sources.leads", created_at={"column": "at", "format": form}))
    assert config.sources.leads.created_at.format == form


def test_a_whole_day_stands_at_one_of_its_ends(load, problems, changed):
    def text(day: str) -> str:
        return str(changed("sources.leads", created_at={"column": "at", "day": day}))

    assert load(text("end")).sources.leads.created_at.day == "end"
    assert set(problems(text("noon"))) == {"sources.leads.created_at.day"}


def test_profile_columns_do_not_differ_by_case_alone(problems, changed):
    profile = {"Size": "number", "town": "category", "size": "number"}
    (problem,) = problems(changed("sources.leads", profile=profile)).values()
    assert problem.key == "sources.leads"
    assert "'Size' and 'size'" in problem.expected


def test_there_is_a_candidate(problems, changed):
    assert set(problems(changed("training", candidates=[]))) == {"training.candidates"}


@pytest.mark.parametrize("name", ["", " ", "a/b", "a\\b", "..", "a..b", "a:b", "."])
def test_a_registered_models_name_is_no_path(problems, changed, name):
    (problem,) = problems(changed("registry", name=name)).values()
    assert problem.key == "registry.name"


@pytest.mark.parametrize("name", ["aerolys", "Aérolys SAS", "v1.2", "leads-fr"])
def test_a_registered_models_name_may_be_any_other(load, changed, name):
    assert load(changed("registry", name=name)).registry.name == name
