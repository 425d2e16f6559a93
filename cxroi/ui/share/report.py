"""The parts of the page "Report": a scenario in five sentences, and every format as a file that is made when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from cxroi.actions.place import workspace_folder
from cxroi.export.report import FORMATS, file_name, packed, report_of
from cxroi.questions import BusinessCase, Evidence, open_version
from cxroi.questions.story import StoryFacts, ask_story
from cxroi.text import LANGUAGES, Text
from cxroi.text.sample_names import sample_names
from cxroi.ui import markup
from cxroi.ui.app.arrival import opened_scenario
from cxroi.ui.app.choices import widgets
from cxroi.ui.app.picks import picked
from cxroi.ui.decide.case import case_of_evidence, current_allocation, current_case, scenario_key
from cxroi.view.share.board_summary import board_summary

_FILES = "report_files"  # of this session: what was made of one scenario, by format and language
_STORIES = 16


def current_facts(evidence: Evidence, case: BusinessCase) -> StoryFacts:
    """Return what the story of a case is told from; slow the first time, then kept for everybody."""
    return _kept_facts(scenario_key(evidence, case.asked), evidence, case)


def _ask(key: str, _evidence: Evidence, _case: BusinessCase) -> StoryFacts:
    """Ask by one string, because Streamlit's cache can take two lists of arguments for one."""
    with open_version(workspace_folder(), _evidence.data_version) as data:
        return ask_story(data, _case, case_of_evidence(_evidence, _case))


_kept_facts: Callable[[str, Evidence, BusinessCase], StoryFacts]
_kept_facts = st.cache_resource(max_entries=_STORIES, show_spinner=False)(_ask)


def in_five_sentences(evidence: Evidence, text: Text) -> BusinessCase:
    """Draw the summary of the reader's scenario, and return its case."""
    case = current_case(evidence)
    bare = case_of_evidence(evidence, case)
    view = board_summary(case, bare, current_allocation(evidence, bare), text, made=datetime.now(UTC), **_named(case))
    st.html(markup.summary(view, text("summary.title")))
    return case


def files(evidence: Evidence, case: BusinessCase, text: Text) -> None:
    """Draw every format with what is in it, the button that makes its file, and then the one that hands it out."""
    st.html(markup.section(text("share.report.files")))
    language = picked(
        "file-language",
        LANGUAGES,
        lambda one: text(f"ui.language.{one}"),
        text("share.file_language"),
        first=text.language,
    )
    for name in FORMATS:
        _file(name, language, evidence, case, text)


def _file(name: str, language: str, evidence: Evidence, case: BusinessCase, text: Text) -> None:
    label, made = (
        text(f"share.format.{name}.name"),
        _made_so_far(f"{scenario_key(evidence, case.asked)}\n{_named(case)}"),
    )
    with st.container(key=f"report-{name}", border=True, horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{label}**", width=96)
        st.markdown(text(f"share.format.{name}.what"), width="stretch")
        place = st.empty()
        if (name, language) not in made and place.button(
            text("share.make", format=label), key=f"make-{name}", width=160
        ):
            with place, st.spinner(text("share.making")):
                made[name, language] = _make(name, language, evidence, case, text)
        if (name, language) in made:
            file, content = made[name, language]
            place.download_button(
                text("share.download", format=label),
                data=content,
                file_name=file,
                mime=FORMATS[name].mime,
                key=f"take-{name}",
                on_click="ignore",
                type="primary",
                width=160,
            )


def _named(case: BusinessCase) -> dict[str, str]:
    """Return the name and id under which the reader's scenario was kept; nothing where it was not, or was changed since."""
    saved = opened_scenario()
    if saved is None or saved.kept.scenario != case.asked:
        return {}
    return {"name": saved.kept.name, "id": saved.id}


def _made_so_far(key: str) -> dict[tuple[str, str], tuple[str, bytes]]:
    """Return the files that were made of this scenario on these data, by format and language: name and content."""
    kept = widgets().get(_FILES)
    if kept is None or kept[0] != key:
        widgets()[_FILES] = kept = (key, {})
    found: dict[tuple[str, str], tuple[str, bytes]] = kept[1]
    return found


def _make(name: str, language: str, evidence: Evidence, case: BusinessCase, text: Text) -> tuple[str, bytes]:
    names = sample_names(language) if case.illustrative else None
    words = Text(language, arabic_indic_digits=text.arabic_indic_digits, names=names)
    report = report_of(current_facts(evidence, case), words, made=datetime.now(UTC), **_named(case))
    one = FORMATS[name]
    written = one.write(report)
    content = next(iter(written.values())) if len(written) == 1 else packed(written)
    return file_name(report.story.provenance, one.suffix), content
