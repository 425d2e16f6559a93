"""The map of segments: what a customer is worth against what serving one costs, or a sentence that says why there is none."""

from dataclasses import replace
from types import SimpleNamespace

import altair as alt
import pytest

from cxroi.chart.drawing import spec, standalone
from cxroi.model.statistics.uncertainty import Interval
from cxroi.text import LANGUAGES, Text
from cxroi.view.understand.segment_map import segment_drawing
from tests.chart.test_drawing import data_names
from tests.made_case import made_case

CASE = made_case()
EN = Text("en")


def with_costs(*costs):
    segments = CASE.baseline.segments[: len(costs)]
    named = tuple(
        replace(one, support_cost_per_customer_month=cost, cx_spend_per_month=0.0)
        for one, cost in zip(segments, costs, strict=True)
    )
    return replace(CASE.baseline, segments=named)


def worth(*values):
    segments = tuple(
        SimpleNamespace(
            segment=one.segment,
            active=SimpleNamespace(value=Interval(low=0.9 * value, mid=value, high=1.1 * value)),
        )
        for one, value in zip(CASE.baseline.segments, values, strict=False)
    )
    by_stay = SimpleNamespace(segments=segments, horizon_months=36)
    return SimpleNamespace(by_orders=None, by_stay=by_stay, currency=CASE.currency)


def drawn(costs, values, text=EN):
    return segment_drawing(with_costs(*costs), worth(*values), "Source: these tests.", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_is_a_valid_chart_whose_title_names_the_best_and_the_worst(language):
    text, (first, second) = Text(language), [one.segment for one in CASE.baseline.segments[:2]]
    drawing = drawn((5.0, 10.0), (900.0, 400.0), text)
    assert drawing.title == text("where.map.title", best=first, worst=second)
    assert first in drawing.alternative and second in drawing.alternative
    alt.Chart.from_dict(standalone(drawing, language, "light", width=800))
    table = drawing.table()
    assert len({len(column.figures) for column in table} | {len(column.words) for column in table}) == 1
    assert len({column.heading for column in table}) == len(table) and drawing.subtitle
    assert data_names(spec("segment_map", language, "light", "SAR")) == set(drawing.data)


def test_every_segment_is_a_point_with_its_range_and_the_average_runs_through_nothing():
    data = drawn((5.0, 10.0), (900.0, 400.0)).data
    assert data["segments"]["cost"] == [5.0, 10.0] and data["segments"]["value"] == [900.0, 400.0]
    assert data["segments"]["low"] == pytest.approx([810.0, 360.0])
    assert data["segments"]["side"] == ["after", "before"]
    assert data["average"]["cost"][0] == data["average"]["value"][0] == 0.0


def test_words_that_would_lie_over_those_of_a_larger_segment_are_left_to_the_one_who_points_at_it():
    data = drawn((5.0, 10.0), (900.0, 880.0)).data["segments"]
    assert data["label"][0] and data["label"][1] == "" and all(data["told"])


def test_words_stand_on_the_side_where_they_cover_no_other_point():
    # the second stands in the first one's words, were these to stand after it
    data = drawn((6.5, 7.3, 12.0), (900.0, 890.0, 100.0)).data["segments"]
    assert data["side"][0] == "before" and data["label"][0]
    assert data["side"][1] == "after" and data["label"][1]


def test_segments_that_are_worth_alike_for_their_cost_are_not_told_apart():
    assert drawn((5.0, 10.0), (500.0, 1000.0)).title == EN("where.map.title_alike")


@pytest.mark.parametrize(
    ("costs", "values", "why"),
    [((5.0,), (900.0,), "one_segment"), ((0.0, 0.0), (1.0, 1.0), "no_cost"), ((5.0, 9.0), (0.0, -5.0), "no_value")],
)
def test_without_what_it_needs_there_is_a_sentence_in_its_place(costs, values, why):
    assert drawn(costs, values) == EN(f"where.map.{why}")
