"""Turn an id with facts into a sentence, and a number into what a reader of that language expects to see."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_date
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    get_currency_name,
    get_currency_precision,
    get_currency_symbol,
)

from cxroi.errors import CxroiError, TextError
from cxroi.shipped import program
from cxroi.text.plain import shown
from cxroi.text.typed import typed_number

LANGUAGES = ("en", "ar")
_LOCALE = {"en": Locale("en"), "ar": Locale("ar", "SA")}
_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_ARABIC_MARKS = str.maketrans("0123456789.,%", "٠١٢٣٤٥٦٧٨٩٫٬٪")
_MINUS, _ISOLATE, _POP = "\u2212", "\u2066", "\u2069"
_FIGURE = re.compile(r"\d(?:[\d.,]*\d)?%?")
_TORN = re.compile(r"[+\u2212]\d(?:[\d.,]*\d)?%?|(?:\d(?:[\d.,]*\d)?|\{\w+\})%")  # what an Arabic line tears apart
_LATIN = re.compile(r"[A-Za-z`]")
_CODE_THEN_DIGIT = re.compile(r"(?<=[A-Z]{2})(?=\d)")
_MONTH = re.compile(r"\d{4}-\d\d")
_GAP = re.compile(r"\{(\w+)(?: (\w+))?\}")
_SPAN = re.compile(r"(from |من )?\{first\} (?:to|إلى) \{last\}")
_MONEY_IN = re.compile(r"[,،] \{currency\}| \(\{currency\}\)|(?<=amount\}) \{currency\}")


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return every sentence of `language` by dotted id."""
    whole = _isolated if language == "ar" else str
    sections = (file for file in files("cxroi.text").joinpath(language).iterdir() if file.name.endswith(".toml"))
    return {
        id: whole(sentence)
        for file in sections
        for id, sentence in _flatten(tomllib.loads(file.read_text(encoding="utf-8")), "")
    }


@lru_cache(maxsize=16_384)  # a page words the same few figures again with every move of a slider
def _isolated(words: str) -> str:
    """Return Arabic words in which the sign, the digits and the percent sign of a figure stay together, in their order."""
    return _TORN.sub(f"{_ISOLATE}\\g<0>{_POP}", words)


def _without_what_says_nothing(sentence: str, facts: Mapping[str, object]) -> str:
    """Return a sentence that tells a span of one month as that month, and leaves out a currency that nobody knows.

    >>> _without_what_says_nothing("Paid, {currency}, from {first} to {last}", {"first": "May", "last": "May", "currency": ""})
    'Paid, in {first}'
    >>> _without_what_says_nothing("{cx_amount} of {amount} {currency}.", {"currency": ""})
    '{cx_amount} of {amount}.'
    """
    if "first" in facts and facts["first"] == facts.get("last"):
        sentence = _SPAN.sub(lambda span: "in {first}" if span[1] == "from " else "{first}", sentence)
    return _MONEY_IN.sub("", sentence) if facts.get("currency") == "" else sentence


@cache
def _in_arabic_digits(sentence: str) -> str:
    """Return a sentence of the catalogue with the digits that stand in it; names, formats and commands keep theirs."""
    return re.sub(r"[^\s{}]+", lambda word: word[0] if _LATIN.search(word[0]) else _in_digits(word[0]), sentence)


def _in_digits(words: str) -> str:
    return _FIGURE.sub(lambda figure: figure[0].translate(_ARABIC_MARKS), words)


def _flatten(tree: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)


