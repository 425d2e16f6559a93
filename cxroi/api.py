"""What a script or a notebook calls, reached as `cxroi.<name>`: open a workspace, load files, evaluate under a scenario.

Thin by intent: every change goes through `cxroi.actions`, so that it leaves its line in the audit trail, and every figure
is the one that the app and the terminal show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxroi.actions.connections import Refreshed, refresh_all
from cxroi.actions.load import load_many
from cxroi.actions.load import load_sample as _load_sample
from cxroi.actions.person import at_the_terminal
from cxroi.actions.place import workspace_folder
from cxroi.errors import StoreError, UploadError
from cxroi.intake.report import IntakeReport, IntakeRequest, LoadOutcome
from cxroi.model.company.panel import Panel
from cxroi.model.scenario import Scenario
from cxroi.questions import (
    BusinessCase,
    Evidence,
    build_business_case,
    default_scenario,
    evidence_from_panel,
    gather,
    open_version,
)
from cxroi.store.versions.version import Version
from cxroi.store.versions.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Load:
    """What became of a load: one report a table, in the order of the files, and the version that they made, if any."""

    reports: tuple[IntakeReport, ...]
    version: str | None

    @property
    def refused(self) -> tuple[IntakeReport, ...]:
        """Return the reports of what was not taken; `message` and `facts` say why."""
        return tuple(report for report in self.reports if report.outcome is LoadOutcome.REFUSED)


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenWorkspace:
    """One company's data in a folder, as the app and the terminal see them."""

    folder: Path
    _known: dict[str, Evidence] = field(default_factory=dict, init=False, repr=False)  # of the last version asked for

    @property
    def version(self) -> Version | None:
        """Return the version of the data in use; None where nothing has been loaded."""
        return self._store().current()

    def load_sample(self) -> Version:
        """Load the made-up company and return the new version."""
        return _load_sample(self._store(), who=at_the_terminal())

    def load(self, *files: str | PathLike[str], append: bool = False, **how: Any) -> Load:
        """Load files in one act, each recognised and checked row by row, and return the account of each.

        `how` are the fields of `IntakeRequest` (currency, table, mapping, ...), of every file. A file that is refused
        keeps none of the others out. Raises UploadError for a file that is not there, StoreError where the whole is refused.
        """
        paths = [Path(file).expanduser() for file in files]
        for path in paths:
            if not path.is_file():
                raise UploadError("upload.no_such_file", file=str(path))
        asked: dict[str, Any] = {
            name: tuple(value.items()) if isinstance(value, Mapping) else value for name, value in how.items()
        }
        meant = [(path, path.name, IntakeRequest(**asked)) for path in paths]
        found, version = load_many(self._store(), meant, "append" if append else "replace", who=at_the_terminal())
        reports = tuple(report for of_file in found for report in of_file)
        return Load(reports=reports, version=None if version is None else version.id)

    def refresh(self, *names: str, again: bool = False) -> tuple[Refreshed, ...]:
        """Read the named connections, or all, and load what is new, as the command `refresh` does; return what came of each.

        What cannot be read or needs an answer is told by its `outcome` and `said`. Raises StoreError for a name that is not there.
        """
        return refresh_all(self._store(), names, who=at_the_terminal(), again=again)

    def panel(self) -> Panel:
        """Return the counts and the money by month and segment; `.to_frame()` makes them a pandas frame."""
        with open_version(self.folder, self._in_use().id) as data:
            return data.panel

    def evidence(self) -> Evidence:
        """Return what the data say before any scenario: the slow part (seconds), kept until the data change."""
        version = self._in_use().id
        if version not in self._known:
            self._known.clear()
            self._known[version] = gather(self.folder, version)
        return self._known[version]

    def evaluate(self, scenario: Scenario | None = None, /, **changes: Any) -> BusinessCase:
        """Return the business case of these data under a scenario, as `cxroi.evaluate` does."""
        return evaluate(self, scenario, **changes)

    def _store(self) -> Workspace:
        return Workspace.open(self.folder)

    def _in_use(self) -> Version:
        version = self.version
        if version is None:
            raise StoreError("store.no_data", workspace=str(self.folder))
        return version


def open_workspace(folder: str | PathLike[str] | None = None) -> OpenWorkspace:
    """Return the workspace in a folder: `folder`, else $CXROI_WORKSPACE, else one in the user's own data directory."""
    return OpenWorkspace(folder=workspace_folder(None if folder is None else str(folder)))


def evidence(data: OpenWorkspace | Evidence | Panel | pd.DataFrame) -> Evidence:
    """Return what data say before any scenario (seconds): of a workspace, a panel, or a frame of one row a month and segment.

    A frame has the columns of the table `monthly` (month, segment, customers_at_start, customers_lost, cx_spend, revenue,
    ...), money in one currency. Raises PanelError where the counts contradict each other or nobody spent anything.
    """
    if isinstance(data, Evidence):
        return data
    if isinstance(data, OpenWorkspace):
        return data.evidence()
    panel = data if isinstance(data, Panel) else Panel.from_frame(data)
    return evidence_from_panel(panel, data_version="")


def evaluate(
    data: OpenWorkspace | Evidence | Panel | pd.DataFrame, scenario: Scenario | None = None, /, **changes: Any
) -> BusinessCase:
    """Return the business case of data under a scenario: verdict, outcome, health, segments and what would change it.

    `changes` are fields of `Scenario` by name, laid over `scenario` or, without one, over what the evidence says. To ask
    often, keep `evidence(data)` and pass it: the rest takes a fraction of a second. Raises ScenarioError for a value
    outside its range and TypeError for a name that no assumption has.
    """
    known = evidence(data)
    return build_business_case(known, replace(scenario or default_scenario(known), **changes))
