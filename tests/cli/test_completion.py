"""Completion in a shell offers what can be typed, all of it, because it is made from the same table."""

import shutil
import subprocess

import pytest

from cxroi.cli import main
from cxroi.cli.arguments import COMMANDS, COMMON
from cxroi.cli.completion import SHELLS

EVERY_FLAG = {flag for command in COMMANDS for option in (*command.options, *COMMON) for flag in option.flags}


def script(shell, capsys, *more):
    assert main(["completion", shell, *more]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_and_every_option_is_offered(shell, capsys):
    written = script(shell, capsys)
    for command in COMMANDS:
        assert command.name in written
    for flag in EVERY_FLAG:
        assert (f"-l {flag.removeprefix('--')} " if shell == "fish" else flag) in written


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_descriptions_are_in_the_language_asked_for(shell, capsys):
    assert "استخدام الشركة الافتراضية" in script(shell, capsys, "--language", "ar")


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_shell_itself_can_read_its_script(shell, language, capsys):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")
    written = script(shell, capsys, "--language", language)
    read = subprocess.run([shell, "-n"], input=written, capture_output=True, encoding="utf-8", check=False)
    assert read.returncode == 0 and not read.stderr, read.stderr


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed here")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["ev"], {"evaluate", "evidence"}),
        (["--la"], {"--language"}),
        (["evaluate", "--s"], {"--scenario", "--set"}),
        (["--json", "evaluate", "--s"], {"--scenario", "--set"}),
        (["--language", ""], {"en", "ar"}),
        (["pilot", "design", "--outcome", "m"], {"margin"}),
        (["drivers", "--outcome", ""], {"left", "ordered_again"}),
        (["completion", "z"], {"zsh"}),
        (["import", "months.c"], set()),  # nothing of ours: bash offers the files
    ],
)
def test_bash_completes_what_was_begun(typed, offered, capsys):
    words = " ".join(f"'{word}'" for word in ("cxroi", *typed))
    ask = f'COMP_WORDS=({words}); COMP_CWORD={len(typed)}; _cxroi; printf "%s\\n" "${{COMPREPLY[@]}}"'
    told = subprocess.run(
        ["bash", "--norc", "-c", f"{script('bash', capsys)}\n{ask}"], capture_output=True, encoding="utf-8", check=True
    )
    assert set(told.stdout.split()) == offered
