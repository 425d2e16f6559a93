"""The first screen: the verdict as a sentence, one act, two chances, three figures, and the moves in order."""

import itertools
import json
from dataclasses import replace

import altair as alt
import numpy as np
import pytest

from cxroi.chart.drawing import spec, standalone
from cxroi.chart.theme import THEMES
from cxroi.model.decision.allocation import Allocation, Move
from cxroi.model.decision.verdict import Call
from cxroi.model.scenario import Scenario
from cxroi.text import LANGUAGES, Text
from cxroi.ui import markup
from cxroi.view.decide.board import board
from cxroi.view.decide.board_drawing import board_drawing, window_of, zones_of
from cxroi.view.ranged import range_bar
from tests.made_case import interval, made_case, made_step, made_verdict

EN = Text("en")


def move(segment, today, spend):
    return Move(segment=segment, today_spend=today, spend=spend, gain=interval(0, 1, 2), marginal_roi=0.0, bound=None)


def division(gain, *moves):
    total = sum(each.today_spend for each in moves)
    return Allocation(moves=moves, today_spend=total, spend=total, gain=gain, value_of_budget=0.0, unattainable=())


BETTER = division(interval(1e6, 2e6, 3e6), move("Consumer", 100e3, 50e3), move("Enterprise", 100e3, 150e3))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("call", list(Call))
def test_every_verdict_has_a_sentence_a_word_in_it_and_something_to_do(call, language):
    text = Text(language)
    view = board(made_case(call), made_case(call), BETTER, text)
    assert view.title[1] == text(f"board.word.{call}") and "".join(view.title).endswith(".")
    assert view.lead and view.moves.moves and view.trust.change
    assert len(view.chances) == 2 and len(view.figures) == 3
    assert "{" not in markup.board(view) + markup.moves(view.moves) + markup.trust(view.trust)


def test_the_lead_names_the_plan_of_the_evidence_with_the_same_amount_as_the_card():
    view = board(made_case(), made_case(), None, EN)
    assert view.figures[0].value == "+SAR\xa02.3M" and "earn SAR\xa02.3M more than it costs" in view.lead


def test_a_plan_of_the_readers_own_moves_the_card_and_neither_title_nor_lead_nor_chances():
    case = made_case()
    bare = replace(case, asked=Scenario(currency="SAR"))
    own = replace(
        case,
        asked=Scenario(currency="SAR", investment_level_percent=60.0, retention_uplift_pp=1.0),
        scenario=replace(case.scenario, investment_level_percent=60.0),
        outcome=replace(case.outcome, npv=interval(-9e6, -8e6, -7e6), probability_of_loss=0.99),
    )
    said, told = board(bare, bare, None, EN), board(own, bare, None, EN)
    assert (said.title, said.own) == (told.title, "")
    assert told.own == EN("board.own", count=2)
    assert "if its assumptions hold" in told.plan and "if its assumptions hold" not in said.plan
    assert told.figures[0].value == "−SAR\xa08M"
    assert (told.lead, told.chances, told.moves) == (said.lead, said.chances, said.moves)


def test_the_chance_of_the_next_bit_and_of_the_whole_step_stand_side_by_side():
    case = made_case()
    view = board(case, case, None, EN)
    assert [one.share for one in view.chances] == [case.verdict.stated.more_pays, case.outcome.probability_of_loss]
    less = made_case(Call.OVER_INVESTED)
    assert board(less, less, None, EN).chances[0].share == pytest.approx(1 - less.verdict.stated.more_pays)


def test_a_verdict_that_a_failed_check_caps_states_no_chance_and_repairs_first():
    case = made_case(Call.NOT_ENOUGH_EVIDENCE)
    capped = replace(case, verdict=replace(case.verdict, reason="spend_variation"))
    assert capped.verdict.capped
    view = board(capped, capped, BETTER, EN)
    assert view.chances == () and [one.name for one in view.moves.moves] == [EN("board.move.repair")]
    assert "check" in view.lead


def test_terms_that_the_verdict_is_under_are_told_apart_from_a_plan():
    asked = Scenario(currency="SAR", horizon_months=24)
    view = board(replace(made_case(), asked=asked), made_case(), None, EN)
    assert view.own == EN("board.own_terms", count=1)


