# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole job in one playbook: faults of a list, a clean manifest, a rehearsal, an approval, the job, checksums."""

from __future__ import annotations

import os
import typing as t
from urllib.parse import quote

import pytest

from .clouds import ACCOUNTS
from .playbooks import FQCN
from .test_checked_job import BUCKET, GLACIER, PRICES, hosts_of, resource, results, role, running, writes
from .test_playbooks import CLOUDS

if t.TYPE_CHECKING:
    from pathlib import Path

    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

OBJECTS = int(os.environ.get("WHOLE_JOB_OBJECTS", "200"))
"""20,000 for the figures of a release."""
SAMPLE = 100
FOUND = ("header_row", "wrong_encoding", "duplicate", "foreign_bucket", "empty_line", "malformed_row", "not_archived")


def planted(emulator: Emulator, hosts: dict[str, dict[str, t.Any]], folder: Path) -> None:
    """Put objects, and a list of them with every fault as a manifest; the same list without faults is a local file."""
    plain = [f"films/a b {number:05}.mov" for number in range(OBJECTS)]
    for account in ACCOUNTS:
        if account.provider not in hosts:
            continue
        for number, key in enumerate(plain):
            archived = {} if number % 10 == 0 else {"storage_class": GLACIER[account.provider]}
            emulator.put_object(account.provider, BUCKET, key, b"x", **archived)
        encoded = plain if account.provider == "cos" else [quote(key) for key in plain]
        broken = "films/\udcff" if account.provider == "cos" else "films/a b"
        rows = ["bucket,key", *(f"{BUCKET},{key}" for key in encoded), f"{BUCKET},{encoded[0]}", "", f"{BUCKET},a,b"]
        rows += [f"other-{BUCKET},x", f"{BUCKET},{broken}"]
        content = "".join(f"{row}\n" for row in rows).encode("utf-8", "surrogateescape")
        etag = emulator.put_object(account.provider, BUCKET, "lists/athena.csv", content)["etag"]
        hosts[account.provider]["planted"] = {"object_arn": resource(account, "lists/athena.csv"), "etag": etag}
    text = '"bucket","key"\n' + "".join(f'"{BUCKET}","{key}"\n' for key in [*plain, plain[0]])
    (folder / "athena.csv").write_text(text, encoding="utf-8")


def tasks(folder: Path, operation: str = "{{ checked_job_operation }}") -> list[dict[str, t.Any]]:
    """Name the faults, then run the role with the file."""
    check = {"manifest": "{{ planted }}", "objects": min(2 * OBJECTS, 10_000), "operation": operation}
    check["fail_on"] = list(FOUND)
    source = {"file": str(folder / "athena.csv"), "file_header": "skip", "file_encoding": "plain", "keys": ""}
    return [
        {f"{FQCN}batch_manifest_info": check, "register": "faults", "ignore_errors": True},
        {"ansible.builtin.debug": {"msg": "FAULTS {{ faults.findings | map(attribute='finding') | join(' ') }}"}},
        *role(prices=PRICES, sample=SAMPLE, source_bucket="", **source),
    ]


def compared(folder: Path) -> list[dict[str, t.Any]]:
    """On AWS, compute the checksums of all objects by a job, and compare them with those of the first time."""
    options = {"checksums": {"path": str(folder / "checksums.csv")}, "job_id": "{{ sums.job.job_id }}"}
    wait = {"job_id": "{{ sums.job.job_id }}", "interval": 0.3}
    job = {
        "operation": {"S3ComputeObjectChecksum": {"ChecksumAlgorithm": "SHA256", "ChecksumType": "FULL_OBJECT"}},
        "manifest": "{{ checked_job_result.manifest }}",
        "report": {"bucket": "{{ checked_job_report.bucket }}", "prefix": "sums", "scope": "AllTasks"},
        "role_arn": "{{ checked_job_role_arn }}",
        "priority": 5,
    }
    again = {**options, "checksums": {"expected": str(folder / "checksums.csv")}, "wait_for_report": 3600}
    show = "SUMS {{ first.checksums.count }} {{ second.checksums.matched }} {{ second.checksums.missing.count }}"
    return [
        {f"{FQCN}batch_job": job, "register": "sums"},
        {f"{FQCN}batch_job_wait": wait},
        {f"{FQCN}batch_job_report_info": {**options, "wait_for_report": 3600}, "register": "first"},
        {f"{FQCN}batch_job_report_info": again, "register": "second"},
        {"ansible.builtin.debug": {"msg": show}},
    ]


def test_from_a_bad_list_to_compared_checksums(emulator: Emulator, tmp_path: Path) -> None:
    hosts = hosts_of(emulator, [])
    planted(emulator, hosts, tmp_path)
    emulator.settings(capacity=8)
    emulator.clear_log()
    first = running(emulator, tmp_path, tasks(tmp_path), hosts)
    assert first.code == 0, first.output
    names = [
        line.partition("FAULTS ")[2].rstrip('",').split() for line in first.output.splitlines() if "FAULTS " in line
    ]
    # The two rows of objects that do not exist are not in every sample.
    named = [[name for name in found if name != "missing_object"] for found in names]
    assert named == [list(FOUND)] * len(CLOUDS), first.output
    for cloud, result in results(first).items():
        assert (result["state"], result["count"], result["rehearsal"]["tasks"]) == (
            "awaiting_approval",
            OBJECTS,
            SAMPLE,
        )
        assert f"Objects: {OBJECTS}, with a version: 0" in "\n".join(result["text"])
        assert writes(emulator, cloud) == ["PutObject", "PutObject", "CreateJob"]
        hosts[cloud]["checked_job_approved"] = result["digest"]

    emulator.clear_log()
    steps = [*tasks(tmp_path), {"block": compared(tmp_path), "when": "inventory_hostname == 'aws'"}]
    second = running(emulator, tmp_path, steps, hosts)
    assert second.code == 0, second.output
    for cloud, result in results(second).items():
        assert (result["state"], result["failed_for_good_count"]) == ("complete", 0), second.output
        assert writes(emulator, cloud)[:2] == ["CreateJob", "UpdateJobStatus"]
        assert emulator.job(result["job_id"])["tasks_done"] == OBJECTS
    assert f"SUMS {OBJECTS} {OBJECTS} 0" in second.output, second.output

    emulator.clear_log()
    third = running(emulator, tmp_path, steps, hosts)
    assert third.code == 0, third.output
    assert [entry for entry in emulator.log() if entry["write"]] == []
    assert [counts["changed"] for counts in third.recap.values()] == [0] * len(CLOUDS)
