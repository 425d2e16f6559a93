"""Scores and what follows them in words and pictures, of made answers: what is compared, what is too few, names that look alike."""

from datetime import date

import altair as alt
import pytest

from cxroi.chart.drawing import spec, standalone
from cxroi.model.customers.after_answer import Course, follow_answers
from cxroi.model.satisfaction.comment_themes import WordCounts, gather_themes
from cxroi.model.satisfaction.perception import perception_gaps, with_typed
from cxroi.model.satisfaction.survey import AnswerCounts, Coverage, score_courses, score_lines, score_moves
from cxroi.questions.satisfaction import Scores
from cxroi.questions.slice import Slice, add_months
from cxroi.text import LANGUAGES, Text
from cxroi.view.understand.after_answers import after_view
from cxroi.view.understand.comments import comment_view
from cxroi.view.understand.perception import perception_view
from cxroi.view.understand.scores import by_drawing, months_drawing, score_view
from tests.chart.test_drawing import data_names

EN = Text("en")
MONTHS = [f"2025-{month:02d}" for month in range(1, 13)]


def counts(dimension, value, high, low, n):
    size = {"answers": n, "weight": n, "weight_squared": n}
    return AnswerCounts(metric="nps", dimension=dimension, value=value, high=high, low=low, **size)


def made_scores(before=None, names=("App", "Visit", "Shop")):
    after = [counts("all", "", 500, 200, 1000)]
    after += [counts("touchpoint", name, 60 - 20 * place, 10, 100) for place, name in enumerate(names)]
    months = [counts("month", month, 40 + place, 30, 100) for place, month in enumerate(MONTHS)]
    return Scores(
        lines=score_lines(after),
        changes=score_moves(before or [], after),
        months=score_lines(months),
        courses=score_courses(months),
        heard=Coverage(customers_rate=0.4, revenue_rate=None),
        survivors=(),
    )


PERIOD = Slice(first=date(2025, 7, 1), last=date(2025, 12, 1))


def test_the_finding_says_how_the_score_stands_against_the_months_before_as_far_as_there_are_answers():
    view = score_view(made_scores([counts("all", "", 400, 300, 1000)]), PERIOD, EN)
    assert view.finding == "NPS is 30, up from 10 in the 6 months before"
    assert view.lead == ("App is ahead with 50, Shop behind with 10.", "Surveys heard 40% of customers.")
    later = Slice(first=date(2025, 4, 1), last=date(2025, 12, 1))  # only three of the nine months before have answers
    view = score_view(made_scores([counts("all", "", 400, 300, 1000)]), later, EN)
    assert view.finding.endswith("in the 3 months before")


@pytest.mark.parametrize(
    ("before", "course"),
    [((8, 1, 20), "thin"), ((700, 100, 1000), "fell"), ((5000, 2000, 10000), "unclear"), (None, "")],
)
def test_a_change_that_cannot_be_told_says_so(before, course):
    found = made_scores([counts("all", "", *before)] if before else None)
    (figure,) = score_view(found, PERIOD, EN).figures
    assert figure.course == course
    if not course:
        assert figure.change == EN("satisfaction.change.none")


def test_months_that_are_looked_at_are_marked_and_nothing_where_all_are():
    drawing = months_drawing(made_scores(), "nps", PERIOD, EN)
    assert len(drawing.data["looked_at"]["first"]) == 1 and len(drawing.data["months"]["month"]) == 12
    assert drawing.title == EN("satisfaction.months.thin", metric="NPS")
    everything = months_drawing(made_scores(), "nps", Slice(), EN)
    assert everything.data["looked_at"]["first"] == [] and everything.footer != drawing.footer


def test_names_that_are_cut_alike_stay_rows_of_their_own():
    names = [f"{'مجمع الواحة السكني للعائلات الكبيرة '}{place}" for place in range(4)]
    drawing = by_drawing(made_scores(names=names), "nps", "touchpoint", Slice(), EN)
    assert len(set(drawing.data["scores"]["name"])) == 4
    assert drawing.table()[0].words == tuple(names)


def course(band, months, left, customers, metric="nps"):
    nothing = {"spend": 0.0, "spend_squared": 0.0, "cost": 0.0, "cost_squared": 0.0}
    return Course(
        metric=metric,
        band=band,
        left_out=None,
        followed=months,
        has_left=left,
        ordered_in=None,
        customers=customers,
        **nothing,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_follows_names_the_groups_and_draws_every_one_that_is_large_enough(language):
    text = Text(language)
    rows = [
        course("high", 12, False, 90),
        course("high", 3, True, 10),
        course("low", 12, False, 60),
        course("low", 3, True, 40),
    ]
    found = follow_answers([*rows, course("middle", 12, False, 5)], cost_scale=None, spend_known=False)
    view = after_view(found, "nps", text)
    assert text.percent(0.9, 0) in view.title and text.percent(0.6, 0) in view.title
    assert set(view.drawing.data["curves"]["look"]) == {"high", "low"}
    assert text("satisfaction.after.too_few") in view.table[2].words
    assert len(view.table) == 4, "no column of money that nobody knows"
    alike = follow_answers(
        [course("high", 12, False, 60), course("low", 12, False, 60)], spend_known=False, cost_scale=None
    )
    assert after_view(alike, "nps", text).title != view.title


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pictures_are_valid_and_hold_the_data_that_they_name(language):
    text, found = Text(language), made_scores()
    followed = follow_answers([course("high", 12, False, 60), course("low", 12, False, 60)])
    drawings = (
        months_drawing(found, "nps", PERIOD, text),
        by_drawing(found, "nps", "touchpoint", PERIOD, text),
        after_view(followed, "nps", text).drawing,
    )
    for drawing in drawings:
        alt.Chart.from_dict(standalone(drawing, language, "light"))
        assert data_names(spec(drawing.name, language, "light", "")) == set(drawing.data)
        assert all(len(column.figures) == len(column.words) for column in drawing.table())


def test_themes_of_the_readers_language_come_first_and_each_language_is_quoted():
    def word(name, language, high, low):
        people = {"customers_high": high, "customers_low": low, "comments_high": 100, "comments_low": 100}
        return WordCounts(
            language=language, word=name, written=name, high=high, low=low, everywhere=high + low, **people
        )

    found = gather_themes(
        [
            *(word("", one, 1000, 1000) for one in ("ar", "other")),
            word("late", "other", 2, 60),
            word("تاخر", "ar", 2, 50),
        ],
        {},
    )
    quotes = {(False, "late"): "It was late", (False, "تاخر"): "تأخر كثيرًا"}
    for language, first in (("en", "late"), ("ar", "تاخر")):
        view = comment_view(found, quotes, Text(language))
        assert first in view.title
        assert {quote for _, quote in view.quotes[0][1]} == set(quotes.values())


def test_what_managers_think_is_worded_by_the_widest_gap():
    lines = [line for line in made_scores().lines if line.dimension == "touchpoint"]

    def title(**typed):
        estimates = with_typed({}, typed)
        return perception_view(perception_gaps(estimates, lines), estimates, EN).title

    assert title(App=-0.5, Visit=0.31).startswith("Managers think too little of App: they say −50")
    assert title(App=0.5) == EN("satisfaction.gap.title_within")
    assert title(Nowhere=0.5) == EN("satisfaction.gap.title_none")
    assert perception_view((), {}, EN) is None


def test_as_many_months_before_are_compared():
    assert PERIOD.before == Slice(first=add_months(PERIOD.first, -6), last=add_months(PERIOD.last, -6))
