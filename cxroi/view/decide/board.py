"""The first screen as a board reads it: the verdict as a sentence, what to do and what it is worth, how likely, then the moves in order."""

from __future__ import annotations

from dataclasses import dataclass, fields

from cxroi.model.decision.allocation import Allocation
from cxroi.model.decision.health import Status
from cxroi.model.decision.verdict import SIDES, Call
from cxroi.model.scenario import OF_THE_PLAN, Scenario
from cxroi.questions import BusinessCase
from cxroi.text import Text
from cxroi.view.decide.horizons import beside_sentence, horizon_words
from cxroi.view.decide.moves import Moves, moves_of, worth_moving
from cxroi.view.decide.plan_figures import paid_back_figure, stay_figure, worth_figure
from cxroi.view.decide.verdict import with_hurdle
from cxroi.view.decide.what_changes import capping_check, change_of_case
from cxroi.view.figure import deserved_step, money, probability
from cxroi.view.ranged import RangedFigure

GRADES = "ABCDEF"
_ASSUMED = (
    "retention_uplift_pp",
    "support_cost_change_percent",
    "spend_uplift_percent",
)  # what evidence says otherwise
_SETTINGS = frozenset({"currency"})  # not an assumption about the plan


@dataclass(frozen=True, kw_only=True)
class Chance:
    """A probability as words and, `share` of them filled, as a row of dots; `look` is "call" or "loss"."""

    value: str
    words: str
    share: float
    look: str


@dataclass(frozen=True, kw_only=True)
class Trust:
    """How far the verdict can be trusted: the ladder of evidence with today's rung, and what would change it."""

    title: str
    grades: str
    grade: str
    name: str
    words: str
    change_label: str
    change: str


@dataclass(frozen=True, kw_only=True)
class Board:
    """The first screen. `title` is the sentence before, the word that decides, and the sentence after."""

    call: str
    kicker: str
    title: tuple[str, str, str]
    lead: str
    beside: str  # what another way to count would say, where it is another verdict
    chances: tuple[Chance, ...]
    plan: str
    figures: tuple[RangedFigure, ...]
    moves: Moves
    trust: Trust
    own: str  # how many assumptions are the reader's own; "" where none is


def board(case: BusinessCase, bare: BusinessCase, allocation: Allocation | None, text: Text) -> Board:
    """Return the first screen of a case.

    `bare` is the case of the same prices and horizon whose plan is the evidence's own: what is said of today's spend and of the
    moves is its; only the figures are of the reader's plan. `allocation` divides today's budget between segments, None where there
    are none.
    """
    text = text.counting(case.currency)
    before, _, after = text(f"board.title.{case.verdict.call}", word="\0").partition("\0")
    months = case.panel.months
    first, last = (text.month(month.astype("datetime64[D]").item()) for month in (months[0], months[-1]))
    return Board(
        call=case.verdict.call.value,
        kicker=text("board.kicker", horizon=horizon_words(case.scenario, text), first=first, last=last),
        title=(before, text(f"board.word.{case.verdict.call}"), after),
        lead=with_hurdle(_lead(bare, allocation, text), case.scenario.hurdle_net_return, text, amounts=True),
        beside=beside_sentence(bare, text),
        chances=_chances(bare, text),
        plan=_plan(case, text),
        figures=_figures(case, text),
        moves=moves_of(bare, allocation, text),
        trust=_trust(bare, text),
        own=_own(case.asked, text),
    )


def act_sentence(case: BusinessCase, text: Text) -> str:
    """Return the act that the evidence asks for and its money; of data that fail a check, that they do."""
    verdict, outcome = case.verdict, case.outcome
    spend, worth = _act(case)
    step = deserved_step(outcome.npv) if verdict.call in SIDES else 0.0
    facts = {
        "today": money(verdict.today_spend, case.currency, text),
        "best": money(spend, case.currency, text),
        "gain": text.money(abs(worth), case.currency, step=step) if step else money(worth, case.currency, text),
        "materiality": money(verdict.materiality, case.currency, text),
        "horizon": horizon_words(case.scenario, text),
        "information": money(verdict.value_of_information, case.currency, text),
    }
    if check := capping_check(verdict, text):
        return text("board.lead.capped", check=check)
    return text(f"board.lead.{verdict.call}", **facts)


