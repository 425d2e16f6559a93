"""What the verdict survives: one line of green and red, a mark for each kind of change."""

from __future__ import annotations

from dataclasses import dataclass

from cxroi.model.decision.robustness import Lost, Near, Survival, SurvivalCheck
from cxroi.questions import BusinessCase
from cxroi.text import Text
from cxroi.view.decide.health_words import worded


@dataclass(frozen=True, kw_only=True)
class SurvivalMark:
    """One kind of change: what was asked, how the verdict came through, and what became of it where it did not (may hold what the
    data say: to be escaped)."""

    label: str
    status: str  # the name of the look: survives, changes, not_asked
    word: str
    note: str
    binding: bool


@dataclass(frozen=True, kw_only=True)
class SurvivalLine:
    """The marks of a verdict, the finding first."""

    title: str
    marks: tuple[SurvivalMark, ...]
    caption: str


def survival_line(case: BusinessCase, text: Text) -> SurvivalLine:
    """Return the line of a case."""
    marks = tuple(_mark(one, text) for one in case.survival)
    found = [one.status for one in case.survival]
    changed = Survival.CHANGES in found
    kind = Survival.CHANGES if changed else Survival.SURVIVES if Survival.SURVIVES in found else Survival.NOT_ASKED
    return SurvivalLine(title=text(f"survival.title_{kind}"), marks=marks, caption=text("survival.caption"))


def survival_sentence(case: BusinessCase, text: Text) -> str:
    """Return the line as one passage, for a terminal."""
    line = survival_line(case, text)
    told = [
        text("survival.mark_why" if one.note else "survival.mark", label=one.label, word=one.word, note=one.note)
        for one in line.marks
        if one.status != Survival.NOT_ASKED
    ]
    return f"{line.title}. {' '.join(told)}".strip()


def _mark(one: SurvivalCheck, text: Text) -> SurvivalMark:
    return SurvivalMark(
        label=text(f"survival.check.{one.check}"),
        status=one.status.value,
        word=text(f"survival.word.{one.status}"),
        note=text.listed([*(_lost(each, text) for each in one.lost), *([_near(one.near, text)] if one.near else [])]),
        binding=one.binding,
    )


def _lost(one: Lost, text: Text) -> str:
    change = text(f"survival.change.{one.change.id}", **worded(one.change.facts, text))
    return text("survival.became", change=change, word=text(f"verdict.word.{one.became}"))


def _near(one: Near, text: Text) -> str:
    change = text(f"survival.change.{one.change.id}", **worded(one.change.facts, text))
    likely = {
        name: text.percent(share, 0) for name, share in (("probability", one.probability), ("needed", one.needed))
    }
    return text("survival.near", change=change, **likely)
