# What one does with a checkout. Needs make, Python 3.11 or newer and nothing else; `make help` explains it.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST := -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder
ARGS   ?=

# Byte code is kept whatever the surroundings say: the tests start hundreds of processes, and each would compile all
# of app/ anew.
export PYTHONDONTWRITEBYTECODE :=

# An empty file says that a set of packages is installed; a changed lock is newer than it, and installs again.
RUNTIME := $(VENV)/.runtime
DEV     := $(VENV)/.dev
DOCS    := $(VENV)/.docs

# Locks hold for every platform and every Python from 3.11 on, and name no address to download from.
LOCK    := $(VENV)/lock
COMPILE := $(LOCK)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
           --no-emit-index-url --no-header $(UPGRADE)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve test check check-tools static lint contract audit openapi docs translations screenshots lock coverage soak bench wheel clean

help:  ## Explain the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  PORT=8080 make serve listens there. ARGS='-k levels' make test hands ARGS to pytest."

serve: $(RUNTIME)  ## Serve the API on PORT (8000) from var/ladder.db, made and seeded if it is not there
	@exec $(BIN)/ladder serve

test: $(DEV)  ## Run every test, on SQLite and on PostgreSQL (TEST_DATABASE_URL, else one that pip brings)
	$(BIN)/python $(PYTEST) $(ARGS)

check: static docs test  ## Run all that CI runs

check-tools: $(DEV)  ## Run generated clients, linters and office programs (needs npm, Java, Go, LibreOffice)
	$(BIN)/python -m pytest -m tools $(ARGS)

static: lint contract  ## Run what check does beside the tests
	@$(BIN)/python -m tools.audit || echo "Within check the audit only reports."

lint: $(DEV)  ## Check style, types, the import contract and the English
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.words

contract: $(DEV)  ## Compare openapi.json and seed/ladder.schema.json with the software; name what breaks clients
	$(BIN)/python -m tools.contract

audit: $(DEV)  ## Check the locked packages for known vulnerabilities
	$(BIN)/python -m tools.audit

openapi: $(DEV)  ## Record the examples, and write openapi.json and seed/ladder.schema.json anew
	$(BIN)/python -m tools.samples
	$(BIN)/ladder openapi --without-examples > openapi.json
	$(BIN)/ladder schema > seed/ladder.schema.json

docs: $(DOCS)  ## Build the documentation as a searchable site in dist/docs/, and check its links
	rm -rf dist/docs
	$(VENV)/docs/bin/sphinx-build --quiet --fail-on-warning --keep-going --conf-dir docs \
	  --doctree-dir $(VENV)/docs/doctrees . dist/docs
	$(VENV)/docs/bin/python -m tools.docs_site dist/docs

translations: $(DEV)  ## Extract the texts of the pages, and update the catalogues of their translations
	@$(BIN)/python -m tools.translations

screenshots: $(DEV)  ## Take the pictures of the explorer for README (needs Chromium)
	$(BIN)/python -m tools.screenshots

lock:  ## Lock the packages of pyproject.toml with hashes (UPGRADE=--upgrade takes the newest)
	@$(PYTHON) -m venv --clear $(LOCK) && $(LOCK)/bin/pip --disable-pip-version-check --quiet install uv
	$(COMPILE) --output-file requirements/runtime.txt pyproject.toml
	$(COMPILE) --output-file requirements/build.txt --group build --constraint requirements/runtime.txt
	$(COMPILE) --output-file requirements/dev.txt --group dev \
	  --constraint requirements/runtime.txt --constraint requirements/build.txt pyproject.toml
	$(COMPILE) --output-file requirements/clients.txt --group clients
	$(COMPILE) --output-file requirements/generators.txt --group generators
	$(COMPILE) --output-file requirements/docs.txt --group docs
	@rm -rf $(LOCK)

coverage: $(DEV)  ## Run the tests and name the lines and branches of app/ that none of them reaches
	$(BIN)/coverage erase
	$(BIN)/coverage run $(PYTEST) $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

soak: $(DEV)  ## Run the long forms of the tests (kill, soak, fuzz)
	$(BIN)/python -m pytest -m soak $(ARGS)
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest tests/rubric tests/formats tests/store -k "any or every" $(ARGS)

bench: $(DEV)  ## Measure speed beside its budgets (ARGS=--quick for rough figures); needs wrk
	@$(BIN)/python -m bench $(ARGS)

wheel: $(DEV)  ## Build the wheel and the source archive into dist/
	$(BIN)/python -m build --no-isolation

clean:  ## Remove what was made here, but never var/, where your ladders are
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not. Name one: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || { \
	  echo "'$(PYTHON)' lacks the venv module. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

$(RUNTIME): $(BIN)/python requirements/runtime.txt requirements/build.txt pyproject.toml
	@echo "Installing the locked packages into $(VENV); this is done once."
	@$(PIP) install --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): $(RUNTIME) requirements/dev.txt
	@echo "Installing the locked packages for development into $(VENV); this is done once."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# The site's generator has an environment of its own: it does not take the newest versions of what the API needs.
$(DOCS): $(BIN)/python requirements/docs.txt
	@echo "Installing the locked packages for the documentation into $(VENV)/docs; this is done once."
	@$(PYTHON) -m venv --clear $(VENV)/docs
	@$(VENV)/docs/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/docs.txt
	@touch $@
