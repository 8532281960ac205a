"""October 2026, worked by hand: 40 leads of two teams, around the end of summer time.

Instants are wall times of the lead's own team. The French work from 9:00 to 12:30 and from 14:00
to 18:00 (7.5 hours a day), the Japanese from 9:00 to 18:00 (9 hours). French leads are promised a
contact within 8 business hours, Japanese ones within 12, Belgian ones within 60. The data were
extracted on Thursday 12 November at 12:00 in Paris, 20:00 in Tokyo; Belgium's promise alone can
still be running then.

Free besides weekends: 12 October and 3 November in Japan, 11 November in France (1 November is a
Sunday). `written` has a letter for each activity from the contact on: y(es), n(o), ? (not known).
"""

import math
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

# lead market owner | handed over | contacted | hours | state | written | verdict # how they add up
MONTH = """
F01 FR anna  | 10-01 09:00 | 10-01 10:30 |   1.5  | in_time | y   | sql                  # Thursday morning
F02 FR anna  | 10-01 11:30 | 10-01 15:00 |   2    | in_time | yn  | sql                  # 1 before lunch, 1 after
F03 FR bruno | 10-01 17:00 | 10-02 10:00 |   2    | in_time | y   | rejected no budget   # 1 + 1 on Friday
F04 FR bruno | 10-01 21:15 | 10-02 09:30 |   0.5  | in_time | y   | rejected no need     # the night is free
F05 FR anna  | 10-02 16:00 | 10-05 11:00 |   4    | in_time | y   | sql                  # Friday 2, Monday 2
F06 FR anna  | 10-03 10:00 | 10-05 17:00 |   6.5  | in_time | y   | rejected             # Saturday 0, Monday 3.5 + 3
F07 FR chloe | 10-05 09:00 | 10-06 09:30 |   8    | in_time | y   | sql                  # 7.5 + 0.5: the last moment
F08 FR chloe | 10-05 09:00 | 10-06 09:36 |   8.1  | late    | n   | rejected no need     # 7.5 + 0.6
F09 FR bruno | 10-06 13:00 | 10-06 13:45 |   0    | in_time | y   | rejected competitor  # both at lunch
F10 FR bruno | 10-07 10:00 | 10-08 20:00 |  14    | late    | ?   | lost no budget       # 2.5 + 4, Thursday 7.5
F11 FR anna  | 10-08 18:00 | 10-09 18:00 |   7.5  | in_time | y   | sql                  # a whole Friday
F12 FR anna  | 10-09 17:30 | 10-13 09:00 |   8    | late    | y   | waiting              # 0.5 + 7.5: due Monday 18:00
F13 FR chloe | 10-12 09:00 | -           | 168    | overdue |     | waiting              # 22 days of 7.5, then 3
F14 BE chloe | 10-13 14:00 | 10-14 11:00 |   6    | in_time | y   | sql                  # 4 + 2
F15 BE -     | 10-14 09:00 | 10-14 09:15 |   0.25 | in_time | y   | waiting
F16 FR bruno | 10-15 12:30 | 10-15 14:00 |   0    | in_time | y   | rejected no budget   # lunch
F17 FR anna  | 10-16 17:00 | 10-19 09:45 |   1.75 | in_time | y   | sql                  # 1 + 0.75
F18 FR anna  | 10-17 15:00 | 10-18 11:00 |   0    | in_time | y   | waiting              # called on Sunday
F19 FR bruno | 10-20 23:59 | 10-22 10:00 |   8.5  | late    | y   | waiting              # Wednesday 7.5, Thursday 1
F20 FR chloe | 10-21 09:00 | -           | 115.5  | overdue |     | waiting              # 3 + 5 + 5 + 2 days, then 3
F21 FR anna  | 10-23 17:00 | 10-26 10:00 |   2    | in_time | y   | sql                  # clocks change on Sunday
F22 FR anna  | 10-24 02:30 | 10-26 16:30 |   6    | in_time | y   | waiting              # Monday 3.5 + 2.5
F23 FR bruno | 10-25 02:30 | 10-26 09:30 |   0.5  | in_time | y   | waiting              # in the first 02:30
F24 FR bruno | 10-26 08:00 | 10-27 09:30 |   8    | in_time | y   | waiting              # 7.5 + 0.5
F25 FR chloe | 10-30 17:00 | 11-02 09:00 |   1    | in_time | y   | waiting              # Friday 1
F26 FR chloe | 10-31 12:00 | 11-12 11:00 |  54.5  | late    | y   | waiting              # 5 + 2 days (11: free), then 2
F27 FR anna  | 10-31 23:30 | -           |  55.5  | overdue |     | waiting              # 7 days, then 3
F28 BE -     | 10-31 23:30 | -           |  55.5  | running |     | waiting              # the same, of 60
J29 JP sato  | 10-01 17:00 | 10-02 10:00 |   2    | in_time | y   | sql                  # 1 + 1
J30 JP sato  | 10-02 17:00 | 10-05 15:00 |   7    | in_time | yyn | sql                  # Friday 1, Monday 6
J31 JP sato  | 10-09 16:00 | 10-13 13:00 |   6    | in_time | y   | rejected no need     # 2, Monday free, 4
J32 JP mori  | 10-09 12:00 | 10-14 10:00 |  16    | late    | y   | rejected             # 6 + 0 + 9 + 1
J33 JP mori  | 10-11 10:00 | 10-13 18:00 |   9    | in_time | y   | sql                  # Sunday, Monday free, 9
J34 JP mori  | 10-24 12:00 | 10-26 10:00 |   1    | in_time | y   | rejected no budget   # no summer time there
J35 JP sato  | 10-22 18:00 | 10-24 09:00 |   9    | in_time | y   | waiting              # a whole Friday
J36 JP sato  | 10-29 15:00 | 11-04 10:00 |  22    | late    | y   | waiting              # 3 + 9 + 9 + 0 + 1
J37 JP mori  | 10-30 12:00 | 11-02 15:00 |  12    | in_time | y   | won                  # 6 + 6: the last moment
J38 JP mori  | 10-31 09:00 | -           |  72    | overdue |     | waiting              # 2, 4-6, 9-12 November
J39 FR sato  | 10-26 09:00 | 10-26 17:00 |   8    | in_time | y   | waiting              # her clock, France's promise
X40 US zoe   | 10-15 12:00 | 10-15 13:00 |   nan  | None    | y   | waiting              # nobody's team: no clock
"""  # noqa: E501
VERSION = {
    "from": "2026-01-01",
    "mqls_per_month": 40,
    "sql_rate": 0.3,
    "first_contact": {"hours": 8},
    "contacted": 0.9,
    "documented": 0.8,
    "mql": [{"name": "French or Japanese", "column": "market", "values": ["FR", "JP"]}],
    "rejection_reasons": ["no budget", "no need"],
    "markets": {
        "FR": {"mqls_per_month": 25},
        "JP": {"mqls_per_month": 12, "first_contact": {"hours": 12}},
        "BE": {"first_contact": {"hours": 60}},
    },
}
ESCALATIONS = [
    {"hours": 40, "to": "head of sales"},
    {"hours": 0, "to": "team lead"},
    {"hours": 100, "to": "management"},
]
DECIDED = datetime(2026, 11, 12, 10, 30)  # noqa: DTZ001 - UTC, as the tables have it