def test_the_plan_of_a_reader_lies_on_the_curve_of_the_evidence():
    case = made_case()
    own = replace(
        case,
        scenario=replace(case.scenario, investment_level_percent=60.0),
        outcome=replace(case.outcome, npv=interval(1e6, 2e6, 3e6)),
        curve=replace(case.curve, mid=case.curve.mid + 9e9),
    )
    drawing = board_drawing(own, case, EN)
    assert drawing.data["points"]["level"] == [100.0, 60.0] and drawing.data["points"]["value"] == [0.0, 2e6]
    assert max(drawing.data["curve"]["mid"]) < 1e9


def test_the_moves_are_divide_then_the_safe_step_then_what_a_pilot_should_prove():
    names = [one.name for one in board(made_case(), made_case(), BETTER, EN).moves.moves]
    assert names == [
        EN("board.move.divide"),
        EN("board.move.safe_more", level="125%"),
        EN("board.move.prove_more", level="150%"),
    ]
    assert board(made_case(), made_case(), BETTER, EN).moves.title == EN("board.moves.title", count=3)


def test_where_the_total_is_about_right_no_step_of_it_is_sold():
    case = replace(made_case(), verdict=made_verdict(Call.ABOUT_RIGHT))
    assert [one.name for one in board(case, case, BETTER, EN).moves.moves] == [EN("board.move.divide")]
    assert [one.name for one in board(case, case, None, EN).moves.moves] == [EN("board.move.stay")]


def test_a_pilot_that_is_not_worth_its_cost_is_no_move_and_the_small_step_stands_in_its_place():
    verdict = made_verdict(Call.NOT_ENOUGH_EVIDENCE)
    verdict = replace(verdict, safe_step=replace(verdict.safe_step, level_percent=100.0))
    dear = replace(verdict.pilot, cost=2 * verdict.pilot.worth)
    for pilot, name in (
        (verdict.pilot, EN("board.move.pilot")),
        (dear, EN("board.move.small_more", level="110%")),
        (None, EN("board.move.small_more", level="110%")),
    ):
        case = replace(made_case(), verdict=replace(verdict, find_pilot=lambda found=pilot: found))
        (told,) = board(case, case, None, EN).moves.moves
        assert told.name == name and (told.bar is None) == (name == EN("board.move.pilot"))
        assert "is not worth" not in told.words


def test_each_step_has_the_range_of_the_curve_at_its_level_on_a_line_that_both_share():
    case = made_case()
    safe, last = board(case, case, None, EN).moves.moves
    assert safe.bar.zero == last.bar.zero and safe.bar.low < safe.bar.mid < safe.bar.high
    assert safe.note == EN(
        "board.move.ranged", change="SAR 68.8K more a month".replace(" ", "\xa0", 1), range=safe.note.split("range ")[1]
    )
    assert markup.moves(board(case, case, None, EN).moves).count('class="cx-range"') == 2


def test_what_the_last_move_adds_is_what_is_beyond_the_safe_step():
    last = board(made_case(), made_case(), None, EN).moves.moves[-1]
    assert last.gain == EN("board.move.on_top", gain="+SAR\xa00.9M") or "900K" in last.gain


def test_a_step_that_no_safe_one_comes_before_is_worth_itself_and_nothing_on_top():
    case = made_case()
    verdict = replace(case.verdict, safe_step=replace(case.verdict.safe_step, level_percent=100.0))
    (only,) = board(case := replace(case, verdict=verdict), case, None, EN).moves.moves
    assert only.name == EN("board.move.prove_more", level="150%")
    assert only.gain.startswith("+SAR") and only.gain.endswith("M") and "In all" not in only.note


def test_no_step_beyond_is_sold_where_the_safe_one_goes_the_other_way():
    case = made_case()
    other = replace(case, verdict=replace(case.verdict, safe_step=made_step(90.0, 1e5)))
    names = [one.name for one in board(other, other, None, EN).moves.moves]
    assert names == [EN("board.move.safe_less", level="90%")]


def test_a_division_that_gains_too_little_or_moves_nothing_is_no_move():
    small = division(interval(1, 2, 3), move("Consumer", 100.0, 50.0), move("Enterprise", 100.0, 150.0))
    still = division(interval(1e6, 2e6, 3e6), move("Consumer", 100.0, 100.0), move("Enterprise", 100.0, 100.0))
    cut = division(interval(1e6, 2e6, 3e6), move("Consumer", 100.0, 50.0), move("Enterprise", 100.0, 60.0))
    for found in (small, still, cut, None):
        assert EN("board.move.divide") not in [
            one.name for one in board(made_case(), made_case(), found, EN).moves.moves
        ]


