# Everything a user or a maintainer runs. `make help` lists the targets.

ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

# The first of these that is a supported Python.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
	if $$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	2>/dev/null; then echo $$name; break; fi; done)

# Read by the commands from the environment, so that blanks and quotes in a path need
# no escaping here.
# As they were given: make would expand a $ in them.
override TRANSACTIONS := $(value TRANSACTIONS)
override CUSTOMER_ATTRIBUTES := $(value CUSTOMER_ATTRIBUTES)
override CUSTOMER_EVENTS := $(value CUSTOMER_EVENTS)
override VARS := $(value VARS)
export TRANSACTIONS CUSTOMER_ATTRIBUTES CUSTOMER_EVENTS VARS
export DBT_PROFILES_DIR := $(CURDIR)

.PHONY: help build score watch publish dashboard report notebooks tone pictures test lint judge docs \
	sample graph bench clean

help:  ## list all targets
	@grep -E '^[a-z]+:.*##' $(firstword $(MAKEFILE_LIST)) | \
	awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'
	@echo "  settings: TRANSACTIONS=path CUSTOMER_ATTRIBUTES=path CUSTOMER_EVENTS=path VARS='{as_of_date: 2011-06-01}'"

build: .venv/runtime-installed  ## build all tables from the sample, or from TRANSACTIONS=path
	@$(BIN)/customer-analytics build

score: .venv/runtime-installed  ## bring all scores up to date with new orders, by what is learned
	@$(BIN)/customer-analytics score

watch: .venv/runtime-installed  ## score whenever order files come or change (TRANSACTIONS='orders/*.csv'; stop: Ctrl-C)
	@$(BIN)/customer-analytics watch

publish: .venv/runtime-installed  ## publish the tables of the last `dbt build`
	@$(BIN)/customer-analytics publish

dashboard: .venv/dashboard-installed  ## open the published tables as a web page (stop: Ctrl-C)
	@$(BIN)/customer-analytics dashboard

report: .venv/report-installed  ## write warehouse/report.html and its charts as SVG and PNG
	@$(BIN)/customer-analytics report

notebooks: .venv/notebooks-installed  ## run the notebooks and write them to warehouse/notebooks
	@$(BIN)/customer-analytics notebooks

tone: .venv/tone-installed  ## give the words of events a tone from the next build on (English)

pictures: .venv/dev-installed  ## take the README's pictures of the dashboard (needs Chromium)
	@$(BIN)/python docs/pictures/take.py

# One process per core; what the tests of a file share is made once.
test: .venv/dev-installed  ## run every test
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: .venv/dev-installed  ## check the style of Python and SQL
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint models analyses tests/dbt

docs: .venv/runtime-installed  ## build the dbt documentation site in target/
	$(BIN)/dbt docs generate

# In an environment of their own, since dbt-bouncer wants another DuckDB.
judge: docs .venv/judge/installed  ## let dbt-score and dbt-bouncer judge the project, once built
	.venv/judge/$(notdir $(BIN))/dbt-score lint --manifest target/manifest.json --show failing-items
	.venv/judge/$(notdir $(BIN))/dbt-bouncer run --config-file dbt-bouncer.yml

sample: .venv/runtime-installed  ## write the bundled sample anew
	@$(BIN)/customer-analytics sample data

graph: .venv/runtime-installed  ## write the published networks as GraphML for Gephi and the like
	@$(BIN)/customer-analytics graph

bench: .venv/dev-installed  ## measure speed and memory (see benchmarks/)
	$(BIN)/python -m benchmarks

clean:  ## remove everything that was built, the environment included
	rm -rf .venv target logs warehouse

.venv/bin/python .venv/Scripts/python.exe:
	@test -n "$(PYTHON)" || { echo "error: no Python 3.11, 3.12 or 3.13 found; \
	name one with PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv .venv

# What is said before it is installed: measured on two busy cores, with packages near by.
ADDS_runtime := what a build needs (520 MB, about two minutes)
ADDS_dashboard := what the dashboard needs besides (Streamlit; 380 MB, about a minute)
ADDS_report := what the report needs besides (Altair; 95 MB, under a minute)
ADDS_notebooks := what notebooks need besides (Jupyter; 200 MB, about a minute)
ADDS_dev := what tests and linters need besides (all of the above; some minutes)
installing = @echo "First use: installing $(ADDS_$(1)) into .venv. Later this is skipped."

.venv/runtime-installed: requirements.lock pyproject.toml | $(BIN)/python$(if $(filter Windows_NT,$(OS)),.exe)
	$(call installing,runtime)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/judge/installed: requirements-judge.lock | .venv/runtime-installed
	@echo "First use: installing what judges need into .venv/judge. Later this is skipped."
	$(BIN)/python -m venv .venv/judge
	@.venv/judge/$(notdir $(BIN))/python -m pip install --quiet --require-hashes -r $<
	@touch $@

.venv/%-installed: requirements-%.lock .venv/runtime-installed
	$(call installing,$*)
	@$(BIN)/python -m pip install --quiet --require-hashes -r $<
	@touch $@
