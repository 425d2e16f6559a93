"""What every answer of ours carries, and how a stranger is turned away."""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from streamlit import config

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
POLICY_VIOLATION = 1008  # the code of a closed connection, RFC 6455


def base_path() -> str:
    """Return the folder under which the app is served: "" for the top, else with a stroke before it."""
    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


async def turn_away(scope: Scope, receive: Receive, send: Send, status: int = 403, words: str = "Forbidden") -> None:
    """Answer a request with a refusal that says nothing, or close a connection before it is one."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
    else:
        headers = {**HEADERS, "Cache-Control": "no-store"}
        await PlainTextResponse(words, status_code=status, headers=headers)(scope, receive, send)
