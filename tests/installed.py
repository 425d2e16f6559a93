"""The wheel, built and installed where nothing of the checkout is, and what is asked of it there.

    python -m tests.installed [PYTHON ...]    # `make wheel`: with its own dependencies, from the registry, on every Python named

`tests/test_wheel.py` asks the same of a wheel that borrows the libraries of this environment, which needs no registry.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
import venv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.serving import serving

ROOT = Path(__file__).parents[1]
SCRIPTS = "Scripts" if os.name == "nt" else "bin"
FIRST_PAGE = """
from streamlit.testing.v1 import AppTest
from cxroi.shipped import shipped
page = AppTest.from_file(str(shipped("app.py")), default_timeout=120).run()
print(len(page.exception) + len(page.error), len(page.markdown) + len(page.metric))
"""
ANSWER_SECONDS = 120


@dataclass(frozen=True, kw_only=True)
class Installed:
    """An environment that holds the wheel; `folder` is where its commands are run, far from any checkout."""

    environment: Path
    folder: Path

    @property
    def python(self) -> Path:
        return self.environment / SCRIPTS / "python"

    def run(self, *command: str | Path) -> str:
        """Run a program of the environment and return what it said; the test fails with its words where it fails."""
        program, *rest = command
        ended = subprocess.run(
            [self.environment / SCRIPTS / program, *rest],
            cwd=self.folder,
            env=_alone(self.folder),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert ended.returncode == 0, f"{command}: {ended.stdout}{ended.stderr}"
        return ended.stdout

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        """Serve the app by its console command, give its address, and end it after."""
        command = [self.environment / SCRIPTS / "cxroi", "app", "--headless", "--port"]
        log, alone = self.folder / "app.log", _alone(self.folder)
        with serving(command, cwd=self.folder, env=alone, log=log, seconds=ANSWER_SECONDS) as address:
            yield address


def _alone(folder: Path) -> dict[str, str]:
    """Return an environment in which nothing of the checkout can be found, and every folder of a person is `folder`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "CXROI", "STREAMLIT"))}
    return kept | {"CXROI_WORKSPACE": str(folder / "workspace"), "HOME": str(folder), "PYTHONIOENCODING": "utf-8"}


def built_wheel(to: Path) -> Path:
    """Build the wheel with the build backend of this environment and return it."""
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(to)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = to.glob("*.whl")
    return wheel


def borrowing(wheel: Path, folder: Path) -> Installed:
    """Install the wheel alone; its libraries are those of this environment, which holds no copy of the project itself."""
    environment, home = folder / "environment", folder / "somewhere"
    home.mkdir()
    venv.create(environment, with_pip=False, symlinks=os.name != "nt")
    installed = Installed(environment=environment, folder=home)
    place = Path(installed.run("python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    libraries = [entry for entry in sys.path if Path(entry).name in {"site-packages", "dist-packages"}]
    (place / "borrowed.pth").write_text("\n".join(libraries) + "\n", encoding="utf-8")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(installed.python),
        "install",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run(pip, check=True, capture_output=True, env=_alone(home))
    return installed


def with_its_own(wheel: Path, folder: Path, python: str) -> Installed:
    """Install the wheel with its dependencies, as a stranger would, on the Python named."""
    environment, home = folder / f"environment-{python.replace('/', '-')}", folder / f"home-{python.replace('/', '-')}"
    home.mkdir()
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "--quiet", "--python", python, str(environment)], check=True)
    installed = Installed(environment=environment, folder=home)
    install = [uv, "pip", "install", "--quiet", "--python", str(installed.python), str(wheel)]
    subprocess.run(install, check=True)
    return installed


def check(installed: Installed) -> None:
    """Ask of an installed wheel what a stranger would: version, sample, a file, a verdict, the app and its pages."""
    from cxroi import __version__

    assert installed.run("cxroi", "--version").strip() == f"cxroi {__version__}"
    assert "cxroi sample" in installed.run("cxroi", "--help")
    assert str(ROOT) not in installed.run("python", "-c", "import cxroi; print(cxroi.__file__)")
    installed.run("cxroi", "sample")
    assert json.loads(installed.run("python", "-m", "cxroi", "baseline", "--json"))["illustrative"]
    assert installed.run("python", "-c", FIRST_PAGE).split()[0] == "0"
    with installed.served() as address:
        request = urllib.request.Request(f"{address}/?lang=ar", headers={"Accept": "text/html"})
        with urllib.request.urlopen(request) as page:
            assert 'dir="rtl"' in page.read().decode()
            assert "frame-ancestors" in page.headers["Content-Security-Policy"] or page.headers["X-Frame-Options"]
        with urllib.request.urlopen(f"{address}/app/static/fonts/IBMPlexSansArabic-Regular.woff2") as font:
            assert font.status == 200 and font.read(4) == b"wOF2"
    months = installed.folder / "months.csv"
    months.write_text(
        "month,customers_at_start,customers_lost,revenue,cx_spend\n2024-01,100,3,1000,50\n", encoding="utf-8"
    )
    loaded = json.loads(installed.run("cxroi", "import", "months.csv", "--currency", "SAR", "--json"))
    assert loaded["files"][0]["outcome"] == "loaded"


def main(pythons: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wheel = built_wheel(Path(folder) / "wheel")
        for python in pythons:
            installed = with_its_own(wheel, Path(folder), python)
            check(installed)
            print(f"{wheel.name} works on {installed.run('python', '--version').strip()}")


if __name__ == "__main__":
    main(sys.argv[1:] or [sys.executable])
