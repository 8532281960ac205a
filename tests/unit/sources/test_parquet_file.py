from __future__ import annotations

import errno
import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from predictive_scoring.config import TableSource
from predictive_scoring.errors import ColumnsError, DataError
from predictive_scoring.sources import inspect_columns
from predictive_scoring.sources.files import FoundFile, copy_of


def write(path: Path, **columns: list[object]) -> None:
    pq.write_table(pa.table(columns), path, row_group_size=2)


def test_files_of_a_glob_are_one_table_in_the_order_of_their_names(tmp_path: Path, load_it):
    (tmp_path / "day=1").mkdir()
    write(tmp_path / "b.parquet", n=["7", "x", "9"], won=["yes", "no", "no"])
    write(tmp_path / "a.parquet", won=["no", "yes"], extra=[[1], None], n=[1, 2])
    extract = load_it(leads={"file": "*.parquet", "order": "rows", "profile": {"n": "number"}})
    assert extract.rows("SELECT lead_id, profile_n, outcome FROM leads ORDER BY row_number") == [
        ("row-1", 1.0, False),
        ("row-2", 2.0, True),
        ("row-3", 7.0, True),
        ("row-5", 9.0, False),
    ]
    assert extract.rows("SELECT file, line, record FROM quarantine") == [
        ("b.parquet", 2, '{"n":"x","won":"no"}')
    ]
    assert [(c.file, c.records, c.loaded, c.quarantined) for c in extract.counts] == [
        ("a.parquet", 2, 2, 0),
        ("b.parquet", 3, 2, 1),
    ]


def test_a_file_of_the_glob_without_a_column_is_named(tmp_path: Path, load_it):
    write(tmp_path / "a.parquet", n=[1], won=["no"])
    write(tmp_path / "b.parquet", m=[1], won=["no"])
    with pytest.raises(ColumnsError, match=r"b\.parquet"):
        load_it(leads={"file": "*.parquet", "order": "rows", "profile": {"n": "number"}})


def test_a_truncated_or_corrupted_file_is_a_sentence(tmp_path: Path, load_it):
    path = tmp_path / "leads.parquet"
    write(path, n=list(range(1000)), won=["no"] * 1000)
    whole = path.read_bytes()
    leads = {"file": path.name, "order": "rows", "profile": {"n": "number"}}
    path.write_bytes(whole[:-20])
    with pytest.raises(DataError, match=r"leads.parquet: cannot be read"):
        load_it(leads=leads)
    path.write_bytes(whole[:4] + b"\xff" * 200 + whole[204:])
    with pytest.raises(DataError, match=r"leads.parquet: cannot be read"):
        load_it(leads=leads)


def test_the_schema_is_inspected_from_the_footer(tmp_path: Path):
    write(tmp_path / "a.parquet", n=[1.5], s=["x"])
    found = inspect_columns(TableSource(file="a.parquet"), tmp_path)
    assert [(c.name, c.type) for c in found] == [("n", "double"), ("s", "string")]


@pytest.mark.parametrize("naive", [pa.timestamp("us"), pa.timestamp("ns"), pa.date32()])
def test_instants_with_a_zone_in_one_file_and_without_in_another_are_refused(
    tmp_path: Path, load_it, naive: pa.DataType
):
    day = [datetime(2026, 1, 5, tzinfo=UTC)]
    for name, kind in (("a", pa.timestamp("us", "UTC")), ("b", naive)):
        created = pa.array([d.replace(tzinfo=None) for d in day]).cast(naive)
        created = pa.array(day, kind) if name == "a" else created
        table = pa.table({"made": created, "won": ["no"]})
        pq.write_table(table, tmp_path / f"{name}.parquet")
    leads = {"file": "*.parquet", "created_at": {"column": "made", "zone": "Europe/Paris"}}
    with pytest.raises(DataError, match=r"a time zone in a\.parquet and none in b\.parquet"):
        load_it(leads=leads)


def test_a_list_of_decimals_is_no_number(tmp_path: Path, load_it):
    prices = pa.array([[Decimal("1.50")]], pa.list_(pa.decimal128(9, 2)))
    pq.write_table(pa.table({"n": prices, "won": ["no"]}), tmp_path / "leads.parquet")
    with pytest.raises(DataError, match="none of 1 records can be used"):
        load_it(leads={"file": "leads.parquet", "order": "rows", "profile": {"n": "number"}})


def test_a_full_folder_for_temporary_files_is_not_the_input_s_fault(tmp_path: Path, monkeypatch):
    (tmp_path / "whole.parquet").write_bytes(b"1234")
    file = FoundFile(tmp_path / "whole.parquet", "whole.parquet")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    class Full(io.FileIO):
        write = full  # type: ignore[assignment]

    opened = Path.open
    monkeypatch.setattr(
        Path, "open", lambda self, mode: Full(self, "w") if "w" in mode else opened(self, mode)
    )
    with pytest.raises(DataError, match="folder for temporary files is full") as caught:
        copy_of(file, tmp_path / "copy")
    assert "TMPDIR" in str(caught.value)
