"""The pilot proposed for an open verdict can exist, and is proposed only where it is worth its cost."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.model.assumption import Grade
from cxroi.model.decision.pilot_trial import OpenDecision, errors, trials
from cxroi.model.decision.pilot_value import lesson_of, value_of_sample
from cxroi.model.decision.proposal import propose_pilot
from cxroi.model.decision.verdict import Call
from cxroi.model.pilots.pilot import PilotBeliefs, PilotEvidence, PilotOutcome
from cxroi.model.response.channel import Channel
from cxroi.model.statistics.uncertainty import resample
from cxroi.questions import default_scenario, evidence_from_panel
from cxroi.questions.judgement import objective
from cxroi.questions.plan import plan_of
from tests.model.response.test_channels import PLAIN, moved

OPEN = Company(seed=1, customers=4_000, n_months=30, spend_variation=0.15, strength=(0.25,) * 4)
LARGEST = {
    PilotOutcome.CHURN: 0.35,
    PilotOutcome.MARGIN: 0.12,
    PilotOutcome.SUPPORT: 0.3,
    PilotOutcome.JOINS: 0.3,
}


@cache
def plan(company=OPEN, panel=None):
    evidence = evidence_from_panel(panel or simulate(company).panel, data_version="v")
    return plan_of(evidence, default_scenario(evidence))


def decision(the_plan=None, **changes):
    """Return the decision on the whole company, with its customers scaled where `customers` says so."""
    the_plan = the_plan or plan()
    money, scale = the_plan.money, changes.pop("customers", 1.0)
    facts = OpenDecision(
        future=the_plan.table.future,
        money=replace(money, customers=money.customers * scale),
        segments=tuple(one.segment for one in the_plan.evidence.baseline.segments),
        level_percent=the_plan.table.level_percent,
        value=objective(the_plan.scenario, the_plan.valuation.whole) * scale,
        discount=the_plan.table.discount,
        call=lambda draws, measured: Call.UNDER_INVESTED,
        largest_error=LARGEST,
        beliefs=PilotBeliefs(),
    )
    return replace(facts, **changes)


def test_the_sample_decision_is_open_and_its_pilot_can_exist():
    verdict = plan().verdict(None)
    assert verdict.call is Call.NOT_ENOUGH_EVIDENCE
    pilot = verdict.pilot
    places = {one.segment: one.customers for one in plan().evidence.baseline.segments}
    places["all"] = sum(places.values())
    assert pilot.customers_per_group <= places[pilot.segment] / 2
    assert pilot.is_worth_its_cost and pilot.worth < verdict.value_of_information
    assert 0 <= pilot.probability_it_settles <= 1 and pilot.branches_per_group >= 4


@pytest.mark.parametrize("customers", [0.001, 0.02, 0.1, 0.5, 1.0, 10.0])
@pytest.mark.parametrize("spread", [0.3, 1.0])
def test_no_pilot_needs_more_than_half_of_its_place_whatever_the_size_of_the_company(customers, spread):
    """Today's rule asked for 250,677 customers in each group of a segment that had 3,753."""
    asked = decision(customers=customers)
    asked = replace(asked, value=asked.value * spread)
    places = dict(zip(asked.segments, asked.money.customers.tolist(), strict=True)) | {
        "all": asked.money.customers.sum()
    }
    for trial in trials(asked):
        assert max(trial.sizes) <= places[trial.place.name] / 2
        counted = errors(asked, trial, min(trial.sizes))
        assert any(error <= 1.0001 * LARGEST[name] for error, name in zip(counted, trial.outcomes, strict=True))
    pilot = propose_pilot(asked)
    assert pilot is None or 0 < pilot.customers_per_group <= places[pilot.segment] / 2


def test_where_customers_are_too_few_to_tell_anything_no_pilot_is_proposed_at_all():
    assert propose_pilot(decision(customers=0.001)) is None
    asked = decision()
    nobody_leaves = replace(asked.future, churn=asked.future.churn * 0, channels=())
    assert propose_pilot(replace(asked, future=nobody_leaves)) is None
    nothing_moves = replace(asked.future, strength=asked.future.strength * 0, channels=())
    assert propose_pilot(replace(asked, future=nothing_moves)) is None


def test_a_pilot_dearer_than_its_lesson_says_that_it_is_not_worth_its_cost():
    asked = decision()
    dear = replace(asked, money=replace(asked.money, spend=300 * asked.money.spend, margin=300 * asked.money.margin))
    pilot = propose_pilot(dear)
    assert not pilot.is_worth_its_cost and pilot.cost > pilot.worth
    assert propose_pilot(asked).is_worth_its_cost


