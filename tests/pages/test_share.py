"""The page "Report", driven as a reader would: five sentences, and a file for each format, made when it is asked for."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from cxroi.export.report import FORMATS
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from cxroi.ui.app.frame import page_path
from tests.cli.test_end_to_end import monthly_rows
from tests.pages.test_prove import shown
from tests.store.tables import parquet

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """A company of its own, known by monthly totals: no surveys, no lines of spend."""
    workspace = Workspace.open(tmp_path_factory.mktemp("share"))
    rows = monthly_rows(months=18)
    staged = {"monthly": parquet(workspace.quarantine() / "monthly.parquet", "monthly", rows)}
    workspace.publish(staged, sources={"monthly": {"currency": "SAR"}})
    return workspace.folder


def opened(folder, language, monkeypatch):
    monkeypatch.setenv("CXROI_WORKSPACE", str(folder))
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    app.query_params["lang"] = language
    app.run().switch_page(page_path("report")).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_five_sentences_and_offers_every_format_and_makes_none_unasked(company, language, monkeypatch):
    app, text = opened(company, language, monkeypatch), Text(language)
    said = shown(app)
    assert text("summary.title") in said
    assert text("story.illustrative") not in said
    assert {f"make-{name}" for name in FORMATS} <= {one.key for one in app.button}
    assert not app.get("download_button")


def test_a_file_is_made_once_in_the_language_that_was_chosen_and_stays(company, monkeypatch):
    app = opened(company, "en", monkeypatch)
    app.segmented_control(key="pick-file-language").set_value("ar").run()
    app.button(key="make-csv").click().run()
    app.button(key="make-html").click().run()
    assert not app.exception
    assert [one.proto.label for one in app.get("download_button")] == ["Download HTML", "Download CSV"]
    assert "make-html" not in {one.key for one in app.button}
    files = app.session_state["report_files"][1]
    assert set(files) == {("csv", "ar", ""), ("html", "ar", "")}
    name, content = files["html", "ar", ""]
    assert (
        name.endswith(".html") and b'dir="rtl"' in content and Text("ar")("story.limits.no_answers") in content.decode()
    )
    app.segmented_control(key="pick-file-language").set_value("en").run()
    assert "make-html" in {one.key for one in app.button}


def test_a_password_closes_the_pdf_that_is_made_with_it_and_no_other_file(company, monkeypatch):
    app = opened(company, "en", monkeypatch)
    app.button(key="make-pdf-summary").click().run()
    app.text_input(key="report-password").set_value("open sesame").run()
    assert "make-pdf-summary" in {one.key for one in app.button}, (
        "the file without a password is not handed out any more"
    )
    app.button(key="make-pdf-summary").click().run()
    app.button(key="make-csv").click().run()
    assert not app.exception
    files = app.session_state["report_files"][1]
    locks = {key: PdfReader(io.BytesIO(content)).is_encrypted for key, (_, content) in files.items() if key[0] != "csv"}
    assert locks == {("pdf-summary", "en", ""): False, ("pdf-summary", "en", "open sesame"): True}
    assert ("csv", "en", "") in files


def test_data_that_give_no_verdict_give_no_file_but_the_way_to_what_is_missing(tmp_path, monkeypatch):
    workspace = Workspace.open(tmp_path / "w")
    answers = [{"answered_on": "2025-03-05", "metric": "nps", "score": "9", "scale_max": "10"}] * 30
    staged = {"surveys": parquet(workspace.quarantine() / "surveys.parquet", "surveys", answers)}
    workspace.publish(staged, sources={})
    app = opened(workspace.folder, "en", monkeypatch)
    assert not [one for one in app.button if str(one.key).startswith("make-")]
    assert any("monthly" in link.label.casefold() for link in app.get("page_link"))
