"""A value as bytes, and back: frozen dataclasses of ours with their arrays and tables. Reading runs nothing that the bytes name.

What is worked out from the fields alone (cached properties) goes along where it was worked out. A field that only says how something
would be worked out (a function, or a dataclass of functions) cannot be written: what hangs on it is worked out first, and comes back
with the value. Fields that no caller gives (`init=False`) are caches, and come back empty.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cached_property
from importlib import import_module
from typing import Any, cast

import numpy as np

OURS = __name__.partition(".")[0]
_PLAIN = (type(None), bool, int, float, str)
_BROKEN = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    ImportError,
    zipfile.BadZipFile,
    EOFError,
    InvalidOperation,
)


def to_bytes(value: object) -> bytes:
    """Return a value as bytes; raises TypeError for what has no such form."""
    writer = _Writer()
    root = writer.node(value)
    tree = json.dumps({"root": root, "nodes": writer.nodes}).encode()
    held = io.BytesIO()
    np.savez(held, tree=np.frombuffer(tree, dtype=np.uint8), **cast(Any, writer.arrays))
    return held.getvalue()


def from_bytes(content: bytes) -> object:
    """Return the value of what `to_bytes` wrote; raises ValueError for bytes that are damaged or of another program."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}  # each part is checked against its sum as it is read
        tree = json.loads(arrays["tree"].tobytes())
        return _Reader(tree["nodes"], arrays).value(tree["root"])
    except _BROKEN as error:
        raise ValueError("not a value of this program") from error


