"""The version of the data in use, opened once for everybody: what its queries share is made once, and not for each question."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cxroi.questions import OpenVersion, open_version


@dataclass(eq=False)
class _Lent:
    key: str
    data: OpenVersion
    door: ExitStack
    readers: int = 0


_lent: list[_Lent] = []  # the newest last; those before it are still being read
_lending = threading.Lock()


@contextmanager
def opened(key: str) -> Iterator[OpenVersion]:
    """Lend the version that a key of `evidence_key` names, opened now where it is another than before.

    The one before is closed once nobody reads it any longer. Raises StoreError where a byte of the version has changed.
    """
    with _lending:
        one = next((one for one in _lent if one.key == key), None) or _open(key)
        one.data.version.ensure_whole()
        one.readers += 1
    try:
        yield one.data
    finally:
        with _lending:
            one.readers -= 1
            _close_unread()


def _open(key: str) -> _Lent:
    folder, version_id, _ = key.split("\n", 2)
    door = ExitStack()
    one = _Lent(key=key, data=door.enter_context(open_version(Path(folder), version_id)), door=door)
    _lent.append(one)
    _close_unread()
    return one


def _close_unread() -> None:
    for one in [one for one in _lent[:-1] if not one.readers]:
        _lent.remove(one)
        one.door.close()
