"""A connection comes in by the same door as a file: the same questions, rows put aside and sums; and its credential stays out of everything."""

import json
import logging
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import cxroi
from cxroi.actions import connections
from cxroi.actions.person import Person
from cxroi.cli import main
from cxroi.connect import child
from cxroi.errors import ConnectError, StoreError
from cxroi.intake.report import LoadOutcome, request_from_json
from cxroi.store.files.waiting import Waiting
from cxroi.store.state.records import KeptConnection
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text
from tests.connect.world import CANARY, publishing, run_here, shop
from tests.json_schemas import fits

WHO = Person(through="terminal", name="huda")
QUERY = "SELECT 'C-' || id AS customer_id, joined AS joined_on, left_on FROM customer"
SHOP = KeptConnection(name="Shop", address="", query=QUERY)


@pytest.fixture
def workspace(tmp_path):
    return Workspace.open(tmp_path / "w")


@pytest.fixture
def here(monkeypatch, tmp_path, files_read_here):
    """Read everything in this process, from the folder of the test; give the file of the shop."""
    monkeypatch.setattr(child, "run_child", run_here)
    monkeypatch.setenv("CXROI_CONNECT_FOLDERS", str(tmp_path))
    return shop(tmp_path / "shop.db", 40)


def keep(workspace, file, **changes):
    return connections.keep_connection(workspace, replace(SHOP, address=str(file), **changes), new=True, who=WHO)


def change(file, *statements):
    with closing(sqlite3.connect(file)) as there, there:
        for statement in statements:
            there.execute(statement)


def refresh(workspace, name="Shop"):
    return connections.refresh(workspace, name, who=WHO)


def test_a_refresh_loads_what_is_new_and_nothing_new_makes_no_version(workspace, here):
    keep(workspace, here)
    first = refresh(workspace)
    assert first.outcome == "loaded" and first.version == workspace.current().id
    assert first.reports[0].rows_loaded == 40 and first.reports[0].source_sha256
    change(
        here,
        "CREATE TABLE copy AS SELECT * FROM customer ORDER BY id DESC",
        "DROP TABLE customer",
        "ALTER TABLE copy RENAME TO customer",
    )
    again = refresh(workspace)
    assert again.outcome == "nothing_new" and again.version is None and workspace.current().id == first.version
    change(here, "INSERT INTO customer (id, joined) VALUES (90, '2025-01-05')")
    assert refresh(workspace).outcome == "loaded" and workspace.current().tables["customers"].rows == 41
    last = State.open(workspace.folder).kept_connection("SHOP").last
    assert (last.outcome, last.tables, last.version) == ("loaded", ("customers",), workspace.current().id)


def test_rows_that_cannot_be_taken_are_put_aside_as_those_of_a_file_are(workspace, here):
    change(here, "INSERT INTO customer (id, joined) VALUES (91, 'soon')")
    keep(workspace, here)
    report = refresh(workspace).reports[0]
    assert report.outcome is LoadOutcome.LOADED_WITH_REJECTS
    assert (report.rows_read, report.rows_loaded, report.rows_rejected) == (41, 40, 1)


def test_what_needs_an_answer_is_not_loaded_and_the_answer_is_remembered(workspace, here):
    change(
        here,
        "CREATE TABLE ledger (day TEXT, amount TEXT)",
        "INSERT INTO ledger VALUES ('03/04/2025', '5'), ('05/06/2025', '6')",
    )
    keep(workspace, here, query="SELECT day AS period, amount, 'SAR' AS currency FROM ledger")
    asks = refresh(workspace)
    assert asks.outcome == "needs_answer" and asks.version is None and workspace.current() is None
    assert [f.id for f in asks.reports[0].findings if f.severity == "question"]
    kept = State.open(workspace.folder).kept_connection("Shop")
    connections.keep_connection(
        workspace, replace(kept, request={**kept.request, "date_order": "dmy", "currency": "SAR"}), new=False, who=WHO
    )
    assert refresh(workspace).outcome in ("loaded", "needs_answer")


def test_too_many_bad_rows_and_an_empty_answer_replace_nothing(workspace, here):
    keep(workspace, here)
    good = refresh(workspace).version
    change(here, "UPDATE customer SET joined = 'soon' WHERE id < 20")
    assert refresh(workspace).outcome == "needs_answer" and workspace.current().id == good
    change(here, "DELETE FROM customer")
    done = refresh(workspace)
    assert done.outcome == "refused" and done.said[0] == "upload.header_only" and workspace.current().id == good


def test_two_connections_do_not_replace_each_other_s_table(workspace, here):
    keep(workspace, here)
    refresh(workspace)
    keep(workspace, here, name="Other", query=f"{QUERY} WHERE id < 5")
    done = refresh(workspace, "Other")
    assert done.outcome == "needs_answer" and done.said == (
        "connections.same_table",
        {"table": "customers", "other": "Shop"},
    )
    assert workspace.current().tables["customers"].rows == 40


def test_what_is_brought_waits_like_a_dropped_file_and_its_answers_are_kept(workspace, here):
    keep(workspace, here)
    waiting = connections.bring_connection(workspace, None, "Shop", who=WHO)
    (file,) = Waiting.open(workspace.folder, waiting.token).files()
    assert (file.name, file.connection) == ("Shop", "Shop") and waiting.path(file).stat().st_mode & 0o077 == 0
    request = replace(request_from_json(file.request), as_of="2025-01-01", control_total="40")
    reports, version = connections.load_file(workspace, waiting.path(file), file.name, request, who=WHO)
    connections.keep_answers(workspace, "Shop", request, reports, version, who=WHO)
    kept = State.open(workspace.folder).kept_connection("Shop")
    assert kept.request == {"as_of": "2025-01-01"}  # a control total is that of one file
    assert kept.last.outcome == "loaded" and kept.last.version == version.id


