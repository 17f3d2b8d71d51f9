# Newsmill: every command sets up what it needs; the second time that takes seconds.
SHELL := bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
# The order of the tests, the same each time; pytest prints it, and SEED=7 takes another.
SEED ?= 1
PYTEST := $(BIN)/python -m pytest --randomly-seed=$(SEED)
EXPORT := --quiet --format requirements.txt --no-emit-project --no-annotate --no-header
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false

.PHONY: help setup run demo pictures test test-kernels test-full test-faults test-scale test-operate check lint types imports bench bench-start bench-profile bench-split bench-dates bench-text bench-run-large lock clean

help:  ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: .venv/.ready  ## Make .venv from the lock, byte-compiled

# Stamps, so that an unchanged lock costs nothing.
.venv/.ready: requirements.lock bootstrap.lock pyproject.toml
	@echo "Setting up .venv (about half a minute, once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bootstrap.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@# Without byte code, importing Great Expectations takes three times as long.
	@$(BIN)/python -m compileall -q -j 0 .venv/lib flows transforms expectations warehouse > /dev/null 2>&1 || true
	@$(BIN)/newsmill warm-up
	@touch $@

# What tests, checks, and benchmarks need besides, all extras among it.
.venv/.ready-dev: .venv/.ready requirements-dev.lock
	@echo "Adding what the tests need (about half a minute, once)"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m compileall -q -j 0 .venv/lib > /dev/null 2>&1 || true
	@touch $@

run: .venv/.ready  ## Ingest seeds/ into warehouse/newsmill.duckdb and print the summary
	@$(BIN)/newsmill run

demo: .venv/.ready  ## Ingest six weeks of invented news into warehouse/demo/ and write its report
	@$(BIN)/python -m tests.demo warehouse/demo
	@$(BIN)/newsmill report --warehouse warehouse/demo/demo.duckdb -o warehouse/demo/report.html

pictures: .venv/.ready-dev  ## Take the pictures of README.md again, with the system's chromium
	@$(BIN)/python -m tests.flows.pictures
	@$(BIN)/newsmill report --warehouse warehouse/demo/demo.duckdb -o warehouse/demo/report.html
	@$(BIN)/python -m tests.demo.pictures warehouse/demo/report.html

# Measuring slows a test by two fifths, and these hardly add to the figure: most of what
# they run are processes of their own, or was measured as plain Python before.
UNMEASURED := tests/architecture tests/faults tests/flows tests/properties tests/scale

test: test-kernels  ## The whole test suite, with branch coverage
	@$(PYTEST) -n 2 --dist worksteal --cov --cov-append --cov-report=term \
	  $(addprefix --ignore=,$(UNMEASURED))
	@$(PYTEST) -n 2 --dist worksteal $(UNMEASURED)

# Hashes are meant to wrap around, which Python would warn of. Their floor is that of
# the whole suite, which adds to the figures of this part.
test-kernels: .venv/.ready-dev  ## Compiled code as plain Python, so that coverage sees it
	@NUMBA_DISABLE_JIT=1 HYPOTHESIS_PROFILE=uncompiled $(PYTEST) -n 2 --dist worksteal \
	  -m "not full and not compiled" -W "ignore:overflow encountered:RuntimeWarning" \
	  --cov --cov-report= --cov-fail-under=0 \
	  tests/unit/transforms tests/properties tests/spec/test_clean_bodies.py

test-full: .venv/.ready-dev  ## What the gate samples, whole, beside the three suites below
	@$(PYTEST) -n 2 --dist worksteal -m full --ignore tests/faults --ignore tests/flows \
	  --ignore tests/scale

test-faults: .venv/.ready-dev  ## Kill, fill, starve, and bait, in full (most of an hour)
	@$(PYTEST) -m "full or not full" tests/faults

test-operate: .venv/.ready-dev  ## The service through downtimes, crashes, and failed audits, in a browser
	@$(PYTEST) -m "full or not full" -rs tests/flows

