"""Answers in words: the scale is read from all labels of a column, in either language, and what is open stays open."""

import pytest

from cxroi.intake.columns.answer_reading import counts_high, read_answers
from cxroi.intake.columns.answer_words import is_no_answer, label_of, plain_label, scales
from cxroi.model.satisfaction.scales import SCALES


def scores(*labels: str, metric: str = "csat", **more):
    read = read_answers(labels, metric=metric, **more)[0].scores
    return [read[label] for label in labels]


@pytest.mark.parametrize(
    ("labels", "read"),
    [
        ("Very satisfied|Satisfied|Neutral|Dissatisfied|Very dissatisfied", [5, 4, 3, 2, 1]),
        ("VERY SATISFIED|satisfied |Neither satisfied nor dissatisfied|Unhappy|Very unhappy", [5, 4, 3, 2, 1]),
        ("Extremely satisfied|Somewhat satisfied|Neutral|Somewhat dissatisfied|Extremely dissatisfied", [5, 4, 3, 2, 1]),
        ("Extremely satisfied|Very satisfied|Somewhat satisfied|Slightly satisfied|Not at all satisfied", [5, 4, 3, 2, 1]),
        ("Very satisfied|Satisfied|Somewhat satisfied|Neutral|Somewhat dissatisfied|Dissatisfied|Very dissatisfied", [7, 6, 5, 4, 3, 2, 1]),
        ("Very satisfied|Satisfied|Dissatisfied|Very dissatisfied", [5, 4, 2, 1]),
        ("راضٍ للغاية|راضٍ|محايد|غير راضٍ|غير راضٍ للغاية", [5, 4, 3, 2, 1]),
        ("راضية جداً|راضية|محايدة|غير راضية|غير راضية جدا", [5, 4, 3, 2, 1]),
        ("راضي جدا|راضي|محايد|غير راضي|مستاء جدا", [5, 4, 3, 2, 1]),
        ("Very satisfied / راضٍ جداً|Satisfied / راضٍ|Neutral / محايد", [5, 4, 3]),
        ("Very satisfied|Satisfied|راضٍ للغاية|راضٍ|محايد", [5, 4, 5, 4, 3]),
        ("ممتاز|جيد جداً|جيد|مقبول|ضعيف", [5, 4, 3, 2, 1]),
        ("ممتازة|جيدة جدا|مقبولة|سيئة", [5, 4, 2, 1]),
        ("ممتاز|جيد|مقبول|سيئ", [5, 4, 2, 1]),
        ("Excellent|Very good|Good|Fair|Poor", [5, 4, 3, 2, 1]),
        ("Excellent|Good|Average|Poor|Very poor", [5, 4, 3, 2, 1]),
        ("Very good|Good|Average|Bad|Very bad", [5, 4, 3, 2, 1]),
        ("Good|Bad|Unoffered|Offered", [5, 1, None, None]),
        ("جيد|متوسط|سيء", [5, 3, 1]),
        ("👍|👎", [5, 1]),
        ("👍🏽 Thumbs up|Thumbs down", [5, 1]),
        ("😀|🙂|😐|🙁|😡", [5, 4, 3, 2, 1]),
        ("Yes|No|N/A", [5, 1, None]),
        ("نعم|لا|لا ينطبق", [5, 1, None]),
        ("★★★★☆|⭐⭐⭐⭐⭐|★☆☆☆☆", [4, 5, 1]),
        ("4 stars|1 star|five stars|٣ نجوم|نجمتان", [4, 1, 5, 3, 2]),
        ("4/5|2 out of 5|٤ من ٥", [4, 2, 4]),
        ("5 - Excellent|4: Good|3) Fair|(2) Poor|1 Very poor", [5, 4, 3, 2, 1]),
        ("Excellent (5)|Good - 4|ممتاز (٥)", [5, 4, 5]),
        ("Prefer not to say|Don't know|أفضل عدم الإجابة|لا أعرف|Satisfied", [None, None, None, None, 4]),
    ],
)  # fmt: skip
def test_labels_of_satisfaction_are_read_from_all_of_them(labels: str, read: list[float | None]) -> None:
    assert scores(*labels.split("|")) == read


