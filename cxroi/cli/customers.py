"""Commands about customers: what one is worth over the years, and the pilot that would show whether spend keeps them."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cxroi.cli.arguments import wrong_use
from cxroi.cli.decision import last_day, read_panel
from cxroi.cli.shared import answer, columns, current_version, illustrative_lines, in_points, workspace_of
from cxroi.errors import ModelError
from cxroi.model.baseline import Baseline, SegmentBaseline, measure_baseline
from cxroi.model.customer_value import CustomerValue, OrderValue, SegmentValue, value_of_contracts, value_of_orders
from cxroi.model.matched import MatchedResult
from cxroi.model.panel import Panel
from cxroi.model.pilot import PilotResult, measure_randomised
from cxroi.model.pilot_table import compare_over_time, measure_table
from cxroi.model.power import PilotDesign, design
from cxroi.text import Text
from cxroi.view.figure import money, money_range, percent_range, points_range
from cxroi.view.report_json import money as money_text
from cxroi.view.report_json import money_interval, rate_interval

if TYPE_CHECKING:
    import pandas as pd

    from cxroi.store.engine import Engine

VALUE_COLUMNS = ("segment", "retention", "stays", "clv", "clv_new")
ORDER_COLUMNS = ("segment", "customers", "alive", "orders_ahead", "clv")
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
        "orders": None,
    }
    words = _value_words(found, text)
    if panel.source == "orders":
        ordered = _value_of_orders(choices, Engine.on(version), panel)
        facts |= {"orders": _orders_json(ordered)}
        words = _order_words(ordered, panel.currency, text)
    answer(choices, facts, [*illustrative_lines(version.illustrative, text), *words])
    return 0


def pilot(choices: Namespace, text: Text) -> int:
    """Plan a pilot on today's customers, or measure one that is over."""
    return _design(choices, text) if choices.task == "design" else _measure(choices, text)


def _value_of_orders(choices: Namespace, engine: Engine, panel: Panel) -> OrderValue:
    """Return what customers known by their orders only are worth, at the margin of the trailing months."""
    as_of, whole = last_day(panel), measure_baseline(panel).whole
    revenue = whole.revenue_per_customer_month
    return value_of_orders(
        engine.query("order_histories", as_of=as_of),
        engine.query("order_amounts", as_of=as_of),
        margin_rate=whole.contribution_margin_per_customer_month / revenue if revenue else 1.0,
        horizon_months=choices.horizon_months,
        annual_discount_rate=choices.annual_discount_rate,
    )


def _orders_json(found: OrderValue) -> dict[str, Any]:
    return {
        "margin_rate": found.margin_rate,
        "segments": [asdict(one) | {"value": money_text(one.value)} for one in (*found.segments, found.whole)],
        "bgnbd": {name: rate_interval(one) for name, one in found.orders.intervals.items()},
        "frequency_amount_correlation": found.spend.frequency_amount_correlation,
    }


def _order_words(found: OrderValue, currency: str, text: Text) -> list[str]:
    rows = [
        [
            text("cli.whole") if one.segment == "all" else one.segment,
            text.number(one.customers, 0),
            text.percent(one.alive_rate, 0),
            text.number(one.expected_orders, 1),
            money(one.value, currency, text),
        ]
        for one in (*found.segments, found.whole)
    ]
    horizon, rate = text.months(found.horizon_months), text.percent(found.annual_discount_rate)
    margin = text.percent(found.margin_rate, 0)
    return [
        *columns([text(f"cli.heading.{name}") for name in ORDER_COLUMNS], rows),
        "",
        text("cli.value.orders_note", horizon=horizon, rate=rate, margin=margin),
    ]


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


def _measure_uploaded(choices: Namespace, text: Text) -> int:
    """Measure the pilots in the table `pilots`, each with the comparison over time where the months before are known."""
    from cxroi.store.engine import Engine

    version = current_version(workspace_of(choices))
    rows = Engine.on(version).query("pilot_rows")
    if choices.segment is not None:
        rows = rows[rows["segment"] == choices.segment]
    if rows.empty:
        raise ModelError("cli.no_pilots", segment=choices.segment or "-")
    during = rows if choices.since is None else rows[rows["period"] >= _month(choices.since)]
    if during.empty:
        raise ModelError("cli.pilot_never", month=choices.since)
    measured = tuple(
        one
        for _, part in during.groupby("segment", sort=True)
        for one in measure_table(part, randomised=bool(part["randomised"].all()))
    )
    over_time, problem = _over_time(rows, choices.since, text)
    facts = {
        "data_version": version.id,
        "illustrative": version.illustrative,
        "pilots": [
            _result_json(one.result) | {"segment": one.segment or "all", "months": one.months} for one in measured
        ],
        "over_time": None if over_time is None else _over_time_json(over_time),
        "over_time_problem": problem,
    }
    words = [
        line
        for one in measured
        for line in (
            f"{one.segment or text('cli.whole')} ({text.months(one.months)})",
            *_measure_words(one.result, text),
        )
    ]
    if problem is not None:
        words.append(problem)
    if over_time is not None:
        words += _over_time_words(over_time, text)
    answer(choices, facts, [*illustrative_lines(version.illustrative, text), *words])
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


def _over_time_json(found: MatchedResult) -> dict[str, Any]:
    return {
        "effect": rate_interval(found.effect),
        "p_value": found.p_value,
        "units": found.units,
        "means": list(found.means),
        "pre_trend": None if found.pre_trend is None else asdict(found.pre_trend) | {"passes": found.pre_trend.passes},
        "placebo": None if found.placebo is None else asdict(found.placebo) | {"passes": found.placebo.passes},
        "grade": str(found.grade),
    }


def _over_time_words(found: MatchedResult, text: Text) -> list[str]:
    lines = [text("cli.pilot.over_time", effect=points_range(in_points(found.effect), text))]
    for name, check in (("pre_trend", found.pre_trend), ("placebo", found.placebo)):
        says = "unknown" if check is None else "passes" if check.passes else "fails"
        lines.append(text(f"cli.pilot.{name}.{says}"))
    return lines


def _measure(choices: Namespace, text: Text) -> int:
    if all(getattr(choices, name) is None for name in COUNTS):
        return _measure_uploaded(choices, text)
    given = {name: getattr(choices, name) for name in COUNTS}
    if missing := [f"--{name.replace('_', '-')}" for name, count in given.items() if count is None]:
        wrong_use("missing", task=choices.task, options=", ".join(missing))
    result = measure_randomised(*given.values())
    answer(choices, _result_json(result), _measure_words(result, text))
    return 0


def _result_json(result: PilotResult) -> dict[str, Any]:
    return {
        "treated_retention": result.treated_retention,
        "control_retention": result.control_retention,
        "difference": rate_interval(result.difference),
        "p_value": result.p_value,
        "log_hazard_gain": result.log_hazard_gain,
        "log_hazard_error": result.log_hazard_error,
        "grade": str(result.grade),
    }


def _measure_words(result: PilotResult, text: Text) -> list[str]:
    points = in_points(result.difference)
    kind = "kept" if points.low > 0 else "lost" if points.high < 0 else "open"
    stayed = {
        "treated": text.percent(result.treated_retention),
        "control": text.percent(result.control_retention),
    }
    return [text("cli.pilot.stayed", **stayed), text(f"cli.pilot.{kind}", difference=points_range(points, text))]
