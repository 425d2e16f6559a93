"""The pages of Prove, driven as a reader would, in both languages: evidence, promises, pilots."""

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxroi.questions import case_of, default_scenario
from cxroi.questions.data import open_version
from cxroi.questions.verdict_history import ask_verdict_history
from cxroi.store.sample import load_sample
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from cxroi.ui.app.frame import page_path

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prove")
    load_sample(Workspace.open(folder))
    return folder


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
    assert said.count(text("evidence.statistic.swing")) == 1
    assert text("evidence.history.why_first") in said
    app.segmented_control(key="evidence-channel").set_value("support").run()
    assert not app.exception and text("evidence.outcome.support") in shown(app)


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
    from cxroi.cli import main

    file = tmp_path / "customers.csv"
    days = [f"c{n},2024-{1 + n % 12:02d}-03,{'2025-06-01' if n % 3 == 0 else ''},100" for n in range(300)]
    file.write_text("\n".join(["customer_id,joined_on,left_on,monthly_revenue", *days]), encoding="utf-8")
    folder = tmp_path / "ws"
    assert main(["import", str(file), "--workspace", str(folder)]) == 0
    app = opened(folder, "en", monkeypatch)
    assert [one.value for one in app.title] == [Text("en")("nav.page.evidence")]
    assert not app.error and any("cost" in one.value.lower() for one in app.markdown)
