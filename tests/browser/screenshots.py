"""Every page in both languages and themes, on a desk and a phone, into docs/screenshots/: `make screenshots`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from cxroi.text import LANGUAGES
from cxroi.ui.app.frame import FIRST, MENU
from tests.browser.chromium import NONE_FOUND, ROOT, arguments, find_chromium
from tests.browser.conftest import served_app, settle

FOLDER = ROOT / "docs" / "screenshots"
# (ending of the file name, theme, width, height); the desk in the light is what docs show first
VIEWS = (("", "light", 1440, 900), ("-dark", "dark", 1440, 900), ("-phone", "light", 360, 780))
PAGES = tuple(page for pages in MENU.values() for page in pages)


def take(browser: Browser, address: str, folder: Path = FOLDER) -> list[Path]:
    """Write one PNG per page, language and view below `folder`, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for language in LANGUAGES:
        for ending, theme, width, height in VIEWS:
            context = browser.new_context(
                color_scheme="dark" if theme == "dark" else "light", viewport={"width": width, "height": height}
            )
            page = context.new_page()
            for name in PAGES:
                page.goto(f"{address}/{'' if name == FIRST else name.replace('_', '-')}?lang={language}")
                settle(page)
                page.wait_for_timeout(1_000)  # charts draw after the script has ended
                written.append(folder / f"{name}-{language}{ending}.png")
                page.screenshot(path=written[-1])
            context.close()
    return written


def main() -> int:
    """Serve the sample company from a new workspace and photograph it."""
    found = find_chromium()
    if found is None:
        print(NONE_FOUND, file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory() as scratch,
        served_app(Path(scratch) / "workspace") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=arguments(found))
        for path in take(browser, address):
            print(path.relative_to(ROOT))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
