"""Commands about pilots: the one that would show whether spend keeps customers, and what a finished one has shown."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING

from cxroi.cli.arguments import wrong_use
from cxroi.cli.layout import answer, illustrative_lines, opened, version_facts
from cxroi.cli.pilot_words import (
    design_words,
    measure_words,
    over_time_json,
    over_time_words,
    pilot_json,
    pilot_words,
    result_json,
)
from cxroi.errors import ModelError
from cxroi.model.company.baseline import Baseline, SegmentBaseline
from cxroi.model.company.segments import WHOLE
from cxroi.model.pilots.difference_in_differences import MatchedResult
from cxroi.model.pilots.pilot import PilotOutcome, measure_randomised
from cxroi.model.pilots.pilot_design import Place, design, design_of_mean
from cxroi.model.pilots.pilot_table import compare_over_time, measure_table
from cxroi.questions.register import read_pilot_beliefs, read_register
from cxroi.text import Text
from cxroi.view.report_json import exact_money

if TYPE_CHECKING:
    import pandas as pd

COUNTS = ("treated", "treated_stayed", "control", "control_stayed")


def pilot(choices: Namespace, text: Text) -> int:
    """Plan a pilot on today's customers, or measure one that is over."""
    return _design(choices, text) if choices.task == "design" else _measure(choices, text)


def _design(choices: Namespace, text: Text) -> int:
    outcome = PilotOutcome(choices.outcome)
    looked_for = "uplift" if outcome is PilotOutcome.CHURN else "change_percent"
    if getattr(choices, looked_for) is None:
        wrong_use("missing", task=choices.task, options=f"--{looked_for.replace('_', '-')}")
    with opened(choices) as data:
        baseline = data.baseline
    segment = _segment(baseline, choices.segment)
    place = _place(choices, segment)
    if outcome is PilotOutcome.CHURN:
        churn = segment.monthly_churn_rate.mid
        plan = design(place, monthly_churn_rate=churn, uplift_pp=choices.uplift, power=choices.power)
    else:
        plan = design_of_mean(place, outcome, change_percent=choices.change_percent, power=choices.power)
    facts = asdict(plan) | {
        **version_facts(data),
        "segment": segment.segment,
        "currency": baseline.currency,
        "level_percent": choices.level_percent,
        "carryover_rate": place.carryover_rate,
        "design_effect": place.design_effect,
        "cost": exact_money(plan.cost),
        "options": [asdict(option) | {"cost": exact_money(option.cost)} for option in plan.options],
    }
    words = design_words(plan, place, segment, choices, baseline.currency, text)
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *words])
    return 0


def _place(choices: Namespace, segment: SegmentBaseline) -> Place:
    """Return where the pilot runs; what is carried over is, unless it is given, the middle of what is believed before any data."""
    if choices.level_percent < 0 or choices.level_percent == 100:
        raise ModelError("cli.pilot_level", level=choices.level_percent)
    carried = choices.carryover_rate
    if carried is not None and not 0 <= carried < 1:
        raise ModelError("cli.pilot_carryover", rate=carried)
    return Place(
        customers=segment.customers,
        extra_spend_per_customer_month=segment.cx_spend_per_customer_month * (choices.level_percent / 100 - 1),
        fixed_cost=choices.fixed_cost,
        branches=choices.branches,
        carryover_rate=read_register()[0].carryover_high / 2 if carried is None else carried,
        beliefs=read_pilot_beliefs(),
    )


def _segment(baseline: Baseline, name: str | None) -> SegmentBaseline:
    known = {one.segment: one for one in (*baseline.segments, baseline.whole)}
    if name is None or name == WHOLE:
        return baseline.whole
    if name not in known:
        raise ModelError("cli.no_such_segment", segment=name, known=", ".join(known))
    return known[name]


def _measure_uploaded(choices: Namespace, text: Text) -> int:
    """Measure the pilots in the table `pilots`, each with the comparison over time where the months before are known."""
    with opened(choices) as data:
        rows = data.pilot_rows
    if choices.segment is not None:
        rows = rows[rows["segment"] == choices.segment]
    if rows.empty:
        raise ModelError("cli.no_pilots", segment=choices.segment or "-")
    since = None if choices.since is None else _month(choices.since)
    if since is not None and not (rows["period"] >= since).any():
        raise ModelError("cli.pilot_never", month=choices.since)
    measured = tuple(
        one
        for _, part in rows.groupby("segment", sort=True)
        for one in measure_table(
            part, randomised=bool(part["randomised"].all()), since=since, beliefs=read_pilot_beliefs()
        )
    )
    over_time, problem = _over_time(rows, choices.since, text)
    facts = {
        **version_facts(data),
        "pilots": [pilot_json(one) for one in measured],
        "over_time": None if over_time is None else over_time_json(over_time),
        "over_time_problem": problem,
    }
    words = [line for one in measured for line in pilot_words(one, text)]
    if problem is not None:
        words.append(problem)
    if over_time is not None:
        words += over_time_words(over_time, text)
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *words])
    return 0


def _over_time(rows: pd.DataFrame, since: str | None, text: Text) -> tuple[MatchedResult | None, str | None]:
    """Return the comparison over time, or the sentence that says why these rows do not allow one."""
    if since is None:
        return None, None
    try:
        return compare_over_time(rows, _month(since)), None
    except ModelError as error:
        return None, text.error(error)


def _month(given: str) -> pd.Timestamp:
    """Return the first day of a month such as 2025-03."""
    import pandas as pd

    try:
        return pd.Timestamp(pd.Period(given, freq="M").start_time)
    except ValueError:
        wrong_use("month", given=given)


def _measure(choices: Namespace, text: Text) -> int:
    if all(getattr(choices, name) is None for name in COUNTS):
        return _measure_uploaded(choices, text)
    given = {name: getattr(choices, name) for name in COUNTS}
    if missing := [f"--{name.replace('_', '-')}" for name, count in given.items() if count is None]:
        wrong_use("missing", task=choices.task, options=", ".join(missing))
    result = measure_randomised(*given.values())
    answer(choices, result_json(result), measure_words(result, text))
    return 0
