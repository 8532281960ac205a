"""What decides a promise, a verdict and a version, and what is refused or pointed out."""

from collections import Counter
from datetime import timedelta

import pytest

from predictive_scoring.errors import Finding, UsageError

ELAPSED = {"hours": 24, "clock": "elapsed"}


def states(found, market=""):
    return {p.name: p.state for p in found.promises if p.market == market}


# -------------------------------------------------------------------------------- promises


@pytest.mark.parametrize(
    ("sqls", "rejected", "waiting", "days", "state"),
    [
        (3, 7, 0, 60, "kept"),
        (2, 8, 0, 60, "broken"),
        (2, 6, 2, 60, "open"),
        (3, 2, 5, 60, "kept"),  # even if nobody else is accepted
        (1, 8, 1, 60, "broken"),  # even if the last one is
        (2, 6, 2, 100, "broken"),  # whoever waits beyond the horizon of 91 days is no SQL
    ],
)
def test_a_rate_is_decided_when_those_who_wait_cannot_change_it(
    world, at, sqls, rejected, waiting, days, state
):
    made = world(versions=[{"from": "2026-01-01", "sql_rate": 0.3}])
    made.settings = {"outcome": {"horizon": 91}}
    start = at("2026-06-15 12:00")
    made.extract_at = start + timedelta(days=days)
    stages = ["sql"] * sqls + ["rejected"] * rejected + [None] * waiting
    for number, stage in enumerate(stages):
        made.lead(f"L{number}", start)
        if stage:
            made.stage(f"L{number}", stage, start + timedelta(days=5), "no need")
    assert states(made.ledger(month="2026-06"))["sql_rate"] == state


def test_an_sql_after_the_horizon_is_none_for_the_rate(world, at):
    made = world(versions=[{"from": "2026-01-01", "sql_rate": 0.5}])
    made.settings = {"outcome": {"horizon": 10}}
    for lead, days in (("L1", 10), ("L2", 10.001)):
        made.lead(lead, at("2026-09-01 12:00"))
        made.stage(lead, "sql", at("2026-09-01 12:00") + timedelta(days=days))
    found = made.ledger(month="2026-09")
    assert [
        (p.count, p.pending) for p in found.promises if p.name == "sql_rate" and not p.market
    ] == [(1, 0)]
    assert found.rows["verdict"].to_pylist() == ["sql", "sql"]
    assert any("later than the horizon" in note for note in found.notes)


@pytest.mark.parametrize(
    ("delays", "state"),
    [
        ([1, 24, 24, 25], "kept"),
        ([1, 24, 25, 25], "broken"),
        ([1, 24, 24, None], "kept"),
        ([1, 1, 25, None], "open"),  # the last one's clock still runs
        ([1, 25, 25, None], "broken"),
    ],
)
def test_a_running_clock_is_no_pass(world, at, delays, state):
    made = world("2026-10-01 06:00", versions=[
        {"from": "2026-01-01", "first_contact": ELAPSED, "contacted": 0.75}])  # fmt: skip
    for number, hours in enumerate(delays):
        handed = at("2026-09-30 20:00") if hours is None else at("2026-09-14 09:00")
        made.lead(f"L{number}", handed)
        if hours is not None:
            made.activity(f"L{number}", handed + timedelta(hours=hours))
    found = made.ledger(month="2026-09")
    assert states(found)["contacted"] == state
    assert found.lines[0].running == delays.count(None)


def test_a_contact_can_be_due_long_after_the_extract(world, at):
    made = world("2026-10-01 00:00", versions=[
        {"from": "2026-01-01", "first_contact": {"hours": 75}, "contacted": 1.0}])  # fmt: skip
    made.lead("L1", at("2026-09-30 18:00"))
    row = made.ledger(month="2026-09").rows.to_pylist()[0]
    assert (row["contact"], row["due_at"]) == ("running", at("2026-10-14 18:00"))  # ten days of 7.5


