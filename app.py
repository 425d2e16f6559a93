"""The app. `streamlit run app.py` and `python app.py` serve this file; for a reader it is the frame of a page."""

import cxroi  # noqa: F401, I001 - first, because it settles what numpy reads when it is loaded
from streamlit import App
from streamlit.runtime.scriptrunner import get_script_run_ctx

if get_script_run_ctx(suppress_warning=True) is None:
    from cxroi.ui.app.downloads import keep_downloads
    from cxroi.ui.app.launch import lifespan, on_script_error, serve
    from cxroi.ui.app.server import middleware

    keep_downloads()
    app = App(__file__, middleware=middleware(), lifespan=lifespan, on_script_error=on_script_error)
    if __name__ == "__main__":
        serve(app)
else:
    from cxroi.ui.app.ahead import before_all_else
    from cxroi.ui.app.frame import open_page

    with before_all_else():
        open_page()
