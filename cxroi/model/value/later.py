"""A field of a value that is worked out when somebody first looks at it, and then kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Generic, TypeVar, overload

_T = TypeVar("_T")


class Later(Generic[_T]):
    """A field of a dataclass that is given as its value, or as a `partial` that makes it; who reads it always meets the value.

    What makes it holds the question and never the draws: a value that is kept for long stays small.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, value: None, owner: type) -> Later[_T]: ...
    @overload
    def __get__(self, value: object, owner: type) -> _T: ...
    def __get__(self, value: object | None, owner: type) -> Later[_T] | _T:
        if value is None:
            raise AttributeError(self.name)  # which tells `dataclass` that the field has no default
        found = value.__dict__[self.name]
        if isinstance(found, partial):  # two threads may both make it; either is the same
            found = value.__dict__[self.name] = found()
        made: _T = found
        return made

    def __set__(self, value: Any, given: _T | Callable[[], _T]) -> None:
        value.__dict__[self.name] = given
