"""Five sentences that a chief executive can read aloud: the verdict, the money, how certain, the main risk, and the next step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cxroi.model.decision.allocation import Allocation
from cxroi.model.decision.verdict import Call
from cxroi.questions import BusinessCase
from cxroi.text import Text
from cxroi.view.decide.board import Board, act_sentence, board, rests_on_own
from cxroi.view.decide.horizons import horizon_words
from cxroi.view.decide.verdict import with_hurdle, wrong_sentence
from cxroi.view.decide.what_changes import capping_check, change_of_case
from cxroi.view.figure import deserved_step, in_a_hundred, money
from cxroi.view.share.story import Provenance, provenance


@dataclass(frozen=True, kw_only=True)
class BoardSummary:
    """The sentences in the order in which they are read, and where their figures come from."""

    verdict: str
    money: str
    certainty: str
    risk: str
    next_step: str
    provenance: Provenance

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return all of them."""
        return self.verdict, self.money, self.certainty, self.risk, self.next_step


def board_summary(
    case: BusinessCase,
    bare: BusinessCase,
    allocation: Allocation,
    text: Text,
    *,
    made: datetime,
    name: str = "",
    id: str = "",
) -> BoardSummary:
    """Return the summary of a case in the words of its first screen; `bare`, `allocation`, `name`, `id` and `made` are as for its story."""
    text = text.counting(case.currency)
    screen = board(case, bare, allocation, text)
    return BoardSummary(
        verdict="".join(screen.title),
        money=_money(case, bare, text),
        certainty=_certainty(bare, screen, text, aside=case.asked != bare.asked),
        risk=_risk(bare, text),
        next_step=_next_step(screen, text),
        provenance=provenance(case, text, made=made, name=name, id=id),
    )


def _money(case: BusinessCase, bare: BusinessCase, text: Text) -> str:
    """Return what the evidence's act is worth or, of a plan of the reader's own, what that plan is; none of data that fail a check."""
    if check := capping_check(bare.verdict, text):
        return text("summary.money_capped", check=check)
    horizon = horizon_words(case.scenario, text)
    if case.asked != bare.asked:
        npv = case.outcome.npv
        kind = "plan_gains" if npv.mid >= 0 else "plan_loses"
        told = text(
            f"summary.{kind}",
            spend=money(case.verdict.today_spend * case.level_percent / 100, case.currency, text),
            amount=text.money(abs(npv.mid), case.currency, step=deserved_step(npv)),
            loss=in_a_hundred(case.outcome.probability_of_loss, text),
            horizon=horizon,
        )
        return text("summary.if_it_holds", told=_within(told)) if rests_on_own(case) else told
    if bare.verdict.call is Call.NOT_ENOUGH_EVIDENCE:
        worth = money(bare.verdict.value_of_information, bare.currency, text)
        return text("summary.money_open", information=worth, horizon=horizon)
    return with_hurdle(act_sentence(bare, text), bare.scenario.hurdle_net_return, text, amounts=True)


def _certainty(bare: BusinessCase, screen: Board, text: Text, *, aside: bool) -> str:
    """Return both chances of the first screen with the grade of the evidence; of data that fail a check, none. `aside`: a plan of the
    reader's own was told before, whose chance is another."""
    grade = bare.verdict.grade.value
    evidence = {"grade": grade, "name": text(f"verdict.grade.{grade}.name")}
    if not screen.chances:
        return text("summary.certainty_capped", **evidence)
    first, second = screen.chances
    return text(
        "summary.certainty_aside" if aside else "summary.certainty",
        first=first.value,
        first_words=first.words,
        second=second.value,
        second_words=second.words,
        **evidence,
    )


def _risk(bare: BusinessCase, text: Text) -> str:
    if bare.verdict.capped:
        return text("summary.risk_capped")
    if bare.verdict.call is Call.NOT_ENOUGH_EVIDENCE:
        return text("summary.risk_open", wrong=_within(wrong_sentence(bare.verdict, bare.currency, text)))
    return text("summary.risk", change=_within(change_of_case(bare, text)))


def _within(sentence: str) -> str:
    """Return a sentence as it goes on after a colon."""
    return sentence[:1].lower() + sentence[1:]


def _next_step(screen: Board, text: Text) -> str:
    first = screen.moves.moves[0]
    if screen.call == Call.NOT_ENOUGH_EVIDENCE or not first.gain:  # whose worth is that of knowing, or nothing
        return text("summary.next_step", move=first.name)
    return text("summary.next_step_worth", move=first.name, gain=first.gain)
