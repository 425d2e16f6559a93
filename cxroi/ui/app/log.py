"""The server's log as one JSON object a line, for machines that gather it: what happened and where in the code, never what was in the data.

The words of an exception and of another library can quote a cell, a name or a path. So an exception is told by its kind and the lines
of code it came through, and another library by its logger and its line of code; sentences are our own, with facts that are counts and ids.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from streamlit import logger as streamlit_logger

OURS = "cxroi"
_PARTS = 3  # of a file's path: which library and module, not where it is installed


class JsonLines(logging.Formatter):
    """One record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record without anything that could come from data."""
        said: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "code": f"{_place(record.pathname)}:{record.lineno}",
        }
        if record.name.partition(".")[0] == OURS:
            said["message"] = record.getMessage()
            said |= getattr(record, "facts", {})
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            said["error"] = type(error).__name__
            said["through"] = [
                f"{_place(f.filename)}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)
            ]
        return json.dumps(said, ensure_ascii=False)


def log_as_json() -> None:
    """Write every line of every logger of this process as JSON on standard error, those of Streamlit and of warnings too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.raiseExceptions = False  # a line that cannot be written would be told with all its words
    logging.getLogger(OURS).setLevel(logging.INFO)
    logging.captureWarnings(True)
    streamlit_logger.setup_formatter = _to_root
    streamlit_logger.update_formatter()
    sys.excepthook = _unforeseen
    threading.excepthook = lambda ended: _unforeseen(ended.exc_type, ended.exc_value, ended.exc_traceback)


def _to_root(logger: logging.Logger) -> None:
    """Take Streamlit's own way to the console from one of its loggers."""
    if (own := getattr(logger, "streamlit_console_handler", None)) is not None:
        logger.removeHandler(own)
    logger.propagate = True


def _unforeseen(kind: type[BaseException], error: BaseException | None, where: TracebackType | None) -> None:
    if error is not None and not issubclass(kind, KeyboardInterrupt):
        logging.getLogger(OURS).error("a thread ended", exc_info=(kind, error, where))


def _place(path: str) -> str:
    return "/".join(Path(path).parts[-_PARTS:])
