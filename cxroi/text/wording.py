"""Turn an id with facts into a sentence, and a number into what a reader of that language expects to see."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_date
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    get_currency_name,
    get_currency_symbol,
)

from cxroi.errors import CxroiError, TextError
from cxroi.shipped import program
from cxroi.text.plain import shown

LANGUAGES = ("en", "ar")
_LOCALE = {"en": Locale("en"), "ar": Locale("ar", "SA")}
_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_LRM = "\u200e"
_CODE_THEN_DIGIT = re.compile(r"(?<=[A-Z]{2})(?=\d)")
_GAP = re.compile(r"\{(\w+)\}")


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return every sentence of `language` by dotted id."""
    sections = (file for file in files("cxroi.text").joinpath(language).iterdir() if file.name.endswith(".toml"))
    return {
        id: sentence
        for file in sections
        for id, sentence in _flatten(tomllib.loads(file.read_text(encoding="utf-8")), "")
    }


def _flatten(tree: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)


class Text:
    """The words of one language. `text("id", fact=...)` fills a sentence; the other methods write numbers.

    A sentence that counts something gives its forms as `id.one`, `id.two`, `id.few`, `id.many`, `id.other` and is asked
    for with the fact `count`.

    >>> Text("en").percent(0.1234)
    '12.3%'
    """

    def __init__(self, language: str, *, arabic_indic_digits: bool = False) -> None:
        if language not in LANGUAGES:
            raise TextError("text.unknown_language", language=language)
        self.language = language
        self.arabic_indic_digits = arabic_indic_digits and language == "ar"
        self._locale = _LOCALE[language]

    @property
    def direction(self) -> str:
        """Return "rtl" or "ltr"."""
        return "rtl" if self.language == "ar" else "ltr"

    def __call__(self, id: str, /, **facts: object) -> str:
        sentences = catalogue(self.language)
        if id not in sentences and "count" in facts:
            form = self._locale.plural_form(int(float(str(facts["count"]))))
            id = f"{id}.{form}" if f"{id}.{form}" in sentences else f"{id}.other"
        if id not in sentences:
            raise TextError("text.missing", id=id, language=self.language)

        facts.setdefault("program", program())  # what is typed before a command, in every sentence that names one

        def fill(gap: re.Match[str]) -> str:
            if gap[1] not in facts:
                raise TextError("text.fact_missing", id=id, fact=gap[1])
            value = facts[gap[1]]
            return self.number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)

        return _GAP.sub(fill, sentences[id])

    def has(self, id: str) -> bool:
        """Return whether there is a sentence called `id`."""
        return id in catalogue(self.language)

    def error(self, error: CxroiError, clean: Callable[[object, int], str] = shown) -> str:
        """Return the sentence of an error; its facts may come from data, so a place that reads Markdown gives `plain`."""
        facts = {
            name: fact if isinstance(fact, int | float) else clean(fact, 500) for name, fact in error.facts.items()
        }
        return self(error.id, **facts)

    def number(self, value: float, places: int | None = None) -> str:
        """Return `value` with grouping; `places` fixes the decimals, None shows up to two where they matter."""
        pattern = "#,##0.##" if places is None else "#,##0" + ("." + "0" * places if places else "")
        return self._digits(self._signed(format_decimal(value, format=pattern, locale=self._locale), value))

    def percent(self, rate: float, places: int = 1) -> str:
        """Return a rate (0.123) as percent (12.3%)."""
        return self._digits(self._signed(f"{self._plain(rate * 100, places)}%", rate))

    def signed_percent(self, rate: float, places: int = 1) -> str:
        """Return a change (0.123) as percent with its sign (+12.3%)."""
        sign = "+" if round(rate * 100, places) > 0 else ""
        return self._digits(self._signed(f"{sign}{self._plain(rate * 100, places)}%", rate))

    def raised(self, shown: str) -> str:
        """Return a figure that is already words, with the sign of what is above nothing."""
        return f"{_LRM}+{shown}" if self.language == "ar" else f"+{shown}"

    def points(self, points: float, places: int = 1) -> str:
        """Return percentage points with their sign."""
        sign = "+" if round(points, places) > 0 else ""
        return self("unit.points", value=self._digits(self._signed(sign + self._plain(points, places), points)))

    def points_between(self, low: float, high: float, places: int = 1) -> str:
        """Return a range of percentage points, the unit said once."""
        ends = [("+" if round(end, places) > 0 else "") + self._plain(end, places) for end in (low, high)]
        if ends[0] == ends[1]:
            return self.points(low, places)
        first, last = (self._digits(self._signed(shown, end)) for shown, end in zip(ends, (low, high), strict=True))
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
            if currency:
                shown = format_compact_currency(amount, currency, locale=self._locale, fraction_digits=digits)
            else:
                shown = format_compact_decimal(amount, locale=self._locale, fraction_digits=digits)
        elif not currency:
            return self.number(amount, 0)
        elif step >= 1:
            pattern = self._locale.currency_formats["standard"].pattern.replace("0.00", "0")
            shown = format_currency(amount, currency, locale=self._locale, format=pattern, currency_digits=False)
        else:
            shown = format_currency(amount, currency, locale=self._locale, format=None, currency_digits=True)
        shown = _CODE_THEN_DIGIT.sub("\u00a0", shown)
        return self._digits(shown.replace("-", f"{_LRM}-") if self.language == "ar" else shown)

    def currency_name(self, code: str) -> str:
        """Return a currency as a choice among others: its code and what people call it."""
        return f"{code} · {get_currency_name(code, locale=self._locale)}"

    def currency(self, code: str) -> str:
        """Return how readers of this language write a currency beside figures: USD is $ or US$."""
        return get_currency_symbol(code, locale=self._locale) if code else ""

    def months(self, months: float) -> str:
        """Return a number of months, in words that agree with it."""
        return self("unit.months", count=round(months, 1) if months < 10 and months != int(months) else round(months))

    def month(self, day: date) -> str:
        """Return a month and its year."""
        return self._digits(format_date(day, "MMM y", locale=self._locale))

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
        return format_decimal(
            round(value, places) + 0.0, format="#,##0." + "0" * places if places else "#,##0", locale=self._locale
        )

    def _signed(self, shown: str, value: float) -> str:
        return f"{_LRM}{shown}" if self.language == "ar" and (value < 0 or shown.startswith(("+", "-"))) else shown

    def _digits(self, shown: str) -> str:
        return shown.translate(_ARABIC_INDIC) if self.arabic_indic_digits else shown
