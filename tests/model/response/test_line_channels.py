"""What a line does beside churn is counted for it and for no other line, and one in doubt decides nothing."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company
from benchmarks.simulation.line_companies import Inside, Line, simulate_lines
from cxroi.export.json.lines import lines_json
from cxroi.model.decision.verdict import Call
from cxroi.model.discount import discount_factors
from cxroi.model.response.channel import Channel
from cxroi.model.response.prior import Priors
from cxroi.model.response.sampling import prior_cloud
from cxroi.model.value.economics import economics
from cxroi.model.value.line_value import value_line, value_together
from cxroi.model.value.projection import tabulate
from cxroi.questions import default_scenario, evidence_from_panel
from cxroi.questions.line_evidence import lines_of_spend
from cxroi.questions.lines import ask_where_between_lines, judge_lines, value_of_level
from cxroi.text import LANGUAGES, Text

PLAIN = Company(
    n_segments=3, n_months=36, customers=20_000, churn=0.025, spend=2.5, month_spread=0.03, drift_spread=0.02, seed=3
)


@pytest.fixture(scope="module")
def basket():
    """Return the evidence and lines of a company whose line "basket" raises margin per customer and nothing else, beside a line that keeps
    customers and one that does nothing."""
    made = {
        "basket": Line(0.3, 0.0, Inside(0, 1.0, 1.0), 0.3),
        "keeper": Line(0.4, 0.3, Inside(0, 1.0, 1.0), 0.3),
        "useless": Line(0.3, 0.0, Inside(0, 1.0, 1.0), 0.3),
    }
    company = simulate_lines(PLAIN, made, np.random.default_rng(3))
    ratio = company.spend["basket"] / company.panel.customers_at_start
    ratio /= ratio[:, -12:].mean(axis=1, keepdims=True)
    noise = np.exp(np.random.default_rng(1).normal(0, 0.01, ratio.shape))
    panel = replace(company.panel, contribution_margin=company.panel.contribution_margin * noise * ratio**0.08)
    evidence = evidence_from_panel(panel, data_version="made")
    return evidence, lines_of_spend(evidence, company.spend, by="initiative")


def case(report, name):
    return next(one for one in report.lines if one.line == name)


def margin_of(lines, name):
    return next(one for one in lines.futures[name].channels if one.channel is Channel.MARGIN)


def test_a_line_that_pays_by_the_basket_alone_is_not_told_to_cut_and_a_useless_one_beside_it_not_to_grow(basket):
    evidence, lines = basket
    report = judge_lines(evidence, lines, default_scenario(evidence))
    assert case(report, "basket").verdict.call is Call.UNDER_INVESTED
    assert case(report, "useless").verdict.call is not Call.UNDER_INVESTED
    assert [one.channel for one in case(report, "basket").channels if one.moves] == [Channel.MARGIN]
    for text in map(Text, LANGUAGES):
        told = {each["line"]: each for each in lines_json(report, "SAR", text)["lines"]}
        assert text("channel.margin") in told["basket"]["note"] and not told["useless"]["note"]
        assert next(one for one in told["basket"]["channels"] if one["id"] == "margin")["counted"]
    blind = {name: replace(one, channels=()) for name, one in lines.futures.items()}
    without = judge_lines(evidence, replace(lines, futures=blind), default_scenario(evidence))
    assert case(without, "basket").verdict.reason == "line_channels"


def test_what_a_line_does_to_margin_is_found_in_it_and_not_in_the_others(basket):
    _, lines = basket
    low, high = np.quantile(margin_of(lines, "basket").slope().mean(axis=1), (0.05, 0.95))
    assert low < 0.08 < high and margin_of(lines, "basket").helps > 0.9
    for other in ("keeper", "useless"):
        assert np.quantile(margin_of(lines, other).slope().mean(axis=1), 0.95) < 0.03


def test_money_moves_to_the_line_that_pays_by_the_basket(basket):
    evidence, lines = basket
    moves = {one.segment: one for one in ask_where_between_lines(evidence, lines, default_scenario(evidence)).moves}
    assert moves["basket"].spend > moves["basket"].today_spend


@pytest.mark.parametrize("residual", [0, None])
def test_one_line_moved_is_worth_what_its_own_valuation_says_whatever_it_moves(basket, residual):
    """The march of all lines at once against the table of one: margin, support cost, joins and churn together."""
    evidence, lines = basket
    scenario = replace(default_scenario(evidence), residual_value_months=residual, horizon_months=24)
    learned = margin_of(lines, "basket")
    every = tuple(
        replace(learned.take(np.roll(np.arange(learned.family.size), place)), channel=name)
        for place, name in enumerate(Channel)
    )
    future = replace(lines.futures["basket"], channels=every)
    money, spend = economics(evidence.baseline, scenario, 100.0), lines.spend_per_customer("basket")
    table = tabulate(future, scenario.annual_discount_rate, 24, np.array([60.0, 100.0, 140.0]))
    whole = value_line(money, table, spend).whole
    discount = discount_factors(scenario.annual_discount_rate, 24)
    for row, level in enumerate((60.0, 100.0, 140.0)):
        together = value_together(money, {"basket": future}, {"basket": spend}, {"basket": level}, discount)
        assert together == pytest.approx((whole.benefit - whole.cost)[row], rel=1e-9, abs=1e-4)
    twin = {"basket": future, "again": future}
    both = value_together(money, twin, {"basket": spend, "again": spend}, {"basket": 140.0, "again": 100.0}, discount)
    assert both == pytest.approx((whole.benefit - whole.cost)[2], rel=1e-9)


def test_what_the_other_lines_cost_is_no_support_cost_that_a_channel_could_lower(basket):
    """A line that lowers support cost saves a share of support cost: the other lines' spend beside it changes nothing of that."""
    evidence, lines = basket
    learned = replace(margin_of(lines, "basket"), channel=Channel.SUPPORT)
    still = replace(lines.futures["basket"], strength=0 * lines.futures["basket"].strength, channels=(learned,))
    scenario = replace(default_scenario(evidence), residual_value_months=0)
    money, table = economics(evidence.baseline, scenario, 100.0), tabulate(still, 0.1, 12, np.array([100.0, 140.0]))
    small = value_line(money, table, lines.spend_per_customer("basket")).whole.benefit[1]
    dear = replace(money, spend=10 * money.spend)
    assert value_line(dear, table, lines.spend_per_customer("basket")).whole.benefit[1] == pytest.approx(small)
    assert small.mean() > 0


