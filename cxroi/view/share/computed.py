"""From a figure, chart or table of a page to how it is computed: its formulas, their assumptions, and the queries behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cxroi.questions.reads import queries_behind
from cxroi.text import Text
from cxroi.view.share.formulas import FORMULAS
from cxroi.view.share.method import FormulaRow, InUse, ShownTable, assumed, formula_lines, formula_row, table_lines


@dataclass(frozen=True, kw_only=True)
class Computed:
    """What stands behind something shown: formulas by id, and the questions that it answers ("package.module:function")."""

    formulas: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ComputedView:
    """How something shown is computed, in words. `queries` are names: those of its own first, then those of the monthly panel."""

    title: str
    formulas: tuple[FormulaRow, ...]
    assumptions: tuple[ShownTable, ...]
    queries_title: str
    queries_intro: str
    queries: tuple[str, ...]


_PANEL = "cxroi.questions.data:frame"
_EVIDENCE = ("cxroi.questions.gathering:evidence_of",)
_LINES = ("cxroi.questions.line_evidence:gather_lines",)
_PROMISES = ("cxroi.questions.promises:gather_programme",)
_WHERE = ("cxroi.questions.pilot_groups:ask_where_to_test",)
_DESIGN = ("cxroi.questions.pilots:plan_pilot",)
_MONTHS = ("cxroi.questions.customer_months:ask_customer_months",)
_STAYING = ("cxroi.questions.cohorts:ask_staying",)
_WORTH = ("cxroi.questions.customers:ask_customer_worth",)
_POINTS = ("cxroi.questions.customers:ask_retention_points",)
_SCORES = ("cxroi.questions.satisfaction:ask_scores",)
_STAFF = ("cxroi.questions.staff:ask_staff",)
_ESTIMATES = ("cxroi.questions.satisfaction:ask_estimates",)
_BESIDE = ("cxroi.questions.scenarios:ask_worth_beside",)
_AFTER = ("cxroi.questions.satisfaction:ask_after_answers",)
_DRIVERS = ("cxroi.questions.satisfaction:ask_drivers",)
_COSTS = ("cxroi.questions.costs:ask_costs",)
_BOOK = ("cxroi.questions.costs:ask_cost_book",)
_OUTLOOK = ("cxroi.questions.forecast:ask_outlook",)
_SHOWN = ("cxroi.questions.shown_evidence:ask_shown_evidence",)
_HISTORY = ("cxroi.questions.verdict_history:ask_verdict_history",)
_CURVE = ("carryover", "churn_response", "shapes", "likelihood", "posterior", "channels")
_VERDICT = ("best_side", "stated", "gain", "information", "wrong")
_ADVICE = ("sample_information", "information")

# Everything that a page shows, by the name that its part of the page draws it under (tests/view/share/test_computed.py).
COMPUTED: dict[str, Computed] = {
    "board": Computed(formulas=(*_VERDICT, "safe_step", "allocation"), questions=_EVIDENCE),
    "board_curve": Computed(formulas=(*_CURVE, "npv"), questions=_EVIDENCE),
    "horizons": Computed(formulas=("best_side", "residual", "break_even"), questions=_EVIDENCE),
    "verdict": Computed(formulas=(*_VERDICT, "acting", "safe_step", "break_even"), questions=_EVIDENCE),
    "channels": Computed(
        formulas=("channels", "budget_share", "level_shift", "feedback", "channel_money"), questions=_EVIDENCE
    ),
    "segments": Computed(formulas=("likelihood", "best_side", "stated", "gain"), questions=_EVIDENCE),
    "figures": Computed(
        formulas=("roi", "marginal_roi", "more_pays", "npv", "discount", "payback"), questions=_EVIDENCE
    ),
    "waterfall": Computed(
        formulas=("projection", "benefit", "overlap", "channel_money", "residual", "cost"), questions=_EVIDENCE
    ),
    "health": Computed(formulas=("posterior", "budget_share", "level_shift", "feedback"), questions=_EVIDENCE),
    "scenarios": Computed(formulas=("npv", "stated", "gain"), questions=_EVIDENCE),
    "beside": Computed(formulas=("worth_beside", "npv"), questions=(*_EVIDENCE, *_BESIDE)),
    "plans": Computed(formulas=("npv", "irr", "payback", "typed", "cost", "phased"), questions=_EVIDENCE),
    "cash_flow": Computed(formulas=("cost", "phased", "benefit", "payback"), questions=_EVIDENCE),
    "tornado": Computed(formulas=("tornado", "break_even", "information"), questions=_EVIDENCE),
    "division": Computed(
        formulas=("allocation", "allocation_steps", "marginal_roi", "lines"), questions=(*_EVIDENCE, *_LINES)
    ),
    "standings": Computed(
        formulas=("lines", "best_side", "stated", "realised", "shrinkage"), questions=(*_LINES, *_PROMISES)
    ),
    "touchpoints": Computed(formulas=("driver", "false_discovery", "impact_share"), questions=_DRIVERS),
    "segment_map": Computed(formulas=("clv", "tenure", "alive", "ratio"), questions=_WORTH),
    "customers": Computed(
        formulas=("churn", "retention", "luck_of_the_year", "clv", "retention_points"),
        questions=(*_MONTHS, *_WORTH, *_POINTS),
    ),
    "customer_flow": Computed(formulas=("panel_identity", "churn"), questions=_MONTHS),
    "active_customers": Computed(formulas=("panel_identity",), questions=_MONTHS),
    "cohort_map": Computed(formulas=("revenue_retention", "newcombe"), questions=_STAYING),
    "revenue-kept": Computed(formulas=("revenue_retention", "ratio"), questions=_STAYING),
    "retention-points": Computed(formulas=("retention_points", "retention", "clv"), questions=_POINTS),
    "customer-worth": Computed(formulas=("clv", "tenure", "ageing", "alive", "order_amount"), questions=_WORTH),
    "customer-serving": Computed(formulas=("ratio", "keeping"), questions=_MONTHS),
    "tenure_bars": Computed(formulas=("tenure",), questions=_STAYING),
    "scores": Computed(formulas=("nps", "wilson", "newcombe", "survivors"), questions=_SCORES),
    "score_months": Computed(formulas=("nps", "wilson"), questions=_SCORES),
    "score_ranges": Computed(formulas=("nps", "wilson", "newcombe"), questions=_SCORES),
    "stay_curves": Computed(formulas=("stays_after",), questions=_AFTER),
    "after-answers": Computed(formulas=("stays_after", "ratio"), questions=_AFTER),
    "service": Computed(
        formulas=("median_days", "wilson", "newcombe"), questions=("cxroi.questions.satisfaction:ask_service",)
    ),
    "themes": Computed(
        formulas=("themes", "false_discovery", "wilson"),
        questions=tuple(
            f"cxroi.questions.satisfaction:ask_{part}" for part in ("comment_languages", "themes", "quotes")
        ),
    ),
    "perception": Computed(formulas=("perception", "nps", "wilson"), questions=(*_SCORES, *_ESTIMATES)),
    "staff": Computed(formulas=("staff_link",), questions=_STAFF),
    "staff_months": Computed(formulas=("staff_link", "nps", "wilson"), questions=_STAFF),
    "costs": Computed(formulas=("ledger",), questions=(*_COSTS, *_BOOK)),
    "cost_months": Computed(formulas=("ledger",), questions=_COSTS),
    "cost_parts": Computed(formulas=("ledger",), questions=_COSTS),
    "cost_lines": Computed(formulas=("ledger",), questions=("cxroi.questions.costs:ask_cost_lines",)),
    "cost_budgets": Computed(formulas=("ledger",), questions=_COSTS),
    **{
        f"cost_{part}": Computed(formulas=("ledger",), questions=_BOOK)
        for part in ("book", "counted", "files", "shared", "converted")
    },
    "forecast": Computed(formulas=("smoothing", "forecast_width"), questions=_OUTLOOK),
    "forecast_months": Computed(formulas=("smoothing", "forecast_width"), questions=_OUTLOOK),
    "forecast_tried": Computed(formulas=("smoothing",), questions=_OUTLOOK),
    "forecast_everything": Computed(formulas=("smoothing", "forecast_width"), questions=_OUTLOOK),
    "forecast_targets": Computed(formulas=("forecast_width",), questions=_OUTLOOK),
    "fitted": Computed(formulas=("partial_residual", *_CURVE), questions=_SHOWN),
    "beliefs": Computed(formulas=("shapes", "channels", "posterior", "pilot"), questions=_SHOWN),
    "events": Computed(formulas=("events",), questions=_EVIDENCE),
    **{
        f"predictive-{outcome}": Computed(formulas=("predictive",), questions=_SHOWN)
        for outcome in ("churn", "margin", "support", "joins")
    },
    "survival": Computed(formulas=("best_side", "stated", "posterior"), questions=_EVIDENCE),
    "links": Computed(formulas=("likelihood", "channels", "pilot"), questions=_EVIDENCE),
    "verdicts": Computed(formulas=_VERDICT, questions=_HISTORY),
    "programme-answer": Computed(formulas=("shrinkage", "realised", "roi"), questions=_PROMISES),
    "promises": Computed(formulas=("realised", "shrinkage"), questions=_PROMISES),
    "levels": Computed(formulas=("realised", "shrinkage"), questions=_PROMISES),
    "programme": Computed(formulas=("realised", "shrinkage", "roi"), questions=_PROMISES),
    "tests": Computed(formulas=_ADVICE, questions=_WHERE),
    "where-to-test": Computed(formulas=(*_ADVICE, "power"), questions=_WHERE),
    "pilot-design": Computed(formulas=("power", "design_effect"), questions=_DESIGN),
    "pilot-options": Computed(formulas=("power", "design_effect"), questions=_DESIGN),
    "pilot-groups": Computed(formulas=("lots",), questions=("cxroi.questions.pilot_groups:ask_groups",)),
    "pilots-shown": Computed(
        formulas=("newcombe", "cuped", "pilot_months", "over_time", "pilot_outcomes", "pilot"),
        questions=("cxroi.questions.pilots:read_uploaded_pilots",),
    ),
}


def computed_view(name: str, in_use: Callable[[], InUse], text: Text) -> ComputedView:
    """Return how what is shown under a name is computed; what is in use is asked for where a formula takes an assumption."""
    found = COMPUTED[name]
    own = [next(one for one in FORMULAS if one.id == id) for id in found.formulas]
    taken = {name for one in own for name in one.assumes}
    panel = queries_behind(_PANEL)
    behind = queries_behind(*found.questions)
    rests = "computed.panel" if set(panel) <= set(behind) else "computed.own"
    return ComputedView(
        title=text("computed.title"),
        formulas=tuple(formula_row(one, text) for one in own),
        assumptions=assumed(taken, in_use(), text) if taken else (),
        queries_title=text("computed.queries"),
        queries_intro=text(rests),
        queries=(*(one for one in behind if one not in panel), *(one for one in behind if one in panel)),
    )


def computed_words(view: ComputedView, text: Text) -> list[str]:
    """Return the same as lines of plain text."""
    formulas = [line for one in view.formulas for line in formula_lines(one)]
    tables = [line for table in view.assumptions for line in table_lines(table, text)]
    return [*formulas, *tables, f"{view.queries_title}: {text.listed(view.queries)}", view.queries_intro]
