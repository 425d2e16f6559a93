"""The parts of the page "Report": a scenario in five sentences, and every format as a file that is made when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import streamlit as st

from cxroi.actions.place import workspace_folder
from cxroi.errors import AccessError, CxroiError
from cxroi.export.report import FORMATS, LOCKED, OF_SEGMENT_MONTHS, file_name, packed, report_of, written
from cxroi.questions import BusinessCase, Evidence, open_version
from cxroi.questions.small_groups import SEES_SMALL_GROUPS, ask_small_segments
from cxroi.questions.story import StoryFacts, ask_story
from cxroi.text import LANGUAGES, Text
from cxroi.ui import markup
from cxroi.ui.app.arrival import kept_name_and_id
from cxroi.ui.app.asked import as_seen, asked
from cxroi.ui.app.choices import widgets
from cxroi.ui.app.current import may_do, text_in
from cxroi.ui.app.picks import picked
from cxroi.ui.decide.case import case_of_evidence, current_allocation, current_case, scenario_key
from cxroi.view.share.board_summary import board_summary

_FILES = "report_files"  # of this session: what was made of one scenario, by format, language and password
_STORIES = 16
_Answer = TypeVar("_Answer")


def current_facts(evidence: Evidence, case: BusinessCase) -> StoryFacts:
    """Return what the story of a case is told from; slow the first time, then kept for everybody."""
    facts = _kept_facts(scenario_key(evidence, case.asked), evidence, case)
    return replace(facts, scores=_seen(facts.scores), drivers=_seen(facts.drivers))


def _seen(answer: _Answer | CxroiError) -> _Answer | CxroiError:
    try:
        return as_seen(answer)
    except AccessError as error:
        return error


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
    kept_as, id = kept_name_and_id(case.asked)
    view = board_summary(
        case, bare, current_allocation(evidence, bare), text, made=datetime.now(UTC), name=kept_as, id=id
    )
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
    formats = text.listed(text(f"share.format.{name}.name") for name in LOCKED)
    password = st.text_input(
        text("share.password.label"),
        type="password",
        key="report-password",
        help=text("share.password.help", formats=formats),
        width=320,
    )
    for name in FORMATS:
        _file(name, language, password if name in LOCKED else "", evidence, case, text)


def _sees_segments() -> bool:
    """Return whether this reader may have every segment's customers: where one is small, its figures could be one person's."""
    return may_do(SEES_SMALL_GROUPS) or not asked(ask_small_segments)


def _file(name: str, language: str, password: str, evidence: Evidence, case: BusinessCase, text: Text) -> None:
    label = text(f"share.format.{name}.name")
    made = _made_so_far(f"{scenario_key(evidence, case.asked)}\n{kept_name_and_id(case.asked)}")
    with st.container(key=f"report-{name}", border=True, horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{label}**", width=96)
        st.markdown(text(f"share.format.{name}.what"), width="stretch")
        if name in OF_SEGMENT_MONTHS and not _sees_segments():
            st.markdown(text("access.not_this_file"), width=328)
            return
        place = st.empty()
        if (name, language, password) not in made and place.button(
            text("share.make", format=label), key=f"make-{name}", width=160
        ):
            with place, st.spinner(text("share.making")):
                made[name, language, password] = _make(name, language, password, evidence, case)
        if (name, language, password) in made:
            file, content = made[name, language, password]
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


def _made_so_far(key: str) -> dict[tuple[str, str, str], tuple[str, bytes]]:
    """Return the files that were made of this scenario on these data, by format, language and password: name and content."""
    kept = widgets().get(_FILES)
    if kept is None or kept[0] != key:
        widgets()[_FILES] = kept = (key, {})
    found: dict[tuple[str, str, str], tuple[str, bytes]] = kept[1]
    return found


def _make(name: str, language: str, password: str, evidence: Evidence, case: BusinessCase) -> tuple[str, bytes]:
    kept_as, id = kept_name_and_id(case.asked)
    report = report_of(current_facts(evidence, case), text_in(language), made=datetime.now(UTC), name=kept_as, id=id)
    files = written(name, report, password)
    content = next(iter(files.values())) if len(files) == 1 else packed(files)
    return file_name(report.story.provenance, FORMATS[name].suffix), content
