"""The findings over cash and steps are true for a cut as for a raise, and every figure of a picture is worded."""

from dataclasses import replace

import numpy as np
import pytest

from cxroi.chart import waterfall
from cxroi.model.value.outcome import CashFlow, WaterfallStep
from cxroi.text import LANGUAGES, Text
from cxroi.view.decide.board_drawing import board_drawing
from cxroi.view.decide.drawings import cash_flow_drawing, waterfall_drawing
from tests.made_case import interval, made_case

EN = Text("en")
MONTH = np.arange(37)
SAVES_FIRST = 90e3 * MONTH - 8e3 * MONTH**2  # above zero until month 11
CUT = {"gross_claim": -9.8e6, "cost_to_serve": 4.1e6, "residual_value": -1.2e6, "plan_cost": 2.4e6}


def with_cash(mid, *, cost=-2e6, spread=0.2, payback=None):
    mid = np.asarray(mid, dtype=float)
    case = made_case()
    flow = CashFlow(month=MONTH, low=mid - spread * abs(mid), mid=mid, high=mid + spread * abs(mid))
    outcome = replace(case.outcome, cost=interval(cost, cost, cost), payback_months=payback)
    return replace(case, cash_flow=flow, outcome=outcome)


def with_steps(**amounts):
    benefit = sum(amount for name, amount in amounts.items() if not name.endswith("_cost"))
    net = sum(amounts.values())
    before = [WaterfallStep(name=n, amount=a) for n, a in amounts.items() if not n.endswith("_cost")]
    after = [WaterfallStep(name=n, amount=a) for n, a in amounts.items() if n.endswith("_cost")]
    steps = (
        *before,
        WaterfallStep(name="benefit", amount=benefit, is_total=True),
        *after,
        WaterfallStep(name="npv", amount=net, is_total=True),
    )
    return replace(made_case(), waterfall=steps)


@pytest.mark.parametrize(
    ("cash", "options", "title"),
    [
        (SAVES_FIRST, {}, "Saves cash for about 11 months, then costs SAR 7.1M by month 36"),
        (80e3 * MONTH, {}, "The plan frees cash from the start: SAR 2.9M within 36 months"),
        (80e3 * MONTH - 4e5, {}, "The plan frees SAR 2.5M within 36 months, after a cost at first"),
        (-80e3 * MONTH, {}, "The plan costs SAR 2.9M within 36 months"),
        (-80e3 * MONTH, {"cost": 2e6}, "The plan is not paid back within 36 months"),
        (0 * MONTH, {"cost": 0.0}, "The plan is today: no cash moves"),
    ],
)
def test_the_title_of_cash_says_what_the_picture_shows(cash, options, title):
    assert cash_flow_drawing(with_cash(cash, **options), EN).title.replace("\xa0", " ") == title


@pytest.mark.parametrize(
    ("steps", "title"),
    [
        (CUT, "Spending less saves SAR 2.4M and loses SAR 6.9M: −SAR 4.5M in all"),
        ({"gross_claim": 1e6, "plan_cost": 2.4e6}, "Spending less saves SAR 2.4M and brings SAR 1M besides: SAR 3.4M in all"),
        ({"gross_claim": 4e6, "plan_cost": -2.4e6}, "SAR 4M of revenue kept leaves SAR 1.6M after all costs"),
        (
            {"gross_claim": 4e6, "residual_value": 2e6, "plan_cost": -2.4e6},
            "SAR 4M of revenue kept, and SAR 2M from after the horizon, leave SAR 3.6M after all costs",
        ),
        ({"gross_claim": 1e6, "plan_cost": -2.4e6}, "SAR 1M of revenue kept does not cover all costs: −SAR 1.4M"),
        ({"gross_claim": -1e6, "plan_cost": -2.4e6}, "The plan costs SAR 2.4M and loses SAR 1M besides: −SAR 3.4M in all"),
        ({"gross_claim": 0.0, "one_off_cost": -4e5}, "The plan costs SAR 400K and brings nothing: −SAR 400K"),
        ({"gross_claim": 0.0, "staff_saving": 1e6, "one_off_cost": -4e5}, "SAR 1M of benefit against SAR 400K of cost: SAR 600K"),
        ({"gross_claim": 0.0, "plan_cost": 0.0}, "No change in spend, so nothing is claimed"),
    ],
)  # fmt: skip
def test_the_title_of_the_steps_says_what_the_picture_shows(steps, title):
    assert waterfall_drawing(with_steps(**steps), EN).title.replace("\xa0", " ") == title


