"""The command that says how a budget is best divided, between segments or between investment lines."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from cxroi.cli.arguments import pairs, wrong_use
from cxroi.cli.decision import evidence_and_scenario
from cxroi.cli.layout import answer, columns, illustrative_lines, segment_name, version_facts
from cxroi.errors import ModelError
from cxroi.model.decision.allocation import Allocation
from cxroi.model.scenario import Scenario
from cxroi.model.value.projection import LEVELS
from cxroi.questions import Evidence, OpenVersion, ask_where_to_spend
from cxroi.text import Text
from cxroi.text.typed import typed_number
from cxroi.view.decide.lines import line_name
from cxroi.view.figure import money, money_range
from cxroi.view.report_json import exact_money, money_interval

ALLOCATION_COLUMNS = ("today_spend", "new_spend", "gain_range", "next_unit")
MOST = float(LEVELS[-1])  # percent of today's spend
Limits = dict[str, tuple[float, float]]


def allocate(choices: Namespace, text: Text) -> int:
    """Say how a budget is best divided, or what each part should get for a stated return."""
    with evidence_and_scenario(choices) as (data, evidence, scenario):
        found = _divided(choices, data, evidence, scenario)
    currency, part = scenario.currency or evidence.panel.currency, "segment" if choices.by == "segment" else "line"
    facts = {
        **version_facts(data),
        "currency": currency,
        "by": part,
        "today_spend": exact_money(found.today_spend),
        "spend": exact_money(found.spend),
        "gain": money_interval(found.gain),
        "value_of_budget": found.value_of_budget,
        "unattainable": list(found.unattainable),
        "moves": [_move_json(move, part) for move in found.moves],
    }
    words = _words(found, part, currency, text)
    answer(choices, facts, [*illustrative_lines(evidence.illustrative, text), *words])
    return 0


def _divided(choices: Namespace, data: OpenVersion, evidence: Evidence, scenario: Scenario) -> Allocation:
    asked = {"budget": choices.budget, "target_return": choices.target_return}
    if choices.by == "segment":
        today = {segment.segment: segment.cx_spend_per_month for segment in evidence.baseline.segments}
        low, high = evidence.observed_percent
        seen = dict.fromkeys(today, (min(100.0, low), min(max(100.0, high), MOST)))
        return ask_where_to_spend(evidence, scenario, **asked, bounds_percent=_bounds(choices, today, seen))
    from cxroi.questions.lines import ask_where_between_lines, gather_lines, line_bounds

    lines = gather_lines(data, evidence, None if choices.by == "line" else choices.by)
    seen = {name: line_bounds(evidence, lines, name) for name in lines.names}
    limits = _bounds(choices, lines.today_spend, seen)
    return ask_where_between_lines(evidence, lines, scenario, **asked, bounds_percent=limits)


def _move_json(move: Any, part: str) -> dict[str, Any]:
    return {
        part: move.segment,
        "today_spend": exact_money(move.today_spend),
        "spend": exact_money(move.spend),
        "gain": money_interval(move.gain),
        "marginal_roi": move.marginal_roi,
        "bound": move.bound,
    }


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
            id = "cli.no_such_segment" if choices.by == "segment" else "lines.no_such_line"
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


def _words(found: Allocation, part: str, currency: str, text: Text) -> list[str]:
    rows = [
        [
            _name(move.segment, part, text),
            money(move.today_spend, currency, text),
            money(move.spend, currency, text) + _limit(move, text),
            text("lines.none") if move.bound == "held" else money_range(move.gain, currency, text),
            text("lines.none") if move.bound == "held" else text.percent(move.marginal_roi, 0),
        ]
        for move in found.moves
    ]
    spend, today = money(found.spend, currency, text), money(found.today_spend, currency, text)
    headings = [text(f"cli.heading.{part}"), *(text(f"cli.heading.{name}") for name in ALLOCATION_COLUMNS)]
    prefix = "cli.allocate" if part == "segment" else "lines.allocate"
    if all(move.bound == "held" for move in found.moves):
        return [*columns(headings, rows), "", text("lines.allocate.nothing_known")]
    return [
        *columns(headings, rows),
        "",
        text("cli.allocate.total", spend=spend, today=today, gain=money_range(found.gain, currency, text)),
        *(
            text(
                f"{prefix}.unattainable",
                segment=_name(move.segment, part, text),
                rate=text.percent(move.marginal_roi, 0),
            )
            for move in found.moves
            if move.segment in found.unattainable
        ),
        text(f"{prefix}.note"),
    ]


def _limit(move: Any, text: Text) -> str:
    return f" ({text(f'cli.allocate.{move.bound}')})" if move.bound else ""


def _name(name: str, part: str, text: Text) -> str:
    return segment_name(name, text) if part == "segment" else line_name(name, text)
