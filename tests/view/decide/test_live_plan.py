"""What is shown while a slider is dragged is word for word what stands there once it is let go."""

import re
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions import build_business_case, default_scenario, evidence_from_panel
from cxroi.questions.sweep import LEADING, stop_of, stop_of_case, sweep, uplift_reach
from cxroi.text import LANGUAGES, Text
from cxroi.view.decide.board_drawing import window_of
from cxroi.view.decide.live_panel import live_panel
from cxroi.view.decide.live_plan import live_plan, terms_of
from tests.made_case import made_case

EN = Text("en")
COMPANY = Company(spend=1.0, customers=60_000, spend_variation=0.4, drift_spread=0.01, seed=3)


@pytest.fixture(scope="module")
def evidence():
    return evidence_from_panel(simulate(COMPANY).panel, data_version="v1", survive=False)


def panel_of(evidence, scenario, text):
    case = build_business_case(evidence, scenario)
    bare = build_business_case(evidence, scenario.without_plan)
    window = window_of(bare, case.level_percent)
    reach = uplift_reach(evidence, window.x)
    return live_panel(case, bare, stop_of_case(case), (), text, window=window, uplift_reach=reach)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_of_a_slider_reads_as_it_will_once_it_is_let_go(evidence, language):
    text, rng, bare = Text(language), np.random.default_rng(5), default_scenario(evidence)
    for name in LEADING:
        at = replace(bare, investment_level_percent=120.0, support_cost_change_percent=-5.0)
        panel, terms = panel_of(evidence, at, text)
        knob = next(one for one in panel.knobs if one.slide.name == name)
        stops = {stop.value: stop for stop in sweep(evidence, at, knob.slide, knob.value)}
        for value in rng.choice(list(stops), 5).tolist():
            after, _ = panel_of(evidence, replace(at, **{name: value}), text)
            shown = live_plan(stops[value], terms, text)
            same = ("sentence", "level", "uplift", "support", "read", "loss", "paid", "stay", "mark", "caution")
            assert [getattr(shown, each) for each in same] == [getattr(after.plan, each) for each in same], value
            assert (shown.worth.value, shown.worth.range) == (after.plan.worth.value, after.plan.worth.range)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plan_in_steps_is_told_in_the_same_sentence(evidence, language):
    at = replace(default_scenario(evidence), investment_level_percent=130.0, first_quarters_percent=(110.0, 120.0))
    words = "".join(panel_of(evidence, at, Text(language))[0].plan.sentence)
    assert Text(language)("unit.quarters", count=2) in words and not re.search(r"[،,]\s*[،,]", words)


def made_panel(case, saved=()):
    window = window_of(case, case.level_percent)
    return live_panel(case, case, stop_of_case(case), saved, EN, window=window, uplift_reach=(-3.0, 3.0))


def told(**changes):
    """Return the sentence of a made plan, its figures changed."""
    case = made_case()
    stop = stop_of_case(case)
    figures = {name: value for name, value in changes.items() if hasattr(stop.figures, name)}
    stop = replace(
        stop, figures=replace(stop.figures, **figures), **{k: v for k, v in changes.items() if k not in figures}
    )
    return "".join(live_plan(stop, terms_of(case, case.curve, window_of(case, 150.0), EN), EN).sentence).replace(
        "\xa0", " "
    )


def test_the_sentence_says_more_less_and_the_same_of_each():
    assert "keep 2.3 points more customers" in told() and "better off" in told()
    assert "keep 1.0 points fewer customers" in told(plan_uplift_pp=Interval(low=-2.0, mid=-1.0, high=0.0))
    assert "keep as many customers as today" in told(plan_uplift_pp=Interval.known(0.0))
    assert "worse off" in told(npv=Interval(low=-3e6, mid=-2e6, high=-1e6))
    assert "support cost rises 12%" in told(support_cost_change_percent=12.0)
    assert "support cost falls 12%" in told(support_cost_change_percent=-12.0)
    assert "support cost stays the same" in told(support_cost_change_percent=0.2)


def test_figures_that_rest_on_what_was_typed_or_lie_beyond_the_data_say_so():
    case = made_case()
    terms = terms_of(case, case.curve, window_of(case, 150.0), EN)
    stop = stop_of_case(case)
    plain = replace(stop, uplift_is_typed=False, support_is_typed=False)
    assert live_plan(plain, terms, EN).caution == ""
    own = live_plan(replace(plain, uplift_is_typed=True), terms, EN)
    assert own.caution == EN("page.what_if.live.own_figures") and own.uplift[1] == EN("page.what_if.live.own")
    assert EN("page.what_if.beyond") in live_plan(replace(plain, level_percent=240.0), terms, EN).caution


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_place_on_the_picture_lies_on_it(evidence, language):
    for level in (0.0, 60.0, 100.0, 180.0, 300.0):
        panel, _ = panel_of(
            evidence, replace(default_scenario(evidence), investment_level_percent=level), Text(language)
        )
        shares = [*panel.plan.at, *panel.tried, *panel.clear, panel.zero, panel.today]
        shares += [tick.at for tick in (*panel.levels, *panel.amounts)]
        assert all(0 <= share <= 1 for share in shares)
        assert panel.levels_shown[0] <= level <= panel.levels_shown[1]
        assert 2 <= len(panel.levels) <= 9 and 2 <= len(panel.amounts) <= 7
        assert panel.line[0][0] == 0.0 and panel.line[-1][0] == pytest.approx(1.0, abs=0.02)


def test_the_diamond_of_the_evidence_lies_on_its_curve(evidence):
    panel, _ = panel_of(evidence, replace(default_scenario(evidence), investment_level_percent=130.0), EN)
    x, y = panel.plan.at
    at = float(np.interp(x, [point[0] for point in panel.line], [point[1] for point in panel.line]))
    assert y == pytest.approx(at, abs=0.01)


def test_a_break_even_outside_the_slider_has_no_mark():
    case = made_case()
    far = replace(case, outcome=replace(case.outcome, break_even_uplift_pp=48.0))
    for one, marked in ((case, True), (far, False)):
        panel, _ = made_panel(one)
        assert (panel.knobs[1].mark is not None) is marked


def test_saved_plans_stand_on_the_picture_by_their_letter(evidence):
    scenario = default_scenario(evidence)
    case = build_business_case(evidence, scenario)
    saved = (("A", stop_of(evidence, replace(scenario, investment_level_percent=120.0))),)
    panel, _ = made_panel(case, saved)
    assert [one.letter for one in panel.saved] == ["A"] and 0 < panel.saved[0].at[0] < 1
