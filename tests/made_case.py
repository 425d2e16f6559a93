"""A made-up business case: every figure plausible, none computed by the model. For tests of words and pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cxroi.model.assumption import Assumption, Grade
from cxroi.model.company.baseline import Baseline, SegmentBaseline
from cxroi.model.company.panel import Panel
from cxroi.model.decision.health import HealthCheck, Status
from cxroi.model.decision.steps import Step
from cxroi.model.decision.verdict import Call, PilotProposal, Sides, Verdict
from cxroi.model.scenario import Scenario
from cxroi.model.statistics.uncertainty import Interval
from cxroi.model.value.outcome import CashFlow, Curve, Outcome, WaterfallStep
from cxroi.questions import BreakEvens, BusinessCase, ChannelFact, HorizonVerdict, SegmentCase
from cxroi.questions.case import Around

SEGMENTS = ("Enterprise", "Midmarket", "Small business", "Consumer")


def interval(low: float, mid: float, high: float) -> Interval:
    """Return an interval, written short."""
    return Interval(low=low, mid=mid, high=high)


def made_outcome(scale: float = 1.0) -> Outcome:
    """Return an outcome of a plan that pays, money multiplied by `scale`."""
    return Outcome(
        benefit=interval(2.9e6 * scale, 4.6e6 * scale, 6.4e6 * scale),
        cost=Interval.known(2.3e6 * scale),
        npv=interval(0.6e6 * scale, 2.3e6 * scale, 4.1e6 * scale),
        roi=interval(0.26, 1.0, 1.78),
        programme_roi=interval(1.4, 2.4, 3.6),
        programme_is_extrapolated=True,
        marginal_roi=interval(0.31, 1.12, 1.94),
        benefit_cost_ratio=interval(1.26, 2.0, 2.78),
        annual_irr=interval(0.21, 0.84, 1.5),
        payback_months=interval(11.0, 17.0, 29.0),
        probability_of_payback=0.97,
        probability_of_loss=0.02,
        break_even_uplift_pp=1.1,
        observed_uplift_pp=4.8,
        plan_uplift_pp=interval(1.4, 2.3, 3.2),
    )


def made_step(level_percent: float, npv: float, scale: float = 1.0) -> Step:
    """Return a step that pays on average and sometimes loses."""
    return Step(
        level_percent=level_percent,
        spend=level_percent / 100 * 275e3 * scale,
        expected_npv=npv,
        npv_p10=0.3 * npv,
        expected_loss=0.05 * npv,
        probability_of_loss=0.04,
        beyond_data=False,
    )


def made_verdict(call: Call = Call.UNDER_INVESTED, scale: float = 1.0) -> Verdict:
    """Return a verdict with the given call."""
    pilot = PilotProposal(
        segment="Consumer",
        customers_per_group=4200,
        months=6,
        parameter="strength",
        level_percent=150.0,
        outcomes=("churn",),
        cost=79_000.0 * scale,
        worth=210_000.0 * scale,
        probability_it_settles=0.62,
        branches_per_group=42,
    )
    open_ = call is Call.NOT_ENOUGH_EVIDENCE
    above = {Call.UNDER_INVESTED: 0.95, Call.OVER_INVESTED: 0.07, Call.ABOUT_RIGHT: 0.55}.get(call, 0.63)
    return Verdict(
        call=call,
        reason={
            Call.UNDER_INVESTED: "best_above",
            Call.OVER_INVESTED: "best_below",
            Call.ABOUT_RIGHT: "gain_below_materiality",
            Call.NOT_ENOUGH_EVIDENCE: "direction_unclear",
        }[call],
        probability_more_pays=0.96,
        probability_best_above=above,
        probability_best_below=0.98 - above,
        stated=Sides(best_above=0.9 * above, best_below=0.88 - 0.9 * above, more_pays=0.87),
        optimum_spend=interval(330e3 * scale, 410e3 * scale, 520e3 * scale),
        today_spend=275e3 * scale,
        observed_spend=(170e3 * scale, 470e3 * scale),
        spend_range=None if open_ else (0.0, 345e3 * scale),
        gain_from_acting_now=2.3e6 * scale,
        cost_of_too_little=2.6e6 * scale,
        cost_of_too_much=0.1e6 * scale,
        value_of_information=0.4e6 * scale,
        materiality=0.18e6 * scale,
        best_step=made_step(150.0, 2.3e6 * scale, scale),
        safe_step=made_step(125.0, 1.4e6 * scale, scale),
        direction=made_step(110.0, 0.6e6 * scale, scale) if open_ else None,
        grade=Grade.OWN_HISTORY,
        find_pilot=lambda: pilot if open_ else None,
    )


def _segment_baseline(segment: str, customers: float) -> SegmentBaseline:
    return SegmentBaseline(
        segment=segment,
        months=12,
        customers=customers,
        monthly_churn_rate=interval(0.018, 0.02, 0.022),
        annual_retention_rate=interval(0.766, 0.785, 0.804),
        joins_per_month=customers * 0.02,
        revenue_per_customer_month=110.0,
        contribution_margin_per_customer_month=62.0,
        support_contacts_per_customer_month=0.4,
        support_cost_per_customer_month=6.5,
        average_order_value=None,
        cx_spend_per_month=customers * 6.25,
        customer_months=customers * 12,
        customers_lost=customers * 0.24,
    )


def _panel() -> Panel:
    months = np.arange("2023-01", "2026-01", dtype="datetime64[M]")
    shape = (len(SEGMENTS), months.size)
    start = np.full(shape, 11_000.0)
    return Panel(
        months=months,
        segments=SEGMENTS,
        customers_at_start=start,
        customers_joined=start * 0.02,
        customers_lost=start * 0.02,
        revenue=start * 110,
        contribution_margin=start * 62,
        support_contacts=start * 0.4,
        support_cost=start * 6.5,
        cx_spend=start * 6.25,
        complete_months=np.ones(months.size, dtype=bool),
        currency="SAR",
    )


def made_curve() -> Curve:
    """Return a concave curve of net present value with its best level near 150 % of today's spend."""
    level = np.linspace(0, 300, 61)
    mid = 2.3e6 * (1 - ((level - 150) / 50) ** 2 * np.where(level > 150, 0.25, 1.0))
    spread = np.abs(level - 100) * 2.2e4
    return Curve(
        level_percent=level,
        low=mid - spread,
        mid=mid,
        high=mid + spread,
        observed_low_percent=62.0,
        observed_high_percent=171.0,
    )


