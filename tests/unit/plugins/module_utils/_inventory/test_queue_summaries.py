# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a queue looks like, in numbers; unknown is not the same as none."""

from __future__ import annotations

import datetime
import json

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job, Progress
from ansible_collections.objectstore.batch.plugins.module_utils._core.statuses import STATUSES
from ansible_collections.objectstore.batch.plugins.module_utils._inventory.queue_summaries import (
    restored,
    summarize,
    unknown,
)

NOW = datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)
ESTIMATE = ("active_seconds", "rate", "estimated_end", "estimate_basis")
OLD = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)


def test_an_empty_queue_is_zero_and_an_unread_one_is_null():
    empty, unread = summarize([], NOW), unknown()
    assert set(empty) == set(unread)
    assert [empty[name] for name in ("live", "statuses", "failed_tasks", "state")] == [0, {}, 0, "idle"]
    assert {name: value for name, value in unread.items() if value is not None} == {"state": "unreachable"}


@pytest.mark.parametrize(
    ("jobs", "state"),
    [
        ([Job("a", "Ready", 1, created=OLD)], "waiting"),
        ([Job("a", "Active", 1, created=OLD, progress=Progress(9, 1, 0))], "running"),
        ([Job("a", "Active", 1, created=OLD)], "stalled"),
        ([Job("a", "Suspended", 1)], "awaiting_confirmation"),
        ([Job("a", "Complete", 1), Job("b", "Failing", 1)], "idle"),
    ],
)
def test_states(jobs, state):
    seen = summarize(jobs, NOW)
    assert seen["state"] == state and restored(seen) == seen


def test_a_status_is_a_word_whatever_a_server_sends():
    statuses = [*STATUSES, "Retrying soon", "", "{{ x }}", "{% x %}", "{#x#}", "a" * 1000, "\n", "é"]
    words = summarize([Job(str(number), status) for number, status in enumerate(statuses)], NOW)["statuses"]
    assert {"Active", "Retrying soon", "unknown"} <= set(words)
    assert not set("{}%#\n") & set("".join(words)) and max(map(len, words)) == 64
    assert restored(summarize([Job("a", status) for status in statuses], NOW)) is not None


def active(total=100, done=50, seconds=100):
    return Job("a", "Active", 1, created=OLD, progress=Progress(total, done, 0), active_seconds=seconds)


@pytest.mark.parametrize(
    ("jobs", "estimate"),
    [
        ([], (None, None, None, None)),
        ([Job("a", "Ready", 1, active_seconds=9, progress=Progress(9, 3, 0))], (None, None, None, None)),
        ([active()], (100, 0.5, "2026-01-02T00:01:40Z", "timer")),
        # The last one counts, and jobs that wait do not.
        ([active(), active(1000, 200, 50), Job("b", "Ready", 1)], (100, 4.5, "2026-01-02T00:03:20Z", "timer")),
        # A part of it would mislead.
        ([active(), active(seconds=None)], (None, None, None, None)),
        ([active(), active(total=None)], (100, 1.0, None, "timer")),
        ([active(), active(done=0)], (100, 0.5, None, "timer")),
    ],
)
def test_the_estimate_is_that_of_all_active_jobs(jobs, estimate):
    seen = summarize(jobs, NOW)
    assert tuple(seen[name] for name in ESTIMATE) == estimate
    assert restored(json.loads(json.dumps(seen))) == seen


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("active_seconds", value) for value in (-1, 1.5, "1", True)),
        *(("rate", value) for value in (None, 1, -1.0, float("nan"), float("inf"), "1", True)),
        *(("estimated_end", value) for value in ("{{ x }}", "2026", 5, "2026-01-02T00:01:40Z\n")),
        *(("estimate_basis", value) for value in ("polls", "", [], "{{ x }}", None)),
    ],
)
def test_a_stored_estimate_that_cannot_be_is_not_used(name, value):
    seen = summarize([active()], NOW)
    assert restored(seen) == seen
    assert restored({**seen, name: value}) is None
