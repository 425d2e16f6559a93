"""Every file of the corpus has the outcome that it must have, and says it in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxroi.text import Text
from tests.intake.corpus import Bad, corpus
from tests.intake.loading import load

FILES = corpus()


def test_the_corpus_is_large_and_the_same_every_time() -> None:
    assert len(FILES) >= 60 and len({bad.label for bad in FILES}) == len(FILES)
    texts = [
        [bad.content for bad in files if bad.name == "file.csv" and bad.content[:2] != b"PK"]
        for files in (FILES, corpus())
    ]
    assert texts[0] == texts[1]  # workbooks carry the time they were written


@pytest.mark.parametrize("bad", FILES, ids=lambda bad: bad.label)
def test_a_bad_file_has_its_outcome_and_a_sentence(tmp_path: Path, bad: Bad) -> None:
    report = load(tmp_path, bad.content, bad.name, **bad.request).report
    assert report.outcome == bad.outcome, report
    assert not bad.message or report.message == bad.message, report
    if bad.loaded is not None:
        assert (report.rows_loaded, report.rows_rejected) == (bad.loaded, bad.rejected), report
    for language in ("en", "ar"):
        text = Text(language)
        assert text(report.message, **report.facts)
        assert all(text(reject.reason, **reject.facts) for reject in report.rejects)
        assert all(text(finding.id, **finding.facts) for finding in report.findings)
