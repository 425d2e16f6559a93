"""Everything that the versions of a workspace hold of one customer: for whoever asks what is kept of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cxroi.errors import StoreError
from cxroi.store.files.parquet import rows_of
from cxroi.store.versions.forget import keyed, mentions, rejected_rows
from cxroi.store.versions.version import Version

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class HeldOfCustomer:
    """The rows of a customer as they were loaded, by table, each once whatever versions hold it; `set_aside` those that were put aside, by table.

    `mentions` counts the texts that hold the customer's number, of anybody's rows, by "table.column".
    """

    tables: Mapping[str, Sequence[Row]]
    set_aside: Mapping[str, Sequence[Sequence[str]]]
    mentions: Mapping[str, int]


def _is_text(place: str) -> bool:
    """Return whether a place is a text, and neither the number itself nor what was put aside."""
    return place.partition(".")[2] not in ("", "customer_id")


def held_of_customer(versions: Sequence[Version], customer_id: str) -> HeldOfCustomer:
    """Return what some versions hold of a customer. Raises StoreError where they hold no row."""
    tables: dict[str, Counter[Any]] = {}
    aside: dict[str, Counter[Any]] = {}
    found_in: dict[str, Counter[Any]] = {}  # by the hash of a file, as versions share what did not change
    for version in versions:
        for name, table in version.tables.items():
            rows, put_aside = Counter[Any](), Counter[Any]()
            for path, digest in zip(table.files if keyed(name) else (), table.sha256, strict=False):
                if digest not in found_in:
                    found_in[digest] = Counter(tuple(row.items()) for row in rows_of(path, customer_id))
                rows.update(found_in[digest])
            for path in table.rejects:
                put_aside.update(map(tuple, rejected_rows(path, customer_id)))
            # a row as often as the version holds it that holds it most often
            tables[name] = tables.get(name, Counter[Any]()) | rows
            aside[name] = aside.get(name, Counter[Any]()) | put_aside
    everything = [table for version in versions for table in version.tables.items()]
    found = HeldOfCustomer(
        tables={name: tuple(dict(row) for row in rows.elements()) for name, rows in tables.items() if rows},
        set_aside={name: tuple(rows.elements()) for name, rows in aside.items() if rows},
        mentions={place: rows for place, rows in mentions(everything, customer_id).items() if _is_text(place)},
    )
    if not (found.tables or found.set_aside):
        raise StoreError("store.nobody")
    return found
