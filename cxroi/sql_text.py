"""How a text and the path of a file are written inside a statement of SQL that takes no parameters there."""

from __future__ import annotations

from pathlib import Path


def quoted(text: str | Path) -> str:
    """Return a text as a literal of SQL.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + str(text).replace("'", "''") + "'"


def named(column: str) -> str:
    """Return the name of a column as standard SQL writes it, whatever letters are in it.

    >>> print(named('net "new" EUR'))
    "net ""new"" EUR"
    """
    return '"' + column.replace('"', '""') + '"'


def one_file(path: Path) -> str:
    """Return the pattern that means this one file: to DuckDB [, * and ? in a path stand for others.

    >>> one_file(Path("a[1].csv"))
    'a[[]1].csv'
    """
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))


def exactly(path: Path) -> str:
    """Return a literal for one path in which [, * and ? mean themselves."""
    return quoted(one_file(path))
