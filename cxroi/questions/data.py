"""The one door to a version of the data: opened once, every part read or worked out once, and kept for the next command."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache, cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from cxroi.errors import PanelError
from cxroi.model.company.baseline import Baseline, measure_baseline
from cxroi.model.company.panel import Panel
from cxroi.questions.register import REGISTER
from cxroi.store.versions import derived
from cxroi.store.versions.version import Version

if TYPE_CHECKING:
    import pandas as pd

    from cxroi.store.engine.engine import Engine
    from cxroi.store.panel.panel import PanelFrame

_Value = TypeVar("_Value")
_WORKED_OUT_BY = ("questions", "model", "money", "store")  # the rooms whose code decides what a value is
_SOURCE = {".py", ".sql", ".toml"}


class OpenVersion:
    """One version of the data. What it rests on beside the data (rates, how costs are shared and counted once) is read at the opening."""

    def __init__(self, version: Version) -> None:
        from cxroi.store.state.state import rate_table, state_in_force

        version.ensure_whole()
        self.version = version
        state, _ = state_in_force(version)
        kept = state.settings()  # read once: what is kept must rest on the very rates that its name says
        known = kept.rates
        self.known_rates = known
        self.known_targets = state.targets()
        self.how: dict[str, Any] = {"rates": partial(rate_table, known), "allocation": kept.sharing}
        self.spend_in_support = kept.spend_in_support
        self.money_said = kept.money_said
        self.settings: dict[str, str] = {  # what the figures rest on beside the data, each told apart by its text
            "rates": repr(known),
            "sharing": repr(self.how["allocation"]),
            "booked": repr(self.spend_in_support),
            "margin": repr(self.money_said),
        }
        self._rests_on = repr((version.id, known, self.how["allocation"], self.spend_in_support, self.money_said))
        self._engine: Engine | None = None
        self._known: dict[str, object] = {}
        self._opening = threading.Lock()
        self._making: dict[str, threading.RLock] = {}  # so that two who ask the same at once wait for one answer

    @property
    def engine(self) -> Engine:
        """Return the engine, opened when somebody first has a query."""
        with self._opening:
            if self._engine is None:
                from cxroi.store.engine.engine import Engine

                self._engine = Engine.on(self.version)
            return self._engine

    def close(self) -> None:
        """Let go of the engine; what was read stays."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def kept(self, name: str, make: Callable[[], _Value], *of: object) -> _Value:
        """Return a value of this version, from the file that an earlier command left or made now; `of` is what else it rests on."""
        rests_on = sha256(repr((_code(), self._rests_on, of)).encode()).hexdigest()[:32]
        file = f"{name}-{rests_on}"
        with self._making.setdefault(file, threading.RLock()):
            found = self._known.get(file)
            if found is None:
                found = derived.read(self.version, file)
                if found is None:
                    found = make()
                    derived.keep(self.version, file, found)
                self._known[file] = found
        return cast(_Value, found)

    @property
    def program(self) -> str:
        """Return what stands for the program that works values out of the data: another one may come to others."""
        return _code()[:16]

    @cached_property
    def frame(self) -> PanelFrame:
        """Return the panel as a frame, with the notes and the account of costs."""
        return self.kept("frame", self._frame)

    @cached_property
    def panel(self) -> Panel:
        """Return the panel, its counts checked."""
        return Panel.from_frame(self.frame.frame, **self.frame.meta)

    @cached_property
    def panel_without_costs(self) -> Panel:
        """Return the panel of a question that needs no cost ledger."""
        found = self.kept("frame", self._frame_without_costs, "without costs")
        return Panel.from_frame(found.frame, **found.meta)

    @cached_property
    def baseline(self) -> Baseline:
        """Return where each segment stands today."""
        return measure_baseline(self.panel)

    @cached_property
    def pilot_rows(self) -> pd.DataFrame:
        """Return the rows of the table of pilots."""
        from cxroi.store.panel.panel import read_pilots

        return read_pilots(self.engine)

    def _frame_without_costs(self) -> PanelFrame:
        from cxroi.store.panel.panel import data_choices

        return self.frame if data_choices(self.engine).complete else self._frame(without_costs=True)

    def _frame(self, without_costs: bool = False) -> PanelFrame:
        from cxroi.store.panel.panel import read_panel

        return read_panel(
            self.engine,
            **self.how,
            spend_in_support=self.spend_in_support,
            money_said=self.money_said,
            without_costs=without_costs,
        )


@contextmanager
def open_version(folder: Path, version_id: str | None = None) -> Iterator[OpenVersion]:
    """Open a version of a workspace (None: the one in use) for some questions. Raises PanelError where there are no data."""
    from cxroi.store.versions.workspace import Workspace

    workspace = Workspace.open(folder)
    version = workspace.current() if version_id is None else workspace.version(version_id)
    if version is None:
        raise PanelError("panel.no_data")
    with closing(OpenVersion(version)) as opened:
        yield opened


@cache
def _code() -> str:
    """Return what stands for the code that works values out: after an update nothing old is taken for its answer."""
    root, found = Path(__file__).parents[1], sha256(REGISTER.read_bytes())
    for path in sorted(one for room in _WORKED_OUT_BY for one in (root / room).rglob("*") if one.suffix in _SOURCE):
        found.update(path.read_bytes())
    return found.hexdigest()
