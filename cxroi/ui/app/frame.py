"""The frame around every page: menu, language, the mark on sample data, and errors as sentences."""

from __future__ import annotations

from html import escape

import streamlit as st

from cxroi.access.roles import EDITOR
from cxroi.actions.place import workspace_folder
from cxroi.actions.versions import mend_state, repair, start_empty
from cxroi.errors import CxroiError, StoreError
from cxroi.model.scenario import Scenario
from cxroi.shipped import shipped
from cxroi.store.files.access import anybody_may_write
from cxroi.store.files.state_copy import STATE_FILE
from cxroi.store.state.state import state_in_force
from cxroi.store.versions.version import Version
from cxroi.text import LANGUAGES
from cxroi.text.plain import plain, shown
from cxroi.ui.app.arrival import settle_arrival, tell_of_arrival
from cxroi.ui.app.choices import choices, choose, widgets
from cxroi.ui.app.current import (
    begin_with_sample,
    current_person,
    current_text,
    current_theme,
    current_workspace,
    may_do,
    version_in_use,
)
from cxroi.ui.app.language import (
    COOKIE,
    DIGITS_COOKIE,
    DIGITS_PARAMETER,
    DIGITS_SWITCH,
    PARAMETER,
    SWITCH,
    UNKNOWN,
    choose_digits,
    choose_language,
)
from cxroi.ui.app.link import PARAMETER as SCENARIO
from cxroi.ui.app.link import settle_scenario, write_address, write_plans
from cxroi.ui.app.sign_in import SIGN_OUT
from cxroi.ui.app.theme import current_place, theme_variables
from cxroi.ui.app.waiting import settle_waiting
from cxroi.ui.app.way_in import way_in

# The pages in the order of the menu, by section: pages/<section>/<page>.py, titles under `nav.` in the texts.
MENU: dict[str, tuple[str, ...]] = {
    "decide": ("overview", "what_if", "where_to_invest", "scenarios"),
    "understand": ("customers", "satisfaction", "costs", "forecast"),
    "prove": ("evidence", "promises", "pilots"),
    "share": ("present", "report", "method"),
    "data": ("upload",),
}
FIRST = "overview"
_AT_HAND = ("present", "report")  # what is done with a decision, on the pages where it is made
_SIGNS = {"latn": "123", "arab": "١٢٣"}  # of the kinds of digits, on the link to them
_WITHOUT_DATA = ("upload", "method")  # pages, by address, that say something before any data are loaded
DAMAGE = ("store.pointer_damaged", "store.version_damaged")  # errors that a repair puts right
_NOTHING_WHOLE = "nothing_whole"  # whether a repair has found no version to go back to
_ICON = shipped("static", "icon.png")


def open_page() -> None:
    """Draw the frame and run the page that the address names."""
    _settle_language()
    text = current_text()
    page = st.navigation(_menu(), position="top")
    st.set_page_config(
        page_title=f"{page.title} · {text('app.name')}", layout="wide", menu_items={"About": text("ui.about")}
    )
    st.logo(_ICON, size="small")
    st.html(f"<style>{theme_variables(current_theme())}</style>")
    _page_bar(page.url_path or _address(FIRST))
    _language_links()
    _keep_scenario()
    settle_waiting()
    if UNKNOWN in st.query_params:
        st.warning(text("ui.unknown_page", page=plain(st.query_params[UNKNOWN], 80)))
    try:
        if way_in().is_open:
            st.warning(text("access.open_to_network"))
        if anybody_may_write(folder := workspace_folder()):
            st.warning(text("store.open_to_all", path=plain(folder, 500)))
        version = version_in_use()
        if version is None:
            _nothing_loaded(page)
        else:
            shown = settle_arrival(version)
            choose(on_sample=shown.illustrative)
            if shown.illustrative:
                _sample_banner(page.url_path)
            _state_banner(version)
            tell_of_arrival(version, shown)
        if version is not None or page.url_path in _WITHOUT_DATA:
            _run(page)
    except CxroiError as error:
        if page.url_path not in _WITHOUT_DATA:  # which has drawn nothing, its title neither
            st.title(page.title, anchor=False)
        show_error(error)
        if page.url_path not in _WITHOUT_DATA:
            st.page_link(page_path("upload"), label=text("ui.begin.upload"), icon=":material/upload:")


