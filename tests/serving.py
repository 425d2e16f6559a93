"""A server of the app as tests start one: on a free port of this machine, waited for until it answers, and ended after."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(
    command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str], log: Path, seconds: float
) -> Iterator[str]:
    """Serve by `command` and a free port, give the address once it is healthy, and end the server after.

    What the server says stands in `log`; RuntimeError with it where the server is not healthy within `seconds`.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with log.open("w") as output:
        server = subprocess.Popen([*command, str(port)], cwd=cwd, env=env, stdout=output, stderr=output)
        try:
            _wait_until_healthy(address, server, log, seconds)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_until_healthy(address: str, server: subprocess.Popen[bytes], log: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the app did not start:\n{log.read_text()}")
