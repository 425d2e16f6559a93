"""The pages of Prove, driven as a reader would, in both languages: evidence, promises, pilots."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxroi.cli import main
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions import case_of, default_scenario
from cxroi.questions.data import open_version
from cxroi.questions.verdict_history import ask_verdict_history
from cxroi.text import LANGUAGES, Text
from cxroi.ui.app.frame import page_path
from cxroi.view.figure import money_range
from cxroi.view.prove.events import events_view
from tests.sample_place import sample_place
from tests.view.prove.test_events import AHEAD, MOVED, QUIET

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return sample_place(tmp_path_factory)


def opened(folder, language, monkeypatch, page="evidence"):
    monkeypatch.setenv("CXROI_WORKSPACE", str(folder))
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    app.query_params["lang"] = language
    app.run().switch_page(page_path(page)).run()
    assert not app.exception
    return app


def shown(app):
    body = " ".join(element.body for element in app.get("html"))
    return unescape(re.sub("<[^>]+>", " ", body)).replace("\xa0", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_every_part_and_follows_the_outcome_that_is_chosen(workspace, language, monkeypatch):
    app, text = opened(workspace, language, monkeypatch), Text(language)
    said = shown(app)
    assert {one.value for one in app.title} <= {
        text(f"evidence.title_{kind}") for kind in ("shown", "partly", "not_shown")
    }
    for part in ("beliefs", "predictive", "survival", "health", "links", "history"):
        assert text(f"evidence.{part}.section") in said
    assert text("events.section") in said and text("events.none") in said
    assert said.count(text("evidence.statistic.swing")) == 1
    assert text("evidence.history.why_first") in said
    app.segmented_control(key="evidence-channel").set_value("support").run()
    assert not app.exception and text("evidence.outcome.support") in shown(app)


def test_named_events_stand_with_what_each_took_away_and_those_that_were_not_taken_out(workspace, monkeypatch):
    from cxroi.ui.prove import evidence

    facts = (MOVED, QUIET, AHEAD)
    monkeypatch.setattr(evidence, "events_view", lambda _, text: events_view(facts, text))
    said, view = shown(opened(workspace, "en", monkeypatch)), events_view(facts, Text("en"))
    for words in (view.headline, *(row.sentence for row in view.rows), view.rows[0].changes[0], *view.unused):
        assert words.replace("\xa0", " ") in said
    assert Text("en")("events.none") not in said


def test_the_verdict_that_is_noted_is_the_one_of_the_default_scenario(workspace, monkeypatch):
    opened(workspace, "en", monkeypatch)
    with open_version(workspace) as data:
        verdict = case_of(data, default_scenario(data)).verdict
        (one,) = ask_verdict_history(data).verdicts
    assert (one.call, one.grade) == (verdict.call, verdict.grade.value)
    assert one.probability == pytest.approx(max(verdict.stated.best_above, verdict.stated.best_below))


def test_the_verdict_is_tested_only_when_somebody_looks(workspace, monkeypatch):
    app, text = opened(workspace, "en", monkeypatch), Text("en")
    assert text("survival.check.months") not in shown(app)
    (fold,) = [one for one in app.expander if one.label == text("evidence.survival.fold")]
    assert not fold.children or text("survival.check.months") not in str(fold)


def test_without_costs_the_page_says_what_is_missing_and_leads_to_the_upload(tmp_path, monkeypatch, files_read_here):
    file = tmp_path / "customers.csv"
    days = [f"c{n},2024-{1 + n % 12:02d}-03,{'2025-06-01' if n % 3 == 0 else ''},100" for n in range(300)]
    file.write_text("\n".join(["customer_id,joined_on,left_on,monthly_revenue", *days]), encoding="utf-8")
    folder = tmp_path / "ws"
    assert main(["import", str(file), "--workspace", str(folder)]) == 0
    app = opened(folder, "en", monkeypatch)
    assert [one.value for one in app.title] == [Text("en")("nav.page.evidence")]
    assert not app.error and any("cost" in one.value.lower() for one in app.markdown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_promises_are_told_in_all_and_one_by_one_as_the_terminal_tells_them(workspace, language, monkeypatch, capsys):
    app, text = opened(workspace, language, monkeypatch, "promises"), Text(language)
    said = shown(app)
    assert text("promises.title") in said and text("promises.section") in said
    assert main(["realised", "--json", "--language", language, "--workspace", str(workspace)]) == 0
    told = json.loads(capsys.readouterr().out)
    measured = [one for one in told["initiatives"] if one["among_others"]]
    earned = Interval(**{end: float(amount) for end, amount in told["programme"]["earned"].items()})
    assert money_range(earned, told["currency"], text).replace("\xa0", " ") in said
    assert sum(float(one["spent"]) for one in measured) == pytest.approx(float(told["programme"]["spent"]))
    parts = [sum(float(one["among_others"]["value"][end]) for one in measured) for end in ("low", "high")]
    assert parts[0] <= earned.mid <= parts[1]


def test_a_company_without_initiatives_is_led_to_the_upload_of_them(workspace, monkeypatch):
    from cxroi.questions.promises import Programme
    from cxroi.ui.prove import promises

    empty = Programme(promises=(), earned=None)
    monkeypatch.setattr(promises, "asked", lambda question: empty)
    app = opened(workspace, "en", monkeypatch, "promises")
    assert Text("en")("promises.load") in [one.value for one in app.markdown]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pilot_is_designed_and_its_groups_are_drawn_as_the_terminal_does(workspace, language, monkeypatch, capsys):
    app, text = opened(workspace, language, monkeypatch, "pilots"), Text(language)
    said = shown(app)
    assert text("pilots.title") in said
    assert text("pilots.where.kicker") in said and text("pilots.design_section") in said
    assert text("pilots.groups.what") not in said
    app.number_input(key="pilot-size-churn").set_value(5.0).run()
    app.button(key="pilot-draw").click().run()
    said = shown(app)
    assert not app.exception and text("pilots.groups.what") in said
    assert main(["pilot", "design", "--uplift", "5", "--json", "--workspace", str(workspace)]) == 0
    group = json.loads(capsys.readouterr().out)["customers_per_group"]
    assert said.count(text.number(group, 0)) >= 2
    assert text("pilots.none_loaded") in [one.value for one in app.markdown]


def test_a_cut_says_who_would_leave_and_few_regions_are_refused_in_words(workspace, monkeypatch):
    app, text = opened(workspace, "en", monkeypatch, "pilots"), Text("en")
    app.segmented_control(key="pilot-kind").set_value("dark").run()
    assert text("pilots.dark") in shown(app) and "would leave because of it" in shown(app)
    app.segmented_control(key="pilot-unit").set_value("regions").run()
    app.button(key="pilot-draw").click().run()
    assert not app.exception
    assert any("regions; at least" in one.value for one in app.warning)
    app.segmented_control(key="pilot-unit").set_value("branches").run()
    assert not app.exception and text("pilots.groups.no_branches") in shown(app)
