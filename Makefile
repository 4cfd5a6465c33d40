# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Everyday commands, and the commands of CI. All other commands are sessions of nox. Run `make env`, and then
# `.cache/tools/bin/nox -l` to list them. nox finds the Python versions of the lanes automatically.
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
	@echo "Requirements: Python 3.11 or later with venv, and access to a package index for the first run."
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(TOOLS)/bin/nox: requirements/tools.txt
	@test -n "$(PYTHON)" || { echo "No Python 3.10 or later with ensurepip found. Install it" \
	  "(Debian and Ubuntu: apt-get install python3 python3-venv), or set PYTHON."; exit 1; }
	@rm -rf $(TOOLS)
	@$(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install -qq --disable-pip-version-check --no-input -r requirements/tools.txt
	@touch $@

.PHONY: env
env: $(TOOLS)/bin/nox  ## Create .nox/newest and install nox; the other commands do this, too (30 seconds)
	@$(NOX) -s newest

.PHONY: demo
demo: env  ## Show a playbook that changes priorities on three emulated providers (20 seconds; the first run takes one minute)
	@$(BIN)/python tools/demo/run.py

.PHONY: emulator
emulator: env  ## Start the emulator on a loopback port, and print settings to paste (until Ctrl+C)
	@env PYTHONPATH=emulator/src $(BIN)/python -m batch_emulator

.PHONY: quick
quick: $(TOOLS)/bin/nox  ## Run the fast unit and contract tests on the newest ansible-core (two minutes)
	@$(RUN) -s quick

# Without Chromium, the browser tests are skipped.
.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { test "$$(id -u)" = 0 \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	  } >/dev/null 2>&1 || echo "Chromium is not installed and cannot be installed. The browser tests are skipped."

.PHONY: test
test: $(TOOLS)/bin/nox chromium  ## Run all tests on the newest ansible-core; some need Chromium (half an hour)
	@$(RUN) -j 2 -t test

.PHONY: test-oldest
test-oldest: $(TOOLS)/bin/nox  ## Run the tests that depend on ansible-core on the oldest one; Python 3.10 to 3.12 (ten minutes)
	@$(RUN) -j 2 -t test-oldest

.PHONY: test-all
test-all: $(TOOLS)/bin/nox $(if $(CORE),,chromium)  ## Run the tests on 2.16 to 2.22 (an hour), or only on CORE=2.18 (ten minutes)
	@$(RUN) -j 2 $(if $(CORE),-s units-$(CORE) sanity-$(CORE) integration-$(CORE),-t test test-oldest all)

.PHONY: lint
lint: $(TOOLS)/bin/nox  ## Check style, spelling, words, types, licenses, playbooks, and roles (two minutes)
	@$(RUN) -j 2 -t lint

.PHONY: render
render: env  ## Write every page and RETURN block that is made from the code (ten seconds)
	@$(OURS) render

.PHONY: build
build: env  ## Build the artifact that ansible-galaxy installs (seconds)
	@$(BIN)/ansible-galaxy collection build --force

.PHONY: release
release: env  ## Create a release up to the tag: VERSION=1.2.3 (two minutes; FULL=1 also tests, ALLOW_PLACEHOLDERS=1 is a rehearsal)
	@$(OURS) release $(if $(FULL),--full) $(if $(ALLOW_PLACEHOLDERS),--allow-placeholders) "$(VERSION)"

.PHONY: live
live: env  ## Compare your test account with the emulator: PROVIDER=aws, cos, or oss (ten minutes; COSTS a fee per job)
	@$(OURS) live $(PROVIDER) $(LIVE)
