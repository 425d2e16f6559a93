"""Where to invest in a real browser: asked by keyboard alone, read by axe with everything open, right to left in Arabic."""

import pytest
from playwright.sync_api import expect

from cxroi.text import LANGUAGES, Text
from tests.browser.conftest import settle, shifted, watch_shifts
from tests.browser.test_frame import violations


@pytest.mark.parametrize("language", LANGUAGES)
def test_extra_money_is_asked_for_by_keyboard_alone_and_letters_are_refused(visit, language):
    text = Text(language)
    page = visit(f"/where-to-invest?lang={language}")
    page.get_by_role("radio", name=text("where.kind.budget")).focus()
    page.keyboard.press("ArrowLeft" if language == "ar" else "ArrowRight")
    page.keyboard.press("Space")
    box = page.get_by_label(text("where.amount", currency=text.currency("SAR")).rstrip("\u200f"), exact=False).first
    expect(box).to_have_value("50,000", timeout=30_000)
    box.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("٦٠٠٠٠")
    page.keyboard.press("Enter")
    expect(page.locator(".cx-where h2")).to_contain_text("60", timeout=30_000)
    said = page.locator(".cx-where h2").inner_text()
    box.focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("abc")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stAlert")).to_contain_text("abc", timeout=30_000)
    assert page.locator(".cx-where h2").inner_text() == said


@pytest.mark.parametrize(("language", "theme"), [("en", "dark"), ("ar", "light")])
def test_lines_with_their_limits_open_meet_wcag(visit, language, theme):
    text = Text(language)
    page = visit(f"/where-to-invest?lang={language}", theme)
    page.get_by_role("radio", name=text("where.part.line")).click()
    expect(page.locator(".cx-bells").first).to_contain_text(text("where.limit.held"), timeout=60_000)
    page.get_by_test_id("stExpander").locator("summary").click()
    settle(page)
    assert violations(page) == []


def test_a_move_runs_in_reading_direction_and_no_range_leaves_its_table(visit):
    ends = """() => [...document.querySelectorAll('.cx-bells .cx-shift.cx-more')].slice(0, 1).map(one =>
        [one.querySelector('i').getBoundingClientRect().x, one.querySelector('b').getBoundingClientRect().x])[0]"""
    outside = """() => [...document.querySelectorAll('.cx-bells .cx-range')].filter(one => {
        const [of, table] = [one, one.closest('table')].map(each => each.getBoundingClientRect());
        return of.left < table.left - 1 || of.right > table.right + 1 }).map(one => one.closest('tr').innerText)"""
    for language, forward in (("en", 1), ("ar", -1)):
        page = visit(f"/where-to-invest?lang={language}")
        expect(page.locator(".cx-bells").first).to_be_visible(timeout=60_000)
        arrow, ring = page.evaluate(ends)
        assert (arrow - ring) * forward > 0
        expect(page.locator(".cx-bells")).to_have_count(2, timeout=60_000)
        assert page.evaluate(outside) == []


@pytest.mark.parametrize(
    ("path", "language", "width"), [("where-to-invest", "en", 1440), ("where-to-invest", "ar", 390), ("", "ar", 1440)]
)
def test_nothing_moves_while_the_page_arrives(visit, path, language, width):
    page = visit(f"/{path}?lang={language}", viewport={"width": width, "height": 900}, before=watch_shifts)
    page.wait_for_timeout(1_000)  # parts that are drawn after the script has ended
    assert shifted(page) < 0.01
