"""Both languages say the same things, and numbers are written as their readers expect."""

import re

import pytest

from cxroi.errors import TextError
from cxroi.text import Text
from cxroi.text.wording import catalogue

PLURAL = re.compile(r"\.(zero|one|two|few|many|other)$")
GAP = re.compile(r"\{(\w+)\}")


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


def test_arabic_counts_agree_with_their_number():
    text = Text("ar")
    assert [text.months(n) for n in (1, 2, 3, 11)] == ["شهر واحد", "شهران", "3 أشهر", "11 شهرًا"]


def test_a_missing_sentence_and_a_missing_fact_are_errors_not_blanks():
    with pytest.raises(TextError):
        Text("en")("no.such.sentence")
    with pytest.raises(TextError):
        Text("en")("unit.between", low="1")
