"""One lead's reasons: as a waterfall in two languages, and as JSON."""

import math
import re

import pytest


@pytest.fixture
def best(company):
    return company.query("SELECT lead_id FROM lead_scores ORDER BY probability DESC, lead_id")[0][0]


@pytest.mark.parametrize(("lang", "word"), [("en", "Probability"), ("fr", "Probabilité")])
def test_the_waterfall_is_in_the_reader_s_language(company, best, lang, word):
    shown = company.run("explain", best, "--lang", lang).stdout
    sentences = company.query("SELECT sentences[?] FROM lead_scores WHERE lead_id = ?", lang, best)[
        0
    ][0]
    assert best in shown
    assert word in shown
    assert len(sentences) == 5
    said = " ".join(shown.split()).replace("\u00a0", " ").replace("\u202f", " ")
    first = sentences[0].replace("\u00a0", " ").replace("\u202f", " ")
    assert all(part in said for part in first.split())


def test_the_json_adds_up_to_the_probability(company, best, logit):
    told = company.run("explain", best, "--json").json()
    total = told["base"] + math.fsum(told["contributions"].values())
    assert total == pytest.approx(logit(told["probability"]), abs=1e-6)
    assert math.fsum(told["groups"].values()) == pytest.approx(total - told["base"], abs=1e-6)
    strongest = sorted(told["contributions"], key=lambda n: -abs(told["contributions"][n]))
    assert [reason["feature"] for reason in told["reasons"]] == strongest[: len(told["reasons"])]
    assert told["model_version"] == "1"
    assert [told["market"]] == list(
        company.query("SELECT market FROM lead_scores WHERE lead_id = ?", best)[0]
    )


def test_the_waterfall_says_which_score_it_is(company, best):
    said = " ".join(company.run("explain", best).stdout.split())
    assert re.search(
        r"market \w+.*, as of \d+ \w+ 20\d\d .* UTC, model version 1, percentile ", said
    )
    assert "By group" in said
    assert "Strongest reasons" in said


def test_the_json_has_the_sentences_of_the_language_asked_for(company, best):
    english = company.run("explain", best, "--json").json()["sentences"]
    french = company.run("explain", best, "--json", "--lang", "fr").json()["sentences"]
    assert len(english) == len(french) == 5
    assert english != french


def test_a_lead_without_a_score_names_leads_that_have_one(company, best):
    refused = company.run("explain", f"{best}9", code=2)
    assert f"'{best}9' has no score" in refused.stderr
    assert best in refused.stderr
    assert refused.stdout == ""


def test_a_language_nobody_wrote_names_those_there_are(company, best):
    assert "one of en, fr" in company.run("explain", best, "--lang", "de", code=2).stderr


def test_explaining_before_scoring_says_what_to_run_first(untrained):
    assert "predictive-scoring score" in untrained.run("explain", "L0000001", code=2).stderr


def test_a_hostile_identifier_is_an_unknown_lead(company):
    for lead in ("' OR 1=1 --", '"; DROP TABLE lead_scores; --', "[/red]", "%", ""):
        assert "has no score" in company.run("explain", lead, code=2).stderr
    assert company.query("SELECT count(*) FROM lead_scores")[0][0] > 0


def test_the_explanation_comes_from_the_model_that_scored(company, best):
    """Scores stay explained by their own model's columns, whoever is champion meanwhile."""
    told = company.run("explain", best, "--json").json()
    names = company.query("SELECT feature_names FROM score_runs WHERE current")[0][0]
    assert list(told["contributions"]) == names


def test_the_company_s_own_words_stand_in_sentences_and_waterfall(company):
    text = company.config.read_text(encoding="utf-8")
    labelled = text.replace("    fr:\n", "    fr:\n      industry: filière\n")
    company.config.write_text(labelled, encoding="utf-8")
    company.run("score")
    found = company.query(
        "SELECT lead_id FROM lead_scores WHERE contains(array_to_string(sentences['fr'], '|'), "
        "'Filière\u00a0:') ORDER BY lead_id"
    )
    english = company.query("SELECT string_agg(array_to_string(sentences['en'], '|')) "
                            "FROM lead_scores")[0][0]  # fmt: skip
    assert "Filière" in company.run("explain", found[0][0], "--lang", "fr").stdout
    assert "Industry:" in company.run("explain", found[0][0]).stdout
    assert "Filière" not in english
