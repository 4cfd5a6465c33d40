# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation that is data: it says what the code does."""

from __future__ import annotations

import importlib
import re

import pytest
import yaml
from ansible_collections.objectstore.batch.plugins.doc_fragments.connection import ModuleDocFragment
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.registry import PROVIDERS
from ansible_collections.objectstore.batch.plugins.module_utils._connection.connection_options import CONNECTION_SPEC
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import HINTS, KINDS
from render import architecture, awx_pictures, error_kinds, queue_page, report_codes, returns, status_table

from .clouds import MODULES
from .playbooks import ROOT
from .test_playbooks import MODULE_NAMES

FRAGMENT = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
OUTDATED = "run: make render"
ALL_TRAITS = [load().traits for load in PROVIDERS.values()]


def test_the_picture_of_the_architecture_is_up_to_date() -> None:
    found = architecture.imports()
    assert architecture.PAGE.read_text(encoding="utf-8") == architecture.page(found), OUTDATED
    assert architecture.TARGET.read_text(encoding="utf-8") == architecture.draw(found), OUTDATED


def test_the_pictures_of_the_guide_to_awx_are_up_to_date() -> None:
    guide = (awx_pictures.ROOT / "docs" / "docsite" / "rst" / "guide_awx.rst").read_text(encoding="utf-8")
    for name, draw in awx_pictures.DRAWN.items():
        assert (awx_pictures.IMAGES / f"{name}.svg").read_text(encoding="utf-8") == draw(), OUTDATED
        assert f".. image:: images/{name}.svg" in guide


def test_the_page_of_error_kinds_is_up_to_date() -> None:
    assert error_kinds.TARGET.read_text(encoding="utf-8") == error_kinds.render(), OUTDATED


def test_the_sample_of_queue_report_is_up_to_date() -> None:
    assert queue_page.TARGET.read_text(encoding="utf-8") == queue_page.render(), OUTDATED


def test_the_page_of_report_codes_is_up_to_date() -> None:
    assert report_codes.TARGET.read_text(encoding="utf-8") == report_codes.render(), OUTDATED


def test_the_table_of_statuses_is_up_to_date() -> None:
    assert status_table.TARGET.read_text(encoding="utf-8") == status_table.render(), OUTDATED


@pytest.mark.parametrize("module", MODULE_NAMES)
def test_the_return_block_is_up_to_date(module: str) -> None:
    source = (returns.MODULES / f"{module}.py").read_text(encoding="utf-8")
    assert source == returns.render(module, returns.blocks()[module]), (
        f"RETURN comes from tools/render/returns.yml; {OUTDATED}"
    )


@pytest.mark.parametrize("traits", ALL_TRAITS, ids=lambda traits: traits.title)
def test_codes_and_hints_are_of_known_kinds(traits) -> None:
    assert set(traits.failures.codes.values()) <= set(KINDS)
    assert set(traits.failures.hints) | set(HINTS) <= set(KINDS)


@pytest.mark.parametrize("module", MODULE_NAMES)
def test_modules_document_every_kind(module: str) -> None:
    text = importlib.import_module(f"{MODULES}.{module}").RETURN
    if "kind:" in text:
        assert set(KINDS) <= set(re.findall(r"V\((\w+)\)", text))


@pytest.mark.parametrize("option", sorted(CONNECTION_SPEC))
def test_the_fragment_is_the_spec(option: str) -> None:
    documented = FRAGMENT[option]
    spec = CONNECTION_SPEC[option]
    for key in ("type", "default", "aliases"):
        assert documented.get(key) == spec.get(key)


@pytest.mark.parametrize("traits", ALL_TRAITS, ids=lambda traits: traits.title)
def test_every_environment_variable_is_documented(traits) -> None:
    for option, variables in traits.connection.environment.items():
        text = " ".join(FRAGMENT[option]["description"])
        for variable in variables:
            assert f"E({variable})" in text


def test_the_action_group_holds_every_module() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert sorted(runtime["action_groups"]["all"]) == MODULE_NAMES


def test_providers_are_documented() -> None:
    assert FRAGMENT["provider"]["choices"] == list(PROVIDERS)
