"""Does the call survive? A call that one half-year or one segment decides is not given, and is told apart from one that all of them agree on."""

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.export.json.case import evaluation_json
from cxroi.model.company.panel import Panel
from cxroi.model.decision.health import Status
from cxroi.model.decision.robustness import Change, Survival
from cxroi.model.decision.verdict import Call
from cxroi.model.response.channel import Channel
from cxroi.model.response.channel_cells import channel_cells
from cxroi.model.response.channel_fit import fit_channel
from cxroi.model.response.curves import Curves
from cxroi.model.response.shape import Family, gain
from cxroi.model.scenario import Scenario
from cxroi.model.value.projection import COARSE_LEVELS, tabulate
from cxroi.questions import ask_survival, build_business_case, default_scenario, evidence_from_panel
from cxroi.questions.judgement import Judgement, judgement_of
from cxroi.questions.refits import CALL_DRAWS, Refits, together
from cxroi.questions.survival import SHOWN, _booked_late, _other_horizon, _with_spike, _with_thresholds
from cxroi.text import Text
from cxroi.view.decide.survival import survival_line, survival_sentence
from cxroi.view.decide.verdict import case_sentence

STRONG = Company(spend=1.0, customers=60_000, spend_variation=0.4, drift_spread=0.01, seed=3)
ALONE = replace(STRONG, strength=(1.2, 0.0, 0.0, 0.0), spend=3.0, margin=120.0)
OPEN = Company(seed=2)


@cache
def evidence_of(company):
    return evidence_from_panel(simulate(company).panel, data_version="v1")


def case_of(evidence):
    return build_business_case(evidence, default_scenario(evidence))


def checks(evidence, scenario=None):
    return {one.check: one for one in ask_survival(evidence, scenario or default_scenario(evidence))}


def half_year(seed=0):
    """Simulate a company whose spend moved in five months of three years and never else, in each segment by another amount."""
    random, plan = np.random.default_rng(seed), np.ones((4, 36))
    plan[:, 16:21] = np.array([[0.5], [1.6], [0.7], [1.3]])
    bought = 0.6 * (gain(Family.EXPONENTIAL, plan, 1.0, 1.0) - 1)
    start = np.full(plan.shape, 60_000.0)
    lost = random.binomial(60_000, 0.02 * np.exp(random.normal(0, 0.005, plan.shape) - bought)).astype(float)
    return Panel(
        months=np.datetime64("2022-01", "M") + np.arange(36),
        segments=("s0", "s1", "s2", "s3"),
        customers_at_start=start,
        customers_joined=random.poisson(1200, plan.shape).astype(float),
        customers_lost=lost,
        revenue=start * 64.0,
        contribution_margin=start * 40.0,
        support_contacts=start * 0.3,
        support_cost=start * 4.0,
        cx_spend=start * 3.0 * plan,
        complete_months=np.ones(36, bool),
        currency="SAR",
    )


def test_a_clean_strong_company_survives_every_change():
    found = checks(evidence_of(STRONG))
    assert {one.status for one in found.values()} == {Survival.SURVIVES}
    assert [len(found[name].asked) for name in ("months", "segments", *SHOWN)] == [5, 4, 1, 6, 2, 1]
    assert case_of(evidence_of(STRONG)).verdict.call is Call.UNDER_INVESTED


def test_a_call_that_rests_on_a_channel_in_doubt_fails_a_check_that_is_listed():
    doubted = Judgement(evidence=SimpleNamespace(health=()), scenario=Scenario(), table=None)
    vars(doubted).update(rests_on=(Channel.JOINS,), survival=())
    assert [(one.check, one.status) for one in doubted.health] == [("rests_on_joins", Status.FAIL)]


