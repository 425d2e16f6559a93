"""A Parquet file is judged by its footer."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxroi.errors import UploadError
from cxroi.intake.readers import columnar
from cxroi.intake.readers.source import read_source
from cxroi.intake.report import IntakeRequest


def written(table: pa.Table, tmp_path: Path) -> Path:
    path = tmp_path / "upload"
    pq.write_table(table, path)
    return path


def refused(path: Path, tmp_path: Path) -> str:
    with pytest.raises(UploadError) as error:
        read_source(path, "a.parquet", IntakeRequest(), tmp_path)
    return error.value.id


def test_a_typed_file_is_handed_on_where_it_lies(tmp_path: Path) -> None:
    path = written(pa.table({"customer_id": ["C1"], "amount": [Decimal("1.50")]}), tmp_path)
    table = read_source(path, "a.parquet", IntakeRequest(), tmp_path)[0]
    assert table.parquet == (path,) and table.headings == ("customer_id", "amount")


@pytest.mark.parametrize(
    ("column", "id"),
    [
        (pa.array([Decimal(1)], pa.decimal256(76, 2)), "reader.parquet_type"),
        (pa.array([2**64 - 1], pa.uint64()), "reader.parquet_type"),
        (pa.array([[1]], pa.list_(pa.int64())), "reader.parquet_type"),
        (pa.array([{"a": 1}]), "reader.parquet_type"),
        (pa.array([], pa.int64()), "upload.header_only"),
    ],
)
def test_types_that_lose_figures_and_files_without_rows_are_refused(column: pa.Array, id: str, tmp_path: Path) -> None:
    assert refused(written(pa.table({"amount": column}), tmp_path), tmp_path) == id


def test_columns_beyond_the_limit_or_there_twice_are_refused(tmp_path: Path) -> None:
    wide = pa.table({f"c{i}": [1] for i in range(501)})
    assert refused(written(wide, tmp_path), tmp_path) == "reader.too_many_columns"
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["amount", "Amount"])
    assert refused(written(twice, tmp_path), tmp_path) == "reader.duplicate_heading"


def test_millions_of_rows_in_a_few_bytes_are_refused_by_the_footer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columnar, "FEW_ROWS", 50_000)
    same = pa.table({"amount": np.zeros(200_000, np.int8)})
    assert refused(written(same, tmp_path), tmp_path) == "reader.too_many_rows"


def test_damage_is_refused(tmp_path: Path) -> None:
    path = written(pa.table({"amount": [1, 2]}), tmp_path)
    whole = path.read_bytes()
    for cut in (10, len(whole) // 2, len(whole) - 3):
        path.write_bytes(whole[:cut])
        assert refused(path, tmp_path) == "reader.damaged"
