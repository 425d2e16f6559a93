import pytest

from cxroi.text import Text
from cxroi.text.plain import plain, short_name, shown
from cxroi.view.figure import few_names

ISOLATES, JOINER = "\u2068\u2069", "\u2060"


def test_markup_in_a_name_is_shown_and_does_nothing():
    name = "[x](javascript:alert(1)) **b** $a$ :red[c] <b>"
    escaped = plain(name).strip(ISOLATES).replace(JOINER, "")
    assert escaped.replace("\\", "") == name
    assert all(escaped[place - 1] == "\\" for place, letter in enumerate(escaped) if letter in "[]()*$:<>")


def test_a_control_character_and_a_direction_override_become_visible():
    assert shown("a\tb\x7f\u202ec\u2066") == "a␉b␡⟦U+202E⟧c⟦U+2066⟧"


def test_honest_arabic_is_left_as_it_is():
    honest = "شركة\u200cنجد \u200e(A1)\u200f"
    assert shown(honest) == honest


def test_the_brackets_round_a_figure_of_ours_stay_and_nobody_elses():
    figure = Text("ar").percent(-0.16)
    assert shown(f"{figure} x") == f"{figure} x"
    assert "⟦U+2066⟧" in shown("\u2066abc\u2069") and "⟦U+2067⟧" in shown("\u20675\u2069")


def test_the_brackets_round_a_name_in_a_sentence_of_ours_stay():
    names = few_names(["Villas", Text("ar").percent(-0.16)], Text("ar"))
    assert shown(names) == names
    assert shown("\u2068a\u202eb\u2069") == "⟦U+2068⟧a⟦U+202E⟧b⟦U+2069⟧" and shown("a\u2068b") == "a⟦U+2068⟧b"
    assert shown("x" * 195 + "\u2068abcdef\u2069", 200) == "x" * 195 + "…"


def test_a_cut_leaves_no_bracket_open():
    assert shown("x" * 196 + "\u206612345%\u2069", 200) == "x" * 196 + "…"
    assert shown("x" * 190 + "\u2068a \u20661\u2069 and more\u2069", 200) == "x" * 190 + "…"


def test_two_ways_to_write_one_letter_are_shown_as_one():
    assert shown("e\u0301") == shown("é")


def test_a_very_long_name_is_cut():
    assert len(shown("x" * 10_000)) == 200


def test_a_name_keeps_its_own_direction_inside_a_sentence():
    assert plain("abc") == "\u2068abc\u2069"


@pytest.mark.parametrize(
    "name",
    [
        "http://a.example",
        "HTTPS://a.example",
        "www.a.example",
        "me@a.example",
        ":smile:",
        ":material/home:",
        ":streamlit:",
    ],
)
def test_what_the_front_end_looks_for_after_markdown_was_read_is_broken(name):
    left = plain(name).strip(ISOLATES).replace("\\", "")
    assert left != name and left.replace(JOINER, "") == name


def test_an_arrow_in_a_name_stays_two_letters():
    assert "->" not in plain("A -> B").replace("\\", "") and "--" not in plain("A -- B").replace("\\", "")


def test_long_names_that_differ_at_their_end_alone_stay_apart_and_leave_no_bracket_open():
    names = {short_name(f"شركات الصيانة والتشغيل في المنطقة الشرقية رقم {number}", 24) for number in range(40)}
    assert len(names) == 40 and max(map(len, names)) <= 24
    assert short_name("x" * 9 + "\u20665\u2069" + "y" * 20, 12) == "xxxxxxx…yyyy"
