# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile values, on every module and every cloud: refused in a sentence, before anything is sent."""

from __future__ import annotations

import typing as t

import pytest

from . import hostile
from .clouds import ACCOUNTS, JOB_ID, Cloud, on
from .reports import BUCKET, Report
from .test_create import OPTIONS

GOOD: dict[str, dict[str, t.Any]] = {
    "batch_job_priority": {"job_id": JOB_ID, "priority": 100},
    "batch_job_status": {"job_id": JOB_ID, "status": "cancelled"},
    "batch_job_chain": {"links": [{"job": "job-b", "after": [JOB_ID]}]},
    "batch_job_wait": {"job_id": [JOB_ID], "status": ["Active"]},
    "batch_job_info": {"job_id": [JOB_ID]},
    "batch_queue": {"order": [JOB_ID]},
    "batch_job": {"priority": 100, "description": "a restore"},
    "batch_job_report_info": {"job_id": JOB_ID},
    "batch_retry_manifest": {"job_id": JOB_ID, "manifest_bucket": BUCKET},
    "batch_manifest": {"keys": ["a"], "source_bucket": BUCKET, "manifest_bucket": BUCKET},
    "batch_manifest_info": {},
}
"""A task of each module that succeeds; the changes are laid over it."""
REPORTING = ("batch_job_report_info", "batch_retry_manifest", "batch_manifest", "batch_manifest_info")
"""Modules that need the bucket of the reports."""
ROW = b"archive,a,,failed,500,InternalError,x\r\n"
PLACES = {
    *("job_id", "jobs", "select", "account_id", "app_id", "region", "endpoint_url", "manifest", "report", "role_arn"),
}
SENTENCE = 2000
"""Characters; a message quotes a value, but not all of it."""


RESOURCES = {"aws": "arn:aws:s3:::", "cos": "qcs::cos:ap-guangzhou:uid/1250000000:", "oss": "oss://"}


def good(module: str, cloud: Cloud) -> dict[str, t.Any]:
    if module == "batch_manifest_info":
        cloud.emulator.put_object(cloud.provider, BUCKET, "m.csv", b"archive-1250000000,a\n")
        return {"manifest": {"object_arn": f"{RESOURCES[cloud.provider]}{BUCKET}/m.csv"}}
    return {**GOOD[module], **(OPTIONS[cloud.provider] if module == "batch_job" else {})}


def complaints(result: dict[str, t.Any]) -> list[str]:
    """Return what is wrong with the answer to a hostile value."""
    msg = result.get("msg") or ""
    ours = "error" in result  # what ansible-core refuses by itself is told in its own words
    found = {
        "not failed": result["rc"] != 1 or result.get("failed") is not True,
        "changed": result.get("changed"),
        "no message": not msg.strip(),
        # ansible-core's log refuses NUL before a module sees its options.
        "about a log": "syslog" in msg,
        "several lines": ours and not all(sign.isprintable() for sign in msg),
        "a traceback": "Traceback" in str(result.get("exception", "")) + msg,
        "too long": ours and len(msg) > SENTENCE,
    }
    return [complaint for complaint, holds in found.items() if holds]


@pytest.mark.parametrize("module", GOOD)
def test_refused_in_a_sentence_and_unsent(module: str, cloud: Cloud) -> None:
    if module in REPORTING:
        Report({"failed": ROW}, job={"tasks_done": 1, "tasks_failed": 1}).put(cloud)
    else:
        cloud.seed(priority=10)
    task = good(module, cloud)
    assert cloud.run(module, **task)["rc"] == 0
    cloud.emulator.reset()
    changes = hostile.changes(module)
    if cloud.provider == "oss":
        # Ids of OSS hold such signs.
        changes = [change for change in changes if "abc=de" not in str(change) and "abc+de" not in str(change)]
    assert len(changes) >= 300
    # Each provider has rules of its own for what names a job and a place. The rest is refused before one is known, so
    # there the providers take turns.
    turn = [account.provider for account in ACCOUNTS].index(cloud.provider)
    changes = [item for number, item in enumerate(changes) if number % len(ACCOUNTS) == turn or PLACES & set(item)]
    for start in range(0, len(changes), 50):
        some = changes[start : start + 50]
        for change in some:
            result = cloud.run(module, **{**task, **change})
            assert not complaints(result), (change, result)
        assert cloud.operations() == [], some


@on("aws")
def test_tags_are_refused_in_a_sentence_and_unsent(cloud: Cloud) -> None:
    """Only jobs of AWS have tags; the common options are those of the other modules."""
    cloud.seed(priority=10)
    task = {"job_id": JOB_ID, "tags": {"team": "storage"}}
    assert cloud.run("batch_job_tags", **task)["rc"] == 0
    cloud.emulator.reset()
    for change in hostile.tags():
        result = cloud.run("batch_job_tags", **{**task, **change})
        assert not complaints(result), (change, result)
    assert cloud.operations() == []


NAMED: list[tuple[str, list[t.Any]]] = [
    ("manifest_bucket", hostile.BUCKETS),
    ("manifest_prefix", hostile.PREFIXES),
    *((option, hostile.CODES) for option in ("benign", "include", "exclude", "columns")),
    ("location.bucket", [{"bucket": value, "prefix": "x"} for value in hostile.BUCKETS]),
    ("location.prefix", [{"bucket": "bbb", "prefix": value} for value in hostile.KEYS_OF_OBJECTS]),
    ("location.manifest", [{"bucket": "bbb", "manifest": value} for value in hostile.KEYS_OF_OBJECTS]),
]


@pytest.mark.parametrize(("name", "values"), NAMED, ids=[name for name, _values in NAMED])
def test_a_refusal_names_its_option(cloud: Cloud, name: str, values: list[t.Any]) -> None:
    """And quotes the value, but never all of a long one."""
    option = name.partition(".")[0]
    task = {name: value for name, value in GOOD["batch_retry_manifest"].items() if name != option}
    for value in values:
        if value == "\ud800":
            # ansible-core fails on it while it logs how the module was called.
            continue
        result = cloud.run("batch_retry_manifest", **{**task, option: value})
        assert result["rc"] == 1 and len(result["msg"]) < 400, (value, result["msg"])
        assert name in result["msg"], (value, result["msg"])
    assert cloud.operations() == []
