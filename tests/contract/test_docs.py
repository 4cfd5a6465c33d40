# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation that is data: it says what the code does."""

from __future__ import annotations

import ast
import importlib
import re
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.objectstore.batch.plugins.doc_fragments import accounts as accounts_fragment
from ansible_collections.objectstore.batch.plugins.doc_fragments.connection import ModuleDocFragment
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.registry import PROVIDERS
from ansible_collections.objectstore.batch.plugins.module_utils._connection.connection_options import CONNECTION_SPEC
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import HINTS, KINDS
from ansible_collections.objectstore.batch.plugins.module_utils._inventory import accounts
from render import architecture, awx_pictures, error_kinds, queue_page, report_codes, returns, status_table

from .clouds import MODULES
from .playbooks import ROOT
from .test_playbooks import MODULE_NAMES

FRAGMENT = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
OUTDATED = "run: make render"
PLUGINS = ROOT / "plugins"
DOCUMENTED = sorted(
    path
    for pattern in ("modules/*.py", "doc_fragments/*.py", "inventory/*.py", "filter/*.yml")
    for path in PLUGINS.glob(pattern)
)
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


def test_the_accounts_of_an_inventory_are_the_spec() -> None:
    documented = yaml.safe_load(accounts_fragment.ModuleDocFragment.DOCUMENTATION)["options"]["accounts"]["suboptions"]
    plain = {
        name: {key: text for key, text in keys.items() if key != "description"} for name, keys in documented.items()
    }
    assert plain == accounts._SPEC


def documentation(path: Path) -> list[dict[str, t.Any]]:
    """Return what a file documents: a plugin, the fragments of a file, or the YAML file of a filter."""
    if path.suffix == ".yml":
        return [yaml.safe_load(path.read_text(encoding="utf-8"))["DOCUMENTATION"]]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = [
        node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    ]
    found = [yaml.safe_load(text.value) for text in texts if "options:" in str(text.value)]
    return [item for item in found if isinstance(item, dict)]


def options(documented: dict[str, t.Any]) -> t.Iterator[tuple[str, dict[str, t.Any]]]:
    """Yield each option, and each of its suboptions."""
    for name, option in (documented.get("options") or documented.get("suboptions") or {}).items():
        yield name, option
        yield from options(option)


@pytest.mark.parametrize("path", DOCUMENTED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_first_sentence_of_an_option_defines_it(path: Path) -> None:
    found = [option for item in documentation(path) for option in options(item)]
    assert found or path.stem == "attributes"
    for name, option in found:
        text = option["description"]
        text = text if isinstance(text, str) else text[0]
        assert not re.match(r"(What|How|Which|Who|Where|Why|When|So)\b", text), name
        assert text.startswith(("Whether to ", "Whether the ")) or option["type"] != "bool", name


@pytest.mark.parametrize("path", DOCUMENTED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_plugins_have_a_short_description_and_describe_what_they_refer_to(path: Path) -> None:
    for item in documentation(path):
        short = item.get("short_description", "List")
        assert re.match("[A-Z][a-z]+ ", f"{short} ") and not short.endswith("."), short
        assert all(entry["description"].endswith(".") for entry in item.get("seealso", ()))
        if path.parent.name == "modules":
            assert item["seealso"]


def test_the_action_group_holds_every_module() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert sorted(runtime["action_groups"]["all"]) == MODULE_NAMES


def test_providers_are_documented() -> None:
    assert FRAGMENT["provider"]["choices"] == list(PROVIDERS)
