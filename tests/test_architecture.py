"""Who may import whom, as docs/architecture.md draws it; anything else fails here."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Each part of the tree and the parts it may import; every part may import `errors`, `shipped` and itself.
MAY_IMPORT = {
    "app": {"ui", "view"},
    "pages": {"ui", "view"},
    "ui": {
        "access",
        "actions",
        "export",
        "questions",
        "chart",
        "environment",
        "intake",
        "live_text",
        "model",
        "money",
        "store",
        "tables",
        "text",
        "view",
    },
    "cli": {
        "access",
        "actions",
        "export",
        "questions",
        "environment",
        "intake",
        "live_text",
        "money",
        "store",
        "view",
        "text",
        "model",
        "tables",
    },
    "view": {"chart", "text", "questions", "model", "intake", "tables"},  # of the intake only its report
    "chart": {"text", "model"},
    "questions": {"access", "connect", "store", "model"},  # of the connections only what an address means
    "export": {"chart", "intake", "live_text", "model", "questions", "store", "tables", "text", "view"},
    "api": {"actions", "questions", "intake", "model", "store"},
    "actions": {
        "access",
        "connect",
        "environment",
        "intake",
        "model",
        "money",
        "store",
        "tables",
        "text",
    },  # of text only how typed numbers are read
    "connect": {"environment", "intake", "sql_text"},  # of the intake only the walls of its child
    "intake": {
        "at_hand",
        "environment",
        "money",
        "model",
        "sql_text",
        "tables",
    },  # of the model only the scales of surveys
    "store": {"at_hand", "environment", "live_text", "model", "money", "sql_text", "tables"},
    "model": set(),
    "money": {"sql_text"},
    "access": set(),
    "text": set(),
    "tables": set(),
    "live_text": {"sql_text"},
    "sql_text": set(),
    "at_hand": set(),
    "environment": set(),
    "errors": set(),
    "shipped": set(),
}
MAY_IMPORT["__main__"] = {"cli"}
# Of some parts another may know one room or module only.
ONLY = {
    ("intake", "model"): "cxroi.model.satisfaction.scales.",
    ("connect", "intake"): "cxroi.intake.child.",
    ("questions", "connect"): "cxroi.connect.source.",
    ("actions", "model"): ("cxroi.model.kept_scenario.", "cxroi.model.scenario."),
    ("view", "intake"): "cxroi.intake.report.",
    ("export", "intake"): "cxroi.intake.report.",
    ("export", "store"): "cxroi.store.versions.",
}

# One outside library, one package. DuckDB is also the CSV and Parquet reader of the intake child.
AT_HOME = {
    "adbc_driver_postgresql": {"connect"},
    "argon2": {"access"},
    "duckdb": {"at_hand", "connect", "intake", "store"},
    "altair": {"chart"},
    "streamlit": {"ui", "pages", "app"},
    "openpyxl": set(),  # of the tests only
    "python_calamine": {"intake"},
    "lxml": {"intake", "export"},
    "pptx": {"export"},
    "pypdf": {"export"},
    "typst": {"export"},
    "xlsxwriter": {"intake", "export"},
    "pymysql": {"connect"},
    "sqlite3": {"connect", "store"},
    "vl_convert": {"export"},
    "fontTools": {"export"},
    "mcp": {"cli"},
    "mcp_types": {"cli"},
}
HEAVY = {"scipy", "statsmodels"}  # lazily, inside functions: never on the path of the first paint or of a slider


# What changes a workspace. Only `actions` may call it, since it is there that a change gets its line in the audit trail.
CHANGES = {
    *("publish", "publish_parts", "restore", "repair", "delete", "forget_customer", "load_sample"),
    *("set_rate", "forget_rate", "share_out", "set_shares", "keep_spend_in_support", "keep_money_said"),
    *("set_ledger_rules", "forget_connection", "mark_connection"),
    *("remember_mapping", "forget_mappings", "record", "add_revision", "mark_scenario"),
    *(
        "add_person",
        "remove_person",
        "set_role",
        "set_secret",
        "count_try",
        "begin_session",
        "use_session",
        "end_session",
    ),
}


def part_of(path: Path) -> str:
    inside = path.relative_to(ROOT).with_suffix("").parts
    return inside[1] if inside[0] == "cxroi" and len(inside) > 1 else inside[0]


def sources():
    paths = [ROOT / "app.py", *ROOT.glob("pages/**/*.py"), *ROOT.glob("cxroi/**/*.py")]
    return [p for p in paths if p.exists() and p != ROOT / "cxroi" / "__init__.py"]


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node
            if node.module == "cxroi":
                yield from ((f"cxroi.{alias.name}", node) for alias in node.names)


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_imports_only_what_its_part_may(path):
    part, tree = part_of(path), ast.parse(path.read_text(encoding="utf-8"))
    for name, node in imported(tree):
        top, _, rest = name.partition(".")
        if top == "cxroi" and rest:
            target = rest.split(".")[0]
            if target not in {part, "errors", "shipped", "__version__"}:
                assert target in MAY_IMPORT[part], f"line {node.lineno}: {part} imports {name}"
                only = ONLY.get((part, target), "cxroi.")
                assert f"{name}.".startswith(only), f"line {node.lineno}: {part} may import only {only}, not {name}"
        elif top in AT_HOME:
            assert part in AT_HOME[top], f"line {node.lineno}: {top} is at home in {AT_HOME[top]}, not in {part}"
        elif top in HEAVY:
            assert node not in tree.body, f"line {node.lineno}: import {top} inside the function that needs it"


def changes_made(tree):
    """Yield the calls `<something>.<change>(...)` of a module, but for those of `actions` itself."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))
    for call in calls:
        if call.func.attr in CHANGES and not (
            isinstance(call.func.value, ast.Name) and call.func.value.id == "actions"
        ):
            yield call


def test_only_actions_changes_a_workspace():
    for path in sources():
        if part_of(path) not in {"actions", "store"}:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            assert not [node.lineno for node in changes_made(tree)], path
            assert "cxroi.store.sample" not in {name for name, _ in imported(tree)}, path


def test_the_search_would_find_a_change_made_elsewhere():
    from cxroi.store.state.people import People
    from cxroi.store.state.state import State
    from cxroi.store.versions.workspace import Workspace

    tree = ast.parse("current_workspace().restore(id)\nactions.restore(workspace, id)\nstate.set_rate('EUR')")
    assert [node.lineno for node in changes_made(tree)] == [1, 3]
    assert all(any(hasattr(place, name) for place in (State, Workspace, People)) for name in CHANGES - {"load_sample"})


@pytest.mark.parametrize("path", sorted(ROOT.glob("pages/**/*.py")), ids=lambda p: p.stem)
def test_a_page_only_lays_out(path):
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) < 60
    assert "session_state" not in source and "SELECT " not in source
    arithmetic = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.BinOp)]
    assert not arithmetic, f"line {arithmetic[0].lineno if arithmetic else 0}: a page computes nothing"


def test_session_state_is_touched_in_one_module_only():
    users = {p.relative_to(ROOT).as_posix() for p in sources() if "session_state" in p.read_text(encoding="utf-8")}
    assert users <= {"cxroi/ui/app/choices.py"}


def test_nothing_is_ever_unpickled():
    for path in sources():
        names = {name.split(".")[0] for name, _ in imported(ast.parse(path.read_text(encoding="utf-8")))}
        assert not names & {"pickle", "dill", "shelve", "marshal"}, path
