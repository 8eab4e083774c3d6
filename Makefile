.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# One thread for each product of matrices: more of them only get in each other's way.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
RUN_STAMP := $(VENV)/.run-$(shell cksum < requirements.lock | cut -d' ' -f1)
DEV_STAMP := $(VENV)/.dev-$(shell cksum < requirements-dev.lock | cut -d' ' -f1)

help: ## list what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(RUN_STAMP): requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

$(DEV_STAMP): requirements-dev.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

run: $(RUN_STAMP) ## start the sample town on SQLite with a web chat at http://127.0.0.1:8080/chat
	DEMO=on WEBCHAT=on $(BIN)/python -m bot serve

test: $(DEV_STAMP) ## every test, on SQLite and on PostgreSQL
	$(BIN)/python -m pytest

check: $(DEV_STAMP) ## linters, types and the content of the sample town
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m bot faq check

bench: $(DEV_STAMP) ## answers beside rapidfuzz, and messages per second beside a plain bot, in the same run
	$(BIN)/python -m tests.bench $(ARGS)

lock: $(DEV_STAMP) ## write the lock files anew from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-header --no-annotate --extra s3 -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-header --no-annotate --extra dev --extra s3 -o requirements-dev.lock

docs: $(DEV_STAMP) ## write the tables of the documentation that are made from the code
	$(BIN)/python -m tests.tools.write_docs

.PHONY: help run test check bench lock docs
