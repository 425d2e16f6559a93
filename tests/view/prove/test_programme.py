"""What all initiatives have come to, in words: paid or not, counted once, and nothing claimed of what could not be measured."""

from dataclasses import replace

import pytest

from cxroi.model.response.realised import Initiative, PromiseStatus, Realised
from cxroi.model.response.shrinkage import Shrunk
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.promises import Programme, Promise
from cxroi.text import LANGUAGES, Text
from cxroi.view.prove.programme import finding, programme_view


def interval(low, mid, high):
    return Interval(low=low, mid=mid, high=high)


def promise(name, **facts):
    found = {
        "finding": PromiseStatus.KEPT,
        "uplift_pp": interval(1, 2, 3),
        "value": interval(1e6, 2e6, 3e6),
        "compared_with": "segments",
        "probability_any": 0.97,
        "annual_retention": 0.8,
    }
    initiative = Initiative(name=name, starts_on=None, promised_uplift_pp=facts.pop("promised", 2.5))
    return Promise(realised=Realised(initiative=initiative, **{**found, **facts}), spent=1e6, budget=None)


SHRUNK = Shrunk(
    uplift_pp=interval(0.5, 1.5, 2.4), value=interval(0.5e6, 1.5e6, 2.4e6), probability_any=0.96, kept_share=0.8
)
PROGRAMME = Programme(
    promises=(promise("a"), promise("b", promised=2.0)),
    shrunk=(SHRUNK, SHRUNK),
    earned=interval(1e6, 3e6, 4.8e6),
    spent=2e6,
    net=interval(-1e6, 1e6, 2.8e6),
    probability_paid=0.95,
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("chance", "kind"), [(0.95, "paid"), (0.7, "likely"), (0.47, "even"), (0.3, "not_yet"), (0.05, "lost")]
)
def test_the_finding_follows_how_likely_it_has_paid_for_itself(language, chance, kind):
    text = Text(language)
    said = finding(replace(PROGRAMME, probability_paid=chance), "SAR", text)
    assert said.startswith(text(f"promises.{kind}", earned="~", spent="").split("~")[0])
    part = finding(replace(PROGRAMME, probability_paid=chance, shrunk=(SHRUNK, None)), "SAR", text)
    assert part.startswith(text(f"promises.{kind}_part", earned="~", spent="").split("~")[0]) and part != said


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_could_not_be_measured_and_what_counts_once_is_said(language):
    text = Text(language)
    found = replace(
        PROGRAMME, unmeasured_spent=5e6, counted_once=(("a", "b"),), spend_unknown=("b",), spent=None, net=None
    )
    view = programme_view(found, "SAR", "source", text)
    assert any("5" in words for words in view.lead) and "a" in view.caution and "b" in view.caution
    assert len(view.figures) == 1


def test_the_picture_says_which_kept_most_and_the_table_what_would_have_been():
    text = Text("en")
    view = programme_view(PROGRAMME, "SAR", "source", text)
    assert (
        view.drawing is not None
        and view.drawing.title == "a has kept most customers: +0.5 to +2.4 points among the others"
    )
    assert view.drawing.data["marks"]["value"] == [2.5, 2.0]
    (stay,) = [column for column in view.table.table if column.heading == text("promises.heading.without")]
    assert stay.words[0] == "80.0% stay; without it 77.0% to 79.0%"


def test_without_any_that_can_be_measured_there_is_no_figure_and_no_picture():
    nothing = Programme(
        promises=(promise("a", finding=PromiseStatus.TOO_EARLY, uplift_pp=None, value=None),),
        shrunk=(None,),
        earned=None,
    )
    view = programme_view(nothing, "SAR", "source", Text("en"))
    assert not view.figures and view.drawing is None and view.finding == Text("en")("promises.nothing_measured")
