# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A provider that answers from a script, so that a test says what the cloud does, step by step."""

from __future__ import annotations

from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError, Failure
from ansible_collections.objectstore.batch.plugins.module_utils._core.provider_traits import FailureTraits, Traits
from ansible_collections.objectstore.batch.plugins.module_utils._core.providers import Options, Provider
from ansible_collections.objectstore.batch.plugins.module_utils._requests.senders import RetryLimits, Sender
from ansible_collections.objectstore.batch.plugins.module_utils._requests.sessions import Session

JOB_ID = "job-1"


def fail(kind, **details):
    """Return a script step that fails."""
    return BatchError(Failure(kind, f"scripted {kind}", **details))


def job(priority, status="Active", job_id=JOB_ID):
    """Return a script step that describes a job."""
    return Job(job_id, status, priority)


class ScriptedProvider(Provider):
    """Takes the next step of its script for each request; a step is a value, or an error to raise."""

    traits = Traits("a scripted cloud", failures=FailureTraits(hints={"not_updatable": "Wait."}))

    def __init__(self, describe=(), update=(), pages=()):
        super().__init__(Options(account_id="1"))
        self.steps = {"describe": list(describe), "update": list(update), "list": list(pages)}
        self.asked = []

    def _next(self, verb, *arguments):
        self.asked.append((verb, *arguments))
        if not self.steps[verb]:
            raise AssertionError(f"unexpected request: {verb} {arguments}")
        step = self.steps[verb].pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    def identify(self):
        return "1"

    def secrets(self):
        return ()

    def describe(self, job_id):
        return self._next("describe", job_id)

    def list_page(self, token):
        return self._next("list", token)

    def update_priority(self, job_id, priority):
        return self._next("update", job_id, priority)

    def update_status(self, job_id, status, reason):
        return self._next("update", job_id, status, reason)

    def create(self, request):
        return self._next("update", request)


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self):
        self.time = 0.0
        self.slept = []

    def now(self):
        return self.time

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds


def session(provider, max_attempts=4, retry_deadline=60.0, clock=None):
    """Return a session in which waiting takes no time."""
    clock = clock or Clock()
    return Session(provider, Sender(RetryLimits(max_attempts, retry_deadline), clock.now, clock.sleep))
