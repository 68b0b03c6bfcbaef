# Every target works from a fresh clone and creates what it needs.
SHELL := /bin/sh
# Container images often turn Python's bytecode cache off, which makes every start compile Pulumi's SDK.
unexport PYTHONDONTWRITEBYTECODE
PYTHON ?= python3
STACK ?= dev
MINUTES ?= 30
# `official`: Pulumi's own aws and random plugins, in a folder of their own.
PLUGIN ?= emulated
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Tools with dependencies that conflict with the project's: each in an environment of its own.
TOOLS := checkov cfn-lint aws-cli site cdk
REHEARSAL = EMULATOR_PLUGIN=$(PLUGIN) $(BIN)/python -m rehearsal
FOLDER = --folder .rehearsal$(if $(filter official,$(PLUGIN)),-official)
# Each worker has a rehearsal and a database of its own; a file's tests share what it deploys. Three keep
# two cores busy, because a deployment waits for a third of its time.
PARALLEL := --numprocesses $(or $(WORKERS),3) --dist loadfile --no-loadscope-reorder --durations 10
# Compiled requirements contain no address of a package index.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help setup lock engine check format test unit docs site rehearse rehearse-package rotate policy verify new-stack rehearse-down compare-checkov compare-cfn-lint mutants bench clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1	\2/p' $(MAKEFILE_LIST) | expand -t 20

setup: $(READY) ## create the virtual environment .venv

$(READY): requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.platform == "win32" and "Windows is not supported: use WSL 2, where everything works")'
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is required; found " + sys.version.split()[0])'
	$(PYTHON) -m venv --clear $(VENV)
	@awk '/^[a-z]/ {wanted = /^uv==/} wanted' requirements-dev.txt > $(VENV)/uv.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt
	VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

lock: $(READY) ## compile requirements*.in into hashed requirements*.txt
	$(COMPILE) requirements.in --output-file requirements.txt
	$(COMPILE) requirements-dev.in --constraints requirements.txt --output-file requirements-dev.txt
	set -e; for tool in $(TOOLS); do \
		$(COMPILE) requirements-$$tool.in --output-file requirements-$$tool.txt; \
	done

engine: $(READY) ## find, download or build the Pulumi CLI (about six minutes the first time)
	$(BIN)/python -m emulator.engine

check: $(READY) ## lint, format, types, imports, dependencies, the package's schema, workflows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python -m tools.package_schema
	$(BIN)/zizmor --offline --quiet --no-progress --persona auditor .github
	.ci/actionlint $(abspath $(BIN))/shellcheck
	$(BIN)/shellcheck $(filter-out .ci/tools,$(wildcard .ci/*))

format: $(READY) ## format and auto-fix
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: check .aws-cli/.ready .site/.ready ## everything CI runs: checks, unit tests, tests on the real engine
	$(BIN)/python -m pytest $(PARALLEL)

unit: $(READY) ## tests without engine, emulated AWS and database: about a minute
	$(BIN)/python -m pytest $(PARALLEL) -m "not engine and not emulator and not database and not checkov and not site"

docs: $(READY) ## regenerate the generated files
	$(BIN)/python -m tools.reference

site: $(READY) .site/.ready ## build the documentation as a site in .site/html, and check its links
	$(BIN)/python -m tools.docs_site .site/pages
	.site/bin/python -m sphinx --fail-on-warning --keep-going --quiet .site/pages .site/html
	@echo "open .site/html/index.html"

rehearse: $(READY) ## deploy STACK (dev) to a locally emulated AWS (PLUGIN=official: by the official plugins)
	@$(REHEARSAL) up --stack $(STACK) $(FOLDER)

rehearse-package: $(READY) ## start the emulated AWS for programs that use the package
	@$(REHEARSAL) package $(FOLDER)

rotate: $(READY) ## rotate the rehearsed STACK's passwords and log in with them
	@$(REHEARSAL) rotate --stack $(STACK) $(FOLDER)

policy: $(READY) ## check the rehearsed STACK's plan with the policy pack
	@$(REHEARSAL) policy --stack $(STACK) $(FOLDER)

verify: $(READY) ## compare the deployed STACK with its declared state, in the account of AWS_PROFILE
	@$(BIN)/python -m operations verify --stack $(STACK)

new-stack: $(READY) ## add the environment NAME, a copy of the stack FROM
	@$(BIN)/python -m tools.new_stack "$(NAME)" --from "$(FROM)"

rehearse-down: $(READY) ## remove everything that rehearsals have created
	@$(REHEARSAL) down $(FOLDER)

$(TOOLS:%=.%/.ready): .%/.ready: requirements-%.txt | $(READY)
	$(PYTHON) -m venv --clear --without-pip $(@D)
	VIRTUAL_ENV=$(@D) $(BIN)/uv pip install --quiet --require-hashes -r $<
	@touch $@

compare-checkov: $(READY) .checkov/.ready ## compare the policy pack with checkov
	$(BIN)/python -m tools.compare_checkov

compare-cfn-lint: $(READY) .cfn-lint/.ready ## compare the resources with CloudFormation's schemas
	$(BIN)/python -m tools.compare_cfn_lint

mutants: $(READY) ## mutate the critical modules for MINUTES (30), continuing the last run
	$(BIN)/python -m tools.mutants --minutes $(MINUTES)
	$(BIN)/python -m tools.reference

bench: $(READY) .cdk/.ready ## measure previews, the policy pack, rotations and setups
	$(BIN)/python -m benchmarks

clean: ## remove the rehearsal, the environments and all caches
	test ! -x $(BIN)/python || $(BIN)/python -m rehearsal down
	test ! -d .rehearsal-official || $(MAKE) rehearse-down PLUGIN=official
	rm -rf $(VENV) $(TOOLS:%=.%) .bench .mutants .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
