# Everything starts here: `make demo`. Each target first makes or refreshes .venv.
SHELL := /bin/sh
PYTHON ?=
# What was compiled is kept: without it every process compiles the product, and the tests, anew.
export PYTHONDONTWRITEBYTECODE :=
VENV := .venv
RUN := $(VENV)/bin/python
LOCK := --universal --python-version 3.12 --generate-hashes --no-emit-index-url --quiet \
	--custom-compile-command "make lock"
PACKAGES := accounts mapping trust syncapp tests manage.py

.PHONY: help setup demo test check format bench lock

help:
	@echo "make setup   make .venv with all that is needed (PYTHON=... names the Python)"
	@echo "make demo    everything on this machine, with a seeded firm; prints address and sign-ins"
	@echo "make test    all tests, browser tests included (ARGS=... goes to pytest)"
	@echo "make check   lint, format, types, contracts, templates, migrations, house rules"
	@echo "make bench   benchmarks"
	@echo "make lock    write requirements/*.txt again"

setup:
	@PYTHON="$(PYTHON)" sh syncapp/local/setup.sh

demo: setup
	@TIEOUT_TIED=1 exec $(RUN) -m syncapp.local.demo $(ARGS)

test: setup
	@TIEOUT_TIED=1 exec $(RUN) -m pytest -n 3 --no-loadscope-reorder $(ARGS)

check: setup
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy $(PACKAGES)
	PYTHONPATH=. $(VENV)/bin/lint-imports --no-cache
	$(VENV)/bin/djlint templates --lint --quiet
	$(RUN) manage.py makemigrations --check --dry-run
	$(RUN) -m pytest -q tests/house

format: setup
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

bench: setup
	@TIEOUT_TIED=1 exec $(RUN) -m tests.bench $(ARGS)

lock: setup
	$(VENV)/bin/uv pip compile $(LOCK) --python $(RUN) requirements/base.in -o requirements/base.txt
	$(VENV)/bin/uv pip compile $(LOCK) --python $(RUN) requirements/dev.in -o requirements/dev.txt
