"""Against real servers, where their addresses are given; nowhere else: a server that only pretends would prove nothing.

CXROI_TEST_POSTGRESQL and CXROI_TEST_MYSQL are addresses (postgresql://user@host:port/database) with the password in CXROI_TEST_PASSWORD; the user may create
tables there. Reached without a checked certificate.
"""

import os

import pyarrow.parquet as pq
import pytest

from cxroi.connect.allowed import Allowed
from cxroi.connect.source import read_source
from tests.connect.world import read

ADDRESSES = [os.environ.get(name, "") for name in ("CXROI_TEST_POSTGRESQL", "CXROI_TEST_MYSQL")]
EVIL = (
    "CREATE TABLE cxroi_evil (a INTEGER)",
    "WITH x AS (DELETE FROM cxroi_test RETURNING *) SELECT * FROM x",
    "SELECT 1) AS a; DROP TABLE cxroi_test; --",
    "SELECT 1 AS a INTO OUTFILE '/tmp/cxroi_evil'",
    "SELECT set_config('transaction_read_only', 'off', true)",
    "SELECT nope FROM cxroi_test",
)


@pytest.fixture(params=ADDRESSES, ids=["postgresql", "mysql"])
def ask(request, tmp_path):
    """Give a function that asks a server; skipped, and said so, where there is none."""
    if not request.param:
        pytest.skip("NOT TESTED: no server is given (CXROI_TEST_POSTGRESQL, CXROI_TEST_MYSQL)")
    source = read_source(request.param, "SELECT 1 AS a")
    hosts = (f"{source.host}:{source.port}",)
    secret = os.environ["CXROI_TEST_PASSWORD"]

    def asked(query, **limits):
        object.__setattr__(source, "query", query)
        return read(source, Allowed(hosts=hosts, unencrypted=hosts), tmp_path, secret=secret, seconds=20.0, **limits)

    return asked


def test_exact_numbers_days_and_words_come_as_they_are(ask):
    told = ask(
        "SELECT 1 AS id, CAST(12.50 AS DECIMAL(12,3)) AS fee, CAST('2025-03-01' AS DATE) AS day, 'فلل' AS name, NULL AS none"
    )
    (row,) = pq.read_table(told["path"]).to_pylist()
    assert (row["id"], str(row["fee"]), row["day"].isoformat(), row["name"], row["none"]) == (
        1,
        "12.50",
        "2025-03-01",
        "فلل",
        None,
    )


@pytest.mark.parametrize("query", EVIL)
def test_the_server_itself_refuses_what_does_not_only_read(ask, query):
    told = ask(query)
    assert told["error"] == "connections.server_says" and os.environ["CXROI_TEST_PASSWORD"] not in str(told)


def test_a_wrong_password_is_told_without_it(ask, monkeypatch):
    monkeypatch.setenv("CXROI_TEST_PASSWORD", "another canary")
    assert "canary" not in str(ask("SELECT 1 AS a"))