check: lint types imports  ## Lint, types, import layers, dependencies

lint: .venv/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint --quiet warehouse/sql expectations/screens/sql
	$(BIN)/deptry .

types: .venv/.ready-dev
	$(BIN)/mypy

imports: .venv/.ready-dev
	$(BIN)/lint-imports

bench: .venv/.ready-dev  ## Measure against peers; DATA names labelled articles (JSON Lines)
	@test -n "$(DATA)" || { echo 'make bench DATA=articles.jsonl.gz'; exit 2; }
	$(BIN)/python -m tests.benchmarks.bench_run start $(DATA)
	$(BIN)/python -m tests.benchmarks.bench_run stream $(DATA)
	$(BIN)/python -m tests.benchmarks.bench_classify $(DATA)

bench-start: .venv/.ready-dev  ## Where each tenth of a second of a small run goes
	@folder=$$(mktemp -d); $(BIN)/python -m tests.benchmarks.timeline run seeds --json \
	  --warehouse $$folder/news.duckdb > /dev/null; rm -rf $$folder

bench-profile: .venv/.ready-dev  ## CPU of 200 MB by stage and function; DATA as for bench
	@test -n "$(DATA)" || { echo 'make bench-profile DATA=articles.jsonl.gz'; exit 2; }
	$(BIN)/python -m tests.benchmarks.profile_run $(DATA) --megabytes $${MEGABYTES:-200}

bench-run-large: .venv/.ready-dev  ## Time and memory of 1 GB against 100 and 200 MB
	@test -n "$(DATA)" || { echo 'make bench-run-large DATA=articles.jsonl.gz'; exit 2; }
	$(BIN)/python -m tests.benchmarks.bench_run large $(DATA)

bench-large: .venv/.ready-dev  ## Load 100,000 and 1,000,000 articles, ask all of them; DATA as for bench
	@test -n "$(DATA)" || { echo 'make bench-large DATA=articles.jsonl.gz'; exit 2; }
	$(BIN)/python -m tests.benchmarks.bench_large $(DATA)

test-scale: .venv/.ready-dev  ## Two workers, PostgreSQL as the catalogue, and what dies among them
	@$(PYTEST) -m "full or not full" -rs tests/scale tests/integration/warehouse/test_lake*.py

bench-split: .venv/.ready-dev  ## Measure the splitter held out and leaving one out; DATA names a folder
	@test -n "$(DATA)" || { echo 'make bench-split DATA=folder'; exit 2; }
	$(BIN)/python -m tests.benchmarks.measure_split $(DATA) held_out
	$(BIN)/python -m tests.benchmarks.measure_split $(DATA) leave_one_out
	$(BIN)/python -m tests.benchmarks.measure_split $(DATA) families
	$(BIN)/python -m tests.benchmarks.measure_split $(DATA) weak

bench-dates: .venv/.ready-dev  ## Date digests without date lines, held out; DATA names a folder
	@test -n "$(DATA)" || { echo 'make bench-dates DATA=folder'; exit 2; }
	$(BIN)/python -m tests.benchmarks.measure_dates $(DATA) held_out

bench-text: .venv/.ready-dev  ## Time decode, split, clean, metadata on 200 MB; DATA as for bench
	@test -n "$(DATA)" || { echo 'make bench-text DATA=articles.jsonl.gz'; exit 2; }
	$(BIN)/python -m tests.benchmarks.bench_text $(DATA) --hostile

lock: .venv/.ready-dev  ## Resolve again; the locks hold hashes and no address
	$(BIN)/uv lock --upgrade --quiet
	$(BIN)/uv export $(EXPORT) --no-default-groups --group build --output-file requirements.lock
	$(BIN)/uv export $(EXPORT) --all-groups --all-extras --output-file requirements-dev.lock

clean:  ## Remove what make made, the warehouse included
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage warehouse/newsmill.duckdb*
