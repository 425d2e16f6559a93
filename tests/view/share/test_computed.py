"""Everything that a page shows leads to its formulas, assumptions and queries, and nothing in that register stands alone."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from cxroi.chart.drawing import NAMES
from cxroi.questions.reads import queries_behind
from cxroi.store.engine.engine import query_names
from cxroi.text import LANGUAGES, Text
from cxroi.ui import markup
from cxroi.view.share.computed import COMPUTED, computed_view
from cxroi.view.share.formulas import FORMULAS
from cxroi.view.share.method import register_in_use

ROOT = Path(__file__).parents[3]
DRAWN_BY = {"show_table", "how_computed", "take_along", "figures_of", "_table", "_fold"}
WAY = {*DRAWN_BY, "show_drawing", "draw_panel"}  # the panel of What-if stands above the row of its curve
# Markup that says a figure which is worked out.
FIGURES = {
    *("board", "moves", "horizons", "verdict_card", "channels", "segment_table", "figures", "health", "plans"),
    *("where_answer", "where_moves", "standings", "touchpoints", "page_answer", "ranged_row", "ranged_lines"),
    *("ranged", "scores", "reconciliation"),
}


def functions():
    """Yield the names called in every function that draws a part of a page, and in every page, with their first texts."""
    for path in (*ROOT.glob("cxroi/ui/*/*.py"), *ROOT.glob("pages/*/*.py")):
        if not {"decide", "understand", "prove"} & set(path.parts):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in [tree] if "pages" in path.parts else tree.body:
            yield path, [one for one in ast.walk(node) if isinstance(one, ast.Call)]


def called(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def drawn():
    """Return the names that parts of pages are drawn under; one that is put together stands as a pattern."""
    found = set(NAMES)
    for _, calls in functions():
        for call in calls:
            if called(call) in DRAWN_BY and call.args:
                first = call.args[0]
                if isinstance(first, ast.Constant):
                    found.add(first.value)
                elif isinstance(first, ast.JoinedStr):
                    found.add("".join(one.value if isinstance(one, ast.Constant) else r"\w+" for one in first.values))
    return found


def test_whatever_is_drawn_has_its_entry_and_every_entry_is_drawn():
    names = drawn()
    assert len(names) > 50
    missing = [name for name in names if not any(re.fullmatch(name, known) for known in COMPUTED)]
    assert not missing, "say in COMPUTED how it is computed"
    left = [known for known in COMPUTED if not any(re.fullmatch(name, known) for name in names)]
    assert not left, "nothing is drawn under this name"


def test_whatever_says_a_figure_has_a_way_to_how_it_is_computed():
    assert set(dir(markup)) >= FIGURES
    without = [
        (path.name, sorted(said))
        for path, calls in functions()
        if (said := {name for name in FIGURES if f"markup.{name}" in {ast.unparse(call.func) for call in calls}})
        and not WAY & {called(call) for call in calls}
    ]
    assert not without


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_resolves_to_formulas_assumptions_and_queries(language):
    text = Text(language)
    ids = {one.id for one in FORMULAS}
    for name, entry in COMPUTED.items():
        assert entry.formulas and set(entry.formulas) <= ids, name
        for question in entry.questions:
            module, _, function = question.partition(":")
            defined = import_module(module)
            assert hasattr(defined, function) or any(hasattr(one, function) for one in vars(defined).values()), question
    for name in ("board_curve", "tornado", "service", "stay_curves", "pilot-design"):
        view = computed_view(name, register_in_use, text)
        taken = {one for row in FORMULAS if row.id in COMPUTED[name].formulas for one in row.assumes}
        assert [row.id for row in view.formulas] == list(COMPUTED[name].formulas)
        assert bool(view.assumptions) == bool(taken)
        assert view.queries and set(view.queries) <= set(query_names())
        assert all(all(row) for table in view.assumptions for row in table.rows)


def test_every_formula_stands_behind_something_and_every_assumption_in_a_formula():
    used = {id for entry in COMPUTED.values() for id in entry.formulas}
    assert {one.id for one in FORMULAS} <= used
    assumed = {name for one in FORMULAS for name in one.assumes}
    sections = {"prior", "channel", "certainty", "pilot", "swing", "plausible"}
    assert assumed == sections | {one.name for one in register_in_use().assumptions}


def test_every_query_stands_behind_something_that_is_shown():
    shown = set(queries_behind(*(question for entry in COMPUTED.values() for question in entry.questions)))
    assert set(query_names()) - shown <= {"slice_values"}, "but for what the filters offer"