def test_a_try_loads_nothing(workspace, here):
    keep(workspace, here)
    (report,) = connections.try_connection(workspace, "Shop", who=WHO)
    assert report.rows_loaded == 40 and workspace.current() is None


def test_a_try_at_the_terminal_answers_as_its_schema_says(workspace, here, capsys):
    keep(workspace, here)
    assert main(["connections", "test", "shop", "--json", "--workspace", str(workspace.folder)]) == 0
    told = json.loads(capsys.readouterr().out)
    fits(told)
    assert told["files"][0]["table"] == "customers" and told["files"][0]["version"] is None


def test_a_try_of_a_long_query_says_that_its_first_rows_alone_were_read(workspace, here, capsys):
    keep(workspace, here)
    place = ["--workspace", str(workspace.folder)]
    said = Text("en")("connections.first_rows", count=connections.TRIED_ROWS)
    assert main(["connections", "test", "shop", *place]) == 0 and said not in capsys.readouterr().out
    shop(here.with_name("long.db"), 500)
    keep(workspace, here.with_name("long.db"), name="Long")
    assert main(["connections", "test", "long", *place]) == 0 and said in capsys.readouterr().out


def test_a_script_refreshes_as_the_terminal_does(workspace, here):
    keep(workspace, here)
    place = cxroi.open_workspace(workspace.folder)
    assert [one.outcome for one in place.refresh()] == ["loaded"]
    assert [one.outcome for one in place.refresh("shop")] == ["nothing_new"]


def test_nothing_is_kept_or_read_where_no_administrator_allows_it(workspace, here, monkeypatch):
    keep(workspace, here)
    monkeypatch.delenv("CXROI_CONNECT_FOLDERS")
    with pytest.raises(ConnectError, match="off"):
        keep(workspace, here, name="Second")
    with pytest.raises(ConnectError, match="off"):
        connections.try_connection(workspace, "Shop", who=WHO)
    assert refresh(workspace).said[0] == "connections.off"


def test_a_name_is_taken_once_and_a_name_that_is_not_there_is_told(workspace, here):
    keep(workspace, here)
    with pytest.raises(StoreError, match="taken"):
        keep(workspace, here, name="SHOP")
    with pytest.raises(StoreError, match="unknown"):
        connections.remove_connection(workspace, "Shops", who=WHO)
    connections.remove_connection(workspace, "shop", who=WHO)
    assert State.open(workspace.folder).connections() == ()


@pytest.mark.parametrize("way", ["private/a.csv", "denied"])
def test_the_credential_is_in_no_file_answer_log_or_argument(workspace, tmp_path, monkeypatch, capsys, caplog, way):
    """Through the real child: what lies in the workspace, the words, the JSON, the trail, the logs, and what the system tells of processes."""
    caplog.set_level(logging.DEBUG)
    secret = CANARY.replace(" ", "")
    monkeypatch.setenv("CXROI_SECRET_TOKEN", secret)
    monkeypatch.setenv("CXROI_DEBUG", "1")
    seen = []
    started = subprocess.Popen

    def watched(arguments, **how):
        process = started(arguments, **how)
        seen.append(f"{arguments} {how.get('env')}")
        if sys.platform == "linux":
            told = Path(f"/proc/{process.pid}")
            seen.extend((told / one).read_bytes().decode(errors="replace") for one in ("cmdline", "environ"))
        for path in (p for p in Path(how["cwd"]).rglob("*") if p.is_file()):
            seen.append(path.read_text(errors="replace"))
        return process

    monkeypatch.setattr("cxroi.intake.child.subprocess.Popen", watched)
    with publishing() as server:
        server.token = secret if way.startswith("private") else "another"
        host = f"127.0.0.1:{server.server_port}"
        monkeypatch.setenv("CXROI_CONNECT_HOSTS", host)
        monkeypatch.setenv("CXROI_CONNECT_UNENCRYPTED", host)
        place = ["--workspace", str(workspace.folder)]
        add = ["connections", "add", "Shop", "--address", f"http://{host}/private/a.csv", "--credential", "TOKEN"]
        assert main([*add, *place]) == 0
        capsys.readouterr()
        done = main(["refresh", "--json", *place])
        told = capsys.readouterr()
        assert done == (0 if way.startswith("private") else 1), told
        assert any(headers.get("Authorization") == f"Bearer {secret}" for _, headers in server.asked)
        main(["connections", "list", "--json", *place]), main(["audit", "--json", *place])
    said = told.out + told.err + "".join(capsys.readouterr()) + caplog.text + "".join(seen)
    files = b"".join(path.read_bytes() for path in workspace.folder.rglob("*") if path.is_file())
    for form in (secret, secret.replace("\\", "\\\\")):
        assert form not in said and form.encode() not in files
    assert "TOKEN" in said and json.loads(told.out)["refreshed"][0]["outcome"] in ("loaded", "failed")


def test_the_process_that_reads_ends_with_the_one_that_started_it_and_knows_nothing_of_its_environment(
    tmp_path, monkeypatch
):
    job = {"walls": {}, "source": {}, "answer": str(tmp_path / "a")}
    (tmp_path / "job.json").write_text(json.dumps(job))
    reading = subprocess.Popen(
        [sys.executable, "-I", child.__file__, str(tmp_path / "job.json")], stdin=subprocess.PIPE, env={}
    )
    assert reading.stdin is not None
    reading.stdin.close()  # as when the parent dies
    assert reading.wait(30) != 0 and not (tmp_path / "a").exists()
