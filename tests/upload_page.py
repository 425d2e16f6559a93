"""The Upload page as tests without a browser drive it."""

from streamlit.testing.v1 import AppTest

from cxroi.ui.app.work import _all as work_kept


def settled(app: AppTest) -> AppTest:
    """Run again, as the page does by itself, once no work is under way any more."""
    while any((button.key or "").startswith("cancel-") for button in app.button):
        assert not app.exception
        assert all(work.wait(90) for work in list(work_kept.values()))
        app.run()
    return app
