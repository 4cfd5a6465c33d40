# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events as a rulebook receives them."""

from __future__ import annotations

import json
import uuid

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.job_values import QueueId
from ansible_collections.objectstore.batch.plugins.module_utils._events.event_values import (
    Lines,
    event_id,
    job_event,
    plain,
    queue_event,
)
from ansible_collections.objectstore.batch.plugins.module_utils._events.queue_changes import Change
from ansible_collections.objectstore.batch.plugins.module_utils._events.queue_records import QueueRecord, record_of

QUEUE = QueueId("aws", "eu-central-1", "111122223333")
EVIL = "{{ lookup('pipe', 'id') }} {% raw %} {# x #}\n\u202ex"


def change(kind="priority_changed", **values):
    job = Job("a", "Ready", 10, EVIL, "Restore")
    return Change(kind, "a", job, record_of(job, 1, None, None, 5.0), 0, values)


@pytest.mark.parametrize("text", [EVIL, "{{{{", "{%{{", "{{{% x"])
def test_no_text_is_a_template(text):
    made = plain({"key": [text, {"deep": text}]})
    for shown in (made["key"][0], made["key"][1]["deep"]):
        assert not {"{{", "{%", "{#"} & {shown[number : number + 2] for number in range(len(shown))}
        assert shown.isprintable()


def test_long_text_is_cut_and_other_values_stay():
    assert len(plain("x" * 5000)) < 1100
    assert plain({"a": None, "b": 3, "c": 0.5, "d": True}) == {"a": None, "b": 3, "c": 0.5, "d": True}
    assert plain(Lines("one\n{{ two }}\n")) == "one\n{ { two }}\n"


def test_a_job_event():
    event = job_event("aws-prod", QUEUE, change(before={"priority": 1}, after={"priority": 10}))
    assert json.loads(json.dumps(event)) == event
    assert event["type"] == "priority_changed"
    assert event["queue"] == {
        "name": "aws-prod",
        "provider": "aws",
        "region": "eu-central-1",
        "account_id": "111122223333",
    }
    assert event["job"]["rank"] == 1
    assert "{{" not in event["job"]["description"]
    assert "report" not in event
    assert job_event("aws-prod", QUEUE, change("ended"))["report"] is None


def test_ids_are_equal_for_equal_events_only():
    first = event_id("q", "a", 1.0, 0)
    assert uuid.UUID(first).version == 5
    assert first == event_id("q", "a", 1.0, 0)
    others = {
        event_id("q", "a", 1.0, 1),
        event_id("p", "a", 1.0, 0),
        event_id("q", "b", 1.0, 0),
        event_id("q", "a", 2.0, 0),
    }
    assert len(others | {first}) == 5


def test_events_of_a_queue_are_counted():
    record = QueueRecord(started=7.0)
    events = [queue_event("queue_unreachable", "q", QUEUE, record, {}) for _time in range(2)]
    assert record.number == 2
    assert events[0]["meta"] != events[1]["meta"]
