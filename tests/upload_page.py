"""The Upload page as tests without a browser drive it."""

from streamlit.testing.v1 import AppTest

from cxroi.text import Text
from cxroi.ui.app.work import _all as work_kept


def settled(app: AppTest) -> AppTest:
    """Run again, as the page does by itself, once no work is under way any more."""
    while any((button.key or "").startswith("cancel-") for button in app.button):
        assert not app.exception
        assert all(work.wait(90) for work in list(work_kept.values()))
        app.run()
    return app


def to_settings(app: AppTest) -> AppTest:
    """Open the tab of what is kept for every load."""
    return settled(to_tab(app, "settings"))


def to_tab(app: AppTest, tab: str) -> AppTest:
    """Open one of the two tabs of the page, as a click on it does."""
    written = app.query_params["lang"]
    text = Text(written if isinstance(written, str) else written[0])
    app.session_state["tab-tab"] = text(f"page.upload.tab.{tab}")
    return app.run()
