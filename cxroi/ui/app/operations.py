"""What an operator asks of a server, without a session: whether it lives, whether it can answer, and what it measures.

/healthz   200 for as long as the process answers at all
/readyz    200 where the workspace can be read, else 503 with the id of what is wrong, and no path
/metrics   what `measures` counts: with $CXROI_METRICS_TOKEN as the bearer, or, where none is set, asked on this machine alone
"""

from __future__ import annotations

import hmac
import json
import os

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from streamlit import config

from cxroi.actions.place import is_named, workspace_folder
from cxroi.errors import StoreError
from cxroi.store.checkup.ready import not_ready
from cxroi.ui.app.gate import is_loopback
from cxroi.ui.app.measures import CONTENT_TYPE, exposition

ROUTES = ("/healthz", "/readyz", "/metrics")
TOKEN = "CXROI_METRICS_TOKEN"
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


def is_operators(scope: Scope) -> bool:
    """Return whether a request is an operator's, below the folder of the address that the app is served under."""
    base = str(config.get_option("server.baseUrlPath")).strip("/")
    path = str(scope["path"])
    return scope["method"] in ("GET", "HEAD") and path.removeprefix(f"/{base}" if base else "") in ROUTES


class Operations:
    """ASGI app that answers an operator's request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (await _answer(scope))(scope, receive, send)


async def _answer(scope: Scope) -> Response:
    headers = {"Cache-Control": "no-store"}
    route = str(scope["path"]).rpartition("/")[2]
    if route == "healthz":
        return Response(b"ok\n", media_type="text/plain", headers=headers)
    if route == "readyz":
        trouble = await run_in_threadpool(_trouble)
        said = json.dumps({"ready": not trouble, "trouble": trouble or None})
        return Response(said, status_code=503 if trouble else 200, media_type="application/json", headers=headers)
    if not may_measure(scope):
        return Response(b"Forbidden\n", status_code=403, media_type="text/plain", headers=headers)
    return Response(await run_in_threadpool(exposition), headers={**headers, "Content-Type": CONTENT_TYPE})


def may_measure(scope: Scope) -> bool:
    """Return whether a request may see the measures: it has the token, or none is set and it comes from this machine, past no proxy."""
    headers = Headers(scope=scope)
    if token := os.environ.get(TOKEN):
        return hmac.compare_digest(headers.get("authorization", "").encode(), f"Bearer {token}".encode())
    client = scope.get("client")
    return client is not None and is_loopback(client[0]) and not any(name in headers for name in _FORWARDED)


def _trouble() -> str:
    try:
        folder = workspace_folder()
    except StoreError as error:
        return error.id
    return "" if not is_named() and not folder.is_dir() else not_ready(folder)
