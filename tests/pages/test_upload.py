"""The Upload page, driven without a browser, in both languages."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxroi.store.snapshots import Workspace
from cxroi.text import LANGUAGES, Text
from cxroi.ui.frame import page_path

ROOT = Path(__file__).parents[2]
MONTHS = [f"{year}-{month:02d}-01" for year in (2024, 2025) for month in range(1, 13)]
HEAD = "month,segment,customers_at_start,customers_joined,customers_lost,revenue,contribution_margin,cx_spend"


def monthly(level=20_000):
    rows = [f"{m},all,5000,100,100,600000,300000,{level + 900 * (place % 5)}" for place, m in enumerate(MONTHS)]
    return "\n".join([HEAD, *rows]).encode()


@pytest.fixture
def opened(tmp_path, monkeypatch):
    monkeypatch.setenv("CXROI_WORKSPACE", str(tmp_path / "workspace"))

    def open_page(language="en"):
        app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
        app.query_params["lang"] = language
        return app.switch_page(page_path("upload")).run()

    return open_page


@pytest.fixture
def workspace(tmp_path):
    return Workspace.open(tmp_path / "workspace")


def drop(app, name, content):
    return app.file_uploader[0].upload(name, content, "text/csv").run()


def said(app):
    groups = (app.markdown, app.caption, app.info, app.success, app.error, app.warning)
    return "\n".join(element.value for group in groups for element in group)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_is_counted_before_it_is_loaded_and_named_after(opened, workspace, language):
    text = Text(language)
    app = drop(opened(language), "monthly.csv", monthly())
    assert not app.exception
    assert text("page.upload.counts", read=24, loaded=24, rejected=0, skipped=0) in said(app)
    assert workspace.current().illustrative
    app.button(key="upload-load").click().run()
    assert not app.exception
    assert text("page.upload.done", number=2) in said(app)
    assert not workspace.current().illustrative and workspace.current().tables["monthly"].rows == 24


def test_the_same_file_twice_is_known_again(opened, workspace):
    app = drop(opened(), "monthly.csv", monthly())
    app.button(key="upload-load").click().run()
    drop(app, "again.csv", monthly())
    app.button(key="upload-load").click().run()
    assert "already in the table" in said(app)
    assert workspace.current().number == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "content, sentence",
    [(b"", "upload.empty"), (HEAD.encode() + b"\n", "upload.header_only"), (b"\x00\x01\x02\xff\xfe", None)],
)
def test_a_bad_file_gets_a_sentence_and_changes_nothing(opened, workspace, language, content, sentence):
    app = opened(language)
    before = workspace.current()
    app = drop(app, "bad.csv", content)
    assert not app.exception
    assert workspace.current() == before
    if sentence is not None:
        assert Text(language)(sentence) in said(app)
    assert Text(language)("page.upload.nothing_ready") in said(app)


def test_money_without_a_currency_is_asked_for_one_and_keeps_it(opened, workspace):
    app = drop(opened(), "monthly.csv", monthly())
    asked = next(box for box in app.text_input if box.key.startswith("currency-"))
    assert asked.value == ""
    asked.set_value("usd").run()
    app.button(key="upload-load").click().run()
    assert workspace.current().tables["monthly"].sources[0]["currency"] == "USD"


def test_a_table_chosen_by_hand_brings_its_columns_to_be_mapped(opened, workspace):
    rows = [f"{m},{5000 - n},{n},9000,{400 + n}" for n, m in enumerate(MONTHS)]
    app = drop(opened(), "odd.csv", "\n".join(["when,heads,gone,cash,outlay", *rows]).encode())
    table = next(box for box in app.selectbox if box.key.startswith("table-"))
    table.set_value("monthly").run()
    for target, source in {
        "month": "when",
        "customers_at_start": "heads",
        "customers_lost": "gone",
        "revenue": "cash",
        "cx_spend": "outlay",
    }.items():
        box = next(
            box for box in app.selectbox if box.key.startswith("map-") and box.key.endswith(f"-monthly-{target}")
        )
        box.set_value(source).run()
    assert not app.exception
    assert "24 rows are ready" in said(app)


def test_an_earlier_version_can_be_used_again_compared_and_deleted(opened, workspace):
    app = drop(opened(), "monthly.csv", monthly())
    app.button(key="upload-load").click().run()
    first = workspace.versions()[-1]
    app.button(key=f"compare-{first.id}").click().run()
    assert not app.exception and "Version 1 against version 2" in " ".join(s.value for s in app.subheader)
    app.button(key=f"restore-{first.id}").click().run()
    assert workspace.current().number == 3 and workspace.current().illustrative
    second = workspace.version("2")
    app.button(key=f"delete-{second.id}").click().run()
    assert not app.exception and "2" not in {str(v.number) for v in workspace.versions()}