def test_a_call_that_one_segment_decides_is_not_given_and_the_segment_is_named():
    evidence = evidence_of(ALONE)
    verdict = case_of(evidence).verdict
    assert judgement_of(evidence, Scenario()).standing.call is Call.UNDER_INVESTED
    assert (verdict.call, verdict.reason) == (Call.NOT_ENOUGH_EVIDENCE, "survives_segments")
    assert dict(verdict.reason_facts) == {
        "segment": "s00",
        "became": "over_invested",
    }  # where spend does nothing, it does


def test_a_call_that_one_half_year_decides_is_not_given_and_the_months_are_named():
    evidence = evidence_from_panel(half_year(), data_version="v1")
    verdict = case_of(evidence).verdict
    assert judgement_of(evidence, Scenario()).standing.call is Call.UNDER_INVESTED
    assert (verdict.call, verdict.reason) == (Call.NOT_ENOUGH_EVIDENCE, "survives_months")
    assert verdict.reason_facts[:2] == (("first", "2023-04"), ("last", "2023-10"))
    assert checks(evidence)["segments"].status is Survival.SURVIVES


def test_about_right_is_lost_as_any_other_call_is():
    """Without its largest segment this company would gain more than what matters: it is not surely about right."""
    evidence = evidence_of(replace(STRONG, spend=3.0))
    assert judgement_of(evidence, Scenario()).standing.call is Call.ABOUT_RIGHT
    assert dict(case_of(evidence).verdict.reason_facts) == {"segment": "s00", "became": "under_invested"}


