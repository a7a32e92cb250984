# `make` lists the targets. Everything they need is in .venv, which they make themselves.

PYTHON ?= python3
UV_VERSION := 0.13.9

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
CODE := $(wildcard bot adapters tests benchmarks)

# What is imported by many processes is compiled once.
unexport PYTHONDONTWRITEBYTECODE

# The vendors' schemas, where they are at hand: cards and manifests are checked against them too.
ifneq ($(wildcard ../shared/schemas),)
export THROUGHLINE_SCHEMAS ?= $(abspath ../shared/schemas)
endif

# Stamps: what has been installed completely. Each is newer than the file it was made from.
HOME_STAMP := $(VENV)/.made-in
RUNTIME := $(VENV)/.runtime
PROJECT := $(VENV)/.project
DEV := $(VENV)/.dev
# There while packages are being installed, with the number of the make that does it. If that make is
# gone, it was interrupted, and a package may be half there.
UNFINISHED := $(VENV)/.unfinished

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run test lint format bench eval soak screenshots nine-months lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

install: $(PROJECT) ## make .venv with the locked dependencies and the project

run: $(PROJECT) ## start everything in one process on SQLite (ARGS="--port 8080")
	@exec $(VENV)/bin/throughline serve $(ARGS)

test: $(DEV) ## the whole test suite (ARGS="tests/test_x.py -k name")
	@$(PY) -m pytest $(ARGS)

lint: $(DEV) ## format check, lint, types
	$(PY) -m ruff format --check $(CODE)
	$(PY) -m ruff check $(CODE)
	$(PY) -m mypy $(CODE)

format: $(DEV) ## format, and mend what the linter can mend by itself
	$(PY) -m ruff check --fix-only $(CODE)
	$(PY) -m ruff format $(CODE)

bench: $(DEV) ## every benchmark, each beside what it is compared with
	@$(PY) -m benchmarks

eval: $(DEV) ## quality of answers on evaluation sets (SETS=DIR)
	@$(PY) -m benchmarks.evaluate $(SETS)

soak: $(DEV) ## long kill, fault and adversary runs
	@$(PY) -m pytest -m soak -n 0 $(ARGS)

nine-months: $(DEV) ## the calendar of nine months in docs anew (minutes)
	@$(PY) -m tests.nine_months

screenshots: $(DEV) ## the pictures in docs/pictures anew, with this machine's Chromium
	@$(PY) -m tests.browser.screenshots

# A lock's pins stay as they are where pyproject.toml still allows them; ARGS=--upgrade renews them all.
LOCK = .venv-lock/bin/uv --no-config pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	--group build $(ARGS)
lock: ## write both lock files anew from pyproject.toml (ARGS=--upgrade)
	$(call need_python)
	@test -x .venv-lock/bin/uv || $(PYTHON) -m venv --clear .venv-lock
	@.venv-lock/bin/python -m pip --disable-pip-version-check --quiet install uv==$(UV_VERSION)
	$(LOCK) pyproject.toml --output-file requirements.lock
	$(LOCK) --extra dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock

clean: ## remove environments, caches and builds; var/ (the bot's memory) stays
	rm -rf $(VENV) .venv-lock build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the environment ---

define need_python
	@command -v "$(PYTHON)" > /dev/null || { \
		echo "make: no '$(PYTHON)' here; install Python 3.11 or newer, or name one: make PYTHON=/path/to/python" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "make: '$(PYTHON)' is $$("$(PYTHON)" -V 2>&1), 3.11 or newer is needed; name one: make PYTHON=/path/to/python" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2> /dev/null || { \
		echo "make: '$(PYTHON)' has no venv module; install it (on Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }
endef

# An environment made in another folder (a copied tree), without its Python (an upgraded system) or
# left unfinished is made anew.
ifneq ($(shell test -x $(PY) && { test ! -e $(UNFINISHED) || kill -0 $$(cat $(UNFINISHED)); } 2> /dev/null && cat $(HOME_STAMP) 2> /dev/null),$(CURDIR))
.PHONY: $(HOME_STAMP)
endif

$(HOME_STAMP):
	$(call need_python)
	@"$(PYTHON)" -m venv --clear $(VENV)
	@echo "$(CURDIR)" > $@

$(RUNTIME): requirements.lock $(HOME_STAMP)
	@echo "Installing what Throughline needs into $(VENV) (about a minute) ..."
	@echo $$PPID > $(UNFINISHED)
	@$(PIP) install --no-deps --require-hashes -r requirements.lock
	@rm -f $(UNFINISHED)
	@touch $@

$(PROJECT): pyproject.toml $(RUNTIME)
	@$(PIP) install --no-deps --no-index --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME) | $(PROJECT)
	@echo "Installing what its tests need into $(VENV) ..."
	@echo $$PPID > $(UNFINISHED)
	@$(PIP) install --no-deps --require-hashes -r requirements-dev.lock
	@rm -f $(UNFINISHED)
	@touch $@
