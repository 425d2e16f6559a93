"""The changes of a workspace as tests make them: all by one person."""

from functools import partial

from cxroi.actions import load
from cxroi.actions.person import Person

TESTER = Person(through="terminal", name="tester")
load_file, load_many = partial(load.load_file, who=TESTER), partial(load.load_many, who=TESTER)
