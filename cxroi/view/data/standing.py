"""Is our data in, whole and right? The first screen of Upload."""

from __future__ import annotations

from collections.abc import Sequence

from cxroi.questions.standing import Standing
from cxroi.text import Text
from cxroi.view.data.upload import month_word, table_name
from cxroi.view.ranged import PageAnswer, RangedFigure

_MONTHS_NAMED = 3


def standing_answer(found: Standing | None, missing: Sequence[str], text: Text) -> PageAnswer:
    """Return how the data in use stand; `missing` names the answers that only a person can give."""
    question = text("page.upload.title")
    if found is None or found.illustrative:
        finding = text("standing.sample" if found else "standing.nothing")
        lead = (text("page.upload.lead"),)
        return PageAnswer(question=question, finding=finding, lead=lead, figures=_any_of(text))
    said = [] if found.enough else [text("standing.enough")]
    return PageAnswer(
        question=question,
        finding=_finding(found, missing, text),
        lead=(*said, *(text(f"standing.missing.{one}") for one in missing)),
        figures=(_in(found, text), _whole(found, text), _right(found, missing, text)),
    )


def _any_of(text: Text) -> tuple[RangedFigure, ...]:
    """Return the sets of tables of which one is enough for a verdict."""
    return tuple(
        RangedFigure(
            label=text("standing.or" if place else "standing.one_set"), value=text(f"standing.set.{name}"), range=""
        )
        for place, name in enumerate(("monthly", "customers", "orders"))
    )


def _finding(found: Standing, missing: Sequence[str], text: Text) -> str:
    if not found.enough:
        return text("standing.not_enough")
    if missing:
        return text("standing.asks", count=len(missing))
    if found.set_aside or found.gaps:
        return text("standing.not_whole")
    return text("standing.doubts", count=found.doubts) if found.doubts else text("standing.well")


def _in(found: Standing, text: Text) -> RangedFigure:
    names = text.listed(table_name(name, text) for name in found.rows)
    when = text("standing.when", number=found.number, when=text.moment(found.at))
    return RangedFigure(
        label=text("standing.in"),
        value=text("standing.rows", rows=sum(found.rows.values())),
        range=when,
        note=names,
    )


def _whole(found: Standing, text: Text) -> RangedFigure:
    rows = sum(found.rows.values())
    share = text.percent(rows / (rows + found.set_aside)) if found.set_aside else ""
    notes = [text("standing.aside", count=found.set_aside)] if found.set_aside else []
    if found.gaps:
        months = text.listed(month_word(month, text) for month in found.gaps[:_MONTHS_NAMED])
        notes.append(text("standing.gaps", months=months, count=len(found.gaps)))
    return RangedFigure(
        label=text("standing.whole"),
        value=text("standing.share", share=share) if share else text("standing.all_rows"),
        range="",
        note=" ".join(notes) or text("standing.no_gaps"),
    )


def _right(found: Standing, missing: Sequence[str], text: Text) -> RangedFigure:
    if missing:
        value = text("standing.open", count=len(missing))
    else:
        value = text("standing.looks", count=found.doubts) if found.doubts else text("standing.no_doubts")
    note = text("standing.met" if found.total_met else "standing.unmet")
    return RangedFigure(label=text("standing.right"), value=value, range="", note=note)
