# The two commands a newcomer needs: `make run` and `make test`. Everything else is for those who change the code.
# uv is put inside .venv when the machine has none, so that Python, git and make are enough.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DEMO   ?= demo
export UV_PROJECT_ENVIRONMENT := $(abspath $(VENV))
export UV_PYTHON_DOWNLOADS := never

.PHONY: help setup run test check format docs lock bench clean

help:
	@echo "make run     set up, simulate a fictional region, run every stage, compare with the planted truth"
	@echo "make test    set up, then lint, types, floors and every test"
	@echo "make check   lint, types and floors only"
	@echo "make docs    the reference pages, from the code"
	@echo "make bench   the timings behind docs/benchmarks.md"

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml uv.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"
	@$(BIN)/uv sync --quiet --frozen --inexact --python $(BIN)/python
	@touch $@

run: setup
	$(BIN)/joinedup demo $(DEMO)

test: check
	$(BIN)/pytest

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: setup
	$(BIN)/python docs/generate.py

lock: setup
	$(BIN)/uv lock

bench: setup
	$(BIN)/python -m benchmarks.main_job

clean:
	rm -rf $(VENV) $(DEMO) .mypy_cache .ruff_cache .pytest_cache .hypothesis
