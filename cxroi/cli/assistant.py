"""The command that lets an assistant ask: a server of the Model Context Protocol on standard input and output."""

from __future__ import annotations

from argparse import Namespace

from cxroi.actions.place import workspace_folder
from cxroi.errors import CxroiError, StoreError
from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text


def mcp(choices: Namespace, text: Text) -> int:
    """Serve until the other program goes. A workspace that is not there is refused, and not made."""
    folder = workspace_folder(choices.workspace)
    if not Workspace.is_begun(folder):
        raise StoreError("store.no_data", workspace=str(folder))
    try:
        from cxroi.cli.assistant_server import serve
    except ModuleNotFoundError as error:
        if str(error.name).startswith("cxroi"):
            raise
        raise CxroiError("cli.no_mcp") from error
    serve(str(folder), text)
    return 0
