"""The command that says how a budget is best divided, between segments or between investment lines."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from cxroi.cli.arguments import pairs, wrong_use
from cxroi.cli.layout import answer, version_facts
from cxroi.cli.scenario_file import evidence_and_scenario
from cxroi.errors import ModelError
from cxroi.export.json.allocation import allocation_json
from cxroi.model.decision.allocation import Allocation
from cxroi.model.scenario import Scenario
from cxroi.model.value.projection import LEVELS
from cxroi.questions import Evidence, OpenVersion, ask_where_to_spend
from cxroi.questions.allocation import segment_bounds
from cxroi.text import Text
from cxroi.text.typed import typed_number
from cxroi.view.data_notes import illustrative_lines
from cxroi.view.decide.allocation import allocation_words

MOST = float(LEVELS[-1])  # percent of today's spend
Limits = dict[str, tuple[float, float]]


def allocate(choices: Namespace, text: Text) -> int:
    """Say how a budget is best divided, or what each part should get for a stated return."""
    with evidence_and_scenario(choices) as (data, evidence, scenario):
        found = _divided(choices, data, evidence, scenario)
    currency, part = scenario.currency or evidence.panel.currency, "segment" if choices.by == "segment" else "line"
    facts = {**version_facts(data), **allocation_json(found, part, currency)}
    words = allocation_words(found, part, currency, text)
    answer(choices, facts, [*illustrative_lines(evidence.illustrative, text), *words])
    return 0


def _divided(choices: Namespace, data: OpenVersion, evidence: Evidence, scenario: Scenario) -> Allocation:
    asked = {name: getattr(choices, name) for name in ("budget", "target_return", "extra")}
    if sum(one is not None for one in asked.values()) > 1:
        wrong_use("one_of", options="--budget, --target-return, --extra")
    if choices.by == "segment":
        today = {segment.segment: segment.cx_spend_per_month for segment in evidence.baseline.segments}
        limits = _bounds(choices, today, segment_bounds(evidence))
        return ask_where_to_spend(evidence, scenario, **asked, bounds_percent=limits)
    from cxroi.questions.line_evidence import gather_lines
    from cxroi.questions.line_standing import protected_bounds, standings_of
    from cxroi.questions.lines import ask_where_between_lines, line_bounds

    lines = gather_lines(data, evidence, None if choices.by == "line" else choices.by)
    seen = {name: line_bounds(evidence, lines, name) for name in lines.names}
    limits = _bounds(choices, lines.today_spend, seen)
    kept = protected_bounds(standings_of(data, scenario), evidence, lines)
    return ask_where_between_lines(evidence, lines, scenario, **asked, bounds_percent=limits, kept_bounds=kept)


def _bounds(choices: Namespace, today: Mapping[str, float], seen: Limits) -> Limits:
    """Return the lowest and highest level by name, percent of today's, of those that --bound or --floor names."""
    bounds: Limits = {}
    for name, limits in pairs(choices.bound, "--bound"):
        low, dots, high = limits.partition("..")
        try:
            bounds[name] = typed_number(low), typed_number(high)
        except ValueError:
            dots = ""
        if not dots or not 0 <= bounds[name][0] <= bounds[name][1] <= MOST:
            wrong_use("bound", given=f"{name}={limits}", most=f"{MOST:g}")
    floors = pairs(choices.floor, "--floor")
    for name in (*bounds, *(name for name, _ in floors)):
        if name not in today:
            known = ", ".join(one for one in today if one)
            id = "segments.unknown" if choices.by == "segment" else "lines.no_such_line"
            raise ModelError(id, segment=name, known=known)
    for name, amount in floors:
        least, most = bounds.get(name, seen[name])
        least = max(least, _level(name, amount, today))
        bounds[name] = least, max(least, most)
    return bounds


def _level(name: str, amount: str, today: Mapping[str, float]) -> float:
    """Return the level, percent of today's, that an amount a month stands for."""
    try:
        level = 100 * typed_number(amount) / today[name]
    except (ValueError, ZeroDivisionError):
        level = -1.0
    if not 0 <= level <= MOST:
        wrong_use("floor", given=f"{name}={amount}", most=f"{MOST:g}")
    return level
