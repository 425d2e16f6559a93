"""The moves that a verdict asks for, in their order: divide the same budget better, the safe step, then what a pilot should prove."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cxroi.model.decision.allocation import Allocation, Move
from cxroi.model.decision.steps import Step
from cxroi.model.decision.verdict import SIDES, Call
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions import BusinessCase
from cxroi.text import Text
from cxroi.view.decide.horizons import horizon_words
from cxroi.view.decide.pilot_proposal import pilot_sentence
from cxroi.view.decide.what_changes import change_of_case
from cxroi.view.figure import deserved_step, in_a_hundred, money, segment_name, signed_money, signed_range
from cxroi.view.ranged import RangeBar, range_bar

_NOTEWORTHY = 0.02  # of the budget: a smaller move between segments is not drawn
_MOST_ROWS = 6


@dataclass(frozen=True, kw_only=True)
class Shift:
    """What one segment spends today and would: `name` is as the data say it and to be escaped; places on a line from 0 to 1."""

    name: str
    today: str
    proposed: str
    today_at: float
    proposed_at: float

    @property
    def rises(self) -> bool:
        """Return whether more is proposed than today."""
        return self.proposed_at >= self.today_at


@dataclass(frozen=True, kw_only=True)
class BoardMove:
    """One move: what, what it is worth, and what to know of it."""

    name: str
    gain: str
    note: str
    words: str = ""
    shifts: tuple[Shift, ...] = ()
    bar: RangeBar | None = None  # of what it is worth against today


@dataclass(frozen=True, kw_only=True)
class Moves:
    """The moves, in the order in which to make them."""

    title: str
    caption: str
    moves: tuple[BoardMove, ...]


def moves_of(case: BusinessCase, allocation: Allocation | None, text: Text) -> Moves:
    """Return the moves: divide the same budget better, take the safe step, then prove what goes further."""
    verdict, found = case.verdict, []
    if allocation is not None and worth_moving(case, allocation):
        found.append(_division(case, allocation, text))
    if not verdict.capped:
        safe, best = verdict.safe_step, verdict.best_step
        if (
            safe.way != "stay" and verdict.call is not Call.ABOUT_RIGHT
        ):  # which says that no change of the total matters
            found.append(_step(safe, "safe", case, text))
        if verdict.call in SIDES and _goes_further(best, safe):
            found.append(_further(best, safe, case, text))
    if verdict.call is Call.NOT_ENOUGH_EVIDENCE and not verdict.capped:
        found += _until_known(case, text)
    if not found:
        name = text("board.move.repair" if verdict.capped else "board.move.stay")
        found.append(BoardMove(name=name, gain="", note="", words=change_of_case(case, text)))
    counted = text("board.moves.title", count=len(found))
    caption = text("board.moves.caption", horizon=horizon_words(case.scenario, text)) if len(found) > 1 else ""
    return Moves(title=counted, caption=caption, moves=tuple(found))


def _until_known(case: BusinessCase, text: Text) -> list[BoardMove]:
    """Return what to do about an open verdict: the pilot where one is worth its cost, else the small step, if there is one."""
    verdict, pilot = case.verdict, case.verdict.pilot
    if pilot is not None and pilot.is_worth_its_cost:
        worth = money(verdict.value_of_information, case.currency, text)
        sentence = pilot_sentence(pilot, case.currency, text)
        return [
            BoardMove(name=text("board.move.pilot"), gain=worth, note=text("board.move.pilot_note"), words=sentence)
        ]
    if verdict.direction is None:
        return []
    loss = text("board.move.loss", last=in_a_hundred(verdict.direction.probability_of_loss, text))
    words = f"{loss} {pilot_sentence(pilot, case.currency, text)}"
    return [replace(_step(verdict.direction, "small", case, text), words=words)]


def worth_moving(case: BusinessCase, allocation: Allocation | None) -> bool:
    """Return whether money should move between segments: some give, some take, and what that gains matters.

    Nothing is said of it where a check caps the verdict: its figures are of the same data.
    """
    if allocation is None or case.verdict.capped or allocation.gain.mid < case.verdict.materiality:
        return False
    changes = [move.spend - move.today_spend for move in allocation.moves if _is_noteworthy(move, allocation)]
    return bool(changes) and min(changes) < 0 < max(changes)


def _is_noteworthy(move: Move, allocation: Allocation) -> bool:
    return abs(move.spend - move.today_spend) > _NOTEWORTHY * allocation.today_spend


def _division(case: BusinessCase, allocation: Allocation, text: Text) -> BoardMove:
    moves = sorted(allocation.moves, key=lambda move: move.spend - move.today_spend)
    moves = [move for move in moves if _is_noteworthy(move, allocation)]
    kept = sorted(moves, key=lambda move: -abs(move.spend - move.today_spend))[:_MOST_ROWS]
    most = 1.08 * max(max(move.spend, move.today_spend) for move in kept)
    shifts = tuple(
        Shift(
            name=segment_name(move.segment, text),
            today=money(move.today_spend, "", text),
            proposed=money(move.spend, "", text),
            today_at=move.today_spend / most,
            proposed_at=move.spend / most,
        )
        for move in moves
        if move in kept
    )
    return BoardMove(
        name=text("board.move.divide"),
        gain=signed_money(allocation.gain.mid, case.currency, deserved_step(allocation.gain), text),
        note=text("board.move.divide_note", range=signed_range(allocation.gain, text)),
        words=text("board.move.divide_words"),
        shifts=shifts,
    )


def _step(step: Step, kind: str, case: BusinessCase, text: Text) -> BoardMove:
    change = text(
        f"board.move.a_month_{step.way}",
        amount=money(abs(step.spend - case.verdict.today_spend), case.currency, text),
    )
    return BoardMove(
        name=text(f"board.move.{kind}_{step.way}", level=text.percent(step.level_percent / 100, 0)),
        gain=_rounded(step.expected_npv, case, text),
        note=text("board.move.ranged", change=change, range=signed_range(_range_of(step, case), text)),
        bar=range_bar(_range_of(step, case), beside=_beside(case)),
        words=text(
            "board.move.safe_words",
            loss=in_a_hundred(step.probability_of_loss, text),
            least=_rounded(step.npv_p10, case, text),
        ),
    )


def _range_of(step: Step, case: BusinessCase) -> Interval:
    """Return what a step is worth against today, with the 90% range of the curve at its level."""
    curve, worth = case.curve, step.expected_npv
    low, high = (float(np.interp(step.level_percent, curve.level_percent, ends)) for ends in (curve.low, curve.high))
    return Interval(low=min(low, worth), mid=worth, high=max(high, worth))


def _beside(case: BusinessCase) -> list[Interval]:
    """Return the ranges that share one line: those of the steps that may be told, so that their bars can be compared."""
    steps = (case.verdict.safe_step, case.verdict.direction or case.verdict.best_step)
    return [_range_of(step, case) for step in steps if step.way != "stay"]


def _rounded(amount: float, case: BusinessCase, text: Text) -> str:
    """Return what a step is worth, no finer than the plan's own worth is known; to three figures where that would leave nothing."""
    step = deserved_step(case.outcome.npv)
    return signed_money(amount, case.currency, step if abs(amount) >= step else 0.0, text)