def parsed():
    for line in MONTH.strip().splitlines():
        who, handed, contacted, hours, state, written, verdict = (
            cell.strip() for cell in line.partition("#")[0].split("|")
        )
        lead_id, market, owner = who.split()
        zone = "UTC" if market == "US" else "Asia/Tokyo" if lead_id[0] == "J" else "Europe/Paris"
        yield lead_id, market, owner, zone, handed, contacted, hours, state, written, verdict


@pytest.fixture
def october(world, at):
    made = world(versions=[VERSION], escalations=ESCALATIONS)
    for lead_id, market, owner, zone, handed, contacted, _, _, written, verdict in parsed():
        met = {"F18": False, "J35": None}.get(lead_id, True)
        made.lead(lead_id, at(f"2026-{handed}", zone), market=market, met=met,
                  owner=None if owner == "-" else owner)  # fmt: skip
        for minute, letter in enumerate(written):
            instant = at(f"2026-{contacted}", zone) + timedelta(minutes=minute)
            made.activity(lead_id, instant, {"y": True, "n": False, "?": None}[letter])
        stage, _, reason = verdict.partition(" ")
        if stage != "waiting":
            made.stage(lead_id, stage, DECIDED, reason)
    return made


def test_each_lead_is_judged_as_by_hand(october):
    rows = {row["lead_id"]: row for row in october.ledger(month="2026-10").rows.to_pylist()}
    assert len(rows) == 40
    verdicts = {"won": "sql", "lost": "rejected"}
    for lead_id, market, owner, zone, _, _, hours, state, written, verdict in parsed():
        row, (stage, _, reason) = rows[lead_id], verdict.partition(" ")
        team = {"UTC": "", "Asia/Tokyo": "Japan", "Europe/Paris": "France"}[zone]
        delay = math.nan if row["hours"] is None else row["hours"]
        assert delay == pytest.approx(float(hours), nan_ok=True), lead_id
        assert str(row["contact"]) == state, lead_id
        assert (row["market"], row["team"]) == (market, team)
        assert row["owner"] == owner.strip("-")
        assert (row["activities"], row["documented"]) == (len(written), written.count("y"))
        assert (row["verdict"], row["reason"]) == (verdicts.get(stage, stage), reason), lead_id
        assert (row["decided_at"] is None) == (stage == "waiting")
        assert row["version"] == "2026-01-01"


