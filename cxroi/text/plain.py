"""Text that came from data, made safe to show: nothing in a name may act as markup, hide, or turn a line around."""

from __future__ import annotations

import re
import unicodedata

# The invisible characters that turn or bracket a line. Honest Arabic needs none of them; U+200E, U+200F, U+061C and the
# joiners are left alone because real text uses them; so are the brackets that we put round a figure ourselves, and round a
# name in a sentence: a pair of these that holds no others turns nothing outside it.
_FIGURE, _TURNING = "\u2066[+\u2212]?[0-9٠-٩][0-9٠-٩.,٫٬]*[%٪]?\u2069", "\u202a-\u202e\u2066-\u2069"
_OVERRIDES = re.compile(f"(\u2068(?:[^{_TURNING}]|{_FIGURE})*\u2069|{_FIGURE})|[{_TURNING}]")
_NO_BRACKETS = dict.fromkeys((0x2066, 0x2068, 0x2069))
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
# What the front end looks for in the text that is left after Markdown was read, where a backslash no longer helps: bare
# addresses (://, www., @), emoji, icons and logos (:word:), arrows and dashes (->, --). An invisible joiner breaks each.
_FOUND_LATER = re.compile(r"(?<=:)|(?=@)|(?<=www)(?=\.)|(?<=[-<>=~])(?=[-<>=])", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def shown(text: object, longest: int = 200) -> str:
    r"""Return `text` for a place that draws it as it is (a table cell, a select box): controls visible.

    >>> shown("a\x00b\u202ec")
    'a␀b⟦U+202E⟧c'
    """
    normal = unicodedata.normalize("NFC", str(text).replace("\r\n", "\n"))
    normal = _OVERRIDES.sub(lambda found: found[1] or f"⟦U+{ord(found[0]):04X}⟧", normal)
    normal = _CONTROLS.sub(lambda found: _picture(found[0]), normal)
    return normal if len(normal) <= longest else _whole_figures(normal[: longest - 1]) + "…"


def _whole_figures(cut: str) -> str:
    """Return words that were cut without the brackets whose end is gone."""
    while cut.count("\u2066") + cut.count("\u2068") > cut.count("\u2069"):
        cut = cut[: max(cut.rfind("\u2066"), cut.rfind("\u2068"))]
    return cut


def short_name(name: object, longest: int) -> str:
    """Return a name of at most so many letters, made safe as by `shown`; a longer one keeps its end too, where names of one company differ.

    >>> short_name("Maintenance and operations, northern branch 17", 24)
    'Maintenance and…ranch 17'
    """
    whole = shown(name, 5_000)
    if len(whole) <= longest:
        return whole
    bare, end = whole.translate(_NO_BRACKETS), longest // 3
    return f"{bare[: longest - end - 1].rstrip()}…{bare[-end:].lstrip()}"


def plain(text: object, longest: int = 200) -> str:
    r"""Return `text` for a place that reads Markdown (a label, a sentence): escaped, and kept apart from it.

    >>> plain("![x](a.b)").strip("\u2068\u2069")
    '\\!\\[x\\]\\(a\\.b\\)'
    """
    escaped = _PUNCTUATION.sub(r"\\\1", _FOUND_LATER.sub(_WORD_JOINER, shown(text, longest)))
    return _FIRST_STRONG_ISOLATE + escaped + _POP_ISOLATE


def _picture(control: str) -> str:
    code = ord(control)
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else f"⟦U+{code:04X}⟧"
