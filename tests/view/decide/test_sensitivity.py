"""What moves the result, and where the money should go, in words."""

from dataclasses import replace

import altair as alt
import pytest

from cxroi.chart.drawing import standalone
from cxroi.model.decision.allocation import Allocation, Move
from cxroi.model.decision.sensitivity import InformationValue, TornadoBar
from cxroi.questions import Sensitivity
from cxroi.text import LANGUAGES, Text
from cxroi.view.decide.allocation import allocation_headline
from cxroi.view.decide.sensitivity import sensitivity_view
from tests.made_case import interval, made_case

EN = Text("en")
SENSITIVITY = Sensitivity(
    plan_percent=150.0,
    npv=2.3e6,
    tornado=(
        TornadoBar(name="strength", low=0.2, high=0.6, npv_low=0.4e6, npv_high=4.0e6),
        TornadoBar(name="annual_discount_rate", low=0.07, high=0.13, npv_low=2.5e6, npv_high=2.1e6),
    ),
    break_even=(("annual_discount_rate", 0.4),),
    information=(
        InformationValue(name="all", value=4e5),
        InformationValue(name="strength", value=3e5),
        InformationValue(name="churn", value=1e3),
    ),
)


def move(segment, today, spend):
    return Move(segment=segment, today_spend=today, spend=spend, gain=interval(0, 1, 2), marginal_roi=0.0, bound=None)


def allocation(gain, *moves):
    total = sum(each.today_spend for each in moves)
    return Allocation(moves=moves, today_spend=total, spend=total, gain=gain, value_of_budget=0.0, unattainable=())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tornado_names_the_widest_input_and_is_valid_vega_lite(language):
    text = Text(language)
    view = sensitivity_view(made_case(), SENSITIVITY, text)
    assert text("sensitivity.strength") in view.drawing.title
    alt.Chart.from_dict(standalone(view.drawing, language, "light"))


def test_both_halves_of_a_bar_start_at_the_plan_itself():
    bars = sensitivity_view(made_case(), SENSITIVITY, EN).drawing.data["bars"]
    assert set(bars["start"]) == {2.3e6}
    assert bars["end"] == [0.4e6, 4.0e6, 2.5e6, 2.1e6]


def test_what_is_worth_learning_first_is_the_input_with_the_highest_value_of_its_own():
    line = sensitivity_view(made_case(), SENSITIVITY, EN).line
    assert EN("sensitivity.strength") in line
    assert "300K" in line


def test_the_allocation_says_whose_money_goes_where_and_what_that_is_worth():
    better = allocation(interval(1e6, 2e6, 3e6), move("Consumer", 100.0, 50.0), move("Enterprise", 100.0, 150.0))
    sentence = allocation_headline(made_case(), better, EN)
    assert "SAR\xa02M (SAR\xa01M to SAR\xa03M)" in sentence
    assert "less for Consumer, more for Enterprise" in sentence


def test_a_gain_below_materiality_is_not_sold_as_a_move():
    small = allocation(interval(1, 2, 3), move("Consumer", 100.0, 50.0), move("Enterprise", 100.0, 150.0))
    assert allocation_headline(made_case(), small, EN) == EN("page.overview.allocation.settled")
    same = allocation(interval(1e6, 2e6, 3e6), move("Consumer", 100.0, 100.0), move("Enterprise", 100.0, 100.0))
    assert allocation_headline(replace(made_case()), same, EN) == EN("page.overview.allocation.settled")
