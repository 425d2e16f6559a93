"""The frame around every page: menu, language, the mark on sample data."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from cxroi.text import LANGUAGES
from cxroi.ui.choices import choices, choose
from cxroi.ui.current import current_text, current_theme
from cxroi.ui.language import COOKIE, PARAMETER, choose_language
from cxroi.ui.server import SWITCH
from cxroi.ui.theme import theme_variables

# The menu: sections in order, each with its pages; pages/<section>/<page>.py, titles under `nav.` in the texts.
MENU: dict[str, tuple[str, ...]] = {
    "decide": ("overview", "what_if"),
    "data": ("upload",),
    "share": ("method",),
}
FIRST = "overview"
_ICON = Path(__file__).parents[2] / "static" / "icon.png"


def open_page() -> None:
    """Draw the frame and run the page that the address names."""
    _settle_language()
    text = current_text()
    page = st.navigation(_menu(), position="top")
    st.set_page_config(
        page_title=f"{page.title} · {text('app.name')}",
        layout="wide",
        menu_items={"About": text("ui.about")},
    )
    st.html(f"<style>{theme_variables(current_theme())}</style>")
    st.logo(_ICON, size="small")
    _language_links()
    page.run()


def page_path(page: str) -> str:
    """Return the file of a page, as st.page_link and st.switch_page want it."""
    section = next(section for section, pages in MENU.items() if page in pages)
    return f"pages/{section}/{page}.py"


def show_unforeseen(number: str) -> None:
    """Tell the reader that something went wrong which has no sentence of its own."""
    st.error(current_text()("ui.unforeseen", number=number))


def _menu() -> dict[str, list[st.Page]]:
    text = current_text()
    return {
        text(f"nav.section.{section}"): [
            st.Page(
                page_path(page), title=text(f"nav.page.{page}"), url_path=page.replace("_", "-"), default=page == FIRST
            )
            for page in pages
        ]
        for section, pages in MENU.items()
    }


def _settle_language() -> None:
    """Settle the language once a session, and keep it in the address so that a sent link reads the same."""
    language = choices().language or choose_language(
        st.query_params.get(PARAMETER), st.context.cookies.get(COOKIE), st.context.headers.get("Accept-Language")
    )
    choose(language=language)
    if st.query_params.get(PARAMETER) != language:
        st.query_params[PARAMETER] = language


def _language_links() -> None:
    """Offer the other languages, each in its own words; the link reloads the page with its whole address."""
    links = (
        f'<a href="./{SWITCH}/{language}" lang="{language}" dir="auto">{current_text()(f"ui.language.{language}")}</a>'
        for language in LANGUAGES
        if language != choices().language
    )
    st.html(f'<div class="cx-languages">{"".join(links)}</div>')
