"""Each right-to-left rule of cxroi/ui/app/theme.py, looked at in a real browser: where things stand, not how they are styled."""

import pytest
from playwright.sync_api import expect

from cxroi.text import Text
from tests.browser.conftest import settle

AR = Text("ar")


def box(locator):
    return locator.bounding_box()


def middle(locator):
    found = box(locator)
    return found["x"] + found["width"] / 2


def with_plain_sliders(page, text):
    """Open Streamlit's own sliders, which stand beside the panel for who cannot use its picture."""
    page.get_by_text(text("page.what_if.live.plain")).click()
    expect(page.get_by_test_id("stSlider").first).to_be_visible(timeout=30_000)
    settle(page)
    return page


@pytest.fixture
def what_if(visit):
    return with_plain_sliders(visit("/what-if?lang=ar"), AR)


def test_headings_and_text_start_at_the_right(visit):
    page = visit("/method?lang=ar")
    aligned = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain] h1, [data-testid=stMain] [data-testid=stMarkdownContainer] p')]"
        ".map(e => getComputedStyle(e).textAlign)"
    )
    assert set(aligned) <= {"start", "right"}


def test_the_menu_and_the_logo_stand_at_the_right_with_a_margin(visit):
    page = visit("/?lang=ar")
    logo, menu = page.get_by_test_id("stHeaderLogo"), page.get_by_test_id("stMainMenu")
    assert 1440 - (box(logo)["x"] + box(logo)["width"]) == pytest.approx(16, abs=2)
    assert box(menu)["x"] == pytest.approx(16, abs=2)
    expect(page.get_by_test_id("stTopNav")).to_be_visible()
    assert middle(page.get_by_test_id("stTopNav")) > 720


_AT_WORK = """() => document.querySelector('[data-testid=stMainMenu]').insertAdjacentHTML(
    'beforebegin', '<div data-testid="stStatusWidget"><button>Stop</button></div>')"""


def test_the_language_link_never_lies_over_the_menu(visit):
    for width in (360, 768, 1440):
        for language in ("en", "ar"):
            page = visit(f"/?lang={language}", viewport={"width": width, "height": 780})
            link, menu = box(page.locator(".cx-languages")), box(page.get_by_test_id("stMainMenu"))
            assert link["x"] >= menu["x"] + menu["width"] or link["x"] + link["width"] <= menu["x"], (width, language)
            page.evaluate(_AT_WORK)  # what Streamlit shows beside the menu while a page is at work
            work = box(page.get_by_test_id("stStatusWidget").last)
            assert work["height"] > 0 and work["y"] >= link["y"] + link["height"], (width, language)


@pytest.mark.parametrize("locale", ["en-US", "ar-SA"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_slider_grows_in_reading_direction_whatever_the_browser(visit, language, locale):
    page = with_plain_sliders(visit(f"/what-if?lang={language}", locale=locale), Text(language))
    slider = page.get_by_test_id("stSlider").first
    thumb = slider.get_by_role("slider")

    def place():  # along its own track, so that a page which is still growing moves nothing
        track = box(slider)
        return (middle(thumb) - track["x"]) / track["width"]

    before, grows = place(), -1 if language == "ar" else 1
    thumb.press("ArrowLeft" if language == "ar" else "ArrowRight")
    for _ in range(100):
        if grows * (place() - before) > 0.001:
            break
        page.wait_for_timeout(100)
    settle(page)
    assert grows * (place() - before) > 0.001


def test_charts_are_not_turned_by_the_page(what_if):
    chart = what_if.get_by_test_id("stVegaLiteChart").first
    assert chart.evaluate("e => getComputedStyle(e).direction") == "ltr"


def test_negative_numbers_keep_their_sign_in_front(what_if):
    slider = what_if.get_by_test_id("stSlider").nth(2)
    value = slider.get_by_test_id("stSliderThumbValue")
    expect(value).to_contain_text("\u2212")
    sign, digit = value.evaluate(
        """e => {
            const node = document.createTreeWalker(e, NodeFilter.SHOW_TEXT).nextNode(), at = node.data.indexOf("\u2212");
            return [at, at + 1].map(from => {
                const range = document.createRange(); range.setStart(node, from); range.setEnd(node, from + 1);
                return range.getBoundingClientRect().x;
            });
        }"""
    )
    assert sign < digit


def test_the_sidebar_that_holds_the_menu_on_a_phone_stays_out_of_the_page(visit):
    page = visit("/?lang=ar", viewport={"width": 360, "height": 780})
    sidebar = page.get_by_test_id("stSidebar")
    if sidebar.count():
        found = box(sidebar)
        assert found is None or found["x"] >= 360 or not sidebar.is_visible()


def test_formulas_and_queries_read_left_to_right(visit):
    page = visit("/method?lang=ar")
    assert page.locator(".katex").first.evaluate("e => getComputedStyle(e).direction") == "ltr"
    page.get_by_role("tab", name=AR("page.method.tab.queries")).click()
    fold = page.get_by_test_id("stExpander").first
    fold.click()
    assert fold.get_by_test_id("stCode").evaluate("e => getComputedStyle(e).direction") == "ltr"


def test_a_fold_points_to_the_reading_direction(visit):
    page = visit("/method?lang=ar")
    page.get_by_role("tab", name=AR("page.method.tab.queries")).click()
    icon = page.get_by_test_id("stExpander").first.get_by_test_id("stIconMaterial")
    assert icon.evaluate("e => getComputedStyle(e).transform").startswith("matrix(-1")


def test_the_uploader_speaks_arabic(visit):
    button = visit("/upload?lang=ar").locator('[data-testid="stFileUploaderDropzone"] button p')
    assert button.evaluate("e => getComputedStyle(e, '::after').content") == f'"{AR("page.upload.browse")}"'
    assert button.evaluate("e => getComputedStyle(e).fontSize") == "0px"


_TORN = """() => {
    const torn = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        if (!walker.currentNode.parentElement.getClientRects().length) continue;
        const node = walker.currentNode, figure = /([+\\u2212])?(\\d[\\d.,]*\\d|\\d)(%)?/g;
        const x = at => { const r = document.createRange(); r.setStart(node, at); r.setEnd(node, at + 1);
                          return r.getBoundingClientRect().x; };
        for (let found; found = figure.exec(node.data);) {
            const first = found.index + (found[1] ? 1 : 0), last = first + found[2].length - 1;
            const whole = x(first) <= x(last) && (!found[1] || x(found.index) < x(first)) && (!found[3] || x(last) < x(last + 1));
            if (!whole) torn.push(node.data);
        }
    }
    return torn;
}"""


@pytest.mark.parametrize("path", ["/?lang=ar", "/what-if?lang=ar", "/method?lang=ar"])
def test_sign_digits_and_percent_sign_of_every_figure_stand_in_their_order(visit, path):
    assert visit(path).evaluate(_TORN) == []


def test_no_arrow_lies_over_the_first_tab_on_a_phone(visit):
    page = visit("/method?lang=ar", viewport={"width": 390, "height": 844})
    tab = box(page.get_by_role("tab").first)
    over = page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).closest('[role=tab]') !== null",
        [tab["x"] + tab["width"] - 4, tab["y"] + tab["height"] / 2],
    )
    assert over
