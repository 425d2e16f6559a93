"""Start the server: on this machine only unless more is meant, with the data read before the first reader asks."""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from starlette.types import ASGIApp
from streamlit import App

from cxroi.errors import CxroiError

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@asynccontextmanager
async def lifespan(app: App) -> AsyncIterator[None]:
    """Read the data while the first reader's browser still fetches the page."""

    def read() -> None:
        from cxroi.ui.current import warm_up

        with suppress(CxroiError):
            warm_up()

    threading.Thread(target=read, daemon=True, name="warm-up").start()
    yield


def on_script_error(error: Exception) -> bool:
    """Say an error of ours as its sentence; log any other under a number and show the reader that number alone."""
    from cxroi.ui.frame import show_error, show_unforeseen

    if isinstance(error, CxroiError):
        show_error(error)
        return True
    number = secrets.token_hex(4)
    logging.getLogger("cxroi").error("unforeseen error %s", number, exc_info=error)
    show_unforeseen(number)
    return True


def serve(app: ASGIApp, arguments: Sequence[str] | None = None) -> None:
    """Serve `app` until stopped, on loopback unless told otherwise.

    uvicorn binds the port itself: the socket that `streamlit run` hands over leaves Nagle's algorithm on, which costs
    40 ms on every answer.
    """
    import uvicorn
    from streamlit import config

    chosen = _arguments(arguments)
    for option, value in (("address", chosen.address), ("port", chosen.port)):
        config.set_option(f"server.{option}", value)
        config.set_option(f"browser.server{option.title()}", value)
    if chosen.address not in LOOPBACK:
        config.set_option("server.allowedHosts", ["*"])
    url = f"http://{chosen.address}:{chosen.port}"
    print(f"CX ROI  {url}", file=sys.stderr, flush=True)
    if not chosen.headless and _has_screen():
        threading.Timer(1.5, webbrowser.open, (url,)).start()
    uvicorn.run(
        app,
        host=chosen.address,
        port=chosen.port,
        ws_max_size=config.get_option("server.maxMessageSize") * 1024 * 1024,
        access_log=False,
        log_level="warning",
        server_header=False,
    )


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return how to serve. Anyone who reaches the port sees the data, so another address than loopback must be meant."""
    parser = argparse.ArgumentParser(prog="app.py", description="Serve CX ROI in the browser.")
    parser.add_argument("--address", default=LOOPBACK[0], help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8501, help="port to listen on (default: 8501)")
    parser.add_argument("--headless", action="store_true", help="do not open a browser")
    parser.add_argument("--open-to-network", action="store_true", help="listen beyond this machine, without sign-in")
    chosen = parser.parse_args(arguments)
    if chosen.address not in LOOPBACK and not chosen.open_to_network:
        parser.error(
            f"{chosen.address} can be reached by others and there is no sign-in; add --open-to-network to mean it"
        )
    return chosen


def _has_screen() -> bool:
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
