# Everything a developer runs; .ci/run runs the same targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile

.PHONY: demo serve test lint format bench neo4j train lock clean help

help: ## say what the targets do
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/serve.stamp ## the demo city: install, load, plan, serve the API and the page
	@$(BIN)/citygraph demo

serve: $(VENV)/serve.stamp ## serve what is in the graph
	@$(BIN)/citygraph serve

test: $(VENV)/dev.stamp ## install what tests need and run them all
	@$(BIN)/python -m pytest

lint: $(VENV)/dev.stamp ## style, types, the direction of imports, the container files
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright
	@$(BIN)/lint-imports
	@$(BIN)/yamllint -s .
	@$(BIN)/hadolint Dockerfile
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec compose.yaml

format: $(VENV)/dev.stamp ## put the code in the house's format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/dev.stamp ## print the targets beside what this machine does
	@$(BIN)/python -m benchmarks

neo4j: $(VENV)/serve.stamp ## a real Neo4j with Neo4j Browser (needs a JDK 17 and Maven)
	@$(BIN)/python tools/neo4j.py run

train: $(VENV)/train.stamp ## fine-tune both classifiers: make train BASE_ZH=… BASE_EN=… (hub ids or folders)
	@$(BIN)/citygraph train classifier --language zh $(if $(BASE_ZH),--base $(BASE_ZH))
	@$(BIN)/citygraph train classifier --language en $(if $(BASE_EN),--base $(BASE_EN))

lock: ## bring requirements.lock up to date with pyproject.toml
	@rm -rf build/lock && $(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip install --quiet --disable-pip-version-check -e '.[dev,train]'
	@{ head -n 1 requirements.lock; build/lock/bin/python -m pip freeze --exclude-editable; } > build/lock/requirements.lock
	@mv build/lock/requirements.lock requirements.lock

clean: ## remove the environment and the demo's data
	rm -rf $(VENV) var build

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "citygraph needs Python 3.11 or newer; set PYTHON=…")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/serve.stamp: $(VENV)/bin/python pyproject.toml requirements.lock
	@echo "installing …"
	@$(INSTALL) --constraint requirements.lock --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/serve.stamp
	@$(INSTALL) --constraint requirements.lock --editable '.[dev]'
	@touch $@

$(VENV)/train.stamp: $(VENV)/serve.stamp
	@$(INSTALL) --constraint requirements.lock --editable '.[train]'
	@touch $@
