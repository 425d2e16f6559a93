"""The reference of the command line cannot drift from what can be typed."""

from pathlib import Path

import pytest

from cxroi.cli.arguments import COMMANDS, COMMON
from cxroi.text import Text

REFERENCE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_and_every_option_stands_in_the_reference(command):
    assert any(f"`{command.name}" in line for line in REFERENCE.splitlines() if line.startswith("### "))
    for option in (*command.options, *COMMON):
        assert all(f"`{flag}" in REFERENCE or f" {flag} " in REFERENCE for flag in option.flags), option.name


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_command_and_every_option_is_worded(language):
    text = Text(language)
    for command in COMMANDS:
        assert text(f"cli.command.{command.name}.short") and text(f"cli.command.{command.name}.long")
        assert all(text(f"cli.option.{option.name}") for option in command.options)
