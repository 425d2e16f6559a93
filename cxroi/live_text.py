"""What a spreadsheet would run as a formula, and how it is kept from that: one rule, said in Python and in SQL.

An apostrophe before a text makes a spreadsheet show it (OWASP, "CSV injection"). A signed number is no formula and stays as it is; a
second sign makes a sum of it.
"""

from __future__ import annotations

import re

from cxroi.sql_text import named, quoted

_STARTS = "^[-=+@|%\t\r\n＝＋－＠]"
_NUMBER = "[-+＋－][0-9٠-٩۰-۹.,' \u00a0٫٬]*"


def inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> inert("=1+1"), inert("-1+2"), inert("-1,250.50"), inert("Villas")
    ("'=1+1", "'-1+2", '-1,250.50', 'Villas')
    """
    return f"'{text}" if re.match(_STARTS, text) and not re.fullmatch(_NUMBER, text) else text


def inert_sql(column: str) -> str:
    """Return the same as an expression of SQL over a column, under the column's own name; null stays null."""
    name = named(column)
    live = f"regexp_matches({name}, {quoted(_STARTS)}) AND NOT regexp_full_match({name}, {quoted(_NUMBER)})"
    return f"CASE WHEN {live} THEN '''' || {name} ELSE {name} END AS {name}"
