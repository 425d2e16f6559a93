"""Present in a real browser: keys, a linked slide through a reload, a lost connection, the window of notes, and slides that fit the screen."""

import pytest
from playwright.sync_api import Page, expect

from cxroi.text import Text
from tests.browser.conftest import until
from tests.browser.panel import range_of, scenario

EN, AR = Text("en"), Text("ar")
SLIDES = ["verdict", "why", "what_if", "where", "lines", "satisfaction", "evidence", "risks", "next_step"]
ALL_TOLD = "document.querySelector('.cx-live')?.dataset.all === 'yes'"
# What stands outside the screen, sideways: the slide itself, and what is on it but not in a table that scrolls.
_OUTSIDE = """() => [document.documentElement, ...document.querySelectorAll('.cx-deck, .cx-slide, .cx-slide *')]
  .filter(e => e.getClientRects().length && !e.closest('.cx-words table, svg, .cx-unseen'))
  .filter(e => { const box = e.getBoundingClientRect(); return box.left < -1 || box.right > innerWidth + 1 })
  .map(e => e.outerHTML.slice(0, 80))"""
# The smallest words on a slide but for its sources and the headings of its tables, and its title.
_SIZES = """() => { const slide = document.querySelector('.cx-slide'), size = e => parseFloat(getComputedStyle(e).fontSize);
  const body = [...slide.querySelectorAll('.cx-told p, ul.cx-block li, .cx-words td, .cx-ranged p, .cx-chance p, .cx-finding')];
  return { title: size(slide.querySelector('h1')), body: Math.min(...body.map(size)), over: slide.scrollHeight - slide.clientHeight } }"""


@pytest.fixture
def present(profiles, address):
    """Give a function that opens the slides in a new tab; `before` is told of the page while nothing is on it yet."""
    opened = []

    def open_slides(slide="verdict", language="en", theme="light", before=lambda _: None, **options) -> Page:
        context = profiles(color_scheme=theme, **({"viewport": {"width": 1440, "height": 900}} | options))
        context.clear_cookies()
        page = context.new_page()
        opened.append(page)
        before(page)
        page.goto(f"{address}/present?lang={language}&slide={slide}")
        expect(page.locator(".cx-slide .cx-kicker").first).to_be_visible(timeout=60_000)
        return page

    yield open_slides
    for page in opened:
        page.close()


def at(page: Page) -> str:
    """Return which slide is shown."""
    shown: str = page.evaluate("document.querySelector('.cx-slide').dataset.slide")
    return shown


def test_keys_turn_the_slides_however_fast_and_nothing_else_of_the_app_is_seen(present):
    page = present()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert at(page) == SLIDES[4] and "slide=lines" in page.url
    for key, slide in (
        ("PageUp", "where"),
        ("End", "next_step"),
        ("PageDown", "next_step"),
        ("Home", "verdict"),
        (" ", "why"),
        ("ArrowLeft", "verdict"),
    ):
        page.keyboard.press(key)
        assert at(page) == slide
    said = EN("present.announced", number="1", count="9", title=page.locator(".cx-slide h1").inner_text())
    expect(page.locator(".cx-deck [role=status]")).to_have_text(said)
    expect(page.get_by_test_id("stHeader")).to_be_hidden()
    page.keyboard.press("f")
    until(page, "Boolean(document.fullscreenElement)")
    page.keyboard.press("f")
    until(page, "!document.fullscreenElement")
    page.keyboard.press("Escape")
    expect(page.locator(".cx-start")).to_be_visible()
    assert "slide=" not in page.url


def test_language_and_theme_turn_at_a_key_and_the_linked_slide_survives_a_reload(present):
    page = present("risks")
    page.keyboard.press("d")
    page.keyboard.press("l")
    expect(page.locator(".cx-slide h1")).to_have_text(AR("story.risks"))
    page.keyboard.press("ArrowRight")
    assert at(page) == "evidence", "in Arabic the arrows point the way they move"
    until(page, "location.search.includes('lang=ar')")
    page.reload()
    expect(page.locator(".cx-slide .cx-kicker").first).to_be_visible(timeout=60_000)
    assert at(page) == "evidence"
    assert page.evaluate("[document.documentElement.dir, document.documentElement.dataset.theme]") == ["rtl", "dark"]
    assert page.evaluate("getComputedStyle(document.querySelector('.cx-deck')).backgroundColor") == "rgb(20, 24, 27)"


