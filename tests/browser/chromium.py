"""Find a Chromium for the browser tests: `python -m tests.browser.chromium [--install]` prints where it is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
# The shell has no window, tabs or extensions to keep: pages cost a quarter less in it.
SYSTEM = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "chrome",
)
NONE_FOUND = "NO BROWSER FOUND: set $CHROMIUM, install chromium, or run `npm install @sparticuz/chromium`"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)
_NPM_BUILD = ("--headless=shell", "--single-process", "--no-zygote")
_UNPACKED = ROOT / "node_modules" / ".cache" / "chromium"


def find_chromium() -> str | None:
    """Return $CHROMIUM, a system browser, Playwright's own, or the one in npm's @sparticuz/chromium, in that order."""
    for candidate in (os.environ.get("CHROMIUM"), *map(shutil.which, SYSTEM)):
        if candidate and Path(candidate).exists():
            return candidate
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else _unpacked_from_npm()


def arguments(browser: str) -> list[str]:
    """Return how to start `browser`: quietly, without a request of its own."""
    return [*QUIET, *(_NPM_BUILD if browser == str(_UNPACKED) else ())]


def _unpacked_from_npm() -> str | None:
    packed = ROOT / "node_modules" / "@sparticuz" / "chromium" / "bin" / "chromium.br"
    if not packed.exists():
        return None
    if not _UNPACKED.exists():
        import brotli

        _UNPACKED.parent.mkdir(parents=True, exist_ok=True)
        partial = _UNPACKED.with_suffix(f".{os.getpid()}")
        partial.write_bytes(brotli.decompress(packed.read_bytes()))
        partial.chmod(0o755)
        partial.rename(_UNPACKED)
    return str(_UNPACKED)


def install() -> None:
    """Try the ways to get a browser that this machine allows, the least intrusive first."""
    ways = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("npm"):
        ways.append(["npm", "install", "--no-save", "--no-package-lock", "@sparticuz/chromium"])
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        packaged = "apt-get install -y --no-install-recommends"
        ways.insert(0, ["sh", "-c", f"apt-get update && {packaged} chromium-headless-shell || {packaged} chromium"])
    for way in ways:
        subprocess.run(way, cwd=ROOT, check=False)
        if find_chromium():
            return


if __name__ == "__main__":
    if find_chromium() is None and "--install" in sys.argv:
        install()
    print(find_chromium() or NONE_FOUND)
    sys.exit(1 if find_chromium() is None and os.environ.get("CI") else 0)
