"""Proposals load where everything was found, and say what was not."""

import codecs
from typing import Any

import duckdb
import pytest

from predictive_scoring.config import load_config
from predictive_scoring.errors import ConfigError, DataError
from predictive_scoring.proposal import propose
from predictive_scoring.sources import load

N = 60


def test_dates_that_cannot_tell_day_from_month_stay_commented_out(tmp_path, write, proposed):
    rows = [[f"u{i}", f"0{i % 9 + 1}/0{i % 7 + 1}/2026", "ab"[i % 2], i % 2] for i in range(N)]
    write(tmp_path / "leads.csv", ["lead_id", "created_at", "origin", "converted"], rows)
    proposal, error = proposed(tmp_path)
    assert isinstance(error, ConfigError)
    assert any("day from the month" in line for line in proposal.unknown)
    assert "# What could not be known:\n# - time_zone: " in proposal.text
    assert "\n# - sources.leads.created_at: could not tell" in proposal.text
    for form in ("%d/%m/%Y", "%m/%d/%Y"):
        line = f"# created_at: {{column: created_at, format: {form!r}}}"
        assert line in proposal.text
        file = tmp_path / "chosen.yaml"
        file.write_text(proposal.text.replace(line, line[2:]), encoding="utf-8")
        created_at = load_config(file).sources.leads.created_at
        assert created_at is not None
        assert created_at.format == form


def test_integer_dates_are_declared_as_a_guess(tmp_path, write, proposed):
    rows = [[f"u{i}", 20260101 + i % 28, "ab"[i % 2], i % 2] for i in range(N)]
    write(tmp_path / "leads.csv", ["lead_id", "created", "origin", "converted"], rows)
    proposal, config = proposed(tmp_path)
    assert config.sources.leads.created_at.format == "%Y%m%d"
    assert any("whole numbers taken for dates" in line for line in proposal.guessed)


def test_levels_that_may_mean_missing_are_mentioned_never_declared(tmp_path, write, proposed):
    rows = [
        [["unknown", "web"][i % 2], [999, i % 9][i % 2], ["NA", i][i % 2], "yn"[i % 2]]
        for i in range(N)
    ]
    write(tmp_path / "export.csv", ["origin", "days_since", "budget", "y"], rows)
    proposal, config = proposed(tmp_path)
    profile = config.sources.leads.profile
    assert profile["origin"].nulls == profile["days_since"].nulls == ()
    assert profile["budget"].nulls == ("NA",)
    assert any("'unknown' in 'origin'" in line for line in proposal.unknown)
    assert any("'999' in 'days_since'" in line for line in proposal.unknown)
    assert config.sources.leads.order == "nothing"


def test_flags_in_other_words_are_declared_with_their_words(tmp_path, write, proposed):
    rows = [[["ja", "nein"][i % 2], ["Yes", "No"][i % 2], "yn"[i % 2]] for i in range(N)]
    write(tmp_path / "export.csv", ["Newsletter", "Partner", "y"], rows)
    profile = proposed(tmp_path)[1].sources.leads.profile
    assert (profile["newsletter"].true, profile["newsletter"].false) == (("ja",), ("nein",))
    assert (profile["partner"].true, profile["partner"].false) == (("Yes",), ("No",))


def test_protected_attributes_are_recognised_inside_longer_names(tmp_path, write, proposed):
    rows = [["ab"[i % 2], "cd"[i % 2], "ef"[i % 2], "yn"[i % 2]] for i in range(N)]
    write(tmp_path / "export.csv", ["applicant_gender_code", "Tranche d'âge", "page", "y"], rows)
    leads = proposed(tmp_path)[1].sources.leads
    assert leads.ignore == dict.fromkeys(
        ("applicant_gender_code", "Tranche d'âge"), "protected attribute"
    )
    assert set(leads.profile) == {"page"}


def test_an_outcome_in_unknown_words_is_left_to_a_person(tmp_path, write, proposed):
    rows = [[["web", "fair"][i % 2], ["alpha", "beta"][i % 2]] for i in range(N)]
    write(tmp_path / "export.csv", ["origin", "outcome"], rows)
    proposal, error = proposed(tmp_path)
    assert isinstance(error, ConfigError)
    assert any("'alpha', 'beta'" in line for line in proposal.unknown)