def made_cash_flow() -> CashFlow:
    """Return a cash flow that pays back in month 17."""
    month = np.arange(37)
    mid = -64_000.0 * month + 7_600 * month * (month - 1) / 2
    return CashFlow(month=month, low=mid - 16_000 * month, mid=mid, high=mid + 19_000 * month)


WATERFALL = (
    WaterfallStep(name="gross_claim", amount=9.8e6),
    WaterfallStep(name="cost_to_serve", amount=-4.1e6),
    WaterfallStep(name="support_change", amount=-0.4e6),
    WaterfallStep(name="risk_adjustment", amount=-0.7e6),
    WaterfallStep(name="benefit", amount=4.6e6, is_total=True),
    WaterfallStep(name="plan_cost", amount=-2.3e6),
    WaterfallStep(name="npv", amount=2.3e6, is_total=True),
)

HEALTH = (
    HealthCheck(check="history", status=Status.PASS, measure=36.0, threshold=12.0),
    HealthCheck(check="spend_variation", status=Status.PASS, measure=0.6, threshold=0.3),
    HealthCheck(check="spend_range_edge", status=Status.REVIEW, measure=0.08, threshold=0.1),
)


def made_case(call: Call = Call.UNDER_INVESTED) -> BusinessCase:
    """Return a whole case with the given call; its segments show all four calls."""
    segments = tuple(_segment_baseline(name, 11_000.0) for name in SEGMENTS)
    calls = (call, *(other for other in Call if other is not call))
    return BusinessCase(
        panel=_panel(),
        baseline=Baseline(
            segments=segments,
            whole=_segment_baseline("all", 44_000.0),
            first_month="2025-01",
            last_month="2025-12",
            currency="SAR",
        ),
        scenario=Scenario(investment_level_percent=150.0, retention_uplift_pp=2.3, currency="SAR"),
        assumptions=(
            Assumption(
                name="investment_level_percent",
                value=150.0,
                low=0.0,
                high=300.0,
                unit="%",
                grade=Grade.OWN_HISTORY,
                source="own data",
                year=2025,
            ),
        ),
        outcome=made_outcome(),
        verdict=made_verdict(call),
        health=HEALTH,
        curve=made_curve(),
        cash_flow=made_cash_flow(),
        waterfall=WATERFALL,
        segments=tuple(
            SegmentCase(segment=name, outcome=made_outcome(0.25), verdict=made_verdict(each, 0.25))
            for name, each in zip(SEGMENTS, calls, strict=True)
        ),
        currency="SAR",
        data_version="000007-1f0c",
        illustrative=True,
        around=Around(break_evens=made_break_evens, channels=made_channels, horizons=made_horizons, beside=made_beside),
    )


