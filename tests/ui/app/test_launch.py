"""Nothing listens beyond this machine unless that is meant: from the terminal, under streamlit, in a container."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
WRITTEN = [ROOT / "README.md", ROOT / "Dockerfile", ROOT / "Makefile", *sorted((ROOT / "docs").glob("*.md"))]


def refused(*command):
    environment = {k: v for k, v in os.environ.items() if k != "CXROI_OPEN_TO_NETWORK"}
    ended = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    return ended.returncode == 2 and "there is no sign-in" in ended.stderr


def test_the_image_does_not_start_without_the_flag_that_means_it():
    (entry,) = re.findall(r"^(?:ENTRYPOINT|CMD) (\[.*\])$", DOCKERFILE, re.MULTILINE)
    program, *arguments = json.loads(entry)
    assert program == "python" and "0.0.0.0" in arguments
    assert refused(*arguments, "--port", "0")


def test_streamlit_alone_does_not_open_the_app_to_a_network_either(tmp_path):
    assert refused(
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.address",
        "0.0.0.0",
        "--server.port",
        "18501",
        "--server.headless",
        "true",
    )


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_every_example_publishes_the_port_on_loopback(path):
    text = path.read_text(encoding="utf-8")
    for published in re.findall(r"docker run[^\n]*?(?:-p|--publish)[ =](\S+)", text):
        assert published.startswith("127.0.0.1:")


def test_the_data_of_a_container_outlive_it():
    assert re.search(r"^VOLUME /data$", DOCKERFILE, re.MULTILINE)
