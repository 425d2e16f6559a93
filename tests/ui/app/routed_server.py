"""`app.py` as it is served, which writes down every route of the server that runs, so that a test can try them all."""

import json
import os
import runpy
import sys
from pathlib import Path

from streamlit import App


def listed(build):
    def built(self):
        app = build(self)
        routes = [[route.path, sorted(getattr(route, "methods", None) or [])] for route in app.routes]
        Path(os.environ["CXROI_TEST_ROUTES"]).write_text(json.dumps(routes))
        return app

    return built


if __name__ == "__main__":
    App._build_starlette_app = listed(App._build_starlette_app)
    sys.argv = ["app.py", *sys.argv[1:]]
    runpy.run_path("app.py", run_name="__main__")
