"""How many bytes of arrays a value keeps alive: figures are few, the draws behind them are not."""

from functools import partial
from types import MethodType

import numpy as np


def held(thing, seen):
    """Return the bytes of every array that `thing` keeps alive, the one behind a view too."""
    if id(thing) in seen:
        return 0
    seen.add(id(thing))
    if isinstance(thing, np.ndarray):
        return thing.nbytes if thing.base is None else held(thing.base, seen)
    if isinstance(thing, dict | list | tuple):
        return sum(held(one, seen) for one in (thing.values() if isinstance(thing, dict) else thing))
    if isinstance(thing, partial | MethodType):  # a question that is asked later holds what it will be asked of
        return held(list(thing.args) if isinstance(thing, partial) else thing.__self__, seen)
    return held(vars(thing), seen) if hasattr(thing, "__dict__") and not isinstance(thing, type) else 0
