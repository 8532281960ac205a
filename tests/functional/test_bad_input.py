"""Files that cannot be learned from: a sentence that says what is missing, never a traceback."""

import pytest


def rows(count, size="{n}", won=lambda n: "yes" if n % 3 == 0 else "no"):
    lines = [f"{n},{size.format(n=n % 50)},{won(n)}" for n in range(count)]
    return "id,size,won\n" + "\n".join(lines) + "\n"


def refused(company, *words, command="train", code=3):
    """The command fails with these words, in text and as JSON."""
    said = company.run(command, code=code)
    for word in words:
        assert word in said.stderr
    assert said.stdout == ""
    as_json = company.run(command, "--json", code=code).json()
    assert as_json["found"]
    assert not company.bundles()
    return said.stderr


def test_good_rows_pass_the_check(flat):
    """The others below fail for what is wrong with them, not for what they have in common."""
    result = flat(rows(600)).run("check", "--json").json()
    assert result["problems"] == []
    assert result["shape"] == "flat"
    assert result["labels"]["positive"] == 200


def test_a_misnamed_column_shows_the_difference(flat):
    company = flat(rows(600), profile="sise: number")
    said = refused(company, "'sise' not found", "'id', 'size', 'won'", "did you mean 'size'")
    assert "leads.csv (leads)" in said


def test_check_tells_the_misnamed_columns_of_all_tables_at_once(untrained):
    text = untrained.config.read_text(encoding="utf-8")
    text = text.replace("type: type\n", "type: sort\n").replace("kind: kind", "kind: nature")
    untrained.config.write_text(text, encoding="utf-8")
    found = untrained.run("check", "--json", code=3).json()["problems"]
    assert len(found) == 2
    assert "'sort' not found" in found[0]
    assert "'nature' not found" in found[1]
    shown = untrained.run("check", code=3).stdout
    assert shown.count("problem: ") == 2


def test_a_missing_outcome_column_shows_the_difference(flat):
    refused(flat(rows(600).replace("won", "result", 1)), "'won' not found", "'result'")


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "leads.csv"), ("id,size,won\n", "none of 0 records"), ("\n\n\n", "leads.csv")],
    ids=["empty", "header-only", "blank-lines"],
)
def test_a_file_without_rows(flat, text, said):
    refused(flat(text), said, "expected: ", "to do: ")


def test_a_file_that_is_not_there(flat):
    company = flat(rows(10))
    (company.folder / "leads.csv").unlink()
    refused(company, "leads.csv: no such file", "to do: ")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PAR1" + bytes(100), "a Parquet file"),
        (b"PK\x03\x04" + bytes(100), "an Excel workbook"),
        (b"\xff\xfei\0d\0,\0w\0o\0n\0\n\0", "UTF-16"),
    ],
)
def test_a_file_of_another_kind_is_named(flat, content, said):
    refused(flat(content), said)


@pytest.mark.parametrize("only", ["yes", "no"])
def test_one_outcome_only(flat, only):
    company = flat(rows(600, won=lambda _: only))
    lacking = "negative" if only == "yes" else "positive"
    refused(company, "600 with a", "at least 20 leads of either outcome", f"{lacking} outcome")


def test_ten_leads(flat):
    refused(flat(rows(10)), "4 with a positive", "6 with a negative", "at least 20 leads of either")


def test_an_outcome_nobody_declared(flat):
    company = flat(rows(600, won=lambda n: ("ja", "nein")[n % 2]))
    refused(company, "0 with a positive", "at least 20")
    notes = company.run("check", "--json", code=3).json()["notes"]
    assert any("'ja' (300)" in note and "'nein' (300)" in note for note in notes)


@pytest.mark.parametrize(
    ("size", "reason"),
    [("", "all values are missing"), ("7", "constant")],
    ids=["null", "constant"],
)
def test_the_only_column_tells_nothing(flat, size, reason):
    company = flat(rows(600, size=size))
    found = company.run("check", "--json", code=None).json()
    assert [reason in column["reason"] for column in found["left_out"]] == [True]
    refused(company, "column", "expected: ", "to do: ")


def test_a_useless_column_beside_a_useful_one_is_left_out_and_named(flat):
    text = "id,size,empty,same,won\n" + "".join(
        f"{n},{n % 50},,x,{'yes' if n % 3 == 0 else 'no'}\n" for n in range(600)
    )
    profile = "size: number, empty: number, same: category"
    found = flat(text, profile).run("check", "--json").json()
    assert {c["column"]: c["reason"].split(":")[0] for c in found["left_out"]} == {
        "empty": "all values are missing",
        "same": "constant",
    }
    assert found["features"] == 1


def test_numbers_that_are_none_are_quarantined_with_their_line(flat):
    company = flat(rows(600) + "x,many,yes\n")
    found = company.run("check", "--json").json()
    (leads,) = found["sources"]
    assert (leads["records"], leads["loaded"], leads["quarantined"]) == (601, 600, 1)
    assert "many" in found["quarantined"][0][1]


def test_a_history_shorter_than_the_horizon_says_how_much_is_needed(untrained):
    text = untrained.config.read_text(encoding="utf-8")
    untrained.config.write_text(text.replace("horizon: 91", "horizon: 700"), encoding="utf-8")
    said = untrained.run("check", "--json", code=3).json()
    assert said["labels"]["immature"] > 0
    assert "\n  expected: at least 20 leads of either outcome" in said["problems"][0]


def test_a_configuration_says_all_that_is_wrong_with_it(flat):
    company = flat(rows(10))
    text = company.config.read_text(encoding="utf-8")
    text = text.replace("trees: 20", "trees: many").replace("company: Flat", "compony: Flat")
    company.config.write_text(text, encoding="utf-8")
    said = company.run("train", code=2).stderr
    assert "3 problems" in said
    for key in ("company", "compony", "training.trees"):
        assert f"{key}: found" in said


@pytest.mark.parametrize("command", ["check", "train", "score", "explain X", "models list"])
def test_no_configuration_at_all(cli, command):
    """Without --config the demo's is taken, which only a checkout has."""
    said = cli(*command.split(), code=2).stderr
    assert "configs/demo.yaml" in said
    assert "no such file" in said
    assert "predictive-scoring init DIR" in said
