"""The process that reads: one source, behind the walls of a load, with the credential from its input and in nothing that it leaves behind.

Run as a script this module is that child; `fetch` starts it.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cxroi.errors import ConnectError
from cxroi.intake.child import ChildEndedError, ChildLimits, behind_walls, run_child

if TYPE_CHECKING:
    from cxroi.connect.allowed import Allowed
    from cxroi.connect.reading import Reading
    from cxroi.connect.source import Source

PATIENCE_SECONDS = 20.0
_SAID = 300  # letters of what a server says
_OF_A_DRIVER = re.compile(r"^[A-Z_]+: |\[libpq\] |Failed to prepare query: |\. SQLSTATE: \w+")
_QUERY_SECONDS = 0.9  # of the time of the whole, so that a server says itself what took too long


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A file with what was read; `ending` says how it is packed, "" where it is not."""

    path: Path
    ending: str


def fetch(
    source: Source,
    secret: str,
    allowed: Allowed,
    folder: Path,
    *,
    limits: ChildLimits,
    most_bytes: int,
    most_rows: int | None = None,
    cancelled: Callable[[], bool] | None = None,
    progress: Callable[[float], None] | None = None,
) -> Fetched:
    """Read a source into a file below `folder`, in a process of its own: all of it, or the first rows of a query.

    Raises ConnectError in whose facts the credential cannot stand, whatever a driver or a server says.
    """
    allowed.ensure(source)
    job = {
        **{"source": asdict(source), "allowed": asdict(allowed), "folder": str(folder)},
        **{"most_bytes": most_bytes, "most_rows": most_rows, "seconds": limits.wall_seconds},
    }
    try:
        (answer,) = run_child(
            job, folder, limits, cancelled=cancelled, progress=progress, script=Path(__file__), secret=secret
        )
    except ChildEndedError as death:
        raise ConnectError(f"connections.child_{death.why}", host=source.place) from None
    if "error" in answer:
        raise ConnectError(answer["error"], **answer["facts"])
    return Fetched(path=Path(answer["path"]), ending=answer["ending"])


def _main(question: Path) -> int:
    secret = json.loads(_line())
    job = behind_walls(question)
    answer = answered(job, secret)
    Path(job["answer"]).write_text(json.dumps([answer]), encoding="utf-8")
    return 0


def _line() -> bytes:
    """Return the first line of our input and nothing beyond it: its end is what tells that the parent is gone."""
    found = b""
    while (sign := os.read(0, 1)) not in (b"\n", b""):
        found += sign
    return found


def answered(job: Mapping[str, Any], secret: str) -> dict[str, Any]:
    """Return what came of a job: a file, or the id of a sentence with facts from which the credential is taken out."""
    from cxroi.connect.allowed import Allowed
    from cxroi.connect.link import authorization
    from cxroi.connect.reading import Reading
    from cxroi.connect.secrets import scrubbed
    from cxroi.connect.source import Source

    lists: dict[str, Any] = {
        n: tuple(value) if isinstance(value, list) else value for n, value in job["allowed"].items()
    }
    reading = Reading(
        source=Source(**job["source"]),
        allowed=Allowed(**lists),
        folder=Path(job["folder"]),
        most_bytes=job["most_bytes"],
        most_rows=job["most_rows"],
        seconds=job["seconds"] * _QUERY_SECONDS,
        patience=min(PATIENCE_SECONDS, job["seconds"]),
        memory=job["memory"],
        progress=Path(job["progress"]) if job["progress"] else None,
        secret=secret,
    )
    try:
        return _read(reading)
    except ConnectError as error:
        id, facts = error.id, error.facts
    except MemoryError:
        id, facts = "connections.child_memory", {"host": reading.source.place}
    except (
        Exception
    ) as error:  # a driver's own, of which there are many: what the server says is told, and nothing else
        id, facts = _said(error, reading)
    finally:
        reading.close()
    sent = authorization(reading.source.user, secret).rpartition(" ")[2] if secret else ""
    return {
        "error": id,
        "facts": {
            k: scrubbed(scrubbed(str(v), sent), secret)[:_SAID] if isinstance(v, str) else v for k, v in facts.items()
        },
    }


def _read(reading: Reading) -> dict[str, Any]:
    if reading.source.kind == "link":
        from cxroi.connect.link import fetch_link

        path, ending = fetch_link(reading)
        return {"path": str(path), "ending": ending}
    from importlib import import_module

    from cxroi.connect.rows import write_rows

    modules = {"postgresql": "postgres", "mysql": "mysql", "sqlite": "sqlite"}
    schema, batches = import_module(f"cxroi.connect.{modules[reading.source.kind]}").read(reading)
    path = write_rows(
        batches,
        schema,
        reading.folder,
        most_rows=reading.most_rows,
        most_bytes=reading.most_bytes,
        memory=reading.memory,
    )
    return {"path": str(path), "ending": ""}


def _said(error: Exception, reading: Reading) -> tuple[str, dict[str, object]]:
    """Return the sentence for an error of a driver, of the network or of the disk, with the server's own first words."""
    import http.client
    import ssl

    host = reading.source.place
    if isinstance(error, ssl.SSLError):
        return "connections.certificate", {"host": host, "said": str(error.reason or error)}
    if isinstance(error, http.client.HTTPException):
        return "connections.cut_off", {"host": host}
    if isinstance(error, OSError) and error.filename is None and not isinstance(error, TimeoutError):
        return "connections.unreachable", {"host": host}
    if isinstance(error, TimeoutError):
        return "connections.silent", {"host": host}
    words = " ".join(str(word) for word in error.args if not isinstance(word, int)) or type(error).__name__
    first = _OF_A_DRIVER.sub("", words.partition("Query was:")[0])
    return "connections.server_says", {"host": host, "said": " ".join(first.split())}


if __name__ == "__main__":
    status = _main(Path(sys.argv[1]))
    sys.stderr.flush()
    os._exit(status)  # skip the slow unwinding of engines; everything is on disk
