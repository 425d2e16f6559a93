"""The verdict in words: one sentence for a terminal or a slide, and the card that an executive reads in ten seconds."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cxroi.business_case import BusinessCase
from cxroi.model.verdict import Call, Verdict
from cxroi.text import Text
from cxroi.view.figure import money, money_range, points_range, probability
from cxroi.view.pilot_proposal import pilot_sentence

# A probability at or above each bound is called so; the words for small ones mirror those for large ones.
_LIKELIHOOD = (
    (0.99, "almost_certain"),
    (0.9, "very_likely"),
    (0.8, "likely"),
    (0.6, "rather_likely"),
    (0.4, "open"),
    (0.2, "rather_unlikely"),
    (0.1, "unlikely"),
    (0.01, "very_unlikely"),
    (0.0, "almost_excluded"),
)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One line of a card: what it is, how much, and what that is against."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class VerdictCard:
    """The verdict as a card: a call with its word, one sentence, at most five facts, and what would change it."""

    call: str  # the name of the look: colour and mark
    word: str
    lead: str
    facts: tuple[Fact, ...]
    aside: str  # segments whose calls differ from the whole's, or nothing
    change_label: str
    change: str


def direction_probability(verdict: Verdict) -> float:
    """Return the probability of what the call claims: that more pays, or for "over-invested" that it does not."""
    more = verdict.probability_more_pays
    return 1 - more if verdict.call is Call.OVER_INVESTED else more


def likelihood(probability_: float, text: Text) -> str:
    """Return a probability in words."""
    name = next(name for bound, name in _LIKELIHOOD if probability_ >= bound)
    return text(f"verdict.likelihood.{name}")


def verdict_sentence(verdict: Verdict, currency: str, text: Text, *, hurdle_net_return: float = 0.0) -> str:
    """Return the verdict as one passage: call, probability, spend, amount at stake, grade, and what would change it."""
    chance = direction_probability(verdict)
    check = _capping_check(verdict, text)
    sentence = text(
        "verdict.sentence.capped" if check else f"verdict.sentence.{verdict.call}",
        likelihood=likelihood(chance, text),
        probability=probability(chance, text),
        best=money_range(verdict.optimum_spend, currency, text),
        today=money(verdict.today_spend, currency, text),
        gain=money(verdict.gain_from_acting_now, currency, text),
        information=money(verdict.value_of_information, currency, text),
        materiality=money(verdict.materiality, currency, text),
        grade=verdict.grade.value,
        grade_name=text(f"verdict.grade.{verdict.grade.value}.name"),
        check=check,
        change=what_would_change(verdict, currency, text),
    )
    return with_hurdle(sentence, hurdle_net_return, text)


def with_hurdle(sentence: str, hurdle_net_return: float, text: Text) -> str:
    """Return a sentence on what pays, followed by the net return it was held to where that is more than nothing."""
    if hurdle_net_return <= 0:
        return sentence
    return f"{sentence.rstrip('.')}. {text('verdict.hurdle', hurdle=text.percent(hurdle_net_return, 0))}"


def what_would_change(verdict: Verdict, currency: str, text: Text) -> str:
    """Return the one thing that would change the call, as far as the verdict itself knows it."""
    check = _capping_check(verdict, text)
    if check:
        return text("verdict.change.check", check=check)
    if verdict.call is Call.NOT_ENOUGH_EVIDENCE:
        return pilot_sentence(verdict.pilot, currency, text)
    return _range_words("verdict.change.range_", verdict.spend_range, currency, text) or text("verdict.change.evidence")


def verdict_card(case: BusinessCase, text: Text) -> VerdictCard:
    """Return the card of the whole company's verdict."""
    verdict, currency = case.verdict, case.currency
    chance = direction_probability(verdict)
    check = _capping_check(verdict, text)
    lead = text(
        "verdict.lead.capped" if check else f"verdict.lead.{verdict.call}",
        likelihood=likelihood(chance, text),
        probability=probability(chance, text),
        gain=money(verdict.gain_from_acting_now, currency, text),
        materiality=money(verdict.materiality, currency, text),
        check=check,
    )
    return VerdictCard(
        call=verdict.call.value,
        word=text(f"verdict.word.{verdict.call}"),
        lead=with_hurdle(lead, case.scenario.hurdle_net_return, text),
        facts=_facts(case, text),
        aside=_aside(case, text),
        change_label=text("verdict.change.label"),
        change=_change_of_case(case, text),
    )


