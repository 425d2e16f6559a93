"""What comes from a link or a file of SQLite, and what does not: nothing is changed, followed, or read without end."""

import hashlib
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cxroi.connect.allowed import Allowed
from cxroi.connect.source import read_source
from tests.connect.test_allowed import resolving
from tests.connect.world import CANARY, CSV, here, link, publishing, read, shop


@pytest.fixture(scope="module")
def server():
    with publishing() as one:
        yield one


@pytest.fixture
def file(tmp_path):
    return shop(tmp_path / "shop.db")


def of(file, query, folder, **limits):
    return read(read_source(str(file), query), Allowed(folders=(str(file.parent),)), folder, **limits)


def test_a_published_file_comes_as_it_is(server, tmp_path):
    told = read(link(server, "a.csv"), here(server), tmp_path)
    assert Path(told["path"]).read_text() == CSV and told["ending"] == ""
    packed = read(link(server, "packed"), here(server), tmp_path)
    assert packed["ending"] == ".gz"  # the intake unpacks it, counted


def test_a_token_goes_to_the_host_it_is_meant_for_and_to_no_other(server, tmp_path):
    assert "path" in read(link(server, "private/a.csv"), here(server), tmp_path, secret=server.token)
    with publishing() as other:
        moved = link(server, f"to/http://127.0.0.1:{other.server_port}/a.csv")
        assert "path" in read(moved, here(server, f"127.0.0.1:{other.server_port}"), tmp_path, secret=server.token)
        assert "Authorization" not in other.asked[-1][1]
    assert "Authorization" in server.asked[-1][1]


def test_a_credential_inside_a_link_is_put_where_it_belongs_and_nowhere_else(server, tmp_path):
    told = read(link(server, "a.csv?t={credential}"), here(server), tmp_path, secret="a b&c")
    asked, headers = server.asked[-1]
    assert "path" in told and asked == "/a.csv?t=a%20b%26c" and "Authorization" not in headers


@pytest.mark.parametrize(
    ("path", "id"),
    [
        ("gone", "status"),
        ("private/a.csv", "denied"),
        ("cut", "cut_off"),
        ("endless", "too_large"),
        ("to/http://169.254.169.254/latest/meta-data", "host_not_allowed"),
        ("to/http://localhost/x", "host_not_allowed"),
        ("to/file:///etc/passwd", "not_encrypted"),
        ("to/https://accounts.google.com/signin", "sign_in"),
        ("to//to//to//to//to//to//to//a.csv", "redirects"),
    ],
)
def test_what_a_server_may_do_wrong_is_told(server, tmp_path, path, id):
    if path.startswith("to//"):
        path = "to/" + f"http://127.0.0.1:{server.server_port}/to/" * 8 + "x"
    told = read(link(server, path), here(server), tmp_path, secret=CANARY.replace(" ", "") if "gone" in path else "")
    assert told["error"] == f"connections.{id}", told


def test_every_hop_is_looked_up_and_checked_and_the_address_that_was_checked_is_the_one_connected_to(
    server, tmp_path, monkeypatch
):
    asked = resolving(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
    connected = []
    connect = socket.create_connection
    monkeypatch.setattr(socket, "create_connection", lambda to, **k: connected.append(to) or connect(to, **k))
    port = server.server_port
    hosts = (f"b.a.example:{port}", f"*.evil.example:{port}")
    told = read(read_source(f"http://b.a.example:{port}/a.csv"), Allowed(hosts=hosts, unencrypted=hosts), tmp_path)
    assert "path" in told and asked == ["b.a.example"] and connected == [("127.0.0.1", port)]
    moved = read_source(f"http://b.a.example:{port}/to/http://x.evil.example:{port}/a.csv")
    resolving(monkeypatch, ["127.0.0.1"], ["127.0.0.1"])
    told = read(moved, Allowed(hosts=hosts, unencrypted=hosts), tmp_path)
    assert told["error"] == "connections.inside" and len(connected) == 2


def test_nobody_there_and_nobody_who_answers(tmp_path):
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        entry = (f"127.0.0.1:{port}",)
        allowed, source = Allowed(hosts=entry, unencrypted=entry), read_source(f"http://127.0.0.1:{port}/x")
        assert read(source, allowed, tmp_path)["error"] == "connections.unreachable"
        silent.listen()
        assert read(source, allowed, tmp_path, seconds=0.2)["error"] == "connections.silent"


def test_rows_of_sqlite_keep_their_types_and_two_readings_are_the_same_bytes_in_any_order(file, tmp_path):
    columns = "id, joined, left_on, fee, note"
    told = of(file, f"SELECT {columns} FROM customer", tmp_path)
    table = pq.read_table(told["path"])
    assert [str(kind) for kind in table.schema.types] == ["int64", "string", "string", "double", "string"]
    assert table.to_pylist()[1] == {"id": 1, "joined": "2024-02-05", "left_on": None, "fee": 0.25, "note": "ن"}
    first = hashlib.sha256(Path(told["path"]).read_bytes()).digest()
    told = of(file, f"SELECT {columns} FROM customer ORDER BY id DESC -- newest first", tmp_path)
    assert hashlib.sha256(Path(told["path"]).read_bytes()).digest() == first


def test_the_first_rows_are_all_that_a_try_reads(file, tmp_path):
    assert pq.read_table(of(file, "SELECT id FROM customer", tmp_path, most_rows=2)["path"]).num_rows == 2


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM customer",
        "SELECT 1) AS a; DELETE FROM customer; --",
        "WITH x AS (SELECT 1) DELETE FROM customer",
        "SELECT load_extension('x')",
        "SELECT * FROM pragma_database_list",
        "ATTACH DATABASE '/tmp/other.db' AS other",
        "PRAGMA query_only = OFF",
        "SELECT nope FROM customer",
    ],
)
def test_a_statement_that_does_anything_but_read_is_refused_by_the_database_itself(file, tmp_path, query):
    source = read_source(str(file), "SELECT 1")
    object.__setattr__(source, "query", query)  # past what reads the words of a query
    before = file.read_bytes()
    told = read(source, Allowed(folders=(str(file.parent),)), tmp_path)
    assert told["error"] == "connections.server_says" and file.read_bytes() == before


def test_a_column_of_bytes_is_named(file, tmp_path):
    told = of(file, "SELECT id, x'00' AS photo FROM customer", tmp_path)
    assert told == {"error": "connections.bytes", "facts": {"column": "photo"}}


def test_more_rows_than_may_be_read_are_refused_while_they_come(tmp_path):
    file = tmp_path / "big.db"
    with closing(sqlite3.connect(file)) as big, big:
        big.execute("CREATE TABLE a (x TEXT)")
        big.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)"
            " INSERT INTO a SELECT hex(randomblob(16)) FROM n"
        )
    assert of(file, "SELECT x FROM a", tmp_path, most_bytes=200_000)["error"] == "connections.too_large"


def test_what_is_no_database_is_told(tmp_path):
    (tmp_path / "a.db").write_text("no database at all, and long enough to be read as one" * 30)
    assert of(tmp_path / "a.db", "SELECT * FROM customer", tmp_path)["error"] == "connections.server_says"


def test_a_server_that_says_the_credential_back_is_told_without_it(server, tmp_path, monkeypatch):
    from cxroi.connect import link as module

    def refused(*_):
        raise ValueError(f"bad header Authorization: Bearer {CANARY}")

    monkeypatch.setattr(module, "_connected", refused)
    told = read(link(server, "a.csv"), here(server), tmp_path, secret=CANARY)
    assert told["error"] == "connections.server_says" and CANARY not in str(told) and "•••" in str(told)
