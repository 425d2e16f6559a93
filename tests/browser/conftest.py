"""A served app and a real browser for this folder's tests; no browser is a loud skip, and a failure in CI."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from cxroi.store.sample import load_sample
from cxroi.store.versions.workspace import Workspace
from tests.browser.chromium import NONE_FOUND, ROOT, arguments, find_chromium
from tests.sample_place import sample_place
from tests.serving import serving

# An app that answers nothing before somebody asks: where a test loads its own data, nobody opens most of what would be worked out.
ASKED_ONLY = (
    sys.executable,
    "-c",
    "import runpy; from cxroi.ui.app import ahead; ahead.keep_answering = lambda: None; runpy.run_path('app.py', run_name='__main__')",
    "--headless",
    "--port",
)


@contextlib.contextmanager
def served_app(workspace: Path, *command: str) -> Iterator[str]:
    """Serve the app by `command` (default `python app.py`), give its address, stop it after; its log stands beside the workspace.

    A workspace without data is given the sample company first.
    """
    store = Workspace.open(workspace)
    if store.current() is None:
        load_sample(store)
    environment = os.environ | {"CXROI_WORKSPACE": str(workspace)}
    started = command or (sys.executable, "app.py", "--headless", "--port")
    log = workspace.parent / f"{workspace.name}.log"
    with serving(started, cwd=ROOT, env=environment, log=log, seconds=240) as address:
        yield address


# Not for the whole session: the browser's event loop would still run when tests of other folders start one of their own.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    found = find_chromium()
    if found is None:
        pytest.fail(NONE_FOUND) if os.environ.get("CI") else pytest.skip(NONE_FOUND)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=arguments(str(found)))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served_app(sample_place(tmp_path_factory)) as url:
        yield url


@pytest.fixture(scope="package")
def profiles(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Give a function that returns the browser profile of some options: the same for all tests, so that what is fetched and
    compiled once stays so; whoever uses one leaves no page and no cookie in it."""
    kept: dict[str, BrowserContext] = {}

    def profile(**options: object) -> BrowserContext:
        key = repr(sorted(options.items()))
        if key not in kept:
            kept[key] = chromium.new_context(**options)  # type: ignore[arg-type]
        return kept[key]

    yield profile
    for context in kept.values():
        context.close()


@pytest.fixture
def visit(profiles: Callable[..., BrowserContext], address: str) -> Iterator[Callable[..., Page]]:
    """Give a function that opens an address in a new tab without cookies and waits until the page is drawn.

    `before` is told of the page while nothing is on it yet, as whoever watches every request must be.
    """
    opened: list[Page] = []

    def open_address(
        path: str = "/?lang=en",
        theme: str = "light",
        *,
        before: Callable[[Page], object] = lambda _: None,
        **options: object,
    ) -> Page:
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "en-US"} | options
        context = profiles(color_scheme=theme, **options)
        context.clear_cookies()
        page = context.new_page()
        opened.append(page)
        before(page)
        page.goto(path if path.startswith("http") else address + path)
        settle(page)
        return page

    yield open_address
    for page in opened:
        page.close()


def settle(page: Page) -> None:
    """Wait until the script has run and nothing is stale."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=60_000)
    page.wait_for_selector('[data-testid="stMain"] h1', timeout=60_000)
    # once more: before the first run has begun nothing runs either, and a slow part comes after its page's title
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=60_000)
    until(page, "!document.querySelector('[data-stale=true]')")


def until(page: Page, condition: str, argument: object = None, seconds: float = 60) -> None:
    """Wait until a condition holds in the page, asked from outside: the page's own policy forbids `wait_for_function`."""
    end = time.monotonic() + seconds
    while not page.evaluate(condition, argument):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(50)


def watch_shifts(page: Page) -> None:
    """Have a page that has not been opened yet add up how far what is on it is moved by something else."""
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => { for (const each of list.getEntries()) window.moved += each.value })"
        ".observe({type: 'layout-shift', buffered: true})"
    )


def shifted(page: Page) -> float:
    """Return the layout shift since this was last asked; 0 is none, and 1 a whole screen by its own height."""
    found: float = page.evaluate("(() => { const so_far = window.moved; window.moved = 0; return so_far })()")
    return found