def test_what_is_due_when(october, at):
    due = {r["lead_id"]: r["due_at"] for r in october.ledger(month="2026-10").rows.to_pylist()}
    assert due["F07"] == at("2026-10-06 09:30")
    assert due["F12"] == at("2026-10-12 18:00"), "the end of that day, not the next morning"
    assert due["F24"] == at("2026-10-27 09:30"), "winter time"
    assert due["F28"] == at("2026-11-12 18:00"), "still to come: its clock runs"
    assert due["J36"] == at("2026-10-30 18:00", "Asia/Tokyo")
    assert due["X40"] is None


def test_each_promise_against_the_month(october):
    found = october.ledger(month="2026-10")
    kept = {
        (p.name, p.market): (p.count, p.achieved and p.achieved.of, p.pending, p.state)
        for p in found.promises
    }
    assert kept == {
        ("mqls", ""): (40, None, 0, "kept"),
        ("mqls", "FR"): (26, None, 0, "kept"),  # of 25
        ("mqls", "JP"): (10, None, 0, "broken"),  # of 12
        ("sql_rate", ""): (12, 40, 18, "kept"),  # 12 of 40 are 30 %, whatever the others become
        ("sql_rate", "BE"): (1, 3, 2, "kept"),
        ("sql_rate", "FR"): (7, 26, 12, "open"),  # 8 are wanted
        ("sql_rate", "JP"): (4, 10, 3, "kept"),
        ("sql_rate", "US"): (0, 1, 1, "open"),
        ("criteria", ""): (38, 39, 0, "broken"),  # of those that are known
        ("contacted", ""): (27, 38, 1, "broken"),
        ("contacted", "BE"): (2, 2, 1, "open"),  # a running clock is no pass
        ("contacted", "FR"): (18, 26, 0, "broken"),
        ("contacted", "JP"): (7, 10, 0, "broken"),
        ("contacted", "US"): (0, 0, 0, "no data"),
        ("documented", ""): (34, 38, 0, "kept"),
        ("documented", "BE"): (2, 2, 0, "kept"),
        ("documented", "FR"): (21, 24, 0, "kept"),
        ("documented", "JP"): (10, 11, 0, "kept"),
        ("documented", "US"): (1, 1, 0, "kept"),
        ("reasons", ""): (7, 10, 0, "broken"),
    }
    rate = next(p for p in found.promises if p.name == "sql_rate" and not p.market)
    assert rate.promised == 0.3
    assert rate.achieved is not None
    assert (rate.achieved.low, rate.achieved.high) == pytest.approx((0.1807, 0.4543), abs=1e-4)
    assert all(p.version == "" for p in found.promises)
    assert found.complete
    assert found.versions == ("2026-01-01",)


