# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which request a job takes in which status, on each cloud."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS as COS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss.traits import TRAITS as OSS
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.statuses import STATUSES
from ansible_collections.objectstore.batch.plugins.module_utils._status.allowed_transitions import (
    ARRIVED,
    FIRST,
    REQUESTS,
    Request,
    decide,
)

CLOUDS = pytest.mark.parametrize("traits", [AWS, COS, OSS], ids=["aws", "cos", "oss"])
EVERY = [*STATUSES, "Hibernating", ""]


def decided(status, request, traits):
    return decide(Request("job-1", request), Job("job-1", status, 10), traits)


@CLOUDS
@pytest.mark.parametrize("status", EVERY)
def test_ready(traits, status):
    updates = {"Suspended", "Preparing"} if traits is OSS else {"Suspended"}
    done = {"Ready", "Active", "Pausing", "Paused", "Completing", "Complete"}
    expected = "update" if status in updates else "unchanged" if status in done else "failed"
    assert decided(status, "ready", traits).outcome == expected


@CLOUDS
@pytest.mark.parametrize("status", EVERY)
def test_cancelled(traits, status):
    refused = {"Completing", "Complete", "Failing", "Failed", "Hibernating", ""}
    done = {"Cancelling", "Cancelled"}
    expected = "failed" if status in refused else "unchanged" if status in done else "update"
    assert decided(status, "cancelled", traits).outcome == expected


@pytest.mark.parametrize(
    ("status", "request_value", "text"),
    [
        ("Failed", "ready", "job job-1 cannot be confirmed: it has ended (Failed)"),
        ("Complete", "cancelled", "job job-1 cannot be canceled: it has ended (Complete)"),
        ("Completing", "cancelled", "job job-1 cannot be canceled: it is ending (Completing)"),
        ("New", "ready", "job job-1 cannot be confirmed: its status is New, expected Suspended"),
        ("Hibernating", "cancelled", "job job-1 cannot be canceled: its status 'Hibernating' is unknown"),
        ("Ready\n\x1b", "ready", "job job-1 cannot be confirmed: its status 'Ready\\n\\x1b' is unknown"),
    ],
)
def test_a_refusal_says_why_and_what_next(status, request_value, text):
    found = decided(status, request_value, AWS)
    text += ". The job was not changed"
    assert (found.reason, found.failure.kind, found.failure.message) == (text, "not_updatable", text)
    assert found.failure.hint.endswith(".")
    assert (found.job_id, found.desired) == ("job-1", Request("job-1", request_value))


def test_every_request_has_its_statuses():
    for words in (REQUESTS, FIRST, ARRIVED):
        assert set(words) == {"ready", "cancelled"}
        assert set(words.values()) <= set(STATUSES)
    for request in REQUESTS:
        # A job right after a request takes it as done.
        assert decided(FIRST[request], request, AWS).outcome == "unchanged"
        assert decided(ARRIVED[request], request, AWS).outcome == "unchanged"
