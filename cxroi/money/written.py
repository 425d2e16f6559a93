"""Where words for currencies stand in what people write: around the number of a cell, in a heading, in a title.

The same table is read twice, by SQL over the cells of a column and here for headings and for single cells; tests hold the two
to one answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from cxroi.money.currencies import ARABIC, BLANKS, MARKS, SEPARATOR, Word, entries, plain_codes, together, word_of
from cxroi.sql_text import quoted

_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[\s_/,;:()\[\]{}\-–|'’]+")
_OPENING, _CLOSING = "-+( ", "-) "  # the signs that may stand between a word and the edges of its cell or its number
_ODD = r"[^-+0-9 .,'%()·].*[0-9]|[0-9].*[^-+0-9 .,'%()·]"  # something beside a number
_POINT = re.compile(
    r"(?<=[\W\d_])(?<![\u064b-\u065f])\.\Z"
)  # of ".50" behind a sign; one behind a letter belongs to an abbreviation
_MANY = 3  # words in the longest name that a heading is searched for


@cache
def macros() -> str:
    """Return the SQL macros `currency_words(v)`, the words of a cell joined by " / ", and `without_currency(v)`, the rest of it.

    Both take plain text (ordinary digits and blanks, no direction marks), and what the one names the other takes away. A word
    counts before the first digit or behind the last one, and only where nothing else but signs stands there.
    """
    cased, uncased = ("|".join(entry.form for entry in entries() if entry.cased is which) for which in (True, False))
    known = quoted(f"(?i:{uncased})|{cased}")
    return f"""
CREATE MACRO known_currencies(texts) AS texts; -- and at the end as it is: each macro over it would make ready for all words once more
CREATE MACRO currency_parts(v) AS list_transform([{{
        known: known_currencies([
            rtrim(regexp_replace(
                rtrim(regexp_extract(ltrim(v, '{_OPENING}'), '^[^0-9]+'), '{_OPENING}'), '([^\\pL\\pM])[.]$', '\\1')),
            ltrim(regexp_replace(rtrim(regexp_extract(v, '[^0-9]+$'), '{_CLOSING}.'), '^[.,]', ''))]),
        last: regexp_extract(v, '[^0-9]+$')
    }}], lambda s: {{
        words: concat_ws('{SEPARATOR}', nullif(s.known[1], ''), nullif(s.known[2], '')),
        rest: CASE WHEN s.known[1] = '' THEN '' ELSE v[:strpos(v, s.known[1]) - 1] END
            || v[CASE WHEN s.known[1] = '' THEN 1 ELSE strpos(v, s.known[1]) + length(s.known[1]) END:
                 CASE WHEN s.known[2] = '' THEN length(v) ELSE length(v) - length(s.last) END]
            || CASE WHEN s.known[2] = '' THEN '' ELSE s.last[length(rtrim(s.last, '{_CLOSING}.')) + 1:] END
    }})[1];
CREATE MACRO without_currency(v) AS CASE WHEN regexp_matches(v, {quoted(_ODD)}) THEN trim(currency_parts(v).rest) ELSE v END;
CREATE MACRO currency_words(v) AS CASE WHEN regexp_matches(v, {quoted(_ODD)}) THEN currency_parts(v).words ELSE '' END;
CREATE OR REPLACE MACRO known_currencies(texts) AS
    list_transform(texts, lambda w: CASE WHEN w <> '' AND regexp_full_match(w, {known}) THEN w ELSE '' END);
