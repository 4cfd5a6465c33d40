# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What people do every day, and what CI runs. Everything else is a session of nox: `make env`, then
# `.cache/tools/bin/nox -l` lists them. nox looks for the Pythons of the lanes by itself.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python3.14 python3.10; do \
	$$python -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && echo $$python && break; done)
TOOLS = .cache/tools
NOX = env PYTHONDONTWRITEBYTECODE= $(TOOLS)/bin/nox
RUN = env PYTHONPATH=tools:emulator/src PYTHONDONTWRITEBYTECODE= $(TOOLS)/bin/python -m harness
BIN = .nox/newest/bin
OURS = env PYTHONPATH=.cache/collections:tools:emulator/src $(BIN)/python -m

.DEFAULT_GOAL := help

.PHONY: help
help:
	@echo "Each needs Python 3.10 or newer with venv, and a package index when it runs for the first time."
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(TOOLS)/bin/nox: requirements/tools.txt
	@test -n "$(PYTHON)" || { echo "No Python of 3.10 or newer with ensurepip was found: install one" \
	  "(on Debian and Ubuntu: apt-get install python3 python3-venv), or set PYTHON."; exit 1; }
	@rm -rf $(TOOLS)
	@$(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install -qq --disable-pip-version-check --no-input -r requirements/tools.txt
	@touch $@

.PHONY: env
env: $(TOOLS)/bin/nox  ## Make .nox/newest, and nox in .cache/tools/bin; the others do it, too (30 seconds)
	@$(NOX) -s newest

.PHONY: demo
demo: env  ## Watch a playbook change priorities on three emulated clouds (20 seconds)
	@$(BIN)/python tools/demo/run.py

.PHONY: emulator
emulator: env  ## Start the emulator on a loopback port, with settings to paste (until Ctrl+C)
	@env PYTHONPATH=emulator/src $(BIN)/python -m batch_emulator

.PHONY: quick
quick: $(TOOLS)/bin/nox  ## Run unit and contract tests on the newest ansible-core, without the slow ones (two minutes)
	@$(RUN) -s quick

# The tests in a browser are skipped without it.
.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { test "$$(id -u)" = 0 \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	  } >/dev/null 2>&1 || echo "Chromium is not here and cannot be installed: its tests are skipped."

.PHONY: test
test: $(TOOLS)/bin/nox chromium  ## Run every test on the newest ansible-core; Chromium for some (half an hour)
	@$(RUN) -j 2 -t test

.PHONY: test-oldest
test-oldest: $(TOOLS)/bin/nox  ## Run on the oldest ansible-core what it can change; Python 3.10 to 3.12 (ten minutes)
	@$(RUN) -j 2 -t test-oldest

.PHONY: test-all
test-all: $(TOOLS)/bin/nox $(if $(CORE),,chromium)  ## Run on 2.16 to 2.22 what Pythons are here for (an hour), or on CORE=2.18 alone (ten minutes)
	@$(RUN) -j 2 $(if $(CORE),-s units-$(CORE) sanity-$(CORE) integration-$(CORE),-t test test-oldest all)

.PHONY: lint
lint: $(TOOLS)/bin/nox  ## Check style, types, licenses, playbooks, and roles (two minutes)
	@$(RUN) -j 2 -t lint

.PHONY: render
render: env  ## Render every page and RETURN block whose content is in the code; Chromium for pictures (ten seconds)
	@$(OURS) render

.PHONY: build
build: env  ## Write the artifact that ansible-galaxy installs (seconds)
	@$(BIN)/ansible-galaxy collection build --force

.PHONY: release
release: env  ## Do all up to the tag: VERSION=1.2.3 in a clean tree (two minutes; FULL=1 tests, ALLOW_PLACEHOLDERS=1 rehearses)
	@$(OURS) release $(if $(FULL),--full) $(if $(ALLOW_PLACEHOLDERS),--allow-placeholders) "$(VERSION)"

.PHONY: live
live: env  ## Play situations on a real cloud: PROVIDER=aws, cos, or oss; a test account (ten minutes; COSTS a fee per job)
	@$(OURS) live $(PROVIDER) $(LIVE)
