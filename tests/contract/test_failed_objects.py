# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role that tries again what failed, as one playbook over every cloud, run twice."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from .clouds import ACCOUNTS, Cloud
from .playbooks import FQCN, Run, play
from .reports import BUCKET, resource
from .test_playbooks import CLOUDS, connection
from .test_story import OPERATIONS, ROLES, arn, lay_out
from .test_wait import meanwhile

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

KEYS = ["good-1", "films/a%2520b.mov", "films/c%2C.mov", "often/d", "locked/e", "gone/f"]
RULES = [
    {"key": "^films/", "code": "SlowDown", "http_status": 503, "times": 1},
    {"key": "^often/", "code": "InternalError", "http_status": 500},
    {"key": "^locked/", "code": "AccessDenied", "http_status": 403, "message": "Access Denied"},
    {"key": "^gone/", "code": "NoSuchKey", "http_status": 404},
]


def hosts_of(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, t.Any]]:
    hosts = {}
    for account in ACCOUNTS:
        cloud = Cloud(account, emulator, capsys)
        job = {
            "operation": OPERATIONS[account.provider],
            "manifest": {"object_arn": arn(cloud, "lists/all.csv"), "etag": lay_out(cloud, KEYS)},
            "report": {"bucket": resource(cloud).replace("aws-cn", "aws"), "prefix": "some/where"},
            "role_arn": ROLES[account.provider],
            "priority": 100,
            "description": "restore of films",
        }
        hosts[account.provider] = {"connection": connection(account, emulator), "wanted": job}
    return hosts


def tasks(**variables: t.Any) -> list[dict[str, t.Any]]:
    given = {
        "job_id": "{{ first.job.job_id }}",
        "interval": 0.3,
        "timeout": 60,
        "wait_for_report": 60,
        "rounds": 2,
        **variables,
    }
    own = {f"failed_objects_{name}": value for name, value in given.items()}
    names = ("operation", "manifest", "report", "role_arn", "priority", "description")
    create = {name: f"{{{{ wanted.{name} }}}}" for name in names}
    return [
        {f"{FQCN}batch_job": create, "register": "first"},
        {"ansible.builtin.include_role": {"name": f"{FQCN}failed_objects"}, "vars": own},
        {"ansible.builtin.debug": {"msg": "RESULT {{ failed_objects_result | to_json }}"}},
    ]


def results(run: Run) -> dict[str, dict[str, t.Any]]:
    """What the role left, by host."""
    found = {}
    for line in run.output.splitlines():
        if line.startswith("ok: [") and "RESULT" not in line:
            host = line.partition("[")[2].partition("]")[0]
        if '"msg": "RESULT ' in line:
            text = json.loads("{" + line.strip().rstrip(",") + "}")["msg"]
            found[host] = json.loads(text.partition(" ")[2])
    return found


def test_rounds_until_nothing_is_left(emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hosts = hosts_of(emulator, capsys)
    emulator.settings(task_rules=RULES, capacity=8, report_delay=5)
    runs = []
    for _turn in range(2):
        emulator.clear_log()
        with meanwhile(lambda turn: emulator.advance(4), 0.2):
            runs.append(play(tmp_path, tasks(), hosts))
        assert runs[-1].code == 0, runs[-1].output
    writes = [entry["operation"] for entry in emulator.log() if entry["write"]]
    assert writes == [], "the second run wrote"
    assert [counts["changed"] for counts in runs[1].recap.values()] == [0] * len(CLOUDS)
    for run in runs:
        for host, result in results(run).items():
            rounds = [(item["succeeded"], item["failed"], item["retried"], item["lost"]) for item in result["rounds"]]
            assert rounds == [(1, 5, 3, 2), (2, 1, 1, 0), (0, 1, 0, 1)], (host, result)
            assert sorted(item["key"] for item in result["failed_for_good"]) == ["gone/f", "locked/e", "often/d"]
            assert result["failed_for_good_count"] == 3
        assert set(results(run)) == set(CLOUDS)
        assert "4 objects were tried again, in 2 rounds; 3 failed for good." in run.output
        assert "AccessDenied          archive/locked/e  Access Denied" in run.output
    for cloud in CLOUDS:
        assert len(emulator.jobs(provider=cloud)) == 3
        bodies = {
            key: emulator.read_object(cloud, BUCKET, key)
            for key in emulator.objects(cloud, BUCKET)
            if "retry-of" in key
        }
        assert sorted(bodies.values()) == [
            b"archive,films/a%2520b.mov\narchive,films/c%2C.mov\narchive,often/d\n",
            b"archive,often/d\n",
        ]


def test_check_mode_plans_the_first_round(
    emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hosts = hosts_of(emulator, capsys)
    emulator.settings(task_rules=RULES, capacity=8)
    assert play(tmp_path, tasks()[:1], hosts).code == 0
    emulator.advance(100)
    emulator.clear_log()
    run = play(tmp_path, tasks(exclude="", manifest_bucket=""), hosts, "--check", "--diff")
    assert run.code == 0, run.output
    assert not [entry for entry in emulator.log() if entry["write"]]
    assert run.output.count("+archive,films/a%2520b.mov") == len(CLOUDS)
