"""The assumption register, data/assumptions.toml: priors, the scenario's assumptions, and every other part of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from cxroi.model.assumption import Assumption, parse_assumptions
from cxroi.model.company.baseline import Baseline
from cxroi.model.decision.certainty import Certainty
from cxroi.model.pilots.pilot import PilotBeliefs
from cxroi.model.response.channel import Channel
from cxroi.model.response.prior import Priors
from cxroi.model.scenario import RANGES, Scenario
from cxroi.shipped import shipped

REGISTER = shipped("data", "assumptions.toml")


def read_register(path: Path = REGISTER) -> tuple[Priors, dict[str, Assumption]]:
    """Return the priors of churn and the scenario's assumptions as data/assumptions.toml has them."""
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    return Priors(**_numbers(tree["prior"])), parse_assumptions(tree["scenario"])


def read_channel_priors(path: Path = REGISTER) -> dict[Channel, Priors]:
    """Return what is believed of every channel beside churn: the shapes of churn, with strengths of its own."""
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    priors = Priors(**_numbers(tree["prior"]))
    return {name: replace(priors, **_numbers(tree["channel"][name.value])) for name in Channel}


def _numbers(tree: Mapping[str, Mapping[str, object]]) -> dict[str, float]:
    return {name: float(str(entry.value)) for name, entry in parse_assumptions(tree).items()}


def read_swings(
    scenario: Scenario, baseline: Baseline, path: Path = REGISTER
) -> dict[str, tuple[tuple[float, float], float]]:
    """Return per assumption its p10 and p90 and its own value, from the swings around it in data/assumptions.toml."""
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    whole = baseline.whole
    measured = {
        "contribution_margin_rate": whole.contribution_margin_per_customer_month
        / (whole.revenue_per_customer_month or 1.0),
        "new_customers_per_month": sum(segment.joins_per_month for segment in baseline.segments),
    }
    swings = {}
    for name, entry in parse_assumptions(tree["swing"]).items():
        given = getattr(scenario, name)
        value = float(
            measured.get(name, 0.0) if given is None else given
        )  # a channel that is not typed moves by nothing
        width = (abs(value) if entry.unit == "share of its value" else 1.0) * float(str(entry.value))
        low, high = RANGES[name]
        swings[name] = (max(low, value - width), min(high, value + width)), min(max(value, low), high)
    return swings


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


def read_pilot_beliefs() -> PilotBeliefs:
    """Return what is believed of customers before a pilot."""
    return PilotBeliefs(**{name: float(str(entry.value)) for name, entry in read_section("pilot").items()})