def test_the_one_chosen_is_the_best_of_all_that_could_be_run():
    asked = decision()
    pilot = propose_pilot(asked)
    best = -np.inf
    for trial in trials(asked):
        left = asked.discount[trial.months :].sum() / asked.discount.sum()
        for size in trial.sizes:
            worth = left * value_of_sample(trial.lesson, errors(asked, trial, size))
            best = max(best, worth - size * trial.cost_per_customer)
    assert pilot.worth - pilot.cost == pytest.approx(best)


def test_the_same_question_has_the_same_answer():
    assert propose_pilot(decision()) == propose_pilot(decision())


def test_a_longer_pilot_with_more_customers_costs_more_and_is_surer_and_a_cut_costs_what_it_loses():
    by = {(one.place.name, one.level_percent, one.months): one for one in trials(decision())}
    asked = decision()
    short, long, cut, twice = (by["s00", *key] for key in ((150.0, 3), (150.0, 12), (50.0, 12), (200.0, 12)))
    assert 0 < short.cost_per_customer < long.cost_per_customer < twice.cost_per_customer
    assert cut.cost_per_customer > 0 and cut.gain.mean() < 0 < long.gain.mean()
    assert errors(asked, long, 500)[0] < errors(asked, short, 500)[0]
    assert errors(asked, long, 1000)[0] == pytest.approx(errors(asked, long, 500)[0] / np.sqrt(2))
    month = asked.money.margin[0] - asked.money.support[0] - asked.money.spend[0]
    leave = 1 - (1 - asked.future.churn[:, 0].mean()) ** (12 * (np.exp(-cut.gain[:, 0]).mean() - 1))
    life = 1 / (asked.future.churn[:, 0].mean() + np.log(1.1) / 12)
    assert cut.cost_per_customer == pytest.approx(leave * month * life, rel=0.4)


def test_what_is_learned_late_counts_for_the_months_that_are_left():
    asked = decision(discount=np.ones(12))
    assert {trial.months for trial in trials(asked)} == {3, 6, 9}
    assert propose_pilot(asked).worth <= propose_pilot(decision()).worth


def test_a_company_whose_spend_may_pay_by_the_basket_is_told_to_measure_margin():
    the_plan = plan(PLAIN, moved(margin=lambda r, t, s: r**0.06, noise=0.05))
    channel = next(one for one in the_plan.table.future.channels if one.channel is Channel.MARGIN)
    assert channel.moves.mean() > 0.05
    small = PilotBeliefs(margin_spread=0.5)
    pilot = propose_pilot(decision(the_plan, beliefs=small))
    assert "margin" in pilot.outcomes
    blind = replace(the_plan.table.future, channels=())
    assert "margin" not in propose_pilot(decision(the_plan, beliefs=small, future=blind)).outcomes


def test_the_chance_that_it_settles_is_that_of_the_rule_on_the_draws_left():
    assert propose_pilot(decision()).probability_it_settles == 1.0
    never = decision(call=lambda draws, measured: Call.NOT_ENOUGH_EVIDENCE)
    assert propose_pilot(never).probability_it_settles == 0.0
    asked = []
    propose_pilot(decision(call=lambda draws, measured: asked.append((draws.size, measured)) or Call.ABOUT_RIGHT))
    assert {size for size, _ in asked} == {512} and all("churn" in measured for _, measured in asked)


def test_draws_weighed_by_a_result_are_those_that_a_fit_with_it_finds():
    the_plan, shown, error, level, months = plan(), 0.05, 0.08, 150.0, 6
    result = PilotEvidence(
        spend_ratio_treated=level / 100,
        spend_ratio_control=1.0,
        log_gain=shown,
        standard_error=error,
        grade=Grade.RANDOMISED_PILOT,
        segment="s01",
        months=months,
    )
    again = evidence_from_panel(the_plan.evidence.panel, data_version="v", pilots=(result,))
    before, after = (
        one.strength[:, 1] * one.path_gain(level, months).mean(axis=1) for one in (the_plan.table.future, again.future)
    )
    weighed = before[resample(-0.5 * ((shown - before) / error) ** 2, 2048)]
    assert weighed.mean() == pytest.approx(after.mean(), abs=0.01)
    assert weighed.std() == pytest.approx(after.std(), rel=0.15)
    assert abs(after.mean() - before.mean()) > 0.02


def test_lessons_are_worked_out_on_the_values_of_the_decision_itself():
    asked = decision()
    trial = next(iter(trials(asked)))
    tens = asked.level_percent % 10 == 0
    own = lesson_of(trial.gain, asked.value[tens])
    np.testing.assert_allclose(own.value, trial.lesson.value)
