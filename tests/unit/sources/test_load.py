from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from predictive_scoring.errors import DataError

ISO = "2026-01-{:02d}T00:00:00Z"


@pytest.fixture
def company(tmp_path: Path, load_it):
    """Load a relational company from tables of text; keywords change what is declared of them."""
    texts = {
        "leads": "id,at\nA,2026-01-01T00:00:00Z\nB,2026-01-02T00:00:00Z\n",
        "events": "id,at,what\n",
        "stages": "id,at,stage\n",
        "activities": "id,at,kind,note\n",
        "changes": "id,at,col,val\n",
    }
    declared: dict[str, dict[str, Any]] = {
        "leads": {"lead_id": "id", "created_at": "at"},
        "events": {"lead_id": "id", "occurred_at": "at", "type": "what"},
        "stages": {"lead_id": "id", "entered_at": "at", "stage": "stage"},
        "activities": {"lead_id": "id", "occurred_at": "at", "kind": "kind", "documented": "note"},
        "changes": {"lead_id": "id", "changed_at": "at", "column": "col", "value": "val"},
    }

    def run(tables: dict[str, str], settings: dict[str, Any] | None = None, **more: Any):
        sources: dict[str, Any] = {}
        for name in {"leads", "stages", *tables}:
            (tmp_path / f"{name}.csv").write_text(tables.get(name, texts[name]))
            sources[name] = {"file": f"{name}.csv", **declared[name], **more.pop(name, {})}
        extract = load_it({"company": "Test", **(settings or {})}, **sources, **more)
        for count in extract.counts:
            assert count.records == count.loaded + count.quarantined + count.set_aside
            assert count.set_aside == sum(count.rules.values())
        return extract

    return run


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_all_five_tables_exist_and_the_declared_ones_are_named(company):
    extract = company({"events": f"id,at,what\nA,{ISO.format(3)},visit\n"})
    assert extract.declared == {"leads", "stages", "events"}
    columns = {
        name: [row[0] for row in extract.rows(f"DESCRIBE {name}")]
        for name in ("leads", "events", "stages", "activities", "changes", "quarantine")
    }
    assert columns == {
        "leads": ["lead_id", "created_at", "account_id", "market", "language", "owner", "email",
                  "outcome", "row_number"],
        "events": ["lead_id", "occurred_at", "type", "channel", "campaign", "topic", "value",
                   "row_number"],
        "stages": ["lead_id", "stage", "entered_at", "actor", "reason", "row_number"],
        "activities": ["lead_id", "occurred_at", "kind", "actor", "outcome", "documented",
                       "row_number"],
        "changes": ["lead_id", "column", "value", "changed_at", "row_number"],
        "quarantine": ["table_name", "file", "line", "reason", "record"],
    }  # fmt: skip
    assert {row[0] for row in extract.rows("SHOW TABLES")} == set(columns)


def test_declared_and_undeclared_tables_have_the_same_columns_and_types(company):
    full = company(
        {"events": f"id,at,what\nA,{ISO.format(3)},visit\n",
         "activities": f"id,at,kind,note\nA,{ISO.format(3)},call,yes\n",
         "changes": f"id,at,col,val\nA,{ISO.format(3)},x,1\n"}
    )  # fmt: skip
    tables = ("events", "stages", "activities", "changes")
    typed = [[row[:2] for row in full.rows(f"DESCRIBE {name}")] for name in tables]
    bare = company({})
    assert [[row[:2] for row in bare.rows(f"DESCRIBE {name}")] for name in tables] == typed


LEADS = "id,at,note\nA,{0},a\nB,{0},b\nA,{0},c\nA,bad,d\n".format(ISO.format(1))


@pytest.mark.parametrize(
    ("rule", "loaded", "lines", "rules"),
    [
        ("quarantine", [("B", 2)], [2, 4, 5], {}),
        ("first", [("A", 1), ("B", 2)], [5], {"lead_id repeated: the first row is kept": 1}),
        ("last", [("B", 2), ("A", 3)], [5], {"lead_id repeated: the last row is kept": 1}),
    ],
)
def test_repeated_lead_ids_follow_the_declared_rule(company, rule, loaded, lines, rules):
    extract = company({"leads": LEADS}, leads={"duplicates": rule})
    assert extract.rows("SELECT lead_id, row_number FROM leads ORDER BY row_number") == loaded
    assert [line for line, _ in extract.quarantine()] == lines
    assert extract.counts[0].rules == rules
    if rule == "quarantine":
        assert extract.quarantine()[0][1] == 'the lead_id "A" stands on 2 rows'


EVENTS = f"id,at,what\nA,{ISO.format(3)},visit\nX,{ISO.format(3)},visit\n,{ISO.format(3)},visit\n"


