# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast a job is and when it ends, from each provider's own responses: AWS and OSS have a timer, COS has none."""

from __future__ import annotations

import datetime
import typing as t

import pytest

from .clouds import JOB_ID, Cloud

if t.TYPE_CHECKING:
    from .moments import Clock

NAMES = ("active_seconds", "rate", "estimate_basis")
DRIFT = datetime.timedelta(minutes=10)
"""The longest that a busy machine takes for one module."""
COUNTS = {"tasks_total": 100_000, "tasks_done": 900, "tasks_failed": 100, "active_seconds": 90}


def until_end(job: dict[str, t.Any], began: datetime.datetime) -> datetime.timedelta:
    """Return the time between the start of a module and the end that it estimates."""
    end = datetime.datetime.strptime(job["estimated_end"], "%Y-%m-%dT%H:%M:%SZ")
    return end.replace(tzinfo=datetime.timezone.utc) - began


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def test_a_single_job_and_a_list(cloud: Cloud) -> None:
    cloud.seed(
        {"job_id": "job-running", "status": "Active", "priority": 10, **COUNTS},
        {"job_id": "job-paused", "status": "Paused", "priority": 10, **COUNTS},
        {"job_id": "job-done", "status": "Complete", "priority": 10, **COUNTS},
        {"job_id": "job-new", "status": "New", "priority": 10},
        {"job_id": "job-odd", "status": "Active", "priority": 10, **COUNTS, "active_seconds": 10**18},
    )
    began = now()
    timed = (90, 10.0, "timer") if cloud.provider != "cos" else (None, None, None)
    listed = cloud.info()
    for jobs in (listed["jobs"], [cloud.info(job_id=job["job_id"])["job"] for job in listed["jobs"]]):
        found = {job["job_id"]: tuple(job[name] for name in NAMES) for job in jobs}
        fresh = (0 if cloud.provider != "cos" else None, None, None)
        assert found == {
            **dict.fromkeys(("job-running", "job-paused", "job-done"), timed),
            "job-new": fresh,
            "job-odd": (None, None, None),
        }
        ends = {job["job_id"]: job for job in jobs if job["estimated_end"] is not None}
        assert set(ends) == ({"job-running"} if cloud.provider != "cos" else set())
        for job in ends.values():
            assert datetime.timedelta(0) <= until_end(job, began) - datetime.timedelta(seconds=9910) <= DRIFT
    assert ("~2h45m left" in "".join(listed["table"])) is (cloud.provider != "cos")


def test_two_polls_of_a_wait(cloud: Cloud, clock: Clock) -> None:
    cloud.seed(status="Active", **COUNTS)
    began = now()

    start = clock.now()

    def move(turn: int) -> None:
        cloud.emulator.patch(JOB_ID, tasks_done=1000 + round(10 * (clock.now() - start)), active_seconds=190)

    with clock.meanwhile(move):
        answer = cloud.wait(interval=10, max_interval=10, timeout=60)
    job = answer["job"]
    assert answer["error"]["kind"] == "timeout"
    if cloud.provider == "cos":
        assert (job["active_seconds"], job["estimate_basis"]) == (None, "polls")
        assert job["rate"] == pytest.approx(10, rel=0.02)
        assert until_end(job, began) == pytest.approx(datetime.timedelta(seconds=98_400 / job["rate"]), abs=DRIFT)
    else:
        done = job["progress"]["succeeded"] + job["progress"]["failed"]
        assert [job[name] for name in NAMES] == [190, pytest.approx(done / 190, rel=0.001), "timer"]
        assert until_end(job, began) == pytest.approx(
            datetime.timedelta(seconds=(100_000 - done) / done * 190), abs=DRIFT
        )
    patched = {"status": "Complete", "tasks_done": 100_000}
    cloud.emulator.patch(JOB_ID, **patched)
    ended = cloud.wait(max_failed_ratio=1)["job"]
    assert (ended["estimated_end"], ended["active_seconds"]) == (None, 190 if cloud.provider != "cos" else None)
    assert ended["estimate_basis"] == ("timer" if cloud.provider != "cos" else None)


def test_one_poll_is_no_rate(cloud: Cloud) -> None:
    cloud.seed(status="Active", **{**COUNTS, "active_seconds": 0})
    job = cloud.wait(status=["Active"])["job"]
    assert [job[name] for name in (*NAMES[1:], "estimated_end")] == [None, None, None]