class _Writer:
    """Writes each object once, however many others hold it: what was one object is one again."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.arrays: dict[str, np.ndarray] = {}
        self._places: dict[int, int] = {}
        self._held: list[object] = []  # so that no two of them have the same identity

    def node(self, value: object) -> Any:
        """Return what stands for a value: itself where JSON has it, else [the place of its node]."""
        if type(value) in _PLAIN:
            return value
        place = self._places.get(id(value))
        if place is None:
            described = self._described(value)
            place = self._places[id(value)] = len(self.nodes)
            self.nodes.append(described)
            self._held.append(value)
        return [place]

    def _described(self, value: object) -> list[Any]:
        import pandas as pd

        if isinstance(value, np.ndarray | np.generic):
            return self._array(np.asarray(value), "scalar" if isinstance(value, np.generic) else "array")
        if isinstance(value, pd.DataFrame):
            return ["frame", [self.node(name) for name in value.columns], [self._column(value[c]) for c in value]]
        if isinstance(value, Enum):
            return ["enum", *_name_of(type(value)), value.name]
        if isinstance(value, date) and type(value) is date:
            return ["date", value.isoformat()]
        if type(value) is Decimal:
            return ["decimal", str(value)]
        if is_dataclass(value) and not isinstance(value, type):
            return self._dataclass(value)
        if isinstance(value, Mapping):
            return ["dict", [[self.node(key), self.node(one)] for key, one in value.items()]]
        if isinstance(value, Set):
            return ["set", [self.node(one) for one in sorted(value, key=repr)]]
        if isinstance(value, Sequence) and not isinstance(value, str | bytes):
            return ["list" if isinstance(value, list) else "tuple", [self.node(one) for one in value]]
        raise TypeError(f"{type(value).__qualname__} has no form in a file")

    def _array(self, value: np.ndarray, kind: str) -> list[Any]:
        if value.dtype.hasobject:
            return ["objects", list(value.shape), [self.node(one) for one in value.ravel().tolist()]]
        name = f"a{len(self.arrays)}"
        self.arrays[name] = value
        return [kind, name]

    def _column(self, column: Any) -> Any:
        return self.node(column.to_numpy())

    def _dataclass(self, value: Any) -> list[Any]:
        own = [one for one in fields(value) if one.init]
        lazy = {one.name for one in own if _is_lazy(getattr(value, one.name))}
        cached = [n for n in _cached_properties(type(value)) if lazy or n in vars(value)]
        known = {name: self.node(getattr(value, name)) for name in cached}
        given = {one.name: self.node(getattr(value, one.name)) for one in own if one.name not in lazy}
        return ["value", *_name_of(type(value)), given, known]


class _Reader:
    def __init__(self, nodes: list[Any], arrays: Mapping[str, np.ndarray]) -> None:
        self._nodes, self._arrays = nodes, arrays
        self._known: dict[int, object] = {}

    def value(self, node: Any) -> Any:
        """Return the value that a node stands for; the same one each time."""
        if not isinstance(node, list):
            return node
        (place,) = node
        if place not in self._known:
            kind, *parts = self._nodes[place]
            self._known[place] = getattr(self, f"_{kind}")(*parts)
        return self._known[place]

    def _all(self, nodes: list[Any]) -> Iterator[Any]:
        return (self.value(one) for one in nodes)

    def _array(self, name: str) -> np.ndarray:
        return self._arrays[name]

    def _scalar(self, name: str) -> Any:
        return self._arrays[name][()]

    def _objects(self, shape: list[int], nodes: list[Any]) -> np.ndarray:
        found = np.empty(len(nodes), dtype=object)
        found[:] = list(self._all(nodes))
        return found.reshape(shape)

    def _frame(self, names: list[Any], columns: list[Any]) -> Any:
        import pandas as pd

        return pd.DataFrame(dict(zip(self._all(names), self._all(columns), strict=True)))

    def _enum(self, module: str, name: str, member: str) -> Enum:
        return _class_of(module, name, Enum)[member]

    def _date(self, written: str) -> date:
        return date.fromisoformat(written)

    def _decimal(self, written: str) -> Decimal:
        return Decimal(written)

    def _dict(self, items: list[list[Any]]) -> dict[Any, Any]:
        return {self.value(key): self.value(one) for key, one in items}

    def _set(self, nodes: list[Any]) -> frozenset[Any]:
        return frozenset(self._all(nodes))

    def _list(self, nodes: list[Any]) -> list[Any]:
        return list(self._all(nodes))

    def _tuple(self, nodes: list[Any]) -> tuple[Any, ...]:
        return tuple(self._all(nodes))

    def _value(self, module: str, name: str, given: dict[str, Any], known: dict[str, Any]) -> object:
        kind: Any = _class_of(module, name, object)
        if not hasattr(kind, "__dataclass_fields__"):
            raise ValueError(name)
        made: Any = object.__new__(kind)
        for one in fields(kind):
            object.__setattr__(made, one.name, self.value(given[one.name]) if one.name in given else _default(one))
        for cached in known.keys() & set(_cached_properties(kind)):
            vars(made)[cached] = self.value(known[cached])
        return cast(object, made)


def _is_lazy(value: Any) -> bool:
    """Return whether a value only says how something would be worked out."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = [getattr(value, one.name) for one in fields(value)]
        return bool(parts) and all(callable(part) for part in parts)
    return callable(value)


def _cached_properties(kind: type) -> list[str]:
    return [name for name in dir(kind) if isinstance(getattr(kind, name, None), cached_property)]


def _default(one: Field[Any]) -> Any:
    if one.default_factory is not MISSING:
        return one.default_factory()
    if one.default is MISSING:
        raise ValueError(one.name)
    return one.default


def _name_of(kind: type) -> tuple[str, str]:
    if kind.__module__.partition(".")[0] != OURS:
        raise TypeError(f"{kind.__qualname__} is not of this program")
    return kind.__module__, kind.__qualname__


def _class_of(module: str, name: str, base: type) -> Any:
    if module.partition(".")[0] != OURS:
        raise ValueError(module)
    found = getattr(import_module(module), name)
    if not (isinstance(found, type) and issubclass(found, base)):
        raise ValueError(name)
    return found