def _act(case: BusinessCase) -> tuple[float, float]:
    """Return the spend a month that is spoken of, and what it is worth: of a side the evidence's plan, which stays inside what was tried."""
    verdict = case.verdict
    if verdict.call in SIDES:
        return verdict.today_spend * case.level_percent / 100, case.outcome.npv.mid
    return verdict.best_step.spend, verdict.best_step.expected_npv


def _lead(case: BusinessCase, allocation: Allocation | None, text: Text) -> str:
    """Return the act and the money, and that money should move between segments too, or first where that gains more."""
    verdict, told = case.verdict, [act_sentence(case, text)]
    if verdict.capped:
        return told[0]
    if verdict.call in SIDES and verdict.best_step.beyond_data:
        told.append(text("board.lead.beyond", best=money(verdict.best_step.spend, case.currency, text)))
    if allocation is not None and worth_moving(case, allocation) and verdict.call is not Call.NOT_ENOUGH_EVIDENCE:
        told.append(text("board.lead.move_first" if allocation.gain.mid > _act(case)[1] else "board.lead.move_too"))
    return " ".join(told)


def _chances(case: BusinessCase, text: Text) -> tuple[Chance, ...]:
    """Return the two chances that a board asks for: of the next bit of spend and of the whole step, or of either side."""
    verdict = case.verdict
    if verdict.capped:
        return ()
    named = [("above", verdict.stated.best_above, "call"), ("below", verdict.stated.best_below, "call")]
    if verdict.call in SIDES:
        more, loss = verdict.call is Call.UNDER_INVESTED, case.outcome.probability_of_loss
        share = verdict.stated.more_pays if more else 1 - verdict.stated.more_pays
        named = [
            ("more_pays" if more else "more_fails", share, "call"),
            ("step_loses" if more else "cut_loses", loss, "loss"),
        ]
    return tuple(
        Chance(value=probability(share, text), words=text(f"board.chance.{name}"), share=share, look=look)
        for name, share, look in named
    )


def _plan(case: BusinessCase, text: Text) -> str:
    """Return which plan the figures are of."""
    level = case.level_percent
    spend = money(case.verdict.today_spend * level / 100, case.currency, text)
    return text(
        "board.plan_own" if rests_on_own(case) else "board.plan", spend=spend, level=text.percent(level / 100, 0)
    )


def rests_on_own(case: BusinessCase) -> bool:
    """Return whether the plan rests on something typed in where the evidence has an answer of its own."""
    return any(getattr(case.asked, name) is not None for name in _ASSUMED)


def _figures(case: BusinessCase, text: Text) -> tuple[RangedFigure, ...]:
    of, today = case.outcome, case.baseline.whole.annual_retention_rate.mid
    return (
        worth_figure(of.npv, case.currency, text),
        paid_back_figure(of, case.scenario.horizon_months, text),
        stay_figure(of.plan_uplift_pp, today, text),
    )


def _trust(case: BusinessCase, text: Text) -> Trust:
    grade = case.verdict.grade.value
    passed = sum(check.status is Status.PASS for check in case.health)
    months, segments = len(case.panel.months), len(case.baseline.segments)
    return Trust(
        title=text("board.trust.title"),
        grades=GRADES,
        grade=grade,
        name=text("board.trust.name", grade=grade, name=text(f"verdict.grade.{grade}.name")),
        words=" ".join(
            (
                text("board.trust.months", months=text.months(months), segments=text.number(segments, 0)),
                text("board.trust.checks", passed=passed, count=len(case.health)),
                text(f"verdict.grade.{grade}.meaning"),
            )
        ),
        change_label=text("verdict.change.label"),
        change=change_of_case(case, text),
    )


def _own(asked: Scenario, text: Text) -> str:
    """Return how many assumptions are the reader's own: of the plan, which no verdict rests on, and those that it does rest on."""
    bare = Scenario()
    own = {one.name for one in fields(Scenario) if getattr(asked, one.name) != getattr(bare, one.name)} - _SETTINGS
    counts = {"own": len(own.intersection(OF_THE_PLAN)), "own_terms": len(own.difference(OF_THE_PLAN))}
    return " ".join(text(f"board.{kind}", count=count) for kind, count in counts.items() if count)
