"""Variants of the engine, tried on the same companies: each changes a prior, a belief or a threshold while a company is judged.

A variant is a name, a sentence and a context in which the engine is changed; add one to VARIANTS, run it with `--variant name`, and
compare with `python -m benchmarks.studies.comparison`. What a variant changes must be there: a name that has moved is an error,
never a variant that changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import Any

Context = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Variant:
    """One engine to try."""

    name: str
    about: str
    context: Context


@contextmanager
def put(module: str, name: str, value: Callable[[Any], Any]) -> Iterator[None]:
    """Replace `name` of a module by `value` of what it was, for as long as the context lasts."""
    place = import_module(module)
    before = getattr(place, name)
    setattr(place, name, value(before))
    try:
        yield
    finally:
        setattr(place, name, before)


def priors(**changes: float) -> Context:
    """Return the context in which priors of the churn response (and the shapes of all channels) are changed."""

    def changed(read: Callable[..., Any]) -> Callable[..., Any]:
        def other(*args: Any, **kwargs: Any) -> Any:
            found, register = read(*args, **kwargs)
            return replace(found, **changes), register

        return other

    return lambda: put("cxroi.questions.gathering", "read_register", changed)


def beliefs(scale: float = 1.0, **changes: float) -> Context:
    """Return the context in which the beliefs about margin, support cost and joins are changed: strengths times `scale`."""

    def changed(read: Callable[..., Any]) -> Callable[..., Any]:
        def other(*args: Any, **kwargs: Any) -> Any:
            return {
                name: replace(
                    one,
                    strength_scale=scale * one.strength_scale,
                    strength_spread_scale=scale * one.strength_spread_scale,
                    **changes,
                )
                for name, one in read(*args, **kwargs).items()
            }

        return other

    return lambda: put("cxroi.questions.gathering", "read_channel_priors", changed)


def rule(**changes: float) -> Context:
    """Return the context in which thresholds of the verdict are changed."""
    return lambda: put("cxroi.model.decision.verdict", "DecisionRule", lambda before: partial(before, **changes))


def together(*contexts: Context) -> Context:
    """Return several changes at once."""

    @contextmanager
    def all_of_them() -> Iterator[None]:
        with ExitStack() as stack:
            for one in contexts:
                stack.enter_context(one())
            yield

    return all_of_them


_ALL = (
    Variant("as_is", "the engine as it is", nullcontext),
    Variant("strength_halved", "strength of churn believed half as large", priors(strength_scale=0.175)),
    Variant("strength_doubled", "strength of churn believed twice as large", priors(strength_scale=0.7)),
    Variant("threshold_seldom", "a step weighs as much as any other shape", priors(threshold_weight=0.25)),
    Variant("churn_helps", "spend always lowers churn", priors(nothing=0.0, harms=0.0)),
    Variant("spike_half", "each channel moves nothing with probability 0.5", beliefs(nothing=0.5)),
    Variant("channels_halved", "strengths of the other channels believed half as large", beliefs(scale=0.5)),
    Variant("channels_doubled", "strengths of the other channels believed twice as large", beliefs(scale=2.0)),
    Variant("sure_85", "a side is called from 0.85 on", rule(sure_of_too_little=0.85, sure_of_too_much=0.85)),
)
VARIANTS: Mapping[str, Variant] = MappingProxyType({one.name: one for one in _ALL})