def _run(page: st.Page) -> None:
    """Run a page, or say who may use one that is all about changing the data."""
    if page.url_path == _address("upload") and not may_do(EDITOR):
        st.title(page.title, anchor=False)
        st.info(current_text()(f"access.needs.{EDITOR}"))
    else:
        page.run()


def _state_banner(version: Version) -> None:
    """Say what is wrong with the kept settings, what the figures below rest on instead, and offer the way out."""
    state, trouble = state_in_force(version)
    if trouble is None:
        return
    text, path = current_text(), workspace_folder() / STATE_FILE
    rest = "ui.state.copy" if state.path.exists() else "ui.state.none"
    st.warning(f"{text.error(trouble, plain)} {text(rest, number=version.number, path=plain(path, 500))}")
    way_out = {"store.state_damaged": "ui.state.mend_damaged", "store.state_lost": "ui.state.mend_lost"}.get(trouble.id)
    if way_out:
        st.button(text(way_out), key="mend-state", on_click=_mend_state)


def page_path(page: str) -> str:
    """Return the file of a page, as st.page_link and st.switch_page want it."""
    section = next(section for section, pages in MENU.items() if page in pages)
    return f"pages/{section}/{page}.py"


def _address(page: str) -> str:
    """Return the last part of the address of a page."""
    return page.replace("_", "-")


def page_addresses() -> frozenset[str]:
    """Return the last part of the address of every page."""
    return frozenset(_address(page) for pages in MENU.values() for page in pages)


def show_error(error: CxroiError) -> None:
    """Tell what is wrong as its sentence, and offer the way back where there is one."""
    text = current_text()
    st.error(text.error(error, plain))
    if isinstance(error, StoreError) and error.id in DAMAGE:
        if widgets().get(_NOTHING_WHOLE):
            st.error(text("store.nothing_whole"))
            st.button(text("ui.start_empty"), key="start-empty", on_click=_start_empty)
        else:
            st.button(text("ui.repair"), on_click=_repair)


def _repair() -> None:
    """Mend the data; where no version is whole, what remains is offered beside the error."""
    try:
        repair(current_workspace(), who=current_person())
    except StoreError as error:
        widgets()[_NOTHING_WHOLE] = error.id == "store.nothing_whole"


def _start_empty() -> None:
    start_empty(current_workspace(), who=current_person())


def _mend_state() -> None:
    if version := version_in_use():
        mend_state(current_workspace(), version, who=current_person())


def show_unforeseen(number: str) -> None:
    """Tell the reader that something went wrong which has no sentence of its own."""
    st.error(current_text()("ui.unforeseen", number=number))


def _menu() -> dict[str, list[st.Page]]:
    """Return the pages of every section, as the bar at the top opens them."""
    text = current_text()
    return {
        text(f"nav.section.{section}"): [
            st.Page(page_path(page), title=text(f"nav.page.{page}"), url_path=_address(page), default=page == FIRST)
            for page in pages
        ]
        for section, pages in MENU.items()
    }