def test_a_call_that_would_rest_on_a_channel_in_doubt_is_not_made_and_its_part_not_counted(basket):
    evidence, lines = basket
    doubted = replace(margin_of(lines, "basket"), lead=5.0)
    futures = {**lines.futures, "basket": replace(lines.futures["basket"], channels=(doubted,))}
    unsure, scenario = replace(lines, futures=futures), default_scenario(evidence)
    found = case(judge_lines(evidence, unsure, scenario), "basket")
    assert (found.verdict.call, found.verdict.reason) == (Call.NOT_ENOUGH_EVIDENCE, "rests_on_margin")
    assert [one.counted for one in found.channels] == [False]
    assert found.marginal_roi.mid < case(judge_lines(evidence, lines, scenario), "basket").marginal_roi.mid
    held = next(m for m in ask_where_between_lines(evidence, unsure, scenario).moves if m.segment == "basket")
    assert held.bound == "held" and held.spend == pytest.approx(held.today_spend)
    counted = value_of_level(evidence, lines, scenario, {"basket": 120.0}).mean()
    assert value_of_level(evidence, unsure, scenario, {"basket": 120.0}).mean() < counted


def test_what_is_believed_before_any_data_may_be_nothing_or_harm(basket):
    history = basket[0].posterior.history
    cloud, _ = prior_cloud(history, Priors(nothing=0.75, harms=0.05), 4096, 0)
    sign = np.sign(cloud.strength[:, 0])
    assert [(sign == one).mean() for one in (0, 1, -1)] == pytest.approx([0.75, 0.2, 0.05], abs=0.02)
