"""A baseline and a business case as JSON objects."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from cxroi.export.json.values import Json, exact_money, money_interval, rate, rate_interval
from cxroi.model.company.baseline import Baseline, SegmentBaseline
from cxroi.model.decision.health import HealthCheck
from cxroi.model.decision.robustness import SurvivalCheck
from cxroi.model.decision.steps import Step
from cxroi.model.decision.verdict import PilotProposal, Verdict
from cxroi.model.value.outcome import Outcome
from cxroi.model.value.tei import TeiSummary
from cxroi.questions import BreakEvens, BusinessCase, ChannelFact, EventFact, HorizonVerdict
from cxroi.text import Text
from cxroi.view.data_notes import data_notes
from cxroi.view.decide.health_words import advice
from cxroi.view.decide.verdict import case_sentence, verdict_sentence


def baseline_json(baseline: Baseline) -> Json:
    """Return the baseline of every segment and of "all", which stands last."""
    return {
        "currency": baseline.currency,
        "first_month": baseline.first_month,
        "last_month": baseline.last_month,
        "segments": [_segment_baseline(segment) for segment in (*baseline.segments, baseline.whole)],
    }


def _segment_baseline(segment: SegmentBaseline) -> Json:
    return {
        "segment": segment.segment,
        "months": segment.months,
        "customers": rate(segment.customers),
        "monthly_churn_rate": rate_interval(segment.monthly_churn_rate),
        "annual_retention_rate": rate_interval(segment.annual_retention_rate),
        "joins_per_month": rate(segment.joins_per_month),
        "revenue_per_customer_month": exact_money(segment.revenue_per_customer_month),
        "contribution_margin_per_customer_month": exact_money(segment.contribution_margin_per_customer_month),
        "support_contacts_per_customer_month": rate(segment.support_contacts_per_customer_month),
        "support_cost_per_customer_month": exact_money(segment.support_cost_per_customer_month),
        "average_order_value": exact_money(segment.average_order_value),
        "cx_spend_per_month": exact_money(segment.cx_spend_per_month),
        "customer_months": rate(segment.customer_months),
        "customers_lost": rate(segment.customers_lost),
    }


def evaluation_json(case: BusinessCase, text: Text) -> Json:
    """Return a business case whole: scenario, outcome, verdict, health and the same for every segment."""
    hurdle = case.scenario.hurdle_net_return
    return {
        "currency": case.currency,
        "data_version": case.data_version,
        "illustrative": case.illustrative,
        "scenario": {a.name: _assumption(a, text) for a in case.assumptions},
        "asked": {**asdict(case.asked), "first_quarters_percent": list(case.asked.first_quarters_percent)},
        "outcome": outcome_json(case.outcome),
        "verdict": {**verdict_json(case.verdict, case.currency, text, hurdle), "sentence": case_sentence(case, text)},
        "channels": [channel_json(one) for one in case.channels],
        "horizons": [horizon_json(one) for one in case.horizons],
        "break_evens": None if case.break_evens is None else break_evens_json(case.break_evens),
        "waterfall": [
            {"step": step.name, "amount": exact_money(step.amount), "is_total": step.is_total}
            for step in case.waterfall
        ],
        "health": [health_json(check, text) for check in case.health],
        "survives": [survival_json(one) for one in case.survival],
        **({"events": [event_json(one) for one in case.events]} if case.events else {}),
        "notes": [asdict(note) for note in data_notes(case, text)],
        "segments": [
            {
                "segment": one.segment,
                "outcome": outcome_json(one.outcome),
                "verdict": verdict_json(one.verdict, case.currency, text, hurdle),
            }
            for one in case.segments
        ],
    }


def channel_json(one: ChannelFact) -> Json:
    """Return one way in which spend may pay; `elasticity` as [5, 50, 95] percent of the draws."""
    e = one.elasticity
    return {
        "id": one.id,
        "p_helps": rate(one.probability_helps),
        "p_harms": rate(one.probability_harms),
        "elasticity": None if e is None else [rate(e.low), rate(e.mid), rate(e.high)],
        "change_percent_of_10_percent_more": rate_interval(one.change_percent),
        "worth_of_10_percent_more": money_interval(one.worth),
        "grade": None if one.grade is None else str(one.grade),
        "in_doubt": one.doubt,
        "left_out": one.left_out,
        "counted": one.counted,
        "if_it_holds": money_interval(one.if_it_holds),
    }


def event_json(one: EventFact) -> Json:
    """Return a named event: by how many percent it moved each outcome for as long as it held, or why it was not taken out."""
    event = one.event
    return {
        "what": event.what,
        "kind": str(event.kind),
        "segment": event.segment or None,
        "starts_on": event.first_on.isoformat(),
        "ends_on": None if event.last_on is None else event.last_on.isoformat(),
        "lasts": event.lasts,
        "taken_out": one.unused is None,
        "left_out": one.unused,
        "changes": [
            {"id": name, "percent": rate_interval(each.percent), "probability_up": rate(each.probability_up)}
            for name, each in one.changes.items()
        ],
    }


def survival_json(one: SurvivalCheck) -> Json:
    """Return whether the verdict survives one kind of change, and the changes under which it would be another."""
    return {
        "check": one.check,
        "status": str(one.status),
        "binding": one.binding,
        "asked": len(one.asked),
        "changes": [
            {"change": lost.change.id, "facts": dict(lost.change.facts), "call": str(lost.became)} for lost in one.lost
        ],
    }


def horizon_json(one: HorizonVerdict) -> Json:
    """Return the call over one horizon; `for_life` counts customers kept for as long as they are expected to stay."""
    return {
        "months": one.months,
        "for_life": one.for_life,
        "call": str(one.verdict.call),
        "probability_best_above": rate(one.verdict.stated.best_above),
        "probability_more_pays": rate(one.verdict.stated.more_pays),
    }


def tei_json(table: TeiSummary, currency: str) -> Json:
    """Return the TEI table; lists start with the initial column."""
    return {
        "currency": currency,
        "annual_discount_rate": rate(table.rate),
        "costs": [exact_money(amount) for amount in table.costs],
        "benefits": [exact_money(amount) for amount in table.benefits],
        "net_benefits": [exact_money(amount) for amount in table.net_benefits],
        "total_costs": exact_money(table.total_costs),
        "total_benefits": exact_money(table.total_benefits),
        "total_net": exact_money(table.total_net),
        "pv_costs": exact_money(table.pv_costs),
        "pv_benefits": exact_money(table.pv_benefits),
        "npv": exact_money(table.npv),
        "roi": rate(table.roi),
        "payback_months": rate(table.payback_months),
    }


def outcome_json(outcome: Outcome) -> Json:
    """Return what the plan is worth against today."""
    return {
        "benefit": money_interval(outcome.benefit),
        "cost": money_interval(outcome.cost),
        "npv": money_interval(outcome.npv),
        "roi": rate_interval(outcome.roi),
        "programme_roi": rate_interval(outcome.programme_roi),
        "programme_is_extrapolated": outcome.programme_is_extrapolated,
        "marginal_roi": rate_interval(outcome.marginal_roi),
        "benefit_cost_ratio": rate_interval(outcome.benefit_cost_ratio),
        "annual_irr": rate_interval(outcome.annual_irr),
        "payback_months": rate_interval(outcome.payback_months),
        "probability_of_payback": rate(outcome.probability_of_payback),
        "probability_of_loss": rate(outcome.probability_of_loss),
        "break_even_uplift": rate(outcome.break_even_uplift_pp),
        "observed_uplift": rate(outcome.observed_uplift_pp),
        "plan_uplift": rate_interval(outcome.plan_uplift_pp),
    }


def verdict_json(
    verdict: Verdict,
    currency: str,
    text: Text,
    hurdle_net_return: float = 0.0,
) -> Json:
    """Return the call and everything that stands behind it; probabilities as they are stated, those of the draws beside them."""
    pilot = verdict.pilot
    return {
        "call": str(verdict.call),
        "reason": verdict.reason,
        "probability_best_above": rate(verdict.stated.best_above),
        "probability_best_below": rate(verdict.stated.best_below),
        "probability_more_pays": rate(verdict.stated.more_pays),
        "of_the_draws": {
            "best_above": rate(verdict.probability_best_above),
            "best_below": rate(verdict.probability_best_below),
            "more_pays": rate(verdict.probability_more_pays),
        },
        "optimum_spend": money_interval(verdict.optimum_spend),
        "today_spend": exact_money(verdict.today_spend),
        "observed_spend": {
            "low": exact_money(verdict.observed_spend[0]),
            "high": exact_money(verdict.observed_spend[1]),
        },
        "spend_range": None
        if verdict.spend_range is None
        else {"low": exact_money(verdict.spend_range[0]), "high": exact_money(verdict.spend_range[1])},
        "gain_from_acting_now": exact_money(verdict.gain_from_acting_now),
        "cost_of_too_little": exact_money(verdict.cost_of_too_little),
        "cost_of_too_much": exact_money(verdict.cost_of_too_much),
        "cost_of_acting": exact_money(verdict.cost_of_acting),
        "value_of_information": exact_money(verdict.value_of_information),
        "materiality": exact_money(verdict.materiality),
        "best_step": step_json(verdict.best_step),
        "safe_step": step_json(verdict.safe_step),
        "direction": None if verdict.direction is None else step_json(verdict.direction),
        "grade": str(verdict.grade),
        "pilot": None if pilot is None else pilot_json(pilot),
        "sentence": verdict_sentence(verdict, currency, text, hurdle_net_return=hurdle_net_return),
    }


def step_json(step: Step) -> Json:
    """Return a step from today's spend to another level; `way` is more, less or stay."""
    return {
        "way": step.way,
        "level_percent": rate(step.level_percent),
        "spend": exact_money(step.spend),
        "expected_npv": exact_money(step.expected_npv),
        "npv_p10": exact_money(step.npv_p10),
        "expected_loss": exact_money(step.expected_loss),
        "probability_of_loss": rate(step.probability_of_loss),
        "beyond_data": step.beyond_data,
    }


