"""Many people on What-if at once, against as many on a stock Streamlit page of four Altair charts.

A person is a connection of its own that says what a browser says: asks for every step of one slider on arriving, and then lets it go once a
second and asks for what stands below the panel once that has answered. The clock runs from what is said to the end of the run that
answers. The two pages have the machine one after the other. Nobody goes to another slider meanwhile: its steps would have to be worked
out, which is some twelve releases' work.
"""

from __future__ import annotations

import asyncio
import json
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.speed.measure import Row
from benchmarks.speed.stock import FOUR_CHARTS, stock_command
from cxroi.questions.sweep import LEADING, slide_of
from tests.browser.conftest import served_app

PEOPLE, SECONDS, PATIENCE = 25, 15.0, 120.0
TARGET = 0.1


class Person:
    """Somebody with a page open: what the page has shown so far, and what may be said to it."""

    def __init__(self, connection: ClientConnection, page: str, number: int) -> None:
        self.connection, self.page, self.number = connection, page, number
        self.random, self.moves, self.answered = random.Random(number), 0, 0
        self.hash, self.query = "", "lang=en"
        self.known: dict[
            str, tuple[str, str]
        ] = {}  # by what it is and its key: a widget, and the part of the page that it redraws

    async def arrive(self) -> None:
        """Open the page."""
        await self._say(WidgetState(), "")

    async def move_stock_slider(self) -> tuple[float, float]:
        """Move the only slider there is; return the seconds until the page has answered, twice."""
        name, part = self.known["slider None"]
        state = WidgetState(id=name)
        state.double_array_value.data.append(5 * self.random.randrange(61))
        began = time.perf_counter()
        await self._say(state, part)
        return time.perf_counter() - began, time.perf_counter() - began

    async def let_go(self) -> tuple[float, float]:
        """Let a slider of What-if go at another step; return the seconds until the panel, and until the whole page, has answered."""
        name = list(LEADING)[self.number % len(LEADING)]
        if not self.moves:
            await self._tell("live_stops", "ask", {"name": name})
        self.moves += 1
        moved = {name: self.random.choice(slide_of(name, 0.0).values)}
        began = time.perf_counter()
        await self._tell("live_panel", "told", {"messages": [{"seq": self.moves, "kind": "release", "moved": moved}]})
        panel = time.perf_counter() - began
        await self._tell("live_below", "follow", {"seq": self.moves})
        if self.answered != self.moves:
            raise RuntimeError(f"the panel has answered {self.answered} of {self.moves} releases")
        return panel, time.perf_counter() - began

    async def _tell(self, component: str, event: str, value: object) -> None:
        name, part = self.known[f"bidi_component {component}"]
        told = json.dumps([{"event": event, "value": value}])
        await self._say(WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{name}__events", json_trigger_value=told), part)

    async def _say(self, state: WidgetState, part: str) -> None:
        """Say one thing and wait until the script has run for it; an open page hears of nothing else."""
        message = BackMsg()
        run = message.rerun_script
        run.query_string, run.page_script_hash, run.fragment_id = self.query, self.hash, part
        if not self.hash:
            run.page_name = self.page
        run.widget_states.widgets.extend([state] if state.id else [])
        await self.connection.send(message.SerializeToString())
        while not self._hear(await asyncio.wait_for(self.connection.recv(), PATIENCE)):
            pass

    def _hear(self, said: str | bytes) -> bool:
        """Take what the server says; return whether a run has ended."""
        message = ForwardMsg.FromString(said if isinstance(said, bytes) else said.encode())
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.hash = message.new_session.page_script_hash
        elif kind == "navigation":
            self.hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta":
            element = message.delta.new_element
            what = element.WhichOneof("type") or ""
            name: str = getattr(getattr(element, what, None), "id", "")
            self.known[f"{what} {name.rsplit('-', 1)[-1]}"] = (name, message.delta.fragment_id)
            if name.endswith("live_below"):
                self.answered = json.loads(element.bidi_component.json)["seq"]
        return kind == "script_finished"


def rows() -> list[Row]:
    """Return the 95th percentile of the time that an answer takes, of the panel and of the whole page."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with served_app(root / "workspace") as address:
            ours = asyncio.run(_crowd(address, "what-if", Person.let_go))
        with served_app(root / "unused", *stock_command(root, FOUR_CHARTS)) as address:
            stock = asyncio.run(_crowd(address, "", Person.move_stock_slider))
    return [
        Row(
            job=f"{PEOPLE} people let a slider of What-if go once a second: 95th percentile to {what}",
            baseline="as many on a page of four Altair charts, stock streamlit run",
            seconds=_late([one[place] for one in ours]),
            baseline_seconds=_late([one[place] for one in stock]),
            target=TARGET,
            runs=len(ours),
        )
        for place, what in enumerate(("the settled panel", "the whole page"))
    ]


def _late(times: Sequence[float]) -> float:
    return sorted(times)[int(0.95 * len(times))]


async def _crowd(
    address: str, page: str, move: Callable[[Person], Awaitable[tuple[float, float]]]
) -> list[tuple[float, float]]:
    """Return how long each answer took, seconds, of people who move once a second, or as soon as they are answered where that is later."""
    url = f"{address.replace('http', 'ws')}/_stcore/stream"
    times: list[tuple[float, float]] = []

    async def stay(number: int) -> None:
        async with connect(url, max_size=None, ping_interval=None, **browser) as connection:
            person = Person(connection, page, number)
            async with door:  # they come one after another, and move once before the clock runs
                await person.arrive()
                await move(person)
            await everybody.wait()
            await asyncio.sleep(number / PEOPLE)
            end = time.perf_counter() + SECONDS
            while (began := time.perf_counter()) < end:
                times.append(await move(person))
                await asyncio.sleep(max(0.0, began + 1 - time.perf_counter()))

    browser: dict[str, Any] = {"subprotocols": ["streamlit"], "origin": address}
    door, everybody = asyncio.Semaphore(1), asyncio.Barrier(PEOPLE)
    async with asyncio.TaskGroup() as crowd:
        for number in range(PEOPLE):
            crowd.create_task(stay(number))
    return times
