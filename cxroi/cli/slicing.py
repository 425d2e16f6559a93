"""Which part of the data a command looks at, as it is typed."""

from __future__ import annotations

from argparse import Namespace
from datetime import date

from cxroi.actions.rates import read_month
from cxroi.cli.arguments import wrong_use
from cxroi.questions import OpenVersion
from cxroi.questions.slice import DIMENSIONS, Slice, ask_choosable


def chosen_slice(choices: Namespace, data: OpenVersion) -> Slice:
    """Return which months (an end that is not given is as far as the data go; None: all), segment, touchpoint and channel to look at."""
    first, last = (None if given is None else _month(given) for given in (choices.first_month, choices.last_month))
    if first and last and first > last:
        wrong_use("months_reversed", first=choices.first_month, last=choices.last_month)
    known = ask_choosable(data) if (first is None) is not (last is None) else None
    if known is not None:
        first, last = first or known.first, last or known.last
    return Slice(first=first, last=last, **{name: getattr(choices, name, None) for name in DIMENSIONS})


def _month(given: str) -> date:
    month = read_month(given)
    if not month:
        wrong_use("month_of", given=given)
    return date.fromisoformat(f"{month}-01")
