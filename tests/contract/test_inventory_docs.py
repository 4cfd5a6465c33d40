# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables and groups that the inventory sets are those that the plugin's documentation and the guide list."""

from __future__ import annotations

import ast
import json
import re
import typing as t
from pathlib import Path

import pytest
import yaml
from render import rst

from .playbooks import ROOT
from .test_inventory import account, inventory, seed, write

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

TYPES = {"str": str, "int": int, "float": float, "bool": bool, "dict": dict}


class Row(t.NamedTuple):
    """A variable: its type, what it means, and when it is null."""

    kind: str
    meaning: str
    null: str


def documented_notes() -> list[str]:
    """Return the notes in the documentation of the plugin."""
    # Read, not imported: from then on ansible-core would take this process for the controller's.
    tree = ast.parse((ROOT / "plugins" / "inventory" / "queues.py").read_text(encoding="utf-8"))
    names = {node.targets[0].id: node.value for node in tree.body if isinstance(node, ast.Assign)}  # type: ignore[attr-defined]
    notes: list[str] = yaml.safe_load(ast.literal_eval(names["DOCUMENTATION"]))["notes"]
    return notes


def documented() -> dict[str, Row]:
    """Return the variables in the documentation of the plugin."""
    notes = documented_notes()
    rows = [
        re.fullmatch(r"C\((queue_\w+)\) \((\w+)\): (.*) (?:Never V\(null\)|V\(null\) (if .*))\.", note)
        for note in notes
    ]
    return {
        row[1]: Row(row[2], re.sub(r"(?:C|V|RV)\((.*?)\)", r"\1", row[3]), row[4] or "never") for row in rows if row
    }


def tables() -> list[list[list[str]]]:
    """Return the tables of the guide: rows of cells, without the head."""
    text = (rst.GUIDES / "guide_many_accounts.rst").read_text(encoding="utf-8")
    found = []
    for table in text.split(".. list-table::")[1:]:
        rows = re.findall(r"^   \* - (.*(?:\n     - .*)*)", table, re.MULTILINE)
        found.append([[cell.strip() for cell in row.split("\n     - ")] for row in rows][1:])
    return found


def test_the_guide_lists_what_the_plugin_does() -> None:
    variables = tables()[0]
    guide = {
        name.strip("`"): Row(kind, re.sub(r":ansretval:|`", "", meaning), null)
        for name, kind, meaning, null in variables
    }
    assert guide == documented()


def hosts(emulator: Emulator, folder: Path) -> dict[str, t.Any]:
    """Return an inventory with everything that can be set, and with nothing of it; of each, one that cannot be read."""
    seed(emulator)
    running = {"job_id": "running=", "status": "Active", "tasks_done": 90, "active_seconds": 90, "frozen": True}
    emulator.seed({**running, "provider": "oss", "region": "cn-beijing"})
    role = {
        "assume_role_arn": "arn:aws:iam::111122223333:role/queues",
        "assume_role_external_id": "an-id",
        "assume_role_session_name": "a-name",
    }
    entries = [
        {**account("AWS_ONE", ["eu-central-1"], emulator), **role, "session_token_variable": "UNUSED"},
        {**account("AWS_ONE", ["us-east-1"], emulator), **role, "validate_certs": True, "ca_bundle": "/etc/hosts"},
        {"provider": "cos", "profile": "archive", "regions": ["ap-guangzhou"], "app_id": "1250000000"},
        {"provider": "aws", "name": "bare", "regions": ["eu-central-1"]},
        account("OSS_ONE", ["cn-beijing"], emulator),
    ]
    return json.loads(inventory(folder, write(folder, entries), "--list", "--export").text)


def test_what_the_documentation_lists_is_what_is_set(emulator: Emulator, tmp_path: Path) -> None:
    found = hosts(emulator, tmp_path)["_meta"]["hostvars"]
    assert len(found) == 5
    rows = documented()
    for values in found.values():
        assert {name for name in values if name.startswith("queue_")} == set(rows)
        assert set(values) - set(rows) == {"ansible_connection"}
        lost = values["queue_state"] == "unreachable"
        for name, row in rows.items():
            value = values[name]
            value = value.get("__ansible_unsafe", value) if isinstance(value, dict) else value
            assert value is None or value.__class__ is TYPES[row.kind], name
            if row.null == "never":
                assert value is not None, name
            if "unreachable" in row.null:
                assert not lost or value is None, name
            if row.null == "if unreachable":
                assert lost or value is not None, name
            if name == "queue_error":
                assert (value is None) is not lost
    # Each of them is set somewhere, and those that may be null are null somewhere.
    for name, row in rows.items():
        values = [host[name] for host in found.values()]
        assert any(value is not None for value in values), name
        assert any(value is None for value in values) is (row.null != "never"), name


def test_the_groups_are_those_of_the_guide(emulator: Emulator, tmp_path: Path) -> None:
    found = hosts(emulator, tmp_path)
    listed = [row[0].strip("`") for row in tables()[1]]
    assert listed == [
        "batch_queues",
        "cloud_PROVIDER",
        "account_ACCOUNT",
        "region_REGION",
        "state_STATE",
        "unreachable",
    ]
    of_a_host = {name for name in found if "aws-111122223333-us-east-1" in found[name].get("hosts", ())}
    words = {"cloud_aws", "account_111122223333", "region_us_east_1"}
    assert of_a_host == {
        "batch_queues",
        *words,
        f"state_{found['_meta']['hostvars']['aws-111122223333-us-east-1']['queue_state']}",
    }
    assert sorted(found["unreachable"]["hosts"]) == sorted(found["state_unreachable"]["hosts"])
    notes = [re.match(r"C\((\w+)\) \(group\): ", note) for note in documented_notes()]
    assert [note[1] for note in notes if note] == listed
