"""The changes of a workspace as tests make them: all by one person."""

import json
from datetime import date
from functools import partial
from pathlib import Path

from cxroi.actions import load
from cxroi.actions.person import Person
from cxroi.intake.child import ChildEndedError
from cxroi.intake.parse import ParseLimits, parse_file
from cxroi.intake.report import report_to_json, request_from_json

TESTER = Person(through="terminal", name="tester")
load_file, load_many = partial(load.load_file, who=TESTER), partial(load.load_many, who=TESTER)


def parsed_here(job, folder, limits, *, cancelled=None, progress=None):
    """Parse a file in this process, in the place of `run_child`: a process of its own costs a second for every file.

    That a child does the same stands in actions/test_load.py and, through the whole product, in cli/test_end_to_end.py.
    """
    if cancelled is not None and cancelled():
        raise ChildEndedError("cancelled")
    walls = ParseLimits(memory=limits.memory, threads=limits.threads)
    request, today = request_from_json(job["request"]), date.fromisoformat(job["today"])
    reports = parse_file(Path(job["path"]), job["name"], request, folder, today, walls)
    return json.loads(json.dumps([report_to_json(report) for report in reports]))
