# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Starts nox, which looks for the Pythons of the lanes by itself.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python3.14 python3.10; do \
	$$python -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && echo $$python && break; done)
TOOLS = .cache/tools
NOX = env PYTHONDONTWRITEBYTECODE= $(TOOLS)/bin/nox
RUN = env PYTHONPATH=tools:emulator/src PYTHONDONTWRITEBYTECODE= $(TOOLS)/bin/python -m harness
BIN = .nox/newest/bin
OURS = env PYTHONPATH=.cache/collections:tools:emulator/src $(BIN)/python -m

.DEFAULT_GOAL := help

.PHONY: help
help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(TOOLS)/bin/nox: requirements/tools.txt
	@test -n "$(PYTHON)" || { echo "No Python of 3.10 or newer with ensurepip was found: install one" \
	  "(on Debian and Ubuntu: apt-get install python3 python3-venv), or set PYTHON."; exit 1; }
	@rm -rf $(TOOLS)
	@$(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install -qq --disable-pip-version-check --no-input -r requirements/tools.txt
	@touch $@

.PHONY: env
env: $(TOOLS)/bin/nox  ## Make the environment .nox/newest (done by the other targets, too)
	@$(NOX) -s newest

.PHONY: demo
demo: env  ## Watch a playbook change priorities on three emulated clouds
	@$(BIN)/python tools/demo/run.py

.PHONY: emulator
emulator: env  ## Start the emulator on a loopback port, with settings to paste
	@env PYTHONPATH=emulator/src $(BIN)/python -m batch_emulator

.PHONY: emulator-wheel
emulator-wheel: $(TOOLS)/bin/nox  ## Build the emulator's wheel into .cache/emulator (a second)
	@$(TOOLS)/bin/uv build --quiet --wheel --out-dir .cache/emulator emulator && ls .cache/emulator/*.whl

.PHONY: browser
browser:  ## Install Chromium for the tests in a browser, as root of a Debian; elsewhere they are skipped
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { test "$$(id -u)" = 0 \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	  } >/dev/null 2>&1 || echo "Chromium is not here and cannot be installed: its tests are skipped."

.PHONY: test
test: $(TOOLS)/bin/nox browser  ## Run every test on the newest ansible-core (half an hour)
	@$(RUN) -j 2 -t test

.PHONY: test-oldest
test-oldest: $(TOOLS)/bin/nox  ## Run on the oldest ansible-core what it can change (ten minutes); CI runs both
	@$(RUN) -j 2 -t test-oldest

.PHONY: test-all
test-all: $(TOOLS)/bin/nox browser  ## Run it all on every ansible-core from 2.16 to 2.22 that a Python here can run (an hour)
	@$(RUN) -j 2 -t test test-oldest all

.PHONY: core
core: $(TOOLS)/bin/nox  ## Run what every lane runs on one ansible-core: CORE=2.17 to 2.20 or 2.22 (ten minutes)
	@$(RUN) -j 2 -s units-$(CORE) sanity-$(CORE) integration-$(CORE)

.PHONY: quick
quick: $(TOOLS)/bin/nox  ## Run the unit and contract tests of one lane, without the slow ones: for the daily loop (two minutes)
	@$(RUN) -s quick

.PHONY: lint
lint: $(TOOLS)/bin/nox  ## Check style, types and playbooks
	@$(RUN) -j 2 -t lint

.PHONY: units
units: $(TOOLS)/bin/nox  ## Run pytest in every environment and the unit tests on every target Python
	@$(RUN) -j 2 -t units

.PHONY: sanity
sanity: $(TOOLS)/bin/nox  ## Run ansible-test sanity on the newest and the oldest ansible-core
	@$(RUN) -j 2 -t sanity

.PHONY: integration
integration: $(TOOLS)/bin/nox  ## Run the modules against the emulator through ansible-test
	@$(RUN) -j 2 -t integration

.PHONY: docs
docs: $(TOOLS)/bin/nox  ## Check the documentation, the changelog and the installed artifact
	@$(RUN) -j 2 -t docs

.PHONY: site
site: env  ## Build the documentation site into .cache/site/html (20 seconds)
	@$(NOX) -Rs site

.PHONY: site-pictures
site-pictures: site  ## Take the pictures of the site in docs/site, with Chromium (20 seconds)
	@$(OURS) render.site_pictures

.PHONY: build
build: env  ## Write the artifact that ansible-galaxy installs
	@$(BIN)/ansible-galaxy collection build --force

.PHONY: release
release: env  ## Do everything up to the tag: VERSION=1.2.3 (two minutes; FULL=1 runs both lanes, ALLOW_PLACEHOLDERS=1 rehearses)
	@$(OURS) release $(if $(FULL),--full) $(if $(ALLOW_PLACEHOLDERS),--allow-placeholders) "$(VERSION)"

\
.PHONY: render
render: env  ## Render every page and RETURN block whose content is in the code (three seconds)
	@$(OURS) render

.PHONY: bench
bench: env  ## Time our tasks against every rival on the emulator (10 minutes, with FULL=1 an hour; nothing else should run)
	@PYTHONDONTWRITEBYTECODE= PYTHONPATH=tools:emulator/src $(BIN)/python -m benchmarks $(if $(FULL),--full)

.PHONY: live
live: env  ## Play situations on a real cloud: PROVIDER=aws, cos or oss (ten minutes; needs a test account, see docs/live.md; COSTS a fee per job)
	@$(OURS) live $(PROVIDER) $(LIVE)

.PHONY: ee-context
ee-context: build env  ## Write the context of an execution environment into .cache/ee (EE=awx or aap, BASE=an image)
	@rm -rf .cache/ee && mkdir -p .cache/ee
	@cp objectstore-batch-*.tar.gz .cache/ee/objectstore-batch.tar.gz
	@sed -e '' $(if $(BASE),-e 's|^    name: .*:latest|    name: $(BASE)|') extensions/ee/$(or $(EE),awx).yml > .cache/ee/execution-environment.yml
	@cd .cache/ee && ../../$(BIN)/ansible-builder create --output-filename Containerfile --file execution-environment.yml --context context >/dev/null
	@echo "Build it with: podman build --tag objectstore-batch-ee --file .cache/ee/context/Containerfile .cache/ee/context"

.PHONY: pins
pins: $(TOOLS)/bin/nox  ## Compile requirements/*.in into pinned versions
	@$(NOX) -s pins

.PHONY: clean
clean:  ## Remove the environments and everything cached
	rm -rf .nox .cache tests/output
