"""Every text that comes from data goes through `plain` before Markdown reads it, and through `shown` before anything else draws it."""

import ast
import inspect
import re
from pathlib import Path

import pytest
import streamlit

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "cxroi" / "ui").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"])
# What names data: a name, attribute or key that holds text a person or a file gave us.
FROM_DATA = re.compile(
    r"^(file|filename|sheet|heading|headings|segments?|initiatives?|value|column|before|after|found|who|facts|rule|rules"
    r"|shares|contains|line|code|damage|customer|customer_id)$"
)
NAMED = ("file", "work")  # whose .name came with an upload
# What streamlit draws without reading Markdown: these may be given `shown` text, or draw no words at all.
NO_MARKDOWN = {
    "html", "code", "latex", "vega_lite_chart", "data_editor", "columns", "container", "fragment", "spinner_", "rerun",
    "navigation", "logo", "set_page_config", "Page", "cache_resource", "cache_data", "get_option", "image", "progress_",
    "form", "stop", "switch_page", "empty",
}  # fmt: skip
# Arguments that are no words, and the options of the two boxes that list them as they are.
NO_WORDS = {
    "key", "on_click", "on_change", "args", "kwargs", "value", "index", "default", "file_name", "mime", "data", "type",
    "horizontal", "vertical_alignment", "disabled", "min_value", "max_value", "step", "width", "height", "expanded",
}  # fmt: skip
LISTS_AS_IT_IS = {"selectbox", "multiselect"}
SAFE = {"plain", "sentence", "heading", "preview", "number", "percent", "month", "len", "round", "sum", "grouped"}
WORDS = {"text", "current_text"}


def drawing_names():
    """Every element of streamlit that draws words, less those that do not read them as Markdown."""
    public = {name for name in dir(streamlit) if callable(getattr(streamlit, name)) and not name.startswith("_")}
    public |= {"form_submit_button", "link_button"}
    return {name for name in public if not inspect.ismodule(getattr(streamlit, name, None))} - NO_MARKDOWN


DRAWS_MARKDOWN = drawing_names()


