"""Encoding, delimiter and quote of CSV files."""

import gzip

import pytest

from predictive_scoring.proposal.dialect import TAIL_BYTES, Unreadable, sniff, tail


def sniffed(folder, content, name="a.csv"):
    file = folder / name
    file.write_bytes(content)
    return sniff(file)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"\xef\xbb\xbfid,ville\n1,Nice\n", "utf-8"),
        ("id,ville\n1,Orléans\n".encode(), "utf-8"),
        ("id,ville\n1,Orléans\n".encode("latin-1"), "latin-1"),
        ("id,ville\n1,Orléans\n".encode("utf-16"), "utf-16"),
    ],
)
def test_encoding(tmp_path, content, encoding):
    assert sniffed(tmp_path, content).encoding == encoding


def test_windows_1252_is_said(tmp_path):
    dialect = sniffed(tmp_path, b"id,price\n1,5\x80\n")
    assert dialect.encoding == "latin-1"
    assert "Windows-1252" in dialect.notes[0]


def test_an_accent_after_four_million_bytes_still_tells(tmp_path):
    plain = b"id,city\n" + b"1,Nice\n" * 600_000
    assert sniffed(tmp_path, plain).encoding == "utf-8"
    assert sniffed(tmp_path, plain + b"2,Orl\xe9ans\n").encoding == "latin-1"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter(tmp_path, delimiter):
    rows = [["id", "price", "note"], ["1", "1.5", '"a, b; c"'], ["2", "2.5", '"x | y"']]
    text = "\n".join(delimiter.join(row) for row in rows)
    assert sniffed(tmp_path, text.encode()).delimiter == delimiter


def test_decimal_commas_do_not_hide_the_semicolon(tmp_path):
    text = "id;price\n1;1,5\n2;2,5\n3;3,5\n"
    assert sniffed(tmp_path, text.encode()).delimiter == ";"


def test_single_quotes(tmp_path):
    text = "'id','city'\n'1','Nice, France'\n'2','Paris'\n"
    dialect = sniffed(tmp_path, text.encode())
    assert (dialect.quote, dialect.delimiter) == ("'", ",")


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.csv", "empty"),
        (b"\xef\xbb\xbf\r\n", "a.csv", "empty"),
        (bytes(range(256)) * 40, "a.csv", "binary"),
        ("a,b\n1,2\n".encode("utf-16-le"), "a.csv", "byte order mark"),
        (b"PK\x03\x04rest", "a.csv", "Excel"),
        (gzip.compress(b"a,b\n1,2\n"), "a.csv", "csv.gz"),
        (b"a,b\n1,2\n", "a.csv.gz", "cannot be read"),
        (gzip.compress(b"a,b\n1,2\n" * 100)[:-20], "a.csv.gz", "cannot be read"),
    ],
)
def test_unreadable(tmp_path, content, name, reason):
    with pytest.raises(Unreadable, match=reason):
        sniffed(tmp_path, content, name)


def test_the_tail_of_a_packed_file_is_the_tail_of_its_text(tmp_path):
    text = b"".join(b"%07d,x\n" % i for i in range(312_345))
    plain, packed = tmp_path / "a.csv", tmp_path / "a.csv.gz"
    plain.write_bytes(text)
    packed.write_bytes(gzip.compress(text, 1))
    assert tail(plain) == tail(packed) == text[-TAIL_BYTES:]
