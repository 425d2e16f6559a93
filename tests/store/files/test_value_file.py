"""Values written to a file and read back: the same in every part, and nothing is run or believed that the bytes bring along."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np
import pandas as pd
import pytest

from cxroi.model.response.channel import Channel
from cxroi.model.scenario import Scenario
from cxroi.model.statistics.uncertainty import Interval
from cxroi.store.files import value_file
from cxroi.store.files.value_file import from_bytes, to_bytes


@dataclass(frozen=True, eq=False)
class Holder:
    """Holds what values of the program hold: arrays, others, a cache, a function, and what is worked out."""

    draws: np.ndarray
    again: np.ndarray
    find: Callable[[], int] = int
    kept: dict = field(default_factory=dict, init=False)

    @cached_property
    def mean(self):
        return float(self.draws.mean())

    @cached_property
    def found(self):
        return self.find()


@dataclass(frozen=True)
class Bare:
    """No function in it: what is worked out from it goes along only where somebody has asked."""

    draws: tuple

    @cached_property
    def total(self):
        return sum(self.draws)


@pytest.fixture
def ours(monkeypatch):
    """Let the classes of this file count as the program's."""
    monkeypatch.setattr(value_file, "OURS", __name__.partition(".")[0])


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        0.1 + 0.2,
        float("inf"),
        "ريال",
        Decimal("0.10"),
        date(2025, 3, 31),
        Channel.SUPPORT,
        (1, (2.5, None), [3]),
        {Channel.MARGIN: 1, (36, 0.1): "x"},
        frozenset({"a"}),
        Scenario(currency="SAR", retention_uplift_pp=1.5),
        (Interval.known(0.25), Interval.known(0.25)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_comes_back_equal_and_of_its_own_kind(value):
    back = from_bytes(to_bytes(value))
    assert back == value and type(back) is type(value)


@pytest.mark.parametrize(
    "array",
    [
        np.linspace(0, 1, 7).reshape(7, 1),
        np.array(["2024-01", "2024-02"], dtype="datetime64[M]"),
        np.array([True, False]),
        np.array(["Villas", "شقق"]),
        np.array([1, None, "x"], dtype=object),
        np.array([]),
    ],
    ids=lambda array: str(array.dtype),
)
def test_an_array_keeps_its_numbers_its_shape_and_its_type(array):
    back = from_bytes(to_bytes(array))
    assert back.dtype == array.dtype and back.shape == array.shape and back.tolist() == array.tolist()


def test_a_number_of_an_array_stays_one_and_nan_stays_nan():
    assert type(from_bytes(to_bytes(np.float64(0.1)))) is np.float64
    assert np.isnan(from_bytes(to_bytes(float("nan"))))


def test_a_table_comes_back_with_its_names_its_types_and_its_gaps():
    frame = pd.DataFrame(
        {
            "month": pd.to_datetime(["2024-01-01", "2024-02-01"]),
            "segment": ["Villas", None],
            "lost": [1.5, np.nan],
            "ended": [True, False],
        }
    )
    pd.testing.assert_frame_equal(from_bytes(to_bytes(frame)), frame)


def test_what_two_hold_is_one_thing_again(ours):
    draws = np.arange(1000.0)
    back = from_bytes(to_bytes(Holder(draws, draws)))
    assert back.draws is back.again and len(to_bytes(Holder(draws, draws))) < 2 * draws.nbytes


def test_what_hangs_on_a_function_is_worked_out_before_it_is_written_and_a_cache_comes_back_empty(ours):
    holder = Holder(np.arange(4.0), np.zeros(1), find=lambda: 42)
    holder.kept["x"] = 1
    back = from_bytes(to_bytes(holder))
    assert (back.found, back.mean) == (42, 1.5) and back.find is int and back.kept == {}


def test_what_was_worked_out_goes_along_and_nothing_is_worked_out_for_it(ours):
    asked, not_asked = Bare((1, 2)), Bare((1, 2))
    assert asked.total == 3
    assert "total" in vars(from_bytes(to_bytes(asked))) and "total" not in vars(from_bytes(to_bytes(not_asked)))


def test_what_has_no_form_is_refused_when_written():
    for value in (object(), b"bytes", lambda: 1, Bare((1,))):  # the last is not of the program
        with pytest.raises(TypeError):
            to_bytes(value)


def _written(node):
    held = io.BytesIO()
    tree = json.dumps({"root": [0], "nodes": [node]}).encode()
    np.savez(held, tree=np.frombuffer(tree, dtype=np.uint8))
    return held.getvalue()


@pytest.mark.parametrize(
    "node",
    [
        ["value", "os", "system", {}, {}],
        ["value", "subprocess", "Popen", {"args": "true"}, {}],
        ["value", "cxroi.store.versions.workspace", "Workspace.open", {}, {}],
        ["value", "cxroi.store.engine.engine", "Engine", {}, {}],  # no dataclass
        ["value", "cxroi.model.statistics.uncertainty", "Interval", {"low": 1.0}, {}],  # a field is missing
        ["enum", "cxroi.model.response.channel", "Channel", "NONE"],
        ["enum", "cxroi.model.statistics.uncertainty", "Interval", "low"],
        ["_init_", []],
        ["array", "not there"],
    ],
    ids=lambda node: " ".join(map(str, node[:3])),
)
def test_bytes_that_name_anything_but_a_value_of_the_program_are_refused(node):
    with pytest.raises(ValueError, match="not a value"):
        from_bytes(_written(node))


def test_damaged_bytes_are_refused_wherever_the_damage_is():
    whole = to_bytes((Scenario(), np.arange(50.0)))
    for content in (b"", b"PK", whole[:-40], whole[: len(whole) // 2], np.arange(3.0).tobytes()):
        with pytest.raises(ValueError, match="not a value"):
            from_bytes(content)
