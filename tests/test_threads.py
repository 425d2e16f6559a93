"""Linear algebra runs on one thread, in the app and in the commands, unless somebody asked for more."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ASK = """
import builtins, os, sys
load = builtins.__import__
first = []
def watched(name, *rest, **more):
    if name.partition(".")[0] == "numpy" and not first:
        first.append(os.environ.get("OPENBLAS_NUM_THREADS"))
    return load(name, *rest, **more)
builtins.__import__ = watched
{entry}
import numpy
print(first[0])
"""
ENTRIES = {
    "app": "import runpy; runpy.run_path('app.py')",
    "commands": "import runpy; sys.argv = ['cxroi', 'versions', '--workspace', sys.argv[1]]\n"
    "try: runpy.run_module('cxroi', run_name='__main__')\nexcept SystemExit: pass",
    "model": "import cxroi.questions",
}


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize(("given", "expected"), [(None, "1"), ("4", "4")])
def test_numpy_is_loaded_after_the_number_of_threads_was_settled(entry, given, expected, tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    environment |= {"OPENBLAS_NUM_THREADS": given} if given else {}
    code = ASK.format(entry=ENTRIES[entry])
    told = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split()[-1] == expected
