"""A field that is worked out when somebody first looks at it."""

from dataclasses import dataclass, replace
from functools import partial

import pytest

from cxroi.model.value.later import Later


@dataclass(frozen=True, kw_only=True)
class Answer:
    short: int
    long: Later[int] = Later()


def made(calls, value):
    calls.append(value)
    return value


def test_it_is_made_when_looked_at_and_only_once():
    calls = []
    answer = Answer(short=1, long=partial(made, calls, 7))
    assert answer.short == 1 and calls == []
    assert answer.long == answer.long == 7 and calls == [7]


def test_a_value_that_is_given_is_the_value_and_one_that_is_missing_is_missed():
    assert Answer(short=1, long=7) == Answer(short=1, long=partial(int, 7))
    assert replace(Answer(short=1, long=partial(int, 7)), short=2) == Answer(short=2, long=7)
    with pytest.raises(TypeError, match="long"):
        Answer(short=1)
