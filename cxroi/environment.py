"""Settings from the environment, each read in one way: a value that cannot be meant is named and refused, never guessed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from cxroi.errors import CxroiError

_MEMORY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:[KMGT]i?B)\s*", re.ASCII | re.IGNORECASE)
_MOST_THREADS = 1024


class SettingError(CxroiError):
    """A setting of the environment that cannot be meant."""


def whole_number(asked: Mapping[str, str], name: str, default: int, most: int = _MOST_THREADS) -> int:
    """Return a whole number from 1 to `most`, such as a number of threads."""
    words = asked.get(name)
    if words is None:
        return default
    if not words.strip().isdecimal() or not 1 <= int(words) <= most:
        raise SettingError("setting.whole_number", name=name, value=words, most=most)
    return int(words)


def seconds(asked: Mapping[str, str], name: str, default: float) -> float:
    """Return a time in seconds, more than none and not without end."""
    words = asked.get(name)
    if words is None:
        return default
    try:
        time = float(words)
    except ValueError:
        time = math.nan
    if not 0 < time < math.inf:
        raise SettingError("setting.seconds", name=name, value=words)
    return time


def names(asked: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return a list of names with commas between them; none where it is not set."""
    return tuple(word.strip() for word in asked.get(name, "").split(",") if word.strip())


def memory(asked: Mapping[str, str], name: str, default: str) -> str:
    """Return an amount of memory with its unit, such as 2GB or 512 MiB."""
    words = asked.get(name)
    if words is None:
        return default
    found = _MEMORY.fullmatch(words)
    if found is None or float(found[1]) <= 0:
        raise SettingError("setting.memory", name=name, value=words)
    return words.strip()
