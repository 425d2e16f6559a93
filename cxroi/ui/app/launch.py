"""Start the server: on this machine only unless more is meant, with the data read before the first reader asks."""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import socket
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from starlette.types import ASGIApp
from streamlit import App

from cxroi import __version__
from cxroi.environment import SettingError
from cxroi.errors import CxroiError
from cxroi.text import LANGUAGES, Text
from cxroi.ui.app.gate import THIS_MACHINE, Hosts, choose_hosts, is_loopback
from cxroi.ui.app.log import log_as_json
from cxroi.ui.app.measures import error_told

_ANY_ADDRESS = ("0.0.0.0", "::", "")  # listen on all of them
_MEANT = "CXROI_OPEN_TO_NETWORK"


@asynccontextmanager
async def lifespan(app: App) -> AsyncIterator[None]:
    """Read the data while the first reader's browser still fetches the page.

    `streamlit run app.py` comes this way too, with an address of its own: one that others can reach must be meant.
    """
    _ensure_meant()

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
    _ensure_settings()
    for option, value in (("address", chosen.address), ("port", chosen.port)):
        config.set_option(f"server.{option}", value)
        config.set_option(f"browser.server{option.title()}", value)
    if not is_loopback(chosen.address):
        os.environ[_MEANT] = "1"
        own = () if chosen.address in _ANY_ADDRESS else (chosen.address,)
        choose_hosts(Hosts(names=(*own, socket.gethostname(), *chosen.allowed_host), addresses=True))
        config.set_option("server.allowedHosts", ["*"])  # the gate has judged before Streamlit asks
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
    )


def _say_started(url: str, *, as_json: bool) -> None:
    if as_json:
        log_as_json()
        logging.getLogger("cxroi").info("started", extra={"facts": {"address": url, "version": __version__}})
    else:
        print(f"CX ROI  {url}", file=sys.stderr, flush=True)


def _ensure_meant() -> None:
    """End a server that `streamlit run` opens to a network, unless the environment says that this is meant."""
    from streamlit import config

    address = config.get_option("server.address")
    if not is_loopback(address) and os.environ.get(_MEANT) != "1":
        print(
            f"{address or 'every address'} can be reached by others and there is no sign-in; "
            f"serve with `python app.py --address ... --open-to-network`, or set {_MEANT}=1 to mean it",
            file=sys.stderr,
            flush=True,
        )
        os._exit(2)  # an exception here would be logged, and the socket would go on listening


def _ensure_settings() -> None:
    """End the start where a setting of the environment cannot be meant, rather than fail at the first reader."""
    from cxroi.intake.child import ChildLimits
    from cxroi.store.settings import EngineSettings

    try:
        EngineSettings.of_environment()
        ChildLimits.of_environment()
    except SettingError as error:
        print(Text(LANGUAGES[0]).error(error), file=sys.stderr, flush=True)
        raise SystemExit(2) from error


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return how to serve. Anyone who reaches the port sees the data, so another address than loopback must be meant."""
    parser = argparse.ArgumentParser(prog="app.py", description="Serve CX ROI in the browser.")
    parser.add_argument("--address", default=THIS_MACHINE, help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8501, help="port to listen on (default: 8501)")
    parser.add_argument("--headless", action="store_true", help="do not open a browser")
    parser.add_argument("--open-to-network", action="store_true", help="listen beyond this machine, without sign-in")
    parser.add_argument(
        "--allowed-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name under which others reach this server, beside its addresses; may be given several times",
    )
    parser.add_argument(
        "--log", choices=("text", "json"), default="text", help="how the log is written (default: text)"
    )
    chosen = parser.parse_args(arguments)
    if not is_loopback(chosen.address) and not chosen.open_to_network:
        parser.error(
            f"{chosen.address} can be reached by others and there is no sign-in; add --open-to-network to mean it"
        )
    return chosen


def _has_screen() -> bool:
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
