"""What the contract and nurturing speak of is there in the data, and may be spoken of."""

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from predictive_scoring.config import Config, load_config
from predictive_scoring.runs.demo import demo_config

ROOT = Path(__file__).resolve().parents[3]
PLAIN = """
company: Plain
sources:
  leads: {file: leads.csv, lead_id: id, created_at: at, profile: {size: number, sex: category}}
  stages: {file: stages.csv, lead_id: id, stage: stage, entered_at: at}
"""
RICH = """
company: Rich
sources:
  leads:
    {file: leads.csv, lead_id: id, created_at: at, market: country,
     profile: {size: number, mail: flag, kind: category, sex: category}}
  stages: {file: stages.csv, lead_id: id, stage: stage, entered_at: at}
  events:
    {file: events.csv, lead_id: id, occurred_at: at, type: type, topic: topic,
     types: {W: webinar, V: visit}, others: set_aside}
  activities:
    {file: calls.csv, lead_id: id, occurred_at: at, kind: kind,
     kinds: {C: call}, others: quarantine}
"""
TEAMS = {"a": {"time_zone": "UTC"}}


def contract(**version):
    return {"contract": {"versions": [{"from": "2026-01-01", **version}], "teams": TEAMS}}


def criterion(side="mql", **rule):
    return contract(**{side: [{"name": "it", **rule}]})


def said(problems, text, more):
    """The one problem's key and what is expected there, as one text."""
    (problem,) = problems(text + yaml.safe_dump(more)).values()
    return f"{problem.key}: {problem.expected}"


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ({"column": "revenue", "at_least": 1}, "a profile column (size, sex)"),
        ({"column": "size", "values": ["20"]}, "`at_least` or `at_most`: size is a number"),
        ({"column": "market", "values": ["FR"]}, "`sources.leads.market`"),
        ({"column": "language", "values": ["fr"]}, "`sources.leads.language`"),
        ({"events": ["webinar"]}, "`sources.events`"),
        ({"activities": ["any"]}, "`sources.activities`"),
        ({"column": "sex", "values": ["f"]}, "no protected attribute (gender)"),
    ],
)
def test_a_rule_over_what_there_is_not(problems, rule, part):
    expected = said(problems, PLAIN, criterion(**rule))
    assert expected.startswith("contract.versions.0.mql.0")
    assert part in expected


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ({"column": "mail", "at_least": 1}, "`flag`: mail is a flag"),
        ({"column": "kind", "flag": True}, "`values`: kind is a category"),
        ({"column": "market", "at_least": 1}, "`values`, since it is a category"),
        ({"events": ["form"]}, "a type that is kept (visit, webinar)"),
        ({"events": ["any"], "channels": ["mail"]}, "`sources.events.channel`"),
        ({"events": ["visit"], "campaigns": ["spring"]}, "`sources.events.campaign`"),
        ({"activities": ["meeting"]}, "a kind that is kept (call)"),
    ],
)
def test_a_rule_that_does_not_fit_what_there_is(problems, rule, part):
    expected = said(problems, RICH, criterion("sql", **rule))
    assert expected.startswith("contract.versions.0.sql.0")
    assert part in expected


@pytest.mark.parametrize(
    "rule",
    [
        {"column": "market", "values": ["FR"]},
        {"column": "mail", "flag": False},
        {"events": ["any"], "topics": ["pricing"]},
        {"activities": ["call"], "within": 30},
    ],
)
def test_a_rule_over_what_there_is(load, rule):
    assert load(RICH + yaml.safe_dump(criterion(**rule))).contract.versions[0].mql


def test_a_protected_attribute_may_be_asked_for_where_that_is_lawful(load):
    more = {**criterion(column="sex", values=["f"]), "protected": {"allow": {"sex": "parity law"}}}
    assert load(PLAIN + yaml.safe_dump(more)).contract.versions[0].mql[0].column == "sex"


def test_another_name_for_a_protected_attribute_does_not_help(problems):
    text = PLAIN.replace("sex: category", "group: {type: category, column: citizenship}")
    expected = said(problems, text, criterion(column="group", values=["FR"]))
    assert "no protected attribute (nationality or origin)" in expected


@pytest.mark.parametrize(
    ("more", "place", "part"),
    [
        (contract(documented=1.0), "versions.0.documented", "`sources.activities.documented`"),
        (contract(first_contact={"hours": 8}), "versions.0.first_contact", "`sources.activities`"),
        (
            contract(markets={"FR": {"sql_rate": 0.2}}),
            "versions.0.markets",
            "`sources.leads.market`",
        ),
        (contract(rejection_reasons=["x"]), "versions.0.rejection_reasons", "`sources.stages.r"),
        ({"contract": {"contact": {"kinds": ["call"]}}}, "contact.kinds", "`sources.activities`"),
        (
            {"contract": {"teams": {"a": {"time_zone": "UTC", "owners": ["ana"]}}}},
            "teams.a.owners",
            "`sources.leads.owner`",
        ),
        ({"contract": {"source": "origin"}}, "source", "a profile column (size, sex)"),
    ],
)
def test_what_nobody_could_judge_is_not_promised(problems, more, place, part):
    expected = said(problems, PLAIN, more)
    assert expected.startswith(f"contract.{place}: ")
    assert part in expected