@pytest.mark.parametrize("company", [OPEN, replace(STRONG, spend_variation=0.0)])
def test_where_there_is_no_call_nothing_is_fitted_again(company, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("fitted again")

    monkeypatch.setattr(Refits, "fitted", refuse)
    evidence = evidence_from_panel(simulate(company).panel, data_version="v1")
    assert {one.status for one in checks(evidence).values()} == {Survival.NOT_ASKED}
    assert not [one.check for one in case_of(evidence).health if one.check.startswith("survives_")]


def test_a_study_may_leave_it_unasked(monkeypatch):
    monkeypatch.setattr(Refits, "fitted", lambda *_, **__: pytest.fail("fitted again"))
    evidence = evidence_from_panel(simulate(ALONE).panel, data_version="v1", survive=False, draws=512)
    assert case_of(evidence).verdict.call is Call.UNDER_INVESTED and len(evidence.posterior.family) == 512
    assert {one.status for one in checks(evidence).values()} == {Survival.NOT_ASKED}


def test_prices_under_which_there_is_a_call_are_asked_under_those_prices():
    evidence = evidence_of(OPEN)
    dear = replace(default_scenario(evidence), hurdle_net_return=5.0)
    assert judgement_of(evidence, dear).standing.call is Call.OVER_INVESTED
    assert {one.status for one in checks(evidence, dear).values()} == {Survival.SURVIVES}


def test_a_plan_never_asks_again(monkeypatch):
    evidence = evidence_of(STRONG)
    case_of(evidence)
    monkeypatch.setattr("cxroi.questions.judgement.Judgement.called_on", lambda *_: pytest.fail("asked again"))
    for change in ({"investment_level_percent": 137.0}, {"one_off_cost": 1e5}, {"retention_uplift_pp": 1.0}):
        build_business_case(evidence, replace(default_scenario(evidence), **change))


def test_the_same_data_survive_the_same():
    again = evidence_from_panel(simulate(ALONE).panel, data_version="v2")
    assert checks(again) == checks(evidence_of(ALONE))


def test_spend_that_was_booked_late_and_is_moved_back_keeps_the_call_and_more_of_the_effect():
    panel = simulate(replace(STRONG, carryover_rate=0.0)).panel
    per_customer = panel.cx_spend / panel.customers_at_start
    late = np.column_stack([per_customer[:, :1], per_customer[:, :-1]])
    booked_late = evidence_from_panel(replace(panel, cx_spend=late * panel.customers_at_start), data_version="v1")
    refits, in_time = booked_late.refits, evidence_from_panel(panel, data_version="v1", survive=False)
    assert judgement_of(in_time, Scenario()).standing.call is Call.UNDER_INVESTED
    found = checks(booked_late)["lag"]
    assert "late_1" not in {one.change.id for one in found.lost}
    slopes = [one.future.response.slope().mean() for one in _booked_late(refits)]
    truth, as_booked = in_time.posterior.slope().mean(), booked_late.posterior.slope().mean()
    assert abs(slopes[0] - truth) < min(abs(as_booked - truth), abs(slopes[1] - truth))


def test_another_prior_weighs_the_draws_as_a_fit_under_it_does():
    refits = evidence_of(OPEN).refits
    one = _with_thresholds(refits, "threshold_common", 0.7).future.response
    fitted = refits.fitted(Change(id="other"), priors=replace(refits.priors, threshold_weight=0.7)).future.response

    def of_thresholds(curves):
        return float((curves.family == Family.THRESHOLD).mean())

    before, weight = of_thresholds(refits.future.response), refits.priors.threshold_weight
    odds = before / (1 - before) * 0.7 / 0.3 * (1 - weight) / weight
    assert of_thresholds(one) == pytest.approx(odds / (1 + odds), abs=0.01)
    assert of_thresholds(one) == pytest.approx(of_thresholds(fitted), abs=0.1) and of_thresholds(one) > before + 0.1
    for name, nothing in (("spike_low", 0.5), ("spike_high", 0.9)):
        joins = next(c for c in refits.future.channels if c.channel is Channel.JOINS)
        prior = refits.channel_priors[Channel.JOINS].nothing
        moves, odds = joins.moves.mean(), (1 - nothing) / nothing * prior / (1 - prior)
        expected = moves * odds / (moves * odds + 1 - moves)
        weighed = next(c for c in _with_spike(refits, name, nothing).future.channels if c.channel is Channel.JOINS)
        assert weighed.moves.mean() == pytest.approx(expected, abs=0.01)


def test_what_is_left_out_counts_for_nothing_in_churn_and_in_a_channel_that_moves(monkeypatch):
    """Whatever stood in those months, the fits without them are the same ones: to the last digit."""
    monkeypatch.setattr("cxroi.questions.refits._MAY_MOVE", -1.0)  # every channel is fitted again
    evidence = evidence_of(STRONG)
    wrong = {
        name: np.where(np.arange(36) >= 29, 1.7 * getattr(evidence.panel, name), getattr(evidence.panel, name))
        for name in ("customers_lost", "contribution_margin", "support_cost")
    }
    same = (
        replace(evidence.refits, panel=evidence.panel),
        replace(evidence.refits, panel=replace(evidence.panel, **wrong)),
    )
    plain, changed = (
        refits.fitted(Change(id="other"), lambda history: history.without_months(slice(29, 36))) for refits in same
    )
    assert np.array_equal(plain.future.response.strength, changed.future.response.strength)
    for one, other in zip(plain.future.channels, changed.future.channels, strict=True):
        assert np.array_equal(one.strength, other.strength), one.channel
    assert not np.array_equal(plain.future.response.strength, evidence.posterior.strength[:CALL_DRAWS])


def test_a_channel_that_hardly_moves_keeps_its_draws_and_one_that_moves_is_fitted_again_from_where_it_ended():
    panel = simulate(replace(STRONG, strength=(0.0,) * 4)).panel
    ratio = panel.cx_spend / panel.customers_at_start
    noise = np.exp(np.random.default_rng(1).normal(0, 0.01, ratio.shape))
    margin = panel.contribution_margin * (ratio / ratio[:, -12:].mean(axis=1, keepdims=True)) ** 0.12 * noise
    evidence = evidence_from_panel(replace(panel, contribution_margin=margin), data_version="v1")
    one = evidence.refits.months_left_out[0].future
    kept = {c.channel: c.take(evidence.refits.draws) for c in evidence.channels}
    for channel in one.channels:
        assert np.array_equal(channel.strength, kept[channel.channel].strength) == (
            channel.channel is not Channel.MARGIN
        )
    begun_near = next(c for c in one.channels if c.channel is Channel.MARGIN)
    alone = channel_cells(Channel.MARGIN, evidence.panel, one.response.history)
    from_the_start = fit_channel(alone, evidence.refits.channel_priors[Channel.MARGIN], draws=1024)
    for summary in (np.mean, np.std):
        near, far = (summary(fit.slope().mean(axis=1)) for fit in (begun_near, from_the_start))
        assert near == pytest.approx(far, rel=0.25, abs=0.003)


def test_fits_one_after_another_are_worth_what_each_is_alone():
    refits = evidence_of(STRONG).refits
    both = tabulate(together(refits.future, refits.segments_left_out), 0.1, 12, COARSE_LEVELS).sums
    for place, one in enumerate(refits.segments_left_out):
        alone = tabulate(one.future, 0.1, 12, COARSE_LEVELS).sums
        rows = slice(place * CALL_DRAWS, (place + 1) * CALL_DRAWS)
        assert np.allclose(alone.stay, both.stay[..., rows]) and np.allclose(alone.inflow, both.inflow[..., rows])


def test_the_words_name_what_the_call_hangs_on_in_both_languages():
    case = case_of(evidence_of(ALONE))
    for language in ("en", "ar"):
        text = Text(language)
        line = survival_line(case, text)
        assert "s00" in case_sentence(case, text) and "s00" in survival_sentence(case, text)
        assert [mark.status for mark in line.marks[:2]] == ["survives", "changes"]
        assert text("verdict.word.over_invested") in line.marks[1].note
    months = case_of(evidence_from_panel(half_year(), data_version="v1"))
    assert "Apr 2023 to Oct 2023" in case_sentence(months, Text("en"))


def test_the_json_of_a_case_tells_what_it_survives():
    told = evaluation_json(case_of(evidence_of(ALONE)), Text("en"))
    by_check = {one["check"]: one for one in told["survives"]}
    assert list(by_check) == ["months", "segments", "horizon", "prior", "lag", "spend_error"]
    changed = [{"change": "segments", "facts": {"segment": "s00"}, "call": "over_invested"}]
    assert by_check["segments"] == {
        "check": "segments",
        "status": "changes",
        "binding": True,
        "asked": 4,
        "changes": changed,
    }
    health = {one["check"]: one for one in told["health"]}
    assert health["survives_months"]["status"] == "pass" and health["survives_segments"]["status"] == "fail"


def test_the_strip_of_horizons_asks_of_each_whether_it_survives_as_the_verdict_itself_is_asked():
    for evidence in (evidence_of(ALONE), evidence_of(replace(STRONG, spend=3.0))):
        case = case_of(evidence)
        by_horizon = {(one.months, one.for_life): one.verdict for one in case.horizons}
        for told, asked in ((by_horizon[36, True], case.verdict), (by_horizon[36, False], case.beside)):
            assert (told.call, told.reason, told.reason_facts) == (asked.call, asked.reason, asked.reason_facts)


def test_the_other_horizon_is_asked_for_the_verdict_that_would_be_given_with_it():
    """What one segment alone decides when kept customers count must not be told as a call in one place and as none in another."""
    evidence = evidence_of(ALONE)
    strict = replace(default_scenario(evidence), residual_value_months=0)
    given = case_of(evidence).verdict.call
    assert judgement_of(evidence, Scenario()).standing.call is not given
    assert [one.became for one in _other_horizon(evidence, strict, Call.ABOUT_RIGHT).lost] == [given]


def test_curves_are_joined_draw_by_draw():
    response = evidence_of(STRONG).posterior
    first, second = response.take(slice(0, 3)), response.take(slice(3, 5))
    joined = first.joined([second])
    assert isinstance(joined, Curves) and np.array_equal(joined.strength, response.strength[:5])
    assert np.array_equal(joined.family, response.family[:5])
