"""What-if in a real browser: hand, keyboard and typing, a reload, the other language, and a page that stays still."""

import pytest
from playwright.sync_api import Page, expect

from cxroi.intake.report import IntakeRequest
from cxroi.model.scenario import Scenario
from cxroi.model.scenario_link import write_link
from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text
from tests.acting import load_file
from tests.browser.conftest import ASKED_ONLY, served_app, settle, shifted, until, watch_shifts
from tests.browser.panel import (
    NAMES,
    at_rest,
    box_of,
    expect_level,
    painted,
    range_of,
    scenario,
    shown,
    take_hold,
)
from tests.browser.test_upload import monthly

EN, AR = Text("en"), Text("ar")
LEVEL, UPLIFT, SUPPORT = NAMES
LINK = write_link(Scenario(investment_level_percent=130.0, currency="SAR"))


def address_of(link, language="en"):
    return f"/what-if?lang={language}&s={link}"


@pytest.fixture
def what_if(visit):
    def opened(language="en", link=LINK, **options) -> Page:
        page = visit(address_of(link, language), **options)
        at_rest(page)
        return page

    return opened


@pytest.mark.parametrize(("language", "key", "apart"), [("en", "ArrowRight", 30), ("ar", "ArrowLeft", 150)])
def test_keys_pressed_fast_end_in_the_plan_that_was_meant_and_in_no_other(what_if, language, key, apart):
    page = what_if(language)
    range_of(page).focus()
    for _ in range(10):
        page.keyboard.press(key)
        page.wait_for_timeout(apart)
    expect_level(page, 180.0)
    assert scenario(page).retention_uplift_pp is None, "nobody typed an uplift"


# What Streamlit does on a slow machine: a call whose data were overtaken while its script came is made all the same, and cleaned up.
_TOLD_TWICE = """
export default function (given) {
  const leave = answer(given);
  (window.leaving ??= []).push(() => leave?.());
  return leave;
}"""


def test_the_panel_stays_under_the_hand_when_a_call_that_was_overtaken_is_cleaned_up(visit):
    def told_twice(page: Page) -> None:
        def route(request) -> None:
            script = request.fetch()
            body = script.text().replace("export default function", "function answer")
            request.fulfill(response=script, body=body + _TOLD_TWICE)

        page.route("**/what_if.js", route)

    page = visit(address_of(LINK), before=told_twice)
    at_rest(page)
    range_of(page).focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("window.leaving.length") >= 2, "the panel, and what hears of what stands below it"
    page.evaluate("window.leaving.forEach(leave => leave())")
    page.keyboard.press("ArrowRight")
    expect_level(page, 140.0)
    expect(range_of(page)).to_be_focused()


def test_every_key_of_a_slider_moves_it_as_sliders_move(what_if):
    page = what_if()
    take_hold(page)
    for key, level in (
        ("ArrowUp", 135),
        ("ArrowLeft", 130),
        ("PageUp", 180),
        ("PageDown", 130),
        ("End", 300),
        ("Home", 0),
    ):
        page.keyboard.press(key)
        assert shown(page)["sliders"][0] == level
    expect_level(page, 0.0)


@pytest.mark.parametrize(("name", "language"), [(LEVEL, "ar"), (UPLIFT, "en"), (SUPPORT, "en")])
def test_what_is_painted_under_the_hand_is_word_for_word_what_the_server_then_says(what_if, language, name):
    page = what_if(language)
    take_hold(page, name)
    box = range_of(page, name).bounding_box()
    x, y = box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 7):  # inside the picture, whose part that is shown follows only a plan that leaves it
        page.mouse.move(x + 9 * step, y)
    until(page, "document.querySelector('.cx-live').dataset.painted !== 'no'")
    before, address = shown(page), page.url
    page.mouse.up()
    at_rest(page)
    assert page.url != address and shown(page) == before


def test_figures_follow_while_the_hand_still_holds_and_the_address_waits(what_if):
    page = what_if()
    take_hold(page)
    first, address = shown(page)["words"]["worth"], page.url
    grip, plot = page.locator(".cx-grip").bounding_box(), page.locator(".cx-plot").bounding_box()
    page.mouse.move(grip["x"], grip["y"])
    page.mouse.down()
    seen = set()
    for step in range(1, 9):
        page.mouse.move(grip["x"] + step * plot["width"] * 0.03, grip["y"] + 40)
        assert painted(page)
        seen.add(shown(page)["words"]["mark"])
    assert len(seen) >= 4 and shown(page)["words"]["worth"] != first and page.url == address
    page.mouse.up()
    at_rest(page)
    assert page.url != address and scenario(page).investment_level_percent == shown(page)["sliders"][0]


@pytest.mark.parametrize(
    ("language", "typed", "level"), [("en", "85", 85.0), ("ar", "١٥٠٫٥", 150.5), ("en", " 150.5 % ", 150.5)]
)
def test_a_typed_value_moves_the_slider(what_if, language, typed, level):
    page = what_if(language)
    box_of(page).fill(typed)
    box_of(page).press("Enter")
    expect_level(page, level)


