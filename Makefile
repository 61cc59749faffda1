# Two commands: `make run` opens the dashboard, `make test` runs what every change must pass. Each sets up what it needs, once.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# The first of these that is there and new enough; name another with `make run PYTHON=…`.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
            $(if $(shell $(name) -c 'import sys; print(sys.version_info >= (3, 11) or "")' 2>/dev/null),$(name))))

.PHONY: run test test-fast test-slow mutants setup spark bench lint format docs geography browser clean
.DEFAULT_GOAL := run

run: setup
	@$(BIN)/python cli.py serve

setup: $(VENV)/.installed $(VENV)/.prepared

# Tests start many Pythons, which compile everything anew where nothing compiled may be kept.
test test-fast test-slow mutants: export PYTHONDONTWRITEBYTECODE =

test: setup $(VENV)/.installed-dev browser lint
	@$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow"

# While working: no browser, no servers, no pages, nothing that takes a second or two; under two minutes.
test-fast: setup $(VENV)/.installed-dev
	@HYPOTHESIS_PROFILE=fast $(BIN)/python -m pytest -n auto --dist worksteal --quick

# Sweeps over thousands of inputs, every state of a page, and four times the made-up examples; before a release.
test-slow: setup $(VENV)/.installed-dev browser
	@HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -n auto --dist worksteal -m "slow or examples"

# Changes a line of the code at a time and looks whether a test notices; `make mutants SINCE=main` those of what changed since.
mutants: setup $(VENV)/.installed-dev
	@$(PIP) install --quiet -r requirements-mutants.txt -c constraints.txt
	@$(BIN)/python -m tests.mutants $(if $(SINCE),--since $(SINCE)) $(if $(NUMBER),--number $(NUMBER))

# What a release gives away: a seeded tenth of every attack in under twenty minutes, `make attack ALL=1` all of it.
attack: setup $(VENV)/.installed-dev
	@$(BIN)/python -m tests.publish.trial $(if $(ALL),--all)

bench: setup $(VENV)/.installed-dev
	@$(PIP) install --quiet -r requirements-bench.txt -c constraints.txt
	@$(BIN)/python -m tests.benchmarks

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

format: $(VENV)/.installed-dev
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

# Writes what the schema says into README.md and docs/WORDS.md.
docs: setup
	@$(BIN)/python -m docs.tables

# What asking a lake with Spark needs; Java 17 or newer has to be there. Nothing else needs it.
spark: setup
	@$(PIP) install --quiet -r requirements-spark.txt -c constraints.txt

# Rebuilds the bundled geography from its sources; needs R and Debian's r-cran-spdata. Nobody else does.
geography: setup
	@$(PIP) install --quiet -r requirements-geography.txt -c constraints.txt
	@$(BIN)/python -m data.geography.build

browser:
	@bash tests/browser/find_chromium.sh
	@bash tests/serving/find_proxies.sh

clean:
	rm -rf $(VENV) static/*.js static/*.css

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed. Install it, then run this command again." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Python cannot make a virtual environment. On Debian or Ubuntu: sudo apt install python3-venv" >&2; exit 1; }

$(VENV)/.installed: requirements.txt constraints.txt | $(VENV)/bin/python
	@echo "Setting up, once: this takes a minute or two."
	@$(PIP) install --quiet -r requirements.txt -c constraints.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt constraints.txt $(VENV)/.installed
	@echo "Setting up what the tests need, once."
	@$(PIP) install --quiet -r requirements-dev.txt -c constraints.txt
	@touch $@

$(VENV)/.prepared: $(VENV)/.installed $(wildcard data/bundled/*.csv data/bundled/geography/*)
	@$(BIN)/python -m data.keeping.prepare
	@touch $@
