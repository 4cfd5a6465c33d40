# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON schema, the documentation, and the code of the event source name the same arguments."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible_collections.objectstore.batch.plugins.module_utils._core import errors
from ansible_collections.objectstore.batch.plugins.module_utils._events import source_options
from ansible_collections.objectstore.batch.plugins.module_utils._inventory import accounts

jsonschema = pytest.importorskip("jsonschema")
ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "extensions" / "eda" / "plugins"
SOURCE = PLUGINS / "event_source" / "batch_jobs.py"
SCHEMA = json.loads((PLUGINS / "event_source" / "schemas" / "batch_jobs.json").read_text(encoding="utf-8"))
ACCOUNT = {"provider": "aws", "regions": ["eu-central-1"]}


def block(name: str) -> t.Any:
    """Return a YAML block of the source."""
    found = re.search(rf'{name} = r"""(.*?)"""', SOURCE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return yaml.safe_load(found.group(1))


def test_schema_documentation_and_code_agree() -> None:
    documented = block("DOCUMENTATION")["options"]
    assert set(SCHEMA["properties"]) == set(documented) == set(source_options.SPEC)
    for name, spec in source_options.SPEC.items():
        option, schema = documented[name], SCHEMA["properties"][name]
        assert spec.get("default") == option.get("default") == schema.get("default"), name
        choices = schema.get("enum") or schema.get("items", {}).get("enum")
        assert spec.get("choices") == option.get("choices") == choices, name
        assert (name in SCHEMA["required"]) == bool(spec.get("required")) == option.get("required", False), name
    account = SCHEMA["properties"]["accounts"]["items"]["properties"]
    assert set(account) == set(accounts._SPEC)
    assert not set(account) & set(accounts.KEYS)


def test_the_schema_is_valid_and_accepts_the_example() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    [play] = block("EXAMPLES")
    args = play["sources"][0]["objectstore.batch.batch_jobs"]
    jsonschema.Draft202012Validator(SCHEMA).validate(args)
    assert source_options.parse(args).delay == 120


@pytest.mark.parametrize(
    "args",
    [
        {},
        {"accounts": []},
        {"accounts": [ACCOUNT], "dealy": 5},
        {"accounts": [{**ACCOUNT, "secret_key": "x"}]},
        {"accounts": [{**ACCOUNT, "provider": "other"}]},
        {"accounts": [ACCOUNT], "events": ["everything"]},
        {"accounts": [ACCOUNT], "max_failed_ratio": 2},
    ],
)
def test_what_the_code_refuses_the_schema_refuses(args: dict[str, t.Any]) -> None:
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(args)
    with pytest.raises(errors.OptionError):
        source_options.parse(args)


def test_the_importer_finds_the_plugins() -> None:
    listed = yaml.safe_load((ROOT / "meta" / "extensions.yml").read_text(encoding="utf-8"))["extensions"]
    folders = {item["args"]["ext_dir"] for item in listed}
    present = {f"eda/plugins/{path.name}" for path in PLUGINS.iterdir() if path.is_dir() and list(path.glob("*.py"))}
    assert folders == present
