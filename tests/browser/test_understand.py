"""Understand and Prove in a real browser: a filter that goes along, a table ordered by keyboard and taken along as it stands, a phone."""

import csv
from pathlib import Path
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import expect

from cxroi.text import Text
from cxroi.ui.app.frame import MENU
from tests.browser.conftest import settle, until

EN, AR = Text("en"), Text("ar")


def segment_of(page):
    return parse_qs(urlparse(page.url).query).get("segment")


def test_a_segment_that_was_chosen_holds_on_the_next_page_in_the_address_and_after_a_reload(visit):
    page = visit("/satisfaction?lang=en")
    box = page.get_by_role("combobox", name=EN("ui.filter.segment"))
    box.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").nth(1).click()
    until(page, "location.search.includes('segment=')")
    chosen = segment_of(page)
    settle(page)
    page.locator(".st-key-page-bar").get_by_role("link", name=EN("nav.page.customers")).click()
    expect(page.get_by_text(EN("customers.question"))).to_be_visible(timeout=30_000)
    settle(page)
    for _ in range(2):
        assert segment_of(page) == chosen
        expect(box).to_have_value(chosen[0])
        page.reload()
        settle(page)


def test_a_table_is_ordered_by_keyboard_and_taken_along_as_it_stands(visit):
    page = visit("/costs?lang=en", accept_downloads=True)
    part = page.locator(".st-key-figures-cost_parts")
    names = "() => [...document.querySelectorAll('.st-key-figures-cost_parts tbody tr')].map(row => row.cells[0].innerText.trim())"
    before = page.evaluate(names)
    part.get_by_role("combobox", name=EN("chart.action.sort")).focus()
    for key in (
        "ArrowDown",
        "ArrowDown",
        "ArrowDown",
        "Enter",
    ):  # the column of names, from its end and then from its beginning
        page.keyboard.press(key)
        page.wait_for_timeout(100)
    until(page, f"before => JSON.stringify(({names})()) !== JSON.stringify(before)", before)
    shown = page.evaluate(names)
    assert shown != before and sorted(shown) == sorted(before)
    with page.expect_download() as saved:
        part.get_by_role("button", name=EN("chart.action.csv")).click()
    with Path(saved.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows[1:]] == shown


def test_no_page_is_wider_than_a_phone_in_arabic(visit):
    page = visit("/costs?lang=ar", viewport={"width": 390, "height": 844})
    for section in ("understand", "prove"):
        page.locator(".st-key-section-bar").get_by_role("link", name=AR(f"nav.section.{section}")).click()
        for name in MENU[section]:
            link = page.locator(".st-key-page-bar").get_by_role("link", name=AR(f"nav.page.{name}"), exact=True)
            expect(link).to_be_visible(timeout=30_000)
            link.click()
            until(page, f"location.pathname.endsWith('/{name}')")
            settle(page)
            assert page.evaluate("document.documentElement.scrollWidth") == 390, name
