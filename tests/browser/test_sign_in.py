"""People sign in with a browser, without a script too, work in their own name, and are led out when their session ends."""

import sys

import pytest

from cxroi.actions.people import add_person, reset_password
from cxroi.actions.person import at_the_terminal
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from tests.browser.conftest import served_app, settle
from tests.sample_place import sample_place

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = Workspace.open(sample_place(tmp_path_factory))
    add_person(workspace, "Huda Al-Saud", "administrator", PASSWORD, who=at_the_terminal())
    add_person(workspace, "omar", "viewer", PASSWORD, who=at_the_terminal())
    return workspace


@pytest.fixture(scope="module")
def guarded(workspace):
    with served_app(workspace.folder, sys.executable, "app.py", "--headless", "--sign-in", "--port") as address:
        yield address


def open_page(chromium, address, path, **options):
    page = chromium.new_context(**options).new_page()
    page.goto(address + path)
    return page


def sign_in(page, name="huda al-saud", password=PASSWORD):
    page.fill("#name", name)
    page.fill("#password", password)
    page.click("button")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [1440, 360])
def test_the_form_works_without_a_script_and_fits_the_screen(chromium, guarded, language, width):
    text = Text(language)
    page = open_page(
        chromium,
        guarded,
        f"/method?lang={language}",
        viewport={"width": width, "height": 780},
        java_script_enabled=False,
    )
    assert page.locator("html").get_attribute("dir") == text.direction
    assert page.title() == f"{text('access.title')} · CX ROI"
    for label in ("access.name_label", "access.password_label"):
        assert page.get_by_label(text(label), exact=True).is_visible()
    box = page.locator("form").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    sign_in(page, password="not this one at all")
    assert page.get_by_role("alert").inner_text() == text("access.wrong")
    assert page.input_value("#name") == "huda al-saud" and page.input_value("#password") == ""
    sign_in(page)
    assert "/method" in page.url and page.locator("#password").count() == 0
    page.context.close()


def test_the_page_names_who_is_signed_in_and_to_sign_out_ends_every_tab(chromium, guarded, workspace):
    page = open_page(chromium, guarded, "/what-if?lang=en", viewport={"width": 1440, "height": 900})
    sign_in(page)
    settle(page)
    assert page.locator(".cx-person").inner_text() == "Huda Al-Saud"
    other = page.context.new_page()
    other.goto(f"{guarded}/scenarios?lang=en")
    settle(other)
    page.click(".cx-languages button")
    page.wait_for_selector("#password")
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    other.wait_for_selector("#password", timeout=10_000)
    assert "next=" in other.url and [line.who for line in State.open(workspace.folder).audit()][-1] == "Huda Al-Saud"
    page.go_back()
    page.wait_for_timeout(300)
    assert page.locator('[data-testid="stApp"]').count() == 0
    page.context.close()


def test_a_password_given_anew_ends_a_page_that_is_open(chromium, guarded, workspace):
    page = open_page(chromium, guarded, "/method?lang=en", viewport={"width": 1440, "height": 900})
    sign_in(page)
    settle(page)
    reset_password(workspace, "huda al-saud", PASSWORD, who=at_the_terminal())
    page.wait_for_timeout(1_100)  # for as long the files of one page are believed
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector("#password", timeout=10_000)
    page.context.close()


def test_a_viewer_reads_every_page_and_is_offered_nothing_that_would_be_refused(chromium, guarded):
    text = Text("en")
    page = open_page(chromium, guarded, "/scenarios?lang=en", viewport={"width": 1440, "height": 900})
    sign_in(page, "omar")
    settle(page)
    assert page.locator('[data-testid="stException"], [data-testid="stAlert"]').count() == 0
    assert (
        page.get_by_text(text("scenarios.keep.title")).count()
        == page.get_by_text(text("scenarios.act.import")).count()
        == 0
    )
    page.goto(f"{guarded}/upload?lang=en")
    settle(page)
    assert page.get_by_text(text("access.needs.editor")).is_visible()
    assert page.locator('[data-testid="stFileUploader"], [data-testid="stButton"]').count() == 0
    page.context.close()
