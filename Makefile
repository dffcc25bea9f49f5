# Ringfence: `make setup`, `make demo`, `make test`. Needs Python 3.11 and make; the rest is fetched.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
DEMO_HOME ?= .demo
# make test COVERAGE_FLOOR= switches the floor off, for a part of the tests: make test TESTS=tests/ingest COVERAGE_FLOOR=
TESTS ?= tests
WORKERS ?= 2
COVERAGE_FLOOR ?= --cov-fail-under=90
DEMO_OPTIONS ?=
# the lock with PyTorch for `ringfence embed`, some gigabytes; make setup GNN= leaves it out
GNN ?= requirements-gnn.lock

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet
# uv fetches and unpacks side by side; it reads none of pip's settings, such as a mirror, so that pip stands behind it
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes --requirement $(1) \
	|| $(PIP) --require-hashes --requirement $(1)
LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url \
	--no-header --python-version 3.11 --python-platform x86_64-unknown-linux-gnu $(LOCK_OPTIONS)
LOCK_ALL := $(LOCK) pyproject.toml --group build
ROOMS := api configs cypher detectors gnn graph ingest tests

.PHONY: setup dev demo check test test-long test-tools lock format clean

setup: .venv/.setup ## make .venv with .venv/bin/ringfence

demo: .venv/.setup ## a small world with planted rings, through the whole pipeline, then the server
	$(BIN)/ringfence demo --home $(DEMO_HOME) $(DEMO_OPTIONS)

check: .venv/.dev ## style and types
	$(BIN)/ruff check $(ROOMS)
	$(BIN)/ruff format --check $(ROOMS)
	$(BIN)/mypy

test: test-tools check ## everything but the long tests, a real Neo4j included
	$(BIN)/coverage erase
	$(BIN)/pytest -m "not long" -n $(WORKERS) --cov --cov-report=term $(COVERAGE_FLOOR) $(TESTS)

test-long: test-tools .venv/.dev ## tests of more than a few minutes: kills at random moments, large worlds
	$(BIN)/pytest -m long $(TESTS)

test-tools: ## what tests need from the system: Java, Maven, Chromium
	@./tests/install_tools.sh

dev: .venv/.dev ## what tests need from PyPI

lock: .venv/.dev ## write the locks anew; LOCK_OPTIONS=--upgrade takes newer versions
	$(LOCK) --group pyproject.toml:install --output-file requirements-install.lock
	$(LOCK_ALL) --output-file requirements.lock
	$(LOCK_ALL) --constraints requirements.lock --extra gnn --output-file requirements-gnn.lock
	$(LOCK_ALL) --constraints requirements.lock --extra dev --output-file requirements-dev.lock

format: .venv/.dev
	$(BIN)/ruff check --fix $(ROOMS)
	$(BIN)/ruff format $(ROOMS)

clean: ## caches and reports; .venv, .demo and .cache/neo4j stay
	rm -rf build dist htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.venv/.python: requirements-install.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' \
		|| { echo "Ringfence needs Python 3.11 or 3.12; name one: make $(MAKECMDGOALS) PYTHON=python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip
	@$(PIP) --require-hashes --requirement requirements-install.lock
	@touch $@

.venv/.setup: .venv/.python requirements.lock $(GNN) pyproject.toml
	@echo "Installing into .venv what requirements.lock names; this takes a minute or two"
	@$(call INSTALL,requirements.lock)
	@$(if $(GNN),$(call INSTALL,$(GNN)))
	@$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@touch $@
	@echo "Ready: $(BIN)/ringfence --help, or make demo"

.venv/.dev: .venv/.setup requirements-dev.lock
	@echo "Installing what tests need"
	@$(call INSTALL,requirements-dev.lock)
	@touch $@