def test_a_cut_loses_revenue_and_saves_spend():
    steps = waterfall_drawing(with_steps(**CUT), EN).data["steps"]
    assert steps["name"] == [
        "Revenue lost", "Cost of that revenue, saved", "Value lost after the horizon", "Total benefit lost",
        "Spend saved", "Net present value",
    ]  # fmt: skip
    assert steps["kind"] == ["loss", "gain", "loss", "loss", "gain", "loss"]


def test_an_amount_stands_at_the_end_of_its_bar_that_is_away_from_zero():
    steps = [
        WaterfallStep(name="a", amount=-9.0),
        WaterfallStep(name="b", amount=4.0),
        WaterfallStep(name="c", amount=12.0),
    ]
    drawn = waterfall.data(steps, "abc", "abc", "abc")["steps"]
    assert drawn["side"] == ["below", "below", "above"]
    assert drawn["reach"] == [-9.0, -9.0, 7.0]
    assert drawn["room_below"][0] < -9.0 and drawn["room"][0] > 7.0


def test_what_no_eye_sees_is_left_out_of_the_picture_and_stands_in_its_table():
    case = with_steps(gross_claim=4e6, cheaper_support=1.21, plan_cost=-2e6)
    drawing = waterfall_drawing(case, EN)
    assert "Cheaper support" not in drawing.data["steps"]["name"]
    step, amount = drawing.table()
    assert amount.figures[step.words.index("Cheaper support")] == 1.21


@pytest.mark.parametrize(("month", "side"), [(6.0, "after"), (28.0, "before")])
def test_the_words_of_the_payback_start_at_its_mark_on_the_side_that_has_room(month, side):
    case = with_cash(80e3 * MONTH - 1e6, cost=2e6, payback=interval(month - 2, month, month + 2))
    payback = cash_flow_drawing(case, EN).data["payback"]
    assert (payback["month"], payback["side"]) == ([month], [side])
    assert "at" not in payback  # the words have no place of their own


def test_the_last_sum_stands_below_a_line_that_falls_to_it():
    assert cash_flow_drawing(with_cash(SAVES_FIRST), EN).data["end"]["side"] == ["below"]
    assert cash_flow_drawing(with_cash(-SAVES_FIRST), EN).data["end"]["side"] == ["above"]


def test_a_band_wider_than_the_picture_is_drawn_with_its_own_figures():
    case = made_case()
    wide = replace(case, curve=replace(case.curve, low=case.curve.mid - 1e9, high=case.curve.mid + 1e9))
    drawn = board_drawing(wide, wide, EN)
    assert min(drawn.data["curve"]["low"]) < -0.9e9 and max(drawn.data["curve"]["high"]) > 0.9e9
    assert drawn.window.y[1] < 1e8  # the picture stays that of the middle


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_point_that_can_be_pointed_at_is_worded_and_every_figure_stands_in_the_table(language):
    case, text = made_case(), Text(language)
    drawings = {
        "curve": [board_drawing(case, case, text)],
        "flow": [cash_flow_drawing(case, text)],
        "steps": [waterfall_drawing(case, text)],
    }
    for name, each in ((name, each) for name, many in drawings.items() for each in many):
        rows = each.data[name]
        assert len(rows["told"]) == len(next(iter(rows.values()))) and all(rows["told"])
        table = each.table()
        assert len({len(column.figures) for column in table} | {len(column.words) for column in table}) == 1
        assert len({column.heading for column in table}) == len(table)
