"""What a person changes about a scenario: a file of assumptions or a kept scenario by its name, and `--set NAME=VALUE`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cxroi.actions.scenario_file import ASSUMPTIONS, Value, assumption, read_scenario_file
from cxroi.cli.arguments import pairs, wrong_use
from cxroi.cli.layout import opened, workspace_of
from cxroi.model.scenario import Scenario

if TYPE_CHECKING:
    from cxroi.model.kept_scenario import SavedScenario
    from cxroi.questions import Evidence, OpenVersion


@dataclass(frozen=True, kw_only=True)
class ScenarioChanges:
    """Assumptions by name, to lay over a scenario."""

    values: Mapping[str, Value]

    def applied_to(self, scenario: Scenario) -> Scenario:
        """Return `scenario` with these changes; one outside its range is refused by the scenario itself."""
        return replace(scenario, **dict(self.values))  # type: ignore[arg-type]


def scenario_changes(choices: Namespace) -> ScenarioChanges:
    """Return what the file or the kept scenario says, with what --set says on top."""
    values: dict[str, Value] = {} if choices.scenario is None else _named(choices)
    for name, given in pairs(choices.set, "--set"):
        if name not in ASSUMPTIONS:
            wrong_use("assumption", name=name, known=", ".join(ASSUMPTIONS))
        try:
            values[name] = assumption(name, given)
        except (ValueError, OverflowError):
            wrong_use("number", name=name, value=given)
    return ScenarioChanges(values=values)


def kept_under(choices: Namespace) -> SavedScenario | None:
    """Return the scenario that was kept under the name or id that --scenario gives; None where it gives a file or nothing."""
    from cxroi.questions.scenarios import saved_scenarios, scenarios_called

    if choices.scenario is None or Path(choices.scenario).is_file():
        return None
    return next(iter(scenarios_called(choices.scenario, saved_scenarios(workspace_of(choices).folder))), None)


def _named(choices: Namespace) -> dict[str, Value]:
    """Return the assumptions of a file or, where there is none of this name, of the scenario that was kept under it."""
    saved = kept_under(choices)
    if saved is None:
        return read_scenario_file(Path(choices.scenario))
    return {name: getattr(saved.kept.scenario, name) for name in ASSUMPTIONS}


@contextmanager
def evidence_and_scenario(choices: Namespace) -> Iterator[tuple[OpenVersion, Evidence, Scenario]]:
    """Open the current version, with its evidence and the scenario that the choices make of it."""
    changes = scenario_changes(choices)
    with opened(choices) as data:
        from cxroi.questions import default_scenario, evidence_of

        evidence = evidence_of(data)
        yield data, evidence, changes.applied_to(default_scenario(data))