def test_letters_are_refused_with_a_sentence_and_nothing_changes(what_if):
    page = what_if("ar")
    before = shown(page)
    box_of(page).fill("abc")
    box_of(page).press("Enter")
    expect(page.locator(f"[data-knob={LEVEL}] .cx-refused")).to_contain_text("abc")
    at_rest(page)
    assert shown(page) == before
    box_of(page).fill("140")
    box_of(page).press("Enter")
    expect_level(page, 140.0)
    expect(page.locator(f"[data-knob={LEVEL}] .cx-refused")).to_be_empty()


def test_an_uplift_of_ones_own_says_so_and_goes_back_to_the_evidence(what_if):
    page = what_if()
    before = shown(page)["words"]
    take_hold(page, UPLIFT)
    page.keyboard.press("ArrowRight")
    at_rest(page)
    assert shown(page)["words"]["caution"] == EN("page.what_if.live.own_figures")
    assert scenario(page).retention_uplift_pp is not None
    page.locator(f"[data-knob={UPLIFT}] .cx-knob-note button").click()
    at_rest(page)
    assert scenario(page).retention_uplift_pp is None and shown(page)["words"] == before


def test_what_is_done_in_quick_succession_is_done_whole_and_in_its_order(what_if):
    page = what_if()
    for name, typed in zip(
        NAMES, ("140", "2", "-5"), strict=True
    ):  # each box is left before the last has been answered
        box_of(page, name).fill(typed)
    box_of(page, SUPPORT).press("Enter")
    at_rest(page)
    assert shown(page)["boxes"] == shown(page)["sliders"] == [140, 2, -5]
    found = scenario(page)
    assert [getattr(found, name) for name in NAMES] == [140, 2, -5]
    range_of(page).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.locator("[data-act=undo]").click()  # before the keys count as chosen
    expect_level(page, 140.0)
    box = range_of(page).bounding_box()
    box_of(page, UPLIFT).fill("3")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)  # out of the box, onto a slider
    expect_level(page, 150.0)
    assert scenario(page).retention_uplift_pp == shown(page)["boxes"][1] == shown(page)["sliders"][1] == 3


def test_undo_goes_back_and_reset_goes_to_the_evidence(what_if):
    page = what_if()
    before = shown(page)
    expect(page.locator("[data-act=undo]")).to_be_disabled()
    range_of(page).focus()
    page.keyboard.press("ArrowRight")
    expect_level(page, 135.0)
    page.locator("[data-act=undo]").click()
    expect_level(page, 130.0)
    assert shown(page) == before
    page.locator("[data-act=reset]").click()
    until(page, "!location.search.includes('il_130')")
    at_rest(page)
    assert scenario(page).investment_level_percent is None


def test_kept_plans_stand_on_the_curve_in_the_table_and_in_the_copied_link(chromium, what_if, address, visit):
    page = what_if()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[data-act=save]").click()
    expect(page.locator(".cx-kept")).to_have_count(1)
    range_of(page).focus()
    page.keyboard.press("ArrowRight")
    page.locator("[data-act=copy]").click()
    expect(page.locator("[data-act=copy]")).to_have_text(EN("page.what_if.live.copied"))
    copied = page.evaluate("navigator.clipboard.readText()")
    other = visit(copied)
    at_rest(other)
    expect(other.locator(".cx-kept")).to_have_count(1)
    assert scenario(other).investment_level_percent == 135.0
    names = other.locator(".cx-table th[scope=row]").all_inner_texts()
    assert EN("page.what_if.plans.saved", letter="A") in names and EN("page.what_if.plans.this") in names
    other.get_by_role("button", name=EN("page.what_if.plans.open", letter="A")).click()
    until(other, "location.search.includes('il_130')")
    other.get_by_role("button", name=EN("page.what_if.plans.remove", letter="A")).click()
    expect(other.locator(".cx-kept")).to_have_count(0)
    assert "plans=" not in other.url


def test_a_reload_and_a_second_browser_show_the_same_figures(what_if, visit):
    page = what_if()
    range_of(page).focus()
    page.keyboard.press("ArrowRight")
    expect_level(page, 135.0)
    before = shown(page)
    page.reload()
    settle(page)
    at_rest(page)
    assert shown(page) == before
    other = visit(page.url)
    at_rest(other)
    assert shown(other) == before


def test_the_other_language_keeps_the_scenario(what_if):
    page = what_if()
    range_of(page).focus()
    page.keyboard.press("ArrowRight")
    expect_level(page, 135.0)
    page.get_by_role("link", name="العربية").click()
    until(page, "document.documentElement.dir === 'rtl'")
    settle(page)
    expect_level(page, 135.0)


def test_the_language_switched_in_the_middle_of_keys_leaves_nothing_that_disagrees(what_if):
    page = what_if()
    range_of(page).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.get_by_role("link", name="العربية").click()
    until(page, "document.documentElement.dir === 'rtl'")
    settle(page)
    expect_level(page, scenario(page).investment_level_percent)


