"""Nothing is read that an administrator did not allow, and no name leads into the network behind it."""

import ipaddress
import socket

import pytest

from cxroi.connect.allowed import Allowed, is_public
from cxroi.connect.source import read_source
from cxroi.errors import ConnectError


def resolving(monkeypatch, *answers):
    """Have every name resolve to the next answer, and return how often it was asked."""
    asked, real = [], socket.getaddrinfo

    def look_up(host, port, *more, **how):
        if host.replace(".", "").isdigit():  # an address already
            return real(host, port, *more, **how)
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_nothing_is_allowed_unless_somebody_says_so():
    nothing = Allowed.of_environment({})
    assert not nothing.anything
    for address, query in (
        ("https://a.example/x.csv", ""),
        ("/etc/x.db", "SELECT 1"),
        ("mysql://u@a.example/d", "SELECT 1"),
    ):
        with pytest.raises(ConnectError):
            nothing.ensure(read_source(address, query))


@pytest.mark.parametrize(
    ("entry", "address", "fits"),
    [
        ("a.example", "https://a.example/x", True),
        ("A.Example.", "https://a.EXAMPLE./x", True),
        ("a.example", "https://a.example:8443/x", False),
        ("a.example:8443", "https://a.example:8443/x", True),
        ("a.example:8443", "https://a.example/x", False),
        ("a.example", "https://b.a.example/x", False),
        ("*.a.example", "https://b.a.example/x", True),
        ("*.a.example", "https://a.example/x", False),
        ("*.a.example", "https://bada.example/x", False),
        ("*", "https://a.example/x", False),
        ("*.", "https://a.example/x", False),
        ("a.example:https", "https://a.example/x", False),
        ("[2001:db8::1]:8443", "https://[2001:db8::1]:8443/x", True),
        ("2001:db8::1", "https://[2001:db8::1]/x", True),
        ("a.example", "https://a.example@evil.example/x", False),
    ],
)
def test_a_host_is_allowed_by_its_whole_name_and_port(entry, address, fits):
    allowed = Allowed.of_environment({"CXROI_CONNECT_HOSTS": f"other.example, {entry}"})
    assert allowed._names(read_source(address), allowed.hosts) == fits


def test_without_encryption_only_where_that_is_allowed_too():
    asked = {"CXROI_CONNECT_HOSTS": "a.example"}
    with pytest.raises(ConnectError, match="not_encrypted"):
        Allowed.of_environment(asked).ensure(read_source("http://a.example/x"))
    Allowed.of_environment({**asked, "CXROI_CONNECT_UNENCRYPTED": "a.example"}).ensure(
        read_source("http://a.example/x")
    )


INSIDE = (
    *(
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
    ),
    *(
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "2001:0:7f00:1::",
    ),
)


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_of_this_machine_or_of_a_private_network_is_not_public_however_it_is_written(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["9.9.9.9", "2606:4700::1111", "64:ff9b::909:909", "::ffff:9.9.9.9"])
def test_any_other_is(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("found", [["10.0.0.1"], ["9.9.9.9", "127.0.0.1"], ["169.254.169.254"]])
def test_a_name_that_leads_inside_is_refused_unless_that_very_host_is_allowed(monkeypatch, found):
    resolving(monkeypatch, found)
    source = read_source("https://b.a.example/x")
    with pytest.raises(ConnectError, match="inside"):
        Allowed(hosts=("*.a.example",)).address(source)
    assert Allowed(hosts=("*.a.example", "b.a.example")).address(source) == found[0]


def test_a_file_of_sqlite_is_read_from_an_allowed_folder_only_whatever_its_path_says(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir(), outside.mkdir()
    (inside / "a.db").touch(), (outside / "b.db").touch()
    (inside / "link.db").symlink_to(outside / "b.db")
    allowed = Allowed(folders=(str(inside),))
    assert allowed.file(read_source(str(inside / "a.db"), "SELECT 1")).name == "a.db"
    for path in (outside / "b.db", inside / ".." / "out" / "b.db", inside / "link.db", tmp_path / "in2" / "a.db"):
        with pytest.raises(ConnectError, match="folder_not_allowed"):
            allowed.file(read_source(str(path), "SELECT 1"))
    for path in (inside / "none.db", inside):
        with pytest.raises(ConnectError, match="no_such_file"):
            allowed.file(read_source(str(path), "SELECT 1"))
