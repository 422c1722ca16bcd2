.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
NPM := $(shell command -v npm || echo $(BIN)/npm)
WORKERS ?= 2
WORDS := $(patsubst %.po,%.mo,$(wildcard vestry/locale/*/LC_MESSAGES/django.po))
PYTEST := $(BIN)/python -m pytest --no-header

.PHONY: help run test check fix bench docs

help: ## Say what there is to run
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/.run node_modules/.package-lock.json $(WORDS) ## Try Vestry with an example council on http://localhost:8000 (PORT=... to change)
	@$(BIN)/vestry demo

test: .venv/.test node_modules/.package-lock.json $(WORDS) ## Everything: check, then the whole suite on SQLite and on PostgreSQL, with a real browser
	@$(BIN)/python -m tools.machine need chromium postgresql
	@$(MAKE) --no-print-directory check
	@echo "== The suite on SQLite"
	@VESTRY_TEST_DATABASE=sqlite $(PYTEST) -n $(WORKERS) --ignore tests/house
	@if $(BIN)/python -m tools.machine has postgresql; then \
		echo "== The suite on PostgreSQL"; \
		VESTRY_TEST_DATABASE=postgresql $(PYTEST) -n $(WORKERS) --ignore tests/house; \
	fi

check: .venv/.test ## The fast half: style, types, imports, the packs, and the rules of the house
	@$(BIN)/ruff check --quiet --output-format concise
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy $$($(BIN)/python -m tools.strict)
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/vestry check packs/*
	@$(BIN)/vestry reference --check
	@$(PYTEST) tests/house

fix: .venv/.test ## Mend what a tool can mend: style and layout
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format

bench: .venv/.test node_modules/.package-lock.json ## Measure: lists the benches, or runs one (BENCH=name)
	@$(BIN)/python -m bench $(BENCH)

docs: .venv/.run ## Write the reference pages anew from the code
	@$(BIN)/vestry reference

# What is installed. Each stamp is remade only when its lock or pyproject.toml has changed.

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Vestry needs Python 3.11 or newer, and '$(PYTHON)' is not. Name another one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/.run: requirements/run.lock pyproject.toml | .venv/bin/python
	@echo "Installing what Vestry runs on ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.test: requirements/test.lock .venv/.run
	@echo "Installing what Vestry is tested with ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.lock
	@touch $@

node_modules/.package-lock.json: package-lock.json | $(NPM)
	@$(NPM) ci --silent --no-fund --no-audit
	@touch $@

# Translations, made ready for gettext.
%.mo: %.po | .venv/.run
	@$(BIN)/pybabel --quiet compile -i $< -o $@

# Only where the machine has no npm of its own.
.venv/bin/npm: requirements/node.lock | .venv/bin/python
	@echo "Installing Node.js ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.lock
