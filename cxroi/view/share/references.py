"""The bibliography, read from data/references.toml: every source that the product names."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from cxroi.shipped import shipped

REFERENCES = shipped("data", "references.toml")


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One source; `authors` as they are named where it is cited, an organisation by its name."""

    authors: str
    year: int
    title: str
    published: str


@lru_cache(maxsize=1)
def read_references() -> tuple[Reference, ...]:
    """Return every source in the order of the file."""
    return tuple(Reference(**one) for one in tomllib.loads(REFERENCES.read_text(encoding="utf-8"))["reference"])
