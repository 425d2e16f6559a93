"""Which queries stand behind an answer: read from the code that works it out, so that no list of them can lag behind it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from inspect import getsource

from cxroi.questions.data import OpenVersion
from cxroi.store.engine.engine import contract_of, query_names, shared_queries_of

_ROOMS = ("cxroi.questions", "cxroi.store.panel")  # where queries are asked
Place = tuple[str, str]  # a module, and what is defined in it


def queries_behind(*questions: str) -> tuple[str, ...]:
    """Return the queries that questions ("package.module:function") may ask and those that these read from, by name.

    Which of them are asked depends on the tables that are loaded.

    >>> queries_behind("cxroi.questions.costs:ask_costs")
    ('ledger_lines', 'line_months')
    """
    known, found = set(query_names()), set[str]()
    seen: set[Place] = set()
    left: list[Place] = [(module, name) for module, _, name in (question.partition(":") for question in questions)]
    while left:
        place = left.pop()
        if place not in seen:
            seen.add(place)
            said, places = _inside(*place)
            found |= known & said
            left += places
    read_from: set[str] = set()
    while found - read_from:
        name = (found - read_from).pop()
        read_from.add(name)
        found |= set(shared_queries_of(contract_of(name).sql))
    return tuple(sorted(found))


@cache
def _inside(module: str, name: str) -> tuple[set[str], list[Place]]:
    """Return the texts in a function or method, and what of these rooms it uses; nothing of what is no function of theirs."""
    functions, imported = _contents(module)
    if name not in functions:
        return set(), [imported[name]] if name in imported else []
    nodes = list(ast.walk(functions[name]))
    said = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return said, [place for node in nodes for place in _used(node, module)]


def _used(node: ast.AST, module: str) -> Iterator[Place]:
    if isinstance(node, ast.Name):
        yield module, node.id
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        if node.value.id == "self":
            yield module, node.attr
        elif node.value.id == "data":  # as every question calls the version that it is asked of
            yield OpenVersion.__module__, node.attr


@cache
def _contents(module: str) -> tuple[dict[str, ast.FunctionDef], dict[str, Place]]:
    """Return the functions and methods of a module by name, and what it imports from these rooms."""
    tree = ast.parse(getsource(import_module(module)))
    bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    functions = {node.name: node for body in bodies for node in body if isinstance(node, ast.FunctionDef)}
    imported = {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(_ROOMS)
        for alias in node.names
    }
    return functions, imported