HOSTILE = [
    'lead_id"; DROP TABLE leads; --',
    'a"b',
    "a: b #c",
    "LEAD_ID",
    "lead\x00id",
    "x" * 64,
    "",
    "*",
    "{{x}}",
    "${x}",
    "a\nb",
    "- x",
    "? y",
    "null",
    "yes",
    "\u202elead",
    "l\u0435ad_id",
    "y" * 1200,
]


def test_hostile_names_are_quoted_and_none_is_lost(tmp_path, write, proposed):
    rows = [
        [f"u{i}", "yn"[i % 2], *(f"v{i * j % 5}" for j in range(1, len(HOSTILE) + 1))]
        for i in range(N)
    ]
    write(tmp_path / "[1] leads: #x*.csv", ["lead_id", "converted", *HOSTILE], rows)
    proposal, config = proposed(tmp_path)
    leads = config.sources.leads
    assert leads.file == "[1] leads: #x*.csv"
    declared = {p.column or name for name, p in leads.profile.items()} | set(leads.ignore)
    assert declared == set(HOSTILE) - {"y" * 1200}
    assert any("too long a name" in line for line in proposal.unknown)


def test_files_alike_but_for_digits_are_one_table(tmp_path, write, proposed):
    write(
        tmp_path / "leads.csv",
        ["lead_id", "created_at", "converted"],
        [[f"u{i}", "2026-01-01T00:00:00Z", i % 2] for i in range(N)],
    )
    for month in (1, 2):
        write(
            tmp_path / f"events-2026-0{month}.csv",
            ["lead_id", "occurred_at", "type"],
            [[f"u{i}", f"2026-0{month}-03T00:00:00Z", "visit"] for i in range(N)],
        )
    assert proposed(tmp_path)[1].sources.events.file == "events-*-*.csv"
    write(tmp_path / "events-9-9.csv", ["x", "y"], [["a", "b"]])
    proposal, config = proposed(tmp_path)
    assert config.sources.events.file == "events-2026-01.csv"
    assert any("events-2026-02.csv" in line for line in proposal.unknown)


def test_parquet_says_its_own_types(tmp_path, proposed):
    import datetime as dt

    import pyarrow as pa
    import pyarrow.parquet as pq

    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    table = pa.table(
        {
            "lead_id": [f"u{i}" for i in range(N)],
            "created_at": [start + dt.timedelta(days=i) for i in range(N)],
            "partner": [i % 2 == 0 for i in range(N)],
            "visits": [i % 7 for i in range(N)],
            "topics": [["a", "b"] for _ in range(N)],
            "converted": [i % 3 == 0 for i in range(N)],
        }
    )
    pq.write_table(table, tmp_path / "leads.parquet", row_group_size=20)
    proposal, config = proposed(tmp_path)
    leads = config.sources.leads
    assert leads.created_at.format == "iso"
    assert {n: p.type for n, p in leads.profile.items()} == {"partner": "flag", "visits": "number"}
    assert leads.ignore == {"topics": "lists or structures are not read"}
    assert (config.outcome.positive, config.outcome.negative) == (("true",), ("false",))
    assert not any(line.startswith("time_zone") for line in proposal.unknown)


def test_what_cannot_be_read_is_said_and_the_rest_is_proposed(tmp_path, write, proposed):
    write(tmp_path / "leads.csv", ["origin", "y"], [["ab"[i % 2], "yn"[i % 2]] for i in range(N)])
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and no more")
    (tmp_path / "bare.csv").write_text("1,2026-01-01\n2,2026-01-02\n", encoding="utf-8")
    (tmp_path / "twice.csv").write_text("a,a\n1,2\n", encoding="utf-8")
    (tmp_path / "header.csv").write_text("a,b\n", encoding="utf-8")
    proposal, config = proposed(tmp_path)
    assert config.sources.leads.file == "leads.csv"
    for name in ("empty", "binary", "broken", "bare", "twice", "header"):
        assert any(f"'{name}." in line for line in proposal.unknown), name


