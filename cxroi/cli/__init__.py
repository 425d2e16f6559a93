"""The same jobs from a terminal: one command a job, words in both languages, exit code 0 done, 1 refused, 2 wrong use.

Nothing heavy is imported until a command has been read, so that `--help` answers at once.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from cxroi.cli.arguments import FORMAT_VERSION, language_of, parser
from cxroi.errors import CxroiError, TextError
from cxroi.text import Text
from cxroi.text.plain import shown

__all__ = ["main", "refusal"]

DONE, REFUSED, WRONG_USE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    text = Text(language_of(given))
    try:
        choices = parser(text).parse_args(given)
    except SystemExit as stop:  # argparse has said what was wrong, or shown the help
        return int(stop.code or DONE)
    module, _, function = choices.run.partition(":")
    try:
        return int(getattr(import_module(module), function)(choices, text))
    except BrokenPipeError:  # the reader of our output has gone, `| head` for one
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    except (Exception, KeyboardInterrupt) as error:
        id, reason = refusal(error, text)
        if id == "cli.unexpected" and os.environ.get("CXROI_DEBUG"):
            raise
        return _refuse(choices, id, reason)


def refusal(error: BaseException, text: Text) -> tuple[str, str]:
    """Return the id and the sentence with which a command that came to this is refused."""
    if isinstance(error, CxroiError):
        return error.id, _sentence(error, text)
    if isinstance(error, KeyboardInterrupt):
        return "cli.stopped", text("cli.stopped")
    if isinstance(error, OSError):
        reason = error.strerror or type(error).__name__
        return "cli.file_trouble", text("cli.file_trouble", file=error.filename or "-", reason=reason)
    if isinstance(error, MemoryError):
        return "cli.out_of_memory", text("cli.out_of_memory")
    return "cli.unexpected", text("cli.unexpected", kind=type(error).__name__)


def _sentence(error: CxroiError, text: Text) -> str:
    """Return the sentence of an error; an id that nobody has worded is still told without a stack trace."""
    try:
        return text.error(error)
    except TextError:
        return text("cli.unexpected", kind=error.id)


def _refuse(choices: object, id: str, reason: str) -> int:
    print("\n".join(shown(line, 5_000) for line in reason.split("\n")), file=sys.stderr)
    if getattr(choices, "json", False):
        command = getattr(choices, "command", "")
        refusal = {"format_version": FORMAT_VERSION, "command": command, "error": {"id": id, "message": reason}}
        print(json.dumps(refusal, ensure_ascii=False, indent=2))
    return WRONG_USE if id.startswith("cli.use.") else REFUSED
