# Two commands do everything: `make run` opens the app, `make test` proves it. `make help` lists the rest.

PYTHON ?= python3
PYTHONS ?= 3.11 3.13  # that `make wheel` tries the wheel on
BIN := .venv/bin
SYNC := $(BIN)/uv sync --frozen --inexact --quiet

# Compiled modules are kept even where a machine says otherwise: each process would compile Streamlit and pandas anew (8 s for 3).
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test browser wheel lint unit study bench bench-large fuzz kills screenshots schemas requirements clean

help:  ## Show the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

$(BIN)/uv:
	$(PYTHON) -m venv .venv || { echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

.venv/run.stamp: $(BIN)/uv uv.lock
	$(SYNC)
	@touch $@

.venv/test.stamp: $(BIN)/uv uv.lock
	$(SYNC) --group test
	@touch $@

run: .venv/run.stamp  ## Set up what is missing and open the app on this machine
	$(BIN)/python app.py

test: .venv/test.stamp  ## Set up what is missing, check style and types, run every test
	$(MAKE) --no-print-directory --jobs=2 --output-sync lint browser
	$(BIN)/python -m pytest --numprocesses=3 --dist=loadfile --durations=25

browser: .venv/test.stamp
	$(BIN)/python -m tests.browser.chromium --install

unit: .venv/test.stamp  ## Every test but those in a browser
	$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile --ignore=tests/browser

wheel: .venv/test.stamp  ## Build the wheel and try it with its own dependencies on the oldest and the newest Python
	$(BIN)/python -m tests.installed $(PYTHONS)

lint: .venv/test.stamp  ## Style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

study: .venv/test.stamp  ## Studies on made companies and series, into docs/channels-study.md, calibration.md, sbc.md, lines.md and forecast.md
	$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile -m study
	$(BIN)/python -m benchmarks.studies.channels
	$(BIN)/python -m benchmarks.studies.calibration
	$(BIN)/python -m benchmarks.studies.sbc
	$(BIN)/python -m benchmarks.studies.lines
	$(BIN)/python -m benchmarks.studies.forecast_study

bench: .venv/test.stamp browser  ## Speed as ratios, into docs/benchmarks.md
	$(BIN)/python -m benchmarks.speed.run

bench-large: .venv/test.stamp  ## 100 million orders from Parquet, 20 million from CSV, into docs/benchmarks-large.md
	$(BIN)/python -m benchmarks.speed.large

fuzz: .venv/test.stamp  ## Number and date readers on random text, for a bounded time
	$(BIN)/python -m tests.fuzz_conventions

kills: .venv/test.stamp  ## Loads killed at 500 random moments, nothing lost and nothing left
	$(BIN)/python -m tests.killed_loads

screenshots: .venv/test.stamp browser  ## Every page in both languages, into docs/screenshots/
	$(BIN)/python -m tests.browser.screenshots

schemas: .venv/test.stamp  ## JSON Schemas of every --json answer, made from answers, into cxroi/schemas/
	rm -f .pytest_cache/answers.jsonl; mkdir -p .pytest_cache
	CXROI_RECORD_ANSWERS=$(CURDIR)/.pytest_cache/answers.jsonl $(BIN)/python -m pytest tests/cli/test_end_to_end.py tests/export/test_json_schemas.py tests/cli/test_scenarios.py tests/pages/test_costs.py tests/pages/test_forecast.py tests/pages/test_satisfaction.py tests/view/prove/test_programme.py -k "not schema_and_none and not does_not_fit"
	$(BIN)/python -m tests.json_schemas .pytest_cache/answers.jsonl

requirements: $(BIN)/uv  ## Export requirements.txt from the lock
	$(BIN)/uv export --frozen --quiet --no-header --format requirements-txt --output-file requirements.txt

clean:  ## Remove the environment and caches
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
