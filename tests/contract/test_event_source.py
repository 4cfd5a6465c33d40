# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source batch_jobs: each change is one event, in order, on every provider and in bad weather."""

from __future__ import annotations

import asyncio
import contextlib
import json
import runpy
import typing as t
from pathlib import Path

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._events.event_stream import Clock, SourceError, stream

from .clouds import Cloud

if t.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "extensions" / "eda" / "plugins" / "event_source" / "batch_jobs.py"
DELAY = 60
HOUR = 3600
HOSTILE = "{{ lookup('pipe', 'id') }}\n\u202e"


class Day:
    """The time of a source: each pause between two readings runs the next step, and the day ends after the last.

    :ivar events: the events after each step; the first list has those of the first reading.
    """

    def __init__(self, cloud: Cloud, start: float = 1.8e9) -> None:
        self.cloud = cloud
        self.now = start
        self.events: list[list[dict[str, t.Any]]] = [[]]
        self._over: asyncio.Event | None = None
        self._steps: list[Callable[[], object]] = []

    async def put(self, event: dict[str, t.Any]) -> None:
        self.events[-1].append(event)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        if not self._steps:
            t.cast("asyncio.Event", self._over).set()
            await asyncio.Event().wait()
        self._steps.pop(0)()
        self.events.append([])

    def options(self, **given: t.Any) -> dict[str, t.Any]:
        connection = dict(self.cloud.account.connection)
        connection.pop("secret_key"), connection.pop("access_key")
        account = {
            "provider": self.cloud.provider,
            "regions": [connection.pop("region")],
            "name": "q",
            "endpoint_url": self.cloud.emulator.url,
            **{key: connection[key] for key in ("account_id", "app_id") if key in connection},
            "access_key_variable": "KEY_ID",
            "secret_key_variable": "KEY",
        }
        limits = {"max_attempts": 1, "delay": DELAY, "max_delay": HOUR}
        return {"accounts": [account], **limits, **given}

    def run(self, *steps: Callable[[], object], put: t.Any = None, **given: t.Any) -> list[list[dict[str, t.Any]]]:
        """Return the events of a source that is stopped after the last step and the reading after it."""
        self._steps = list(steps)

        async def work() -> None:
            self._over = asyncio.Event()
            clock = Clock(lambda: self.now, self.sleep, lambda least, most: 1.0)
            source = asyncio.ensure_future(stream(self.options(**given), put or self.put, clock))
            over = asyncio.ensure_future(self._over.wait())
            await asyncio.wait({source, over}, return_when=asyncio.FIRST_COMPLETED)
            source.cancel()
            over.cancel()
            await asyncio.gather(source, return_exceptions=False)

        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(work())
        return self.events


