"""A ledger cut by a label: whatever the cut, the same money, the same budget, and nothing lost."""

from decimal import Decimal

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from cxroi.model.company.ledger import CUTS, EVERYTHING, LABELS, UNNAMED, cut_ledger, only_value

NAMES = st.sampled_from([None, "Coaching", "coaching", "App", "تدريب"])


@st.composite
def cells(draw):
    rows = draw(st.integers(1, 12))
    return pd.DataFrame(
        [
            {
                "month": pd.Timestamp("2025-01-01") + pd.DateOffset(months=draw(st.integers(0, 5))),
                **{label: draw(NAMES) for label in LABELS},
                "counts": draw(st.sampled_from(["cx", "not_cx", "acquisition"])),
                "is_capex": draw(st.booleans()),
                "one_off": draw(st.booleans()),
                "thousandth": draw(st.integers(-(10**15), 10**15)),
                "budget_thousandth": draw(st.integers(0, 10**15)) if (budgeted := draw(st.integers(0, 1))) else 0,
                "lines": 1,
                "lines_budgeted": budgeted,
            }
            for _ in range(rows)
        ]
    )


def row(month, amount, budget=None, **more):
    return {
        "month": pd.Timestamp(f"2025-{month:02d}-01"),
        **dict.fromkeys(LABELS),
        "counts": "cx",
        "is_capex": False,
        "one_off": False,
        "thousandth": 1000 * amount,
        "budget_thousandth": 1000 * (budget or 0),
        "lines": 1,
        "lines_budgeted": int(budget is not None),
        **more,
    }


def cut(rows, by="initiative", *, counts="cx", until=12):
    return cut_ledger(pd.DataFrame(rows), by, counts=counts, posted_until=pd.Timestamp(f"2025-{until:02d}-01"))


@settings(max_examples=25, deadline=None)
@given(found=cells())
def test_every_cut_adds_up_to_the_same_money_and_the_same_budget(found):
    whole = int(found["thousandth"].sum())
    overs = set()
    for by in CUTS:
        one = cut_ledger(found, by, counts=EVERYTHING, posted_until=found["month"].max())
        assert one.whole.spent.total == Decimal(whole).scaleb(-3)
        assert sum(part.spent.total for part in one.parts) == one.whole.spent.total
        assert sum(part.spent.budget or 0 for part in one.parts) == (one.whole.spent.budget or 0)
        assert sum(part.spent.within_budget for part in one.parts) == one.whole.spent.within_budget
        assert all(sum(part.months) == part.spent.total for part in one.parts)
        assert sum(part.spent.lines for part in one.parts) == len(found)
        overs.add(one.whole.spent.over)
    assert len(overs) == 1


def test_names_that_differ_in_case_are_one_the_largest_comes_first_and_what_has_no_name_last():
    found = cut(
        [row(1, 5, initiative="Coaching"), row(2, 6, initiative="coaching "), row(1, 20), row(1, 2, initiative="App")]
    )
    assert [(part.name, part.spent.total) for part in found.parts] == [("Coaching", 11), ("App", 2), (UNNAMED, 20)]


def test_running_cost_capital_and_what_comes_once_are_told_apart():
    found = cut(
        [row(1, 1), row(1, 20, is_capex=True), row(1, 300, one_off=True), row(1, 4000, is_capex=True, one_off=True)]
    )
    spent = found.whole.spent
    assert (spent.opex, spent.capex, spent.one_off) == (1, 20, 4300)


def test_a_line_is_held_against_its_budget_in_the_months_that_have_one_whichever_row_names_it():
    rows = [row(1, 0, 100, initiative="App"), row(1, 130, initiative="App"), row(2, 500, initiative="App")]
    rows += [row(1, 40, 60, initiative="Coaching"), row(1, 9)]
    found = cut(rows)
    app, coaching, nameless = found.parts
    assert (app.spent.budget, app.spent.within_budget, app.spent.over, app.spent.unbudgeted) == (100, 130, 30, 500)
    assert (coaching.spent.over, nameless.spent.over) == (-20, None)
    assert found.whole.spent.over == 10 and [part.name for part in found.over] == ["App"]
    assert cut(rows, "month").whole.spent.over == 10


def test_a_budget_for_months_to_come_is_held_against_nothing_yet():
    found = cut([row(1, 90, 100), row(2, 0, 70)], until=1)
    assert (found.whole.spent.over, found.budget_ahead, len(found.months)) == (-10, 70, 1)


def test_months_without_a_line_are_there_and_empty():
    assert [str(month) for month in cut([row(1, 1), row(3, 2)]).months] == ["2025-01-01", "2025-02-01", "2025-03-01"]
    assert cut([row(1, 1), row(3, 2)]).whole.months == (1, 0, 2)


def test_beyond_a_hundred_names_the_small_ones_are_told_together():
    found = cut([row(1, n + 1, initiative=f"line {n}") for n in range(130)])
    assert len(found.parts) == 100 and found.parts[-1].names == 31
    assert sum(part.spent.total for part in found.parts) == sum(range(131))


def test_what_nothing_fits_is_an_empty_cut():
    found = cut([row(1, 1)], counts="acquisition")
    assert found.parts == () and found.whole.spent.total == 0 and found.months == ()
    assert len(only_value(pd.DataFrame([row(1, 1, segment="Homes")]), "segment", "HOMES")) == 1


def test_levels_stand_from_the_lowest_whatever_they_cost_and_what_has_none_comes_last():
    rows = [row(1, 9, cx_level="3"), row(1, 2, cx_level="1"), row(2, 50), row(2, 5, cx_level="5")]
    found = cut(rows, "cx_level")
    assert [(part.name, int(part.spent.total)) for part in found.parts] == [("1", 2), ("3", 9), ("5", 5), (UNNAMED, 50)]
