"""Every text that comes from data goes through one of two functions before it is drawn."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "cxroi" / "ui").glob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"])
# What names data: an attribute or key that holds text a person or a file gave us.
FROM_DATA = re.compile(r"^(file|filename|sheet|heading|headings|segment|segments|value|column|before|after|found|who)$")
DRAWS_MARKDOWN = {"markdown", "caption", "info", "warning", "error", "success", "title", "header", "subheader", "write"}
SAFE = {
    "plain",
    "shown",
    "escape",
    "sentence",
    "_safe",
    "grouped",
    "words_table",
    "reject_rows",
    "heading",
    "preview",
    "_before_after",
}


def calls(tree):
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def name_of(call):
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def unsafe_parts(node):
    """Yield attributes that hold data and are not inside a call that makes them safe."""
    if isinstance(node, ast.Call) and name_of(node) in SAFE:
        return
    if isinstance(node, ast.Attribute) and FROM_DATA.match(node.attr):
        yield node.attr
    for child in ast.iter_child_nodes(node):
        yield from unsafe_parts(child)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_text_from_data_is_drawn_as_it_came(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for call in calls(tree):
        if name_of(call) in DRAWS_MARKDOWN:
            for argument in call.args:
                assert not list(unsafe_parts(argument)), f"{path.name}:{call.lineno}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_opens_the_door_to_markup(path):
    source = path.read_text(encoding="utf-8")
    for door in ("unsafe_allow_html", "unsafe_allow_javascript", "LinkColumn", "ImageColumn", "components.v1"):
        assert door not in source


def test_the_search_would_find_a_name_that_is_drawn_as_it_came():
    tree = ast.parse("st.markdown(f'**{report.file}** {plain(report.sheet)}')")
    assert [part for call in calls(tree) if name_of(call) == "markdown" for part in unsafe_parts(call.args[0])] == [
        "file"
    ]
