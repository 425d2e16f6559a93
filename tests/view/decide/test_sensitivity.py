"""What moves the result, and where the money should go, in words."""

import altair as alt
import pytest

from cxroi.chart.drawing import standalone
from cxroi.model.decision.sensitivity import InformationValue, TornadoBar
from cxroi.questions import Sensitivity
from cxroi.text import LANGUAGES, Text
from cxroi.view.decide.sensitivity import sensitivity_view
from tests.made_case import made_case

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
