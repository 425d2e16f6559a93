"""Key press to painted headline in a real browser: What-if against an empty page with one slider of stock Streamlit.

Both are served at once and pressed in turn. The clock is the browser's own: from the key event to the frame after the
text has changed. The empty page is started by `streamlit run` with the settings Streamlit ships with.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

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
RUNS, WARM_UP, TARGET = 50, 3, 0.35

# Resolves with the milliseconds from the next key press to the frame that shows the changed headline.
_CLOCK = """() => { window.measured = new Promise(resolve => {
  const shown = () => document.querySelector('.shown, h1.cx-sentence')?.innerText, before = shown();
  let pressed = null;
  document.addEventListener('keydown', () => { pressed = performance.now() }, { capture: true, once: true });
  const watch = new MutationObserver(() => { if (pressed !== null && shown() && shown() !== before) {
    watch.disconnect(); requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - pressed), 0)) } });
  watch.observe(document.body, { subtree: true, childList: true, characterData: true }) }) }"""


def rows() -> list[Row]:
    """Return the one row of this benchmark."""
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
            times = _in_turn(pages)
            browser.close()
    middle = {name: statistics.median(each[WARM_UP:]) / 1000 for name, each in times.items()}
    return [
        Row(
            job="key press to painted headline on What-if",
            baseline="empty page with one slider, stock streamlit run",
            seconds=middle["ours"],
            baseline_seconds=middle["empty"],
            target=TARGET,
            runs=RUNS,
        )
    ]


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
            page.evaluate(_CLOCK)
            page.get_by_role("slider").first.press("ArrowRight" if round_ % 16 < 8 else "ArrowLeft")
            times[name].append(float(page.evaluate("window.measured")))
            page.wait_for_timeout(700)
    return times
