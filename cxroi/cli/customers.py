"""Commands about customers: what one is worth over the years, and the pilot that would show whether spend keeps them."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict

from cxroi.cli.arguments import wrong_use
from cxroi.cli.decision import read_panel
from cxroi.cli.shared import answer, columns, current_version, illustrative_lines, workspace_of
from cxroi.errors import ModelError
from cxroi.model.baseline import Baseline, SegmentBaseline, measure_baseline
from cxroi.model.clv import Clv, churn_rate_draws, clv, constant_survival
from cxroi.model.pilot import PilotResult, measure_randomised
from cxroi.model.power import PilotDesign, design
from cxroi.text import Text
from cxroi.view.figure import money, money_range, points_range
from cxroi.view.report_json import money as money_text
from cxroi.view.report_json import money_interval, rate_interval

VALUE_COLUMNS = ("segment", "customers", "stays", "clv")
COUNTS = ("treated", "treated_stayed", "control", "control_stayed")


def value(choices: Namespace, text: Text) -> int:
    """Say what an active customer is worth over the horizon: discounted margin less support cost."""
    version = current_version(workspace_of(choices))
    baseline = measure_baseline(read_panel(version))
    worth = [(one, _lifetime_value(one, choices)) for one in (*baseline.segments, baseline.whole)]
    facts = {
        "data_version": version.id,
        "illustrative": version.illustrative,
        "currency": baseline.currency,
        "horizon_months": choices.horizon_months,
        "annual_discount_rate": choices.annual_discount_rate,
        "segments": [
            {
                "segment": one.segment,
                "customers": one.customers,
                "clv": money_interval(found.value),
                "clv_undiscounted": money_interval(found.undiscounted),
                "months_active": rate_interval(found.months_active),
            }
            for one, found in worth
        ],
    }
    answer(choices, facts, [*illustrative_lines(version, text), *_value_words(worth, baseline.currency, choices, text)])
    return 0


def pilot(choices: Namespace, text: Text) -> int:
    """Plan a pilot on today's customers, or measure one that is over."""
    return _design(choices, text) if choices.task == "design" else _measure(choices, text)


def _lifetime_value(segment: SegmentBaseline, choices: Namespace) -> Clv:
    churn = churn_rate_draws(segment.customers_lost, segment.customer_months)
    return clv(
        segment.contribution_margin_per_customer_month,
        segment.support_cost_per_customer_month,
        constant_survival(churn, choices.horizon_months),
        annual_discount_rate=choices.annual_discount_rate,
    )


def _value_words(worth: list[tuple[SegmentBaseline, Clv]], currency: str, choices: Namespace, text: Text) -> list[str]:
    rows = [
        [
            text("cli.whole") if one.segment == "all" else one.segment,
            text.number(one.customers, 0),
            text.number(found.months_active.mid, 1),
            money_range(found.value, currency, text),
        ]
        for one, found in worth
    ]
    horizon, discount = text.months(choices.horizon_months), text.percent(choices.annual_discount_rate)
    return [
        *columns([text(f"cli.heading.{name}") for name in VALUE_COLUMNS], rows),
        "",
        text("cli.value.note", horizon=horizon, rate=discount),
    ]


def _design(choices: Namespace, text: Text) -> int:
    if choices.uplift is None:
        wrong_use("missing", task=choices.task, options="--uplift")
    version = current_version(workspace_of(choices))
    baseline = measure_baseline(read_panel(version))
    segment = _segment(baseline, choices.segment)
    extra = segment.cx_spend_per_month / max(segment.customers, 1.0) * choices.extra_spend_percent / 100
    plan = design(
        monthly_churn_rate=segment.monthly_churn_rate.mid,
        uplift_pp=choices.uplift,
        customers_available=segment.customers,
        extra_spend_per_customer_month=extra,
        fixed_cost=choices.fixed_cost,
        power=choices.power,
    )
    facts = asdict(plan) | {
        "data_version": version.id,
        "illustrative": version.illustrative,
        "segment": segment.segment,
        "currency": baseline.currency,
        "cost": money_text(plan.cost),
        "options": [asdict(option) | {"cost": money_text(option.cost)} for option in plan.options],
    }
    answer(choices, facts, [*illustrative_lines(version, text), *_design_words(plan, segment, baseline.currency, text)])
    return 0


def _segment(baseline: Baseline, name: str | None) -> SegmentBaseline:
    known = {one.segment: one for one in (*baseline.segments, baseline.whole)}
    if name is None or name == "all":
        return baseline.whole
    if name not in known:
        raise ModelError("cli.no_such_segment", segment=name, known=", ".join(known))
    return known[name]


def _design_words(plan: PilotDesign, segment: SegmentBaseline, currency: str, text: Text) -> list[str]:
    enough = plan.customers_per_group * 2 <= segment.customers and any(option.fits for option in plan.options)
    return [
        text(
            "cli.pilot.design",
            segment=text("cli.whole") if segment.segment == "all" else segment.segment,
            customers=text.number(plan.customers_per_group, 0),
            months=text.months(plan.months),
            cost=money(plan.cost, currency, text),
        ),
        text("cli.pilot.power", power=text.percent(plan.power, 0), smallest=text.points(plan.smallest_uplift_pp)),
        *([] if enough else [text("cli.pilot.too_few")]),
    ]


def _measure(choices: Namespace, text: Text) -> int:
    given = {name: getattr(choices, name) for name in COUNTS}
    if missing := [f"--{name.replace('_', '-')}" for name, count in given.items() if count is None]:
        wrong_use("missing", task=choices.task, options=", ".join(missing))
    result = measure_randomised(*given.values())
    facts = {
        "treated_retention": result.treated_retention,
        "control_retention": result.control_retention,
        "difference": rate_interval(result.difference),
        "p_value": result.p_value,
        "log_hazard_gain": result.log_hazard_gain,
        "log_hazard_error": result.log_hazard_error,
        "grade": str(result.grade),
    }
    answer(choices, facts, _measure_words(result, text))
    return 0


def _measure_words(result: PilotResult, text: Text) -> list[str]:
    points = type(result.difference)(
        low=100 * result.difference.low, mid=100 * result.difference.mid, high=100 * result.difference.high
    )
    kind = "kept" if points.low > 0 else "lost" if points.high < 0 else "open"
    stayed = {
        "treated": text.percent(result.treated_retention),
        "control": text.percent(result.control_retention),
    }
    return [text("cli.pilot.stayed", **stayed), text(f"cli.pilot.{kind}", difference=points_range(points, text))]
