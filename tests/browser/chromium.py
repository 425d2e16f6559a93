"""Find a Chromium to drive, or fetch one: $CHROMIUM, the system's, Playwright's own, the one inside an npm package.

`python -m tests.browser.chromium --install` makes sure that there is one; where none can be had it fails in CI and
warns elsewhere.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PACKAGE = "@sparticuz/chromium"
UNPACKED = Path(__file__).resolve().parents[2] / ".venv" / "chromium"


def find() -> tuple[str, tuple[str, ...]] | None:
    """Return the path of a Chromium and the flags it wants, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named, QUIET
    for candidate in (*map(shutil.which, NAMES), *APPLICATIONS, _of_playwright()):
        if candidate and Path(candidate).exists():
            return candidate, QUIET
    if (UNPACKED / "chromium").exists():
        os.environ["LD_LIBRARY_PATH"] = f"{UNPACKED / 'lib'}:{os.environ.get('LD_LIBRARY_PATH', '')}"
        return str(UNPACKED / "chromium"), (*QUIET, "--headless=shell", "--single-process", "--no-zygote")
    return None


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def install() -> bool:
    """Fetch a Chromium by the system's packages when allowed to, else from npm; return whether there is one now."""
    if find():
        return True
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False)
    if not find() and shutil.which("npm"):
        _unpack_from_npm()
    return find() is not None


def _unpack_from_npm() -> None:
    import brotli

    UNPACKED.mkdir(parents=True, exist_ok=True)
    got = subprocess.run(["npm", "install", "--no-save", "--prefix", str(UNPACKED), PACKAGE], check=False)
    packed = UNPACKED / "node_modules" / PACKAGE / "bin"
    if got.returncode or not packed.exists():
        return
    for name in ("chromium.br", "al2023.tar.br", "swiftshader.tar.br"):
        if not (packed / name).exists():
            continue
        plain = UNPACKED / name.removesuffix(".br")
        plain.write_bytes(brotli.decompress((packed / name).read_bytes()))
        if plain.suffix == ".tar":
            with tarfile.open(plain) as archive:
                archive.extractall(UNPACKED, filter="data")
    (UNPACKED / "chromium").chmod(0o755)


if __name__ == "__main__":
    there = install() if "--install" in sys.argv else find() is not None
    if not there:
        print(
            "NO CHROMIUM FOUND: the browser tests cannot run. Install Chromium or Chrome, or set CHROMIUM to its path."
        )
        sys.exit(1 if os.environ.get("CI") else 0)
