"""The server of the Model Context Protocol: what `assistant_tools` offers, in its messages. https://modelcontextprotocol.io"""

from __future__ import annotations

import json
from argparse import Namespace
from functools import partial
from typing import Any

import anyio
import mcp_types as types
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from cxroi import __version__
from cxroi.cli.assistant_tools import ASSUMED, TOOLS, Told, answer_to, arguments_of
from cxroi.cli.method import in_use
from cxroi.text import LANGUAGES, Text
from cxroi.view.share.method import MethodView, method, method_lines, table_lines

LONGEST_SECONDS = 55.0  # of one answer: other programs wait for a minute
_RESOURCES = ("method", "glossary")


def serve(workspace: str, text: Text) -> None:
    """Answer on standard input and output until that ends."""

    async def run() -> None:
        server = server_of(workspace, text)
        async with stdio_server() as (received, sent):
            await server.run(received, sent, server.create_initialization_options())

    anyio.run(run)


def server_of(workspace: str, text: Text) -> Server[Any]:
    """Return the server of a workspace; `text` has the words of whatever names no language."""
    one_at_a_time = anyio.CapacityLimiter(1)

    async def answered(work: partial[Any]) -> Any:
        """Return what `work` does in a thread of its own, None where that takes too long: then it goes on, and what it finds is kept."""
        with anyio.move_on_after(LONGEST_SECONDS):
            return await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=one_at_a_time)

    async def tools(_: Any, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_tool(name, text) for name in TOOLS])

    async def call(_: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        told = await answered(partial(answer_to, params.name, params.arguments or {}, workspace, text.language))
        return _result(told or _too_slow(text))

    async def resources(_: Any, __: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        return types.ListResourcesResult(
            resources=[
                types.Resource(
                    uri=_uri(name, language),
                    name=f"{name}-{language}",
                    description=Text(language)(f"mcp.resource.{name}"),
                    mime_type="text/plain",
                )
                for name in _RESOURCES
                for language in LANGUAGES
            ]
        )

    async def read(_: Any, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        known = {_uri(name, language): (name, language) for name in _RESOURCES for language in LANGUAGES}
        if params.uri not in known:
            raise MCPError(types.INVALID_PARAMS, text("mcp.no_resource", known=", ".join(known)))
        words = await answered(partial(_resource_text, *known[params.uri], workspace))
        content = types.TextResourceContents(
            uri=params.uri, text=words or _too_slow(text).words, mime_type="text/plain"
        )
        return types.ReadResourceResult(contents=[content])

    return Server(
        "cxroi",
        version=__version__,
        title="CX ROI",
        instructions=text("mcp.instructions"),
        on_list_tools=tools,
        on_call_tool=call,
        on_list_resources=resources,
        on_read_resource=read,
    )


def _tool(name: str, text: Text) -> types.Tool:
    described = {
        argument: {**schema, "description": _description(argument, text)}
        for argument, schema in arguments_of(TOOLS[name]).items()
    }
    return types.Tool(
        name=name,
        description=text(f"mcp.tool.{name}"),
        input_schema={"type": "object", "properties": described, "additionalProperties": False},
        annotations=types.ToolAnnotations(
            read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
        ),
    )


def _description(argument: str, text: Text) -> str:
    if argument not in ASSUMED:
        return text(f"mcp.argument.{argument}")
    return f"{text(f'assumption.{argument}.label')}. {text(f'assumption.{argument}.meaning')}"


def _result(told: Told) -> types.CallToolResult:
    """Return words first, then the JSON as text, for programs that do not read structured content."""
    whole = json.dumps(told.facts, ensure_ascii=False, allow_nan=False)
    content: list[types.ContentBlock] = [types.TextContent(text=words) for words in (told.words, whole)]
    return types.CallToolResult(content=content, structured_content=told.facts, is_error=told.refused)


def _too_slow(text: Text) -> Told:
    words = text("mcp.too_slow", seconds=f"{LONGEST_SECONDS:g}")
    return Told(words=words, facts={"error": {"id": "mcp.too_slow", "message": words}, "behind": None}, refused=True)


def _uri(name: str, language: str) -> str:
    return f"cxroi://{name}/{language}"


def _resource_text(name: str, language: str, workspace: str) -> str:
    """Return the Method page or its glossary as lines, with the assumptions as the data in use have them."""
    text = Text(language)
    view: MethodView = method(in_use(Namespace(workspace=workspace, language=language)), text)
    return "\n".join(method_lines(view, text) if name == "method" else table_lines(view.glossary, text))
