"""Both languages say the same things, and numbers are written as their readers expect."""

import re

import pytest

from cxroi.errors import TextError
from cxroi.text import LANGUAGES, Text
from cxroi.text.typed import typed_number
from cxroi.text.wording import catalogue

PLURAL = re.compile(r"\.(zero|one|two|few|many|other)$")
GAP = re.compile(r"\{(\w+)(?: \w+)?\}")


def gaps_by_sentence(language):
    gaps = {}
    for id, sentence in catalogue(language).items():
        gaps.setdefault(PLURAL.sub("", id), set()).update(GAP.findall(sentence))
    return gaps


def test_every_sentence_stands_in_both_languages_with_the_same_gaps():
    assert gaps_by_sentence("en") == gaps_by_sentence("ar")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_plural_has_an_other_form(language):
    ids = catalogue(language).keys()
    counted = {PLURAL.sub("", id) for id in ids if PLURAL.search(id)}
    assert {f"{id}.other" for id in counted} <= set(ids)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_noun_that_is_counted_has_its_forms(language):
    sentences = catalogue(language)
    nouns = {noun for sentence in sentences.values() for noun in re.findall(r"\{\w+ (\w+)\}", sentence)}
    assert nouns and {f"counted.{noun}.other" for noun in nouns} <= set(sentences)


@pytest.mark.parametrize(
    ("read", "words"),
    [(0, "0 صف"), (1, "صف واحد"), (2, "صفين"), (7, "7 صفوف"), ("24,828", "24,828 صفًا"), (102, "102 صف"), ("١٦٢", "١٦٢ صفًا")],
)  # fmt: skip
def test_a_noun_agrees_with_its_number_however_it_is_written(read, words):
    assert words in Text("ar")("load.counts", read=read, loaded=1, rejected=0, skipped=0)


def test_arabic_counts_agree_with_their_number():
    text = Text("ar")
    assert [text.months(n) for n in (1, 2, 3, 11)] == ["شهر واحد", "شهران", "3 أشهر", "11 شهرًا"]


def test_a_missing_sentence_and_a_missing_fact_are_errors_not_blanks():
    with pytest.raises(TextError):
        Text("en")("no.such.sentence")
    with pytest.raises(TextError):
        Text("en")("unit.between", low="1")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_negative_figure_has_a_true_minus_and_no_hyphen(language):
    text = Text(language)
    written = [
        text.number(-12_345.6),
        text.percent(-0.123),
        text.signed_percent(-0.123),
        text.points(-1.2),
        text.points_between(-2.0, -1.0),
        *(text.money(amount, code) for amount in (-3.5, -3_500.0, -5.2e6) for code in ("SAR", "USD", "")),
        text("unit.between", low=-3, high=-2),
    ]
    assert all("\u2212" in words and "-" not in words for words in written)


def test_in_arabic_sign_digits_and_percent_sign_are_kept_together_in_their_order():
    text = Text("ar")
    assert text.percent(0.43, 0) == "\u206643%\u2069"
    assert text.percent(-0.16, 0) == "\u2066\u221216%\u2069"
    assert text.money(-6e5, "SAR", step=1e5) == "\u2066\u2212600\u2069\xa0ألف\xa0ريال"
    assert text.raised(text.money(6e5, "SAR", step=1e5)) == "\u2066+600\u2069\xa0ألف\xa0ريال"
    assert text.raised(text.percent(0.5, 0)) == "\u2066+50%\u2069"
    assert text.points_between(-1, 2) == "من \u2066\u22121.0\u2069 إلى \u2066+2.0\u2069 نقطة مئوية"


def test_a_figure_that_a_sentence_holds_is_kept_together_too():
    assert "\u206690%\u2069" in Text("ar")(
        "decide.source", version=1, first="", last="", customers=3, customer_months=4
    )
    assert "\u206650%\u2069" in Text("ar")("scenario.uplift_out_of_reach", retention=50, value=60)
    torn = re.compile(r"(?<![\u2066\d.,+\u2212}])(?:[+\u2212]\d|\d[\d.,]*%)|(?<!\u2066)\{\w+\}%")
    assert not [id for id, sentence in catalogue("ar").items() if torn.search(sentence)]


def test_in_arabic_indic_digits_a_sentence_has_one_kind_of_digits_and_names_keep_theirs():
    text = Text("ar", arabic_indic_digits=True)
    assert "\u2066٩٠٪\u2069" in text("decide.source", version=1, first="", last="", customers=3, customer_months=4)
    assert (
        "utf-8" in text("cli.encoding")
        if text.has("cli.encoding")
        else "utf-8" in text("reader.encoding_unknown", encoding="x")
    )


def test_what_is_shown_can_be_typed_back():
    text = Text("ar", arabic_indic_digits=True)
    assert typed_number(text.number(-1_234.5)) == -1234.5
    assert typed_number(Text("en").number(-1_234.5).replace(",", "")) == -1234.5
    assert typed_number("-3") == typed_number("\u22123") == -3.0


def test_arabic_indic_figures_have_the_marks_of_their_digits():
    text = Text("ar", arabic_indic_digits=True)
    assert text.number(-1_234.5) == "\u2066\u2212١٬٢٣٤٫٥\u2069"
    assert text.percent(0.125) == "\u2066١٢٫٥٪\u2069"


def test_an_amount_that_rounds_up_to_the_next_unit_is_written_in_it():
    assert Text("en").money(999_960, "SAR") == "SAR\xa01M"


def test_arabic_names_a_currency_in_words_so_that_no_sentence_ends_in_two_full_stops():
    assert Text("ar").money(53_400, "SAR") == "53.4\xa0ألف\xa0ريال"
    assert Text("ar").currency("USD") == "دولار"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_span_of_one_month_is_that_month_and_a_currency_that_nobody_knows_leaves_no_gap(language):
    text = Text(language)
    assert text("customers.period", first="May 2017", last="May 2017") == "May 2017"
    assert text("customers.period", first="May 2017", last="Jun 2017").count("2017") == 2
    for id in ("costs.parts.caption", "satisfaction.after.column_spend", "tei.title", "where.map.axis_x"):
        assert text(id, currency="")[-1].isalpha() and "SAR" in text(id, currency="SAR")
