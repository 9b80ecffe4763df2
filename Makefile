# One word per chore; `make` alone prints them. Everything lives in .venv; nothing else is touched.

SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
SERVE ?= 1
FULL ?= 0
BIN := .venv/bin
# A module's tests stay together, so that what they share is made once.
TWO := -n 2 --dist loadfile --no-loadscope-reorder
PIP := $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt

.DEFAULT_GOAL := help
.PHONY: help setup demo run test check audit fix bench drill docs surface messages screens \
	new-predicate new-control new-reader

help: ## print these words
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

# One stamp per set of extras, so that the demo does not wait for the developers' tools.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Voltrail needs Python 3.11 or newer. Run: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/stamp-server: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) -e '.[server]'
	@touch $@

.venv/stamp-dev: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) -e '.[server,dev,proofs,sigstore,labels,hardware]'
	@touch $@ .venv/stamp-server

setup: .venv/stamp-dev ## make .venv with everything a developer needs

demo: .venv/stamp-server ## play the invented supply chain, then serve it on PORT (SERVE=0: only play)
	SERVE=$(SERVE) PORT=$(PORT) $(BIN)/python -m voltrail_world.demo

run: .venv/stamp-server ## serve what is in var/ on PORT
	$(BIN)/voltrail serve --port $(PORT)

test: .venv/stamp-dev ## run the tests, two at a time
	$(BIN)/python -m pytest -q $(TWO) -m "not drill"

check: .venv/stamp-dev ## format, lint, types, imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

audit: .venv/stamp-dev ## ask about known weaknesses of every pinned package
	$(BIN)/python tools/audit.py

fix: .venv/stamp-dev ## format, and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/stamp-dev ## run each claim of speed against its bound (FULL=1: the long ones)
	@set -e; for file in benchmarks/bench_*.py; do \
		test -e "$$file" || { echo "No benchmark is written yet."; break; }; \
		echo "$$file"; FULL=$(FULL) $(BIN)/python "$$file"; done

drill: .venv/stamp-dev ## full counts of forks, replays, kills and corpora
	VOLTRAIL_DRILL=1 $(BIN)/python -m pytest -q $(TWO) -m "drill or corpus"

docs: .venv/stamp-dev ## check that the documents tell the truth
	$(BIN)/python -m pytest -q tests/house/test_readme.py tests/house/test_words.py \
		tests/house/test_errors.py tests/house/test_predicates.py

surface: .venv/stamp-dev ## write the lists made from the code anew: public names, predicates
	VOLTRAIL_UPDATE_SURFACE=1 $(BIN)/python -m pytest -q tests/house/test_surface.py \
		tests/house/test_predicates.py tests/house/test_anomalies.py
	@-git diff --stat -- tests/house/surface.txt docs/reference/predicates.md \
		docs/reference/anomalies.md

messages: .venv/stamp-dev ## collect every text that people read into the catalogues
	$(BIN)/python tools/messages.py

screens: .venv/stamp-server ## play the demo and photograph every page into var/screens
	PYTHONPATH=tests $(BIN)/python tools/screens.py

new-predicate: .venv/bin/python ## write a new kind of statement: NAME=recall
	@$(BIN)/python tools/scaffold.py predicate "$(NAME)"

new-control: .venv/bin/python ## write a new control family: NAME=recall
	@$(BIN)/python tools/scaffold.py control "$(NAME)"

new-reader: .venv/bin/python ## write a new reader of a foreign format: NAME=un383
	@$(BIN)/python tools/scaffold.py reader "$(NAME)"
