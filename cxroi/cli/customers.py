"""Commands about customers: what one is worth over the years, and the pilot that would show whether spend keeps them."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from typing import Any

from cxroi.cli.arguments import wrong_use
from cxroi.cli.decision import last_day, read_panel
from cxroi.cli.shared import answer, columns, current_version, illustrative_lines, in_points, workspace_of
from cxroi.errors import ModelError
from cxroi.model.baseline import Baseline, SegmentBaseline, measure_baseline
from cxroi.model.customer_value import CustomerValue, SegmentValue, value_of_contracts
from cxroi.model.pilot import PilotResult, measure_randomised
from cxroi.model.power import PilotDesign, design
from cxroi.text import Text
from cxroi.view.figure import money, money_range, percent_range, points_range
from cxroi.view.report_json import money as money_text
from cxroi.view.report_json import money_interval, rate_interval

VALUE_COLUMNS = ("segment", "retention", "stays", "clv", "clv_new")
COUNTS = ("treated", "treated_stayed", "control", "control_stayed")


def value(choices: Namespace, text: Text) -> int:
    """Say how long customers stay and what one is worth over the horizon: discounted margin less support cost."""
    from cxroi.store.engine import Engine

    version = current_version(workspace_of(choices))
    panel = read_panel(version)
    tenures = None
    if panel.source == "customers":
        tenures = Engine.on(version).query("customer_tenures", as_of=last_day(panel))
    found = value_of_contracts(
        measure_baseline(panel),
        tenures,
        horizon_months=choices.horizon_months,
        annual_discount_rate=choices.annual_discount_rate,
    )
    facts = {
        "data_version": version.id,
        "illustrative": version.illustrative,
        "currency": found.currency,
        "horizon_months": found.horizon_months,
        "annual_discount_rate": found.annual_discount_rate,
        "segments": [_segment_value(one) for one in (*found.segments, found.whole)],
        "cohorts": _cohorts(found),
    }
    answer(choices, facts, [*illustrative_lines(version.illustrative, text), *_value_words(found, text)])
    return 0


def pilot(choices: Namespace, text: Text) -> int:
    """Plan a pilot on today's customers, or measure one that is over."""
    return _design(choices, text) if choices.task == "design" else _measure(choices, text)


def _segment_value(one: SegmentValue) -> dict[str, Any]:
    return {
        "segment": one.segment,
        "monthly_churn_rate": rate_interval(one.monthly_churn_rate),
        "annual_retention_rate": rate_interval(one.annual_retention_rate),
        "clv": money_interval(one.active.value),
        "clv_undiscounted": money_interval(one.active.undiscounted),
        "months_active": rate_interval(one.active.months_active),
        "clv_new_customer": money_interval(one.new.value),
        "hazard": None
        if one.hazard is None
        else {"choice": str(one.hazard.choice), "bic_gain": one.hazard.bic_gain, "p_value": one.hazard.p_value},
    }


def _cohorts(found: CustomerValue) -> list[dict[str, Any]]:
    """Return each cohort's share still active after 0, 1, 2, ... months, as far as it can have come."""
    table = found.cohorts
    if table is None:
        return []
    return [
        {
            "month": month,
            "customers": float(table.customers[row]),
            "share": [float(share) for share in table.share[row] if share == share],
            "low": [float(share) for share in table.low[row] if share == share],
            "high": [float(share) for share in table.high[row] if share == share],
        }
        for row, month in enumerate(found.cohort_months)
    ]


def _value_words(found: CustomerValue, text: Text) -> list[str]:
    rows = [
        [
            text("cli.whole") if one.segment == "all" else one.segment,
            percent_range(one.annual_retention_rate, text, 1),
            text.number(one.active.months_active.mid, 1),
            money_range(one.active.value, found.currency, text),
            money_range(one.new.value, found.currency, text),
        ]
        for one in (*found.segments, found.whole)
    ]
    # The whole mixes segments, and a mixture looks like a risk that falls with tenure; only segments can tell.
    chosen = {str(one.hazard.choice) for one in found.segments if one.hazard}
    hazard = "tenure" if "tenure" in chosen else next(iter(chosen), None)
    horizon, discount = text.months(found.horizon_months), text.percent(found.annual_discount_rate)
    return [
        *columns([text(f"cli.heading.{name}") for name in VALUE_COLUMNS], rows),
        "",
        *([text(f"retention.hazard.{hazard}")] if hazard else []),
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
    answer(
        choices,
        facts,
        [*illustrative_lines(version.illustrative, text), *_design_words(plan, segment, baseline.currency, text)],
    )
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
    points = in_points(result.difference)
    kind = "kept" if points.low > 0 else "lost" if points.high < 0 else "open"
    stayed = {
        "treated": text.percent(result.treated_retention),
        "control": text.percent(result.control_retention),
    }
    return [text("cli.pilot.stayed", **stayed), text(f"cli.pilot.{kind}", difference=points_range(points, text))]
