"""The command that writes completion for a shell, made from the table of commands: what can be typed is offered.

Bash: https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html; zsh: zshcompsys(1); fish: complete(1).
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from cxroi.cli.arguments import COMMANDS, COMMON, Command, Option
from cxroi.text import Text

VERSION_FLAGS = ("--help", "--version")


def completion(choices: Namespace, text: Text) -> int:
    """Print the script that a shell reads to complete `cxroi`."""
    print(SHELLS[choices.shell](text))
    return 0


def bash_script(text: Text) -> str:
    """Return the completion script of bash; it shows no descriptions."""
    cases = "\n".join(
        f'    {command.name}) words="{" ".join([*_flags(command), *_choices_of_operands(command)])}" ;;'
        for command in COMMANDS
    )
    values = "\n".join(
        f'    {name}:{flag}) COMPREPLY=($(compgen -W "{" ".join(allowed)}" -- "$word")); return ;;'
        for name, flag, allowed in _allowed_values()
    )
    return f"""# bash completion for cxroi; in ~/.bashrc: eval "$(cxroi completion bash)"
_cxroi() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" command="" words="" place
  for ((place = 1; place < COMP_CWORD; place++)); do
    case "${{COMP_WORDS[place]}}" in
    {"|".join(command.name for command in COMMANDS)}) command="${{COMP_WORDS[place]}}"; break ;;
    esac
  done
  case "$command:$before" in
{values}
  esac
  case "$command" in
    "") words="{" ".join([*(command.name for command in COMMANDS), *_common_flags(), *VERSION_FLAGS])}" ;;
{cases}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -o default -F _cxroi cxroi"""


def zsh_script(text: Text) -> str:
    """Return the completion script of zsh, described in the language of `text`."""
    names = "\n".join(f"    {_quoted(f'{command.name}:{_short(command, text)}')}" for command in COMMANDS)
    cases = "\n".join(
        f"    {command.name}) _arguments {' '.join(_zsh_spec(option, text) for option in (*command.options, *COMMON))} ;;"
        for command in COMMANDS
    )
    return f"""#compdef cxroi
# zsh completion for cxroi; in ~/.zshrc, after compinit: source <(cxroi completion zsh)
_cxroi() {{
  local -a commands
  commands=(
{names}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$command" in
{cases}
  esac
}}
compdef _cxroi cxroi"""


def fish_script(text: Text) -> str:
    """Return the completion script of fish, described in the language of `text`."""
    lines = ["# fish completion for cxroi: cxroi completion fish > ~/.config/fish/completions/cxroi.fish"]
    for command in COMMANDS:
        described = _quoted(_short(command, text), fish=True)
        lines.append(f"complete -c cxroi -n __fish_use_subcommand -f -a {command.name} -d {described}")
    for command in COMMANDS:
        lines += [_fish_line(f"__fish_seen_subcommand_from {command.name}", one, text) for one in command.options]
    lines += [_fish_line("", option, text) for option in COMMON]
    return "\n".join(lines)


def _zsh_spec(option: Option, text: Text) -> str:
    described = text(f"cli.option.{option.name}").replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    allowed = option.settings.get("choices")
    wanted = f"({' '.join(allowed)})" if allowed else "_files"
    if not option.flags:
        many = "*" if option.settings.get("nargs") == "+" else ""
        return _quoted(f"{many}:{option.name}:{wanted}")
    takes = "" if _is_switch(option) else f":{option.settings.get('metavar', option.name)}:{wanted}"
    many = "*" if option.settings.get("action") == "append" else ""
    return _quoted(f"{many}{option.flags[0]}[{described}]{takes}")


def _fish_line(condition: str, option: Option, text: Text) -> str:
    allowed = option.settings.get("choices")
    parts = ["complete -c cxroi"]
    if condition:
        parts.append(f"-n {_quoted(condition, fish=True)}")
    if option.flags:
        parts.append(f"-l {option.flags[0].removeprefix('--')}")
        parts.append("" if _is_switch(option) else "-x" if allowed else "-r")
    if allowed:
        parts.append(f"-a {_quoted(' '.join(allowed), fish=True)}")
    parts.append(f"-d {_quoted(text(f'cli.option.{option.name}'), fish=True)}")
    return " ".join(part for part in parts if part)


def _allowed_values() -> list[tuple[str, str, Sequence[str]]]:
    """Return (command, flag, allowed values) of every option that is a choice; the command is empty for those of all."""
    listed = [
        (command.name, flag, option.settings["choices"])
        for command in COMMANDS
        for option in (*command.options, *COMMON)
        if "choices" in option.settings
        for flag in option.flags
    ]
    listed += [("", flag, one.settings["choices"]) for one in COMMON if "choices" in one.settings for flag in one.flags]
    return listed


def _flags(command: Command) -> list[str]:
    return [flag for option in (*command.options, *COMMON) for flag in option.flags] + ["--help"]


def _common_flags() -> list[str]:
    return [flag for option in COMMON for flag in option.flags]


def _choices_of_operands(command: Command) -> list[str]:
    return [one for option in command.options if not option.flags for one in option.settings.get("choices", ())]


def _is_switch(option: Option) -> bool:
    return option.settings.get("action") == "store_true"


def _short(command: Command, text: Text) -> str:
    return text(f"cli.command.{command.name}.short")


def _quoted(words: str, *, fish: bool = False) -> str:
    """Return `words` as one word of the shell.

    >>> _quoted("today's"), _quoted("today's", fish=True)
    ("'today'\\\\''s'", "'today\\\\'s'")
    """
    if fish:
        return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return "'" + words.replace("'", "'\\''") + "'"


SHELLS = {"bash": bash_script, "zsh": zsh_script, "fish": fish_script}
