"""Charts are constant specs with small data: mirrored in Arabic, dashed beyond the data, the same marks everywhere."""

import json

import altair as alt
import pytest

from cxroi.chart.drawing import NAMES, spec, standalone
from cxroi.chart.theme import THEMES
from cxroi.text import LANGUAGES, Text
from cxroi.view.decide.board_drawing import board_drawing
from cxroi.view.decide.drawings import waterfall_drawing
from cxroi.view.decide.what_if import what_if
from tests.made_case import WATERFALL, made_case

CASE, EN = made_case(), Text("en")


def data_names(node):
    if isinstance(node, dict):
        found = {node["data"]["name"]} if isinstance(node.get("data"), dict) else set()
        return found.union(*(data_names(each) for each in node.values()))
    return set().union(*(data_names(each) for each in node)) if isinstance(node, list) else set()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_whole_chart_is_valid_vega_lite(language, theme):
    for drawing in what_if(CASE, Text(language)).drawings:
        alt.Chart.from_dict(standalone(drawing, language, theme))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_data_of_a_drawing_are_the_data_sets_of_its_spec(language):
    for drawing in what_if(CASE, Text(language)).drawings:
        assert data_names(spec(drawing.name, language, "light", "SAR")) == set(drawing.data)


def test_a_spec_names_its_data_and_holds_none():
    for name in NAMES:
        built = spec(name, "en", "light", "SAR")
        assert "datasets" not in built
        assert '"data": {"values"' not in json.dumps(built)


@pytest.mark.parametrize("name", NAMES)
def test_a_chart_tells_of_a_row_in_words_or_not_at_all(name):
    """Left to itself, every mark tells its columns by their inner names, unrounded."""
    built = spec(name, "en", "light", "SAR")
    assert built["config"]["mark"]["tooltip"] is None
    told = [layer["encoding"]["tooltip"] for layer in built["layer"] if "tooltip" in layer["encoding"]]
    assert told and all(each["field"] == "told" for each in told)


def test_no_line_has_more_than_500_points():
    for drawing in what_if(CASE, Text("en")).drawings:
        assert max(len(column) for columns in drawing.data.values() for column in columns.values()) <= 500


@pytest.mark.parametrize("name", NAMES)
def test_arabic_charts_run_from_right_to_left(name):
    assert '"reverse": true' in json.dumps(spec(name, "ar", "light", "SAR"))
    assert '"orient": "right"' in json.dumps(spec(name, "ar", "light", "SAR"))
    assert '"reverse": true' not in json.dumps(spec(name, "en", "light", "SAR"))


def test_the_response_is_dashed_exactly_outside_what_the_data_have_seen():
    curve = board_drawing(CASE, CASE, EN).data["curve"]
    within = [level for level, part in zip(curve["level"], curve["part"], strict=True) if part == "seen"]
    beyond = [level for level, part in zip(curve["level"], curve["part"], strict=True) if part == "beyond"]
    assert (min(within), max(within)) == (62.0, 171.0)
    assert all(level <= 62.0 or level >= 171.0 for level in beyond)


def test_today_and_the_plan_lie_on_the_curve():
    points = board_drawing(CASE, CASE, EN).data["points"]
    assert points["kind"] == ["today", "plan"]
    assert points["level"] == [100.0, 150.0]
    assert points["value"] == pytest.approx([0.0, 2.3e6])


def test_the_bars_of_the_waterfall_add_up_to_its_totals():
    steps = waterfall_drawing(CASE, Text("en")).data["steps"]
    reached = 0.0
    for step, end in zip(WATERFALL, steps["end"], strict=True):
        reached = reached + step.amount if not step.is_total else reached
        assert end == pytest.approx(reached)
