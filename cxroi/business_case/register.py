"""Parts of the assumption register beside the priors and the scenario."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache

from cxroi.business_case.evidence import REGISTER
from cxroi.model.assumption import Assumption, parse_assumptions
from cxroi.model.certainty import Certainty


@lru_cache(maxsize=8)
def read_section(name: str) -> Mapping[str, Assumption]:
    """Return the entries of one section of data/assumptions.toml by name."""
    return parse_assumptions(tomllib.loads(REGISTER.read_text(encoding="utf-8"))[name])


@lru_cache(maxsize=1)
def read_channel_register() -> Mapping[str, Mapping[str, Assumption]]:
    """Return the entries on every channel by its name."""
    tree = tomllib.loads(REGISTER.read_text(encoding="utf-8"))["channel"]
    return {channel: parse_assumptions(entries) for channel, entries in tree.items()}


@lru_cache(maxsize=1)
def read_certainty() -> Certainty:
    """Return what a probability from history is worth."""
    return Certainty(**{name: float(str(entry.value)) for name, entry in read_section("certainty").items()})