"""


def parted(cell: str) -> tuple[str, Word | None]:
    """Return a cell, as plain text, without its words for a currency, and what these say: the same as the SQL macros do.

    >>> parted("(SAR 1,200)")[0], parted("200 ريال")[1].codes[:2], parted("12 boxes")
    ('( 1,200)', ('SAR', 'QAR'), ('12 boxes', None))
    """
    text = BLANKS.sub(" ", cell.translate(MARKS)).strip()
    if not re.search(_ODD, text):
        return text, None
    opening, closing = re.match(r"[^0-9]*", text)[0], re.search(r"[^0-9]*\Z", text)[0]  # type: ignore[index]
    head = _known(_POINT.sub("", opening.strip(_OPENING)).rstrip(" "))
    tail = _known(re.sub(r"^[.,]", "", closing.rstrip(_CLOSING + ".")).lstrip(" "))
    if tail:
        text = text[: len(text) - len(closing)] + closing[len(closing.rstrip(_CLOSING + ".")) :]
    if head:
        text = text.replace(head, "", 1)
    return text.strip(" "), together([word for word in map(word_of, filter(None, (head, tail))) if word])


def _known(text: str) -> str:
    return text if text and word_of(text) else ""


def words_in(heading: str, *, prose: bool = False) -> tuple[Word, ...]:
    """Return the words for currencies in a heading; of `prose`, such as a title, an unclear one counts as a unit only.

    >>> [word.codes[0] for word in words_in("amount_usd") + words_in("Net (TRY)") + words_in("المبلغ بالريال السعودي")]
    ['USD', 'TRY', 'SAR']
    >>> words_in("All customers"), words_in("TOP TEN"), words_in("Weight (kg)")
    ((), (), ())
    """
    text = BLANKS.sub(" ", heading.translate(MARKS))
    inside = [word for part in _BRACKETS.findall(text) for word in _words(part, bracketed=True)]
    outside = list(_words(_BRACKETS.sub(" ", text), bracketed=False, prose=prose))
    return tuple({word.key: word for word in reversed([*inside, *outside])}.values())[::-1]


def word_in(heading: str, *, prose: bool = False) -> Word | None:
    """Return what the words of a heading say together; None where it names none, or several that no one word unites.

    >>> word_in("USD to SAR"), word_in("Cost €").code, word_in("Amount $").code
    (None, 'EUR', None)
    """
    words = words_in(heading, prose=prose)
    said = together(words)
    return said if said and (len(words) == 1 or all(set(said.codes) <= set(word.codes) for word in words)) else None


def _words(text: str, *, bracketed: bool, prose: bool = False) -> Iterator[Word]:
    """Find words for currencies among the parts of a text, the longest first and each part once."""
    parts = [part for part in _BETWEEN.split(_CAMEL.sub(" ", text)) if part]
    loud = text.isupper()
    at = 0
    while at < len(parts):
        for many in range(min(_MANY, len(parts) - at), 0, -1):
            said = " ".join(parts[at : at + many])
            word = word_of(said) or word_of(said.rstrip("."))
            if word and (bracketed or _counts(said, word, parts, at, loud=loud, prose=prose)):
                yield word
                at += many - 1
                break
        else:
            yield from _signs_in(parts[at])
        at += 1


def _counts(said: str, word: Word, parts: Sequence[str], at: int, *, loud: bool, prose: bool) -> bool:
    """Tell whether a word that stands free in a heading is meant as a currency."""
    if word.code == said.upper() and word.code not in plain_codes():
        return not loud and at == len(parts) - 1
    entry = next(e for e in entries() if e.codes == word.codes and e.fits(word.written))
    if not entry.anywhere or (len(entry.word) < 4 and ARABIC.search(said) and "." not in said):
        return False
    unit = said.startswith("بال") or (at > 0 and parts[at - 1].casefold() == "in") or not said[:1].isalpha()
    return word.code is not None or not prose or unit


@cache
def _sign() -> re.Pattern[str]:
    forms = [entry for entry in entries() if not entry.closes]
    return re.compile("|".join((rf"(?<![^\W\d_]){e.form}" if e.opens else e.form) for e in forms))


def without_signs(heading: str) -> str:
    """Return a heading without the signs of currencies in it.

    >>> without_signs("Amount US$").split()
    ['Amount']
    """
    return _sign().sub(" ", heading)


def _signs_in(part: str) -> Iterator[Word]:
    for found in _sign().finditer(part):
        if word := word_of(found[0]):
            yield word
