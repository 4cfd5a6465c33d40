# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many queues at once: one budget for each, on a clock that only requests move, and no trouble beyond one's own."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds import registry
from ansible_collections.objectstore.batch.plugins.module_utils._core import errors, validation as _validation
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.provider_traits import ConnectionTraits, Traits
from ansible_collections.objectstore.batch.plugins.module_utils._core.providers import Provider
from ansible_collections.objectstore.batch.plugins.module_utils._inventory import accounts, queue_scan
from ansible_collections.objectstore.batch.plugins.module_utils._requests import timeouts
from ansible_collections.objectstore.batch.tests.unit.plugins.module_utils.scripted import Clock, fail

RULE = _validation.Rule("[a-z]+-[0-9]", "a region such as north-1")
SECRET = "hush-hush-hush"


class World:
    """A provider whose requests take time: what each costs, and what was started with how much time left."""

    def __init__(self, monkeypatch):
        self.clock = Clock()
        self.costs = {"connect": 0.0, "identify": 0.0, "regions": 0.0, "list": 0.0}
        self.pages = {"": ([Job("job-1", "Active", 5)], "")}
        self.names = ["north-1", "south-1"]
        self.failures = {}
        # Whose credentials all queues have; empty where each has its own.
        self.principal = ""
        self.sent = []
        self.left = []
        monkeypatch.setitem(registry.PROVIDERS, "fake", self.provider)
        monkeypatch.setattr(timeouts, "call_with_timeout", self.within)

    def within(self, seconds, request):
        """Run a request that is left behind when its time is over."""
        self.left.append(round(seconds, 6))
        began = self.clock.time
        try:
            return request()
        finally:
            # What it returns or raises comes too late then.
            if self.clock.time - began > seconds:
                self.clock.time = began + seconds
                raise fail("timeout")

    def spend(self, what, region):
        self.sent.append(what)
        self.clock.time += self.costs[what]
        steps = self.failures.get((what, region)) or self.failures.get(what) or []
        if steps:
            raise steps.pop(0) if isinstance(steps, list) else steps

    def provider(self):
        world = self

        class Fake(Provider):
            traits = Traits(
                "a fake cloud",
                ConnectionTraits(identity="WhoAmI", regions="DescribeRegions"),
                rules={"region": RULE},
            )

            def __init__(self, options):
                super().__init__(options)
                world.spend("connect", self.region)

            def credential_key(self):
                return world.principal or self.region

            def identify(self):
                world.spend("identify", self.region)
                return "42"

            def regions(self):
                world.spend("regions", self.region)
                return list(world.names)

            def list_page(self, token):
                world.spend("list", self.region)
                return world.pages[token]

            secrets = describe = update_priority = update_status = create = None

        Fake.__abstractmethods__ = frozenset()
        return Fake

    def look(self, *regions, timeout=10.0, max_attempts=3, retries=100):
        wanted = [accounts.Queue("fake", "", region, "north-9", {}, {}) for region in regions]
        limits = queue_scan.ScanLimits(10.0, max_attempts, timeout, retries, 1)
        looks = queue_scan.scan_queues(wanted, {}, limits, None, self.clock.now, self.clock.sleep)
        return {look.queue.region: look for look in looks}


@pytest.fixture
def world(monkeypatch):
    return World(monkeypatch)


def test_a_queue_that_can_be_read(world):
    look = world.look("north-1")["north-1"]
    assert (look.account_id, look.values["live"], look.failure, look.error()) == ("42", 1, None, None)
    assert world.sent == ["connect", "identify", "list"]


@pytest.mark.parametrize("slow", ["connect", "identify", "list"])
def test_one_request_that_takes_all_the_time(world, slow):
    world.costs[slow] = 1000.0
    look = world.look("north-1")["north-1"]
    assert (look.failure.kind, world.clock.time) == ("timeout", 10.0)
    assert "Raise timeout" in look.error()["msg"] and look.values["live"] is None


def test_credentials_account_and_list_share_one_end(world):
    world.costs.update(connect=4.0, identify=4.0, list=4.0)
    look = world.look("north-1")["north-1"]
    assert (look.failure.kind, world.clock.time) == ("timeout", 10.0)
    assert world.left == [10.0, 6.0, 2.0]


def test_regions_count_for_each_of_their_queues(world):
    world.costs.update(connect=1.0, regions=4.0, identify=1.0, list=4.0)
    looks = world.look("all")
    assert {region: look.failure.kind for region, look in looks.items()} == dict.fromkeys(world.names, "timeout")
    # Five seconds for the regions, and for each queue the five that are left.
    assert world.left == [10.0, 9.0, 5.0, 4.0, 3.0, 5.0, 4.0, 3.0]
    assert world.clock.time == 15.0
    world.costs.update(list=3.0)
    assert [look.failure for look in world.look("all").values()] == [None, None]