def _page_bar(here: str) -> None:
    """Draw the pages of this section by name, and mark it in the bar at the top.

    A phone, whose bar hides the sections behind a sign, is given them by name too.
    """
    text = current_text()
    section = next(section for section, pages in MENU.items() if here in map(_address, pages))
    place = list(map(_address, MENU[section])).index(here)
    st.html(f"<style>{current_place(list(MENU).index(section), place)}</style>")
    with st.container(key="section-bar", horizontal=True, gap="small"):
        for name, pages in MENU.items():
            st.page_link(page_path(pages[0]), label=text(f"nav.section.{name}"), width="content")
    if len(MENU[section]) > 1:
        with st.container(key="page-bar", horizontal=True, gap="small"):
            for page in MENU[section]:
                st.page_link(page_path(page), label=text(f"nav.page.{page}"), width="content")
            if section == "decide":
                with st.container(key="at-hand", horizontal=True, gap="small", width="content"):
                    for page in _AT_HAND:
                        st.page_link(page_path(page), label=text(f"nav.page.{page}"), width="content")


def _settle_language() -> None:
    """Settle language and digits once a session, and keep them in the address so that a sent link reads the same."""
    language = choices().language or choose_language(
        st.query_params.get(PARAMETER), st.context.cookies.get(COOKIE), st.context.headers.get("Accept-Language")
    )
    digits = choices().digits or choose_digits(
        st.query_params.get(DIGITS_PARAMETER), st.context.cookies.get(DIGITS_COOKIE)
    )
    choose(language=language, digits=digits)
    if st.query_params.get(PARAMETER) != language:
        st.query_params[PARAMETER] = language
    if current_text().arabic_indic_digits and st.query_params.get(DIGITS_PARAMETER) != digits:
        st.query_params[DIGITS_PARAMETER] = digits


def _keep_scenario() -> None:
    """Read the scenario from the address once, and put it back: changing the page empties the address."""
    scenario = choices().scenario
    if choices().plans:
        write_plans()
    if scenario is not None:
        write_address(scenario)
    elif SCENARIO in st.query_params:
        settle_scenario(Scenario())


def _language_links() -> None:
    """Offer the other languages, each in its own words, and in Arabic the other digits; a link reloads the page with its whole address."""
    text = current_text()
    links = [
        f'<a href="./{SWITCH}/{language}" lang="{language}" dir="auto">{text(f"ui.language.{language}")}</a>'
        for language in LANGUAGES
        if language != choices().language
    ]
    if text.language == "ar":
        other = "latn" if text.arabic_indic_digits else "arab"
        words = text(f"ui.digits.{other}")
        links.insert(0, f'<a href="./{DIGITS_SWITCH}/{other}" aria-label="{words}" title="{words}">{_SIGNS[other]}</a>')
    if way_in().by_password:
        links.append(_way_out(current_person().name))
    with st.container(key="languages"):  # a name that CSS knows before what is in it has come
        st.html(f'<div class="cx-languages">{"".join(links)}</div>')


def _way_out(name: str) -> str:
    """Return who is signed in, and the button that ends it; it needs no script of ours."""
    words = current_text()("access.out")
    return (
        f'<form method="post" action=".{SIGN_OUT}"><span class="cx-person" dir="auto" title="{escape(shown(name))}">{escape(shown(name))}</span>'
        f'<button type="submit">{words}</button></form>'
    )


def _nothing_loaded(page: st.Page) -> None:
    """Say that the folder that was named holds no data, and offer both ways to begin in it."""
    text = current_text()
    if page.url_path not in _WITHOUT_DATA:
        st.title(page.title, anchor=False)
    st.warning(text("store.nothing_loaded", path=plain(workspace_folder(), 500)))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(text("ui.begin.sample"), key="begin-with-sample", on_click=begin_with_sample)
        if page.url_path not in _WITHOUT_DATA:
            st.page_link(page_path("upload"), label=text("ui.begin.upload"), width="content")


def _sample_banner(here: str) -> None:
    """Say on every page that the figures are made up, with two doors: try it, or bring one's own data."""
    text = current_text()
    with st.container(key="sample-banner", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(text("ui.sample.mark"), width="content")
        for page in ("what_if", "upload"):
            if here != _address(page) and (page != "upload" or may_do(EDITOR)):
                st.page_link(page_path(page), label=text(f"ui.sample.{page}"), width="content")
