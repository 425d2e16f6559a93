"""What-if in a real browser against an empty page with one slider of stock Streamlit: a key, a release, a first visit.

Both are served at once and tried in turn. The clock is the browser's own: from the key event to the frame after the headline has
changed; from letting a slider go to the panel as the server has answered it, and to the last chart below; from asking for an address to
the headline on the screen.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.speed.measure import Row
from benchmarks.speed.stock import EMPTY, stock_command
from tests.browser.chromium import NONE_FOUND, arguments, find_chromium
from tests.browser.conftest import served_app, settle

RUNS, WARM_UP, VISITS, RELEASES = 50, 3, 9, 25
TARGETS = {"key": 0.35, "panel": 0.95, "page": 0.95, "visit": 1.6}
_JOBS = {
    "key": "key press to painted headline on What-if",
    "panel": "slider let go to the settled panel of What-if: address, sentence, figures, curve, verdict",
    "page": "slider let go to the whole page of What-if: the table of plans and both charts below, too",
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

# Resolves with the milliseconds from letting a slider go to the panel as the server has answered it, and to the last thing that moves in
# the table or the charts below; null where nothing came of it within five seconds, so that no run waits for ever.
_RELEASE = """() => { window.measured = new Promise(resolve => {
  const live = document.querySelector('.cx-live'), address = location.href;
  let let_go = null, panel = null, page = null;
  document.addEventListener('pointerup', () => { let_go = performance.now() }, { capture: true, once: true });
  const watch = new MutationObserver(() => {
    if (let_go === null) return;
    page = performance.now() - let_go;
    if (location.href !== address && live.dataset.settled === 'yes') panel ??= page;
  });
  watch.observe(live, { attributes: true });
  for (const each of document.querySelectorAll('.cx-table, .vega-embed'))
    watch.observe(each.closest('[data-testid=stElementContainer]'), { subtree: true, childList: true, attributes: true, characterData: true });
  let waited = 0;
  const end = setInterval(() => {
    const all = panel !== null && live.dataset.all === 'yes' && performance.now() - let_go - page > 400;
    if (!all && ++waited < 50) return;
    clearInterval(end); watch.disconnect(); resolve(all ? [panel, page] : null) }, 100) }) }"""


def rows() -> list[Row]:
    """Return the rows of this benchmark: a key press, a release, a first visit."""
    found = find_chromium()
    if found is None:
        raise SystemExit(NONE_FOUND)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder)
        with served_app(root / "unused", *stock_command(root, EMPTY)) as empty, served_app(root / "workspace") as ours:
            browser = playwright.chromium.launch(executable_path=found, args=arguments(found))
            pages = {
                "empty": _opened(browser.new_page(), empty),
                "ours": _opened(browser.new_page(), f"{ours}/what-if"),
            }
            times = _in_turn(pages)
            times["visit"] = visits(browser, {"empty": empty, "ours": ours})
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


def _in_turn(pages: dict[str, Page]) -> dict[str, dict[str, list[float]]]:
    """Press the arrow key on one page, then on the other, then let a slider of ours go: the empty page's key is what both are held against.

    There and back again, so that no slider reaches its end.
    """
    keys: dict[str, list[float]] = {name: [] for name in pages}
    panel, whole = [], []
    for round_ in range(WARM_UP + RUNS):
        for name, page in pages.items():
            page.bring_to_front()
            slider = page.get_by_role("slider").first
            slider.focus()
            page.wait_for_timeout(500)  # as long as a hand lies on a slider before it moves
            page.evaluate(_CLOCK)
            slider.press("ArrowRight" if round_ % 16 < 8 else "ArrowLeft")
            keys[name].append(float(page.evaluate("window.measured")))
            page.wait_for_timeout(500)
        if round_ < WARM_UP + RELEASES:
            settled, all_ = _release(pages["ours"], 0.4 if round_ % 2 else 0.55)
            panel.append(settled)
            whole.append(all_)
    stock = keys["empty"][: len(panel)]
    return {"key": keys, "panel": {"empty": stock, "ours": panel}, "page": {"empty": stock, "ours": whole}}


def _release(page: Page, share: float) -> tuple[float, float]:
    """Let the slider of spend go at a share of its length; return the milliseconds until the panel, and until the whole page, has settled.

    Its place is asked for each time: the sentence above it grows and shrinks by a line.
    """
    slider = page.locator(".cx-track input").first
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
    page.wait_for_timeout(700)
    page.mouse.down()
    page.evaluate(_RELEASE)
    page.mouse.up()
    measured = page.evaluate("window.measured")
    if measured is None:
        raise SystemExit(f"nothing came of letting a slider go at {share:.0%} within five seconds")
    return float(measured[0]), float(measured[1])


def visits(browser: Browser, addresses: dict[str, str]) -> dict[str, list[float]]:
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