def test_the_scenario_follows_the_reader_to_the_overview_and_back(what_if):
    page = what_if()
    range_of(page).focus()
    page.keyboard.press("ArrowRight")
    expect_level(page, 135.0)
    page.locator(".st-key-page-bar").get_by_role("link", name=EN("nav.page.overview")).click()
    expect(page.locator(".cx-card")).to_be_visible(timeout=30_000)
    settle(page)
    assert scenario(page).investment_level_percent == 135.0
    page.locator(".st-key-page-bar").get_by_role("link", name=EN("nav.page.what_if")).click()
    expect(page.locator(".cx-live h1")).to_be_visible(timeout=30_000)
    expect_level(page, 135.0)


def test_the_plain_sliders_do_the_same_as_the_picture(what_if):
    page = what_if()
    page.get_by_text(EN("page.what_if.live.plain")).click()
    plain = page.get_by_role("slider", name=EN("page.what_if.investment.label")).first
    expect(plain).to_be_visible(timeout=30_000)
    plain.press("ArrowRight")
    expect(page.locator(".cx-headline")).to_contain_text(EN("page.what_if.plan", level="135%"), timeout=30_000)
    expect_level(page, 135.0)
    range_of(page).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".cx-headline")).to_contain_text(EN("page.what_if.plan", level="140%"), timeout=30_000)


def test_what_stands_below_follows_a_release_and_its_charts_are_moved_not_built_anew(what_if):
    page = what_if()
    expect(page.locator(".vega-embed > svg")).to_have_count(2)
    told = page.locator(".cx-finding + .cx-unseen")
    before = told.all_inner_texts()
    page.evaluate("document.querySelectorAll('.vega-embed > svg').forEach(each => (each.dataset.there = 'before'))")
    range_of(page).focus()
    page.keyboard.press("ArrowRight")
    expect_level(page, 135.0)
    expect(page.locator(".cx-table [aria-current] td").first).to_have_text(shown(page)["words"]["s1"])
    assert all(was != now for was, now in zip(before, told.all_inner_texts(), strict=True)) and len(before) == 2
    expect(page.locator(".vega-embed > svg[data-there=before]")).to_have_count(2)


def places(page: Page) -> list[list[float]]:
    """Return where everything stands, once the page has come to rest."""
    script = """() => [...document.querySelectorAll('.cx-plot, .cx-results, .cx-knob, .cx-acts, .cx-table, .cx-finding, .vega-embed')]
        .map(each => { const box = each.getBoundingClientRect(); return [box.x, box.y, box.width, box.height] })"""
    expect(page.locator(".vega-embed > svg")).to_have_count(2)
    last, now = None, page.evaluate(script)
    while now != last:
        page.wait_for_timeout(700)
        last, now = now, page.evaluate(script)
    return now


def test_nothing_moves_but_the_figures_when_a_slider_moves(what_if):
    page = what_if()
    before = places(page)
    range_of(page).focus()
    page.keyboard.press("ArrowRight")
    expect_level(page, 135.0)
    assert places(page) == [pytest.approx(place, abs=1) for place in before]


@pytest.mark.parametrize(("language", "width"), [("ar", 1440), ("en", 390)])
def test_nothing_moves_while_the_page_arrives_nor_under_a_held_key(what_if, language, width):
    page = what_if(language, viewport={"width": width, "height": 900}, before=watch_shifts)
    places(page)
    assert shifted(page) < 0.03
    for name in NAMES[:2]:
        take_hold(page, name)
        shifted(page)
        for _ in range(24):  # a held key
            page.keyboard.down("ArrowLeft")
            page.wait_for_timeout(33)
        page.keyboard.up("ArrowLeft")
        at_rest(page)
        assert shifted(page) < 0.02, name  # words in the sentence are wider and narrower; what stands around them stays


def test_on_a_phone_the_worth_stays_in_view_above_the_sliders(what_if):
    page = what_if(viewport={"width": 360, "height": 760})
    range_of(page, SUPPORT).scroll_into_view_if_needed()
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(300)
    expect(page.locator(".cx-brief")).to_be_in_viewport()
    expect(range_of(page, SUPPORT)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_open_page_says_that_newer_data_are_in_use_and_swaps_nothing_by_itself(visit, tmp_path):
    def load(level):
        (tmp_path / "monthly.csv").write_bytes(monthly(lambda place: level + 900 * (place % 5)))
        request = IntakeRequest(currency="SAR")
        assert load_file(Workspace.open(tmp_path / "workspace"), tmp_path / "monthly.csv", "monthly.csv", request)[1]

    load(20_000)
    with served_app(tmp_path / "workspace", *ASKED_ONLY) as own_app:
        page = visit(f"{own_app}{address_of(LINK)}")
        at_rest(page)
        expect(page.get_by_test_id("stMain").get_by_text(EN("ui.newer.show"))).to_have_count(0)
        load(60_000)
        range_of(page).focus()
        page.keyboard.press("ArrowRight")
        expect_level(page, 135.0)
        button = page.get_by_role("button", name=EN("ui.newer.show"))
        expect(button).to_be_visible(timeout=30_000)
        source = page.locator(".cx-source").last
        expect(source).to_contain_text("version 1")
        button.click()
        expect(source).to_contain_text("version 2", timeout=60_000)
        expect(button).to_have_count(0)