def _facts(case: BusinessCase, text: Text) -> tuple[Fact, ...]:
    verdict, currency = case.verdict, case.currency
    horizon = text.months(case.scenario.horizon_months)
    open_ = verdict.call is Call.NOT_ENOUGH_EVIDENCE
    stake = verdict.value_of_information if open_ else verdict.gain_from_acting_now
    little, much = (money(cost, currency, text) for cost in (verdict.cost_of_too_little, verdict.cost_of_too_much))
    grade = verdict.grade.value
    best = Fact(
        label=text("verdict.fact.best"),
        value=money_range(verdict.optimum_spend, currency, text),
        note=text("verdict.fact.best_note", today=money(verdict.today_spend, currency, text)),
    )
    worth = Fact(
        label=text("verdict.fact.information" if open_ else "verdict.fact.gain"),
        value=money(stake, currency, text),
        note=text("verdict.fact.gain_note", horizon=horizon),
    )
    wrong = Fact(
        label=text("verdict.fact.wrong"),
        value=text("verdict.fact.wrong_little", amount=little),
        note=text("verdict.fact.wrong_much", amount=much),
    )
    evidence = Fact(
        label=text("verdict.fact.grade"),
        value=text("verdict.fact.grade_value", grade=grade, name=text(f"verdict.grade.{grade}.name")),
        note=text(f"verdict.grade.{grade}.meaning"),
    )
    held = _range_words("verdict.", verdict.spend_range, currency, text)
    holds = Fact(label=text("verdict.fact.holds"), value=text("verdict.a_month", spend=held)) if held else None
    return tuple(fact for fact in (best, worth, wrong, holds, evidence) if fact is not None)


def _aside(case: BusinessCase, text: Text) -> str:
    """Return the segments' calls where any differs from the whole's: money may be moved where the total is right."""
    calls = [each.verdict.call for each in case.segments if len(case.segments) > 1]
    if all(call is case.verdict.call for call in calls):
        return ""
    counts = {text(f"verdict.word.{call}"): calls.count(call) for call in Call if call in calls}
    told = (text("verdict.aside.part", count=count, call=word) for word, count in counts.items())
    return text("verdict.aside.line", calls=text("chart.list_comma").join(told))


def _change_of_case(case: BusinessCase, text: Text) -> str:
    """Return what would change the call; a case knows the break-even, which says more than a range of spend."""
    verdict, outcome = case.verdict, case.outcome
    if verdict.call is not Call.UNDER_INVESTED or outcome.break_even_uplift_pp is None:
        return what_would_change(verdict, case.currency, text)
    needed = text("unit.points", value=text.number(outcome.break_even_uplift_pp, 1))
    return text("verdict.change.break_even", break_even=needed, uplift=points_range(outcome.plan_uplift_pp, text))


def _range_words(prefix: str, held: tuple[float, float] | None, currency: str, text: Text) -> str:
    """Word a range of spend whose ends may be open (0 below, infinity above); `prefix` ends the sentence's id."""
    low, high = held or (0.0, math.inf)
    if low <= 0 and math.isinf(high):
        return ""
    kind = "at_most" if low <= 0 else "at_least" if math.isinf(high) else "between"
    first, last = money(low, currency, text), "" if math.isinf(high) else money(high, currency, text)
    if prefix == "verdict." and kind == "between":
        return text.between(first, last)
    return text(prefix + kind, low=first, high=last)


def _capping_check(verdict: Verdict, text: Text) -> str:
    """Return the name of the failed health check that capped the verdict, or nothing."""
    name = f"health.{verdict.reason}.name"
    return text(name) if verdict.call is Call.NOT_ENOUGH_EVIDENCE and text.has(name) else ""
