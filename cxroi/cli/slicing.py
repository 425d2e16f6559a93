"""Which part of the data a command looks at, as it is typed."""

from __future__ import annotations

from argparse import Namespace
from datetime import date

from cxroi.cli.arguments import wrong_use
from cxroi.questions.slice import DIMENSIONS, Slice


def chosen_slice(choices: Namespace) -> Slice:
    """Return which months (both ends, or all), segment, touchpoint and channel are to be looked at."""
    ends = [None if given is None else _month(given) for given in (choices.first_month, choices.last_month)]
    if (ends[0] is None) is not (ends[1] is None) or (ends[0] and ends[1] and ends[0] > ends[1]):
        wrong_use("months")
    named = {name: getattr(choices, name) for name in DIMENSIONS}
    return Slice(first=ends[0], last=ends[1], **named)


def _month(given: str) -> date:
    try:
        return date.fromisoformat(f"{given}-01")
    except ValueError:
        wrong_use("slice_month", given=given)
