# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests wait for one another or for a release, and never for seconds."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from batch_emulator.accounts import AWS_ACCOUNT, COS_APPID
from batch_emulator.client import Emulator, EmulatorError, until
from qcloud_cos.cos_auth import CosS3Auth

from .clients import COS_REGION, Cos, boto, text

HOUR = 3600.0


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


@pytest.fixture(autouse=True)
def _released(emulator: Emulator) -> Iterator[None]:
    emulator.seed({"provider": "cos", "region": COS_REGION, "job_id": "job", "priority": 10, "frozen": True})
    yield
    # A test that fails leaves no client behind that waits for ever.
    emulator.clear_faults()
    emulator.release()


def priority(emulator: Emulator) -> int:
    return int(emulator.job("job")["priority"])


def update(emulator: Emulator, value: int) -> int:
    answer = Cos(emulator.url).priority("job", value)
    return int(text(answer, "Priority") or 0)


@contextmanager
def sent(emulator: Emulator, method: str, target: str) -> Iterator[socket.socket]:
    """A connection of its own, on which a signed request was sent."""
    cos = Cos(emulator.url)
    path, _unused, query = target.partition("?")
    auth = CosS3Auth(cos.config, path, dict(parse_qsl(query)))
    request = requests.Request(method, cos.base + target, headers={"x-cos-appid": COS_APPID}, auth=auth)
    signed = cos.session.prepare_request(request)
    headers = {**signed.headers, "Host": cos.base.removeprefix("http://"), "Connection": "close"}
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    parts = urlsplit(emulator.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as connection:
        connection.sendall("\r\n".join(lines).encode())
        yield connection


@pytest.mark.parametrize(("applied", "stored"), [(False, 10), (True, 20)])
def test_a_request_is_held_until_it_is_released(
    emulator: Emulator, pool: ThreadPoolExecutor, applied: bool, stored: int
) -> None:
    number = emulator.fault("barrier", operation="UpdateJobPriority", applied=applied)
    answer = pool.submit(update, emulator, 20)
    [held] = emulator.until_waiting(operation="UpdateJobPriority")
    [entry] = emulator.log()
    assert (held["seq"], held["fault"], held["fault_id"]) == (entry["seq"], "barrier", number)
    assert (held["provider"], held["job_id"], held["applied"]) == ("cos", "job", applied)
    assert (held["pause"], held["seconds"], held["port"] > 0) == (None, None, True)
    assert (priority(emulator), answer.done(), entry["http_status"]) == (stored, False, None)
    assert (emulator.release(), answer.result(), priority(emulator)) == (1, 20, 20)
    assert (emulator.waiting(), emulator.log()[0]["http_status"]) == ([], 200)


def test_what_is_released_goes_on_before_what_comes_later(emulator: Emulator, pool: ThreadPoolExecutor) -> None:
    for turn in range(50):
        emulator.fault("barrier", operation="UpdateJobPriority")
        answer = pool.submit(update, emulator, turn)
        emulator.until_waiting()
        emulator.release()
        assert priority(emulator) == turn
        assert answer.result() == turn


def test_parties_meet(emulator: Emulator, pool: ThreadPoolExecutor) -> None:
    """All of them are there before one goes on; the next ones pass, since the fault has hit as often as it should."""
    emulator.fault("barrier", operation="ListJobs", count=3, parties=3)
    lists = [pool.submit(Cos(emulator.url), "GET", "/jobs") for _unused in range(2)]
    emulator.until_waiting(2)
    assert [answer.done() for answer in lists] == [False, False]
    assert Cos(emulator.url)("GET", "/jobs").status_code == 200
    assert [answer.result().status_code for answer in lists] == [200, 200]
    assert Cos(emulator.url)("GET", "/jobs").status_code == 200


def test_parties_come_again(emulator: Emulator, pool: ThreadPoolExecutor) -> None:
    emulator.fault("barrier", operation="ListJobs", count=None, parties=2)
    for _turn in range(3):
        lists = [pool.submit(Cos(emulator.url), "GET", "/jobs") for _unused in range(2)]
        assert [answer.result().status_code for answer in lists] == [200, 200]
    assert emulator.waiting() == []


def test_the_oldest_go_on_first(emulator: Emulator, pool: ThreadPoolExecutor) -> None:
    barrier = emulator.fault("barrier", operation="UpdateJobPriority", skip=1, count=None)
    assert update(emulator, 11) == 11
    answers = []
    for value in (12, 13, 14):
        answers.append(pool.submit(update, emulator, value))
        emulator.until_waiting(len(answers))
    assert (emulator.release(count=1), answers[0].result(), priority(emulator)) == (1, 12, 12)
    others = emulator.fault("barrier", operation="ListJobs")
    emulator.clear_faults(barrier)
    assert [fault["id"] for fault in emulator.faults()] == [others]
    # Without the fault others pass; what is held stays held.
    assert (update(emulator, 15), len(emulator.waiting())) == (15, 2)
    assert (emulator.release(), [answer.result() for answer in answers]) == (2, [12, 13, 14])


def test_each_fault_has_a_line_of_its_own(emulator: Emulator, pool: ThreadPoolExecutor) -> None:
    emulator.seed({"provider": "aws", "job_id": "aws-job", "frozen": True})
    barrier = {"name": "barrier", "operation": "ListJobs", "parties": 2}
    faults = {name: emulator.fault(provider=name, **barrier) for name in ("aws", "cos")}
    aws = pool.submit(boto(emulator.url).list_jobs, AccountId=AWS_ACCOUNT)
    cos = pool.submit(Cos(emulator.url), "GET", "/jobs")
    emulator.until_waiting(2)
    assert [len(emulator.waiting(provider=name)) for name in faults] == [1, 1]
    assert [len(emulator.waiting(fault_id=number)) for number in faults.values()] == [1, 1]
    assert emulator.release(provider="aws") == 1
    assert len(aws.result()["Jobs"]) == 1
    assert [len(emulator.waiting(provider=name)) for name in faults] == [0, 1]
    assert emulator.release(fault="barrier", operation="ListJobs", job_id=None) == 1
    assert cos.result().status_code == 200


def test_the_barrier_of_a_client_that_has_hung_up(emulator: Emulator) -> None:
    """Nobody waits any more, but the request is still under way: it lands at the moment of the release."""
    emulator.fault("barrier", operation="UpdateJobPriority")
    with sent(emulator, "POST", "/jobs/job/priority?priority=20") as connection:
        [held] = emulator.until_waiting()
        assert held["port"] == connection.getsockname()[1]
    assert until(lambda: not emulator.waiting())
    assert (priority(emulator), emulator.release(), priority(emulator)) == (10, 1, 20)


@pytest.mark.parametrize("name", ["late", "late_before"])
def test_late_answers_can_be_released(emulator: Emulator, pool: ThreadPoolExecutor, name: str) -> None:
    emulator.fault(name, operation="UpdateJobPriority", seconds=HOUR)
    answer = pool.submit(update, emulator, 20)
    [held] = emulator.until_waiting()
    assert (held["fault"], held["pause"], held["seconds"]) == (name, HOUR, HOUR)
    assert priority(emulator) == (20 if name == "late" else 10)
    assert (emulator.release(), answer.result()) == (1, 20)


def test_a_late_write_can_be_released(emulator: Emulator, cos: Cos) -> None:
    emulator.fault("late_write", seconds=HOUR)
    with pytest.raises(requests.ConnectionError):
        cos.priority("job", 20)
    [held] = emulator.waiting()
    assert (held["fault"], held["port"], held["applied"]) == ("late_write", 0, False)
    assert (priority(emulator), emulator.release(), priority(emulator)) == (10, 1, 20)


def test_a_drip_can_be_released(emulator: Emulator) -> None:
    emulator.fault("drip", seconds=HOUR)
    with sent(emulator, "GET", "/jobs") as connection, connection.makefile("rb") as answer:
        while answer.readline().strip():
            """The headers come at once."""
        assert answer.readline() == b"1\r\n", "a chunk of one byte"
        assert answer.readline() == b"<\r\n"
        [held] = emulator.until_waiting()
        assert (held["fault"], held["pause"], held["seconds"] >= 100 * HOUR) == ("drip", HOUR, True)
        assert (emulator.release(), answer.read().endswith(b"0\r\n\r\n"), emulator.waiting()) == (1, True, [])


@pytest.mark.parametrize("name", ["barrier", "late", "late_before", "late_write"])
def test_a_reset_drops_what_waits(emulator: Emulator, pool: ThreadPoolExecutor, name: str) -> None:
    emulator.fault(name, operation="UpdateJobPriority", **({} if name == "barrier" else {"seconds": HOUR}))
    answer = pool.submit(update, emulator, 20)
    emulator.until_waiting()
    emulator.reset()
    emulator.seed({"provider": "cos", "region": COS_REGION, "job_id": "job", "priority": 10, "frozen": True})
    with pytest.raises(requests.ConnectionError):
        answer.result()
    assert (emulator.waiting(), emulator.release(), priority(emulator), emulator.log()) == ([], 0, 10, [])


@pytest.mark.parametrize(
    ("call", "options", "sentence"),
    [
        ("fault", {"name": "barrier", "parties": 0}, "parties must be null or an integer from 1"),
        ("fault", {"name": "barrier", "parties": "2"}, "parties must be null or an integer from 1"),
        ("fault", {"name": "barrier", "applied": 1}, "must be of type bool"),
        ("waiting", {"account": "1"}, "Unknown filter account; known filters: provider, "),
        ("release", {"account": "1"}, "Unknown field account; known fields: count, provider, "),
        ("release", {"count": 0}, "count must be null (for all) or an integer from 1"),
        ("clear_faults", {"fault_id": "one"}, "`id` must be a number and the only parameter, not 'id=one'"),
        ("until_waiting", {"timeout": 0}, "0 of 1 requests are held after 0 s: []"),
    ],
    ids=str,
)
def test_nonsense_is_refused(emulator: Emulator, call: str, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(EmulatorError) as caught:
        getattr(emulator, call)(**options)
    assert sentence in str(caught.value)
