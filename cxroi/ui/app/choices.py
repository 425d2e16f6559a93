"""What the reader has chosen: the only module that touches st.session_state."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from cxroi.intake.report import IntakeRequest
from cxroi.model.kept_scenario import SlideChoices
from cxroi.model.scenario import Scenario
from cxroi.questions.allocation import Ask, Limits

_KEY = "choices"


@dataclass(frozen=True, kw_only=True)
class Choices:
    """One reader's choices for as long as the tab is open; what must outlive it stands in the address or the store."""

    language: str | None = None
    digits: str | None = None  # "latn" or "arab", in Arabic
    scenario: Scenario | None = None  # None until the address or the evidence gives one
    earlier: tuple[Scenario, ...] = ()  # for undo, latest last
    filters: Mapping[str, str] | None = None  # what the reader looks at, by name; None until the address was read
    estimates: Mapping[tuple[str, str], float] | None = (
        None  # managers' of scores, by metric and touchpoint; None until the address was read
    )
    picks: Mapping[str, str] = field(default_factory=dict)  # which view of a page, by the name of the choice
    on_sample: bool = False  # whether the sample company is in use
    plans: tuple[tuple[str, Scenario], ...] | None = None  # kept beside it, by letter; None until the address was read
    arrived: bool = False  # whether the address was read for what stands in the next three
    made_on: str | None = (
        None  # the version that the link was made on, until the reader has chosen between it and the one shown
    )
    shown: str | None = None  # the version of the data that this tab shows
    looked_at: str | None = None  # a version that is looked at and is not the one in use
    opened: str | None = None  # the id of the kept scenario that was opened or saved last
    detailed: str | None = None  # the one whose details are shown
    beside: tuple[str, ...] | None = None  # the ids of those side by side; None until somebody chose
    gone: str | None = None  # the one that was deleted last, for undo
    slides: tuple[str, SlideChoices] | None = (
        None  # to present: the id of the kept scenario ("" for none), and what is chosen
    )
    asked: Ask | None = None  # where the money should go; None until something is asked
    limits: Mapping[str, Limits] = field(default_factory=dict)  # of that, by part: the person's own
    requests: Mapping[str, IntakeRequest] = field(default_factory=dict)  # by file that waits: how to read it
    waiting: str | None = None  # what finds the files that were dropped and wait to be loaded
    known_by: str = ""  # what found them last, also where none waits any longer: a load knows its tab again by it
    batch: int = 0  # how often files were dropped; each time the place to drop them is empty again
    watched: str | None = None  # the load that this tab saw running
    own_load: str | None = None  # the load that this tab began
    turned_away: str = (
        ""  # why the last press of Load here began nothing: "running" (another load), "changed" (other data)
    )
    dismissed: bool = False  # whether what the last load did has been read and left
    compared: str | None = None  # the version to compare with the one in use
    receipt: Mapping[str, Any] | None = None  # what the last deletion in this tab removed


def choices() -> Choices:
    """Return what has been chosen so far."""
    chosen: Choices = st.session_state.setdefault(_KEY, Choices())
    return chosen


def choose(**changes: Any) -> None:
    """Replace some choices."""
    st.session_state[_KEY] = replace(choices(), **changes)


def widgets() -> MutableMapping[str, Any]:
    """Return the values of the widgets by their key, to be read or set in a callback before they are drawn."""
    return st.session_state
