"""What is asked of the money as a few letters in an address, so that a reload and a sent link ask the same."""

from __future__ import annotations

from urllib.parse import quote, unquote

from cxroi.model.value.projection import LEVELS
from cxroi.questions.allocation import Ask
from cxroi.text.typed import typed_amount

KINDS, PARTS = ("budget", "extra", "target"), ("segment", "line")
_MOST_LIMITS = 200


def write_ask(ask: Ask) -> str:
    """Return an ask as it stands in an address.

    >>> write_ask(Ask(kind="extra", extra=5e4, limits=(("Small offices", 31.06, 105.0),)))
    'extra;segment;50000;20;Small%20offices=31.06..105'
    """
    limits = (f"{quote(name, safe='')}={low:.12g}..{high:.12g}" for name, low, high in ask.limits)
    return ";".join((ask.kind, ask.part, f"{ask.extra:.12g}", f"{ask.target_percent:.12g}", *limits))


def read_ask(written: str) -> Ask | None:
    """Return the ask that stands in an address, None where it is damaged.

    >>> read_ask("target;line;0;40"), read_ask("target;line;0"), read_ask("all;line;0;40")
    (Ask(part='line', kind='target', extra=0.0, target_percent=40.0, limits=()), None, None)
    """
    kind, part, *rest = (*written.split(";"), "", "")[: 4 + _MOST_LIMITS]
    try:
        extra, target = typed_amount(rest[0]), typed_amount(rest[1])
        limits = tuple(_limit(one) for one in rest[2:] if one)
    except (ValueError, IndexError):
        return None
    if kind not in KINDS or part not in PARTS or extra < 0 or target < 0:
        return None
    return Ask(part=part, kind=kind, extra=extra, target_percent=target, limits=limits)


def _limit(written: str) -> tuple[str, float, float]:
    name, _, ends = written.rpartition("=")
    low, _, high = ends.partition("..")
    limits = typed_amount(low), typed_amount(high)
    if not 0 <= limits[0] <= limits[1] <= LEVELS[-1]:
        raise ValueError(written)
    return unquote(name), *limits
