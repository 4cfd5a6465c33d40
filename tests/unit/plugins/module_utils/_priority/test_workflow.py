# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The flow of batch_job_priority: what was written is in the result, whatever fails afterwards."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.job_values import QueueId
from ansible_collections.objectstore.batch.plugins.module_utils._core.plans import DesiredPriority, Policy
from ansible_collections.objectstore.batch.plugins.module_utils._priority.workflow import TaskOptions, execute
from ansible_collections.objectstore.batch.tests.unit.plugins.module_utils.scripted import (
    ScriptedProvider,
    fail,
    job,
    session,
)

IDS = ["job-1", "job-2"]


@pytest.mark.parametrize("kind", ["access_denied", "unavailable", "invalid_response"])
def test_a_last_look_that_fails_takes_nothing_away(kind):
    queue = [job(10, job_id=job_id) for job_id in IDS]
    provider = ScriptedProvider(update=[100, 100], pages=[(queue, ""), fail(kind)])
    task = TaskOptions(tuple(DesiredPriority(job_id, 100, 10) for job_id in IDS), Policy(), single=False)
    result = execute(session(provider, max_attempts=1), task, False, QueueId("aws", "eu-central-1", "1"))
    assert result["changed"] is True
    assert [(item["outcome"], item["priority"]) for item in result["jobs"]] == [("changed", 100)] * 2
    assert result["failed"] is True
    assert result["error"]["kind"] == kind
    assert "The priorities were updated, but the final verification" in result["msg"]
    assert " failed: " in result["msg"] and "Run the task again to verify the priorities." in result["msg"]
    assert "changed from 10 to 100" in result["msg"]