def test_no_usable_file_has_three_parts(tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(DataError) as error:
        propose(tmp_path, tmp_path / "c.yaml")
    assert "'empty.csv': is empty" in error.value.found
    assert error.value.expected
    assert error.value.todo


def test_nothing_is_written(french_company):
    before = {file: file.stat().st_mtime_ns for file in french_company.rglob("*")}
    propose(french_company, french_company / "config.yaml")
    assert {file: file.stat().st_mtime_ns for file in french_company.rglob("*")} == before


@pytest.mark.slow
@pytest.mark.real_data
def test_real_companies(tmp_path, shared_data):
    loads: dict[str, Any] = {}
    for folder in ("uci-bank-marketing", "olist-funnel", "bpic2012", "google-merch"):
        file = tmp_path / f"{folder}.yaml"
        file.write_text(propose(shared_data / folder, file).text, encoding="utf-8")
        try:
            loads[folder] = load_config(file)
        except ConfigError as error:
            loads[folder] = error
    bank = loads["uci-bank-marketing"]
    assert (bank.outcome.positive, bank.sources.leads.csv.delimiter) == (("yes",), ";")
    assert set(bank.sources.leads.ignore) == {"age", "marital", "duration"}
    funnel = loads["olist-funnel"].sources
    assert (funnel.leads.lead_id, funnel.stages.always) == ("mql_id", "won")
    lender = loads["bpic2012"]
    assert (lender.sources.events.type, lender.outcome.positive) == ("activity", ("approved",))
    assert isinstance(loads["google-merch"], ConfigError)


@pytest.mark.real_data
def test_bad_input_never_crashes(tmp_path, bad_input, write, proposed):
    file = tmp_path / "config.yaml"
    for source in sorted(bad_input.rglob("*.csv")):
        try:
            text = propose(source, file).text
        except DataError:
            continue
        file.write_text(text, encoding="utf-8")
        try:
            load_config(file)
        except ConfigError as error:
            assert "outcome from one place" in str(error)  # noqa: PT017 - the only thing missing
    lines = (bad_input / "own" / "identifiers.txt").read_text(encoding="utf-8").splitlines()
    names = list(dict.fromkeys(codecs.decode(line, "unicode_escape") for line in lines))
    rows = [["yn"[i % 2], *(f"v{i * j % 7}" for j in range(1, len(names) + 1))] for i in range(N)]
    write(tmp_path / "hostile" / "leads.csv", ["y", *names], rows)
    leads = proposed(tmp_path / "hostile")[1].sources.leads
    declared = {p.column or name for name, p in leads.profile.items()} | set(leads.ignore)
    assert declared == set(names)


def test_a_file_without_header_is_refused(tmp_path):
    (tmp_path / "leads.csv").write_text("web,2026-01-01\nfair,2026-01-02\n", encoding="utf-8")
    with pytest.raises(DataError, match="has no header"):
        propose(tmp_path, tmp_path / "c.yaml")


def test_columns_without_names_are_passed_over(tmp_path, write, proposed):
    rows = [["ab"[i % 2], "yn"[i % 2], i, "cd"[i % 2]] for i in range(N)]
    write(tmp_path / "leads.csv", ["origin", "y", "", ""], rows)
    assert set(proposed(tmp_path)[1].sources.leads.profile) == {"origin"}
    write(tmp_path / "leads.csv", ["origin", "y", "", "x"], rows)
    assert proposed(tmp_path)[1].sources.leads.ignore == {"": "has no name"}


def test_what_is_proposed_is_read_without_a_record_lost(french_company, proposed):
    proposal, _ = proposed(french_company)
    file = french_company / "config.yaml"
    line = next(line for line in proposal.text.splitlines() if "# time_zone: " in line)
    file.write_text(proposal.text.replace(line, line.removeprefix("# ")), encoding="utf-8")
    with duckdb.connect() as connection:
        counts = {count.table: count for count in load(load_config(file), connection).counts}
    assert {table: count.quarantined for table, count in counts.items()} == dict.fromkeys(
        ("leads", "events", "stages", "activities"), 0
    )
    assert (counts["leads"].loaded, counts["events"].loaded) == (N, 3 * N)
    assert counts["stages"].set_aside == 2 * N // 5