def test_a_month_that_is_not_over_stays_open_while_it_can_still_be_won(world, at):
    versions = [{"from": "2026-01-01", "mqls_per_month": 2, "sql_rate": 0.5, "documented": 1.0,
                 "first_contact": ELAPSED, "contacted": 1.0}]  # fmt: skip
    made = world("2026-09-20 12:00", versions=versions)
    made.lead("L1", at("2026-09-01 12:00"))
    made.stage("L1", "sql", at("2026-09-02 12:00"))
    made.activity("L1", at("2026-09-05 12:00"))
    found = made.ledger(month="2026-09")
    assert not found.complete
    assert states(found) == {
        "mqls": "open",
        "sql_rate": "open",
        "contacted": "broken",  # all was promised, and one was late
        "documented": "open",
        "reasons": "open",
    }
    made.lead("L2", at("2026-09-03 12:00"))
    assert states(made.ledger(month="2026-09"))["mqls"] == "kept"


def test_what_the_data_cannot_tell_accuses_nobody(world, at):
    made = world(versions=[{"from": "2026-01-01", "mqls_per_month": 1}])
    made.lead("L1", at("2026-09-01 12:00"))
    made.stage("L1", "rejected", at("2026-09-03 12:00"))
    made.activity("L1", at("2026-09-02 12:00"), None)
    for table, column in (("stages", "reason"), ("activities", "documented")):
        made.sources[table] = {k: v for k, v in made.sources[table].items() if k != column}
    found = made.ledger(month="2026-09")
    assert states(found) == {"mqls": "kept"}
    assert not found.breaches
    assert [note.split("`")[1] for note in found.notes] == ["sources.activities.documented"]
    assert found.rows["contact"].to_pylist() == [None], "nobody promised a time"


def test_only_what_the_contract_calls_a_contact_is_one(world, at):
    made = world(
        contact={"kinds": ["call"], "outcomes": ["conversation", "callback"]},
        versions=[{"from": "2026-01-01", "first_contact": ELAPSED, "documented": 0.5}],
    )
    made.lead("L1", at("2026-09-01 12:00"))
    for hour, kind, outcome in ((13, "mail", "conversation"), (14, "call", "no answer"),
                                (15, "call", None), (16, "call", "callback")):  # fmt: skip
        made.activity("L1", at(f"2026-09-01 {hour}:00"), kind=kind, outcome=outcome)
    row = made.ledger(month="2026-09").rows.to_pylist()[0]
    assert row["hours"] == 4
    assert row["activities"] == 4, "all of them are to be written down"


def test_the_longest_overdue_come_first(world, at):
    patient = {"first_contact": {"hours": 240, "clock": "elapsed"}}
    made = world(
        versions=[{"from": "2026-01-01", "first_contact": ELAPSED, "markets": {"FR": patient}}],
        escalations=[{"hours": 0, "to": "team lead"}],
    )
    made.lead("earlier", at("2026-09-01 12:00"), market="FR")
    made.lead("longer", at("2026-09-02 12:00"), market="JP")
    found = made.ledger(month="2026-09").escalations
    assert [e.lead_id for e in found] == ["longer", "earlier"]


def test_nobody_is_told_of_a_lead_that_is_decided_on(world, at):
    made = world(
        versions=[{"from": "2026-01-01", "first_contact": ELAPSED}],
        escalations=[{"hours": 0, "to": "team lead"}],
    )
    for lead in ("waits", "rejected"):
        made.lead(lead, at("2026-09-01 12:00"))
    made.stage("rejected", "rejected", at("2026-09-02 12:00"), "no need")
    found = made.ledger(month="2026-09")
    assert [e.lead_id for e in found.escalations] == ["waits"]
    assert [b.lead_id for b in found.breaches] == ["rejected", "waits"]


# -------------------------------------------------------------------------------- versions


