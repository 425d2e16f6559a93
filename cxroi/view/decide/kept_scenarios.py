"""The scenarios that were kept, in words: which is worth most, how each stands, who did what to it, and what moved under it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cxroi.model.decision.verdict import Call
from cxroi.model.kept_scenario import KeptFigures, Mark, Revision, SavedScenario
from cxroi.questions import BusinessCase
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.figure import deserved_step, in_a_hundred, money, months_range, probability, signed_money, signed_range
from cxroi.view.ranged import PageAnswer, RangeBar, RangedFigure, range_bar

_ARABIC = re.compile("[\u0620-\u064a]")
Moved = Mapping[str, tuple[str, ...]]  # by scenario: what its figures rest on and is another one now


@dataclass(frozen=True, kw_only=True)
class KeptRow:
    """One scenario of the list: what it says, how it stands, and who saved it when."""

    name: str
    saved: str
    signs: tuple[tuple[str, str], ...]  # a look (locked, stale) and words
    call: str
    word: str
    worth: str
    range: str
    bar: RangeBar | None
    loss: str
    paid: str


def kept_answer(known: Sequence[SavedScenario], moved: Moved, text: Text) -> PageAnswer:
    """Return the first screen: the scenario that is worth most, where worths can be compared, and what keeps them from that."""
    told = [(one, one.kept.figures) for one in known if one.kept.figures is not None]
    question = text("scenarios.question")
    if not known:
        return PageAnswer(question=question, finding=text("scenarios.none"), lead=(text("scenarios.none_lead"),))
    approved = [
        text("scenarios.named", name=marked_name(shown(one.kept.name), text))
        for one in known
        if one.approval is not None
    ]
    lead = [text("scenarios.approved_are", names=text.listed(approved), count=len(approved))] if approved else []
    caution = _caution(known, moved, text)
    if not told or _incomparable([figures for _, figures in told]):
        return PageAnswer(
            question=question, finding=text("scenarios.count", count=len(known)), lead=tuple(lead), caution=caution
        )
    best, figures = max(told, key=lambda one: one[1].npv.mid)
    worth = signed_money(figures.npv.mid, figures.currency, deserved_step(figures.npv), text)
    id = "scenarios.best" if len(told) > 1 else "scenarios.alone"
    return PageAnswer(
        question=question,
        finding=text(id, name=marked_name(shown(best.kept.name), text), worth=worth, count=len(told)),
        lead=tuple(lead),
        caution=caution,
        figures=(
            RangedFigure(
                label=text("board.figure.worth"),
                value=worth,
                range=signed_range(figures.npv, text),
                bar=range_bar(figures.npv),
            ),
            RangedFigure(
                label=text("page.what_if.live.loss"), value=probability(figures.probability_of_loss, text), range=""
            ),
        ),
    )


def plan_line(case: BusinessCase, text: Text) -> str:
    """Return the plan under the hand in a line: what it is worth and what it spends."""
    worth = signed_money(case.outcome.npv.mid, case.currency, deserved_step(case.outcome.npv), text)
    spend = case.verdict.today_spend * case.level_percent / 100
    return text("scenarios.keep.lead", worth=worth, spend=money(spend, case.currency, text))


def kept_row(saved: SavedScenario, moved: Moved, ends: tuple[float, float], text: Text) -> KeptRow:
    """Return one scenario of the list, its range drawn on a line that all share."""
    figures = saved.kept.figures
    return KeptRow(
        name=saved.kept.name,
        saved=text(
            "scenarios.saved",
            revision=saved.last.number,
            when=text.moment(saved.last.at),
            who=person(saved.last.who, text),
            version=version_number(saved.kept.data_version, text),
        ),
        signs=standing_signs(saved, moved.get(saved.id, ()), text),
        call="" if figures is None else figures.call,
        word="" if figures is None else text(f"verdict.word.{figures.call}"),
        worth=""
        if figures is None
        else signed_money(figures.npv.mid, figures.currency, deserved_step(figures.npv), text),
        range="" if figures is None else signed_range(figures.npv, text),
        bar=None if figures is None else range_bar(figures.npv, ends),
        loss="" if figures is None else text("scenarios.loss", chance=probability(figures.probability_of_loss, text)),
        paid="" if figures is None else paid_back(figures, text),
    )


def line_of_worth(known: Sequence[SavedScenario]) -> tuple[float, float]:
    """Return a line that holds the worth of all scenarios, as far on either side of nothing."""
    ends = [abs(end) for one in known if (of := one.kept.figures) is not None for end in (of.npv.low, of.npv.high)]
    end = 1.1 * max(ends, default=1.0) or 1.0
    return -end, end


def paid_back(of: KeptFigures, text: Text) -> str:
    """Return when a scenario is paid back and how likely that is within its horizon."""
    if of.cost.mid <= 0:
        return text("decide.no_cost")
    horizon, chance = text.months(of.horizon_months), probability(of.probability_of_payback, text)
    if of.payback_months is None or of.payback_months.mid > of.horizon_months:
        return text("page.what_if.plans.not_paid", months=horizon, chance=chance)
    return text("page.what_if.plans.only_if", months=months_range(of.payback_months, text), chance=chance)


def call_words(of: KeptFigures, text: Text) -> str:
    """Return the verdict and, of one that names a side, how many times in a hundred that is right."""
    word = text(f"verdict.word.{of.call}")
    sides = {Call.UNDER_INVESTED.value: of.best_above, Call.OVER_INVESTED.value: of.best_below}
    return f"{word} ({in_a_hundred(sides[of.call], text)})" if of.call in sides else word


def standing_signs(saved: SavedScenario, moved: Sequence[str], text: Text) -> tuple[tuple[str, str], ...]:
    """Return what a reader must know of a scenario at a glance: approved or locked, by whom and when, and what moved under it."""
    signs = []
    for look, mark in (("approved", saved.approval), ("locked", None if saved.approval else saved.lock)):
        if mark is not None:
            facts = {"who": person(mark.who, text), "when": text.moment(mark.at)}
            signs.append((look, text(f"scenarios.sign.{look}", **facts)))
    if moved:
        version = version_number(saved.kept.data_version, text)
        signs.append(("stale", moved_words(moved, version, text)))
    return tuple(signs)


def moved_words(moved: Sequence[str], version: str, text: Text) -> str:
    """Return what figures rest on that is another one now."""
    settings = [
        text(f"scenarios.moved.setting.{name}") for name in moved if text.has(f"scenarios.moved.setting.{name}")
    ]
    first = next((name for name in moved if text.has(f"scenarios.moved.{name}")), "settings")
    return text(f"scenarios.moved.{first}", version=version, settings=text.listed(settings))


def history_rows(revisions: Sequence[Revision], saved: SavedScenario, text: Text) -> list[tuple[str, ...]]:
    """Return every save and mark of a scenario, the newest first: when, who, what, and what it was worth then."""
    lines: list[tuple[datetime, int, tuple[str, ...]]] = []
    for one in revisions:
        what = text("scenarios.history.revision", number=one.number, what=_done(one.why, text))
        lines.append((one.at, 0, (text.moment(one.at), person(one.who, text), what, worth_then(one, text))))
    for place, mark in enumerate(saved.marks, 1):
        lines.append((mark.at, place, (text.moment(mark.at), person(mark.who, text), _done(mark.what, text), "")))
    return [words for _, _, words in sorted(lines, key=lambda line: (line[0], line[1]), reverse=True)]


def worth_then(revision: Revision, text: Text) -> str:
    """Return what a revision was worth when it was made, and on which version of the data."""
    figures = revision.kept.figures
    if figures is None:
        return ""
    worth = signed_money(figures.npv.mid, figures.currency, deserved_step(figures.npv), text)
    version = version_number(revision.kept.data_version, text)
    return text("scenarios.history.worth", worth=worth, range=signed_range(figures.npv, text), version=version)


def ran_sentence(before: KeptFigures | None, after: KeptFigures | None, text: Text) -> str:
    """Return what a scenario said and says now; nothing where one of the two is not known."""
    if before is None or after is None:
        return ""
    facts = {}
    for name, of in (("before", before), ("after", after)):
        facts[name] = signed_money(of.npv.mid, of.currency, deserved_step(of.npv), text)
        facts[f"{name}_range"], facts[f"{name}_word"] = signed_range(of.npv, text), text(f"verdict.word.{of.call}")
    return text("scenarios.ran.line", **facts)


def comment_line(mark: Mark, text: Text) -> str:
    """Return who said something and when."""
    return text("scenarios.comment.line", who=person(mark.who, text), when=text.moment(mark.at))


def person(who: str, text: Text) -> str:
    """Return who did something; of whom nothing is known in words."""
    return marked_name(shown(who), text) if who else text("scenarios.somebody")


def marked_name(name: str, text: Text) -> str:
    """Return a name between marks of its own direction and of the sentence's: brackets at its end stay with it, a figure after it does not.

    >>> marked_name("Plan (2)", Text("ar")) == "\u200f\u200ePlan (2)\u200e\u200f"
    True
    """
    own, around = "\u200f" if _ARABIC.search(name) else "\u200e", "\u200f" if text.direction == "rtl" else "\u200e"
    return name if own == around else f"{around}{own}{name}{own}{around}"


def version_number(data_version: str, text: Text) -> str:
    """Return how people call a version of the data: by its number."""
    number = data_version.partition("-")[0]
    return text.number(int(number)) if number.isdecimal() else shown(data_version, 30) or text("report.none")


def _done(what: str, text: Text) -> str:
    return text(f"scenarios.history.done.{what.replace(' ', '_')}")


def _incomparable(figures: Sequence[KeptFigures]) -> bool:
    return len({(of.currency, of.horizon_months) for of in figures}) > 1


def _caution(known: Sequence[SavedScenario], moved: Moved, text: Text) -> str:
    stale = sum(bool(moved.get(one.id)) for one in known)
    told = [one.kept.figures for one in known if one.kept.figures is not None]
    parts = [text("scenarios.stale", count=stale)] if stale else []
    parts += [text("scenarios.incomparable")] if _incomparable(told) else []
    return " ".join(parts)
