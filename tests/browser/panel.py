"""The panel of What-if as a test takes hold of it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from cxroi.model.scenario import Scenario
from cxroi.model.scenario_link import read_link
from tests.browser.conftest import until

NAMES = ("investment_level_percent", "retention_uplift_pp", "support_cost_change_percent")
# Every figure and word on the panel, and where its sliders stand.
_SHOWN = """() => ({
  words: Object.fromEntries([...document.querySelectorAll('.cx-live [data-f]')].map(e => [e.dataset.f, e.textContent])),
  sliders: [...document.querySelectorAll('.cx-track input')].map(e => Number(e.value)),
  held: [...document.querySelectorAll('.cx-knob-value strong')].map(e => e.textContent),
  boxes: [...document.querySelectorAll('.cx-knob-value input')].map(e => Number(e.value)),
})"""


def at_rest(page: Page) -> None:
    """Wait until the server has answered everything that was done to the panel, and drawn what stands below it."""
    until(page, "document.querySelector('.cx-live')?.dataset.all === 'yes'")
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


def shown(page: Page) -> dict[str, object]:
    """Return every figure on the panel and where its sliders stand."""
    found: dict[str, object] = page.evaluate(_SHOWN)
    return found


def range_of(page: Page, name: str = NAMES[0]) -> Locator:
    """Return a slider."""
    return page.locator(f"[data-knob={name}] input[type=range]")


def box_of(page: Page, name: str = NAMES[0]) -> Locator:
    """Return the box beside a slider."""
    return page.locator(f"[data-knob={name}] input[type=text]")


def take_hold(page: Page, name: str = NAMES[0]) -> None:
    """Focus a slider and wait until each of its steps is there."""
    range_of(page, name).focus()
    page.wait_for_timeout(100)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


def painted(page: Page) -> bool:
    """Return whether what the sliders say is what the figures are of."""
    return bool(page.evaluate("document.querySelector('.cx-live').dataset.painted !== 'no'"))


def scenario(page: Page) -> Scenario:
    """Return the scenario in the address."""
    return read_link(parse_qs(urlsplit(page.url).query)["s"][0]).scenario


def expect_level(page: Page, level: float) -> None:
    """Wait until slider, box, sentence and address agree on a level of spend."""
    at_rest(page)
    expect(box_of(page)).to_have_value(f"{level:g}")
    found = shown(page)
    assert found["sliders"][0] == found["boxes"][0] == level  # type: ignore[index]
    assert scenario(page).investment_level_percent == level
    assert found["words"]["s1"] == found["held"][0]  # type: ignore[index]
