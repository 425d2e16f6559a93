"""Groups of so few customers that a figure of theirs could be one person's, taken out of an answer."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

LEAST = 10  # customers, answers or contacts that a group needs
_COUNTS = ("customers", "answers", "answers_before", "answers_after", "contacts", "comments", "active_at_start")


def without_small_groups(value: Any, segments: Collection[str] = ()) -> tuple[Any, int]:
    """Return an answer without its small groups, and how many those were; `segments` are the small ones by name.

    What stands in a list is gone, what stands alone is null.

    >>> without_small_groups({"scores": [{"answers": 12}, {"answers": 3}], "period": {"customers": 9}})
    ({'scores': [{'answers': 12}], 'period': None}, 2)
    """
    if isinstance(value, dict):
        if _is_small(value, segments):
            return None, 1
        inner = {name: without_small_groups(one, segments) for name, one in value.items()}
        return {name: one for name, (one, _) in inner.items()}, sum(hidden for _, hidden in inner.values())
    if isinstance(value, list):
        each = [(was, *without_small_groups(was, segments)) for was in value]
        kept = [one for was, one, _ in each if one is not None or was is None]
        return kept, sum(hidden for _, _, hidden in each)
    return value, 0


def _is_small(group: dict[str, Any], segments: Collection[str]) -> bool:
    counts = [group[name] for name in _COUNTS if isinstance(group.get(name), int | float)]
    return any(count < LEAST for count in counts) or group.get("segment") in segments