def made_channels() -> tuple[ChannelFact, ...]:
    """Return retention that counts, a margin that moves little, support cost in doubt and new customers left out."""

    def fact(id: str, **facts: object) -> ChannelFact:
        known = {
            "probability_helps": 0.09,
            "probability_harms": 0.01,
            "elasticity": interval(0.0, 0.02, 0.05),
            "change_percent": interval(0.0, 0.2, 0.5),
            "worth": interval(0.0, 2e4, 9e4),
            "grade": Grade.OWN_HISTORY,
            "left_out": None,
            "doubt": None,
            "moves": False,
            "counted": True,
        }
        return ChannelFact(id=id, **{**known, **facts})  # type: ignore[arg-type]

    nothing = dict.fromkeys(
        ("probability_helps", "probability_harms", "elasticity", "change_percent", "worth", "grade")
    )
    return (
        fact("churn", probability_helps=1.0, probability_harms=0.0, moves=True, worth=interval(2e5, 5e5, 9e5)),
        fact("margin"),
        fact(
            "support",
            probability_helps=0.1,
            probability_harms=0.7,
            doubt="harm",
            moves=True,
            counted=False,
            if_it_holds=interval(-4e5, -2e5, 0.0),
        ),
        fact("joins", left_out="derived", counted=False, **nothing),
    )


def made_horizons() -> tuple[HorizonVerdict, ...]:
    """Return a verdict that turns with the horizon."""
    calls = ((12, Call.OVER_INVESTED), (24, Call.ABOUT_RIGHT), (36, Call.UNDER_INVESTED))
    strict = tuple(HorizonVerdict(months=m, for_life=False, verdict=made_verdict(call)) for m, call in calls)
    return (*strict, HorizonVerdict(months=36, for_life=True, verdict=made_verdict()))


def made_beside() -> Verdict:
    """Return what the verdict is with nothing counted after the horizon."""
    return made_verdict(Call.ABOUT_RIGHT)


def made_break_evens() -> BreakEvens:
    """Return break-evens of which the horizon's is nearest."""
    return BreakEvens(
        step=made_step(150.0, 2.3e6),
        horizon_months=22,
        contribution_margin_percent=-31.0,
        one_off_cost=2.3e6,
        support_cost_percent=12.0,
        churn_factor=0.7,
        nearest="horizon_months",
    )


def capped_case(check: str) -> BusinessCase:
    """Return a case whose verdict was capped by the failed health check `check`."""
    case = made_case(Call.NOT_ENOUGH_EVIDENCE)
    failed = HealthCheck(check=check, status=Status.FAIL, measure=4.0, threshold=6.0)
    verdict = replace(case.verdict, reason=check, find_pilot=lambda: None)
    return replace(case, verdict=verdict, health=(*case.health, failed))
