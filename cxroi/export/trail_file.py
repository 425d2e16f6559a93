"""The audit trail as a file: for a spreadsheet, with nothing live in it, and for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from cxroi.live_text import inert
from cxroi.text import Text
from cxroi.view.data.trail import change_words

Line = Mapping[str, Any]
_HEADINGS = ("line", "when", "who", "what", "version", "through", "facts")


def trail_csv(lines: Sequence[Line], text: Text) -> bytes:
    """Return lines of the trail as CSV, each with all that it says of itself."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([text(f"heading.{name}") for name in _HEADINGS])
    for line in lines:
        facts = {name: fact for name, fact in line["facts"].items() if name not in ("version", "through")}
        said = json.dumps(facts, ensure_ascii=False, sort_keys=True) if facts else ""
        about = line["facts"].get("version") or "", line["facts"].get("through") or "", said
        cells = (line["who"], change_words(line["what"], text), *about)
        writer.writerow([line["line"], line["at"], *map(inert, map(str, cells))])
    return out.getvalue().encode("utf-8-sig")


def trail_json(lines: Sequence[Line], *, changed_from: int | None, last_hash: str) -> bytes:
    """Return the same for programs, with the first line that was altered (null: none) and the end of the chain."""
    said = {"lines": list(lines), "changed_from": changed_from, "last_hash": last_hash}
    return json.dumps(said, ensure_ascii=False, indent=1).encode()
