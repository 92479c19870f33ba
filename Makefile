# Everything that is done with this project. Needs Python 3.13, git and make; all else is installed by the targets.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.SILENT:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory
.NOTPARALLEL:

export UV_PYTHON_DOWNLOADS := never
export SAM_CLI_TELEMETRY := 0

# This machine's processor; `make build ARCHITECTURE=arm64` builds for AWS.
ARCHITECTURE ?= $(patsubst amd64,x86_64,$(patsubst aarch64,arm64,$(shell uname -m)))
LOCAL_DIR ?= .local
export LOCAL_DIR

PYTHON := .venv/bin/python
UV := .venv/bin/uv
# No AWS profile or region of the caller's is ever looked at: nothing here speaks to AWS.
SAM := env -u AWS_PROFILE AWS_DEFAULT_REGION=us-east-1 .venv-tools/bin/sam
BUILD := .aws-sam/$(ARCHITECTURE)
PYTHON_FOLDERS := layers/passwordless/python functions local tools tests bench docs/openapi

help: ## say what can be done (default)
	awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

doctor: ## check this machine: what is missing, and how to get it
	for python in python3.13 python3 python; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2> /dev/null; then exec $$python -I local/doctor.py; fi; \
	done; echo "No Python was found. It needs 3.13: apt-get install python3.13 python3.13-venv, or brew install python@3.13" >&2; exit 1

# ---------------------------------------------------------------- what is installed

install: .venv/installed .venv-tools/installed .venv-ministack/installed local/auth0/node_modules/installed tests/oracles/node_modules/installed ## install everything

.venv/installed: .python-version requirements/uv.txt requirements/dev.txt
	echo "Installing Python packages"
	test -x $(PYTHON) || python3.13 -m venv .venv
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(UV) pip install --quiet --python $(PYTHON) --require-hashes -r requirements/dev.txt
	touch $@

.venv-tools/installed: requirements/tools.txt .venv/installed
.venv-ministack/installed: requirements/ministack.txt .venv/installed
.venv-tools/installed .venv-ministack/installed:
	echo "Installing $(basename $(notdir $<))"
	$(UV) venv --quiet --allow-existing --python $(PYTHON) $(@D)
	$(UV) pip install --quiet --python $(@D)/bin/python --require-hashes -r $<
	touch $@

local/auth0/node_modules/installed: local/auth0/package-lock.json .venv/installed
tests/oracles/node_modules/installed: tests/oracles/package-lock.json .venv/installed
local/auth0/node_modules/installed tests/oracles/node_modules/installed:
	echo "Installing npm packages of $(patsubst %/node_modules/,%,$(dir $@))"
	cd $(patsubst %/node_modules/,%,$(dir $@)) && \
		PATH="$(CURDIR)/.venv/bin:$$PATH" npm ci --ignore-scripts --no-audit --no-fund --silent
	touch $@

# ---------------------------------------------------------------- build

build: $(BUILD).built ## build layers and functions for this machine (ARCHITECTURE=arm64: for AWS)

$(BUILD).built: $(BUILD).inputs .venv-tools/installed
	echo "Building for $(ARCHITECTURE)"
	LAYER_ARCHITECTURE=$(ARCHITECTURE) $(SAM) build --parallel --build-dir $(BUILD) \
		--parameter-overrides Architecture=$(ARCHITECTURE) > $(BUILD).log 2>&1 || { cat $(BUILD).log >&2; exit 1; }
	touch $@

# Changes only when an input of the build does, so that neither a checkout nor an edit elsewhere builds anew.
$(BUILD).inputs: .FORCE
	mkdir -p $(@D)
	find template.yaml requirements.txt functions layers -type f ! -path '*/__pycache__/*' -print0 \
		| LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum > $@.new
	if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# ---------------------------------------------------------------- the local stack

run: install build ## bring the stack up, perform a first login, stay up
	$(PYTHON) -m local.run

up: install build ## bring the stack up and leave it running
	$(PYTHON) -m local.commands up

down: ## end the stack
	if test -x $(PYTHON); then $(PYTHON) -m local.commands down; fi

# ---------------------------------------------------------------- checks

format: .venv/installed ## format the code
	.venv/bin/ruff format $(PYTHON_FOLDERS)
	.venv/bin/ruff check --fix-only --quiet $(PYTHON_FOLDERS)

lint: .venv/installed ## check format and rules
	.venv/bin/ruff format --check $(PYTHON_FOLDERS)
	.venv/bin/ruff check $(PYTHON_FOLDERS)

types: .venv/installed ## check types
	.venv/bin/mypy

imports: .venv/installed ## check who imports whom
	PYTHONPATH=layers/passwordless/python:. .venv/bin/lint-imports

template: .venv-tools/installed ## check the templates
	.venv-tools/bin/cfn-lint template.yaml edge.yaml
	$(SAM) validate --lint --template-file template.yaml

check: lint types imports template ## all static checks

# ---------------------------------------------------------------- tests

PYTEST := .venv/bin/pytest
# Two processes share the tests, each with an emulator of its own; a file whose tests share a fixture stays in one.
UNITS := $(PYTEST) -n 2 --dist worksteal
FILES := $(PYTEST) -n 2 --dist loadfile

unit: install ## unit tests
	$(UNITS) tests/unit

integration: install build ## tests against the local stack
	$(FILES) tests/integration

threats: install build ## attacks against the local stack, named after the security rules
	$(FILES) tests/threats

e2e: install build ## logins in a browser
	$(PYTEST) tests/e2e

conformance: install ## what a SAML identity provider owes, row by row; writes docs/conformance.md
	PYTHONPATH=layers/passwordless/python:. $(PYTHON) -m tests.conformance.report

openapi: .venv/installed ## write docs/openapi.json and its page; a unit test fails while they are older than the code
	PYTHONPATH=layers/passwordless/python:. $(PYTHON) -m docs.openapi.write

bench: .venv/installed .venv-ministack/installed ## what messages, codes, proofs and Connect cost, and how a login is polled
	for name in saml phone polling connect; do PYTHONPATH=layers/passwordless/python:. $(PYTHON) -m bench.$$name; done

ledger: .venv/installed ## compare the ledger of signatures with CloudTrail: make ledger ARGS="--stack … --from … --to …"
	PYTHONPATH=layers/passwordless/python:. $(PYTHON) -m tools.ledger $(ARGS)

# What a person waits for is measured here, so that nothing else may run beside it.
TIMED := tests/e2e/test_time_to_profile.py

# The session fixtures bring stacks up and end them, also on failure.
test: check unit install build ## everything: static checks, unit, integration, threats, browser
	$(FILES) tests/conformance tests/integration tests/threats
	$(FILES) tests/e2e --ignore $(TIMED)
	$(PYTEST) $(TIMED)

# ---------------------------------------------------------------- housekeeping

COMPILE := $(UV) pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header --no-annotate

lock: .venv/installed ## resolve requirements anew, with hashes
	$(COMPILE) --upgrade requirements.in -o requirements.txt
	for name in uv dev tools ministack; do $(COMPILE) --upgrade requirements/$$name.in -o requirements/$$name.txt; done

clean: down ## remove builds, stacks and caches; keep what is installed
	for name in test test-gw0 test-gw1; do LOCAL_DIR=.local/$$name $(MAKE) down; done
	rm -rf .aws-sam .local test-artefacts .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -path './.venv*' -prune -o -path '*/node_modules' -prune -o -type d -name __pycache__ -print0 | xargs -0 rm -rf

.FORCE:
.PHONY: help doctor install build run up down format lint types imports template check unit integration threats e2e conformance openapi bench ledger test lock clean .FORCE
