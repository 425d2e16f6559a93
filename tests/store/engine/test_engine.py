"""Queries keep their contracts, and an engine can read its own version and nothing else."""

import threading

import duckdb
import pytest

from cxroi.errors import StoreError
from cxroi.store.engine.engine import Engine, contract_of, query_names
from cxroi.store.files.leftovers import spill_folder, sweep
from cxroi.store.settings import EngineSettings
from cxroi.store.versions.workspace import Workspace
from tests.store.tables import costs, parquet


@pytest.fixture
def engine(tmp_path):
    workspace = Workspace.open(tmp_path / "odd [a-z]* name's")
    staged = costs(tmp_path / "c.parquet", "1.25", "2")
    return Engine.on(workspace.publish({"costs": staged}, sources={"costs": {}}))


@pytest.mark.parametrize("name", query_names())
def test_a_query_returns_what_its_header_says(engine, name):
    contract = contract_of(name)
    assert tuple(engine.describe(name)) == contract.returns
    asked = {f"${parameter}" for parameter, _ in contract.parameters}
    assert all(marker in contract.sql.split("SELECT", 1)[1] for marker in asked)
    assert contract.purpose and contract.grain


@pytest.mark.parametrize("name", query_names())
def test_a_query_keeps_to_the_subset_that_other_engines_know(name):
    body = "\n".join(line for line in contract_of(name).sql.upper().splitlines() if not line.startswith("--"))
    assert not any(word in body for word in ("PIVOT", "LIST(", "STRUCT", "EXCLUDE", "QUALIFY", "GROUP BY ALL", "::"))
    assert "//" not in body


def test_every_declared_table_is_there_and_the_missing_ones_are_empty(engine):
    spans = engine.query("table_spans").set_index("table_name")["row_count"].to_dict()
    assert spans == {"contacts": 0, "costs": 2, "customers": 0, "monthly": 0, "orders": 0, "surveys": 0}


def test_parameters_are_exactly_those_declared(engine):
    with pytest.raises(StoreError):
        engine.query("customers_active")
    with pytest.raises(StoreError):
        engine.query("table_spans", window_months=3)
    with pytest.raises(StoreError):
        engine.query("../sql/table_spans")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/hosts'",
        "COPY (SELECT 1) TO '/tmp/cxroi-outside.csv'",
        "ATTACH '/tmp/cxroi-outside.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '10GB'",
        "SELECT * FROM settings",
    ],
)
def test_an_engine_reads_and_writes_nothing_outside_its_version(engine, statement):
    settings = "a Python variable"  # an open engine would read it by name
    with pytest.raises(duckdb.Error):
        engine._connection.cursor().execute(statement)
    assert settings


def test_eight_threads_get_eight_right_answers(tmp_path):
    workspace = Workspace.open(tmp_path / "w")
    rows = [{"period": f"2025-{month:02d}-01", "amount": str(month)} for month in range(1, 13)]
    engine = Engine.on(workspace.publish({"costs": parquet(tmp_path / "c.parquet", "costs", rows)}, sources={}))
    wrong = []

    def ask():
        for _ in range(20):
            if list(engine.query("cost_months")["amount_thousandth"]) != [month * 1000 for month in range(1, 13)]:
                wrong.append(1)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert not wrong


def test_a_query_that_takes_too_long_is_stopped_with_a_sentence(engine):
    slow = Engine(engine.version, EngineSettings(query_seconds=0.1), engine._connection)
    with pytest.raises(StoreError) as stopped, slow._cursor() as cursor:
        cursor.execute("SELECT count(*) FROM range(100000000) a, range(1000) b").fetchall()
    assert stopped.value.id == "store.query_too_long"


def test_a_version_with_a_changed_byte_is_not_opened(engine):
    (data,) = engine.version.tables["costs"].files
    data.write_bytes(data.read_bytes()[:-1] + b"?")
    with pytest.raises(StoreError) as noticed:
        Engine.on(engine.version)
    assert noticed.value.id == "store.version_damaged"


def test_accepted_rows_are_written_out_and_formulas_lose_their_teeth(tmp_path):
    workspace = Workspace.open(tmp_path / "w")
    rows = [{"period": "2025-01-01", "amount": "-5.10", "note": "=1+1"}, {"period": "2025-01-01", "amount": "1"}]
    version = workspace.publish({"costs": parquet(tmp_path / "c.parquet", "costs", rows)}, sources={})
    engine = Engine.on(version)
    assert engine.copy_table("costs", tmp_path / "it's.csv") == 2
    text = (tmp_path / "it's.csv").read_text()
    assert text.splitlines()[0] == "period,amount,note" and "2025-01-01,-5.100,'=1+1" in text
    assert engine.copy_table("costs", tmp_path / "out.parquet") == 2
    assert duckdb.connect().sql(f"SELECT sum(amount)::VARCHAR FROM '{tmp_path / 'out.parquet'}'").fetchall() == [
        ("-4.100",)
    ]
    for table, out in (("orders", tmp_path / "x.csv"), ("costs", tmp_path / "x.docx")):
        with pytest.raises(StoreError):
            engine.copy_table(table, out)


def test_what_does_not_fit_into_memory_is_put_down_beside_the_data_and_taken_away_again(tmp_path):
    workspace = Workspace.open(tmp_path / "w")
    version = workspace.publish({"costs": costs(tmp_path / "c.parquet", "1")}, sources={})
    engine = Engine.on(version, EngineSettings(memory_limit="40MB", query_seconds=60))
    with engine._cursor() as cursor:
        cursor.execute("SELECT sum(n) FROM (SELECT hash(n) AS n FROM range(3000000) r(n) ORDER BY 1)").fetchall()
    assert (workspace.folder / "spill").is_dir()
    engine.close()
    assert not [p for p in (workspace.folder / "spill").rglob("*") if p.is_file()]


def test_what_an_engine_that_was_killed_had_put_down_is_swept_and_that_of_a_living_one_is_not(tmp_path):
    workspace = Workspace.open(tmp_path / "w")
    version = workspace.publish({"costs": costs(tmp_path / "c.parquet", "1")}, sources={})
    chosen = tmp_path / "elsewhere"
    living = Engine.on(version, EngineSettings(spill_folder=chosen))
    mine = spill_folder(workspace.folder, chosen) / living._mark.token
    dead = mine.with_name("0123456789abcdef")
    for folder in (mine, dead):
        folder.mkdir(parents=True)
    sweep(workspace.folder, [mine.parent])
    assert mine.exists() and not dead.exists()
    living.close()
    sweep(workspace.folder, [mine.parent])
    assert not mine.exists() and not list((workspace.folder / "alive").iterdir())


def test_the_environment_sets_the_limits():
    settings = EngineSettings.of_environment({"CXROI_MEMORY_LIMIT": "3GB", "CXROI_QUERY_SECONDS": "5"})
    assert (settings.memory_limit, settings.query_seconds, settings.threads) == ("3GB", 5.0, 2)
