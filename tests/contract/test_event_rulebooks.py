# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulebooks use arguments, events, and playbooks that exist, and document their variables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.objectstore.batch.plugins.module_utils._events import source_options

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "extensions" / "eda" / "rulebooks").glob("*.yml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_rulebook_names_what_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    [ruleset] = yaml.safe_load(text)
    args = ruleset["sources"][0]["objectstore.batch.batch_jobs"]
    assert set(args) <= set(source_options.SPEC)
    [rule] = ruleset["rules"]
    assert re.findall(r'event\.type == "(\w+)"', rule["condition"]) == args.get("events")
    assert set(args["events"]) <= set(source_options.TYPES)
    playbook = rule["action"].get("run_playbook", {}).get("name", "objectstore.batch.queue_plan")
    assert (ROOT / "playbooks" / f"{playbook.rsplit('.', 1)[1]}.yml").is_file()
    comments = " ".join(line for line in text.splitlines() if line.startswith("#"))
    own = set(re.findall(r"\{\{ (batch_\w+)", text))
    assert own and all(name in comments for name in own)