def test_rows_of_unknown_leads_follow_the_declared_rule(company):
    extract = company({"events": EVENTS})
    assert extract.rows("SELECT lead_id FROM events") == [("A",)]
    assert extract.quarantine() == [
        (3, 'the lead "X" is not among the leads'),
        (4, "column 'id': no value"),
    ]
    extract = company({"events": EVENTS}, unknown_leads="set_aside")
    assert [line for line, _ in extract.quarantine()] == [4]
    (events,) = (c for c in extract.counts if c.table == "events")
    assert events.rules == {"lead not among the leads": 1}
    assert "events: 1 rows set aside: lead not among the leads" in extract.notes


def test_rows_after_the_declared_extract_follow_the_declared_rule(company):
    at = {"extract_at": ISO.format(1)}
    events = f"id,at,what\nA,{ISO.format(1)},visit\nA,{ISO.format(2)},visit\nB,{ISO.format(1)},x\n"
    extract = company({"events": events}, at)
    assert extract.rows("SELECT lead_id FROM leads") == [("A",)]
    assert extract.extract_at == utc(2026, 1, 1)
    assert extract.rows("SELECT table_name, line, reason FROM quarantine ORDER BY 1, 2") == [
        ("events", 3, "dated 2026-01-02 00:00:00 UTC, after the extract"),
        ("events", 4, 'the lead "B" is not among the leads'),
        ("leads", 3, "dated 2026-01-02 00:00:00 UTC, after the extract"),
    ]
    extract = company({"events": events}, at, after_extract="set_aside")
    assert extract.rows("SELECT table_name, line FROM quarantine") == [("events", 4)]
    assert [c.rules for c in extract.counts if c.table == "leads"] == [
        {"dated after the extract": 1}
    ]


def test_an_undeclared_extract_is_the_newest_instant_and_is_said_aloud(company):
    stages = f"id,at,stage\nA,{ISO.format(9)},sql\n"
    extract = company({"stages": stages})
    assert extract.extract_at == utc(2026, 1, 9)
    assert "`extract_at` is not declared" in extract.notes[0]
    assert "2026-01-09T00:00:00+00:00" in extract.notes[0]


def test_without_any_instant_the_extract_says_so(flat):
    extract = flat("won\nyes\n")
    assert extract.extract_at is None
    assert "no instant" in extract.notes[0]


def test_unknown_creation_is_taken_from_the_first_event(company):
    leads = f"id,at\nA,\nB,1970-01-01\nC,{ISO.format(5)}\nD,\n"
    events = f"id,at,what\nA,{ISO.format(4)},x\nA,{ISO.format(3)},x\nB,{ISO.format(2)},x\n"
    at = {"column": "at", "unknown": ["1970-01-01"]}
    extract = company(
        {"leads": leads, "events": events},
        leads={"created_at": at, "created_from": "first_event"},
    )
    found = extract.rows("SELECT lead_id, day(created_at) FROM leads ORDER BY lead_id")
    assert found == [("A", 3), ("B", 2), ("C", 5), ("D", None)]
    assert any("2 without created_at" in n and "1 have no event" in n for n in extract.notes)


def test_an_event_without_an_instant_or_a_type_is_quarantined(company):
    events = f"id,at,what\nA,,visit\nA,{ISO.format(3)},\nA,soon,visit\n"
    reasons = [reason for _, reason in company({"events": events}).quarantine()]
    assert reasons[:2] == ["column 'at': no instant", "column 'what': no value"]
    assert '"soon" is not an ISO instant' in reasons[2]


@pytest.mark.parametrize(
    ("others", "types", "quarantined", "set_aside"),
    [
        ("keep", ["page", "chat"], 0, 0),
        ("quarantine", ["page"], 1, 0),
        ("set_aside", ["page"], 0, 1),
    ],
)
def test_event_types_are_renamed_and_others_follow_the_rule(
    company, others, types, quarantined, set_aside
):
    events = f"id,at,what\nA,{ISO.format(3)},pv\nA,{ISO.format(3)},chat\n"
    extract = company({"events": events}, events={"types": {"pv": "page"}, "others": others})
    assert [row[0] for row in extract.rows("SELECT type FROM events ORDER BY ALL DESC")] == types
    (count,) = (c for c in extract.counts if c.table == "events")
    assert (count.quarantined, count.set_aside) == (quarantined, set_aside)