@pytest.mark.parametrize(
    ("metric", "labels", "read"),
    [
        ("ces", "Very easy|Easy|Neither|Difficult|Very difficult", [5, 4, 3, 2, 1]),
        ("ces", "Very easy|Easy|Somewhat easy|Neutral|Somewhat difficult|Difficult|Very difficult", [7, 6, 5, 4, 3, 2, 1]),
        ("ces", "سهل جداً|سهلة|محايد|صعب|صعب جدا", [5, 4, 3, 2, 1]),
        ("ces", "Strongly agree|Agree|Neutral|Disagree|Strongly disagree", [5, 4, 3, 2, 1]),
        ("ces", "أوافق بشدة|أوافق|محايد|لا أوافق|لا أوافق بشدة", [5, 4, 3, 2, 1]),
        ("ces", "Very low effort|Low effort|High effort", [5, 4, 2]),
        ("nps", "10 - Extremely likely|7|Not at all likely - 0", [10, 7, 0]),
        ("nps", "10 – محتمل للغاية|غير محتمل إطلاقا - 0", [10, 0]),
        ("nps", "Promoter|Passive|Detractor", [9.5, 7.5, 3]),
    ],
)  # fmt: skip
def test_ease_and_likelihood_have_scales_of_their_own(metric: str, labels: str, read: list[float]) -> None:
    assert scores(*labels.split("|"), metric=metric) == read


def test_good_among_few_answers_has_two_readings_and_what_a_person_says_decides() -> None:
    labels = ("Very good", "Good", "Fair", "Poor")
    first, second = read_answers(labels, metric="csat")[:2]
    assert {first.scores["Good"], second.scores["Good"]} == {3, 4}
    assert counts_high("csat", first) != counts_high("csat", second)
    assert scores(*labels, said={"good": 4}) == [5, 4, 3, 2]
    assert scores(*labels, said={"Good": 3}) == [4, 3, 2, 1]
    assert scores(*labels, said={"Good": None})[1] is None


def test_a_word_that_is_not_known_stays_open_beside_those_that_are() -> None:
    (first, *_) = read_answers(("Satisfied", "Thrilled", "N/A"), metric="csat")
    assert first.unknown == ("Thrilled",) and first.scores == {"Satisfied": 4, "N/A": None}
    (said, *_) = read_answers(("Satisfied", "Thrilled"), metric="csat", said={"thrilled": 5})
    assert said.unknown == () and said.scores["Thrilled"] == 5


def test_numbers_that_run_against_their_words_have_two_readings() -> None:
    first, second = read_answers(("1 - Very satisfied", "3", "5 - Very dissatisfied"), metric="csat")
    assert (list(first.scores.values()), list(second.scores.values())) == ([5, 3, 1], [1, 3, 5])


def test_whether_yes_is_good_depends_on_what_was_asked() -> None:
    asked = {"metric": "ces", "heading": "Did you have a problem?"}
    assert [one.scores["Yes"] for one in read_answers(("Yes", "No"), **asked)][:2] == [5, 1]
    assert len(read_answers(("Yes", "No"), metric="ces", heading="Was it easy?")) == 1
    first = read_answers(("أوافق", "لا أوافق"), metric="ces", heading="بذلت جهدا كبيرا")
    assert first[0].scores != first[1].scores


def test_steps_of_likelihood_are_no_answers_from_0_to_10_unless_a_person_agrees() -> None:
    labels = ("Very likely", "Likely", "Unlikely")
    assert read_answers(labels, metric="nps")[0].asks
    assert not read_answers(labels, metric="nps", said={"Very likely": 10})[0].asks
    assert scores(*labels) == [5, 4, 2]


def test_words_of_satisfaction_are_no_effort_and_no_recommendation() -> None:
    assert read_answers(("Satisfied", "Neutral"), metric="nps")[0].unknown
    assert read_answers(("Very easy",), metric="csat")[0].unknown


def test_every_scale_is_one_that_scores_are_counted_on_and_names_known_steps() -> None:
    for scale in scales():
        for metric in filter(None, scale.metrics):
            ends = [ends for ends in SCALES[metric] if ends[1] == scale.of]
            assert ends and all(ends[0][0] <= score <= ends[0][1] for score in scale.steps.values())
    for phrase in ("good", "ممتاز", "👎"):
        assert len(label_of(phrase).steps) == 1
    assert plain_label("رَاضٍ جِدّاً") == plain_label("راض جدا") and is_no_answer("Prefer not to answer")
