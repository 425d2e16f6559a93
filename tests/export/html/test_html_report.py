"""The report as one HTML file: all of the story in it, nothing from outside, nothing that a name could do."""

import re
from dataclasses import replace
from functools import cache

import lxml.html
import pytest

from cxroi.export.html.report import html_report
from cxroi.questions import SegmentCase
from cxroi.text import LANGUAGES
from cxroi.text.plain import shown
from tests.export.test_report import made
from tests.made_case import capped_case, made_case, made_outcome, made_verdict
from tests.view.share.test_story import every_word

HOSTILE = "</style><script>alert(1)</script><img src=x onerror=alert(2)>\"'=cmd|' /C calc'!A0\u202e" + "x" * 300


def written(report):
    content = html_report(report.story, report.summary, report.text)
    return content.decode(), lxml.html.document_fromstring(content)


@cache
def whole(language):
    """Return the report of a verdict with its source and its tree; its pictures take a while, so it is written once."""
    report = made(language)
    return report, *written(report)


def said(page):
    return re.sub(r"\s+", " ", " ".join(page.body.itertext()))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("capped", [False, True])
def test_every_word_of_the_story_and_the_five_sentences_stand_in_the_file(language, capped):
    report = made(language, capped_case("history")) if capped else whole(language)[0]
    page = written(report)[1] if capped else whole(language)[2]
    told = said(page)
    for one in (*report.story.slides, *report.story.appendix):
        words = every_word(replace(one, notes=()))
        missing = [word for word in re.findall(r"\w+", words) if word not in told]
        assert not missing, (one.id, missing)
    assert all(re.sub(r"\s+", " ", one) in told for one in report.summary.sentences)
    assert (page.get("lang"), page.get("dir")) == (language, "rtl" if language == "ar" else "ltr")
    assert len(page.xpath("//h1")) == 1


def test_the_file_needs_nothing_from_outside_and_runs_nothing():
    _, source, page = whole("ar")
    assert not page.xpath("//script|//link|//iframe|//img|//@onload|//@onclick|//@src")
    assert "http" not in re.sub(r"http-equiv", "", source) and "@import" not in source
    assert not [address for address in re.findall(r"url\(([^)]*)\)", source) if not re.match(r"data:font|#", address)]
    assert len(source) < 3_000_000
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {address.removeprefix("#") for address in page.xpath("//a/@href")} <= set(ids)
    clips = re.findall(r"url\(#([\w-]+)\)", source)
    assert clips and set(clips) <= set(ids), "every picture is cut by its own edge"


def test_names_from_a_person_and_from_data_are_words_and_nothing_else():
    case = made_case()
    one = SegmentCase(segment=HOSTILE, outcome=made_outcome(), verdict=made_verdict())
    source, page = written(made(case=replace(case, segments=(one,) * 40), name=HOSTILE))
    assert len(page.xpath("//section[@id='segments']//tbody/tr")) == 40, "the report has every row"
    assert not page.xpath("//script|//img|//@onerror") and len(page.xpath("//style")) == 1
    assert "\u202e" not in source and "⟦U+202E⟧" in shown(HOSTILE, 1000)
    assert "<script>alert(1)</script>" in said(page)


def test_each_picture_is_there_for_a_light_and_for_a_dark_page_and_told_in_words():
    page = whole("en")[2]
    figures = page.xpath("//figure")
    assert figures
    for figure in figures:
        assert [len(figure.xpath(f".//div[@class='{theme}']/svg")) for theme in ("light", "dark")] == [1, 1]
        assert figure.xpath("./div[@role='img']/@aria-label")[0]