@pytest.fixture
def day(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Day:
    monkeypatch.setenv("KEY_ID", cloud.account.connection["access_key"])
    monkeypatch.setenv("KEY", cloud.account.connection["secret_key"])
    return Day(cloud)


def types(events: Sequence[Sequence[dict[str, t.Any]]]) -> list[list[str]]:
    return [[event["type"] for event in step] for step in events]


def seed(cloud: Cloud, job_id: str, **more: t.Any) -> Callable[[], object]:
    """Return what creates a job."""
    return lambda: cloud.seed(job_id=job_id, **{"priority": 10, "status": "Ready", **more})


def patch(cloud: Cloud, job_id: str, **changes: t.Any) -> Callable[[], object]:
    return lambda: cloud.emulator.patch(cloud.names.encode(job_id, "job_id"), **changes)


def nothing() -> None:
    """Let a reading pass."""


def test_a_scripted_day(cloud: Cloud, day: Day) -> None:
    """Every event of jobs, in order, each once."""
    seed(cloud, "first-job", description="before")()
    events = day.run(
        nothing,
        seed(cloud, "second-job", status="Suspended", priority=20, description=HOSTILE),
        patch(cloud, "first-job", priority=30),
        patch(cloud, "second-job", status="Active"),
        patch(cloud, "second-job", tasks_done=100, tasks_failed=50, tasks_total=1000),
        patch(cloud, "second-job", status="Complete", tasks_done=1000, tasks_failed=50),
        nothing,
    )
    assert types(events) == [
        *([], []),
        ["job_created", "awaiting_confirmation"],
        ["priority_changed"],
        ["status_changed"],
        ["failed_tasks"],
        ["status_changed", "ended"],
        [],
    ], events
    created, raised, ended = events[2][0], events[3][0], events[6][1]
    text = created["job"]["description"]
    assert "{{" not in text and text.isprintable()
    assert (raised["before"]["priority"], raised["after"]["priority"]) == (10, 30)
    assert (raised["before"]["rank"], raised["after"]["rank"]) == (2, 1)
    assert (ended["result"], ended["job"]["progress"]["failed"]) == ("partial", 50)
    assert json.loads(json.dumps(events)) == events
    ids = [event["meta"]["uuid"] for step in events for event in step]
    assert len(set(ids)) == len(ids)
    assert {event["queue"]["name"] for step in events for event in step} == {created["queue"]["name"]}


def test_the_live_jobs_at_the_start(cloud: Cloud, day: Day) -> None:
    seed(cloud, "first-job")()
    seed(cloud, "ended-job", status="Complete")()
    assert types(day.run(initial="all")) == [["job_created"]]


def test_stalled_and_starved(cloud: Cloud, day: Day) -> None:
    seed(cloud, "active-job", status="Active", priority=50, tasks_done=5, tasks_total=1000)()
    seed(cloud, "waiting-job")()
    events = day.run(nothing, nothing, nothing, delay="30m", stalled_after="1h", starved_after="90m")
    assert types(events) == [[], [], ["stalled"], ["starved"]]
    [starved] = events[3]
    assert [job["job_id"] for job in starved["ahead"]] == [cloud.names.encode("active-job", "job_id")]
    assert (starved["ahead_count"], starved["seconds"]) == (1, 5400)


def test_an_outage_is_two_events(cloud: Cloud, day: Day) -> None:
    seed(cloud, "first-job")()
    events = day.run(
        lambda: cloud.emulator.fault("unavailable", count=None),
        nothing,
        cloud.emulator.clear_faults,
        patch(cloud, "first-job", priority=30),
    )
    assert types(events) == [[], ["queue_unreachable"], [], ["queue_reachable"], ["priority_changed"]], events
    assert events[1][0]["error"]["kind"] == "unavailable"
    # The delay doubles while the queue cannot be read: 120 s and 240 s.
    assert events[3][0]["seconds"] == 120 + 240


@pytest.mark.parametrize("fault", ["throttle", "truncated", "drop_after", "html", "repeated_token", "other_xml"])
def test_a_bad_reading_is_never_a_change(cloud: Cloud, day: Day, fault: str) -> None:
    for number in range(3):
        seed(cloud, f"job-{number}")()
    events = day.run(lambda: cloud.emulator.fault(fault, operation="ListJobs", count=9), cloud.emulator.clear_faults)
    assert types(events) == [[], ["queue_unreachable"], ["queue_reachable"]], events


def test_jobs_that_no_longer_exist_vanish_once(cloud: Cloud, day: Day) -> None:
    seed(cloud, "first-job")()
    seed(cloud, "second-job")()

    events = day.run(cloud.emulator.reset, nothing)
    assert types(events) == [[], ["vanished", "vanished"], []], events
    assert events[1][0]["after"] is None


def test_a_restart_with_a_state_file(cloud: Cloud, day: Day, tmp_path: Path) -> None:
    """What happened while nothing ran is reported by the next run, once."""
    state = str(tmp_path / "state.json")
    seed(cloud, "first-job")()
    assert types(day.run(state_file=state)) == [[]]
    patch(cloud, "first-job", priority=30)()
    again = Day(cloud, day.now)
    assert types(again.run(state_file=state)) == [["priority_changed"]]
    third = Day(cloud, again.now)
    assert types(third.run(state_file=state)) == [[]]


def test_a_consumer_that_blocks_loses_and_repeats_nothing(cloud: Cloud, day: Day, tmp_path: Path) -> None:
    """The source is stopped while an event waits to be taken; the next run delivers it, and those after it."""
    state = str(tmp_path / "state.json")
    seed(cloud, "first-job")()
    taken: list[str] = []

    async def blocked(event: dict[str, t.Any]) -> None:
        if len(taken) == 1:
            t.cast("asyncio.Event", day._over).set()
            await asyncio.Event().wait()
        taken.append(event["meta"]["uuid"])

    changes = patch(cloud, "first-job", status="Active", priority=30)
    day.run(changes, nothing, put=blocked, state_file=state)
    assert len(taken) == 1
    again = Day(cloud, day.now)
    [rest] = again.run(state_file=state)
    assert [event["type"] for event in rest] == ["priority_changed"]
    assert rest[0]["meta"]["uuid"] not in taken


def test_the_declared_order(cloud: Cloud, day: Day) -> None:
    seed(cloud, "first-job", priority=20)()
    seed(cloud, "second-job", priority=10)()
    region = cloud.account.connection["region"]
    order = [cloud.names.encode(name, "job_id") for name in ("first-job", "second-job")]
    events = day.run(
        patch(cloud, "second-job", priority=30),
        nothing,
        patch(cloud, "second-job", priority=10),
        declarations={f"{cloud.provider}-q-{region}": {"order": order}},
    )
    assert types(events) == [[], ["priority_changed", "order_drift"], [], ["priority_changed"]], events
    drift = events[1][1]
    assert drift["plan"][0]["job_id"] == order[0]
    assert "would change" in drift["plan_text"] and "\n" in drift["plan_text"]


@pytest.mark.parametrize(
    ("args", "text"),
    [
        ({"delay": 0}, "value of delay must be 1 or more"),
        ({"dealy": 5}, "unsupported argument 'dealy'. Did you mean delay?"),
        ({"accounts": []}, "value of accounts must have at least one entry"),
        ({"accounts": [{"provider": "aws"}]}, "missing required arguments: regions"),
        ({"events": ["everything"]}, "value of events must be one or more of"),
        ({"confirmation_ages": ["7d", "1d"]}, "must be one or more ascending durations"),
        ({"max_delay": 5}, "must not be less than delay"),
        ({"declarations": {"other": {"order": ["x"]}}}, "must be the name of a queue of this source"),
    ],
)
def test_wrong_arguments_end_the_source(cloud: Cloud, day: Day, args: dict[str, t.Any], text: str) -> None:
    with pytest.raises(SourceError, match=text.replace("(", r"\(").replace("?", r"\?")):
        day.run(**args)
    assert cloud.operations() == []


def test_rejected_credentials_end_the_source(cloud: Cloud, day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "not-the-secret")
    with pytest.raises(SourceError, match=f"{cloud.provider}-q-.*secret_key"):
        day.run()


def test_credentials_that_expire_are_looked_up_again(cloud: Cloud, day: Day) -> None:
    seed(cloud, "first-job")()
    events = day.run(lambda: cloud.emulator.fault("expired_token", operation="ListJobs"), nothing)
    assert types(events) == [[], [], []], events


def test_the_file_alone_runs_as_ansible_rulebook_runs_it(cloud: Cloud, day: Day) -> None:
    """Without a package, by its path; cancellation ends it at once, also while a request is in flight."""
    seed(cloud, "first-job")()
    main = runpy.run_path(str(SOURCE))["main"]
    cloud.emulator.fault("barrier", operation="ListJobs", parties=2, count=None)

    async def work() -> None:
        source = asyncio.ensure_future(main(asyncio.Queue(1), day.options()))
        await asyncio.to_thread(cloud.emulator.until_waiting, 1)
        source.cancel()
        with pytest.raises(asyncio.CancelledError):
            await source

    asyncio.run(work())
    cloud.emulator.clear_faults()
    cloud.emulator.release()
