"""The changes of a workspace as tests make them: all by one person."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from cxroi.actions import load
from cxroi.actions.person import Person
from cxroi.actions.quarantine import content_hash
from cxroi.intake.child import ChildEndedError
from cxroi.intake.parse import ParseLimits, parse_file
from cxroi.intake.report import report_to_json, request_from_json

TESTER = Person(through="terminal", name="tester")


def load_file(workspace, path, name, request, *how, **manner):
    """Load a file; that all lines of a ledger are customer experience is said, unless the request says which."""
    return load.load_file(workspace, path, name, _whole_ledger(request), *how, **{"who": TESTER} | manner)


def load_many(workspace, asked, *how, **manner):
    """Load files likewise."""
    asked = [(path, name, _whole_ledger(request)) for path, name, request in asked]
    return load.load_many(workspace, asked, *how, **{"who": TESTER} | manner)


def _whole_ledger(request):
    return request if request.ledger_rules or request.other_lines else replace(request, other_lines="cx")


_READ: dict[tuple[str, str, int], tuple[str, dict[str, bytes]]] = {}


def parsed_here(job, folder, limits, *, cancelled=None, progress=None):
    """Parse a file in this process, in the place of `run_child`, and the same bytes under the same request once.

    A process of its own costs a second for every file, and a reading on the Upload page comes twice, in every language.
    That a child answers the same stands in actions/test_load_in_a_child.py.
    """
    if cancelled is not None and cancelled():
        raise ChildEndedError("cancelled")
    request = request_from_json(job["request"])
    loaded = {"beside": [[name, content_hash(Path(path))] for name, path in request.beside]}
    asked = {**job, "request": job["request"] | loaded, "path": content_hash(Path(job["path"])), "staging": ""}
    key = json.dumps(asked, sort_keys=True), limits.memory, limits.threads
    if key not in _READ:
        before = set(folder.iterdir())
        walls = ParseLimits(memory=limits.memory, threads=limits.threads)
        reports = parse_file(Path(job["path"]), job["name"], request, folder, date.fromisoformat(job["today"]), walls)
        told = json.dumps([report_to_json(report) for report in reports])
        made = [path for path in folder.iterdir() if path.is_file() and path not in before]
        _READ[key] = told, {path.name: path.read_bytes() for path in made}
    told, files = _READ[key]
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return json.loads(told)
