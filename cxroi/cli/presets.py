"""The command that lists the presets for exports of well-known systems."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from cxroi.cli.layout import answer, workspace_of
from cxroi.errors import UploadError
from cxroi.intake.presets.preset import FOLDER, Preset, presets_of, shipped_presets
from cxroi.text import Text
from cxroi.view.table import columns


def presets(choices: Namespace, text: Text) -> int:
    """List the presets, or show one in full."""
    own = workspace_of(choices).folder / FOLDER
    known = presets_of(own if own.is_dir() else None)
    named = [preset for preset in known if choices.preset_name in (None, preset.id)]
    if not named:
        raise UploadError("upload.preset_unknown", preset=choices.preset_name, presets=text.listed(p.id for p in known))
    if choices.preset_name is None:
        facts = [_facts(preset, text) for preset in known]
        heading = [text(f"heading.{name}") for name in ("preset", "table", "name")]
        answer(choices, {"presets": facts}, columns(heading, [[one["id"], one["table"], one["name"]] for one in facts]))
        return 0
    one = named[0]
    facts = [{**_facts(one, text), **_in_full(one, text)}]
    answer(choices, {"presets": facts}, _lines(one, text))
    return 0


def _facts(preset: Preset, text: Text) -> dict[str, Any]:
    return {
        "id": preset.id,
        "name": preset.name[text.language],
        "table": preset.table,
        "own": preset not in shipped_presets(),
    }


def _in_full(preset: Preset, text: Text) -> dict[str, Any]:
    return {
        "columns": {target: list(headings) for target, headings in preset.columns.items()},
        "rows": [{"column": list(rule.column), "only": list(rule.only), "but": list(rule.but)} for rule in preset.rows],
        "left_out": [{"columns": list(one.columns), "why": one.why[text.language]} for one in preset.left_out],
    }


def _lines(preset: Preset, text: Text) -> list[str]:
    lines = [preset.name[text.language], text("load.table", table=preset.table)]
    lines += [f"{target} <- {' | '.join(headings) or '-'}" for target, headings in preset.columns.items()]
    lines += [f"{target} = {value}" for target, value in preset.constants.items()]
    for rule in preset.rows:
        how = "presets.only" if rule.only else "presets.but"
        lines.append(text(how, column=" | ".join(rule.column), words=text.listed(rule.only or rule.but)))
    return lines + [
        text("presets.left_out", columns=text.listed(o.columns), why=o.why[text.language]) for o in preset.left_out
    ]
