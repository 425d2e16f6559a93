"""The frame in a real browser: languages, themes, accessibility, and not one request to anybody else."""

import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from cxroi.text import LANGUAGES, Text
from cxroi.ui.app.frame import FIRST, MENU
from tests.browser.conftest import served_app, settle, until
from tests.sample_place import sample_place

PAGES = [page for pages in MENU.values() for page in pages]
# Streamlit's own, by rule and element: the picture inside a chart or sparkline is named on the element around it, and the
# place to drop files carries a label as well as the role "presentation".
ALLOWED = {("svg-img-alt", "svg"), ("presentation-role-conflict", 'section role="presentation" tabindex="-1"')}


def path(page: str, language: str) -> str:
    return f"/{'' if page == FIRST else page.replace('_', '-')}?lang={language}"


def violations(page):
    found = Axe().run(page).response["violations"]
    return [
        (violation["id"], node["html"][:160], node.get("failureSummary", "")[:300])
        for violation in found
        for node in violation["nodes"]
        if not any(violation["id"] == rule and node["html"].startswith(f"<{tag}") for rule, tag in ALLOWED)
    ]


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ar", "dark")])  # colours know no language
@pytest.mark.parametrize("name", PAGES)
def test_every_page_meets_wcag_says_that_sample_data_are_no_companys_own_and_fits_a_phone(visit, name, language, theme):
    page = visit(path(name, language), theme)
    assert violations(page) == []
    assert page.get_by_text(Text(language)("ui.sample.mark").split("**")[1]).is_visible()
    page.set_viewport_size({"width": 360, "height": 780})
    wider = "(e => e.scrollWidth - e.clientWidth)(document.querySelector('[data-testid=stMain]'))"
    until(page, f"{wider} <= 1 && document.documentElement.scrollWidth <= 360", seconds=10)


@pytest.mark.parametrize(
    "command", [(), (sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true")]
)
def test_both_ways_to_start_serve_the_same_page_and_ask_nobody_else(chromium, tmp_path_factory, command):
    started = (*command, "--server.port") if command else ()
    with served_app(sample_place(tmp_path_factory), *started) as url:
        context = chromium.new_context(locale="ar-SA")
        page, outside, refused = context.new_page(), [], []
        page.on(
            "request", lambda r: None if r.url.startswith((url, "data:", "blob:", "ws:")) else outside.append(r.url)
        )
        page.on("console", lambda m: refused.append(m.text) if "Content Security Policy" in m.text else None)
        page.goto(url)
        settle(page)
        assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
        assert page.title().endswith(Text("ar")("app.name"))
        until(page, "document.fonts.check('16px \"IBM Plex Sans Arabic\"', 'نص')")
        assert (outside, refused) == ([], [])
        context.close()


def test_switching_the_language_keeps_page_and_scenario(visit):
    page = visit("/what-if?lang=en")
    settle(page)
    address = page.url
    page.locator(".cx-languages a").click()
    page.wait_for_url("**/what-if?lang=ar**")
    settle(page)
    assert page.url == address.replace("lang=en", "lang=ar")
    assert page.evaluate("document.documentElement.dir") == "rtl"


def test_the_menu_keeps_language_and_scenario(visit):
    page = visit("/what-if?lang=ar")
    settle(page)
    scenario = page.url.partition("s=")[2]
    page.get_by_role("button", name=Text("ar")("nav.section.share")).click()
    page.get_by_role("menuitem", name=Text("ar")("nav.page.method")).click()
    page.wait_for_url("**/method**")
    settle(page)
    assert "lang=ar" in page.url and page.url.partition("s=")[2] == scenario != ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_has_sections_and_pages_by_name_and_a_desk_has_the_sections_once(visit, language):
    text = Text(language)
    page = visit(f"/what-if?lang={language}", viewport={"width": 360, "height": 780})
    sections, pages = page.locator(".st-key-section-bar"), page.locator(".st-key-page-bar")
    for section in MENU:
        expect(sections.get_by_role("link", name=text(f"nav.section.{section}"))).to_be_visible()
    for name in MENU["decide"]:
        expect(pages.get_by_role("link", name=text(f"nav.page.{name}"))).to_be_visible()
    shadow, at_hand = "e => getComputedStyle(e).boxShadow", "e => e.closest('.st-key-at-hand') !== null"
    marked = [one.evaluate(shadow) != "none" for one in pages.locator("a p").all() if not one.evaluate(at_hand)]
    assert marked == [name == "what_if" for name in MENU["decide"]]
    pages.get_by_role("link", name=text("nav.page.overview")).click()
    expect(page.locator(".cx-board")).to_be_visible(timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(sections).to_be_hidden()
    expect(pages).to_be_visible()
    expect(page.get_by_test_id("stTopNavSection")).to_have_count(len(MENU))
    marked = [one.evaluate(shadow) != "none" for one in page.get_by_test_id("stTopNavSection").all()]
    assert marked == [section == "decide" for section in MENU]


@pytest.mark.parametrize("path", ["/", "/what-if"])
def test_the_name_of_the_product_stands_beside_its_mark_on_every_page(visit, path):
    page = visit(f"{path}?lang=en")
    beside = page.get_by_test_id("stHeaderLogo").evaluate("e => getComputedStyle(e.parentElement, '::after').content")
    assert beside == '"CX ROI"'


def test_another_language_opens_at_the_height_of_the_page_one_left(visit):
    page = visit("/?lang=ar")
    scrolled = "document.querySelector('[data-testid=stMain]').scrollTop"
    page.evaluate(f"{scrolled} = 700")
    page.get_by_role("link", name="English").click()
    settle(page)
    page.wait_for_function(f"Math.abs({scrolled} - 700) < 2")


def test_a_picture_is_taken_along_as_an_image_and_no_toolbar_lies_over_its_finding(visit):
    page = visit("/what-if?lang=en", accept_downloads=True)
    page.get_by_test_id("stVegaLiteChart").first.hover()
    assert not any(bar.is_visible() for bar in page.get_by_test_id("stElementToolbar").all())
    with page.expect_download() as saved:
        page.get_by_role("button", name="PNG").first.click()
    assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")
    page.get_by_role("button", name="Table").first.click()
    expect(page.get_by_role("dialog").get_by_role("table")).to_contain_text("against today")
