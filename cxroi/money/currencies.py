"""Every currency once: the words by which people name it, which of them are unclear, and what an unclear one means.

A word is **known** where it names one currency (SAR, ر.س, euro, US$) and **unclear** where several share it ($, £, ¥, ريال, دينار,
درهم, جنيه). Nothing else is taken from a cell, so that whatever is taken is either known or asked about. What an unclear word
means is settled by the first of these that names exactly one of its currencies; a person sees it in either case:

1. what the person says: for the word itself, or for the amounts of the whole file;
2. the heading of the column;
3. what the rest of the file says, together with what this company says: the answer given to an earlier file, else the currency
   that it counts in. A ريال of a company in SAR is SAR. Where file and company disagree (QAR is named beside ريال), and where
   neither names one of its currencies ($ in that company), it is asked: once a file, and once for all later ones.

The codes are those of ISO 4217 that are money today (Babel, after the Unicode CLDR); a code that is also a word (ALL, TRY) counts in
capitals only.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

SEPARATOR = " / "  # between the words of one cell, where it has several
_SPELLINGS = {"ا": "[اأإآ]", "أ": "[اأإآ]", "إ": "[اأإآ]", "آ": "[اأإآ]", "ي": "[يى]", "ى": "[يى]"}
ARABIC = re.compile(r"[\u0621-\u064a]")
MARKS = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"))  # fmt: skip
BLANKS = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


@dataclass(frozen=True)
class Word:
    """A word for a currency as it is written, and the codes that it may stand for, the likeliest first; none: no known word."""

    written: str
    codes: tuple[str, ...]

    @property
    def code(self) -> str | None:
        """Return the one currency that the word names, None where it is unclear."""
        return self.codes[0] if len(self.codes) == 1 else None

    @property
    def contradicts_itself(self) -> bool:
        """Tell whether its parts, as of "USD 5 SAR", have no currency in common."""
        parts = [part for part in map(word_of, self.written.split(SEPARATOR)) if part]
        return len(parts) > 1 and not any(all(code in part.codes for part in parts) for code in self.codes)

    @property
    def key(self) -> tuple[str, ...]:
        """Return what words of one meaning have in common: "$" and "dollars"."""
        return self.codes or (self.written.casefold(),)


@dataclass(frozen=True)
class Entry:
    """One word of the table: what it names and how it may be written."""

    codes: tuple[str, ...]
    word: str  # as the table has it
    form: str  # a regular expression that DuckDB and Python read alike
    cased: bool  # capitals and small letters are not the same
    anywhere: bool  # in a heading it counts outside brackets too
    opens: bool  # begins with a letter, so that no letter may stand before it
    closes: bool

    def fits(self, text: str) -> bool:
        """Tell whether a text is this word, written in any of its ways."""
        return re.fullmatch(self.form, text, 0 if self.cased else re.IGNORECASE) is not None


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("cxroi.money").joinpath("currencies.toml").read_text(encoding="utf-8"))


@cache
def written_codes() -> tuple[str, ...]:
    """Return the codes that the table has words for, in its order."""
    return tuple(code for code in _table() if code != "unclear")


@cache
def codes() -> frozenset[str]:
    """Return every code of a currency that is money somewhere today."""
    from babel.core import get_global  # a moment that a start without files does not need

    territories = get_global("territory_currencies").values()
    used = {code for spans in territories for code, _, until, tender in spans if tender and until is None}
    return frozenset(used.union(written_codes()))


def is_code(text: str) -> bool:
    """Tell whether a text is the code of a currency, in capitals.

    >>> is_code("SAR"), is_code("KZT"), is_code("PCS")
    (True, True, False)
    """
    return text in codes()


@cache
def plain_codes() -> frozenset[str]:
    """Return the codes that no other word looks like, in capitals: what may be dropped from a heading however it is written."""
    return frozenset(code for code in written_codes() if not _table()[code].get("plain_word"))


@cache
def entries() -> tuple[Entry, ...]:
    """Return every word of the table and every code, the longest first."""
    table = dict(_table())
    shared = table.pop("unclear")
    found = [_entry((code,), code, "code" if code in plain_codes() else "capitals") for code in sorted(codes())]
    for code, words in [*table.items(), *shared.items()]:
        meant = tuple(words.get("codes", (code,)))
        for kind in ("names", "short", "signs"):
            found += [_entry(meant, word, kind) for word in words.get(kind, ())]
    return tuple(sorted(found, key=lambda entry: -len(entry.word)))


def _entry(meant: tuple[str, ...], word: str, kind: str) -> Entry:
    return Entry(
        codes=meant,
        word=word,
        form=_form(word, kind),
        cased=kind in ("capitals", "signs") or bool(ARABIC.search(word)),
        anywhere=kind in ("code", "names", "signs") or (kind == "short" and bool(ARABIC.search(word))),
        opens=word[0].isalpha(),
        closes=word[-1].isalpha(),
    )


def _form(word: str, kind: str) -> str:
    if kind in ("capitals", "code"):
        return word
    if kind == "signs":
        return " ?".join(re.escape(part) for part in re.findall(r"[A-Za-z.]+|[^A-Za-z.]+", word))
    if kind == "short":
        return r"\.?\s?".join(letter for letter in word if letter != ".") + r"\.?"
    if ARABIC.search(word):
        first, *rest = (_arabic(part) for part in word.split())
        return "".join([f"(?:ب?ال|لل|ب)?{first}", *(f" (?:ال)?{part}" for part in rest)])
    return "[ -]".join(re.escape(part) for part in word.split()) + ("s?" if word[-1].isascii() else "")


def _arabic(word: str) -> str:
    """Return the form of one Arabic word with its variants of spelling, its plural and its endings."""
    stem, ending = (word[:-1], "(?:[ةه]|ات)") if word.endswith("ة") else (word, "(?:ات|اً?|ً|[ةه])?")
    return "".join(_SPELLINGS.get(letter, letter) for letter in stem) + ending


@cache
def _classified(ascii_only: bool) -> tuple[re.Pattern[str], tuple[Entry, ...]]:
    """Return a pattern with a group for each entry that is written in ASCII, or in other letters, and these entries."""
    chosen = tuple(entry for entry in entries() if entry.word.isascii() is ascii_only)
    return re.compile("|".join(f"({e.form})" if e.cased else f"((?i:{e.form}))" for e in chosen)), chosen


@cache
def _squashed_words() -> frozenset[str]:
    words = {_squashed(entry.word) for entry in entries() if entry.word.isascii()}
    return frozenset(words | {f"{word}s" for word in words})


def _squashed(text: str) -> str:
    """Return only the letters of a text, which spares the pattern the many texts that are no currency."""
    return "".join(letter for letter in text.lower() if letter.isalpha())


@lru_cache(maxsize=4096)
def word_of(text: str) -> Word | None:
    """Return the currency that a whole text names, None where it is no word for one; words of a cell may be joined by " / ".

    >>> word_of("sar").code, word_of("ريالات سعودية").code, word_of("$").code, word_of("Quatloos")
    ('SAR', 'SAR', None, None)
    """
    text = BLANKS.sub(" ", text.translate(MARKS)).strip()
    if SEPARATOR in text:
        parts = [word_of(part) for part in text.split(SEPARATOR)]
        return together([part for part in parts if part]) if all(parts) else None
    if text.isascii() and _squashed(text) not in _squashed_words():
        return None
    pattern, chosen = _classified(text.isascii())
    found = pattern.fullmatch(text)
    return None if found is None or found.lastindex is None else Word(text, chosen[found.lastindex - 1].codes)


def together(words: Sequence[Word]) -> Word | None:
    """Return what several words say together: what all of them may mean, else all that any may; None for no word.

    >>> together([word_of("ريال"), word_of("SAR")]).code, together([word_of("USD"), word_of("SAR")]).codes
    ('SAR', ('USD', 'SAR'))
    """
    if not words:
        return None
    common = [code for code in words[0].codes if all(code in word.codes for word in words)]
    every = dict.fromkeys(code for word in words for code in word.codes)
    return Word(SEPARATOR.join(dict.fromkeys(word.written for word in words)), tuple(common or every))


def meaning(
    word: Word,
    *,
    answers: Mapping[tuple[str, ...], str],
    told: str | None = None,
    heading: str | None = None,
    file: Collection[str] = (),
    company: Collection[str] = (),
) -> str | None:
    """Return the currency that a word means, by the rule at the top of this module; None where it must be asked.

    `answers` are by the key of a word, `told` is the person's currency for the file, `heading` that of the column, `file` what
    is named in the file for sure, and `company` what an earlier answer says, else the currencies that the company counts in.

    >>> riyal = word_of("ريال")
    >>> meaning(riyal, answers={}, company={"SAR"}), meaning(riyal, answers={}, file={"QAR"}, company={"SAR"})
    ('SAR', None)
    """
    if word.code:
        return word.code
    if word.key in answers:
        return answers[word.key]
    if word.contradicts_itself:
        return None
    for said in (told, heading):
        if said in word.codes:
            return said
    possible = {code for code in (*file, *company) if code in word.codes}
    return possible.pop() if len(possible) == 1 else None
