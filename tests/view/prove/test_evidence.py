"""The Evidence page in words: what each outcome shows, and of which the model makes such months."""

import numpy as np
import pytest

from cxroi.model.assumption import Grade
from cxroi.model.response.fitted import FittedResponse
from cxroi.model.response.predictive import PredictiveCheck
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.shown_evidence import Belief, ShownChannel, ShownEvidence
from cxroi.text import LANGUAGES, Text
from cxroi.view.prove.evidence import predictive_figures
from cxroi.view.prove.evidence_drawings import beliefs_drawing, fitted_drawing, fitted_title
from tests.made_case import made_case


def belief(low, high, moves=1.0):
    change = Interval(low=low, mid=(low + high) / 2, high=high)
    shapes = (0.2, 0.2, 0.2, 0.4)
    return Belief(
        moves=moves, ten_more=change, in_all=change, carryover=Interval(low=0.1, mid=0.4, high=0.8), shapes=shapes
    )


def check(statistic, share):
    return PredictiveCheck(
        statistic=statistic, observed=5.0, predicted=Interval(low=3.0, mid=5.0, high=8.0), share_above=share
    )


def channel(id="churn", after=None, shares=(0.5,) * 6):
    names = ("swing", "highest", "lowest", "memory", "dear_months", "apart")
    levels = np.linspace(50, 150, 41)
    curve = -0.2 * (levels - 100)
    return ShownChannel(
        id=id,
        grade=Grade.OWN_HISTORY,
        falls=id in ("churn", "support"),
        piloted=False,
        fitted=FittedResponse(
            level_percent=levels,
            low=curve - 1,
            mid=curve,
            high=curve + 1,
            at_percent=levels[::4],
            change_percent=curve[::4],
            months=11,
            months_each=1.0,
        ),
        before=belief(-5, 0, 0.8),
        after=after or belief(-3, -2),
        checks=tuple(map(check, names, shares)),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_effect_an_open_question_and_nothing_are_told_apart(language):
    text = Text(language)
    titles = {fitted_title(channel(after=one), text) for one in (belief(-3, -2), belief(-3, 0), belief(0, 0, 0.02))}
    assert len(titles) == 3


@pytest.mark.parametrize(
    ("shares", "word"),
    [
        ((0.5,) * 6, "alike"),
        ((0.99, 0.5, 0.5, 0.5, 0.5, 0.5), "alike"),  # one of six by chance
        ((0.99, 0.99, 0.01, 0.5, 0.5, 0.5), "calmer"),
        ((0.01, 0.01, 0.5, 0.5, 0.5, 0.5), "wilder"),
        ((0.5, 0.5, 0.99, 0.5, 0.5, 0.02), "wilder"),
        ((0.5, 0.5, 0.5, 0.01, 0.01, 0.5), "other"),
    ],
)
def test_months_are_such_as_made_calmer_wilder_or_other(shares, word):
    text = Text("en")
    found = predictive_figures(ShownEvidence(channels=(channel(shares=shares),), left_out=()), text)
    assert text(f"evidence.predictive.{word}", names="Retention") in found.title
    assert len(found.table[0].words) == 6


def test_without_enough_months_there_is_no_check():
    assert predictive_figures(ShownEvidence(channels=(channel(shares=()),), left_out=()), Text("en")) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pictures_hold_every_row_and_what_is_good_stands_above_zero(language):
    case, text = made_case(), Text(language)
    shown = ShownEvidence(channels=(channel(), channel("margin", belief(1, 2))), left_out=())
    drawn = beliefs_drawing(case, shown, text)
    assert drawn.data["ranges"]["which"] == ["first", "second"] * 2
    assert drawn.data["ranges"]["low"] == [0, 2, -5, 1] and drawn.table is not None and len(drawn.table()) == 4
    curve = fitted_drawing(case, channel(), text)
    assert len(curve.data["curve"]["level"]) == 41 and len(curve.data["months"]["level"]) == 11
    assert curve.table is not None and {len(column.words) for column in curve.table()} == {11}
