# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter batch_job_events: a message of AWS becomes the events that the source sends for the same change."""

from __future__ import annotations

import json
import runpy
import typing as t
from pathlib import Path

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core import job_values
from ansible_collections.objectstore.batch.plugins.module_utils._events import (
    event_values,
    queue_changes,
    queue_records,
)

FILE = Path(__file__).resolve().parents[2] / "extensions" / "eda" / "plugins" / "event_filter" / "batch_job_events.py"
JOB = "6f1f7ff1-5e6c-4b7a-9f3a-000000000001"
MAIN = runpy.run_path(str(FILE))["main"]
AWS = (
    *("Active", "Cancelled", "Cancelling", "Complete", "Completing", "Failed", "Failing", "New", "Paused", "Pausing"),
    *("Preparing", "Ready", "Suspended"),
)
"""The statuses of S3 Batch Operations."""
EXTRA = {"failure_codes", "reasons"}


def message(status: t.Any, **details: t.Any) -> dict[str, t.Any]:
    """Return what amazon.aws.aws_sqs_queue delivers."""
    service = {
        "jobId": JOB,
        "jobArn": f"arn:aws:s3:eu-central-1:111122223333:job/{JOB}",
        "status": status,
        "jobEventId": "f9a0",
        "failureCodes": [],
        "statusChangeReason": [],
        **details,
    }
    body = {
        "detail-type": "AWS Service Event via CloudTrail",
        "source": "aws.s3",
        "account": "111122223333",
        "region": "eu-central-1",
        "detail": {"eventSource": "s3.amazonaws.com", "eventName": "JobStatusChanged", "serviceEventDetails": service},
    }
    return {"body": body, "meta": {"MessageId": "1"}}


def polled(kind: t.Any, status: str, values: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the event of the source for the same change."""
    record = queue_records.JobRecord(status, 1, 1, 1, 1, 0, "", "", None, 0.0, 0.0, 0.0)
    change = queue_changes.Change(kind, JOB, None, record, 0, values)
    queue_id = job_values.QueueId("aws", "eu-central-1", "111122223333")
    return event_values.job_event("aws-111122223333-eu-central-1", queue_id, change)


@pytest.mark.parametrize("status", AWS)
def test_each_status_becomes_the_polled_events(status: str) -> None:
    events = MAIN(message(status))
    state: dict[str, t.Any] = {"before": None, "after": {}}
    expected: dict[str, dict[str, t.Any]] = {"status_changed": state}
    if status == "Suspended":
        expected["awaiting_confirmation"] = {"age_seconds": 0, "days_left": 30}
    if status in ("Complete", "Failed", "Cancelled"):
        expected["ended"] = {**state, "result": "full"}
    assert [event["type"] for event in events] == list(expected)
    for event, (kind, values) in zip(events, expected.items(), strict=False):
        same = polled(kind, status, values)
        assert set(event) - EXTRA == set(same)
        assert set(event["job"]) == set(same["job"])
        assert set(event["job"]["progress"]) == set(same["job"]["progress"])
        assert event["queue"] == same["queue"]
        assert (event["job"]["job_id"], event["job"]["status"]) == (JOB, status)
    assert events == MAIN(message(status)), "a repeated message has the same IDs"
    assert len({event["meta"]["uuid"] for event in events}) == len(events)
    assert json.loads(json.dumps(events)) == events


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"body": None},
        {"body": "text"},
        {"body": {"detail": []}},
        {"body": {"detail": {"serviceEventDetails": "x"}}},
        message("Other"),
        message(None),
        message(["Complete"]),
        message("Complete", jobId="{{ 1 }}"),
        message("Complete", jobId=None),
        {**message("Complete"), "body": {**message("Complete")["body"], "source": "aws.ec2"}},
        {**message("Complete"), "body": {**message("Complete")["body"], "account": 5}},
        {"type": "ended"},
        ["x"],
        None,
    ],
)
def test_other_messages_pass_unchanged(event: t.Any) -> None:
    assert MAIN(event) is event


def test_texts_of_others_are_no_templates() -> None:
    hostile = ["{{ lookup('pipe', 'id') }}\n", 5, None]
    [event, _field] = MAIN(message("Failed", failureCodes=hostile, statusChangeReason={"a": 1}, jobEventId=[1]))
    assert event["reasons"] == []
    [text] = event["failure_codes"]
    assert "{{" not in text and "\n" not in text
