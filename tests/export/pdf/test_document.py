"""The PDFs, opened again: the words, tagged, in our fonts, on the pages they should have, and closed where a password was given."""

import io
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache

import pypdf
import pypdfium2
import pytest

from cxroi.export.pdf.document import locked, pdf
from cxroi.export.powerpoint.deck import deck
from cxroi.model.decision.verdict import Call
from cxroi.questions import SegmentCase
from cxroi.text import LANGUAGES
from cxroi.view.share.story import Figures, Sentences, StoryTable
from tests.export.html.test_html_report import HOSTILE
from tests.export.powerpoint.test_deck import plain
from tests.export.test_report import made
from tests.made_case import capped_case, made_case, made_outcome, made_verdict

A4, WIDE = (595, 842), (960, 540)


def written(kind, report):
    content = pdf(kind, report.story, report.summary, report.text)
    return content, pypdf.PdfReader(io.BytesIO(content))


@cache
def whole(kind, language):
    report = made(language)
    return report, *written(kind, report)


def pages_of(content):
    """Return the words of every page, in one line each."""
    return [plain(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(content)]


def words_of(slide, *, short):
    """Return the words of a slide but those inside its pictures; `short`: with the rows that a slide has room for."""
    said = [slide.name, slide.title, slide.source]
    for part in slide.parts:
        if isinstance(part, Sentences):
            said += part.sentences
        elif isinstance(part, Figures):
            said += [
                part.caption,
                *(words for one in part.figures for words in (one.label, one.value, one.range, one.note)),
            ]
        elif isinstance(part, StoryTable):
            said += [part.title, part.note, *part.headings]
            said += [cell for row in (part.first_rows if short else part.rows) for cell in row]
        else:
            said += [part.title, part.subtitle, part.footer]
    return re.findall(r"\w+", plain(" ".join(said)))


def missing_from(words, text, language):
    """Return which words a text lacks; of Arabic its letters, since readers of PDFs take the letters of a ligature in any order."""
    if language == "ar":
        return Counter(re.sub(r"\W", "", "".join(words))) - Counter(text)
    return set(words) - set(re.findall(r"\w+", text))


def signs_after_their_figure(content):
    """Return the signs of figures that do not stand at the left of the digit beside them."""
    found = []
    for page in pypdfium2.PdfDocument(content):
        text = page.get_textpage()
        signs = [(text.get_text_range(place, 1), text.get_charbox(place)) for place in range(text.count_chars())]
        for place, (sign, box) in enumerate(signs):
            if sign in "\u2212+":
                near = [
                    one
                    for one in signs[max(place - 12, 0) : place + 12]
                    if one[0].isdigit() and abs(one[1][1] - box[1]) < 6
                ]
                nearest = min(
                    (one[1] for one in near), key=lambda other: abs(other[0] + other[2] - box[0] - box[2]), default=None
                )
                found += [sign] if nearest and nearest[0] < box[0] else []
    return found


def structure(reader, kind):
    """Return every element of a kind from the tree that a screen reader follows."""
    found, left = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while left:
        node = left.pop().get_object()
        if isinstance(node, list):
            left += node
        elif isinstance(node, dict):
            found += [node] if node.get("/S") == kind else []
            left += [node["/K"]] if "/K" in node else []
    return found


@pytest.mark.parametrize("kind", ["report", "slides"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_story_stands_in_it_and_every_page_says_where_it_comes_from(kind, language):
    report, content, reader = whole(kind, language)
    pages = pages_of(content)
    for slide in (*report.story.slides, *report.story.appendix):
        missing = missing_from(words_of(slide, short=kind == "slides"), " ".join(pages), language)
        assert not missing, (slide.id, missing)
    line = re.findall(r"\w+", plain(report.story.provenance.line))
    assert not [missing for page in pages if (missing := missing_from(line, page, language))]
    assert language == "en" or not signs_after_their_figure(content)
    size = A4 if kind == "report" else WIDE
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages} == {size}
    if kind == "slides":
        assert len(pages) == 1 + len(report.story.slides) + len(report.story.appendix)


@pytest.mark.parametrize("kind", ["report", "slides", "summary"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_tagged_titled_outlined_and_has_our_fonts_inside(kind, language):
    report, _, reader = whole(kind, language)
    root = reader.trailer["/Root"]
    assert (
        root["/MarkInfo"]["/Marked"]
        and root["/Lang"].startswith(language)
        and reader.metadata.title == report.story.title
    )
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] and b"pdfuaid" in root["/Metadata"].get_data()
    headings = [plain(str(one.title)) for one in reader.outline if not isinstance(one, list)]
    assert headings and plain(report.story.title) in headings[0]
    fonts = [font for page in reader.pages for font in page["/Resources"].get("/Font", {}).values()]
    described = [
        font.get_object()["/DescendantFonts"][0].get_object()
        for font in fonts
        if "/DescendantFonts" in font.get_object()
    ]
    assert described and all("IBMPlexSans" in str(one["/BaseFont"]) for one in described)
    assert all({"/FontFile2", "/FontFile3"} & one["/FontDescriptor"].get_object().keys() for one in described)
    pictures = [
        part
        for slide in (*report.story.slides, *report.story.appendix)
        for part in slide.parts
        if hasattr(part, "alternative")
    ]
    figures = structure(reader, "/Figure")
    assert len(figures) == (0 if kind == "summary" else len(pictures)) and all(figure["/Alt"] for figure in figures)
    if kind != "summary":
        assert structure(reader, "/Table") and len(structure(reader, "/TH")) > 20


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "case", [*map(made_case, Call), capped_case("history")], ids=lambda case: str(case.verdict.reason)
)
def test_the_page_for_a_board_is_one_page_with_five_sentences(case, language):
    report = made(language, case)
    content, _ = written("summary", report)
    (page,) = pages_of(content)
    assert not missing_from(re.findall(r"\w+", plain(" ".join(report.summary.sentences))), page, language)


def test_names_are_words_and_nothing_else_and_a_sign_without_a_letter_stops_nothing():
    case = made_case()
    name = '#typst *b* $x$ #eval("1") @ref <l> \\ 客 😀 ' + HOSTILE
    one = SegmentCase(segment=name, outcome=made_outcome(), verdict=made_verdict())
    report = made(case=replace(case, segments=(one,) * 40), name=name)
    content, reader = written("report", report)
    said = " ".join(pages_of(content))
    assert said.count('#typst *b* $x$ #eval("1")') == 40 + len(reader.pages) + 1, (
        "segments, feet of pages, and the page of facts"
    )
    root = reader.trailer["/Root"]
    assert (
        not {"/OpenAction", "/AA", "/AcroForm"} & root.keys()
        and not {"/JavaScript", "/EmbeddedFiles"} & root["/Names"].keys()
    )
    assert not [note for page in reader.pages for note in page.get("/Annots", []) if "/URI" in str(note.get_object())]
    assert "\ufffd" in said


def test_a_password_closes_it_and_what_is_inside_stays_tagged():
    _, content, _ = whole("summary", "en")
    closed = locked(content, "كلمة 1")
    reader = pypdf.PdfReader(io.BytesIO(closed))
    assert reader.is_encrypted and not reader.decrypt("") and b"riyal" not in closed
    assert reader.trailer["/Encrypt"]["/V"] == 5 and reader.decrypt("كلمة 1")
    assert (
        reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
        and "riyal" in pypdfium2.PdfDocument(closed, password="كلمة 1")[0].get_textpage().get_text_range()
    )
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(closed, password="other")


def test_twenty_reports_at_once_are_as_good_as_one():
    reports = {language: made(language) for language in LANGUAGES}

    def job(place):
        report = reports[LANGUAGES[place % 2]]
        if place % 4 == 3:
            return "", report.text.language, deck(report.story, report.text)
        kind = "slides" if place % 10 == 0 else "summary"
        return kind, report.text.language, pdf(kind, report.story, report.summary, report.text)

    with ThreadPoolExecutor(20) as pool:
        made_at_once = list(pool.map(job, range(20)))
    for kind, language, content in made_at_once:  # one after another: what reads them here knows no threads
        assert pages_of(content) == pages_of(whole(kind, language)[1]) if kind else len(content) > 50_000
