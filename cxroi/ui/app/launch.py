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

from cxroi import __version__
from cxroi.errors import CxroiError
from cxroi.text import LANGUAGES, Text
from cxroi.ui.app.gate import THIS_MACHINE
from cxroi.ui.app.log import log_as_json
from cxroi.ui.app.measures import error_told
from cxroi.ui.app.way_in import is_settled, settle


@asynccontextmanager
async def lifespan(app: App) -> AsyncIterator[None]:
    """Read the data while the first reader's browser still fetches the page.

    `streamlit run app.py` comes this way too, with an address of its own, and stands behind the same door.
    """
    if not is_settled():
        _settle_for_streamlit()

    def read() -> None:
        from cxroi.ui.app.ahead import keep_answering
        from cxroi.ui.app.current import warm_up

        with suppress(CxroiError):
            warm_up()
        keep_answering()

    threading.Thread(target=read, daemon=True, name="warm-up").start()
    yield


def on_script_error(error: Exception) -> bool:
    """Say an error of ours as its sentence; log any other under a number and show the reader that number alone."""
    from cxroi.ui.app.frame import show_error, show_unforeseen

    error_told(foreseen=isinstance(error, CxroiError))
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
    from uvicorn.config import LOGGING_CONFIG

    chosen = _arguments(arguments)
    _ensure_settings(chosen)
    for option, value in (("address", chosen.address), ("port", chosen.port)):
        config.set_option(f"server.{option}", value)
        config.set_option(f"browser.server{option.title()}", value)
    url = f"http://{chosen.address}:{chosen.port}"
    _say_started(url, as_json=chosen.log == "json")
    if not chosen.headless and _has_screen():
        threading.Timer(1.5, webbrowser.open, (url,)).start()
    uvicorn.run(
        app,
        host=chosen.address,
        port=chosen.port,
        ws_max_size=config.get_option("server.maxMessageSize") * 1024 * 1024,
        access_log=False,
        log_level="warning",
        log_config=None if chosen.log == "json" else LOGGING_CONFIG,
        server_header=False,
        proxy_headers=False,  # who is connected is asked of the connection; what a proxy says is judged by the door
    )


def _say_started(url: str, *, as_json: bool) -> None:
    if as_json:
        log_as_json()
        logging.getLogger("cxroi").info("started", extra={"facts": {"address": url, "version": __version__}})
    else:
        print(f"CX ROI  {url}", file=sys.stderr, flush=True)


def _settle_for_streamlit() -> None:
    """Settle how people come in to a server that `streamlit run` opens; end it where nobody could, and it was not meant to be open."""
    from streamlit import config

    try:
        settle(config.get_option("server.address"), own_server=False)
    except CxroiError as error:
        print(Text(LANGUAGES[0]).error(error), file=sys.stderr, flush=True)
        os._exit(2)  # an exception here would be logged, and the socket would go on listening


def _ensure_settings(chosen: argparse.Namespace) -> None:
    """End the start where nobody could sign in or a setting of the environment cannot be meant, rather than fail at the first reader."""
    from cxroi.intake.child import ChildLimits
    from cxroi.store.settings import EngineSettings

    try:
        EngineSettings.of_environment()
        ChildLimits.of_environment()
        settle(chosen.address, meant=chosen.open_to_network, asked=chosen.sign_in, allowed=chosen.allowed_host)
    except CxroiError as error:
        print(Text(LANGUAGES[0]).error(error), file=sys.stderr, flush=True)
        raise SystemExit(2) from error


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return how to serve."""
    parser = argparse.ArgumentParser(prog="app.py", description="Serve CX ROI in the browser.")
    parser.add_argument("--address", default=THIS_MACHINE, help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8501, help="port to listen on (default: 8501)")
    parser.add_argument("--headless", action="store_true", help="do not open a browser")
    parser.add_argument(
        "--sign-in", action="store_true", help="ask for a sign-in on this machine too, as behind a proxy"
    )
    parser.add_argument("--open-to-network", action="store_true", help="listen beyond this machine, without sign-in")
    parser.add_argument(
        "--allowed-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name under which others reach this server; may be given several times",
    )
    parser.add_argument(
        "--log", choices=("text", "json"), default="text", help="how the log is written (default: text)"
    )
    return parser.parse_args(arguments)


def _has_screen() -> bool:
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
