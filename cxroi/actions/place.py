"""Where the data lie: the one place that decides it, for the app and the terminal alike."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from cxroi.errors import StoreError

VARIABLE = "CXROI_WORKSPACE"


def is_named(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether a person named the folder that holds the data: one without data may then be the wrong one."""
    return bool(environment.get(VARIABLE))


def workspace_folder(chosen: str | None = None, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder that holds the data: `chosen`, else $CXROI_WORKSPACE, else one in the user's own data directory.

    A leading ~ is the home folder, wherever the name comes from. Raises StoreError for the home of nobody.

    >>> workspace_folder("/data/w", {}).name
    'w'
    """
    named = chosen or environment.get(VARIABLE)
    if not named:
        import platformdirs

        named = platformdirs.user_data_dir("cxroi", appauthor=False)
    try:
        return Path(named).expanduser().absolute()
    except RuntimeError as error:
        raise StoreError("store.no_such_home", folder=named) from error
