"""What an address brings beside the assumptions: a kept scenario by its id, and the version of the data that a link was made on."""

from __future__ import annotations

import re

import streamlit as st

from cxroi.actions.place import workspace_folder
from cxroi.errors import StoreError
from cxroi.model.kept_scenario import SavedScenario
from cxroi.model.scenario import Scenario
from cxroi.questions.scenarios import same_number, saved_scenarios
from cxroi.store.versions.version import Version
from cxroi.text.plain import plain
from cxroi.ui.app.choices import choices, choose, widgets
from cxroi.ui.app.current import current_text, current_workspace
from cxroi.ui.app.link import KEPT, LOOKED_AT, MADE_ON, PARAMETER, write_address
from cxroi.view.decide.kept_scenarios import person, version_number, worth_then

_VERSION = re.compile(r"\d{6}-[0-9a-f]{16}", re.ASCII)
_MISSING = "arrival_missing"  # the sentence about a short link that leads nowhere


def settle_arrival(in_use: Version) -> Version:
    """Return the version of the data to show, and put it, what the link was made on and the kept scenario into the address.

    Reads the address when the tab opens: a short link opens its scenario as it stands now.
    """
    if not choices().arrived:
        written = {name: st.query_params.get(name, "") for name in (MADE_ON, LOOKED_AT)}
        made_on, looked_at = (value if _VERSION.fullmatch(value) else None for value in written.values())
        choose(arrived=True, made_on=made_on, looked_at=looked_at)
        if id := st.query_params.get(KEPT):
            _open(id)
    if choices().looked_at is not None and (choices().looked_at == in_use.id or not _is_there(choices().looked_at)):
        choose(looked_at=None)
    shown = in_use if choices().looked_at is None else current_workspace().version(str(choices().looked_at))
    choose(shown=shown.id, made_on=None if choices().made_on == shown.id else choices().made_on)
    made_on = (choices().made_on or shown.id) if choices().scenario is not None else None
    for name, value in ((MADE_ON, made_on), (LOOKED_AT, choices().looked_at), (KEPT, choices().opened)):
        if value is None:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != value:
            st.query_params[name] = value
    return shown


def tell_of_arrival(in_use: Version, shown: Version) -> None:
    """Say what a reader must know of the link and of the version that is shown, with the way to the other one."""
    text, made_on = current_text(), choices().made_on
    numbers = {"shown": text.number(shown.number), "used": text.number(in_use.number)}
    if missing := widgets().get(_MISSING):
        st.warning(missing)
    if made_on is not None:
        number, there = version_number(made_on, text), _is_there(made_on)
        kind = "made_on" if there else "made_on_rewritten" if same_number(made_on, shown.id) else "made_on_gone"
        said = [text(f"scenarios.link.{kind}", made=number, **numbers), _said(made_on)]
        with st.container(key="made-on", border=True):
            st.markdown(" ".join(part for part in said if part))
            with st.container(key="made-on-ways", horizontal=True, gap="small"):
                if there:
                    label = text("scenarios.link.see_made", made=number)
                    st.button(label, key="see-made-on", on_click=look_at, args=(made_on,), type="primary")
                label = text("scenarios.link.stay", **numbers)
                st.button(label, key="stay-on-data", on_click=choose, kwargs={"made_on": None})
    elif shown.id != in_use.id:
        with st.container(key="looked-at", border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(text("scenarios.link.looking", **numbers), width="stretch")
            st.button(text("scenarios.link.back"), key="back-to-data", on_click=look_at, args=(None,), type="primary")


def look_at(version_id: str | None) -> None:
    """Show this reader another version of the data than the one in use, or (None) that one again."""
    choose(looked_at=version_id, made_on=None)


def remember_opened(id: str) -> None:
    """Take a kept scenario for the one that is open, in the address too: a part of a page may be drawn again without the rest."""
    choose(opened=id)
    st.query_params[KEPT] = id


def opened_scenario() -> SavedScenario | None:
    """Return the kept scenario that was opened or saved last in this tab, as it stands; None where there is none, or it was deleted."""
    id = choices().opened
    found = [one for one in saved_scenarios(workspace_folder()) if one.id == id and one.deletion is None] if id else []
    return found[0] if found else None


def kept_name_and_id(asked: Scenario) -> tuple[str, str]:
    """Return the name and the id that a scenario was kept under in this tab; ("", "") where it was not, or was changed since."""
    saved = opened_scenario()
    return (saved.kept.name, saved.id) if saved and saved.kept.scenario == asked else ("", "")


def _open(id: str) -> None:
    """Open the scenario of a short link; assumptions that the address holds too are changes of the reader's own, and stay."""
    text = current_text()
    saved = next((one for one in saved_scenarios(workspace_folder()) if one.id == id), None)
    if saved is None:
        widgets()[_MISSING] = text("scenarios.link.unknown", id=plain(id, 40))
        return
    if (gone := saved.deletion) is not None:
        facts = {"name": plain(saved.kept.name), "when": text.moment(gone.at), "who": plain(person(gone.who, text))}
        widgets()[_MISSING] = text("scenarios.link.deleted", **facts)
        return
    choose(opened=id)
    if PARAMETER not in st.query_params:
        choose(scenario=saved.kept.scenario, made_on=saved.kept.data_version or None)
        write_address(saved.kept.scenario)


def _said(made_on: str) -> str:
    """Return what the opened scenario said on the data that it was made on."""
    text, saved = current_text(), opened_scenario()
    if saved is None or saved.kept.data_version != made_on or saved.kept.scenario != choices().scenario:
        return ""
    return text("scenarios.link.made_on_said", worth=worth_then(saved.last, text)) if saved.kept.figures else ""


def _is_there(version_id: str | None) -> bool:
    try:
        current_workspace().version(str(version_id))
    except StoreError:
        return False
    return True