@pytest.mark.parametrize(
    ("more", "part"),
    [
        (contract(documented=1.0), "versions.0.documented"),
        (contract(markets={"FR": {"documented": 1.0}}), "versions.0.markets.FR.documented"),
        (
            {"contract": {"contact": {"kinds": ["mail"]}}},
            "contact.kinds: a kind that is kept (call",
        ),
        ({"contract": {"contact": {"outcomes": ["met"]}}}, "`sources.activities.outcome`"),
    ],
)
def test_activities_tell_what_they_tell(problems, more, part):
    assert part in said(problems, RICH, more)


def test_rows_without_dates_have_no_months(problems, flat, load):
    more = {"contract": {"versions": [{"from": "2026-01-01", "mqls_per_month": 9}]}}
    assert "mqls_per_month: `sources.leads.created_at`" in said(problems, flat, more)
    rate = {"contract": {"versions": [{"from": "2026-01-01", "sql_rate": 0.3}]}}
    assert load(flat + yaml.safe_dump(rate)).contract.versions[0].sql_rate == 0.3


@pytest.mark.parametrize(
    ("cost", "part"),
    [
        ({"by": "weather"}, "costs.0.by: a dimension of the data (source, market"),
        ({"by": "source"}, "contract.source: a profile column, since costs are by source"),
    ],
)
def test_costs_are_of_something(problems, cost, part):
    cost |= {"value": "x", "amount": 1, "from": "2026-01-01", "until": "2026-01-31"}
    assert part in said(problems, PLAIN, {"contract": {"costs": [cost]}})


@pytest.mark.parametrize(
    ("nurture", "part"),
    [
        ({"trial": {"column": "arm", "treated": ["t"], "control": ["c"]}}, "nurture.trial.column"),
        ({"actions": {"a": {"event": "form"}}}, "nurture.actions.a: a type that is kept"),
        ({"actions": {"a": {"event": "visit", "channel": "x"}}}, "`sources.events.channel`"),
        ({"tracks": {"a": {"content": ["x"], "languages": ["fr"]}}}, "nurture.tracks.a.languages"),
        ({"actions": {"a": {"event": "visit", "languages": ["fr"]}}}, "actions.a.languages"),
    ],
)
def test_nurturing_speaks_of_what_there_is(problems, nurture, part):
    assert part in said(problems, RICH, {"nurture": nurture})


def test_tracks_by_topic_need_topics(problems):
    track = {"content": ["x"], "topics": ["pricing"]}
    assert "nurture.tracks.a.topics: `sources.events.topic`" in said(
        problems, PLAIN, {"nurture": {"tracks": {"a": track}}}
    )


def test_all_that_is_missing_is_said_at_once(problems):
    more = contract(documented=1.0, mql=[{"name": "it", "column": "age", "at_most": 30}])
    found = problems(PLAIN + yaml.safe_dump(more))
    assert set(found) == {"contract.versions.0.documented", "contract.versions.0.mql.0.column"}
    assert found["contract.versions.0.mql.0.column"].found == "'age'"


def test_a_configuration_made_otherwise_says_it_too():
    with pytest.raises(ValidationError, match=r"0\.documented: `sources"):
        Config(**yaml.safe_load(PLAIN), **contract(documented=1.0))


@pytest.mark.parametrize("name", ["demo", "bpic2012", "bank", "olist"])
def test_the_contracts_of_the_checkout_speak_of_what_there_is(name):
    config = load_config(ROOT / "configs" / f"{name}.yaml")
    assert config.contract.versions
    assert config.contract.versions[-1].sql_rate


def test_the_demo_s_contract_is_the_guide_s(tmp_path):
    file = tmp_path / "company.yaml"
    file.write_text(demo_config(".", "models"), encoding="utf-8")
    config = load_config(file)
    earlier, now = config.contract.versions
    assert (now.mqls_per_month, now.sql_rate, now.contacted, now.documented) == (100, 0.3, 1, 1)
    assert (earlier.mqls_per_month, earlier.sql_rate) != (now.mqls_per_month, now.sql_rate)
    assert now.first_contact is not None
    assert config.nurture.trial is not None
    # A working day of each team, so that "by this time of the next working day" is true of all.
    for team in config.contract.teams.values():
        assert sum(end - start for start, end in team.spans) == 60 * now.first_contact.hours
    assert not config.sources.leads.profile[config.nurture.trial.column].feature
