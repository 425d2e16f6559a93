"""What the browser tells of the panel is read and not believed, and what it is sent is plain data."""

import json
import math

import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.model.scenario import Scenario
from cxroi.questions import build_business_case, default_scenario, evidence_from_panel
from cxroi.questions.sweep import LEADING, stop_of_case
from cxroi.text import LANGUAGES, Text
from cxroi.ui.app.choices import Choices
from cxroi.ui.decide import live_markup, live_panel
from cxroi.view.decide.board_drawing import window_of
from cxroi.view.decide.live_panel import live_panel as panel_of

LEVEL, UPLIFT, SUPPORT = LEADING
COMPANY = Company(spend=1.0, customers=60_000, spend_variation=0.4, drift_spread=0.01, seed=3)


@pytest.fixture(scope="module")
def evidence():
    return evidence_from_panel(simulate(COMPANY).panel, data_version="v1", survive=False)


@pytest.fixture
def reader(monkeypatch, evidence):
    """Return one reader's choices and widgets, without a browser."""
    kept = {"choices": Choices(scenario=default_scenario(evidence), plans=()), "widgets": {}, "address": {}}
    monkeypatch.setattr("streamlit.session_state", {"choices": kept["choices"]})
    monkeypatch.setattr("streamlit.query_params", kept["address"])

    class Reader:
        @property
        def scenario(self) -> Scenario:
            from cxroi.ui.app.choices import choices

            return choices().scenario

        @property
        def refused(self):
            from cxroi.ui.app.choices import widgets

            return widgets().get("live_refused")

        @property
        def answered(self):
            from cxroi.ui.app.choices import widgets

            return widgets().get("live_seq")

    return Reader()


def released(level=None, uplift=None, support=None):
    return {"moved": {LEVEL: level, UPLIFT: uplift, SUPPORT: support}}


def test_where_the_sliders_were_let_go_is_the_scenario(reader, evidence):
    live_panel._release(evidence, released(130, None, -10))
    assert (reader.scenario.investment_level_percent, reader.scenario.support_cost_change_percent) == (130.0, -10.0)
    assert reader.scenario.retention_uplift_pp is None
    live_panel._release(evidence, released(None, 1.5, None))
    assert reader.scenario.investment_level_percent is None and reader.scenario.retention_uplift_pp == 1.5


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"moved": 1},
        {"moved": {}},
        released("130"),
        released([1]),
        released({"a": 1}),
        released(level=math.nan),
        released(level=301),
    ],
)
def test_nonsense_from_the_browser_changes_nothing(reader, evidence, told):
    before = reader.scenario
    live_panel._release(evidence, told)
    assert reader.scenario == before


def test_what_cannot_be_reached_is_refused_beside_its_slider(reader, evidence):
    live_panel._release(evidence, released(130, 49.0))
    assert reader.refused[0] in (LEVEL, UPLIFT) and reader.scenario.retention_uplift_pp is None
    live_panel._release(evidence, released(130))
    assert reader.refused is None and reader.scenario.investment_level_percent == 130.0


def test_messages_are_done_in_their_order_and_each_but_once(reader, evidence):
    first = {"seq": 1, "kind": "release", "moved": {LEVEL: 130}}
    second = {"seq": 2, "kind": "typed", "name": UPLIFT, "words": "2"}
    third = {"seq": 3, "kind": "act", "name": "undo"}
    live_panel._hear(evidence, {"messages": [first, second]})
    assert (reader.scenario.investment_level_percent, reader.scenario.retention_uplift_pp) == (130.0, 2.0)
    live_panel._hear(evidence, {"messages": [first, second, third]})
    assert (reader.scenario.investment_level_percent, reader.scenario.retention_uplift_pp) == (130.0, None)
    assert reader.answered == 3
    live_panel._hear(evidence, {"messages": [third]})
    assert reader.scenario.investment_level_percent == 130.0


@pytest.mark.parametrize("messages", [None, "x", {}, [1], [{}], [{"seq": "2"}], [{"seq": 1}], [{"seq": 1, "kind": []}]])
def test_messages_that_are_none_change_nothing(reader, evidence, messages):
    before = reader.scenario
    live_panel._hear(evidence, {"messages": messages})
    assert reader.scenario == before


@pytest.mark.parametrize(
    ("name", "words", "value"), [(LEVEL, "١٥٠٫٥", 150.5), (UPLIFT, "-1.5", -1.5), (SUPPORT, "−12 %", -12.0)]
)
def test_typed_words_of_either_script_are_taken(reader, evidence, name, words, value):
    live_panel._typed(evidence, {"name": name, "words": words})
    assert getattr(reader.scenario, name) == value


@pytest.mark.parametrize("words", ["", "abc", "1,505", "nan", "9" * 400])
def test_typed_words_that_are_no_number_are_refused_with_a_sentence(reader, evidence, words):
    before = reader.scenario
    live_panel._typed(evidence, {"name": LEVEL, "words": words})
    assert reader.scenario == before and reader.refused[0] == LEVEL


def test_an_unknown_slider_is_nobodys(reader, evidence):
    live_panel._typed(evidence, {"name": "currency", "words": "1"})
    live_panel._ask(evidence, {"name": "currency"})
    assert reader.refused is None


def test_kept_plans_take_the_first_free_letter_and_no_more_than_there_are(reader, evidence):
    from cxroi.ui.app.link import drop_plan, saved_plans

    for level in (110, 120, 130, 140):
        live_panel._release(evidence, released(level))
        live_panel._act(evidence, {"name": "save"})
    assert [(letter, plan.investment_level_percent) for letter, plan in saved_plans()] == [
        ("A", 110),
        ("B", 120),
        ("C", 130),
    ]
    drop_plan("B")
    live_panel._act(evidence, {"name": "save"})
    assert dict(saved_plans())["B"].investment_level_percent == 140


def test_kept_plans_are_read_from_the_address_and_damaged_ones_left_out(reader, monkeypatch, evidence):
    from cxroi.model.scenario_link import write_link
    from cxroi.ui.app.link import saved_plans

    link = write_link(Scenario(investment_level_percent=130.0))
    address = {"plans": f"A{link},Bnonsense,Z{link},"}
    monkeypatch.setattr("streamlit.session_state", {"choices": Choices()})
    monkeypatch.setattr("streamlit.query_params", address)
    assert [letter for letter, _ in saved_plans()] == ["A"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_browser_is_sent_is_plain_data_with_a_place_for_every_word(evidence, language):
    text, case = Text(language), build_business_case(evidence, default_scenario(evidence))
    window = window_of(case, case.level_percent)
    panel, _ = panel_of(case, case, stop_of_case(case), (), text, window=window, uplift_reach=(-3.0, 3.0))
    sent = live_markup.plan_data(panel.plan)
    knobs = [live_markup.knob_data(knob, text) for knob in panel.knobs]
    assert json.loads(json.dumps({"plan": sent, "knobs": knobs}, allow_nan=False))
    html = live_markup.stage(panel)
    assert all(
        f'data-f="{name}"' in html
        for name in ("s1", "s3", "s5", "s7", "worth", "loss", "paid", "stay", "mark", "caution")
    )
    for knob in knobs:
        assert {f"{knob['short']}_{part}" for part in ("value", "unit", "read")} <= sent["words"].keys()
