"""What an address means, and that nothing secret can be written into one."""

import pytest

from cxroi.connect.source import checked_credential, checked_name, read_source
from cxroi.errors import ConnectError

SELECT = "SELECT 1 AS a"


@pytest.mark.parametrize(
    ("address", "kind", "host", "port", "path", "user"),
    [
        ("postgresql://report@db.example/crm", "postgresql", "db.example", 5432, "crm", "report"),
        ("postgres://a%40b@db.example:6000/crm", "postgresql", "db.example", 6000, "crm", "a@b"),
        ("mariadb://report@[2001:db8::1]/crm", "mysql", "2001:db8::1", 3306, "crm", "report"),
        ("/data/shop file.db", "sqlite", "", 0, "/data/shop file.db", ""),
        ("sqlite:///data/a%20b.db", "sqlite", "", 0, "/data/a b.db", ""),
        ("https://cx.example/a/b.csv?x=1#y", "link", "cx.example", 443, "/a/b.csv?x=1", ""),
    ],
)
def test_an_address_says_kind_host_and_place(address, kind, host, port, path, user):
    source = read_source(address, "" if kind == "link" else SELECT)
    assert (source.kind, source.host, source.port, source.path, source.user) == (kind, host, port, path, user)


@pytest.mark.parametrize(
    ("link", "path"),
    [
        (
            "https://docs.google.com/spreadsheets/d/1aB-c_d/edit#gid=42",
            "/spreadsheets/d/1aB-c_d/export?format=csv&gid=42",
        ),
        (
            "https://docs.google.com/spreadsheets/d/1aB-c_d/edit?gid=7#gid=7",
            "/spreadsheets/d/1aB-c_d/export?format=csv&gid=7",
        ),
        ("https://docs.google.com/spreadsheets/d/1aB-c_d", "/spreadsheets/d/1aB-c_d/export?format=csv"),
        (
            "https://docs.google.com/spreadsheets/d/e/2PACX-1/pubhtml?gid=3&single=true",
            "/spreadsheets/d/e/2PACX-1/pub?gid=3&single=true&output=csv",
        ),
        ("https://docs.google.com/spreadsheets/d/e/2PACX-1/pub?output=csv", "/spreadsheets/d/e/2PACX-1/pub?output=csv"),
        ("https://other.example/spreadsheets/d/1/edit", "/spreadsheets/d/1/edit"),
    ],
)
def test_the_link_of_a_google_sheet_becomes_that_of_its_csv(link, path):
    assert read_source(link).path == path


@pytest.mark.parametrize(
    ("address", "id"),
    [
        ("postgresql://report:pw@db.example/crm", "connections.password_in_address"),
        ("https://huda:pw@cx.example/a.csv", "connections.password_in_address"),
        ("https://cx.example/a.csv?access_token=pw", "connections.password_in_address"),
        ("https://cx.example/a.csv?sv=1&sig=pw", "connections.password_in_address"),
        ("https://cx.example/a.csv?X-Amz-Signature=pw", "connections.password_in_address"),
        ("postgresql://report@db.example/crm?sslmode=disable", "connections.address"),
        ("postgresql://report@db.example/", "connections.address"),
        ("ftp://cx.example/a.csv", "connections.address"),
        ("file://host/a.db", "connections.address"),
        ("https://cx.example/a b.csv", "connections.address"),
        ("https://cx.example/a\r\nHost: evil", "connections.address"),
        ("https://cx.example:99999/", "connections.address"),
        ("", "connections.address"),
        ("a.csv", "connections.address"),
    ],
)
def test_what_is_no_address_or_holds_a_secret_is_refused_without_repeating_it(address, id):
    with pytest.raises(ConnectError) as refused:
        read_source(address, "" if address.startswith("http") else SELECT)
    assert refused.value.id == id and "pw" not in str(refused.value)


def test_a_credential_that_is_a_part_of_a_link_is_named_by_its_place():
    assert read_source("https://cx.example/a.csv?token={credential}").path == "/a.csv?token={credential}"


@pytest.mark.parametrize(
    "query", ["select ';' as a;", "-- why\nWITH x AS (SELECT 1) SELECT * FROM x", "(select 1)", "/* ; */ values (1)"]
)
def test_one_query_that_reads_is_taken(query):
    assert read_source("/a.db", query).query


@pytest.mark.parametrize(
    "query", ["", "DELETE FROM a", "select 1; select 2", "update a set b = 1", "selection", "copy a to '/tmp/x'"]
)
def test_anything_else_is_told_early(query):
    with pytest.raises(ConnectError, match="query"):
        read_source("/a.db", query)


def test_names_are_plain_and_a_credential_is_no_password():
    assert checked_name("  CRM  customers ") == "CRM customers" and checked_name("عملاء") == "عملاء"
    for name in ("", "a/b", "a.csv", "..", "x" * 61):
        with pytest.raises(ConnectError):
            checked_name(name)
    for name in ("hunter2 !", "Passw0rd", "p@ss"):
        with pytest.raises(ConnectError) as refused:
            checked_credential(name)
        assert name not in str(refused.value)
