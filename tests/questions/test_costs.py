"""From the files to the verdict: every step adds up, and one that does not is named."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cxroi.questions import open_version
from cxroi.questions.costs import ask_cost_book, ask_cost_lines, ask_costs, ask_cuts
from cxroi.questions.slice import Slice
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from tests.store.tables import parquet

PEOPLE = [
    {
        "customer_id": str(n),
        "joined_on": "2024-11-20",
        "segment": "Homes" if n % 3 else "Offices",
        "monthly_revenue": "10",
    }
    for n in range(20)
]
PEOPLE += [{"customer_id": "new", "joined_on": "2025-06-30", "segment": "Homes", "monthly_revenue": "10"}]


def cost(month, amount, **more):
    return {"period": f"2025-{month:02d}-01", "amount": amount, "currency": "SAR", **more}


COSTS = [
    cost(1, "100.005", initiative="Coaching", segment="Homes", touchpoint="Phone", budget_amount="90"),
    cost(2, "50", initiative="App", segment="Offices", currency="EUR"),
    cost(3, "36036", initiative="App", kind="capex"),
    cost(3, "700", initiative="Launch", one_off="true"),
    cost(4, "20", category="acquisition"),
    cost(4, "8", initiative="Rent", is_cx="false"),
    cost(5, "60", initiative="Coaching", segment="Nobody"),
]
RULE = {"id": "finding.rule.not_cx", "facts": {"target": "note", "contains": "rent", "lines": "1", "amount": "8.000"}}
TOTAL = {"id": "finding.difference_explained", "facts": {"total": "36950.005", "why": "late invoice"}}


@pytest.fixture
def opened(tmp_path):
    def open_it(people=PEOPLE, costs=COSTS, sources=None):
        workspace = Workspace.open(tmp_path / "w")
        rows = {"customers": people, "costs": costs}
        staged = {n: parquet(workspace.quarantine() / f"{n}.parquet", n, part) for n, part in rows.items() if part}
        told = {"customers": {"currency": "SAR"}, "costs": sources or {"file": "ledger.xlsx", "sheet": "2025"}}
        workspace.publish(staged, sources=told)
        State.open(workspace.folder).set_rate("EUR", "SAR", Decimal("4.05"), source="bank")
        return open_version(workspace.folder)

    return open_it


def test_every_step_from_the_files_to_the_verdict_adds_up(opened):
    with opened() as data:
        book = ask_cost_book(data)
    account = book.account
    amounts = {one.counts: one.amount for one in book.counted}
    assert book.breaks == () and book.refused is None
    assert book.loaded == book.written == Decimal("36974.005")
    assert book.ledger == Decimal("36974.005") - 50 + Decimal("202.5")
    assert (amounts["not_cx"], amounts["acquisition"], account.one_off) == (8, 20, 700)
    assert account.outside_capex == Decimal("36036") - Decimal("3003")  # three of 36 months are in the data
    assert amounts["cx"] - account.one_off - account.outside_months == book.in_panel
    assert {one.segment: one.direct for one in account.segments} == {
        "Homes": Decimal("100.005"),
        "Offices": Decimal("202.5"),
    }
    assert sum(one.direct + one.shared for one in account.segments) == book.in_panel
    (one,) = book.converted
    assert (one.currency, one.month, one.written, one.rate, one.amount, one.source) == (
        *("EUR", "2025-02", 50, Decimal("4.05"), Decimal("202.5")),
        "bank",
    )


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"loaded": Decimal(1)}, {"files", "cells"}),
        ({"written": Decimal("36974.004")}, {"cells"}),
        ({"ledger": Decimal(2)}, {"counted", "account"}),
        ({"in_panel": Decimal("0.001")}, {"panel"}),
    ],
)
def test_a_sum_that_does_not_agree_is_named(opened, changed, named):
    with opened() as data:
        book = ask_cost_book(data)
    assert set(replace(book, **changed).breaks) == named


def test_a_file_tells_its_total_and_the_rules_that_chose_its_lines(opened):
    source = {"file": "l.csv", "rows_read": 9, "rows": 7, "rows_rejected": 1, "rows_skipped": 1}
    source |= {"sums": {"amount": "36974.005"}, "findings": [RULE, TOTAL], "mapping": {"is_cx": "CX?"}}
    with opened(sources=source) as data:
        (file,) = ask_cost_book(data).sources
    assert (file.rows_read, file.rows, file.rejected, file.skipped) == (9, 7, 1, 1)
    assert (file.amount, file.total, file.why) == (Decimal("36974.005"), Decimal("36950.005"), "late invoice")
    (rule,) = file.rules
    assert (rule.decision, rule.contains, rule.lines, rule.amount) == ("not_cx", "rent", 1, 8) and file.says_itself


def test_a_ledger_alone_is_cut_and_says_why_no_verdict_uses_it(opened):
    with opened(people=[]) as data:
        book = ask_cost_book(data)
        assert book.breaks == () and book.account is None and book.refused.id == "store.not_enough_tables"
        assert ask_costs(data).whole.spent.total > 0


def test_months_segment_and_touchpoint_choose_lines(opened):
    with opened() as data:
        first_two = ask_costs(data, "month", "all", Slice(first=date(2025, 1, 1), last=date(2025, 2, 1)))
        homes, phone = (ask_costs(data, about=Slice(**one)) for one in ({"segment": "homes"}, {"touchpoint": "Phone"}))
    assert [str(part.spent.total) for part in first_two.parts] == ["100.005", "202.500"]
    assert homes.whole.spent.total == phone.whole.spent.total == Decimal("100.005")
    assert homes.whole.spent.over == Decimal("10.005")


def test_lines_have_their_initiatives_level_or_their_own_and_owners_and_levels_are_cuts_where_a_line_has_one(tmp_path):
    workspace = Workspace.open(tmp_path / "w")
    tagged = [{"name": "coaching ", "cx_level": "3"}, {"name": "App"}]
    lines = [
        cost(1, "100", initiative="Coaching", owner="Care"),
        cost(1, "40", initiative="Coaching", cx_level="5", owner="Care"),
        cost(2, "7", initiative="App"),
    ]
    rows = {"customers": PEOPLE, "costs": lines, "initiatives": tagged}
    staged = {n: parquet(workspace.quarantine() / f"{n}.parquet", n, part) for n, part in rows.items()}
    workspace.publish(staged, sources={"customers": {"currency": "SAR"}})
    with open_version(workspace.folder) as data:
        by_level, by_owner = ask_costs(data, "cx_level"), ask_costs(data, "owner")
        assert not ask_cost_book(data).breaks
        assert {"owner", "cx_level"} <= set(ask_cuts(data))
    assert [(one.name, one.spent.total) for one in by_level.parts] == [("3", 100), ("5", 40), ("", 7)]
    assert [(one.name, one.spent.total) for one in by_owner.parts] == [("Care", 140), ("", 7)]


def test_the_largest_lines_are_listed_as_they_are_written_and_only_those_asked_about(opened):
    with opened() as data:
        assert not {"owner", "cx_level"} & set(ask_cuts(data))
        every = ask_cost_lines(data, "all", Slice(), 3)
        cx = ask_cost_lines(data, "cx", Slice(first=date(2025, 1, 1), last=date(2025, 2, 1)), 100)
        homes = ask_cost_lines(data, "cx", Slice(segment="homes"), 100)
    assert [(one.month, one.amount) for one in every.lines] == [
        ("2025-03", Decimal("36036")),
        ("2025-03", Decimal("700")),
        ("2025-01", Decimal("100.005")),
    ]
    assert every.of == len(COSTS) and cx.of == len(cx.lines) == 2 and cx.lines[1].currency == "EUR"
    assert [one.touchpoint for one in homes.lines] == ["Phone"] and every.lines[0].touchpoint == ""
