"""The command that keeps scenarios: saved as revisions, compared, approved, run again, handed on as files."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cxroi.actions.person import at_the_terminal
from cxroi.actions.scenario_file import file_bytes, read_kept_scenario
from cxroi.actions.scenarios import comment_on_scenario, mark_scenario, save_scenario
from cxroi.cli.arguments import wrong_use
from cxroi.cli.layout import answer, current_version, opened, workspace_of
from cxroi.cli.scenario_file import scenario_changes
from cxroi.errors import CxroiError, StoreError
from cxroi.export.json.scenarios import asked_json, beside_json, kept_figures_json, revision_json, saved_json
from cxroi.export.scenario_file import scenario_file
from cxroi.model.kept_scenario import (
    APPROVED,
    BROUGHT_BACK,
    DELETED,
    DUPLICATED,
    IMPORTED,
    LOCKED,
    NOTED,
    RENAMED,
    RESTORED,
    RUN_AGAIN,
    SAVED,
    UNLOCKED,
    KeptScenario,
    Revision,
    SavedScenario,
    clean_name,
    free_name,
)
from cxroi.model.scenario import Scenario
from cxroi.questions.scenarios import (
    ask_basis,
    moved_since,
    revisions_of,
    saved_scenarios,
    scenario_called,
    scenarios_called,
)
from cxroi.text import Text
from cxroi.view.decide.kept_scenarios import comment_line, history_rows, kept_row, line_of_worth, ran_sentence
from cxroi.view.decide.scenario_comparison import Compared, assumed_words, comparison
from cxroi.view.table import columns

_MARKS = {"approve": APPROVED, "lock": LOCKED, "unlock": UNLOCKED, "delete": DELETED}
_TAKES = {
    **dict.fromkeys(("show", "save", "duplicate", "restore", "export", *_MARKS), "NAME"),
    **dict.fromkeys(("rename",), "NAME NEW"),
    **dict.fromkeys(("note", "comment"), "NAME WORDS"),
    "diff": "NAME NAME...",
    "import": "FILE",
}


def scenarios(choices: Namespace, text: Text) -> int:
    """Do what was asked with the scenarios of a workspace."""
    task, takes = choices.scenario_task, _TAKES.get(choices.scenario_task, "")
    wanted, given = len(takes.split()), len(choices.names)
    if given < wanted or (given > wanted and takes and not takes.endswith("...")) or (task == "list" and given):
        wrong_use("scenarios", task=task, takes=takes or "-")
    if task == "export" and not choices.out:
        wrong_use("scenarios", task=task, takes="NAME --out FILE")
    tasks: Mapping[str, Callable[[Namespace, Text], int]] = {
        **{"list": _list, "show": _show, "save": _save, "diff": _diff, "run": _run, "restore": _restore},
        **{"export": _export, "import": _import, "comment": _comment, "duplicate": _duplicate},
        **dict.fromkeys(("rename", "note"), _reword),
        **dict.fromkeys(_MARKS, _mark),
    }
    return tasks[task](choices, text)


def _list(choices: Namespace, text: Text) -> int:
    known = saved_scenarios(workspace_of(choices).folder)
    there, gone = ([one for one in known if (one.deletion is None) is alive] for alive in (True, False))
    basis = _basis(choices)
    heading = [
        text(f"scenarios.list.column.{name}") for name in ("name", "id", "revision", "worth", "range", "loss", "stands")
    ]
    rows = []
    for one in there:
        row = kept_row(one, {one.id: moved_since(one, basis)}, line_of_worth(there), text)
        signs = " · ".join(words for _, words in row.signs)
        rows.append([row.name, one.id, text.number(one.last.number), row.worth, row.range, row.loss, signs])
    lines = columns(heading, rows) if rows else [text("scenarios.none")]
    if gone:
        names = text.listed(one.kept.name for one in gone)
        lines += ["", f"{text('scenarios.list.deleted', count=len(gone))}: {names}"]
    answer(choices, {"scenarios": [saved_json(one, basis) for one in known]}, lines)
    return 0


def _show(choices: Namespace, text: Text) -> int:
    folder, basis = workspace_of(choices).folder, _basis(choices)
    saved = scenario_called(folder, choices.names[0])
    history = revisions_of(folder, saved.id)
    shown = saved if choices.revision is None else replace(saved, last=_revision(history, choices.revision))
    row = kept_row(shown, {saved.id: moved_since(shown, basis)}, line_of_worth([shown]), text)
    kept = shown.kept
    figures = [words for words in (row.word, f"{row.worth} ({row.range})", row.loss, row.paid) if words.strip(" ()")]
    asked = [
        f"  {text(f'assumption.{name}.label')}: {assumed_words(name, kept.scenario, text)}"
        for name in asked_json(kept.scenario)
        if name != "currency" and getattr(kept.scenario, name) != getattr(Scenario(), name)
    ]
    lines = [
        f"{row.name} ({saved.id})",
        row.saved,
        *(words for _, words in row.signs),
        *([kept.note] if kept.note else []),
    ]
    lines += ["", *figures, *asked, ""]
    lines += [f"{comment_line(one, text)}: {one.words}" for one in saved.comments]
    heading = [text(f"scenarios.history.{name}") for name in ("when", "who", "what", "said")]
    lines += columns(heading, history_rows(history, saved, text))
    facts = {"scenarios": [saved_json(shown, basis)], "revisions": [revision_json(one) for one in history]}
    answer(choices, facts, lines)
    return 0


def _save(choices: Namespace, text: Text) -> int:
    """Save what the options ask for as the next revision of the scenario called so or, where none is, as a new one."""
    folder, name = workspace_of(choices).folder, choices.names[0]
    before = next((one for one in scenarios_called(name, saved_scenarios(folder)) if one.deletion is None), None)
    changes = scenario_changes(choices)
    with opened(choices) as data:
        from cxroi.questions import case_of, default_scenario
        from cxroi.questions.scenarios import kept_of

        start = default_scenario(data) if before is None or choices.scenario else before.kept.scenario
        kept = kept_of(case_of(data, changes.applied_to(start)), ask_basis(data), name=clean_name(name))
    if before is not None:
        note = choices.note or before.kept.note
        kept = replace(kept, name=before.kept.name, note=note, slides=before.kept.slides)
        return _told(choices, _save_on(choices, before, kept, SAVED), text)
    kept = replace(kept, note=choices.note)
    return _told(choices, save_scenario(workspace_of(choices), kept, who=at_the_terminal()), text)


def _reword(choices: Namespace, text: Text) -> int:
    saved, words = _named(choices), choices.names[1]
    renames = choices.scenario_task == "rename"
    kept = replace(saved.kept, name=clean_name(words)) if renames else replace(saved.kept, note=words)
    return _told(choices, _save_on(choices, saved, kept, RENAMED if renames else NOTED), text)


def _duplicate(choices: Namespace, text: Text) -> int:
    workspace, saved = workspace_of(choices), _named(choices)
    taken = [one.kept.name for one in saved_scenarios(workspace.folder) if one.deletion is None]
    kept = replace(saved.kept, name=free_name(saved.kept.name, taken), note=choices.note or saved.kept.note)
    return _told(choices, save_scenario(workspace, kept, why=DUPLICATED, who=at_the_terminal()), text)


def _comment(choices: Namespace, text: Text) -> int:
    words = choices.names[1]
    return _told(
        choices, comment_on_scenario(workspace_of(choices), _named(choices).id, words, who=at_the_terminal()), text
    )


def _mark(choices: Namespace, text: Text) -> int:
    saved = _named(choices)
    what = _MARKS[choices.scenario_task]
    marked = mark_scenario(workspace_of(choices), saved.id, what, seen=saved.last.number, who=at_the_terminal())
    return _told(choices, marked, text)


def _restore(choices: Namespace, text: Text) -> int:
    """Bring back a deleted scenario, or go back to an earlier revision by making it the next one."""
    workspace, saved = workspace_of(choices), _named(choices)
    if saved.deletion is not None:
        seen = saved.last.number
        saved = mark_scenario(workspace, saved.id, BROUGHT_BACK, seen=seen, who=at_the_terminal())
    elif choices.revision is None:
        wrong_use("scenarios", task="restore", takes="NAME --revision N")
    if choices.revision is not None:
        earlier = _revision(revisions_of(workspace.folder, saved.id), choices.revision)
        saved = _save_on(choices, saved, earlier.kept, RESTORED)
    return _told(choices, saved, text)


def _run(choices: Namespace, text: Text) -> int:
    """Work scenarios out on the data in use and keep what they say now: those named, else all that rest on something else."""
    workspace = workspace_of(choices)
    with opened(choices) as data:
        from cxroi.questions import case_of
        from cxroi.questions.scenarios import kept_of

        basis = ask_basis(data)
        named = [scenario_called(workspace.folder, name) for name in choices.names] or [
            one
            for one in saved_scenarios(workspace.folder)
            if one.deletion is None and one.lock is None and moved_since(one, basis)
        ]
        ran, lines = [], []
        for before in named:
            old = before.kept
            case = case_of(data, old.scenario)
            kept = kept_of(case, basis, name=old.name, note=old.note, slides=old.slides)
            after = _save_on(choices, before, kept, RUN_AGAIN)
            figures = [None if one.figures is None else kept_figures_json(one.figures) for one in (old, after.kept)]
            ran.append({"id": after.id, "name": old.name, "before": figures[0], "after": figures[1]})
            lines.append(f"{old.name}: {ran_sentence(old.figures, after.kept.figures, text)}")
    found = [scenario_called(workspace.folder, one.id) for one in named]
    facts = {"scenarios": [saved_json(one, basis) for one in found], "ran": ran}
    answer(choices, facts, lines or [text("scenarios.ran.none")])
    return 0


def _diff(choices: Namespace, text: Text) -> int:
    folder = workspace_of(choices).folder
    base, *others = (scenario_called(folder, name) for name in choices.names)
    told = [Compared(saved=one, figures=one.kept.figures) for one in (base, *others)]
    if not choices.as_kept:
        with opened(choices) as data:
            from cxroi.questions import case_of, evidence_of
            from cxroi.questions.scenarios import ask_worth_beside, kept_figures

            evidence = evidence_of(data)
            told = [
                Compared(
                    saved=one,
                    figures=kept_figures(case_of(data, one.kept.scenario)),
                    more=None if one is base else ask_worth_beside(evidence, one.kept.scenario, base.kept.scenario),
                )
                for one in (base, *others)
            ]
    view = comparison(told, text, as_kept=choices.as_kept)
    rows = [
        [
            name,
            *(
                " ".join(part for part in (c.value, c.range and f"({c.range})", c.change and f"[{c.change}]") if part)
                for c in cells
            ),
        ]
        for name, cells in view.figures
    ]
    rows += [[name, *words] for name, words in view.assumptions]
    lines = columns(["", *(name for name, _ in view.headings)], rows)
    if not view.assumptions:
        lines += ["", text("scenarios.compare.same")]
    facts = {
        "as_kept": choices.as_kept,
        "base": beside_json(base, base, told[0].figures, None),
        "others": [beside_json(one.saved, base, one.figures, one.more) for one in told[1:]],
    }
    answer(choices, facts, [*lines, "", *view.notes])
    return 0


def _export(choices: Namespace, text: Text) -> int:
    saved, out = _named(choices), Path(choices.out)
    out.write_bytes(scenario_file(saved))
    facts = {"scenarios": [saved_json(saved, _basis(choices))], "file": str(out)}
    answer(choices, facts, [text("scenarios.exported", name=saved.kept.name, file=str(out))])
    return 0


def _import(choices: Namespace, text: Text) -> int:
    workspace, path = workspace_of(choices), Path(choices.names[0])
    kept = read_kept_scenario(file_bytes(path), path.name)
    taken = [one.kept.name for one in saved_scenarios(workspace.folder) if one.deletion is None]
    kept = replace(kept, name=free_name(kept.name, taken))
    return _told(choices, save_scenario(workspace, kept, why=IMPORTED, who=at_the_terminal()), text)


def _named(choices: Namespace) -> SavedScenario:
    return scenario_called(workspace_of(choices).folder, choices.names[0])


def _save_on(choices: Namespace, saved: SavedScenario, kept: KeptScenario, why: str) -> SavedScenario:
    seen = saved.last.number
    return save_scenario(workspace_of(choices), kept, id=saved.id, seen=seen, why=why, who=at_the_terminal())


def _revision(history: Sequence[Revision], number: int) -> Revision:
    found = next((one for one in history if one.number == number), None)
    if found is None:
        raise StoreError("scenarios.no_revision", number=number, most=len(history))
    return found


def _basis(choices: Namespace) -> Mapping[str, str]:
    """Return what figures rest on now; nothing where no data are loaded."""
    try:
        current_version(workspace_of(choices))
        with opened(choices) as data:
            return ask_basis(data)
    except CxroiError:
        return {}


def _told(choices: Namespace, saved: SavedScenario, text: Text) -> int:
    basis = _basis(choices)
    row = kept_row(saved, {saved.id: moved_since(saved, basis)}, line_of_worth([saved]), text)
    what = text(f"scenarios.done.{choices.scenario_task}", name=saved.kept.name, id=saved.id)
    answer(choices, {"scenarios": [saved_json(saved, basis)]}, [what, row.saved, *(words for _, words in row.signs)])
    return 0
