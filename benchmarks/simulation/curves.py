"""What effective spend r truly buys: g(r) with g(0) = 0, r = 1 being today's spend. Written apart from `cxroi.model.response.shape`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Curve(Protocol):
    """A response: what effective spend buys, as a share of the strength."""

    def __call__(self, spend: Array) -> Array: ...


@dataclass(frozen=True)
class Saturating:
    """1 - 2^(-r/c), scaled to g(1) = 1: half of all there is to gain stands at r = c."""

    half: float

    def __call__(self, spend: Array) -> Array:
        return (1 - 0.5 ** (np.asarray(spend) / self.half)) / (1 - 0.5 ** (1 / self.half))


@dataclass(frozen=True)
class SShaped:
    """r^k / (c^k + r^k), scaled to g(1) = 1."""

    half: float
    steep: float

    def __call__(self, spend: Array) -> Array:
        power = np.asarray(spend) ** self.steep
        return power * (1 + self.half**self.steep) / (self.half**self.steep + power)


@dataclass(frozen=True)
class Power:
    """r^k, k at most 1: never saturates."""

    steep: float

    def __call__(self, spend: Array) -> Array:
        return np.asarray(spend) ** self.steep


@dataclass(frozen=True)
class Step:
    """r^k / (c^k + r^k) with a large k, not scaled: all of the step is 1, and today's spend may have bought nothing of it yet."""

    half: float
    steep: float

    def __call__(self, spend: Array) -> Array:
        with np.errstate(divide="ignore"):
            times = self.steep * np.log(np.asarray(spend) / self.half)
        return 1 / (1 + np.exp(-np.clip(times, -500, 500)))


@dataclass(frozen=True)
class LogisticStep:
    """A step at `middle` times today's spend with g(0) = 0 and g(3) = 1: of no family of the model's."""

    middle: float
    width: float

    def __call__(self, spend: Array) -> Array:
        low, high, here = (1 / (1 + np.exp(-(np.asarray(x) - self.middle) / self.width)) for x in (0.0, 3.0, spend))
        return (here - low) / (high - low)


@dataclass(frozen=True)
class Logarithm:
    """log(1 + k r), scaled to g(1) = 1: of no family of the model's, never saturates."""

    scale: float

    def __call__(self, spend: Array) -> Array:
        return np.log(1 + self.scale * np.asarray(spend)) / np.log(1 + self.scale)


@dataclass(frozen=True)
class Knees:
    """Straight lines between 0, 0.5, 1, 1.5, 2 and 3 times today's spend with g(0) = 0 and g(3) = 1: of no family of the model's."""

    rise: tuple[float, ...]

    def __call__(self, spend: Array) -> Array:
        height = np.concatenate([[0.0], np.cumsum(self.rise)])
        return np.interp(spend, [0.0, 0.5, 1.0, 1.5, 2.0, 3.0], height / height[-1])


def draw_curve(rng: np.random.Generator) -> Curve:
    """Return a curve as the model's priors have them: a step in two of five, the three smooth shapes in one of five each."""
    half = float(np.exp(rng.uniform(np.log(0.25), np.log(4))))
    kind = rng.choice(4, p=(0.2, 0.2, 0.2, 0.4))
    if kind == 0:
        return Saturating(half)
    if kind == 1:
        return SShaped(half, float(rng.uniform(1, 3)))
    if kind == 2:
        return Power(float(rng.uniform(0.1, 1)))
    return Step(half, float(3 * (20 / 3) ** rng.uniform()))
