"""Months and values that a page looks at, as the queries take them."""

from datetime import date

import pytest

from cxroi.questions import open_version
from cxroi.questions.slice import Slice, add_months, ask_choosable, months_between
from cxroi.store.sample import load_sample
from cxroi.store.versions.workspace import Workspace


def test_a_slice_of_months_counts_both_ends_to_their_last_day():
    half = Slice(first=date(2024, 1, 1), last=date(2024, 2, 1))
    assert half.months == 2
    assert half.days == {"first_on": date(2024, 1, 1), "last_on": date(2024, 2, 29)}


def test_the_slice_before_is_as_long_and_touches_it():
    now = Slice(first=date(2025, 1, 1), last=date(2025, 3, 1), segment="Homes")
    assert now.before == Slice(first=date(2024, 10, 1), last=date(2024, 12, 1), segment="Homes")
    assert Slice(segment="Homes").before is None


@pytest.mark.parametrize("months", [-25, -1, 0, 1, 11, 12, 13, 240])
def test_adding_months_and_counting_them_are_each_others_way_back(months):
    start = date(2025, 6, 1)
    end = add_months(start, months)
    assert months_between(*sorted((start, end))) == abs(months) + 1
    assert add_months(end, -months) == start


def test_what_can_be_chosen_is_what_the_data_hold(tmp_path):
    load_sample(Workspace.open(tmp_path))
    with open_version(tmp_path) as data:
        known = ask_choosable(data)
        panel = data.panel
    assert set(known.segments) == set(panel.segments)
    assert known.last == panel.last_day.replace(day=1) and len(known.months) == months_between(known.first, known.last)
    assert known.touchpoints and known.channels