def test_lines_add_up(october):
    found = october.ledger(month="2026-10")
    lines = {(line.dimension, line.value): line for line in found.lines}
    everyone = lines["all", ""]
    assert (everyone.in_time, everyone.late, everyone.overdue, everyone.running) == (27, 7, 4, 1)
    assert (everyone.sqls, everyone.rejected, everyone.waiting) == (12, 10, 18)
    for dimension in ("team", "market", "source", "owner"):
        of = [line for line in found.lines if line.dimension == dimension]
        for count in ("mqls", "in_time", "overdue", "rejected", "activities", "documented"):
            assert sum(getattr(line, count) for line in of) == getattr(everyone, count)
    assert {k[1]: v.mqls for k, v in lines.items() if k[0] == "team"} == {
        "France": 28, "Japan": 11, "": 1
    }  # fmt: skip
    assert lines["market", "JP"].median_hours == 9  # of 1 2 6 7 9 9 12 16 22
    assert math.isnan(lines["market", "US"].median_hours)
    assert [(m.value, m.mqls) for m in found.months] == [("2026-10", 40)]


def test_breaches_name_lead_and_owner(october):
    found = october.ledger(month="2026-10").breaches
    by_kind = {
        kind: [b.lead_id for b in found if b.what == kind] for kind in {b.what for b in found}
    }
    assert by_kind == {
        "late": ["F08", "F10", "J32", "F12", "F19", "J36", "F26"],  # by the handover's instant
        "overdue": ["F13", "F20", "J38", "F27"],
        "undocumented": ["F02", "J30", "F08", "F10"],
        "rejected without a reason": ["F06", "J32"],
        "reason not in the contract": ["F09"],
    }
    details = {(b.lead_id, b.what): (b.owner, b.team, b.hours, b.detail) for b in found}
    assert details["J38", "overdue"] == ("mori", "Japan", 72, "")
    assert details["J30", "undocumented"][3] == "2/3"
    assert details["F09", "reason not in the contract"][3] == "competitor"
    assert next(b for b in found if b.lead_id == "F13").handed_over_at == datetime(
        2026, 10, 12, 7, tzinfo=UTC
    )


def test_escalations_reach_the_highest_rung(october):
    found = october.ledger(month="2026-10").escalations
    assert [(e.lead_id, e.owner, e.hours, e.to) for e in found] == [
        ("F13", "chloe", 160, "management"),
        ("F20", "chloe", 107.5, "management"),
        ("J38", "mori", 60, "head of sales"),
        ("F27", "anna", 47.5, "head of sales"),
    ]


def test_reasons_and_notes(october):
    found = october.ledger(month="2026-10")
    assert found.reasons == (
        ("no budget", 4, True), ("no need", 3, True), ("", 2, False), ("competitor", 1, False),
    )  # fmt: skip
    assert [note.split()[:2] for note in found.notes] == [["1", "leads"], ["of", "1"], ["of", "1"]]
    assert Counter(i.what for i in found.irregularities) == {
        "it has no owner": 2, "it belongs to no sales team": 1
    }  # fmt: skip


def test_a_scope_holds_for_everything(october):
    japan = october.ledger(month="2026-10", scope={"market": "JP"})
    assert {p.market for p in japan.promises} == {"JP"}
    assert [p.count for p in japan.promises if p.name in ("mqls", "reasons")] == [10, 2]
    assert {b.lead_id[0] for b in japan.breaches} == {"J"}
    assert [e.lead_id for e in japan.escalations] == ["J38"]
    team = october.ledger(month="2026-10", scope={"team": "Japan"})
    assert team.rows["lead_id"].to_pylist().count("J39") == 1
    assert not [p for p in team.promises if p.name == "mqls"], "no team is promised a volume"
    assert {p.market for p in team.promises} == {"", "FR", "JP"}
    mori = october.ledger(month="2026-10", scope={"owner": "mori"})
    assert {p.market for p in mori.promises} == {"JP"}, "all hers are of one market"
    anna = october.ledger(month="2026-10", scope={"owner": "anna"})
    assert {b.owner for b in anna.breaches} == {"anna"}
    assert [m.mqls for m in anna.months] == [11]
