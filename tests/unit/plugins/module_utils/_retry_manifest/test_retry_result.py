# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of making a retry manifest."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job, Report
from ansible_collections.objectstore.batch.plugins.module_utils._core.job_values import QueueId
from ansible_collections.objectstore.batch.plugins.module_utils._core.object_stores import Found
from ansible_collections.objectstore.batch.plugins.module_utils._manifest.made_manifests import Made
from ansible_collections.objectstore.batch.plugins.module_utils._retry_manifest.retry_result import (
    Left,
    former,
    render_retry,
    token,
)

QUEUE = QueueId("aws", "eu-central-1", "123456789012")
JOB = Job("job-1", "Complete", 0, "restore", "S3InitiateRestoreObject")
MADE = Made(
    bucket="b",
    key="retry/x.csv",
    resource="arn:aws:s3:::b/retry/x.csv",
    fields=("Bucket", "Key"),
    count=3,
    outcome="changed",
    found=Found(9, "e", "v"),
    first=(b"b,k\n",),
    digest="d1",
)
NOTHING = Left({}, 0, 0)


def made(**details):
    return dataclasses.replace(MADE, **details)


@pytest.mark.parametrize(
    ("outcomes", "changed"),
    [
        ([], False),
        (["unchanged"], False),
        (["changed"], True),
        (["would_change"], True),
        (["unchanged", "changed"], True),
    ],
)
def test_a_task_has_changed_what_it_wrote_or_would_write(outcomes, changed):
    result = render_retry(QUEUE, [made(outcome=outcome) for outcome in outcomes], NOTHING, JOB, None)
    assert result["changed"] is changed
    assert len(result["diff"]) == len([outcome for outcome in outcomes if outcome != "unchanged"])


def test_nothing_to_retry_is_no_manifest():
    result = render_retry(QUEUE, [], Left({"NoSuchKey": 2}, 0, 2), None, None)
    assert (result["manifest"], result["manifests"], result["count"], result["jobs"]) == (None, [], 0, [])
    assert result["msg"] == ("No objects to retry, so no manifest is required. 2 failed tasks are not retried.")


def test_what_is_left_is_counted_beyond_what_is_named():
    tasks = {**{f"Code{number:03}": 1 for number in range(150)}, "a\n" * 2000: 7}
    result = render_retry(QUEUE, [MADE], Left(tasks, 4, 9), JOB, None)
    assert (
        len(result["not_retried"]),
        result["not_retried_count"],
        result["lost_count"],
        result["unsupported_objects"],
    ) == (100, 157, 9, 4)
    assert result["not_retried"][0]["count"] == 7
    assert result["not_retried"][0]["code"].isprintable()
    assert result["not_retried"][1]["code"] == "Code000"
    assert "4 objects are not in a manifest" in result["warnings"][0]
    assert result["warnings"][0] in result["msg"]


def test_a_second_manifest_acts_on_the_latest_version_and_that_is_said():
    result = render_retry(QUEUE, [MADE, made(key="retry/y.csv", count=2)], NOTHING, JOB, None)
    assert result["count"] == 5
    assert result["manifest"] == result["manifests"][0]["manifest"]
    assert [text for text in result["warnings"] if text.startswith("2 objects without a version")]
    assert "warnings" not in render_retry(QUEUE, [MADE], NOTHING, JOB, None)


def test_the_token_of_a_retry_is_of_its_job_and_of_what_is_in_the_manifest():
    assert token(JOB, MADE) == token(JOB, made(key="other.csv", count=7, outcome="unchanged", found=None))
    assert token(JOB, MADE) != token(JOB, made(digest="d2"))
    assert token(JOB, MADE) != token(Job("job-2"), MADE)
    # The clouds take 64 visible characters.
    assert len(token(JOB, MADE)) <= 64
    [manifest] = render_retry(QUEUE, [MADE], NOTHING, None, None)["manifests"]
    assert manifest["client_request_token"] is None


def test_the_former_job_in_the_words_of_batch_job():
    created = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    report = Report(True, "arn:aws:s3:::reports", "", "AllTasks", "f", "123456789012")
    job = Job(
        "job-1",
        "Complete",
        0,
        "restore [token 0123456789ab-01234567]",
        "S3InitiateRestoreObject",
        created=created,
        report=report,
        role="arn:aws:iam::123456789012:role/batch",
    )
    tags = {"team": "a", "aws:cloudformation:stack-name": "s", "awsome": "b"}
    assert former(job, {"ExpirationInDays": 7}, tags, [MADE]) == {
        "operation": {"S3InitiateRestoreObject": {"ExpirationInDays": 7}},
        "report": {
            "enabled": True,
            "bucket": "arn:aws:s3:::reports",
            "scope": "AllTasks",
            "expected_bucket_owner": "123456789012",
        },
        "role_arn": "arn:aws:iam::123456789012:role/batch",
        "priority": 0,
        "description": "restore",
        "confirmation_required": False,
        "tags": {"team": "a", "awsome": "b"},
        "client_request_token": token(job, MADE),
    }
    assert former(JOB, {}, {}, [])["report"] == {"enabled": False}
    assert former(JOB, {}, {}, [])["client_request_token"] is None