def calls(tree):
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def name_of(call):
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def is_element(call):
    """Whether a call draws: st.x, or x on a column, form or place of the page; never x of our own words."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in DRAWS_MARKDOWN:
        return False
    root = call.func.value
    return not (isinstance(root, ast.Call) and name_of(root) in WORDS) and getattr(root, "id", "") not in WORDS


def unsafe_parts(node, tainted=frozenset()):
    """Yield what holds text from data and is not inside a call that makes it safe for Markdown."""
    if isinstance(node, ast.Call):
        if name_of(node) in SAFE:
            return
        if name_of(node) in ("shown", "rejects_csv") or name_of(node) in tainted:
            yield name_of(node)  # safe in HTML and in a list, not in Markdown
            return
        if name_of(node) == "error":
            if not any(getattr(each, "id", "") == "plain" for each in node.args):
                yield "error"
            return
        if name_of(node) in WORDS and not isinstance(node.func, ast.Attribute):
            for keyword in node.keywords:
                yield from unsafe_parts(keyword.value, tainted)
            return
    if isinstance(node, ast.Attribute):
        if FROM_DATA.match(node.attr) or (node.attr == "name" and getattr(node.value, "id", "") in NAMED):
            yield node.attr
        return
    if isinstance(node, ast.Name) and node.id in tainted:
        yield node.id
    if isinstance(node, ast.IfExp):  # the condition is not drawn
        children = [node.body, node.orelse]
    elif isinstance(node, ast.Compare):
        children = []
    elif isinstance(node, (ast.GeneratorExp, ast.ListComp)):  # what is gone through is drawn only by its names
        children = [node.elt]
    else:
        children = list(ast.iter_child_nodes(node))
    for child in children:
        yield from unsafe_parts(child, tainted)


def pairwise(made, of):
    """Yield each target of an assignment with what it is given."""
    for target in made or ():
        if isinstance(target, ast.Tuple) and isinstance(of, ast.Tuple) and len(target.elts) == len(of.elts):
            yield from zip(target.elts, of.elts, strict=True)
        else:
            yield target, of


def tainted_names(function, outside):
    """Return the local names of a function that hold text as it came: its arguments called like data, and what is made of them."""
    arguments = [*function.args.args, *function.args.kwonlyargs]
    tainted = outside | {a.arg for a in arguments if FROM_DATA.match(a.arg) and "str" in ast.unparse(a.annotation or a)}
    for _ in range(3):  # a name made of a name made of a name
        for node in ast.walk(function):
            made, of = None, None
            if isinstance(node, ast.Assign):
                made, of = node.targets, node.value
            elif isinstance(node, (ast.For, ast.comprehension)):
                made, of = [node.target], node.iter
            elif isinstance(node, ast.NamedExpr):
                made, of = [node.target], node.value
            for target, source in pairwise(made, of):
                if any(unsafe_parts(source, tainted)):
                    tainted |= {n.id for n in ast.walk(target) if isinstance(n, ast.Name)} - {
                        "place",
                        "number",
                        "table",
                    }
    return tainted


def givers(tree):
    """Return the functions of a module that return text as it came."""
    found = frozenset()
    for _ in range(2):
        for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
            returned = [n.value for n in ast.walk(function) if isinstance(n, ast.Return) and n.value is not None]
            words = getattr(function.returns, "id", "") == "str" and function.name not in SAFE
            if words and any(any(unsafe_parts(value, tainted_names(function, found))) for value in returned):
                found |= {function.name}
    return found


def faults(source):
    """Yield every line at which text from data reaches Markdown as it came."""
    tree = ast.parse(source)
    outside = givers(tree)
    scopes = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)] or [tree]
    for scope in scopes:
        tainted = tainted_names(scope, outside) if isinstance(scope, ast.FunctionDef) else outside
        for call in filter(is_element, calls(scope)):
            as_they_are = {"options", "format_func"} if name_of(call) in LISTS_AS_IT_IS else set()
            drawn = call.args[:1] if name_of(call) in LISTS_AS_IT_IS | {"download_button"} else call.args
            drawn = [*drawn, *(k.value for k in call.keywords if k.arg not in NO_WORDS | as_they_are)]
            for part in drawn:
                yield from (f"{call.lineno}: {found}" for found in unsafe_parts(part, tainted))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_text_from_data_reaches_markdown_as_it_came(path):
    assert sorted(set(faults(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_opens_the_door_to_markup(path):
    source = path.read_text(encoding="utf-8")
    for door in ("unsafe_allow_html", "unsafe_allow_javascript", "LinkColumn", "ImageColumn", "components.v1"):
        assert door not in source


@pytest.mark.parametrize(
    "source",
    [
        "st.markdown(f'**{report.file}** {plain(report.sheet)}')",
        "st.error(text.error(error))",
        "st.error(f'{plain(file.name)}: {text.error(work.error)}')",
        "st.caption(text('id', file=file.name))",
        "def draw(segments: list[str]):\n    for segment in segments:\n        place.number_input(shown(segment, 60), key='k')",
        "def draw():\n    words = shown(report.sheet)\n    st.button(words)",
        "def _line(report) -> str:\n    return shown(report.sheet)\n\ndef draw():\n    st.checkbox(_line(report))",
        "st.radio('x', ['a'], format_func=lambda rule: shown(rule))",
        "st.slider('x', help=report.heading)",
        "st.selectbox(shown(report.heading), [])",
    ],
)
def test_the_search_finds_a_name_that_is_drawn_as_it_came(source):
    assert list(faults(source))


@pytest.mark.parametrize(
    "source",
    [
        "st.html(shown(report.sheet))",
        "st.selectbox('x', report.headings, format_func=lambda heading: shown(heading))",
        "st.error(text.error(error, plain))",
        "st.caption(text('id', file=plain(file.name)))",
    ],
)
def test_the_search_passes_over_what_is_safe(source):
    assert not list(faults(source))
