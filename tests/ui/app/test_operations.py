"""What an operator asks for without a session: alive, ready, measures; and a log that quotes nothing of the data."""

import io
import json
import logging
import re
import sys

import pytest

from cxroi.store.versions.workspace import Workspace
from cxroi.ui.app import log, measures
from cxroi.ui.app.operations import TOKEN
from cxroi.ui.app.work import Work
from tests.store.tables import costs
from tests.ui.app.test_server import Client

SAMPLE = re.compile(r'[a-z_]+(\{(le|outcome|kind)="[^"]+"\})? -?[0-9.e+]+')


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    workspace = Workspace.open(tmp_path / "w")
    workspace.publish({"costs": costs(tmp_path / "c.parquet", "5")}, sources={})
    monkeypatch.setenv("CXROI_WORKSPACE", str(workspace.folder))
    monkeypatch.delenv(TOKEN, raising=False)
    return workspace


@pytest.fixture
def client():
    return Client()


def test_alive_is_said_without_a_session_and_also_where_the_data_are_damaged(workspace, client):
    (workspace.folder / "CURRENT").write_text("garbage")
    assert (client.get("/healthz").status_code, client.get("/healthz").text) == (200, "ok\n")
    assert client.get("/healthz", method="POST").status_code != 200


def test_ready_reads_the_pointer_the_version_and_the_settings_and_tells_no_path(workspace, client):
    assert client.get("/readyz").status_code == 200
    (workspace.folder / "CURRENT").write_text("garbage")
    told = client.get("/readyz")
    assert told.status_code == 503 and told.headers["cache-control"] == "no-store"
    assert json.loads(told.text) == {"ready": False, "trouble": "store.pointer_damaged"}


def test_a_named_folder_that_is_not_there_is_not_ready(tmp_path, monkeypatch, client):
    monkeypatch.setenv("CXROI_WORKSPACE", str(tmp_path / "not mounted"))
    assert json.loads(client.get("/readyz").text)["trouble"] == "store.workspace_missing"


def test_a_stranger_host_gets_none_of_them(workspace, client):
    for route in ("/healthz", "/readyz", "/metrics"):
        assert client.get(route, host="evil.example").status_code == 403


def asked(monkeypatch, client, came_from, **headers):
    app = client.app
    monkeypatch.setattr(client, "app", lambda scope, *rest: app({**scope, "client": came_from}, *rest))
    try:
        return client.get("/metrics", **headers)
    finally:
        client.app = app


def test_measures_are_for_this_machine_or_for_who_has_the_token(workspace, client, monkeypatch):
    assert asked(monkeypatch, client, ("127.0.0.1", 5)).status_code == 200
    assert asked(monkeypatch, client, ("192.0.2.9", 5)).status_code == 403
    assert asked(monkeypatch, client, None).status_code == 403
    assert asked(monkeypatch, client, ("127.0.0.1", 5), x_forwarded_for="192.0.2.9").status_code == 403
    monkeypatch.setenv(TOKEN, "s3cret-ü")
    assert asked(monkeypatch, client, ("127.0.0.1", 5)).status_code == 403
    assert asked(monkeypatch, client, ("192.0.2.9", 5), authorization="Bearer wrong").status_code == 403
    monkeypatch.setenv(TOKEN, "s3cret")
    assert asked(monkeypatch, client, ("192.0.2.9", 5), authorization="Bearer s3cret").status_code == 200


def value(name):
    return float(re.search(rf"^{re.escape(name)} (\S+)$", measures.exposition().decode(), re.MULTILINE)[1])


def test_measures_count_answers_with_their_seconds_and_work_by_its_end():
    before = {
        name: value(name) for name in ('cxroi_answer_seconds_bucket{le="+Inf"}', 'cxroi_work_total{outcome="refused"}')
    }
    with pytest.raises(ValueError), measures.timed_answer():
        raise ValueError
    Work(name="Huda Al-Qahtani.csv", size=1).run(lambda *_: (_ for _ in ()).throw(log_error()))
    assert all(value(name) == was + 1 for name, was in before.items())
    assert value("cxroi_memory_bytes") > 10_000_000 and value("cxroi_sessions") == 0
    for line in measures.exposition().decode().splitlines():
        assert line.startswith("# ") or SAMPLE.fullmatch(line), line
    assert "Huda" not in measures.exposition().decode()


def log_error():
    from cxroi.errors import UploadError

    return UploadError("upload.column_twice", column="Huda Al-Qahtani")


@pytest.fixture
def logged(monkeypatch):
    """Log as JSON, and put everything back after."""
    root, level, kept = logging.getLogger(), logging.getLogger("cxroi").level, list(logging.getLogger().handlers)
    setup, hooks = log.streamlit_logger.setup_formatter, (sys.excepthook, log.threading.excepthook)
    monkeypatch.setattr(sys, "stderr", told := io.StringIO())
    log.log_as_json()
    yield lambda: [json.loads(line) for line in told.getvalue().splitlines()]
    root.handlers[:] = kept
    logging.raiseExceptions = True
    logging.getLogger("cxroi").setLevel(level)
    logging.captureWarnings(False)
    log.streamlit_logger.setup_formatter = setup
    sys.excepthook, log.threading.excepthook = hooks
    log.streamlit_logger.update_formatter()


def test_no_line_of_the_log_quotes_data_whatever_breaks(logged):
    name = "Huda Al-Qahtani"
    Work(name=f"{name}.csv", size=12).run(lambda *_: {}[name])
    Work(name=f"{name}.csv", size=12).run(lambda *_: (_ for _ in ()).throw(log_error()))
    Work(name=f"{name}.csv", size=12, rows=3).run(lambda *_: name)
    streamlit = log.streamlit_logger.get_logger("streamlit.test")
    try:
        raise KeyError(name)
    except KeyError:
        streamlit.exception("Uncaught app exception about %s", name)
    streamlit.warning(f"a name: {name}")
    thread = log.threading.Thread(target=lambda: int(name))
    thread.start()
    thread.join()
    lines = logged()
    assert name not in json.dumps(lines, ensure_ascii=False) and "Huda" not in json.dumps(lines)
    ends = [line["outcome"] for line in lines if line.get("message") == "work ended"]
    assert ends == ["unforeseen", "refused", "done"]
    broken = next(line for line in lines if str(line.get("message", "")).startswith("unforeseen error"))
    assert broken["error"] == "KeyError" and "test_operations.py" in broken["through"][-1]
    assert {line["logger"] for line in lines} >= {"cxroi", "streamlit.test"}
    assert [line["error"] for line in lines if line.get("message") == "a thread ended"] == ["ValueError"]
