"""Where to invest, driven as a reader would: what is asked, how much, within which limits, in both languages."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxroi.cli import main
from cxroi.model.scenario import Scenario
from cxroi.model.scenario_link import write_link
from cxroi.model.statistics.uncertainty import Interval
from cxroi.text import LANGUAGES, Text
from cxroi.text.plain import plain
from cxroi.text.sample_names import sample_names
from cxroi.ui.app.frame import page_path
from cxroi.view.figure import deserved_step, money
from tests.sample_place import sample_place

ROOT = Path(__file__).parents[2]
EN = Text("en")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return sample_place(tmp_path_factory)


@pytest.fixture
def where(workspace, monkeypatch):
    def opened(language="en", kind=None, part=None, scenario=None):
        monkeypatch.setenv("CXROI_WORKSPACE", str(workspace))
        app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
        app.query_params["lang"] = language
        if scenario:
            app.query_params["s"] = write_link(scenario)
        app.run().switch_page(page_path("where_to_invest")).run()
        for name, value in (("kind", kind), ("part", part)):
            if value:
                app.segmented_control(key=f"where-{name}").set_value(value).run()
        assert not app.exception
        return app

    return opened


def shown(app):
    body = " ".join(element.body for element in app.get("html"))
    return unescape(re.sub("<[^>]+>", " ", body)).replace("\xa0", " ")


def box(app, name):
    """Return the one box of a name; its key ends with how often the boxes were made anew."""
    (found,) = [one for one in app.text_input if re.fullmatch(f"where-{name}-\\d+", one.key or "")]
    return found


SMALL = 0.002  # of the money divided: the page says of a smaller move that there is none


def terminal(workspace, capsys, *line):
    main([*line, "--json", "--workspace", str(workspace)])
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_answers_before_anything_is_asked_and_has_every_part(where, language):
    app, text = where(language), Text(language)
    said = shown(app)
    assert text("where.title") in {one.value for one in app.title}
    for id in ("where.lines.title", "where.drivers.section", "where.map.section", "where.advice.grow"):
        assert text(id) in said
    assert all(sample_names(language).get(name, name) in said for name in ("Villas", "Welcome calls", "Onboarding"))


@pytest.mark.parametrize("part", ["segment", "line"])
def test_the_page_and_the_terminal_give_the_same_answer(where, workspace, capsys, part):
    app = where(kind="extra", part=part)
    box(app, "extra").set_value("٦٥٬٠٠٠").run()
    told = terminal(workspace, capsys, "allocate", "--by", part, "--extra", "65000")
    said = shown(app)
    gained = Interval(**{end: float(amount) for end, amount in told["gain"].items()})
    gain = EN.money(gained.mid, "SAR", step=deserved_step(gained)).replace("\xa0", " ")
    assert not app.warning and f"SAR 65K more a month should earn {gain}" in said
    today, proposed = ([float(move[name]) for move in told["moves"]] for name in ("today_spend", "spend"))
    for before, after in zip(today, proposed, strict=True):
        moves = abs(after - before) > SMALL * sum(today)
        assert money(after if moves else before, "", EN) in said


def test_the_same_budget_between_lines_is_divided_as_by_the_terminal(where, workspace, capsys):
    told = terminal(workspace, capsys, "allocate", "--by", "line")
    said = shown(where(part="line"))
    assert all(money(float(move["spend"]), "", EN) in said for move in told["moves"])
    assert EN("where.limit.low") in said and EN("where.limit.held") in said


@pytest.mark.parametrize("part", ["segment", "line"])
def test_a_plan_in_steps_has_its_moves_made_in_the_same_steps_on_the_page_and_in_the_terminal(
    where, workspace, capsys, part
):
    steps = ("--set", "investment_level_percent=150", "--set", "first_quarters_percent=110,125")
    told = terminal(workspace, capsys, "allocate", "--by", part, *steps)
    at_once = terminal(workspace, capsys, "allocate", "--by", part)
    said = shown(where(part=part, scenario=Scenario(investment_level_percent=150.0, first_quarters_percent=(110, 125))))
    assert told["made_by_quarter"] == [0.2, 0.5] and at_once["made_by_quarter"] == []
    assert float(told["gain"]["mid"]) < float(at_once["gain"]["mid"])
    assert all(money(float(move["spend"]), "", EN) in said for move in told["moves"])
    facts = {"shares": "20%, 50%", "quarters": "2 quarters", "month": "7"}
    assert EN("allocation.steps", **facts) in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["abc", "٥٠س", "", "-5", "1e300"])
def test_what_is_no_amount_is_refused_with_a_sentence_and_the_figures_stay(where, language, typed):
    app = where(language, kind="extra")
    box(app, "extra").set_value("70000").run()
    before = shown(app)
    box(app, "extra").set_value(typed).run()
    (sentence,) = [one.value for one in app.warning]
    assert "70" in sentence and sentence.startswith(
        plain(typed, 40) if typed else Text(language)("where.refused_empty", kept="")[:8]
    )
    assert shown(app) == before and box(app, "extra").value == "70,000"
    box(app, "extra").set_value("70,001").run()
    assert not app.warning


def test_a_target_is_typed_with_or_without_its_sign(where):
    app = where(kind="target")
    box(app, "target_percent").set_value("٤٠٪").run()
    assert "To earn 40% on the last money spent" in shown(app)
    box(app, "target_percent").set_value("40.5").run()
    assert "To earn 40.5% on the last money spent" in shown(app)


def test_limits_of_a_part_hold_and_the_way_back_takes_them_away(where, workspace, capsys):
    app = where()
    before = shown(app)
    high = box(app, "end-segment-[^-]+-[^-]+-3-high")
    assert "Villas" in high.label
    high.set_value("١٠٥").run()
    told = terminal(workspace, capsys, "allocate", "--bound", "Villas=31.06..105")
    villas = next(move for move in told["moves"] if move["segment"] == "Villas")
    assert money(float(villas["spend"]), "", EN) in shown(app)
    assert EN("where.binds.high_own", names="Villas") in shown(app)
    app.button(key="where-reset").click().run()
    assert shown(app) == before


@pytest.mark.parametrize("typed", ["x", "10", "900"])
def test_limits_that_are_none_are_refused_and_the_last_ones_stay(where, typed):
    app = where()
    before = shown(app)
    box(app, "end-segment-[^-]+-[^-]+-0-high").set_value(typed).run()
    assert len(app.warning) == 1 and shown(app) == before


def test_extra_money_offers_only_the_upper_limit_and_one_below_today_is_refused_in_words(where):
    app = where(kind="extra")
    assert (
        box(app, "end-segment-[^-]+-[^-]+-0-low").disabled and box(app, "end-segment-[^-]+-[^-]+-0-low").value == "100"
    )
    app = where()
    box(app, "end-segment-[^-]+-[^-]+-0-high").set_value("90").run()
    app.segmented_control(key="where-kind").set_value("extra").run()
    assert [one.value for one in app.warning] == [
        EN("allocation.extra_below_today", segment="\u2068Apartments\u2069", high=90.0)
    ]
    app.button(key="where-reset").click().run()
    assert not app.warning and not app.exception


def test_what_was_asked_is_there_again_after_a_look_at_another_page(where):
    app = where(kind="extra", part="line")
    box(app, "extra").set_value("12345").run()
    app.switch_page(page_path("overview")).run().switch_page(page_path("where_to_invest")).run()
    assert app.segmented_control(key="where-part").value == "line" and box(app, "extra").value == "12,345"


def test_a_sent_address_asks_the_same_and_a_damaged_one_asks_nothing(where):
    first = where(kind="extra")
    box(first, "extra").set_value("65000").run()
    box(first, "end-segment-[^-]+-[^-]+-3-high").set_value("105").run()
    address = first.query_params["w"]
    written = address[0] if isinstance(address, list) else address
    for sent, same in ((written, True), ("extra;nowhere;x", False), (written.replace("..105", "..9999"), False)):
        app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
        app.query_params["lang"] = "en"
        app.query_params["w"] = sent
        app.run().switch_page(page_path("where_to_invest"))
        app.query_params["w"] = sent
        app.run()
        assert not app.exception and (shown(app) == shown(first)) is same
        assert [one.value for one in app.warning] == ([] if same else [EN("where.link_unreadable")])


def test_the_overview_leads_to_the_page_and_holds_no_second_table_of_lines(where):
    app = where().switch_page(page_path("overview")).run()
    assert not app.exception
    assert {fold.label for fold in app.expander} == {EN("page.overview.notes_title")}
