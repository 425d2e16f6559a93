"""A text inside a statement of SQL is written by one rule, and a path there means one file."""

import re
from pathlib import Path

import duckdb
import pytest

from cxroi.sql_text import exactly, quoted

CODE = Path(__file__).parents[1] / "cxroi"
HOSTILE = ["it's", "''", "'; DROP TABLE t; --", "a\\'b", "", "\u202ex", "مكاتب"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_comes_back_as_it_went_in(text):
    assert duckdb.execute(f"SELECT {quoted(text)}").fetchone() == (text,)


def test_a_path_means_that_file_and_none_beside_it(tmp_path):
    for name in ("it's [1].csv", "it's 1.csv", "a*.csv", "ab.csv"):
        (tmp_path / name).write_text(f"x\n{name}\n", encoding="utf-8")
    for name in ("it's [1].csv", "a*.csv"):
        assert duckdb.execute(
            f"SELECT x FROM read_csv({exactly(tmp_path / name)}, header = true, quote = '')"
        ).fetchall() == [(name,)]


def test_nobody_else_doubles_an_apostrophe():
    doubled = re.compile(r"""replace\("'", "''"\)""")
    assert [path.name for path in CODE.rglob("*.py") if doubled.search(path.read_text(encoding="utf-8"))] == [
        "sql_text.py"
    ]
