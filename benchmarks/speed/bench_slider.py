"""What-if in a real browser against an empty page with one slider of stock Streamlit: a key, a first visit.

Both are served at once and tried in turn. The clock is the browser's own: from the key event to the frame after the headline has
changed; from asking for an address to the headline on the screen.
The empty page is started by `streamlit run` with the settings Streamlit ships with.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.speed.measure import Row
from tests.browser.chromium import NONE_FOUND, arguments, find_chromium
from tests.browser.conftest import served_app, settle

EMPTY = """import streamlit as st
st.title("Empty")
st.html(f"<p class='shown'>{st.slider('x', 0, 300, 100, 5)}</p>")
"""
# Started in a folder of its own, because in this one Streamlit would read our settings.
_ELSEWHERE = """import os, runpy, sys
os.chdir(sys.argv[1])
sys.argv = ["streamlit", *sys.argv[2:]]
runpy.run_module("streamlit", run_name="__main__")"""
RUNS, WARM_UP, VISITS = 50, 3, 9
TARGETS = {"key": 0.35, "visit": 1.6}
_JOBS = {
    "key": "key press to painted headline on What-if",
    "visit": "first visit to the verdict on the screen",
}

# Resolves with the milliseconds from the next key press to the frame that shows the changed headline.
_CLOCK = """() => { window.measured = new Promise(resolve => {
  const shown = () => document.querySelector('.shown, h1.cx-sentence')?.innerText, before = shown();
  let pressed = null;
  document.addEventListener('keydown', () => { pressed = performance.now() }, { capture: true, once: true });
  const watch = new MutationObserver(() => { if (pressed !== null && shown() && shown() !== before) {
    watch.disconnect(); requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - pressed), 0)) } });
  watch.observe(document.body, { subtree: true, childList: true, characterData: true }) }) }"""


def rows() -> list[Row]:
    """Return the rows of this benchmark: a key press, a first visit."""
    found = find_chromium()
    if found is None:
        raise SystemExit(NONE_FOUND)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder)
        (root / "empty.py").write_text(EMPTY, encoding="utf-8")
        run = ("run", str(root / "empty.py"), "--server.headless=true", "--server.port")
        stock = (sys.executable, "-c", _ELSEWHERE, folder, *run)
        with served_app(root / "unused", *stock) as empty, served_app(root / "workspace") as ours:
            browser = playwright.chromium.launch(executable_path=found, args=arguments(found))
            pages = {
                "empty": _opened(browser.new_page(), empty),
                "ours": _opened(browser.new_page(), f"{ours}/what-if"),
            }
            times = {"key": _in_turn(pages), "visit": _visits(browser, {"empty": empty, "ours": ours})}
            browser.close()
    return [_row(name, each) for name, each in times.items()]


def _row(name: str, times: dict[str, list[float]]) -> Row:
    middle = {page: statistics.median(each[WARM_UP:]) / 1000 for page, each in times.items()}
    return Row(
        job=_JOBS[name],
        baseline="empty page with one slider, stock streamlit run",
        seconds=middle["ours"],
        baseline_seconds=middle["empty"],
        target=TARGETS[name],
        runs=len(times["ours"]) - WARM_UP,
    )


def _opened(page: Page, address: str) -> Page:
    page.goto(address)
    settle(page)
    page.wait_for_timeout(2_000)
    return page


def _in_turn(pages: dict[str, Page]) -> dict[str, list[float]]:
    """Press the arrow key on one page, then on the other; there and back again, so that no slider reaches its end."""
    times: dict[str, list[float]] = {name: [] for name in pages}
    for round_ in range(WARM_UP + RUNS):
        for name, page in pages.items():
            page.bring_to_front()
            slider = page.get_by_role("slider").first
            slider.focus()
            page.wait_for_timeout(500)  # as long as a hand lies on a slider before it moves
            page.evaluate(_CLOCK)
            slider.press("ArrowRight" if round_ % 16 < 8 else "ArrowLeft")
            times[name].append(float(page.evaluate("window.measured")))
            page.wait_for_timeout(500)
    return times


def _visits(browser: Browser, addresses: dict[str, str]) -> dict[str, list[float]]:
    """Open each page in a browser that has never seen it."""
    times: dict[str, list[float]] = {name: [] for name in addresses}
    for _ in range(WARM_UP + VISITS):
        for name, address in addresses.items():
            context = browser.new_context()
            page, began = context.new_page(), time.perf_counter()
            page.goto(address, wait_until="commit")
            page.wait_for_selector("[data-testid=stMain] h1")
            times[name].append(1000 * (time.perf_counter() - began))
            context.close()
    return times
