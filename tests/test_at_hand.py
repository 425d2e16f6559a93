"""The engine at hand: one a process, each use apart from the others, a new one after a fork and after a fatal error."""

import os

import duckdb
import pytest

from cxroi.at_hand import sql_at_hand


def test_each_use_is_apart_from_the_others():
    with sql_at_hand() as one, sql_at_hand() as other:
        one.execute("CREATE TEMP TABLE mine AS SELECT 1")
        with pytest.raises(duckdb.CatalogException):
            other.execute("FROM mine")
    with sql_at_hand() as later, pytest.raises(duckdb.CatalogException):
        later.execute("FROM mine")


def test_a_process_that_was_forked_has_one_of_its_own():
    with sql_at_hand() as connection:
        connection.execute("SELECT 1")
    process = os.fork()
    if process == 0:
        with sql_at_hand() as connection:
            os._exit(0 if connection.execute("SELECT 42").fetchone() == (42,) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0


def test_after_a_fatal_error_another_one_answers():
    with pytest.raises(duckdb.FatalException), sql_at_hand():
        raise duckdb.FatalException("invalidated")
    with sql_at_hand() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
