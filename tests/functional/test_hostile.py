"""Hostile values, identifiers and files from beside the checkout, through the whole path."""

import csv
import io
import json

import pytest


@pytest.fixture(scope="module")
def strings(bad_input):
    """Distinct non-blank strings that break programs, as CSV can hold them."""
    listed = json.loads((bad_input / "blns" / "blns.json").read_text(encoding="utf-8"))
    kept = [s for s in listed if s.strip() and "\x00" not in s and "\r" not in s]
    return list(dict.fromkeys(s.strip() for s in kept))


def written(header, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def test_naughty_strings_as_identifiers_and_categories_are_scored_and_explained(flat, strings):
    assert len(strings) > 400
    rows = [
        (f"{s}", strings[i % 7], i % 50, ("yes", "no", "no", "?")[i % 4])
        for i, s in enumerate(strings)
    ]
    company = flat(
        written(["id", "word", "size", "won"], rows),
        profile="size: number, word: category",
        leads="    lead_id: id\n",
    )
    text = company.config.read_text(encoding="utf-8")
    text = text.replace("[base_rate, logistic]", "[logistic]") + "features: {rare: 1}\n"
    company.config.write_text(text, encoding="utf-8")
    trained = company.run("train", "--json").json()
    (leads,) = trained["sources"]
    assert leads["records"] == len(rows) == leads["loaded"] + leads["quarantined"]
    scored = company.run("score", "--json").json()
    assert scored["scored"] + sum(scored["excluded"].values()) == leads["loaded"]
    company.run("score")
    stored = [lead for (lead,) in company.query("SELECT lead_id FROM lead_scores")]
    assert set(stored) <= {row[0] for row in rows}
    assert len(stored) > 90
    for lead in stored[::9]:
        told = company.run("explain", "--json", "--", lead).json()
        assert told["lead_id"] == lead
        company.run("explain", "--lang", "fr", "--", lead)


def test_values_that_are_no_numbers_are_quarantined_or_missing_never_guessed(flat, bad_input):
    with (bad_input / "own" / "values.csv").open(newline="", encoding="utf-8") as stream:
        values = [row["value"] for row in csv.DictReader(stream) if row["kind"] == "number"]
    rows: list[tuple[object, ...]]
    rows = [(n, n % 50, "yes" if n % 3 else "no") for n in range(200)]
    rows += [(1000 + n, value, "yes") for n, value in enumerate(values)]
    found = flat(written(["id", "size", "won"], rows)).run("check", "--json").json()
    (leads,) = found["sources"]
    assert leads["records"] == len(rows)
    assert leads["loaded"] + leads["quarantined"] == len(rows)
    assert leads["quarantined"] >= len(values) // 2


def test_hostile_column_names_are_only_names(flat, bad_input):
    lines = (bad_input / "own" / "identifiers.txt").read_text(encoding="utf-8").splitlines()
    names = [line.encode().decode("unicode_escape") for line in lines if line.strip()]
    names = [n for n in dict.fromkeys(names) if "\x00" not in n and "$" not in n and n.strip() == n]
    assert len(names) > 20
    columns = {f"c{i}": name for i, name in enumerate(names)}
    rows = [
        [(n * (i + 2)) % 17 for i in range(len(names))] + ["yes" if n % 3 else "no"]
        for n in range(300)
    ]
    profile = ", ".join(
        f"{short}: {json.dumps({'type': 'number', 'column': name})}"
        for short, name in columns.items()
    )
    company = flat(written([*names, "won"], rows), profile=profile)
    found = company.run("check", "--json").json()
    assert found["problems"] == []
    assert found["sources"][0]["loaded"] == 300
    assert found["features"] + len(found["left_out"]) >= len(names)


def test_every_csv_of_the_spectrum_ends_in_a_sentence(flat, bad_input):
    for file in sorted((bad_input / "csv-spectrum" / "csvs").glob("*.csv")):
        company = flat(file.read_bytes(), profile="a: category")
        said = company.run("train", code=3).stderr
        assert "expected: " in said, file.name
        assert "to do: " in said, file.name


def test_init_looks_at_hostile_files_and_ends_in_a_sentence(cli, bad_input, tmp_path):
    for number, folder in enumerate(("csv-spectrum/csvs", "own", "blns")):
        out = tmp_path / f"{number}.yaml"
        said = cli("init", bad_input / folder, "--out", out, code=None)
        assert said.code in (0, 3)
        assert out.exists() == (said.code == 0)