def test_the_plan_has_the_live_sliders_and_what_is_let_go_there_changes_all_slides(present):
    page = present("what_if")
    until(page, ALL_TOLD)
    before = page.evaluate("document.querySelector('.cx-deck-line').textContent")
    range_of(page).focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('.cx-live').dataset.settled === 'yes'")
    page.keyboard.press("PageUp")
    assert at(page) == "why", "a clicker turns the slide, whatever has the focus"
    until(page, ALL_TOLD)
    assert scenario(page).investment_level_percent is not None and "slide=why" in page.url
    assert page.evaluate("document.querySelector('.cx-deck-line').textContent") != before
    page.keyboard.press("PageDown")
    page.keyboard.press("l")
    expect(page.locator(".cx-sentence")).to_contain_text(AR.currency("SAR"), timeout=30_000)
    until(page, "document.documentElement.classList.contains('cx-at-live')")


def test_a_lost_connection_stops_no_slide_and_is_told(present):
    lines = []

    def watched(page):
        page.route_web_socket("**/_stcore/stream", lambda line: lines.append(line) or line.connect_to_server())

    page = present(before=watched)
    page.context.set_offline(True)
    try:
        for line in lines:
            line.close()
        expect(page.get_by_text(EN("present.offline"))).to_be_visible()
        page.keyboard.press("l")
        page.keyboard.press("End")
        page.keyboard.press("d")
        assert at(page) == "next_step"
        expect(page.get_by_text(AR("present.offline"))).to_be_visible()
        for _ in range(6):
            page.keyboard.press("PageUp")
        expect(page.locator(".cx-slide h1")).to_be_visible()
        expect(page.locator(".cx-slide .cx-in-dark svg")).to_be_visible()
        assert at(page) == "what_if", "still, where the sliders speak another language and cannot be asked"
    finally:
        page.context.set_offline(False)
    until(page, "document.documentElement.classList.contains('cx-at-live')")
    assert at(page) == "what_if"


def test_the_notes_stand_in_a_second_window_which_turns_the_slides_too(present):
    page = present("why")
    with page.expect_popup() as popup:
        page.keyboard.press("n")
    notes = popup.value
    expect(notes.locator("h1")).to_have_text(page.locator(".cx-slide h1").inner_text())
    assert notes.locator(".notes p").count() and EN("present.since_start") in notes.locator(".since").inner_text()
    following = notes.locator("h2").inner_text()
    notes.keyboard.press("PageDown")
    assert at(page) == "what_if"
    expect(notes.locator("h1")).to_have_text(following)
    page.reload()
    expect(page.locator(".cx-slide .cx-kicker").first).to_be_visible(timeout=60_000)
    page.keyboard.press("Home")
    expect(notes.locator(".place")).to_have_text(EN("present.position", number="1", count="9"))
    notes.close()


@pytest.mark.parametrize(
    ("language", "theme", "width", "height"), [("en", "light", 1920, 1080), ("ar", "dark", 390, 844)]
)
def test_every_slide_is_large_and_none_reaches_outside_the_screen(present, language, theme, width, height):
    page = present(language=language, theme=theme, viewport={"width": width, "height": height}, has_touch=width < 500)
    seen = []
    while not seen or at(page) != seen[-1]:
        seen.append(at(page))
        assert page.evaluate(_OUTSIDE) == [], seen[-1]
        if width == 1920 and seen[-1] != "what_if":
            sizes = page.evaluate(_SIZES)
            assert sizes["title"] >= 40 and sizes["body"] >= 23.5 and sizes["over"] <= 0, (seen[-1], sizes)
        page.keyboard.press("PageDown")
    assert seen == SLIDES
