"""People are let in at the terminal; their passwords are never arguments, and never printed."""

import io
import json
import sys

import pytest

from cxroi.cli import main, people
from cxroi.text import LANGUAGES, Text

PASSWORD = "correct horse battery"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    def run(*words, given=PASSWORD, language="en"):
        monkeypatch.setattr(sys, "stdin", io.StringIO(given + "\n"))
        code = main(["people", *words, "--workspace", str(tmp_path), "--language", language])
        return code, capsys.readouterr()

    return run


@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_is_let_in_and_stands_in_the_list(run, language):
    text = Text(language)
    assert text("access.nobody") in run("list", language=language)[1].out
    code, said = run("add", "Huda Al-Saud", "--role", "administrator", language=language)
    assert code == 0 and "Huda Al-Saud" in said.out and text("access.role.administrator") in said.out
    assert PASSWORD not in said.out + said.err


def test_the_list_as_json_says_who_has_a_password(run):
    run("add", "huda", "--role", "administrator")
    run("add", "sara", "--role", "viewer", "--without-password", given="")
    told = json.loads(run("list", "--json")[1].out)["people"]
    assert [(one["name"], one["role"], one["password"]) for one in told] == [
        ("huda", "administrator", True),
        ("sara", "viewer", False),
    ]


@pytest.mark.parametrize(
    "words", [("add", "huda"), ("role", "huda"), ("add",), ("list", "huda"), ("reset", "huda", "--role", "viewer")]
)
def test_what_does_not_go_together_is_wrong_use(run, words):
    assert run(*words)[0] == 2


def test_a_password_typed_twice_differently_changes_nothing(run, monkeypatch):
    typed = iter([PASSWORD, PASSWORD + "x"])
    monkeypatch.setattr(people, "getpass", lambda prompt: next(typed))

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(io, "StringIO", Terminal)
    code, said = run("add", "huda", "--role", "administrator")
    assert code == 1 and Text("en")("access.passwords_differ") in said.err
    monkeypatch.undo()


def test_role_reset_and_removal_are_done(run):
    run("add", "huda", "--role", "administrator")
    run("add", "omar", "--role", "viewer")
    assert run("role", "omar", "--role", "editor")[0] == 0 and run("reset", "omar", given="another good phrase")[0] == 0
    assert "omar" not in run("remove", "omar")[1].out
    code, said = run("remove", "huda")
    assert code == 1 and "huda" in said.err
