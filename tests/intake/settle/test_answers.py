"""A column of answers in words loads as scores; what it counts as is told, asked once where it is open, and remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxroi.intake.report import IntakeRequest
from cxroi.intake.settle.recall import recalled
from cxroi.tables import header_fingerprint
from tests.collection import SHARED
from tests.intake.loading import Loaded, load, load_path

HEAD = "customer_id,answered_on,score,metric\n"


def survey(folder: Path, *answers: str, metric: str = "csat", head: str = HEAD, **request: object) -> Loaded:
    rows = "".join(f'C{i},2025-01-{1 + i % 28:02d},"{answer}",{metric}\n' for i, answer in enumerate(answers))
    folder.mkdir(exist_ok=True)
    return load(folder, head + rows, **request)


def finding(loaded: Loaded, id: str) -> dict[str, str]:
    return next(f.facts for f in loaded.report.findings if f.id == f"finding.{id}")


def test_words_load_as_scores_and_the_reading_is_told(tmp_path: Path) -> None:
    loaded = survey(tmp_path, "Very satisfied", "Satisfied", "Satisfied", "Neutral", "Very dissatisfied")
    assert loaded.rows("score, scale_max") == [(1.0, 5.0), (3.0, 5.0), (4.0, 5.0), (4.0, 5.0), (5.0, 5.0)]
    told = finding(loaded, "answers_read_csat")
    assert told["answers"] == "Very satisfied = 5 · Satisfied = 4 · Neutral = 3 · Very dissatisfied = 1"
    assert (told["counts"], told["highest"], told["high"]) == ("1 · 2 · 1 · 1", "5", "Very satisfied · Satisfied")


def test_seven_steps_are_a_scale_of_seven_even_where_only_its_middle_is_chosen(tmp_path: Path) -> None:
    steps = ("Somewhat satisfied", "Neutral", "Somewhat dissatisfied", "Satisfied", "Dissatisfied")
    assert survey(tmp_path, *steps).rows("score, scale_max") == [
        (2.0, 7.0),
        (3.0, 7.0),
        (4.0, 7.0),
        (5.0, 7.0),
        (6.0, 7.0),
    ]


def test_what_says_that_there_is_no_answer_is_left_out_and_counted(tmp_path: Path) -> None:
    loaded = survey(tmp_path, "Good", "Bad", "Unoffered", "Offered", "N/A", "لا ينطبق")
    report = loaded.report
    assert (report.rows_read, report.rows_loaded, report.rows_rejected, report.rows_skipped) == (6, 2, 0, 4)
    assert loaded.rows("score") == [(1.0,), (5.0,)]
    assert finding(loaded, "answers_none")["count"] == "4" and finding(loaded, "answers_two")["high"] == "Good"


def test_numbers_keep_their_scale_beside_no_answers_and_labelled_ends(tmp_path: Path) -> None:
    answers = ("10 - Extremely likely", "9", "3", "0 - Not at all likely", "Prefer not to say")
    loaded = survey(tmp_path, *answers, metric="nps")
    assert loaded.rows("score, scale_max") == [(0.0, 10.0), (3.0, 10.0), (9.0, 10.0), (10.0, 10.0)]
    assert loaded.report.rows_skipped == 1


def test_four_answers_without_a_middle_are_said_to_be_so(tmp_path: Path) -> None:
    loaded = survey(tmp_path, "Very satisfied", "Satisfied", "Dissatisfied", "Very dissatisfied")
    assert finding(loaded, "answers_four")["high"] == "Very satisfied · Satisfied"


@pytest.mark.parametrize(
    ("answers", "metric", "id", "said", "scores"),
    [
        (("Satisfied", "Thrilled"), "csat", "answers_unknown", {"Thrilled": "5"}, [4.0, 5.0]),
        (("Meh", "Wow"), "csat", "answers_unknown", {"Meh": "2", "Wow": "-"}, [2.0]),
        (("Very good", "Good", "Fair", "Poor"), "csat", "answers_open", {"Good": "4"}, [2.0, 3.0, 4.0, 5.0]),
        (("1 - Very satisfied", "2", "5 - Very dissatisfied"), "csat", "answers_open", {"1 - Very satisfied": "5"}, [1.0, 4.0, 5.0]),
        (("Very likely", "Likely", "Unlikely"), "nps", "answers_nps", {"Very likely": "10"}, [3.0, 7.0, 10.0]),
    ],
)  # fmt: skip
def test_what_is_open_is_asked_once_and_the_answer_decides(tmp_path: Path, answers, metric, id, said, scores) -> None:
    asked = survey(tmp_path / "a", *answers, metric=metric)
    (question,) = [f for f in asked.report.findings if f.severity == "question"]
    assert (asked.report.message, question.id) == ("upload.question", f"finding.{id}")
    loaded = survey(tmp_path / "b", *answers, metric=metric, answers=tuple(said.items()))
    assert [score for (score,) in loaded.rows("score")] == scores


def test_dirt_among_numbers_is_put_aside_as_ever(tmp_path: Path) -> None:
    loaded = survey(tmp_path, *(["4"] * 60), "what?")
    assert loaded.report.rows_rejected == 1 and loaded.reasons == [(62, "unreadable_number")]


def test_a_score_of_no_number_is_said_so(tmp_path: Path) -> None:
    report = survey(tmp_path, "Meh", answers=(("Meh", "high"),)).report
    assert (report.message, report.facts["value"]) == ("upload.answer_score", "high")


def test_words_tell_the_metric_where_nothing_else_does(tmp_path: Path) -> None:
    content = "answered_on,score\n2025-01-01,Very easy\n2025-01-02,Difficult\n"
    assert load(tmp_path, content).rows("metric, score") == [("ces", 2.0), ("ces", 5.0)]


def test_a_rating_of_a_contact_in_words_is_a_score_and_none_leaves_the_contact(tmp_path: Path) -> None:
    rows = "".join(f"T{i},2025-01-0{1 + i},{word}\n" for i, word in enumerate(("Good", "Bad", "Unoffered", "")))
    loaded = load(tmp_path, "ticket id,opened on,satisfaction\n" + rows)
    assert loaded.rows("contact_id, satisfaction") == [("T0", 5.0), ("T1", 1.0), ("T2", None), ("T3", None)]
    # far down a file that is clean so far: the fast way must not put the words aside
    many = (
        "".join(f"T{i},2025-01-01,{i % 5 + 1}\n" for i in range(3000))
        + "U1,2025-01-01,Very satisfied\nU2,2025-01-01,N/A\n"
    )
    (tmp_path / "b").mkdir()
    long = load(tmp_path / "b", "ticket id,opened on,satisfaction\n" + many)
    assert long.report.rows_loaded == 3002
    assert long.rows("satisfaction", "contact_id DESC LIMIT 2") == [(None,), (5.0,)]


def test_what_answers_count_as_is_recalled_for_the_next_file_with_the_header() -> None:
    headings = ["customer_id", "answered_on", "score"]
    kept = (
        (header_fingerprint(headings), "surveys", "score", "score"),
        (header_fingerprint(headings), "surveys", "answer Meh", "=2"),
    )
    request, _ = recalled(headings, IntakeRequest(remembered=kept))
    assert request.answers == (("Meh", "2"),)
    again, _ = recalled(
        headings, IntakeRequest(remembered=kept, answers=(("Meh", "3"),), mapping=(("score", "score"),))
    )
    assert again.answers == (("Meh", "3"),)


@pytest.mark.parametrize(("name", "scores"), [("csat_labels", [2.0, 3.0, 5.0]), ("csat_ar", [1.0, 3.0, 5.0])])
def test_the_published_label_files_load(tmp_path: Path, name: str, scores: list[float]) -> None:
    path = SHARED / "data" / "vendor" / f"{name}.csv"
    if not path.exists():
        pytest.skip("the collection of exports is not here")
    assert [s for (s,) in load_path(path, tmp_path / "s", table="surveys").rows("score")] == scores


@pytest.mark.parametrize(
    ("head", "answers"),
    [
        ("Response date,Account Number,How satisfied were you?", ("Satisfied", "Neutral", "Very satisfied")),
        ("تاريخ الإجابة,رقم العميل,ما مدى رضاك؟", ("راضٍ", "محايد", "راضٍ للغاية")),
    ],
)
def test_a_question_as_a_heading_is_a_score(tmp_path: Path, head: str, answers: tuple[str, ...]) -> None:
    """Beside a response date alone it was taken for a list of support contacts, and refused."""
    rows = "".join(f"2025-01-{1 + i:02d},C{i},{answers[i % 3]}\n" for i in range(12))
    loaded = load(tmp_path, f"{head}\n{rows}", metric="csat")
    assert (loaded.report.table, loaded.report.rows_loaded) == ("surveys", 12), loaded.report.message