class Text:
    """The words of one language. `text("id", fact=...)` fills a sentence; the other methods write numbers.

    A sentence that counts something gives its forms as `id.one`, `id.two`, `id.few`, `id.many`, `id.other` and is asked
    for with the fact `count`. A gap with a noun, `{read rows}`, puts the fact with the form of `counted.rows` that agrees with it.

    >>> Text("en").percent(0.1234)
    '12.3%'
    """

    def __init__(
        self,
        language: str,
        *,
        arabic_indic_digits: bool = False,
        currency: str = "",
        names: Mapping[str, str] | None = None,
        on_page: bool = False,
    ) -> None:
        if language not in LANGUAGES:
            raise TextError("text.unknown_language", language=language)
        self.language = language
        self.arabic_indic_digits = arabic_indic_digits and language == "ar"
        self._on_page = (
            on_page  # where a sentence names a command, its `id_on_page` says where the same is done on a page
        )
        self._locale = _LOCALE[language]
        self._currency = currency  # that spend is counted in, where one is known
        self._names = names or {}  # what names in the data are called in this language, where somebody has said

    @property
    def direction(self) -> str:
        """Return "rtl" or "ltr"."""
        return "rtl" if self.language == "ar" else "ltr"

    def __call__(self, id: str, /, **facts: object) -> str:
        sentences = catalogue(self.language)
        id = f"{id}_on_page" if self._on_page and f"{id}_on_page" in sentences else id
        if id not in sentences and "count" in facts:
            form = self._locale.plural_form(int(float(str(facts["count"]))))
            id = f"{id}.{form}" if f"{id}.{form}" in sentences else f"{id}.other"
        if id not in sentences:
            raise TextError("text.missing", id=id, language=self.language)

        def fill(gap: re.Match[str]) -> str:
            if gap[1] == "next_unit":
                return self.next_unit
            if gap[1] == "program" and gap[1] not in facts:  # what is typed before a command
                return program()
            if gap[1] not in facts:
                raise TextError("text.fact_missing", id=id, fact=gap[1])
            value = facts[gap[1]]
            return self._counted(gap[2], value) if gap[2] else self._written(value)

        sentence = _without_what_says_nothing(sentences[id], facts)
        sentence = _in_arabic_digits(sentence) if self.arabic_indic_digits else sentence
        return _GAP.sub(fill, sentence)

    def _written(self, value: object) -> str:
        return self.number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)

    def _counted(self, noun: str, value: object) -> str:
        """Return a number with what it counts, in the form that agrees with it; `value` may be written already."""
        form = self._locale.plural_form(int(typed_number(str(value).replace(",", ""))))
        forms = catalogue(self.language)
        id = f"counted.{noun}.{form}" if f"counted.{noun}.{form}" in forms else f"counted.{noun}.other"
        return forms[id].replace("{count}", self._written(value))

    def has(self, id: str) -> bool:
        """Return whether there is a sentence called `id`."""
        return id in catalogue(self.language)

    def error(self, error: CxroiError, clean: Callable[[object, int], str] = shown) -> str:
        """Return the sentence of an error; its facts may come from data, so a place that reads Markdown gives `plain`."""
        return self(error.id, **{name: self._fact(name, fact, clean) for name, fact in error.facts.items()})

    def _fact(self, name: str, fact: object, clean: Callable[[object, int], str]) -> object:
        """Return a fact of an error as its sentence takes it: a figure, a month in words, or words made clean."""
        if name in ("first", "last") and _MONTH.fullmatch(str(fact)):
            return self.month(date.fromisoformat(f"{fact}-01"))
        return fact if isinstance(fact, int | float) else clean(fact, 500)

    def number(self, value: float | Decimal, places: int | None = None) -> str:
        """Return `value` with grouping; `places` fixes the decimals, None shows up to two where they matter."""
        return self.figure(_decimal(value, _pattern(2, "#") if places is None else _pattern(places), self.language))

    def percent(self, rate: float, places: int = 1) -> str:
        """Return a rate (0.123) as percent (12.3%)."""
        return self.figure(f"{self._plain(rate * 100, places)}%")

    def signed_percent(self, rate: float, places: int = 1) -> str:
        """Return a change (0.123) as percent with its sign (+12.3%)."""
        sign = "+" if round(rate * 100, places) > 0 else ""
        return self.figure(f"{sign}{self._plain(rate * 100, places)}%")

    def raised(self, shown: str) -> str:
        """Return a figure that is already words, with the sign of what is above nothing."""
        if self.language == "en":
            return f"+{shown}"
        rest = shown.removeprefix(_ISOLATE)
        if rest != shown:
            return f"{_ISOLATE}+{rest}"
        digits = len(rest) - len(rest.lstrip("0123456789٠١٢٣٤٥٦٧٨٩.,٫٬"))
        return f"{_ISOLATE}+{rest[:digits]}{_POP}{rest[digits:]}"

    def points(self, points: float, places: int = 1) -> str:
        """Return percentage points with their sign."""
        sign = "+" if round(points, places) > 0 else ""
        return self("unit.points", value=self.figure(sign + self._plain(points, places)))

    def points_between(self, low: float, high: float, places: int = 1) -> str:
        """Return a range of percentage points, the unit said once."""
        ends = [("+" if round(end, places) > 0 else "") + self._plain(end, places) for end in (low, high)]
        if ends[0] == ends[1]:
            return self.points(low, places)
        first, last = map(self.figure, ends)
        return self("unit.points", value=self.between(first, last))

    def money(self, amount: float, currency: str, *, compact: bool = True, step: float = 0.0) -> str:
        """Return money; compact writes thousands and millions in the reader's words, three figures at most.

        `step` rounds to what the figure deserves (an interval of 2 million deserves a step of 100,000) and drops the
        decimals below it. Without a currency the figure stands alone.
        """
        amount = round(amount / step) * step + 0.0 if step > 0 else amount
        if compact and abs(amount) >= 10_000:
            group = (len(str(int(abs(amount)))) - 1) // 3
            digits = max(0, 2 - (len(str(int(abs(amount)))) - 1) % 3)
            if step > 0:
                digits = min(digits, max(0, 3 * group - math.floor(math.log10(step) + 1e-9)))
            least = 10.0 ** (3 * group - digits)
            shown = _compact(round(amount / least) * least, currency, digits, self.language)
        elif not currency:
            return self.number(amount, 0)
        else:
            shown = _money(amount, currency, step >= 1, self.language)
        return self.figure(shown)

    def currency_name(self, code: str) -> str:
        """Return a currency as a choice among others: its code and what people call it."""
        return f"{code} · {get_currency_name(code, locale=self._locale)}"

    def currency(self, code: str) -> str:
        """Return how readers of this language write a currency beside figures: USD is $ or US$, in Arabic its name.

        >>> Text("en").currency("SAR"), Text("ar").currency("SAR")
        ('SAR', 'ريال')
        """
        if not code:
            return ""
        return self.coin(code) if self.language == "ar" else get_currency_symbol(code, locale=self._locale)

    def coin(self, code: str) -> str:
        """Return what one of a currency is called, without its country.

        >>> Text("en").coin("SAR"), Text("en").coin("USD"), Text("ar").coin("EUR")
        ('riyal', 'dollar', 'يورو')
        """
        names = get_currency_name(code, count=1, locale=self._locale).split()
        return names[0] if self.language == "ar" else names[-1]

    def counting(self, currency: str) -> Text:
        """Return the same words for spend in a currency: "the next riyal" for "the next unit of spend".

        >>> [Text(language).counting("SAR").next_unit for language in LANGUAGES]
        ['the next riyal', 'الريال التالي']
        """
        return Text(self.language, arabic_indic_digits=self.arabic_indic_digits, currency=currency, names=self._names)

    def name(self, name: str) -> str:
        """Return a name in the data as it is called in this language, as it stands there unless somebody has said otherwise.

        >>> Text("ar", names={"Villas": "الفلل"}).counting("SAR").name("Villas"), Text("ar").name("Villas")
        ('الفلل', 'Villas')
        """
        return self._names.get(name, name)

    def language_name(self, code: str) -> str:
        """Return a language by its name where it is given as a code, as it stands otherwise.

        >>> Text("en").language_name("AR"), Text("ar").language_name("ur"), Text("en").language_name("Gulf Arabic")
        ('Arabic', 'الأوردية', 'Gulf Arabic')
        """
        return Locale(self.language).languages.get(code.lower()) or code

    @property
    def next_unit(self) -> str:
        """Return what more spend is counted in, one at a time; in Arabic a masculine word, so that a sentence fits any.

        >>> Text("en").next_unit, Text("ar").counting("TRY").next_unit
        ('the next unit of spend', 'الإنفاق الإضافي')
        """
        coin = self.coin(self._currency) if self._currency else ""
        known = coin and not coin.endswith("ة")
        return self("unit.next", coin=coin) if known else self("unit.next_unknown")

    def months(self, months: float) -> str:
        """Return a number of months, in words that agree with it."""
        return self("unit.months", count=round(months, 1) if months < 10 and months != int(months) else round(months))

    def month(self, day: date) -> str:
        """Return a month and its year."""
        shown = format_date(day, "MMM y", locale=self._locale)
        return shown.translate(_ARABIC_INDIC) if self.arabic_indic_digits else shown

    def year(self, day: date) -> str:
        """Return a year alone."""
        shown = format_date(day, "y", locale=self._locale)
        return shown.translate(_ARABIC_INDIC) if self.arabic_indic_digits else shown

    def moment(self, when: datetime) -> str:
        """Return a moment to the minute, in UTC.

        >>> Text("en").moment(datetime(2026, 11, 30, 21, 5, tzinfo=UTC))
        '30 Nov 2026, 21:05 UTC'
        """
        utc = when.astimezone(UTC)
        shown = f"{format_date(utc, 'd MMM y', locale=self._locale)}{self('unit.comma')}{utc:%H:%M} UTC"
        return shown.translate(_ARABIC_INDIC) if self.arabic_indic_digits else shown

    def between(self, low: str, high: str) -> str:
        """Return a range of two values that are already words."""
        return self("unit.between", low=low, high=high)

    def listed(self, names: Iterable[str]) -> str:
        """Return names one after another, parted as readers of this language part them.

        >>> Text("en").listed(["Homes", "Offices"]), Text("ar").listed(["منازل", "مكاتب"])
        ('Homes, Offices', 'منازل، مكاتب')
        """
        return self("unit.comma").join(names)

    def _plain(self, value: float, places: int) -> str:
        return _decimal(round(value, places) + 0.0, _pattern(places), self.language)

    def figure(self, shown: str) -> str:
        """Return a figure with a true minus sign; in Arabic its sign, digits and percent sign stay together, in their order."""
        shown = shown.replace("-", _MINUS)
        if self.language == "en":
            return shown
        shown = _isolated(shown)
        return (
            _FIGURE.sub(lambda found: found[0].translate(_ARABIC_MARKS), shown) if self.arabic_indic_digits else shown
        )


