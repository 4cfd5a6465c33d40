# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Starts the tools, which look for Python 3.11 or newer by themselves and make the environments of the best one.
PYTHON ?= python3
HARNESS = env PYTHONPATH=tests PYTHONDONTWRITEBYTECODE= $(PYTHON) -m harness

.DEFAULT_GOAL := help

.PHONY: help
help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: env
env:  ## Make the environment .venv (done by the other targets, too)
	@$(HARNESS) env

.PHONY: demo
demo: env  ## Watch a playbook change priorities on two emulated clouds
	@.venv/bin/python tests/demo/run.py

.PHONY: emulator
emulator: env  ## Start the emulator on a loopback port, with settings to paste
	@env PYTHONPATH=tests .venv/bin/python -m emulator

.PHONY: test
test:  ## Run everything below: what CI runs
	@$(HARNESS) test

.PHONY: quick
quick:  ## Run the unit and contract tests of one lane, without the slow ones: for the daily loop (two minutes)
	@$(HARNESS) quick

.PHONY: lint
lint:  ## Check style, types and playbooks
	@$(HARNESS) lint

.PHONY: units
units:  ## Run pytest in every environment and the unit tests on every target Python
	@$(HARNESS) units

.PHONY: sanity
sanity:  ## Run ansible-test sanity on the newest and the oldest ansible-core
	@$(HARNESS) sanity

.PHONY: integration
integration:  ## Run the modules against the emulator through ansible-test
	@$(HARNESS) integration

.PHONY: docs
docs:  ## Check the documentation, the changelog and the installed artifact
	@$(HARNESS) docs

.PHONY: build
build: env  ## Write the artifact that ansible-galaxy installs
	@.venv/bin/ansible-galaxy collection build --force

.PHONY: error-kinds
error-kinds: env  ## Render docs/error-kinds.md from the code
	@PYTHONPATH=.cache/collections:tests .venv/bin/python -m docs.error_kinds

.PHONY: status-table
status-table: env  ## Render docs/status-table.md from the code
	@PYTHONPATH=.cache/collections:tests .venv/bin/python -m docs.status_table

.PHONY: returns
returns: env  ## Render the RETURN blocks of the modules from tests/docs/returns.yml
	@PYTHONPATH=tests .venv/bin/python -m docs.returns

.PHONY: house
house: env  ## Print which wing of plugins/module_utils imports which, from the sources
	@PYTHONPATH=tests .venv/bin/python -m docs.house

.PHONY: bench
bench: env  ## Time our tasks against every rival on the emulator (10 minutes, with FULL=1 an hour; nothing else should run)
	@PYTHONDONTWRITEBYTECODE= PYTHONPATH=tests .venv/bin/python -m benchmarks $(if $(FULL),--full)

.PHONY: pins
pins:  ## Compile requirements/*.in into pinned versions
	@$(HARNESS) pins

.PHONY: clean
clean:  ## Remove the environments and everything cached
	rm -rf .venv .venv-oldest .cache tests/output