def test_shifts_are_drawn_to_one_measure_and_a_name_is_escaped():
    hostile = division(interval(1e6, 2e6, 3e6), move("<img src=x>", 100e3, 50e3), move("Enterprise", 100e3, 150e3))
    first = board(made_case(), made_case(), hostile, EN).moves
    less, more = first.moves[0].shifts
    assert less.proposed_at == pytest.approx(less.today_at / 2) and more.proposed_at == pytest.approx(
        3 * less.proposed_at
    )
    assert "<img" not in markup.moves(first)


@pytest.mark.parametrize(
    ("low", "mid", "high"), [(-3.0, -2.0, -1.0), (-1.0, 0.5, 2.0), (1.0, 2.0, 3.0), (0.0, 0.0, 0.0)]
)
def test_a_drawn_range_holds_its_ends_its_middle_and_nothing_in_order(low, mid, high):
    bar = range_bar(interval(low, mid, high))
    assert 0 < bar.low <= bar.mid <= bar.high < 1
    assert 0 < bar.zero < 1 and (bar.zero <= bar.low) == (low >= 0)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_curve_is_valid_shows_the_plan_and_cuts_no_number(language, theme):
    case = made_case()
    drawing = board_drawing(case, case, Text(language))
    alt.Chart.from_dict(standalone(drawing, language, theme))
    curve, window = drawing.data["curve"], drawing.window
    assert window.x[0] < 100 < case.scenario.investment_level_percent < window.x[1]
    at = curve["level"].index(window.x[0])
    assert curve["low"][at] == pytest.approx(np.interp(window.x[0], case.curve.level_percent, case.curve.low))
    assert all(curve["told"])


@pytest.mark.parametrize("level", [0.0, 5.0, 100.0, 300.0])
def test_a_plan_at_an_end_of_the_grid_lies_in_the_window(level):
    window = window_of(made_case(), level)
    assert window.x[0] <= level <= window.x[1] and window.y[0] < 0 < window.y[1]


def test_the_words_above_the_curve_follow_one_another_and_say_clearly_only_within_the_safe_step():
    case = made_case()
    zones = zones_of(case, window_of(case, 150.0), EN)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(zones))
    clear = [zone for zone in zones if zone[2] == EN("board.zone.clear")]
    assert all(low >= 100 and high <= case.verdict.safe_step.level_percent for low, high, _ in clear)


def test_money_moves_first_only_where_that_gains_more_than_the_act_that_is_named():
    case = made_case()  # the plan is worth 2.3M
    between = replace(case, verdict=replace(case.verdict, best_step=made_step(300.0, 9e6)))
    three = division(interval(2e6, 3e6, 4e6), *BETTER.moves)
    assert EN("board.lead.move_first") in board(between, between, three, EN).lead
    assert EN("board.lead.move_too") in board(between, between, BETTER, EN).lead


def test_a_chance_that_stays_as_it_is_is_said_once():
    case = made_case()
    last = board(case, case, None, EN).moves.moves[-1]
    assert EN("board.move.loss", last="4 in 100") in last.words
    riskier = replace(case.verdict.best_step, probability_of_loss=0.2)
    risen = replace(case, verdict=replace(case.verdict, best_step=riskier))
    assert (
        EN("board.move.loss_from_to", first="4 in 100", last="20 in 100")
        in board(risen, risen, None, EN).moves.moves[-1].words
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_a_plan_near_an_end_grow_inwards(language):
    layers = [one for one in spec("board_curve", language, "light", "SAR")["layer"] if "side" in json.dumps(one)]
    aligned = {one["transform"][-1]["filter"].split("'")[1]: one["mark"]["align"] for one in layers}
    inwards = {"start": "left", "middle": "center", "end": "right"}
    if language == "ar":  # whose axis starts at the right
        inwards |= {"start": "right", "end": "left"}
    assert aligned == inwards


def test_a_plan_near_an_end_says_so_to_its_picture():
    case = made_case()
    low = replace(case, scenario=replace(case.scenario, investment_level_percent=30.0))
    assert board_drawing(low, case, EN).data["points"]["side"] == ["middle", "start"]
    assert board_drawing(case, case, EN).data["points"]["side"] == ["middle", "end"]


def test_levels_below_the_curve_are_counted_from_todays_spend_itself_and_not_from_a_rounded_one():
    case = made_case()
    case = replace(case, verdict=replace(case.verdict, today_spend=407_600.0))
    drawn = json.dumps(spec("board_curve", "en", "light", "SAR", window_of(case, 100.0)))
    assert window_of(case, 100.0).unit == 407_600.0 and "(datum.value * 4076.0)/1e3, '.3~r'" in drawn
