"""What nobody foresaw reaches the reader as a sentence with a number, and the log with the rest."""

import sys

from playwright.sync_api import expect

from tests.browser.conftest import ROOT, served_app

SCRIPT = """
from streamlit import App
from streamlit.runtime.scriptrunner import get_script_run_ctx

if get_script_run_ctx(suppress_warning=True) is None:
    from cxroi.ui.app.launch import on_script_error, serve
    from cxroi.ui.app.server import middleware

    app = App(__file__, middleware=middleware(), on_script_error=on_script_error)
    serve(app)
else:
    raise RuntimeError("secret /srv/ledger.parquet row 17")
"""


def test_an_unforeseen_error_shows_a_number_and_nothing_else(chromium, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    script = tmp_path / "app.py"
    script.write_text(SCRIPT)
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_bytes((ROOT / ".streamlit" / "config.toml").read_bytes())
    with served_app(tmp_path / "workspace", sys.executable, str(script), "--headless", "--port") as url:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(url)
        alert = page.get_by_test_id("stAlert")
        expect(alert).to_contain_text("Something went wrong", timeout=30_000)
        assert "secret" not in page.content() and "ledger" not in page.content()
        number = alert.inner_text().split()[-1].rstrip(".")
        context.close()
    log = (tmp_path / "workspace.log").read_text()
    assert number in log and "secret /srv/ledger.parquet row 17" in log