def _pattern(places: int, digit: str = "0") -> str:
    return "#,##0" + ("." + digit * places if places else "")


@lru_cache(maxsize=16_384)
def _decimal(value: float | Decimal, pattern: str, language: str) -> str:
    return format_decimal(value, format=pattern, locale=_LOCALE[language])


@lru_cache(maxsize=16_384)
def _compact(amount: float, currency: str, digits: int, language: str) -> str:
    """Return thousands and millions in words, `amount` already rounded to what is shown of it."""
    locale = _LOCALE[language]
    if currency and language == "en":
        shown = format_compact_currency(amount, currency, locale=locale, fraction_digits=digits)
        return _CODE_THEN_DIGIT.sub("\u00a0", shown)
    return _with_coin(format_compact_decimal(amount, locale=locale, fraction_digits=digits), currency, language)


@lru_cache(maxsize=16_384)
def _money(amount: float, currency: str, whole: bool, language: str) -> str:
    """Return an amount in full: to whole units, or with the decimals of its currency."""
    if language == "en":
        locale = _LOCALE[language]
        pattern = locale.currency_formats["standard"].pattern.replace("0.00", "0") if whole else None
        shown = format_currency(amount, currency, locale=locale, format=pattern, currency_digits=not whole)
        return _CODE_THEN_DIGIT.sub("\u00a0", shown)
    places = 0 if whole else get_currency_precision(currency)
    return _with_coin(_decimal(amount, _pattern(places), language), currency, language)


def _with_coin(shown: str, currency: str, language: str) -> str:
    coin = Text(language).currency(currency)
    return f"{shown}\u00a0{coin}" if coin else shown
