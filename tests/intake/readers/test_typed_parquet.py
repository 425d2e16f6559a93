"""A Parquet file is typed already: read at once where its values are sound, and to the same rows as its text would give."""

from pathlib import Path

import duckdb
import pytest

from cxroi.intake import parse
from tests.intake.loading import load_path

ROWS = """SELECT 'C' || (i % 50) AS customer_id, DATE '2024-01-01' + (i % 600)::INT AS ordered_on,
    ((i * 37) % 100000 / 100.0)::DECIMAL(18,3) AS amount, 'web' AS channel FROM range(3000) t(i)"""


def parquet(folder: Path, query: str) -> Path:
    path = folder / "orders.parquet"
    duckdb.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def carefully(monkeypatch):
    monkeypatch.setattr(parse._Load, "fast", lambda self: None)


@pytest.mark.parametrize(
    ("changed", "fast"),
    [
        ("SELECT * FROM ({})", True),
        ("SELECT * REPLACE (amount::DOUBLE AS amount) FROM ({})", True),
        ("SELECT * REPLACE (amount::DECIMAL(20,6) AS amount) FROM ({})", True),
        ("SELECT * REPLACE (floor(amount)::INT AS amount, ordered_on::TIMESTAMP AS ordered_on) FROM ({})", True),
        ("SELECT * REPLACE (substr(customer_id, 2)::BIGINT AS customer_id) FROM ({})", True),
        ("SELECT * REPLACE (' ' || customer_id || '  ' AS customer_id) FROM ({})", True),
        ("SELECT * REPLACE (amount::DOUBLE / 3 AS amount) FROM ({})", False),
        ("SELECT * REPLACE ((amount / 7)::DECIMAL(20,6) AS amount) FROM ({})", False),
        ("SELECT * REPLACE (amount::FLOAT AS amount) FROM ({})", False),
        ("SELECT * REPLACE (amount::VARCHAR AS amount, ordered_on::VARCHAR AS ordered_on) FROM ({})", False),
        ("SELECT * REPLACE (CASE WHEN amount > 990 THEN NULL ELSE amount END AS amount) FROM ({})", False),
        ("SELECT * REPLACE (CASE WHEN amount > 990 THEN DATE '1900-01-01' ELSE ordered_on END AS ordered_on) FROM ({})", False),
        ("SELECT * REPLACE (CASE WHEN amount > 990 THEN 'nan'::DOUBLE ELSE amount::DOUBLE END AS amount) FROM ({})", False),
        ("SELECT * REPLACE (CASE WHEN amount > 990 THEN '' ELSE customer_id END AS customer_id) FROM ({})", False),
    ],
)  # fmt: skip
def test_the_fast_way_and_the_careful_way_give_the_same_rows_and_the_same_account(tmp_path, monkeypatch, changed, fast):
    path = parquet(tmp_path, changed.format(ROWS))
    quick = load_path(path, tmp_path / "quick")
    ways = []
    real = parse._Load.careful
    monkeypatch.setattr(parse._Load, "careful", lambda self: ways.append("careful") or real(self))
    load_path(path, tmp_path / "look")
    assert ways == ([] if fast else ["careful"])
    carefully(monkeypatch)
    slow = load_path(path, tmp_path / "slow")
    assert quick.rows() == slow.rows()
    for fact in ("outcome", "rows_read", "rows_loaded", "rows_rejected", "totals", "findings", "mapping", "rejects"):
        assert getattr(quick.report, fact) == getattr(slow.report, fact), fact


def test_decimals_of_a_typed_file_are_never_taken_for_thousands(tmp_path, monkeypatch):
    carefully(monkeypatch)
    loaded = load_path(parquet(tmp_path, ROWS.replace("% 100000", "% 100")), tmp_path / "s")
    assert loaded.report.message == "upload.loaded" and not loaded.findings & {"decimal_unclear"}
    assert max(row[2] for row in loaded.rows()) < 1
