"""What-if words the plan, warns where it must, and puts the break-even beside the uplift."""

from dataclasses import replace

import pytest

from cxroi.model.assumption import Assumption, Grade
from cxroi.model.value.outcome import WaterfallStep
from cxroi.text import LANGUAGES, Text
from cxroi.view.decide.what_if import headline, sides, what_if
from tests.made_case import made_case

EN = Text("en")


def planned(level):
    case = made_case()
    return replace(case, scenario=replace(case.scenario, investment_level_percent=level, retention_uplift_pp=None))


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_have_the_whole_view(language):
    view = what_if(made_case(), Text(language))
    assert [drawing.name for drawing in view.drawings] == ["cash_flow", "waterfall"]
    assert list(sides(made_case(), Text(language))) == ["investment", "uplift", "support"]


def test_the_headline_tells_the_range_before_the_middle():
    told = headline(made_case(), EN)
    assert told.value == "SAR\xa00.6M to SAR\xa04.1M" or told.value == "SAR\xa0600K to SAR\xa04.1M"
    assert "SAR\xa02.3M" in told.note


def test_a_plan_beyond_the_data_says_so_and_one_within_does_not():
    beyond = EN("page.what_if.beyond")
    assert beyond in [caution.word for caution in headline(planned(240.0), EN).warnings]
    assert beyond not in [caution.word for caution in headline(planned(150.0), EN).warnings]


def test_break_even_and_the_most_ever_seen_stand_beside_the_uplift():
    assert sides(made_case(), EN)["uplift"].lines == (
        "Needed to break even: +1.1 points",
        "Most ever seen in your data: +4.8 points",
    )


def test_a_typed_uplift_carries_its_grade():
    typed = Assumption(
        name="retention_uplift_pp",
        value=3.0,
        low=0.0,
        high=10.0,
        unit="pp",
        grade=Grade.TYPED_IN,
        source="typed",
        year=None,
    )
    told = headline(replace(made_case(), assumptions=(typed,)), EN)
    assert EN("page.what_if.typed") in [caution.word for caution in told.warnings]


def test_a_loss_is_titled_as_one():
    steps = (
        WaterfallStep(name="gross_claim", amount=1e6),
        WaterfallStep(name="benefit", amount=1e6, is_total=True),
        WaterfallStep(name="plan_cost", amount=-1.2e6),
        WaterfallStep(name="npv", amount=-2e5, is_total=True),
    )
    title = what_if(replace(made_case(), waterfall=steps), EN).drawings[1].title
    assert "does not cover" in title


def test_a_plan_without_a_claim_is_titled_as_one():
    steps = (WaterfallStep(name="gross_claim", amount=0.0), WaterfallStep(name="npv", amount=0.0, is_total=True))
    assert "nothing is claimed" in what_if(replace(made_case(), waterfall=steps), EN).drawings[1].title


def test_data_seen_only_beyond_the_slider_leave_the_strip_at_its_end():
    case = made_case()
    case = replace(case, curve=replace(case.curve, observed_low_percent=320.0, observed_high_percent=400.0))
    assert sides(case, EN)["investment"].seen == (1.0, 1.0)


def test_money_without_a_currency_is_a_plain_figure():
    assert headline(replace(made_case(), currency=""), EN).value == "600K to 4.1M"


def test_what_is_counted_after_the_horizon_is_told_where_a_figure_is_with_or_without_it():
    case = made_case()
    after = replace(case, scenario=replace(case.scenario, residual_value_months=24))
    cash, _ = what_if(after, EN).drawings
    assert cash.footer.startswith(EN("chart.cash_flow.residual"))
    assert "24 months" in headline(after, EN).warnings[-1].note
