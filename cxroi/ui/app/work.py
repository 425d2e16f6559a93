"""Work that may take longer than a rerun: it runs beside the pages and is found again by its key, from any tab."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cxroi.errors import CxroiError
from cxroi.ui.app.measures import work_ended

Cancelled = Callable[[], bool]
Progress = Callable[[float], None]
_AT_ONCE = threading.BoundedSemaphore(2)  # readers at work on one machine; the next ones wait for their turn
_KEPT = 64


@dataclass(kw_only=True, eq=False)
class Work:
    """One piece of work. Its thread alone writes to it; everyone may look, and ask it to stop."""

    name: str
    size: int  # bytes
    rows: int = 0  # 0 where nobody knows
    owner: str = ""  # what finds the tab again that began it, also after a reload
    id: str = field(default_factory=lambda: secrets.token_hex(4))
    started: float = field(default_factory=time.monotonic)
    share: float = 0.0  # of the work that is done, 0 to 1
    result: Any = None
    error: CxroiError | None = None
    _ended: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)
    _ended_at: float = 0.0

    @property
    def running(self) -> bool:
        """Return whether it is still under way."""
        return not self._ended.is_set()

    @property
    def stopping(self) -> bool:
        """Return whether somebody asked it to stop."""
        return self._stop.is_set()

    @property
    def seconds(self) -> float:
        """Return how long it has taken so far."""
        return (time.monotonic() if self.running else self._ended_at) - self.started

    @property
    def seconds_since(self) -> float:
        """Return how long ago it ended."""
        return time.monotonic() - self._ended_at

    def stop(self) -> None:
        """Ask it to stop; it leaves nothing behind."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait for its end, at most this long, and return whether it came."""
        return self._ended.wait(seconds)

    def run(self, job: Callable[[Cancelled, Progress], Any]) -> None:
        """Do the work, in a thread of its own."""
        try:
            with _AT_ONCE:
                self.result = job(self._stop.is_set, self._tell)
        except CxroiError as error:
            self.error = error
        except Exception as error:
            self.error = CxroiError("ui.unforeseen", number=self.id)
            logging.getLogger("cxroi").error("unforeseen error %s", self.id, exc_info=error)
        finally:
            self._ended_at = time.monotonic()
            self._ended.set()
            self._count()

    def _count(self) -> None:
        """Count it, and log it by its outcome and size; its name is a person's."""
        unforeseen = self.error is not None and self.error.id == "ui.unforeseen"
        outcome = "done" if self.error is None else "unforeseen" if unforeseen else "refused"
        work_ended(self.seconds, outcome)
        facts = {"outcome": outcome, "seconds": round(self.seconds, 3), "bytes": self.size, "rows": self.rows}
        facts |= {"error_id": self.error.id} if self.error else {}
        logging.getLogger("cxroi").info("work ended", extra={"facts": facts})

    def _tell(self, share: float) -> None:
        self.share = max(self.share, min(share, 1.0))


_all: dict[Hashable, Work] = {}
_changing = threading.Lock()


def begin(key: Hashable, job: Callable[[Cancelled, Progress], Any], *, name: str, size: int, rows: int = 0) -> Work:
    """Return the work under `key`, started now unless it runs or has ended already."""
    with _changing:
        if key in _all:
            return _all[key]
        work = Work(name=name, size=size, rows=rows)
        _all[key] = work
        for old in [k for k, w in _all.items() if not w.running][: max(0, len(_all) - _KEPT)]:
            del _all[old]
    threading.Thread(target=work.run, args=(job,), daemon=True, name=f"work-{work.id}").start()
    return work


def begin_alone(
    key: Hashable, job: Callable[[Cancelled, Progress], Any], *, name: str, size: int, rows: int = 0, owner: str = ""
) -> Work | None:
    """Return new work under `key`, started now in the place of one that has ended; None while another one runs."""
    with _changing:
        if key in _all and _all[key].running:
            return None
        work = _all[key] = Work(name=name, size=size, rows=rows, owner=owner)
    threading.Thread(target=work.run, args=(job,), daemon=True, name=f"work-{work.id}").start()
    return work


def wait_for(works: Sequence[Work], seconds: float) -> None:
    """Wait until all of these have ended, at most this long in all."""
    until = time.monotonic() + seconds
    for work in works:
        work.wait(max(0.0, until - time.monotonic()))


def find(key: Hashable) -> Work | None:
    """Return the work under `key`, running or ended."""
    return _all.get(key)


def drop_ended() -> None:
    """Forget all work that has ended, with what it found in people's files."""
    with _changing:
        for key in [key for key, work in _all.items() if not work.running]:
            del _all[key]


def drop(key: Hashable) -> None:
    """Forget the work under `key`, so that it can be done anew."""
    with _changing:
        if key in _all and not _all[key].running:
            del _all[key]