def test_each_lead_is_judged_by_the_version_of_its_day(world, at):
    made = world(versions=[
        {"from": "2026-01-01", "mqls_per_month": 30, "sql_rate": 0.5, "contacted": 0.9,
         "first_contact": {"hours": 48, "clock": "elapsed"}, "documented": 0.8},
        {"from": "2026-09-16", "mqls_per_month": 60, "sql_rate": 0.25, "contacted": 0.9,
         "first_contact": ELAPSED, "documented": 0.8},
    ])  # fmt: skip
    last_of_old, first_of_new = at("2026-09-15 23:59"), at("2026-09-16 00:00")
    for lead, handed in (("old", last_of_old), ("new", first_of_new)):
        made.lead(lead, handed)
        made.activity(lead, handed + timedelta(hours=30))
        made.stage(lead, "rejected", handed + timedelta(days=2), "no need")
    found = made.ledger(month="2026-09")
    assert found.versions == ("2026-01-01", "2026-09-16")
    assert dict(zip(*(found.rows[c].to_pylist() for c in ("lead_id", "contact")), strict=True)) == {
        "old": "in_time", "new": "late"
    }  # fmt: skip
    everywhere = [p for p in found.promises if not p.market]
    assert [(p.name, p.promised, p.version, p.state) for p in everywhere] == [
        ("mqls", 45, "", "broken"),  # half a month at 30 and half a month at 60
        ("sql_rate", 0.5, "2026-01-01", "broken"),
        ("sql_rate", 0.25, "2026-09-16", "broken"),
        ("contacted", 0.9, "2026-01-01", "kept"),  # as many, but within another time
        ("contacted", 0.9, "2026-09-16", "broken"),
        ("documented", 0.8, "", "kept"),
        ("reasons", 1, "", "kept"),
    ]
    assert any("2 versions" in note for note in found.notes)


def test_a_quarter_adds_up_the_parts_that_are_promised(world, at):
    made = world(versions=[
        {"from": "2026-02-15", "until": "2026-02-21", "mqls_per_month": 10},
        {"from": "2026-03-01", "mqls_per_month": 10, "markets": {"FR": {"mqls_per_month": 4}}},
    ])  # fmt: skip
    for lead, day in (
        ("none", "02-14"),
        ("first", "02-21"),
        ("later", "02-22"),
        ("second", "03-31"),
    ):
        made.lead(lead, at(f"2026-{day} 12:00"))
        made.stage(lead, "rejected", at("2026-04-01 12:00"))
    found = made.ledger(quarter="2026-Q1")
    volumes = {p.market: (p.promised, p.count) for p in found.promises if p.name == "mqls"}
    assert volumes == {"": (12.5, 2), "FR": (4, 1)}  # 7 of 28 days, and a month
    assert any("2 leads were handed over on days without a contract" in n for n in found.notes)
    assert found.rows["version"].to_pylist() == ["", "2026-02-15", "", "2026-03-01"]
    assert [b.lead_id for b in found.breaches] == ["first", "second"], "no contract, no breach"


def test_months_are_the_twelve_up_to_the_window(world, at):
    made = world(versions=[{"from": "2025-01-01", "mqls_per_month": 1}])
    for month in ("2025-09", "2025-12", "2026-09", "2026-10"):
        made.lead(month, at(f"{month}-01 00:00"))
    found = made.ledger(month="2026-09")
    assert [(m.value, m.mqls) for m in found.months if m.mqls] == [("2025-12", 1), ("2026-09", 1)]
    assert found.months[0].value == "2025-12", "not before the first handover of the year"
    assert len(found.months) == 10


# -------------------------------------------------------------------------------- verdicts


@pytest.mark.parametrize(
    ("stages", "verdict", "reason", "day"),
    [
        ([("sql", 2)], "sql", "", 2),
        ([("won", 2)], "sql", "", 2),
        ([("sql", 2), ("lost", 5)], "sql", "", 2),  # a deal lost later is no verdict on the MQL
        ([("lost", 5)], "rejected", "lost 5", 5),
        ([("rejected", 2), ("sql", 5)], "rejected", "rejected 2", 2),  # the first word counts
        ([("sql", 2), ("rejected", 2)], "sql", "", 2),
        ([("rejected", 3), ("lost", 3)], "rejected", "rejected 3", 3),
        ([("sql", 0)], "sql", "", 0),  # at the handover itself
        ([("sql", -1)], "waiting", "", None),
        ([("sql", -1), ("lost", 3)], "waiting", "", None),
        ([("rejected", -1), ("sql", 3)], "sql", "", 3),
        ([("mql", 0)], "waiting", "", None),
    ],
)
def test_the_first_verdict_after_the_handover_counts(world, at, stages, verdict, reason, day):
    made = world(versions=[{"from": "2026-01-01", "sql_rate": 0.3}])
    handed = at("2026-09-01 12:00")
    made.lead("L1", handed)
    for stage, days in stages:
        made.stage("L1", stage, handed + timedelta(days=days), f" {stage} {days} ")
    row = made.ledger(month="2026-09").rows.to_pylist()[0]
    decided = None if day is None else handed + timedelta(days=day)
    assert (row["verdict"], row["reason"], row["decided_at"]) == (verdict, reason, decided)


