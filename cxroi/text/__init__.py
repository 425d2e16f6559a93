"""Words: every sentence in English and Arabic, and how numbers, money and months are written."""

from cxroi.text.wording import LANGUAGES, Text

__all__ = ["LANGUAGES", "Text"]
