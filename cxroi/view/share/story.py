"""The story of a scenario as one value: slides that the browser, PowerPoint, PDF and HTML lay out, and nobody words again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cxroi.chart.drawing import Drawing
from cxroi.questions import BusinessCase
from cxroi.questions.story import scenario_id
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.figure import version_number
from cxroi.view.ranged import RangedFigure

SLIDES = ("verdict", "why", "what_if", "where", "lines", "satisfaction", "evidence", "risks", "next_step")
APPENDIX = ("cash", "segments", "horizons", "checks", "assumptions", "data")
MOST_ROWS = 7  # of a table on a slide
LONGEST_NAME = 80  # signs of a scenario's name


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Large figures with their ranges; one with a `share` is a chance."""

    figures: tuple[RangedFigure, ...]
    caption: str = ""


@dataclass(frozen=True, kw_only=True)
class Sentences:
    """Sentences one below the other; `listed`: they are points of a list, and not one passage."""

    sentences: tuple[str, ...]
    listed: bool = False


@dataclass(frozen=True, kw_only=True)
class StoryTable:
    """A table in words: the finding above, a note below. `figures` are the columns, by place, that hold numbers; cells may come from data."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: frozenset[int] = frozenset()
    note: str = ""
    more: str = ""  # what a slide says below the first MOST_ROWS rows where there are others

    @property
    def first_rows(self) -> tuple[tuple[str, ...], ...]:
        """Return the rows that a slide has room for."""
        return self.rows[:MOST_ROWS]


Part = Figures | Sentences | StoryTable | Drawing


@dataclass(frozen=True, kw_only=True, eq=False)
class Slide:
    """One slide. `id` is one of SLIDES, or of APPENDIX; `name` is what it is called in a list, `title` its finding; `notes` is what the
    presenter says, a sentence each. A part whose title, or a drawing whose footer, is the slide's own title
    or source does not say it again. `marked` are the words of the title that tell the verdict: they alone have its colour."""

    id: str
    name: str
    title: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    source: str
    marked: str = ""

    @property
    def pieces(self) -> tuple[str, str, str]:
        """Return the title before, in and after the words that tell the verdict."""
        return self.title.partition(self.marked) if self.marked else (self.title, "", "")


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where the figures of a file come from: `line` stands on every page or sheet, `facts` (label and words) where there is room for each.

    `illustrative` is "" for a company's own data.
    """

    name: str  # of the scenario; may come from a person and is to be escaped
    id: str
    illustrative: str
    facts: tuple[tuple[str, str], ...]
    line: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Story:
    """The story: its question, its verdict's call, where it comes from, its slides in order, and what a report adds behind them."""

    title: str
    call: str
    provenance: Provenance
    slides: tuple[Slide, ...]
    appendix: tuple[Slide, ...]


def provenance(case: BusinessCase, text: Text, *, made: datetime, name: str = "", id: str = "") -> Provenance:
    """Return where the figures of a case come from; `name` and `id` are of a scenario that was saved under them."""
    text = text.counting(case.currency)
    months = case.panel.months
    first, last = (text.month(month.astype("datetime64[D]").item()) for month in (months[0], months[-1]))
    grade, kind = case.verdict.grade.value, "evidence" if case.asked == case.asked.without_plan else "own"
    told = {
        "name": shown(name, LONGEST_NAME) or text(f"story.{kind}_plan"),
        "id": id or scenario_id(case.asked),
        "version": version_number(case.data_version, text),
        "dates": text.between(first, last),
        "n": text("story.n", customers=text.number(case.baseline.whole.customers, 0)),
        "interval": text.percent(0.9, 0),
        "grade": text("verdict.fact.grade_value", grade=grade, name=text(f"verdict.grade.{grade}.name")),
        "currency": case.currency or text("report.none"),
        "made": text.moment(made),
    }
    illustrative = text("story.illustrative") if case.illustrative else ""
    line = text("story.provenance.line", **told)
    return Provenance(
        name=told["name"],
        id=told["id"],
        illustrative=illustrative,
        facts=tuple((text(f"story.provenance.{fact}"), words) for fact, words in told.items()),
        line=f"{illustrative} {line}".strip(),
    )


def story_table(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    text: Text,
    *,
    figures: Iterable[int] = (),
    note: str = "",
) -> StoryTable:
    """Return a table with what a slide says of the rows that it has no room for."""
    all_of = tuple(tuple(row) for row in rows)
    left = len(all_of) - MOST_ROWS
    return StoryTable(
        title=title,
        headings=tuple(headings),
        rows=all_of,
        figures=frozenset(figures),
        note=note,
        more=text("story.more_rows", count=left) if left > 0 else "",
    )
