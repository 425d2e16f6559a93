"""The formats of a report: what each writes of a scenario, as files by their names."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from cxroi.chart.drawing import Drawing
from cxroi.errors import CxroiError
from cxroi.export.html.report import html_report
from cxroi.export.image import png, svg
from cxroi.export.office_lock import office_locked
from cxroi.export.panel_file import panel_csv, panel_parquet
from cxroi.export.pdf.document import Kind, locked, pdf
from cxroi.export.spreadsheet.workbook import workbook
from cxroi.questions.story import StoryFacts
from cxroi.text import Text
from cxroi.view.share.board_summary import BoardSummary, board_summary
from cxroi.view.share.slides import story
from cxroi.view.share.story import Provenance, Story

_LONGEST = 60  # letters of a file's name: with three bytes a letter it stays below what any system takes
_FILE = "application/octet-stream"  # of a page too: our server sends no HTML but the app's own, and a browser saves what has no kind
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)  # of what is packed, so that the same report is the same file


class ReportError(CxroiError):
    """A report that cannot be written as it was asked for."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Report:
    """What a report is written from, in the language of `text`."""

    facts: StoryFacts
    story: Story
    summary: BoardSummary
    text: Text


@dataclass(frozen=True, kw_only=True)
class Format:
    """One format: how its files end, what a browser calls it, what writes them, by their names, and what closes one by a password."""

    suffix: str
    mime: str
    write: Callable[[Report], Mapping[str, bytes]]
    lock: Callable[[bytes, str], bytes] | None = None


def written(name: str, report: Report, password: str = "") -> Mapping[str, bytes]:
    """Return the files of a format; with a `password` they open for who has it alone. Refused where the format cannot be closed so."""
    of = FORMATS[name]
    files = of.write(report)
    if not password:
        return files
    if (lock := of.lock) is None:
        raise ReportError("share.password.format", format=name, formats=", ".join(LOCKED))
    return {file: lock(content, password) for file, content in files.items()}


def report_of(facts: StoryFacts, text: Text, *, made: datetime, name: str = "", id: str = "") -> Report:
    """Return what a report is written from; `name` and `id` are those that the scenario was saved under, `made` is when."""
    return Report(
        facts=facts,
        story=story(facts, text, made=made, name=name, id=id),
        summary=board_summary(facts.case, facts.bare, facts.allocation, text, made=made, name=name, id=id),
        text=text,
    )


def file_name(of: Provenance, suffix: str) -> str:
    """Return a name for a file that every system takes: the product's, the scenario's and its number, in letters and digits only."""
    words = "-".join(re.findall(r"[^\W_]+", f"{of.name.casefold()}"))[:_LONGEST].strip("-")
    return (
        "-".join(
            part
            for part in (
                "cx-roi",
                words,
                re.sub(r"\W", "", of.id),
            )
            if part
        )
        + f".{suffix}"
    )


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files as one, in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DAY), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _one(suffix: str, write: Callable[[Report], bytes]) -> Callable[[Report], Mapping[str, bytes]]:
    return lambda report: {file_name(report.story.provenance, suffix): write(report)}


def _charts(suffix: str, write: Callable[[Drawing, Text, str], bytes]) -> Callable[[Report], Mapping[str, bytes]]:
    return lambda report: {
        f"{place:02d}-{drawing.name.replace('_', '-')}.{suffix}": write(drawing, report.text, "light")
        for place, drawing in enumerate(_drawings(report.story), 1)
    }


def _drawings(of: Story) -> Iterator[Drawing]:
    for slide in (*of.slides, *of.appendix):
        yield from (part for part in slide.parts if isinstance(part, Drawing))


def _deck(of: Report) -> bytes:
    from cxroi.export.powerpoint.deck import deck  # with a library that nobody else waits for

    return deck(of.story, of.text)


def _pdf(kind: Kind) -> Format:
    write = _one("pdf", lambda of: pdf(kind, of.story, of.summary, of.text))
    return Format(suffix="pdf", mime="application/pdf", write=write, lock=locked)


FORMATS: dict[str, Format] = {
    "html": Format(
        suffix="html", mime=_FILE, write=_one("html", lambda of: html_report(of.story, of.summary, of.text))
    ),
    "pptx": Format(
        suffix="pptx",
        mime="application/vnd.openxmlformats-officedocument.presentationml.presentation",
        write=_one("pptx", _deck),
        lock=office_locked,
    ),
    "pdf": _pdf("report"),
    "pdf-slides": _pdf("slides"),
    "pdf-summary": _pdf("summary"),
    "xlsx": Format(
        suffix="xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        write=_one("xlsx", lambda of: workbook(of.facts.workbook(), of.text, of.story.provenance)),
        lock=office_locked,
    ),
    "png": Format(suffix="zip", mime="application/zip", write=_charts("png", png)),
    "svg": Format(suffix="zip", mime="application/zip", write=_charts("svg", svg)),
    "csv": Format(suffix="csv", mime="text/csv", write=_one("csv", lambda of: panel_csv(of.facts.case.panel))),
    "parquet": Format(
        suffix="parquet",
        mime="application/vnd.apache.parquet",
        write=_one("parquet", lambda of: panel_parquet(of.facts.case.panel)),
    ),
}
OF_SEGMENT_MONTHS = ("xlsx", "csv", "parquet")  # formats with the customers of every segment in every month
LOCKED = tuple(name for name, one in FORMATS.items() if one.lock)
