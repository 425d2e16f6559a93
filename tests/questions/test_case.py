"""One business case: what adds up, what must not move, and which way the rest must move."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.errors import ModelError, PanelError, ScenarioError
from cxroi.model.assumption import Grade, parse_assumptions
from cxroi.model.decision.health import Status
from cxroi.model.decision.verdict import Call
from cxroi.model.discount import discount_factors
from cxroi.model.response.prior import Priors
from cxroi.model.scenario import RANGES, Scenario
from cxroi.model.value.economics import economics
from cxroi.model.value.valuation import monthly_flows, value_levels
from cxroi.questions import build_business_case, default_scenario, evidence_from_panel, read_register
from cxroi.questions.plan import SpendPlan
from cxroi.text import Text
from cxroi.view.decide.health_words import advice
from tests.held_bytes import held

CHEAP = Company(spend=1.0, customers=60_000, spend_variation=0.4, drift_spread=0.01, seed=3)


@pytest.fixture(scope="module")
def evidence():
    return evidence_from_panel(simulate(CHEAP).panel, data_version="v1")


def case(evidence, **changes):
    return build_business_case(evidence, replace(default_scenario(evidence), **changes))


def test_a_company_that_spends_too_little_is_told_so_and_one_that_spends_too_much_too(evidence):
    assert case(evidence).verdict.call is Call.UNDER_INVESTED
    dear = evidence_from_panel(simulate(replace(CHEAP, spend=15.0)).panel, data_version="v1")
    assert case(dear).verdict.call is Call.OVER_INVESTED
    assert case(dear).scenario.investment_level_percent < 100 < case(evidence).scenario.investment_level_percent


def test_a_plan_at_todays_level_changes_nothing(evidence):
    none = case(evidence, investment_level_percent=100)
    assert none.outcome.npv.low == none.outcome.npv.high == 0
    assert none.outcome.plan_uplift_pp.mid == 0 and none.outcome.break_even_uplift_pp is None
    assert (none.cash_flow.mid == 0).all()


def test_the_waterfall_adds_up_to_the_net_present_value(evidence):
    full = case(
        evidence,
        investment_level_percent=133,
        one_off_cost=1e5,
        support_cost_change_percent=-5,
        spend_uplift_percent=1,
        referral_share_of_benefit=0.05,
        staff_attrition_saving_per_year=2e4,
        benefit_risk_adjustment_rate=0.1,
        cost_risk_adjustment_rate=0.2,
        residual_value_months=24,
    )
    steps = {step.name: step for step in full.waterfall}
    assert sum(s.amount for s in full.waterfall if not s.is_total) == pytest.approx(steps["npv"].amount)
    assert steps["npv"].amount == pytest.approx(full.outcome.npv.mid)
    assert set(steps) == {
        "gross_claim", "cost_to_serve", "spend_uplift", "support_change", "referral", "staff_saving",
        "overlap", "residual_value", "risk_adjustment", "benefit", "plan_cost", "one_off_cost", "npv",
    }  # fmt: skip
    for language in ("en", "ar"):
        assert all(Text(language)(f"waterfall.{name}") for name in steps)


def test_what_two_levers_both_claim_is_taken_off_once(evidence):
    nothing = {"spend_uplift_percent": 0.0, "support_cost_change_percent": 0.0, "referral_share_of_benefit": 0.0}

    def step(name, **changes):
        plan = {**nothing, "residual_value_months": 0, **changes}
        found = case(evidence, investment_level_percent=150, **plan).waterfall
        return {each.name: each.amount for each in found}.get(name, 0.0)

    levers = {"spend_uplift_percent": 2.0, "support_cost_change_percent": -10.0}
    at_plan = sum(step(name, **levers) for name in ("gross_claim", "cost_to_serve"))
    at_today = sum(step(name) for name in ("gross_claim", "cost_to_serve"))
    assert step("overlap", **levers) == pytest.approx(at_today - at_plan) and step("overlap", **levers) < 0
    assert step("overlap") == 0
    others = sum(step(name, **levers) for name in ("spend_uplift", "support_change", "overlap"))
    assert at_plan + others == pytest.approx(step("benefit", **levers))


def test_customers_kept_count_for_their_remaining_life_unless_a_strict_horizon_is_asked_for(evidence):
    found, strict = (case(evidence, investment_level_percent=150, residual_value_months=m) for m in (None, 0))
    assert 0 < found.scenario.residual_value_months <= 60 and strict.scenario.residual_value_months == 0
    value = next(s.amount for s in found.waterfall if s.name == "residual_value")
    assert found.outcome.npv.mid - strict.outcome.npv.mid == pytest.approx(value) and value > 0


def test_value_after_the_horizon_grows_with_the_months_that_are_typed(evidence):
    off, some, more = (case(evidence, investment_level_percent=150, residual_value_months=m) for m in (0, 12, 60))
    assert "residual_value" not in {step.name for step in off.waterfall}
    values = [next(s.amount for s in each.waterfall if s.name == "residual_value") for each in (some, more)]
    assert 0 < values[0] < values[1]
    assert some.outcome.npv.mid - off.outcome.npv.mid == pytest.approx(values[0])
    assert some.outcome.payback_months == off.outcome.payback_months and (some.cash_flow.mid == off.cash_flow.mid).all()
    assert some.outcome.annual_irr.mid > off.outcome.annual_irr.mid
    assert some.outcome.break_even_uplift_pp < off.outcome.break_even_uplift_pp
    assert sum(each.outcome.npv.mid for each in more.segments) == pytest.approx(more.outcome.npv.mid)
    at = dict(zip(more.curve.level_percent, more.curve.mid, strict=True))
    assert at[100.0] == 0 and at[150.0] == pytest.approx(more.outcome.npv.mid)


def test_value_after_the_horizon_is_that_of_the_months_in_which_the_plan_is_over(evidence):
    scenario = replace(default_scenario(evidence), investment_level_percent=150, residual_value_months=18)
    valued = value_levels(economics(evidence.baseline, scenario, 150.0), evidence.table(0.10, 36))
    plan, today = (valued.headcount.held(level).by_month[-1] for level in (150.0, 100.0))
    alone, money = plan - today, valued.money
    by_hand = 0.0
    for month in range(37, 55):  # no spend beyond today's: today's churn, nobody joins because of the plan
        alone = alone * (1 - evidence.future.churn.T)
        by_hand = by_hand + 1.10 ** (-month / 12) * ((money.margin - money.support - money.spend) @ alone)
    without = value_levels(
        economics(evidence.baseline, replace(scenario, residual_value_months=0), 150.0), evidence.table(0.10, 36)
    )
    np.testing.assert_allclose(valued.whole.plan_benefit - without.whole.plan_benefit, by_hand, rtol=1e-8)


def test_discounted_cash_flows_are_the_net_present_value(evidence):
    scenario = replace(
        default_scenario(evidence), investment_level_percent=137, one_off_cost=5e4, support_cost_change_percent=3,
        residual_value_months=0,
        staff_attrition_saving_per_year=1e4, cost_risk_adjustment_rate=0.1, benefit_risk_adjustment_rate=0.05,
    )  # fmt: skip
    table = evidence.table(scenario.annual_discount_rate, scenario.horizon_months)
    money = economics(evidence.baseline, scenario, 137)
    valuation = value_levels(money, table)
    factors = np.append(1.0, discount_factors(0.1, 36))
    flows = [monthly_flows(money, valuation.headcount, segment) for segment in range(len(evidence.baseline.segments))]
    for segment, each in enumerate(flows):
        own = valuation.of(segment)
        np.testing.assert_allclose(factors @ each, own.plan_benefit - own.plan_cost, rtol=1e-8, atol=1e-4)
    np.testing.assert_allclose(monthly_flows(money, valuation.headcount), sum(flows), rtol=1e-8, atol=1e-4)


def test_segments_add_up_to_the_whole(evidence):
    whole = case(evidence, investment_level_percent=150, one_off_cost=1e5)
    assert sum(s.outcome.npv.mid for s in whole.segments) == pytest.approx(whole.outcome.npv.mid)
    assert sum(s.verdict.today_spend for s in whole.segments) == pytest.approx(whole.verdict.today_spend)


def test_the_curve_goes_through_today_and_the_plan(evidence):
    plan = case(evidence, investment_level_percent=150)
    at = dict(zip(plan.curve.level_percent, plan.curve.mid, strict=True))
    assert at[100.0] == 0 and at[150.0] == pytest.approx(plan.outcome.npv.mid)


def test_the_same_question_gets_the_same_answer(evidence):
    assert case(evidence, investment_level_percent=140).outcome == case(evidence, investment_level_percent=140).outcome


def test_a_typed_uplift_is_not_believed_to_buy_the_impossible_at_other_levels(evidence):
    free = case(evidence, investment_level_percent=150).curve
    typed = case(evidence, investment_level_percent=150, retention_uplift_pp=1.0).curve
    at = np.searchsorted(free.level_percent, typed.level_percent)
    moved = typed.mid - free.mid[at]
    assert np.abs(moved).max() <= 1.2 * np.abs(moved[typed.level_percent == 150]).max()
    assert moved[typed.level_percent <= 100] == pytest.approx(0, abs=1e-3)


def test_a_typed_uplift_is_what_the_plan_then_buys_with_the_evidences_spread_and_is_graded_as_typed(evidence):
    free = case(evidence, investment_level_percent=150)
    typed = case(evidence, investment_level_percent=150, retention_uplift_pp=2.0)
    assert typed.outcome.plan_uplift_pp.mid == pytest.approx(2.0)
    widths = [one.outcome.plan_uplift_pp.high - one.outcome.plan_uplift_pp.low for one in (free, typed)]
    assert widths[1] == pytest.approx(widths[0], rel=0.02)
    assert {a.name: a.grade for a in typed.assumptions}["retention_uplift_pp"] is Grade.TYPED_IN


def test_what_is_typed_moves_the_plan_and_never_the_verdict(evidence):
    free = case(evidence, investment_level_percent=150)
    for changes in (
        {"retention_uplift_pp": 4.0}, {"retention_uplift_pp": 0.0}, {"support_cost_change_percent": -30.0},
        {"spend_uplift_percent": 9.0}, {"one_off_cost": 1e8}, {"investment_level_percent": 40.0},
        {"staff_attrition_saving_per_year": 1e8}, {"referral_share_of_benefit": 0.07},
    ):  # fmt: skip
        typed = case(evidence, **{"investment_level_percent": 150, **changes})
        assert typed.verdict == free.verdict and typed.outcome.npv != free.outcome.npv


def test_typing_what_the_evidence_says_changes_nothing_and_zero_means_none(evidence):
    free = case(evidence, investment_level_percent=150)
    same = case(evidence, investment_level_percent=150, retention_uplift_pp=free.outcome.plan_uplift_pp.mid)
    assert same.outcome.npv.mid == pytest.approx(free.outcome.npv.mid, rel=1e-6)
    none = case(
        evidence, investment_level_percent=150, retention_uplift_pp=0.0, spend_uplift_percent=0.0,
        support_cost_change_percent=0.0, referral_share_of_benefit=0.0,
    )  # fmt: skip
    assert (none.outcome.plan_uplift_pp.low, none.outcome.plan_uplift_pp.high) == pytest.approx((0, 0), abs=1e-9)
    assert none.outcome.benefit.high == pytest.approx(0.0, abs=1e-3)
    assert none.outcome.npv.mid == pytest.approx(-none.outcome.cost.mid)


@pytest.mark.parametrize("level", [60.0, 100.0, 150.0])
@pytest.mark.parametrize(
    ("name", "values", "sign"),
    [
        ("retention_uplift_pp", (-3.0, -1.0, -0.1, -0.01, 0.0, 0.01, 0.1, 0.5, 1.0, 3.0), 1),
        ("support_cost_change_percent", (-20.0, -1.0, 0.0, 1.0, 20.0), -1),
        ("spend_uplift_percent", (-5.0, -0.1, 0.0, 0.1, 5.0), 1),
        ("referral_share_of_benefit", (0.0, 0.001, 0.03, 0.07), None),
        ("one_off_cost", (0.0, 1.0, 1e6), -1),
    ],
)
def test_value_follows_every_typed_lever_without_a_jump_or_a_turn(evidence, level, name, values, sign):
    npv = np.array([
        case(evidence, investment_level_percent=level, **{name: value}).outcome.npv.mid for value in values
    ])  # fmt: skip
    slope = np.diff(npv) / np.diff(values)
    assert (slope * (sign or np.sign(slope[-1])) >= 0).all()
    around = np.abs(slope)
    assert around.max() <= 4 * np.median(around) + 1e-9  # steeper nowhere: no jump through 0 or through the evidence


def test_typing_the_break_even_uplift_leaves_nothing(evidence):
    plan = case(evidence, investment_level_percent=150)
    at_zero = case(evidence, investment_level_percent=150, retention_uplift_pp=plan.outcome.break_even_uplift_pp)
    assert abs(at_zero.outcome.npv.mid) < 0.03 * at_zero.outcome.cost.mid


def test_a_better_process_may_keep_more_customers_for_less_spend_and_no_uplift_goes_beyond_everyone(evidence):
    fixed = case(evidence, investment_level_percent=80, retention_uplift_pp=1.0)
    assert fixed.outcome.benefit.mid > 0 > fixed.outcome.cost.mid
    same_spend = case(evidence, investment_level_percent=100, retention_uplift_pp=1.0)
    assert same_spend.outcome.cost.mid < 0.5 * same_spend.outcome.benefit.mid
    with pytest.raises(ScenarioError, match="uplift_out_of_reach"):
        case(evidence, investment_level_percent=150, retention_uplift_pp=45.0)


def test_a_higher_hurdle_never_asks_for_more_spend(evidence):
    best = [case(evidence, hurdle_net_return=h).verdict for h in (0.0, 0.5, 2.0)]
    assert sorted((v.optimum_spend.mid for v in best), reverse=True) == [v.optimum_spend.mid for v in best]
    assert sorted((v.probability_more_pays for v in best), reverse=True) == [v.probability_more_pays for v in best]


@pytest.mark.parametrize(
    ("change", "sign"),
    [
        ({"one_off_cost": 1e6}, -1),
        ({"support_cost_change_percent": 10}, -1),
        ({"annual_discount_rate": 0.3}, -1),
        ({"contribution_margin_rate": 0.9}, 1),
        ({"spend_uplift_percent": 2}, 1),
        ({"referral_share_of_benefit": 0.05}, 1),
        ({"staff_attrition_saving_per_year": 1e6}, 1),
        ({"benefit_risk_adjustment_rate": 0.2}, -1),
        ({"cost_risk_adjustment_rate": 0.2}, -1),
        ({"horizon_months": 60}, 1),
    ],
)
def test_each_assumption_moves_the_value_the_way_it_must(evidence, change, sign):
    base = case(evidence, investment_level_percent=150).outcome.npv.mid
    assert np.sign(case(evidence, investment_level_percent=150, **change).outcome.npv.mid - base) == sign


def test_what_comes_with_a_plan_does_not_choose_its_level(evidence):
    plain = case(evidence).scenario.investment_level_percent
    assert case(evidence, support_cost_change_percent=-20).scenario.investment_level_percent == plain
    assert case(evidence, one_off_cost=1e6).scenario.investment_level_percent == plain


def test_support_cost_changes_a_plan_at_todays_level_too(evidence):
    cheaper = case(evidence, investment_level_percent=100, support_cost_change_percent=-10)
    assert cheaper.outcome.npv.low > 0 and cheaper.curve.mid[cheaper.curve.level_percent == 100] > 0


def test_every_assumption_stands_in_the_register_with_a_label_in_both_languages(evidence):
    _, register = read_register()
    assert set(register) == set(RANGES)
    changed = {a.name: a for a in case(evidence, horizon_months=24).assumptions}
    assert changed["horizon_months"].grade is Grade.TYPED_IN and changed["horizon_months"].value == 24
    assert changed["annual_discount_rate"].grade is Grade.BENCHMARK
    assert changed["retention_uplift_pp"].grade is Grade.OWN_HISTORY
    for name in register:
        for language in ("en", "ar"):
            assert Text(language)(f"assumption.{name}.label") and Text(language)(f"assumption.{name}.meaning")


def test_the_register_agrees_with_the_defaults_in_code():
    priors, register = read_register()
    assert priors == Priors()
    defaults = Scenario()
    for name, entry in register.items():
        assert entry.value == getattr(defaults, name) and (entry.low, entry.high) == RANGES[name]


def test_a_number_without_a_source_does_not_load():
    entry = {"value": 1, "low": 0, "high": 2, "unit": "", "source": "somebody", "year": 2026, "grade": "F"}
    assert parse_assumptions({"x": entry})["x"].value == 1
    for field in ("source", "year", "grade"):
        with pytest.raises(ModelError):
            parse_assumptions({"x": {k: v for k, v in entry.items() if k != field}})


def test_five_months_are_not_enough_and_say_so():
    short = case(evidence_from_panel(simulate(replace(CHEAP, n_months=5)).panel, data_version="v1"))
    assert (short.verdict.call, short.verdict.reason) == (Call.NOT_ENOUGH_EVIDENCE, "history")


def test_spend_that_never_varied_is_not_enough_and_gets_a_pilot():
    flat = case(evidence_from_panel(simulate(replace(CHEAP, spend_variation=0.0)).panel, data_version="v1"))
    assert (flat.verdict.call, flat.verdict.reason) == (Call.NOT_ENOUGH_EVIDENCE, "spend_variation")
    assert flat.verdict.grade is Grade.TYPED_IN
    assert flat.verdict.pilot is not None and flat.verdict.pilot.customers_per_group > 0


def test_no_spend_today_is_refused_and_a_segment_without_spend_stays_out_of_the_plan():
    panel = simulate(CHEAP).panel
    with pytest.raises(PanelError, match="no_spend_today"):
        evidence_from_panel(replace(panel, cx_spend=0 * panel.cx_spend), data_version="v1")
    some = panel.cx_spend.copy()
    some[0, -12:] = 0
    partly = case(evidence_from_panel(replace(panel, cx_spend=some), data_version="v1"), investment_level_percent=150)
    assert partly.segments[0].outcome.npv.high == 0 < partly.segments[1].outcome.cost.mid


def test_one_customer_gets_an_answer_that_says_how_little_is_known():
    one = simulate(replace(CHEAP, n_segments=1, customers=1.0, churn=1e-9)).panel
    got = case(evidence_from_panel(one, data_version="v1"))
    assert got.verdict.call is Call.NOT_ENOUGH_EVIDENCE
    assert all(np.isfinite([got.outcome.npv.low, got.outcome.npv.high]))


def test_every_health_check_has_its_words_in_both_languages(evidence):
    close = (("probability", 0.72), ("needed", 0.7))
    told = {
        "survives_months": (("first", "2024-01"), ("last", "2024-05"), *close),
        "survives_segments": (("segment", "s0"), *close),
    }
    for check in case(evidence).health:
        check = replace(check, facts=told.get(check.check, check.facts))
        for text in map(Text, ("en", "ar")):
            assert all(text(f"health.{check.check}.{part}") for part in ("name", "measures"))
            assert all(advice(replace(check, status=status), text) for status in (Status.REVIEW, Status.FAIL))
    assert any(check.check == "survives_months" for check in case(evidence).health)


def test_a_clean_company_passes_every_check(evidence):
    assert {
        c.check: c.status for c in case(evidence, investment_level_percent=105).health if c.status is not Status.PASS
    } == {}


@pytest.mark.parametrize("asked", [{}, {"retention_uplift_pp": 1.0}, {"annual_discount_rate": 0.07}])
def test_a_kept_case_holds_figures_and_not_the_draws_behind_them(evidence, asked):
    """The app keeps 256 of them: what they hold beside the evidence, all together, must stay a few megabytes."""
    built = case(evidence, investment_level_percent=130.0, **asked)
    list(built.segments)
    seen = set()
    held(evidence, seen)
    kept = [getattr(built, name) for name in vars(built) if name != "around"]
    assert held(kept, seen) <= 16_384


@pytest.mark.parametrize("typed", [None, 1.5])
def test_the_headline_does_not_wait_for_what_it_does_not_say(evidence, monkeypatch, typed):
    with monkeypatch.context() as patched:
        for name in ("curve", "whole", "health", "steps", "cash_flow", "break_even_uplift_pp", "levels"):
            patched.setattr(SpendPlan, name, property(lambda _: pytest.fail("nobody has looked at it")))
        built = case(evidence, investment_level_percent=133.0, retention_uplift_pp=typed)
        said = built.outcome.npv, built.outcome.payback_months, built.verdict.call, built.level_percent
    assert built.curve is built.curve and built.outcome.roi is not None
    assert said == (built.outcome.npv, built.outcome.payback_months, built.verdict.call, 133.0)


def test_what_is_looked_at_late_is_what_it_was_at_once(evidence):
    late = case(evidence, investment_level_percent=150.0, retention_uplift_pp=2.0)
    case(evidence, investment_level_percent=90.0)  # another plan has been asked for since
    now = case(evidence, investment_level_percent=150.0, retention_uplift_pp=2.0)
    assert late.outcome == now.outcome and late.waterfall == now.waterfall and late.health == now.health
    for name in ("low", "mid", "high"):
        np.testing.assert_array_equal(getattr(late.curve, name), getattr(now.curve, name))
        np.testing.assert_array_equal(getattr(late.cash_flow, name), getattr(now.cash_flow, name))


def test_a_margin_that_is_given_answers_the_check_that_asked_for_it(evidence):
    asking = replace(
        evidence,
        health=tuple(
            replace(one, status=Status.REVIEW) if one.check == "margin_is_revenue" else one for one in evidence.health
        ),
    )

    def status(**asked):
        return next(one.status for one in case(asking, **asked).health if one.check == "margin_is_revenue")

    assert status() is Status.REVIEW
    assert status(contribution_margin_rate=0.4) is Status.PASS