def test_all_pages_share_it(world):
    world.costs["list"] = 3.0
    pages = [([Job(f"job-{number}", "Ready", 5)], str(number + 1)) for number in range(9)]
    world.pages = {str(number) if number else "": page for number, page in enumerate(pages)}
    look = world.look("north-1")["north-1"]
    assert (look.failure.kind, world.sent.count("list"), world.clock.time) == ("timeout", 4, 10.0)


def test_all_tries_share_it(world):
    world.costs["list"] = 1.0
    world.failures["list"] = fail("unavailable")
    look = world.look("north-1", max_attempts=100)["north-1"]
    assert look.failure.kind in ("unavailable", "timeout") and world.clock.time <= 10.0


def test_nothing_is_sent_when_the_time_is_over(world):
    world.costs["identify"] = 10.0
    look = world.look("north-1")["north-1"]
    assert world.sent == ["connect", "identify"]
    assert (look.failure.kind, look.failure.message) == ("timeout", "the request was not sent because no time is left")


def test_waiting_in_line_costs_no_time(world):
    world.costs.update(connect=3.0, identify=3.0, list=3.0)
    assert [look.failure for look in world.look("north-1", "south-1", "east-1").values()] == [None] * 3


def test_attempts_are_those_of_one_page(world):
    pages = [([Job(f"job-{number}", "Ready", 5)], str(number + 1)) for number in range(6)]
    world.pages = {str(number) if number else "": page for number, page in enumerate(pages)}
    world.pages["6"] = ([], "")
    ask = world.spend
    tried = []

    def stumble(what, region):
        ask(what, region)
        if what == "list":
            tried.append(what)
            if len(tried) % 2:
                raise fail("unavailable")

    world.spend = stumble
    look = world.look("north-1", timeout=1000.0, max_attempts=3)["north-1"]
    assert (look.failure, look.values["live"], len(tried)) == (None, 6, 14)


UNFORESEEN = [
    IndexError("list index out of range"),
    OSError(2, SECRET),
    EOFError(SECRET),
    ValueError(SECRET),
    KeyError(SECRET),
    RecursionError(SECRET),
    AttributeError(SECRET),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, SECRET),
    MemoryError(SECRET),
    SystemError(SECRET),
]


@pytest.mark.parametrize("where", ["connect", "identify", "list"])
@pytest.mark.parametrize("error", UNFORESEEN, ids=lambda error: type(error).__name__)
def test_any_exception_is_the_trouble_of_one_queue(world, where, error):
    world.failures[where, "south-1"] = error
    looks = world.look("north-1", "south-1", "east-1")
    assert {region: look.failure is None for region, look in looks.items()} == {
        "north-1": True,
        "south-1": False,
        "east-1": True,
    }
    said = looks["south-1"].error()
    assert (said["kind"], said["retryable"]) == ("invalid_response", False)
    assert type(error).__name__ in said["msg"] and "test_queue_scan.py:" in said["msg"] and SECRET not in str(said)
    assert looks["south-1"].values["state"] == "unreachable"


@pytest.mark.parametrize("error", UNFORESEEN, ids=lambda error: type(error).__name__)
def test_any_exception_about_regions_is_the_trouble_of_one_account(world, error):
    world.failures["regions"] = error
    looks = world.look("all", "east-1")
    assert looks["all"].failure.kind == "invalid_response" and looks["east-1"].failure is None


def test_an_interruption_ends_all(world):
    world.failures["list"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        world.look("north-1")


@pytest.mark.parametrize(
    "name", ["{{ lookup('pipe', 'id') }}", "north-1\n", "", "north-1 ", "a" * 1000 + "-1", "[a]", "a:b-1"]
)
def test_a_name_that_is_no_region_is_no_host(world, name):
    world.names = ["north-1", name]
    looks = world.look("all")
    assert list(looks) == ["all"]
    assert (looks["all"].failure.kind == "invalid_response" and name not in looks["all"].error()["msg"]) or not name


def test_a_warning_has_kind_and_cause_and_the_variable_has_the_rest(world):
    world.failures["list"] = [
        errors.BatchError(errors.Failure("access_denied", "no", operation="ListJobs", hint="All of it."))
    ]
    look = world.look("north-1")["north-1"]
    assert look.reason() == "(access_denied): ListJobs: no."
    first = "First check that the credentials belong to this account, then that they allow ListJobs."
    assert look.error()["hint"] == f"{first} All of it."
    assert look.error()["msg"] == f"ListJobs: no. {first} All of it."


def test_texts_of_an_error_are_no_longer_than_a_message(world):
    long = "x" * 100_000
    failure = errors.Failure("invalid", long, code=long, request_id=long, operation="ListJobs", hint="Do this.")
    world.failures["list"] = [errors.BatchError(failure)]
    said = world.look("north-1")["north-1"].error()
    assert all(len(str(value)) < 3000 for value in said.values()) and said["msg"].endswith("Do this.")


def test_the_account_of_the_same_credentials_is_asked_for_once(monkeypatch):
    world = World(monkeypatch)
    world.principal = "the same"
    found = world.look("north-1", "south-1", "west-1")
    assert [look.account_id for look in found.values()] == ["42"] * 3
    assert world.sent.count("identify") == 1