def test_a_reason_is_one_of_the_contract_then_in_force(world, at):
    made = world(versions=[
        {"from": "2026-01-01", "rejection_reasons": ["price"]},
        {"from": "2026-09-16", "mqls_per_month": 1},
    ])  # fmt: skip
    for lead, day, reason in (("L1", "01", "price"), ("L2", "02", "mood"), ("L3", "03", "  "),
                              ("L4", "20", "mood"), ("L5", "21", None)):  # fmt: skip
        made.lead(lead, at(f"2026-09-{day} 12:00"))
        made.stage(lead, "rejected", at("2026-10-01 12:00"), reason)
    found = made.ledger(month="2026-09")
    assert {b.lead_id: b.what for b in found.breaches} == {
        "L2": "reason not in the contract",
        "L3": "rejected without a reason",
        "L5": "rejected without a reason",
    }
    assert found.reasons == (
        ("", 2, False), ("mood", 1, False), ("mood", 1, True), ("price", 1, True)
    )  # fmt: skip
    promised = [(p.version, p.count, p.state) for p in found.promises if p.name == "reasons"]
    assert promised == [("2026-01-01", 1, "broken"), ("2026-09-16", 1, "broken")]


# --------------------------------------------------------------------------- irregularities


def test_what_cannot_be_judged_is_pointed_out(world, at):
    made = world(versions=[{"from": "2026-01-01", "first_contact": {"hours": 8}, "contacted": 1.0}])
    handed = at("2026-09-01 12:00")
    made.lead("early", handed)
    made.activity("early", handed - timedelta(days=1))
    made.lead("accepted", handed)
    made.stage("accepted", "sql", handed - timedelta(hours=1))
    made.lead("unborn", handed, created=handed + timedelta(hours=1))
    made.lead("twice", handed)
    made.stage("twice", "mql", handed)
    made.stage("twice", "mql", handed + timedelta(days=1))
    made.lead("once", handed)
    made.stage("once", "mql", handed)
    made.stage("once", "mql", handed)  # the same row twice is one handover
    made.lead("nobody's", handed, owner=None)
    made.lead("nowhere", handed, market=None)
    made.handed.append(("ghost", handed, None))
    found = made.ledger(month="2026-09")
    assert Counter((i.lead_id, i.what) for i in found.irregularities) == Counter({
        ("early", "sales worked it before the handover"): 1,
        ("accepted", "it was an SQL before the handover"): 1,
        ("unborn", "it was handed over before it was created"): 1,
        ("twice", "it was handed over more than once"): 1,
        ("nobody's", "it has no owner"): 1,
        ("nowhere", "it belongs to no sales team"): 1,
        ("ghost", "it is not among the leads"): 1,
        ("ghost", "it has no owner"): 1,
        ("ghost", "it belongs to no sales team"): 1,
    })  # fmt: skip
    assert all(i.todo for i in found.irregularities)
    assert found.lines[0].mqls == 8
    contact = dict(zip(*(found.rows[c].to_pylist() for c in ("lead_id", "contact")), strict=True))
    assert contact["early"] == "overdue", "work from before the handover is no contact after it"
    assert contact["nowhere"] is None
    assert any("2 leads belong to no sales team" in note for note in found.notes)
    assert not found.escalations, "none are declared"


