"""Every sentence is named by code, so that none stays behind when what said it goes."""

import ast
import re
from pathlib import Path

import pytest

from cxroi.text import LANGUAGES, Text
from cxroi.text.wording import catalogue

ROOT = Path(__file__).parents[2]
PLURAL = re.compile(r"\.(zero|one|two|few|many|other)$")
GAP, BEFORE = r"[\w-]+", r"[\w.-]+"


def ids_in_code():
    """Return the texts in the code that may be ids, and patterns of those that are put together from parts.

    What this passes over is named almost surely, what it finds is named by nothing: a text that is the beginning of ids
    ("page.method.kind", "verdict.change.range_", handed to what adds the rest) names all of them.
    """
    texts, patterns = set(), set()
    for path in (ROOT / "app.py", *ROOT.glob("pages/**/*.py"), *ROOT.glob("cxroi/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                said = "".join(str(p.value) for p in node.values if isinstance(p, ast.Constant))
                if re.fullmatch(r"[\w.-]*[a-z][\w.-]*", said) and ("." in said or said.startswith("_")):
                    parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else GAP for p in node.values]
                    patterns.add("".join(parts if parts[0] != GAP else [BEFORE, *parts[1:]]))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
    return texts, patterns


def unnamed():
    texts, patterns = ids_in_code()
    built = re.compile("|".join(f"(?:{pattern})" for pattern in sorted(patterns)))
    found = set()
    for id in {PLURAL.sub("", id).removesuffix("_on_page") for id in catalogue("en")}:
        parts = id.split(".")
        beginnings = {".".join(parts[:n]) for n in range(2, len(parts))}
        begun = (
            beginnings | {id.rpartition(".")[0] + "."} | {id[: at + 1] for at, letter in enumerate(id) if letter == "_"}
        )
        if id not in texts and not built.fullmatch(id) and not begun & texts:
            found.add(id)
    return found


def test_every_sentence_is_named_by_code():
    assert unnamed() == set()


def test_only_the_terminal_says_what_is_named_after_it():
    elsewhere = [path for path in (ROOT / "cxroi").rglob("*.py") if "cli" not in path.relative_to(ROOT).parts]
    named = {str(path): found for path in elsewhere if (found := re.findall(r"[\"']cli\.[\w.]+", path.read_text()))}
    assert not named, "give the sentence the name of its subject, so that a page can say it too"


# what the terminal alone prints, and what stands where no page can
TYPED = re.compile(r"(cli|load|scenarios\.done)\.|ui\.no_script$|tei\.note_after$")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_names_no_command_and_no_column_of_ours(language):
    text = Text(language, on_page=True)
    typed = {
        id
        for id, said in catalogue(language).items()
        if not TYPED.match(id)
        and re.search(
            r"cxroi|\{program\}|\{setting\}|--[a-z]|`(repair|\{)|'(import|sample)'|import --|[tT]erminal|الطرفية|[«“](amount|is_cx)[»”]",
            said,
        )
    }
    assert {id for id in typed if not text.has(f"{id}_on_page")} == set()
    assert not {id for id in typed if id.endswith("_on_page")}
