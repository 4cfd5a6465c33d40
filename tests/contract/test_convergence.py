# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are killed, and runs at the same time, in processes of their own, on every cloud."""

from __future__ import annotations

import json
import typing as t

import pytest
from batch_emulator.client import until

from .clouds import PATIENT, Cloud

MODULE = "batch_job_priority"
COUNT = 1000


def seed(cloud: Cloud, count: int) -> list[str]:
    return cloud.seed(*[{"job_id": f"job-{number:05}", "priority": 10, "status": "Ready"} for number in range(count)])


def jobs(ids: list[str], base: int, **options: t.Any) -> list[dict[str, t.Any]]:
    return [{"job_id": job_id, "priority": base + number, **options} for number, job_id in enumerate(ids)]


def stored(cloud: Cloud) -> list[int]:
    return [job["priority"] for job in cloud.emulator.jobs()]


def test_killed_halfway_and_run_again(cloud: Cloud) -> None:
    ids = seed(cloud, COUNT)
    wanted = jobs(ids, 100)
    cloud.fault("barrier", operation="UpdateJobPriority", skip=COUNT // 2, count=None)
    with cloud.started(MODULE, jobs=wanted, **PATIENT) as process:
        cloud.emulator.until_waiting()
        process.kill()
        process.wait()
    assert until(lambda: not cloud.emulator.waiting())
    assert len(cloud.writes()) == COUNT // 2
    # What was under way when the process died lands afterwards.
    landed = cloud.emulator.release()
    cloud.emulator.clear_faults()
    done = {entry["job_id"] for entry in cloud.writes()}
    assert COUNT // 2 < len(done) == COUNT // 2 + landed < COUNT
    cloud.emulator.clear_log()
    result = cloud.run(MODULE, jobs=wanted)
    assert result["msg"] == f"{COUNT} jobs: {COUNT - len(done)} changed, {len(done)} unchanged."
    assert stored(cloud) == [item["priority"] for item in wanted]
    written = [entry["job_id"] for entry in cloud.writes()]
    assert sorted(written) == sorted(set(ids) - done)


def both(cloud: Cloud, first: list[dict[str, t.Any]], second: list[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """Run two lists about the same jobs at once and return both results."""
    # Neither writes before both have read, and neither gets beyond these jobs before the other has come to them.
    cloud.fault("barrier", operation="ListJobs", count=2, parties=2)
    for job in (first[0], first[len(first) // 2], first[-1]):
        cloud.fault("barrier", operation="UpdateJobPriority", job_id=job["job_id"], count=2, parties=2)
    with cloud.started(MODULE, jobs=first, **PATIENT) as one, cloud.started(MODULE, jobs=second, **PATIENT) as two:
        results = [json.loads(process.communicate()[0]) for process in (one, two)]
    assert cloud.emulator.faults() == []
    return results


def test_two_runs_of_the_same_state_converge(cloud: Cloud) -> None:
    ids = seed(cloud, 200)
    wanted = jobs(ids, 100)
    results = both(cloud, wanted, wanted)
    assert [result.get("failed", False) for result in results] == [False, False]
    assert stored(cloud) == [item["priority"] for item in wanted]
    expecting = jobs(ids, 1000, expect_current=10)
    for number, item in enumerate(expecting):
        item["expect_current"] = 100 + number
    results = both(cloud, expecting, expecting)
    assert [result.get("failed", False) for result in results] == [False, False]
    assert stored(cloud) == [item["priority"] for item in expecting]


@pytest.mark.parametrize("turn", range(2))
def test_two_runs_of_different_states_never_end_in_a_silent_mix(cloud: Cloud, turn: int) -> None:
    ids = seed(cloud, 200)
    first, second = jobs(ids, 1000, expect_current=10), jobs(ids, 5000, expect_current=10)
    results = both(cloud, first, second)
    kinds = [result.get("error", {}).get("kind") for result in results]
    final = stored(cloud)
    whole = [final == [item["priority"] for item in wanted] for wanted in (first, second)]
    # Whoever reports success has its state in place as a whole, unless the other came later as a whole.
    assert set(kinds) <= {None, "conflict"}
    assert any(whole) or "conflict" in kinds
    for kind, own, other in ((kinds[0], whole[0], whole[1]), (kinds[1], whole[1], whole[0])):
        assert kind == "conflict" or own or other


def test_the_later_of_two_different_runs_is_refused(cloud: Cloud) -> None:
    ids = seed(cloud, 5)
    assert cloud.run(MODULE, jobs=jobs(ids, 1000, expect_current=10))["rc"] == 0
    result = cloud.run(MODULE, jobs=jobs(ids, 5000, expect_current=10))
    assert (result["rc"], result["error"]["kind"], result["changed"]) == (1, "conflict", False)
    assert stored(cloud) == [1000, 1001, 1002, 1003, 1004]