def test_what_the_company_does_not_have_is_not_missed(world, at):
    made = world(
        versions=[{"from": "2026-01-01", "mqls_per_month": 1}], handovers="scores", teams={}
    )
    made.sources["leads"] = {k: v for k, v in made.sources["leads"].items() if k != "owner"}
    made.lead("L1", at("2026-09-01 12:00"), owner=None)
    for day in ("02", "03"):
        made.stage("L1", "mql", at(f"2026-09-{day} 12:00"))
    found = made.ledger(month="2026-09")
    assert not found.irregularities
    assert {line.dimension for line in found.lines} == {"all", "market", "source"}


def test_nothing_after_the_extract_is_looked_at(world, at):
    made = world("2026-10-01 00:00", versions=[
        {"from": "2026-01-01", "first_contact": ELAPSED, "contacted": 0.9}])  # fmt: skip
    made.lead("L1", at("2026-09-30 12:00"))
    made.activity("L1", at("2026-10-01 00:01"))
    made.stage("L1", "sql", at("2026-10-01 00:01"))
    row = made.ledger(month="2026-09").rows.to_pylist()[0]
    assert (row["contact"], row["verdict"], row["hours"]) == ("running", "waiting", 12)


# --------------------------------------------------------------------------------- refusals


def refused(made, kind, **asked):
    with pytest.raises(kind) as error:
        made.ledger(**asked)
    return str(error.value)


def test_no_contract_no_ledger(world, at):
    made = world(versions=[])
    made.lead("L1", at("2026-09-01 12:00"))
    assert "contract.versions" in refused(made, UsageError, month="2026-09")


def test_no_version_in_force(world, at):
    made = world(versions=[{"from": "2026-01-01", "until": "2026-03-31", "mqls_per_month": 1},
                           {"from": "2026-10-01", "mqls_per_month": 1}])  # fmt: skip
    made.lead("L1", at("2026-09-01 12:00"))
    said = refused(made, UsageError, month="2026-09")
    assert "2026-01-01 to 2026-03-31, from 2026-10-01" in said


def test_no_handovers(world, at):
    made = world(versions=[{"from": "2025-01-01", "mqls_per_month": 1}])
    assert "sources.stages.stages" in refused(made, Finding, month="2026-08")
    for day in ("06-30 23:30", "07-01 00:30", "09-02 12:00"):
        made.lead(day, at(f"2026-{day}"))
    assert "2026-06 to 2026-07, 2026-09" in refused(made, Finding, month="2026-05")
    empty = made.ledger(month="2026-08")
    assert next((p.name, p.count, p.state) for p in empty.promises) == ("mqls", 0, "broken")
    assert "2026-06 to 2026-07, 2026-09" in empty.notes[0]
    assert not empty.lines


def test_a_market_without_handovers_broke_its_own_promise(world, at):
    markets = {"JP": {"mqls_per_month": 2}}
    made = world(versions=[{"from": "2026-01-01", "mqls_per_month": 5, "markets": markets}])
    made.lead("L1", at("2026-08-01 12:00"), market="JP")
    made.lead("L2", at("2026-09-01 12:00"), market="FR")
    found = made.ledger(month="2026-09", scope={"market": "JP"})
    volumes = [(p.market, p.promised, p.count, p.state) for p in found.promises if p.name == "mqls"]
    assert volumes == [("JP", 2, 0, "broken")]
    assert "JP" in str(found.notes[0])


def test_a_scope_nobody_has(world, at):
    made = world(versions=[{"from": "2026-01-01", "mqls_per_month": 1}])
    made.lead("L1", at("2026-09-01 12:00"), origin="web'site")
    for scope, known in (({"market": "fr"}, "FR"), ({"source": "fair"}, "web'site"),
                         ({"owner": "x"}, "anna")):  # fmt: skip
        assert known in refused(made, UsageError, month="2026-09", scope=scope)


def test_a_company_without_instants(world):
    made = world(versions=[{"from": "2026-01-01", "mqls_per_month": 1}])
    del made.sources["stages"], made.sources["activities"]
    made.settings = {"outcome": {"column": "y", "positive": ["1"], "negative": ["0"]}}
    assert "sources.stages" in refused(made, UsageError, month="2026-09")
