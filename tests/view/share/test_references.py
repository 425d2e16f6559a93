"""Every source that is named anywhere has its entry in the bibliography, and every entry is named somewhere."""

import re
from pathlib import Path

from cxroi.view.market_benchmarks import read_benchmarks
from cxroi.view.share.references import REFERENCES, read_references

ROOT = Path(__file__).parents[3]
NAME = r"(?:van der |de )?[A-Z][A-Za-z'’]+(?:-[A-Z][a-z]+)?"
CITED = re.compile(
    rf"({NAME}(?:, {NAME})*(?:,? & {NAME}| and others)?),?\s\(?((?:18|19|20)\d\d)((?:[;,] (?:19|20)\d\d)*)\b"
)
# Months, and words before a year that is no source's.
NO_SOURCE = re.compile(r"(?:Jan|Feb|March|SAR|LIMIT|Budget|AS|Cost report|Nov|CX Pyramid|Pyramid)\b|January")


def places():
    """Yield every file that may name a source, as one line."""
    paths = [*ROOT.glob("cxroi/**/*.py"), *ROOT.glob("cxroi/**/*.sql"), *ROOT.glob("cxroi/text/en/*.toml")]
    for path in (*paths, *(one for one in ROOT.glob("data/*.toml") if one != REFERENCES)):
        yield path, re.sub(r"\s*\n\s*(?:--|#)?\s*", " ", path.read_text(encoding="utf-8"))


def cited():
    """Return the sources that are named, as (authors, year), with a file that names each."""
    found = {}
    for path, words in places():
        for named in CITED.finditer(words):
            authors = re.sub(r"^CDNOW, |'s$", "", named[1])
            if not NO_SOURCE.match(authors):
                years = [named[2], *re.findall(r"\d{4}", named[3])]
                found |= {(authors, int(year)): path.name for year in years}
    return found


def is_meant(one, authors, year):
    """Return whether a source is meant by authors and year, the authors in full, or the first of them and others."""
    first = authors.removesuffix(" and others")
    return one.year == year and (one.authors == authors or (first != authors and one.authors.startswith(f"{first}, ")))


def test_every_source_that_is_named_has_one_entry_in_the_bibliography():
    named = cited()
    assert len(named) > 90
    known = read_references()
    unknown = {who: where for who, where in named.items() if sum(is_meant(one, *who) for one in known) != 1}
    assert not unknown, "give it an entry in data/references.toml"


def test_every_benchmark_names_sources_of_the_bibliography_first():
    known = read_references()
    unknown = [
        one.name
        for one in read_benchmarks()
        if not any(one.source.startswith(each.authors) and each.year == one.year for each in known)
    ]
    assert not unknown


def test_no_entry_of_the_bibliography_stands_alone_or_says_too_little():
    named = cited()
    quoted = " ".join(words for path, words in places() if path.suffix == ".toml")
    left = [
        one
        for one in read_references()
        if not any(is_meant(one, *who) for who in named) and not re.search(rf"\b{re.escape(one.authors)}\b", quoted)
    ]
    assert not left
    assert all(one.authors and one.title and one.published and 1800 < one.year < 2100 for one in read_references())
    assert [one.authors.casefold() for one in read_references()] == sorted(
        one.authors.casefold() for one in read_references()
    )
