"""The rejected rows of a load as a person downloads them: as they came, with the reasons in words and nothing live."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from urllib.parse import parse_qsl

from cxroi.intake.report import Reject
from cxroi.live_text import inert
from cxroi.text import Text
from cxroi.view.data.upload import reject_rows, sentence

Words = Callable[[str, Mapping[str, str]], str]


def rejects_csv(rejects: Path, words: Words) -> bytes:
    """Return a version's rejects file for download: original rows, with the reasons in words and no live formula.

    `words(id, facts)` gives the sentence of a reason. The three columns of ours are passed over when the file comes back.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    with rejects.open(encoding="utf-8", newline="") as file:
        records = csv.reader(file)
        writer.writerow(next(records))
        for row, column, reasons, *cells in records:
            said = "; ".join(words(id, dict(parse_qsl(facts))) for id, _, facts in map(_split, reasons.split("; ")))
            writer.writerow([row, column, said, *map(inert, cells)])
    return out.getvalue().encode("utf-8-sig")


def _split(reason: str) -> tuple[str, str, str]:
    return reason.partition("?")


def rejects_file(path: Path, rejects: Iterable[Reject], text: Text) -> bytes:
    """Return the rows put aside as they came, with their reasons, to be mended and dropped in again.

    Where the rows themselves are gone, return the account of them.
    """
    try:
        return rejects_csv(path, lambda id, facts: sentence(id, facts, text, markdown=False))
    except OSError:
        return rejects_as_csv(rejects, text)


def rejects_as_csv(rejects: Iterable[Reject], text: Text) -> bytes:
    """Return the same as a file that a spreadsheet opens without running anything in it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([text(f"page.upload.{name}") for name in ("row", "column", "value", "reason")])
    for row in reject_rows(rejects, text):
        writer.writerow([inert(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")