def _goes_further(best: Step, safe: Step) -> bool:
    """Return whether the best step lies beyond the safe one, on its side or where none is safe yet."""
    if best.way == "stay" or safe.way not in ("stay", best.way):
        return False
    return abs(best.level_percent - 100) > abs(safe.level_percent - 100)


def _further(best: Step, safe: Step, case: BusinessCase, text: Text) -> BoardMove:
    after = safe.way != "stay"
    start = safe.spend if after else case.verdict.today_spend
    first, last = (in_a_hundred(step.probability_of_loss, text) for step in (safe, best))
    rises = after and first != last
    words = [text("board.move.loss_from_to", first=first, last=last) if rises else text("board.move.loss", last=last)]
    if case.verdict.pilot is not None and case.verdict.pilot.is_worth_its_cost:
        words.append(pilot_sentence(case.verdict.pilot, case.currency, text))
    else:
        words.append(text("board.move.prove_words"))
    change = text(f"board.move.a_month_{best.way}", amount=money(abs(best.spend - start), case.currency, text))
    more = _rounded(best.expected_npv - (safe.expected_npv if after else 0.0), case, text)
    return BoardMove(
        name=text(f"board.move.prove_{best.way}", level=text.percent(best.level_percent / 100, 0)),
        gain=text("board.move.on_top", gain=more) if after else more,
        note=text(
            "board.move.ranged_in_all" if after else "board.move.ranged",
            change=change,
            range=signed_range(_range_of(best, case), text),
        ),
        bar=range_bar(_range_of(best, case), beside=_beside(case)),
        words=" ".join(words),
    )