def test_stages_are_the_dictionarys_by_name_by_mapping_or_always(company):
    day = ISO.format(3)
    stages = f"id,at,stage\nA,{day},sql\nA,{day},sql\nB,{day},Demo\n"
    extract = company({"stages": stages})
    assert extract.rows("SELECT stage FROM stages") == [("sql",), ("sql",)]
    assert extract.quarantine() == [(4, 'the stage "Demo" is not listed in the configuration')]
    extract = company({"stages": stages}, stages={"stages": {"Demo": "mql"}, "others": "set_aside"})
    assert extract.rows("SELECT lead_id, stage FROM stages") == [("B", "mql")]
    extract = company({"stages": stages}, stages={"stage": None, "always": "won"})
    assert extract.rows("SELECT stage FROM stages") == [("won",)] * 3


def test_activities_have_kinds_and_say_whether_they_are_documented(company):
    day = ISO.format(3)
    activities = f"id,at,kind,note\nA,{day},tel,yes\nA,{day},mail,\nA,{day},tel,perhaps\n"
    extract = company({"activities": activities}, activities={"kinds": {"tel": "call"}})
    found = extract.rows("SELECT kind, documented FROM activities ORDER BY row_number")
    assert found == [("call", True), ("mail", None)]
    assert [line for line, _ in extract.quarantine()] == [4]


def test_documented_is_said_in_english_or_french_in_any_case(company):
    words = ["Yes", "OUI", "true", "1", "No", "non", "False", "0"]
    lines = "".join(f"A,{ISO.format(3)},tel,{word}\n" for word in words)
    extract = company({"activities": "id,at,kind,note\n" + lines})
    found = extract.rows("SELECT documented FROM activities ORDER BY row_number")
    assert found == [(True,)] * 4 + [(False,)] * 4


def test_changes_are_read_by_their_columns_type(company):
    day = ISO.format(3)
    changes = "id,at,col,val\n" + "".join(
        f"A,{day},{column},{value}\n"
        for column, value in [
            ("Size", " 12.50 "), ("size", "unknown"), ("size", "many"), ("member", "OUI"),
            ("city", " Lyon "), ("colour", "red"), ("city", ""),
        ]
    )  # fmt: skip
    leads = {
        "profile": {
            "size": {"type": "number", "column": "Size", "nulls": ["unknown"]},
            "member": "flag",
            "city": "category",
        }
    }
    extract = company(
        {"leads": f"id,at,Size,member,city\nA,{day},1,no,Paris\n", "changes": changes}, leads=leads
    )
    assert extract.rows('SELECT "column", value FROM changes ORDER BY row_number') == [
        ("size", "12.5"), ("size", None), ("member", "true"), ("city", "Lyon"), ("city", None)
    ]  # fmt: skip
    (line, reason) = extract.quarantine()[0]
    assert line == 4
    assert "many" in reason
    (count,) = (c for c in extract.counts if c.table == "changes")
    assert count.rules == {"the column is not listed": 1}


def test_leads_of_which_none_is_readable_are_an_error_with_the_first_reason(company):
    with pytest.raises(DataError) as error:
        company({"leads": "id,at\nA,yesterday\nB,today\n"})
    assert "none of 2 records" in str(error.value)
    assert "line 2" in str(error.value)
    assert "yesterday" in str(error.value)


def test_a_second_load_replaces_the_first_and_leaves_no_stages_behind(company):
    company({"events": EVENTS})
    extract = company({})
    assert extract.rows("SELECT count(*) FROM quarantine") == [(0,)]
    assert extract.rows("SELECT count(*) FROM events") == [(0,)]
    stages = "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'source%'"
    assert extract.rows(stages) == []


@pytest.mark.real_data
def test_real_companies_load_without_a_lost_row(shared_data: Path, load_it):
    funnel = {
        "leads": {
            "file": str(shared_data / "olist-funnel/olist_marketing_qualified_leads_dataset.csv"),
            "lead_id": "mql_id",
            "created_at": "first_contact_date",
        },
        "stages": {
            "file": str(shared_data / "olist-funnel/olist_closed_deals_dataset.csv"),
            "lead_id": "mql_id",
            "entered_at": "won_date",
            "always": "sql",
        },
    }
    extract = load_it({"time_zone": "America/Sao_Paulo"}, **funnel)
    assert [(c.records, c.loaded) for c in extract.counts] == [(8000, 8000), (842, 842)]
    bank = {
        "file": str(shared_data / "uci-bank-marketing/bank-additional-full.csv.gz"),
        "csv": {"delimiter": ";"},
        "order": "rows",
        "profile": {"age": "number", "job": "category"},
    }
    won = {"outcome": {"column": "y", "positive": ["yes"], "negative": ["no"]}}
    extract = load_it(won, leads=bank)
    assert extract.rows("SELECT count(*), count_if(outcome), max(row_number) FROM leads") == [
        (41188, 4640, 41188)
    ]