def break_evens_json(turning: BreakEvens) -> Json:
    """Return at which value of each input the verdict's step earns nothing; null where no value does."""
    return {
        "level_percent": rate(turning.step.level_percent),
        "horizon_months": rate(turning.horizon_months),
        "contribution_margin_percent": rate(turning.contribution_margin_percent),
        "one_off_cost": exact_money(turning.one_off_cost),
        "support_cost_percent": rate(turning.support_cost_percent),
        "churn_factor": rate(turning.churn_factor),
        "nearest": turning.nearest,
    }


def pilot_json(pilot: PilotProposal) -> Json:
    """Return a proposed pilot; `cost` and `worth` are present value."""
    return {
        "segment": pilot.segment,
        "customers_per_group": pilot.customers_per_group,
        "branches_per_group": pilot.branches_per_group,
        "months": pilot.months,
        "level_percent": pilot.level_percent,
        "outcomes": list(pilot.outcomes),
        "parameter": pilot.parameter,
        "cost": exact_money(pilot.cost),
        "worth": exact_money(pilot.worth),
        "is_worth_its_cost": pilot.is_worth_its_cost,
        "probability_it_settles": rate(pilot.probability_it_settles),
    }


def _assumption(assumption: Any, text: Text) -> Json:
    value = assumption.value
    return {
        "value": value if isinstance(value, str) else rate(value),
        "unit": assumption.unit,
        "low": rate(assumption.low),
        "high": rate(assumption.high),
        "grade": str(assumption.grade),
        "source": assumption.source,
        "year": assumption.year,
    }


def health_json(check: HealthCheck, text: Text) -> Json:
    """Return one health check with what to do about it."""
    status = str(check.status)
    return {
        "check": check.check,
        "status": status,
        "measure": rate(check.measure),
        "threshold": rate(check.threshold),
        "advice": None if status == "pass" else advice(check, text),
    }
