# Everything runs in .venv, installed from requirements.lock with checked hashes.
# `make PYTHON=python3.12 setup` chooses another interpreter.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test check real bench pictures mlflow-ui lock clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.installed  ## create .venv from requirements.lock (again only when it changes)

demo: setup  ## train, score and explain on a simulated company
	@$(BIN)/predictive-scoring demo

test: setup  ## run the tests
	@echo "==> tests"
	@$(BIN)/python -m pytest

check: setup  ## lint, formatting, types, layers
	@echo "==> ruff check"
	@$(BIN)/ruff check .
	@echo "==> ruff format --check"
	@$(BIN)/ruff format --check .
	@echo "==> mypy (strict)"
	@$(BIN)/mypy
	@echo "==> import-linter"
	@$(BIN)/lint-imports

real: setup  ## measure on the real data sets beside the checkout (../shared/data)
	@$(BIN)/python benchmarks/real.py

bench: setup  ## measure speed and memory
	@$(BIN)/python benchmarks/run.py

pictures: setup  ## draw docs/images anew from the demo's results (needs chromium)
	@$(BIN)/python benchmarks/pictures.py

mlflow-ui: setup  ## browse the local model registry on 127.0.0.1:5000
	@MLFLOW_DISABLE_TELEMETRY=true $(BIN)/mlflow ui --host 127.0.0.1 --port 5000 \
		--backend-store-uri sqlite:///models/mlflow.db

lock: $(VENV)/.locked  ## recompute requirements.lock (LOCK_FLAGS=--upgrade moves the versions)
	@echo "==> requirements.lock"
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--fork-strategy fewest --generate-hashes --no-header --quiet $(LOCK_FLAGS) \
		--output-file requirements.lock

clean:  ## remove .venv and caches (models/ stays)
	@rm -rf $(VENV) build dist src/*.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A changed lock starts from an empty environment: what left the lock must leave the environment.
$(VENV)/.locked: requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo "No '$(PYTHON)' found. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python setup" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "'$(PYTHON)' is `$(PYTHON) --version 2>&1`, but 3.11 or newer is needed. Name another: make PYTHON=python3.12 setup" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "'$(PYTHON)' comes without venv or pip. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "==> [1/3] environment in $(VENV) (`$(PYTHON) --version 2>&1`)"
	@$(PYTHON) -m venv --clear $(VENV)
	@echo "==> [2/3] packages of requirements.lock (the first time 380 MB to fetch: 1 to 4 minutes)"
	@$(PIP) install --no-compile --no-deps --only-binary :all: --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed: $(VENV)/.locked pyproject.toml
	@echo "==> [3/3] predictive-scoring itself"
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(PIP) check >/dev/null || { $(PIP) check; exit 1; }
	@$(BIN)/python -c 'import lightgbm' || { echo "LightGBM does not load; it needs the OpenMP library. Debian, Ubuntu: apt-get install libgomp1. macOS: brew install libomp" >&2; exit 1; }
	@touch $@
