"""The command that serves the app: the same `app.py` that `make run` starts, from wherever it lies."""

from __future__ import annotations

import os
import runpy
import sys
from argparse import Namespace

from cxroi.actions.place import VARIABLE, is_named, workspace_folder
from cxroi.shipped import shipped
from cxroi.text import Text


def app(choices: Namespace, text: Text) -> int:
    """Serve the app until it is stopped: the server takes Ctrl-C and the signal to end itself."""
    if choices.workspace or is_named():  # the folder that nobody names is made where it is not there
        os.environ[VARIABLE] = str(workspace_folder(choices.workspace))
    script = str(shipped("app.py"))
    sys.argv = [script, *_for_the_server(choices)]
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as stop:  # the server has said what was wrong
        return int(stop.code or 0)
    return 0


def _for_the_server(choices: Namespace) -> list[str]:
    """Return what was typed as the server reads it: which values are allowed is decided there alone."""
    valued = (("--address", choices.address), ("--port", choices.port), ("--log", choices.log))
    given = [part for flag, value in valued if value is not None for part in (flag, str(value))]
    given += [part for name in choices.allowed_host for part in ("--allowed-host", name)]
    switches = ("--headless", "--sign-in", "--open-to-network")
    return given + [flag for flag in switches if getattr(choices, flag.strip("-").replace("-", "_"))]
