"""Every column that a template asks for is read: by a query, or at the load."""

import re
from pathlib import Path

from cxroi.tables import TABLES

SQL = Path(__file__).parents[1] / "cxroi" / "store" / "sql"
# Read while a file is loaded: an amount is worked out from these, and a currency is kept with the version.
AT_THE_LOAD = {
    *("orders.quantity", "orders.unit_price"),
    *("customers.currency", "orders.currency", "contacts.currency"),
}


def unread():
    """Return the columns that no query names beside their table; what this finds is surely not read."""
    queries = [set(re.findall(r"\w+", re.sub(r"--.*", "", p.read_text(encoding="utf-8")))) for p in SQL.glob("*.sql")]
    columns = {(table.name, column.name) for table in TABLES.values() for column in table.columns}
    keys = {(table.name, name) for table in TABLES.values() for name in table.key}
    read = {pair for pair in columns if any(set(pair) <= words for words in queries)}
    return {f"{table}.{column}" for table, column in columns - read - keys} - AT_THE_LOAD


def test_every_column_is_read():
    assert not unread()
