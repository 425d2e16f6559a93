"""The questions about satisfaction: what customers say, who was heard, and what goes with leaving or ordering again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cxroi.access.roles import EDITOR
from cxroi.errors import StoreError
from cxroi.model.company.panel import Panel
from cxroi.model.customers.after_answer import AfterAnswers, Course, follow_answers
from cxroi.model.satisfaction.comment_themes import FEWEST as FEWEST_COMMENTS
from cxroi.model.satisfaction.comment_themes import (
    MOST_WORDS,
    STOP_WORDS,
    Themes,
    WordCounts,
    distinctive_words,
    gather_themes,
    safe_quote,
)
from cxroi.model.satisfaction.drivers import Drivers, measure_drivers
from cxroi.model.satisfaction.perception import Estimate
from cxroi.model.satisfaction.service import CONFIDENCE as SERVICE_CONFIDENCE
from cxroi.model.satisfaction.service import ContactCounts, Service, service_lines
from cxroi.model.satisfaction.survey import (
    AnswerCounts,
    Coverage,
    ScoreChange,
    ScoreLine,
    SurvivorCheck,
    score_changes,
    score_courses,
    score_lines,
    score_moves,
)
from cxroi.model.statistics.proportion import critical_value
from cxroi.questions.data import OpenVersion
from cxroi.questions.slice import Slice
from cxroi.questions.small_groups import for_role

if TYPE_CHECKING:
    from cxroi.store.engine.engine import Engine

SURVIVOR_MEANS = ("before", "before_stayed", "after", "standard_error")
MOST_ANSWERS = 200_000  # the newest; more would change nothing that is shown


@dataclass(frozen=True, kw_only=True)
class MetricSurvivors:
    """Whether a metric rose only because unhappy customers left: the check, and the counts behind it."""

    metric: str
    check: SurvivorCheck
    answers: int
    left_since: int


@dataclass(frozen=True, kw_only=True)
class Scores:
    """What customers answered: by what they were asked about, how it changed, and whether those heard stand for all."""

    lines: tuple[ScoreLine, ...]
    changes: tuple[ScoreChange, ...]
    months: tuple[ScoreLine, ...]  # of every month of the data, whatever months are asked about
    courses: tuple[ScoreChange, ...]  # from the first of these to the last
    heard: Coverage
    survivors: tuple[MetricSurvivors, ...]


def ask_scores(data: OpenVersion, of: Slice | None = None) -> Scores:
    """Return the scores of a part of a version, and how they changed: against as many months before, or, of all months, year on year.

    Raises StoreError where there are no answers.
    """
    asked = of or Slice()
    return data.kept("scores", lambda: _scores(data, asked), asked)


def _scores(data: OpenVersion, of: Slice) -> Scores:
    counts = _answer_counts(data.engine, of)
    if not counts:
        raise StoreError("scores.none" if of == Slice() else "scores.none_here")
    every_month = counts if of.months is None else _every_month(data.engine, of)
    return Scores(
        lines=score_lines(counts),
        changes=score_changes(counts)
        if of.before is None
        else score_moves(_answer_counts(data.engine, of.before), counts),
        months=_by_month(every_month),
        courses=score_courses(every_month),
        heard=_coverage(data.engine, of),
        survivors=_survivors(data.engine, of),
    )


def ask_score_months(data: OpenVersion, of: Slice) -> tuple[ScoreLine, ...]:
    """Return the scores of every month, whatever months are asked about."""
    return _by_month(_every_month(data.engine, of))


def ask_drivers(
    data: OpenVersion, of: Slice | None = None, *, within_months: int = 3, outcome: str | None = None
) -> Drivers:
    """Return which touchpoints go with `outcome` ("left" or "ordered_again", by default what the data are about).

    Of one touchpoint its own link is told, beside the others all the same: what customers think of these is held equal, and shares
    are of all. Raises StoreError where there are no answers or none that can be followed, ModelError where they are too few or all alike.
    """
    if "surveys" not in data.version.tables:
        raise StoreError("scores.none")
    of = of or Slice()
    every = replace(of, touchpoint=None)
    found = data.kept("drivers", lambda: _drivers(data, every, within_months, outcome), every, within_months, outcome)
    own = tuple(one for one in found.drivers if of.touchpoint in (None, one.touchpoint))
    return replace(found, drivers=own)


def _drivers(data: OpenVersion, of: Slice, within_months: int, outcome: str | None) -> Drivers:
    panel = data.panel_without_costs
    seen = data.engine.query(
        "driver_observations",
        **of.days,
        segment=of.segment,
        channel=of.channel,
        as_of=panel.last_day,
        within_months=within_months,
        limit=MOST_ANSWERS,
    )
    if not seen["is_complete"].any():
        raise StoreError(f"drivers.{'too_late' if len(seen) else 'unlinked'}", months=within_months)
    outcome = outcome or ("ordered_again" if panel.source == "orders" else "left")
    if outcome == "ordered_again":
        seen["event"] = seen["ordered_again"]
    spend = _touchpoint_spend(data.engine, of)
    return measure_drivers(seen[seen["is_complete"]], spend=spend, outcome=outcome, within_months=within_months)


def ask_after_answers(data: OpenVersion, of: Slice | None = None, *, within_months: int = 12) -> AfterAnswers:
    """Return what customers of each score band did in the months after their answer: left, or (of orders only) ordered again.

    Raises StoreError where there are no answers or nothing is known of customers.
    """
    if "surveys" not in data.version.tables:
        raise StoreError("scores.none")
    of, panel = of or Slice(), data.panel_without_costs
    return data.kept("after-answers", lambda: _after_answers(data, of, panel, within_months), of, within_months)


def _after_answers(data: OpenVersion, of: Slice, panel: Panel, within_months: int) -> AfterAnswers:
    found = data.engine.query(
        "after_answers", **of.days, **of.values, as_of=panel.last_day, within_months=within_months
    )
    found = found.astype(object).where(found.notna(), None)
    if "contacts" not in data.version.tables:  # then nobody is known to have been in touch
        found = found[found["band"] != "unheard"]
    contacts = data.engine.query("contact_months")
    costed = int(contacts["contacts_costed"].sum())
    return follow_answers(
        (Course(**{str(name): cell for name, cell in row.items()}) for row in found.to_dict("records")),
        outcome="ordered_again" if panel.source == "orders" else "left",
        within_months=within_months,
        spend_known=float(found["spend"].sum()) > 0,
        currency=panel.currency,
        cost_scale=int(contacts["contacts"].sum()) / costed if costed else None,
    )


def ask_service(data: OpenVersion, of: Slice | None = None) -> tuple[Service, ...]:
    """Return how support contacts went, by channel and touchpoint, against as many months before. Raises StoreError where there are none."""
    asked = of or Slice()
    return data.kept("service", lambda: _service(data, asked), asked)


def _service(data: OpenVersion, of: Slice) -> tuple[Service, ...]:
    counts = _contact_counts(data.engine, of)
    if not counts:
        raise StoreError("satisfaction.service.none" if of == Slice() else "satisfaction.service.none_here")
    return service_lines(counts, _contact_counts(data.engine, of.before) if of.before else ())


def _contact_counts(engine: Engine, of: Slice) -> list[ContactCounts]:
    z = critical_value(SERVICE_CONFIDENCE)
    rows = engine.query("contact_service", **of.days, **of.values, z=z).to_dict("records")
    return [ContactCounts(**{str(name): cell for name, cell in row.items()}) for row in rows]


def ask_estimates(data: OpenVersion, of: Slice, metric: str) -> dict[str, Estimate]:
    """Return what managers think the scores of a metric are, as it was uploaded until the end of what is looked at, by touchpoint in small letters."""
    if "estimates" not in data.version.tables:
        return {}
    rows = data.engine.query("manager_estimates", last_on=of.days["last_on"])
    return {
        str(row["touchpoint"]).casefold(): Estimate(
            score=row["estimate"] / 100, low=row["low"] / 100, high=row["high"] / 100, count=int(row["estimates"])
        )
        for row in rows[rows["metric"] == metric].to_dict("records")
    }


def ask_comment_languages(data: OpenVersion) -> tuple[str, ...]:
    """Return the languages in which comments are written, as answers say it, the commonest first."""
    return tuple(data.engine.query("comment_languages", fewest=FEWEST_COMMENTS)["language"])


def ask_themes(data: OpenVersion, of: Slice | None = None, language: str | None = None) -> Themes:
    """Return what happy and unhappy customers write about, in one language (as answers say it) or all. Raises StoreError where there are no comments."""
    of = of or Slice()
    rows = data.engine.query(
        "comment_words",
        **of.days,
        **of.values,
        written_in=language,
        fewest=FEWEST_COMMENTS,
        without=" ".join(sorted(STOP_WORDS)),
    ).to_dict("records")
    counts = [WordCounts(**{str(name): cell for name, cell in row.items()}) for row in rows]
    if not counts:
        raise StoreError("satisfaction.comments.none")
    words, _ = distinctive_words(counts)
    pairs = data.engine.query("comment_pairs", words=" ".join(one.counts.word for one in words[:MOST_WORDS]))
    together = {(str(row["word"]), str(row["other"])): int(row["comments"]) for row in pairs.to_dict("records")}
    return gather_themes(counts, together)


@for_role(EDITOR)
def ask_quotes(
    data: OpenVersion, of: Slice, themes: Themes, language: str | None = None
) -> dict[tuple[bool, str], str]:
    """Return one comment a theme, made safe, by side and first word. They are for the screen alone: nothing keeps them on a disk."""
    found = {}
    for happy in (False, True):
        keys = " ".join(theme.key for theme in themes.of(happy=happy))
        quotes = data.engine.query(
            "comment_quotes", words=keys, happy=happy, written_in=language, **of.days, **of.values
        )
        for row in quotes.to_dict("records"):
            found[happy, str(row["word"])] = safe_quote(str(row["comment"]))
    return found


def _touchpoint_spend(engine: Engine, of: Slice) -> dict[str, float] | None:
    """Return spend by touchpoint over these months, of all segments; None where the ledger names none, or mixes currencies."""
    spend = engine.query("touchpoint_spend", **of.days)
    if spend.empty or spend["currency"].nunique(dropna=False) > 1:
        return None
    return {str(row["touchpoint"]): float(row["amount"]) for row in spend.to_dict("records")}


def _answer_counts(engine: Engine, of: Slice) -> list[AnswerCounts]:
    rows = engine.query("score_groups", **of.days, **of.values).to_dict("records")
    return [AnswerCounts(**{str(name): cell for name, cell in row.items()}) for row in rows]


def _every_month(engine: Engine, of: Slice) -> list[AnswerCounts]:
    return _answer_counts(engine, replace(of, first=None, last=None))


def _by_month(counts: list[AnswerCounts]) -> tuple[ScoreLine, ...]:
    return score_lines(one for one in counts if one.dimension == "month")


def _coverage(engine: Engine, of: Slice) -> Coverage:
    row = engine.query("score_coverage", **of.days, **of.values).iloc[0]
    return Coverage(
        customers_rate=float(row["heard"] / row["customers"]) if row["customers"] else None,
        revenue_rate=float(row["revenue_heard"] / row["revenue"]) if row["revenue"] > 0 else None,
    )


def _survivors(engine: Engine, of: Slice) -> tuple[MetricSurvivors, ...]:
    months = {
        "earlier_from": of.before.first if of.before else None,
        "later_from": of.first if of.before else None,
        "later_to": of.days["last_on"],
    }
    return tuple(
        MetricSurvivors(
            metric=str(row["metric"]),
            check=SurvivorCheck.of_means(*(row[name] for name in SURVIVOR_MEANS)),
            answers=int(row["answers"]),
            left_since=int(row["left_since"]),
        )
        for row in engine.query("score_survivors", **months, **of.values).to_dict("records")
    )
