# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks queue_plan and queue_apply from a command line, with a plan file between them."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import typing as t
from pathlib import Path

import pytest
import yaml
from batch_emulator.accounts import AWS_KEY

from .playbooks import ROOT, run
from .test_playbook_hosts import OURS, RULES, call, connection, in_a_line, job_id, queues, seed, writes

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

PLANTED = "restore {{ lookup('ansible.builtin.pipe', 'touch PLANTED') }} {{ 7 * 6 }} {% raw %} é"
FILE = {"batch_plan_file": "plan.json"}


def priorities(emulator: Emulator) -> dict[str, int]:
    return {name: emulator.job(job_id(key))["priority"] for name, key in OURS.items()}


def planned(emulator: Emulator, folder: Path, **more: t.Any) -> dict[str, t.Any]:
    """Plan all queues into a file, and return what is in it."""
    done = call(folder, "queue_plan", queues(emulator), **FILE, **more)
    assert (done.code, writes(emulator)) == (0, []), done.output
    return t.cast("dict[str, t.Any]", json.loads((folder / "plan.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("words", [(), ("--check", "--diff")], ids=str)
def test_plan_and_apply(emulator: Emulator, tmp_path: Path, words: tuple[str, ...]) -> None:
    """On three providers; a description is text in the file, and text when the plan is applied."""
    seed(emulator, *OURS.values(), description=PLANTED)
    (tmp_path / "plan.json").write_text("the plan of last week", encoding="utf-8")
    done = call(tmp_path, "queue_plan", queues(emulator), *words, **FILE)
    assert (done.code, writes(emulator)) == (0, []), done.output
    file = tmp_path / "plan.json"
    whole = json.loads(file.read_text(encoding="utf-8"))
    plan = whole["plan"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("*plan*")] == ["plan.json"]
    assert (plan["format"], plan["version"]) == ("objectstore.batch.queue_plan", 1)
    assert sorted(plan["moves"]) == sorted(plan["hashes"]) == sorted(queues(emulator))
    assert {moves[0]["to"] for moves in plan["moves"].values()} == {77}
    assert plan["queues"]["aws-queue"] == f"aws {OURS['aws'].account} eu-central-1"
    assert PLANTED[:40] in "\n".join(plan["text"])
    applied = call(tmp_path, "queue_apply", queues(emulator), *words, **FILE)
    assert applied.code == 0, applied.output
    assert priorities(emulator) == dict.fromkeys(OURS, 10 if words else 77)
    assert not (tmp_path / "PLANTED").exists() and not list(tmp_path.rglob("PLANTED"))
    if not words:
        again = call(tmp_path, "queue_apply", queues(emulator), **FILE)
        assert again.code == 0 and len(writes(emulator)) == len(OURS), again.output


@pytest.mark.parametrize("mode", ["exact", "still_valid"])
def test_a_job_that_changes_between_plan_and_apply(emulator: Emulator, tmp_path: Path, mode: str) -> None:
    seed(emulator, *OURS.values())
    planned(emulator, tmp_path)
    emulator.patch(job_id(OURS["cos"]), priority=33)
    done = call(tmp_path, "queue_apply", queues(emulator), **FILE, batch_approval_mode=mode)
    assert done.code == (2 if mode == "exact" else 0), done.output
    assert priorities(emulator) == {"aws": 77, "cos": 33, "oss": 77}


def test_a_limit_applies_a_part_of_the_plan(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator, *OURS.values())
    planned(emulator, tmp_path)
    done = call(tmp_path, "queue_apply", queues(emulator), "--limit", "oss-queue", **FILE)
    assert done.code == 0, done.output
    assert "Not applied, because these queues are not in this run: aws-queue, cos-queue." in in_a_line(done)
    assert priorities(emulator) == {"aws": 10, "cos": 10, "oss": 77}


def test_a_queue_that_the_inventory_could_not_read(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator, *OURS.values())
    planned(emulator, tmp_path)
    done = call(tmp_path, "queue_apply", queues(emulator), unreachable=["cos-queue"], **FILE)
    assert done.code == 2 and "could not read the queues: cos-queue." in in_a_line(done), done.output
    assert priorities(emulator) == {"aws": 77, "cos": 10, "oss": 77}


def test_a_plan_without_changes(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator, *OURS.values(), priority=77)
    plan = planned(emulator, tmp_path)["plan"]
    assert plan["moves"] == {name: [] for name in queues(emulator)}
    done = call(tmp_path, "queue_apply", queues(emulator), **FILE)
    assert (done.code, writes(emulator)) == (0, []), done.output


def test_a_host_that_is_another_queue_now(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator)
    planned(emulator, tmp_path)
    moved = {**queues(emulator), "cos-queue": queues(emulator)["aws-queue"]}
    done = call(tmp_path, "queue_apply", moved, **FILE)
    said = f"was made for cos {OURS['cos'].account} ap-guangzhou, but the connection of cos-queue has aws,"
    assert done.code == 2 and said in in_a_line(done), done.output
    assert priorities(emulator) == {"aws": 77, "cos": 10, "oss": 77}


def sealed(plan: dict[str, t.Any]) -> str:
    """A file that no one has damaged, with any plan."""
    text = json.dumps(plan)
    return f'{{"sha256": "{hashlib.sha256(text.encode()).hexdigest()}", "plan": {text}}}\n'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "Cannot read the plan file PATH: it does not exist."),
        ("directory", "Cannot read the plan file PATH: it is a directory."),
        ("", "The plan file PATH is empty or cannot be read."),
        (" \n", "The plan file PATH is empty or cannot be read."),
        ("cut", "The file PATH is not a plan file of queue_plan, or is incomplete."),
        ("edited", "The plan file PATH was damaged or edited after queue_plan wrote it."),
        ('{"jobs": [{{ 7 * 6 }}]}', "The file PATH is not a plan file of queue_plan, or is incomplete."),
        ("[]", "The file PATH is not a plan file of queue_plan, or is incomplete."),
        (sealed({}), "The file PATH is not a plan file of this version."),
        (sealed({"format": "objectstore.batch.queue_plan", "version": 2}), "is not a plan file of this version."),
        ("elsewhere", "None of the queues of the plan file PATH is in this run: one, two."),
        ("both", "Both batch_plan_file and objectstore_batch_plan_moves are set."),
    ],
    ids=[
        "missing",
        "directory",
        "empty",
        "blank",
        "cut",
        "edited",
        "foreign",
        "list",
        "no plan",
        "newer",
        "where",
        "both",
    ],
)
def test_a_file_that_is_no_approved_plan(emulator: Emulator, tmp_path: Path, content: str | None, said: str) -> None:
    seed(emulator, *OURS.values())
    path, more = tmp_path / "plan.json", {}
    if content in ("cut", "edited", "both"):
        planned(emulator, tmp_path)
        text = path.read_text(encoding="utf-8")
        more = {"objectstore_batch_plan_moves": json.loads(text)["plan"]["moves"]} if content == "both" else {}
        changed = {"cut": text[: len(text) // 2], "edited": text.replace('"to": 77', '"to": 78'), "both": text}[content]
        assert (changed == text) == (content == "both")
        path.write_text(changed, encoding="utf-8")
    elif content == "directory":
        path.mkdir()
    elif content == "elsewhere":
        empty: dict[str, t.Any] = {"one": [], "two": []}
        plan = {"format": "objectstore.batch.queue_plan", "version": 1, "queues": empty, "moves": empty}
        path.write_text(sealed(plan), encoding="utf-8")
    elif content is not None:
        path.write_text(content, encoding="utf-8")
    emulator.clear_log()
    done = call(tmp_path, "queue_apply", queues(emulator), **FILE, **more)
    shown = in_a_line(done)
    assert done.code == 2 and said.replace("PATH", str(path)) in shown, done.output
    assert "No changes were made." in shown and "Traceback" not in shown
    assert emulator.log() == []


def test_the_commands_of_the_readme(emulator: Emulator, tmp_path: Path) -> None:
    text = (ROOT / "playbooks" / "README.md").read_text(encoding="utf-8")
    commands = [
        shlex.split(line.removeprefix("$ "))
        for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL)
        for line in block.splitlines()
        if "batch_plan_file" in line
    ]
    assert [words[1] for words in commands] == ["objectstore.batch.queue_plan", "objectstore.batch.queue_apply"]
    seed(emulator, *OURS.values())
    (tmp_path / "policy.yml").write_text(yaml.safe_dump({"queue_policy_rules": RULES}), encoding="utf-8")
    keys = {"OUR_AWS_ID": AWS_KEY.key_id, "OUR_AWS_KEY": AWS_KEY.secret}
    own = {name: {"ansible_connection": "local", **values} for name, values in queues(emulator).items()}
    own["aws-queue"] = {"ansible_connection": "local", "queue_connection": connection(emulator, AWS_KEY)}
    seed(emulator, AWS_KEY)
    for _program, playbook, option, inventory, *words in commands:
        assert option == "-i"
        # The README names an inventory of queues; this one has them as hosts of a file.
        (tmp_path / f"{inventory}.yml").write_text(yaml.safe_dump({"all": {"hosts": {"q": own["aws-queue"]}}}), "utf-8")
        done = run(tmp_path, Path(f"{inventory}.yml"), Path(playbook), *words, environment=keys)
        assert done.code == 0, done.output
    assert emulator.job(job_id(AWS_KEY))["priority"] == 77
