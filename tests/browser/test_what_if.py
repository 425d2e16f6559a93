"""What-if in a real browser: the keyboard, a reload, a second browser, the other language, and a page that stays still."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from cxroi.intake.report import IntakeRequest
from cxroi.model.scenario import Scenario
from cxroi.model.scenario_link import read_link, write_link
from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text
from tests.acting import load_file
from tests.browser.conftest import served_app, settle
from tests.browser.test_upload import monthly

EN, AR = Text("en"), Text("ar")
LINK = write_link(Scenario(investment_level_percent=130.0, currency="SAR"))


def address_of(link, language="en"):
    return f"/what-if?lang={language}&s={link}"


def headline(page: Page):
    return page.locator(".cx-headline")


def slider(page: Page, text: Text = EN, part: str = "investment"):
    return page.get_by_role("slider", name=text(f"page.what_if.{part}.label")).first


def scenario(page: Page) -> Scenario:
    return read_link(parse_qs(urlsplit(page.url).query)["s"][0]).scenario


def press_and_wait(page: Page, key: str, expected: str) -> None:
    slider(page).press(key)
    expect(headline(page)).to_contain_text(expected, timeout=30_000)
    settle(page)


def test_an_arrow_key_moves_the_plan_the_box_and_the_address(visit):
    page = visit(address_of(LINK))
    press_and_wait(page, "ArrowRight", EN("page.what_if.plan", level="135%"))
    box = page.get_by_role("textbox", name=re.compile(re.escape(EN("page.what_if.investment.label"))))
    expect(box).to_have_value("135")
    assert scenario(page).investment_level_percent == 135.0


def test_a_typed_value_moves_the_slider(visit):
    page = visit(address_of(LINK))
    box = page.get_by_role("textbox", name=re.compile(re.escape(EN("page.what_if.investment.label"))))
    box.fill("85")
    box.press("Enter")
    expect(headline(page)).to_contain_text(EN("page.what_if.plan", level="85%"), timeout=30_000)
    expect(slider(page)).to_have_value("85")


def test_a_reload_and_a_second_browser_show_the_same_figures(visit):
    page = visit(address_of(LINK))
    press_and_wait(page, "ArrowRight", EN("page.what_if.plan", level="135%"))
    shown = headline(page).inner_text()
    page.reload()
    settle(page)
    assert headline(page).inner_text() == shown
    assert headline(visit(page.url)).inner_text() == shown


def test_the_other_language_keeps_the_scenario(visit):
    page = visit(address_of(LINK))
    press_and_wait(page, "ArrowRight", EN("page.what_if.plan", level="135%"))
    page.get_by_role("link", name="العربية").click()
    expect(headline(page)).to_contain_text(AR("page.what_if.plan", level=AR.percent(1.35, 0)), timeout=30_000)
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert scenario(page).investment_level_percent == 135.0


@pytest.mark.parametrize(("key", "level"), [("ArrowLeft", 1.35), ("ArrowRight", 1.25)])
def test_arrow_keys_point_the_way_they_move_in_arabic(visit, key, level):
    page = visit(address_of(LINK, "ar"), locale="ar-SA")
    slider(page, AR).press(key)
    expect(headline(page)).to_contain_text(AR("page.what_if.plan", level=AR.percent(level, 0)), timeout=30_000)


def test_the_scenario_follows_the_reader_to_the_overview_and_back(visit):
    page = visit(address_of(LINK))
    press_and_wait(page, "ArrowRight", EN("page.what_if.plan", level="135%"))
    page.get_by_test_id("stTopNavLink").filter(has_text=EN("nav.page.overview")).click()
    expect(page.locator(".cx-card")).to_be_visible(timeout=30_000)
    settle(page)
    assert scenario(page).investment_level_percent == 135.0


def places(page: Page) -> list[list[float]]:
    """Return where everything stands, once the page has come to rest."""
    script = """() => [...document.querySelectorAll('.cx-headline, .cx-finding, .cx-beside, .cx-table, .vega-embed')]
        .map(each => { const box = each.getBoundingClientRect(); return [box.x, box.y, box.width, box.height] })"""
    expect(page.locator(".vega-embed > svg")).to_have_count(3)
    last, now = None, page.evaluate(script)
    while now != last:
        page.wait_for_timeout(700)
        last, now = now, page.evaluate(script)
    return now


def test_nothing_moves_but_the_figures_when_a_slider_moves(visit):
    page = visit(address_of(LINK))
    before = places(page)
    press_and_wait(page, "ArrowRight", EN("page.what_if.plan", level="135%"))
    assert places(page) == [pytest.approx(place, abs=1) for place in before]


def test_the_sliders_stay_in_view_beside_the_last_chart(visit):
    page = visit(address_of(LINK))
    page.locator(".cx-compare").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    expect(page.locator("[class*=st-key-slider_investment_level_percent]")).to_be_in_viewport(ratio=1)


def test_on_a_phone_the_headline_stays_in_view_above_the_sliders(visit):
    page = visit(address_of(LINK), viewport={"width": 360, "height": 760})
    slider(page, part="support").scroll_into_view_if_needed()
    page.mouse.wheel(0, 300)
    page.wait_for_timeout(300)
    expect(headline(page)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_open_page_says_that_newer_data_are_in_use_and_swaps_nothing_by_itself(visit, tmp_path):
    def load(level):
        (tmp_path / "monthly.csv").write_bytes(monthly(lambda place: level + 900 * (place % 5)))
        request = IntakeRequest(currency="SAR")
        assert load_file(Workspace.open(tmp_path / "workspace"), tmp_path / "monthly.csv", "monthly.csv", request)[1]

    load(20_000)
    with served_app(tmp_path / "workspace") as own_app:
        page = visit(f"{own_app}{address_of(LINK)}")
        expect(page.get_by_test_id("stMain").get_by_text(EN("ui.newer.show"))).to_have_count(0)
        load(60_000)
        press_and_wait(page, "ArrowRight", EN("page.what_if.plan", level="135%"))
        button = page.get_by_role("button", name=EN("ui.newer.show"))
        expect(button).to_be_visible(timeout=30_000)
        source = page.locator(".cx-source").last
        expect(source).to_contain_text("version 1")
        button.click()
        expect(source).to_contain_text("version 2", timeout=60_000)
        expect(button).to_have_count(0)


@pytest.mark.parametrize("apart", [30, 150])
@pytest.mark.parametrize(("language", "key"), [("en", "ArrowRight"), ("ar", "ArrowLeft")])
def test_keys_pressed_fast_end_in_the_plan_that_was_typed_and_in_no_other(visit, language, key, apart):
    text = Text(language)
    page = visit(address_of(LINK, language))
    slider(page, text).focus()
    for _ in range(10):
        page.keyboard.press(key)
        page.wait_for_timeout(apart)
    expect(headline(page)).to_contain_text(text("page.what_if.plan", level=text.percent(1.8, 0)), timeout=30_000)
    settle(page)
    box = page.get_by_role("textbox", name=re.compile(re.escape(text("page.what_if.investment.label"))))
    expect(box).to_have_value("180")
    expect(slider(page, text)).to_have_value("180")
    assert scenario(page).investment_level_percent == 180.0
    assert scenario(page).retention_uplift_pp is None, "nobody typed an uplift"
