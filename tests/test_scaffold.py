"""The scaffold of the house: no circle of imports, and no public function that nothing reaches."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]


def modules() -> dict[str, Path]:
    """Return the modules of the package by name."""
    paths = ROOT.glob("cxroi/**/*.py")
    return {".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p for p in paths}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(name: str, all_of: dict[str, Path]) -> set[str]:
    """Return the modules of the package that one imports, those for its types and those inside functions too."""
    found = set()
    for node in ast.walk(tree(all_of[name])):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inside & all_of.keys() or {node.module}
    return found & all_of.keys() - {name}


def circles(edges: dict[str, set[str]]) -> set[frozenset[str]]:
    """Return the groups of modules that reach each other both ways."""
    reach = {name: _from(name, edges) for name in edges}
    groups = {frozenset({name, *(other for other in reach[name] if name in reach[other])}) for name in edges}
    return {group for group in groups if len(group) > 1}


def _from(start: str, edges: dict[str, set[str]]) -> set[str]:
    seen, left = set(), [start]
    while left:
        new = edges[left.pop()] - seen
        seen |= new
        left += new
    return seen


def test_no_two_modules_import_each_other():
    all_of = modules()
    assert not circles({name: imports(name, all_of) for name in all_of})


def units(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """Return the top-level statements of a module, each by what it defines; "" where it defines nothing."""
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((name.id, node) for name in targets if isinstance(name, ast.Name))
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            yield "", node


def mentioned(node: ast.AST) -> set[str]:
    """Return the names that a piece of code uses; the words of "package.module:function" are names too."""
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    names |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
    strings = (n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return names | {name for text in strings for name in re.findall(r":(\w+)$", text)}


def unreached() -> set[str]:
    """Return the public functions of the package that no page, command, benchmark or the Python API reaches, by the names in their code.

    Functions of one name count as one: what this finds is surely not reached, what it passes over is reached almost surely.
    """
    uses: dict[str, set[str]] = defaultdict(set)
    public = {}
    for module, path in modules().items():
        for name, node in units(path):
            uses[name] |= mentioned(node)
            if isinstance(node, ast.FunctionDef) and not name.startswith("_"):
                public[f"{module}.{name}"] = name
    roots = [ROOT / "app.py", *ROOT.glob("pages/**/*.py"), *ROOT.glob("benchmarks/**/*.py")]
    roots += [ROOT / "cxroi/__init__.py", ROOT / "cxroi/__main__.py"]  # the Python API and the terminal
    seen, left = set(), [""]
    for path in roots:
        left += mentioned(tree(path))
        left += [alias.name for n in ast.walk(tree(path)) if isinstance(n, ast.ImportFrom) for alias in n.names]
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left += uses.get(name, ())
    return {function for function, name in public.items() if name not in seen}


def test_every_public_function_is_reached():
    assert not unreached()


def test_every_name_has_one_address():
    """A module hands on no name of another one's; only a package's own front may."""
    all_of = modules()
    defined = {name: set(named(path)) for name, path in all_of.items()}
    fronts = {name for name, path in all_of.items() if path.stem == "__init__"}
    strange = []
    for path in (ROOT / folder for folder in ("cxroi", "tests", "benchmarks", "pages")):
        for file in path.rglob("*.py"):
            for node in ast.walk(tree(file)):
                if isinstance(node, ast.ImportFrom) and node.module in all_of.keys() - fronts:
                    handed_on = {alias.name for alias in node.names} - defined[node.module]
                    strange += [f"{file.relative_to(ROOT)} {node.lineno}: {name}" for name in sorted(handed_on)]
    assert not strange


def named(path: Path) -> Iterator[str]:
    """Yield the names that a module defines at its top, under a condition too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
