"""No text runs as a formula in a spreadsheet, and Python and SQL agree on which would."""

import duckdb
import pytest

from cxroi.live_text import inert, inert_sql

LIVE = [
    "=1+1",
    "+1+1",
    "-1+2",
    "-cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "|x",
    "%0A",
    "＝1",
    "－1+1",
    "-٥+1",
    "--1",
    "-A",
]
QUIET = [
    "",
    "Villas",
    "5",
    "-5",
    "+1,250.50",
    "- 5",
    "-٥٫٥",
    "＋966 50 123",
    "1=1",
    "a@b.sa",
    "-",
    "O'Neil",
    "شقق",
    "a\n=1",
]


@pytest.mark.parametrize(("text", "live"), [*((text, True) for text in LIVE), *((text, False) for text in QUIET)])
def test_a_formula_gets_an_apostrophe_and_a_number_none_in_both_languages_of_the_program(text, live):
    expected = f"'{text}" if live else text
    assert inert(text) == expected
    with duckdb.connect() as connection:
        found = connection.execute(f'SELECT {inert_sql("a b")} FROM (SELECT ?::VARCHAR AS "a b")', [text]).fetchone()
    assert found == (expected,)


def test_what_is_missing_stays_missing():
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT {inert_sql('v')} FROM (SELECT NULL::VARCHAR AS v)").fetchone() == (None,)
