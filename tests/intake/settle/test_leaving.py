"""A list of customers that says nothing of leaving is asked about: that nobody ever left would be the best news there is."""

from __future__ import annotations

from pathlib import Path

from tests.intake.loading import Loaded, load

HEAD = "customer_id,joined_on,Last seen by sales,Gone since,Birthday,Spend\n"
ROWS = "".join(
    f"C{i},2024-01-{1 + i:02d},2025-06-01,{'2025-03-01' if i % 4 == 0 else ''},{'1980-05-05' if i % 3 else ''},{45000 + i}\n"
    for i in range(20)
)


def lists(folder: Path, content: str, **request: object) -> Loaded:
    folder.mkdir(exist_ok=True)
    return load(folder, content, **request)


def asked(loaded: Loaded) -> tuple[str, dict[str, str]]:
    (question,) = [f for f in loaded.report.findings if f.severity == "question"]
    return question.id, question.facts


def test_the_columns_that_could_say_it_are_offered(tmp_path: Path) -> None:
    """Not one that everybody has, none from before joining, and no amount, which a spreadsheet could take for a day."""
    assert asked(lists(tmp_path, HEAD + ROWS)) == (
        "finding.left_unknown",
        {"column": "Gone since", "columns": "Gone since"},
    )


def test_the_column_that_a_person_names_is_the_leaving_date(tmp_path: Path) -> None:
    loaded = lists(tmp_path, HEAD + ROWS, mapping=(("left_on", "Gone since"),))
    assert loaded.rows("count(*), count(left_on)") == [(20, 5)]


def test_that_nobody_has_left_is_an_answer_and_is_said_every_time(tmp_path: Path) -> None:
    for place, answer in enumerate(({"nobody_left": True}, {"mapping": (("left_on", ""),)})):
        loaded = lists(tmp_path / str(place), HEAD + ROWS, **answer)
        assert loaded.report.rows_loaded == 20 and "left_nobody" in loaded.findings


def test_where_no_column_fits_that_is_said(tmp_path: Path) -> None:
    assert asked(lists(tmp_path, "customer_id,joined_on,segment\nA,2024-01-01,x\n"))[0] == "finding.left_unknown_bare"


def test_a_leaving_date_or_a_status_leaves_nothing_to_ask(tmp_path: Path) -> None:
    for place, column in enumerate(("left_on", "status")):
        assert lists(tmp_path / str(place), f"customer_id,joined_on,{column}\nA,2024-01-01,\n").report.rows_loaded == 1


def test_a_preset_without_a_leaving_date_has_not_said_that_nobody_left(tmp_path: Path) -> None:
    """Exports of known systems mostly lack the column: "as you said" stood on the card where nobody had."""
    head = "Record ID - Contact,First Name,Lifecycle Stage,Create Date,Became a Customer Date,Contact owner"
    rows = "".join(f"{i},A,{'Customer' if i % 3 else 'Lead'},2024-01-05,2024-02-{i + 1:02d},Sara\n" for i in range(20))
    export = (
        f"{head},Gone since\n{rows.replace('Sara', 'Sara,2025-03-01', 5).replace('Sara' + chr(10), 'Sara,' + chr(10))}"
    )
    silent = lists(tmp_path / "silent", f"{head}\n{rows}")
    assert silent.report.preset["id"] == "hubspot_customers" and asked(silent)[0] == "finding.left_unknown_bare"
    assert asked(lists(tmp_path / "offered", export))[1] == {"column": "Gone since", "columns": "Gone since"}
    assert "left_nobody" in lists(tmp_path / "said", f"{head}\n{rows}", nobody_left=True).findings
