"""What the sample company's segments, lines and touchpoints are called in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

from cxroi.shipped import shipped


@cache
def sample_names(language: str) -> Mapping[str, str]:
    """Return the names by how they stand in the data; none where a language reads them as they stand.

    >>> sample_names("ar")["Villas"], sample_names("en")
    ('الفلل', {})
    """
    named: dict[str, dict[str, str]] = tomllib.loads(
        shipped("data", "sample", "names.toml").read_text(encoding="utf-8")
    )
    return named.get(language, {})
