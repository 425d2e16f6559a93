"""What stands now: the words of the reader's language, the theme, and the data in the workspace with what they say."""

from __future__ import annotations

import threading
from collections.abc import Callable

import streamlit as st

from cxroi.access.roles import ADMINISTRATOR, Role, may
from cxroi.actions.load import load_sample
from cxroi.actions.person import Person, at_this_machine, from_the_network
from cxroi.actions.place import is_named, workspace_folder
from cxroi.actions.sign_in import person_named
from cxroi.errors import AccessError, StoreError
from cxroi.questions import Evidence, evidence_of
from cxroi.store.state.state import state_in_force
from cxroi.store.versions.version import Version
from cxroi.store.versions.workspace import NOTHING_YET, Workspace
from cxroi.text import LANGUAGES, Text
from cxroi.text.sample_names import sample_names
from cxroi.ui.app.choices import choices
from cxroi.ui.app.door import named_in
from cxroi.ui.app.opened import opened
from cxroi.ui.app.way_in import PERSON_HEADER, way_in

_FIRST_LOAD = threading.Lock()


def current_text() -> Text:
    """Return the words of the reader's language, in the digits that were chosen."""
    return text_in(choices().language or LANGUAGES[0])


def text_in(language: str) -> Text:
    """Return the words of a language, in the digits that were chosen."""
    return Text(
        language,
        arabic_indic_digits=choices().digits == "arab",
        names=sample_names(language) if choices().on_sample else None,
        on_page=True,
    )


def current_theme() -> str:
    """Return "light" or "dark", as the browser shows it."""
    return "dark" if st.context.theme.type == "dark" else "light"


def current_person() -> Person:
    """Return who changes something on a page: who is signed in, with the role they have now; where nobody has to be, whoever sits
    at this machine, or, where others reach the port, anybody.

    Raises AccessError for somebody who has been taken away meanwhile.
    """
    if not way_in().asks:
        return from_the_network() if way_in().is_open else at_this_machine()
    if (name := named_in(st.context.headers.get(PERSON_HEADER))) and (
        person := person_named(current_workspace(), name)
    ):
        return person
    raise AccessError("access.over")


def current_role() -> Role:
    """Return the role that the reader has now; where nobody is asked who they are, the one that may do everything."""
    return current_person().role if way_in().asks else ADMINISTRATOR


def may_do(needed: Role) -> bool:
    """Return whether the reader's role is enough, for a page that draws nothing that would be refused."""
    return may(current_role(), needed)


def _unasked() -> Person:
    """Return who does what the server does by itself, perhaps before anybody has come."""
    return at_this_machine() if way_in().asks else current_person()


def current_workspace() -> Workspace:
    """Return the workspace; raises StoreError when its folder cannot be had.

    One that was named and is not there (mistyped, not mounted) is never made anew: the sample would stand for the company.
    """
    folder = workspace_folder()
    if is_named() and not folder.is_dir():
        raise StoreError("store.workspace_missing", path=str(folder))
    return Workspace.open(folder)


def version_in_use() -> Version | None:
    """Return the current version of the data, None where a folder that was named holds none.

    Such a folder may be another one than was meant, or one that is not mounted: nothing is put into it unasked. The folder
    that nobody named is given the sample company.
    """
    if is_named() and (folder := workspace_folder()).is_dir() and not Workspace.is_begun(folder):
        return None
    version = current_workspace().current()
    return version or (None if is_named() else begin_with_sample(_unasked()))


def begin_with_sample(who: Person | None = None) -> Version:
    """Return the current version, the sample company where there was none; `who` begins with it, the reader unless another is named."""
    workspace = current_workspace()
    with _FIRST_LOAD:
        return workspace.current() or load_sample(workspace, who=who or current_person())


def current_version() -> Version:
    """Return the version of the data that this reader looks at, the one in use unless another was chosen; StoreError where there is none."""
    version, looked_at = _ensured_in_use(), choices().looked_at
    return version if looked_at in (None, version.id) else current_workspace().version(str(looked_at))


def _ensured_in_use() -> Version:
    version = version_in_use()
    if version is None:
        raise StoreError("store.nothing_loaded", path=str(workspace_folder()))
    return version


def id_in_use() -> str:
    """Return the id of the current version, or what stands for it where there is none."""
    version = version_in_use()
    return version.id if version else NOTHING_YET


def current_evidence() -> Evidence:
    """Return what the current version of the data says: kept between readers and reruns, read anew after a load."""
    version = current_version()
    with st.spinner(current_text()("ui.reading")):
        return _evidence(_key(version))


def evidence_key() -> str:
    """Return what the evidence of this moment depends on: another one stands for other figures."""
    return _key(current_version())


def key_in_use() -> str:
    """Return the same of the version in use, for a thread that answers without a reader: whatever a reader looks at is asked of a session."""
    return _key(_ensured_in_use())


def warm_up() -> None:
    """Read the data before the first reader asks; whatever is wrong with them is said on the page, not here."""
    _evidence(key_in_use())


def _key(version: Version) -> str:
    """Return what the evidence depends on: the data, what their currencies are worth, how costs are divided and counted once."""
    kept = state_in_force(version)[0].settings()
    divided = f"{kept.sharing} {kept.spend_in_support} {kept.money_said}"
    worth = " ".join(f"{rate.currency}={rate.worth}{rate.reporting}{rate.from_month}" for rate in kept.rates)
    return f"{workspace_folder()}\n{version.id}\n{worth} {divided}"


def _read(key: str) -> Evidence:
    """Read by one string, because Streamlit's cache can take two lists of arguments for one."""
    with opened(key) as data:
        return evidence_of(data)


_evidence: Callable[[str], Evidence] = st.cache_resource(max_entries=4, show_spinner=False)(_read)
