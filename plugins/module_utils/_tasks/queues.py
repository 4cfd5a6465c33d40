# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many queues at once: which there are, and what each looks like now; the engine of the inventory.

Private to this collection.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import (
    errors as _errors,
    job as _job,
    options as _options,
)
from ansible_collections.objectstore.batch.plugins.module_utils._providers import registry as _registry
from ansible_collections.objectstore.batch.plugins.module_utils._requests import (
    parallel as _parallel,
    retry as _retry,
    session as _session,
    width as _width,
)
from ansible_collections.objectstore.batch.plugins.module_utils._results import jobs as _jobs

KEYS: t.Final = ("access_key", "secret_key", "session_token")
PLAIN: t.Final = (
    *("account_id", "app_id", "profile", "assume_role_arn", "assume_role_external_id", "assume_role_session_name"),
    *("endpoint_url", "validate_certs", "ca_bundle"),
)
"""Options of the connection that are no secrets, and may stand in variables of a host."""
_STALLED: t.Final = datetime.timedelta(hours=1)
"""After which an Active job without a single finished task counts as stalled."""


@dataclasses.dataclass(frozen=True)
class Queue:
    """One queue, and how it is reached.

    :param given: the options of the connection, keys left out.
    :param variables: option of a key to the environment variable that holds it.
    """

    name: str
    provider: str
    given: t.Mapping[str, t.Any]
    variables: t.Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Limits:
    """How long and how often each queue is asked."""

    request_timeout: float
    max_attempts: int
    timeout: float
    concurrency: int


def look_at(queues: t.Sequence[Queue], environment: t.Mapping[str, str], limits: Limits) -> list[_jobs.Values]:
    """Return the variables of each queue, in order; a queue that cannot be read says why and spoils no other."""

    def look(queue: Queue) -> _jobs.Values:
        try:
            return _look(queue, environment, limits)
        except _errors.InputError as error:
            return _unreachable(queue, _errors.Failure("invalid", str(error)))
        except _errors.MissingLibrary as error:
            text = f"the Python library {error.library} is not installed where the inventory is read"
            return _unreachable(queue, _errors.Failure("missing_dependency", text))
        except _errors.BatchError as error:
            return _unreachable(queue, error.failure)

    return _parallel.in_parallel(look, queues, _width.Width(limits.concurrency))


def _look(queue: Queue, environment: t.Mapping[str, str], limits: Limits) -> _jobs.Values:
    provider_class = _registry.PROVIDERS[queue.provider]()
    defaults = {name: spec.get("default") for name, spec in _options.CONNECTION_SPEC.items()}
    keys = {option: _variable(environment, name) for option, name in queue.variables.items()}
    params = {**defaults, **queue.given, **keys, "request_timeout": limits.request_timeout}
    options = _options.resolve(params, environment, provider_class.facts)
    caller = _retry.Caller(_retry.Limits(limits.max_attempts, limits.timeout, limits.timeout))
    session = _session.Session(provider_class(options), caller)
    jobs = session.list_jobs(caller.budget(limits.timeout))
    provider = session.provider
    place = {"region": provider.region, "account_id": provider.account_id}
    return {**_known(queue), **place, **snapshot(jobs, datetime.datetime.now(datetime.timezone.utc)), "error": None}


def _variable(environment: t.Mapping[str, str], name: str) -> str:
    if not environment.get(name):
        raise _errors.InputError(f"the environment variable {name} is not set where the inventory is read.")
    return environment[name]


def _known(queue: Queue) -> _jobs.Values:
    """Return what is known of a queue before it is asked."""
    given = {name: queue.given.get(name) for name in (*PLAIN, "region")}
    named = {f"{option}_variable": queue.variables.get(option) for option in KEYS}
    return {"provider": queue.provider, **given, **named}


def _unreachable(queue: Queue, failure: _errors.Failure) -> _jobs.Values:
    error = {**failure.as_result(), "msg": failure.sentence()}
    return {
        **_known(queue),
        **snapshot([], datetime.datetime.now(datetime.timezone.utc)),
        "state": "unreachable",
        "error": error,
    }


def snapshot(jobs: t.Iterable[_job.Job], now: datetime.datetime) -> _jobs.Values:
    """Return what a queue looks like, in numbers; its live jobs count."""
    live = [job for job in jobs if job.is_live]
    waiting = sorted(job.created for job in live if job.status in _job.WAITING and job.created)
    active = [job for job in live if job.status == "Active"]
    stalled = [job for job in active if job.created and now - job.created > _STALLED and not _finished(job)]
    suspended = sum(job.status == "Suspended" for job in live)
    state = "stalled" if stalled else "running" if active else "waiting" if waiting else "idle"
    return {
        "live": len(live),
        "statuses": dict(sorted(collections.Counter(job.status for job in live).items())),
        "oldest_waiting": _jobs.render_time(waiting[0]) if waiting else None,
        "awaiting_confirmation": suspended,
        "failed_tasks": sum(job.progress.failed or 0 for job in live),
        "stalled": len(stalled),
        "highest_priority": max((job.priority for job in live if job.priority is not None), default=None),
        "state": "awaiting_confirmation" if suspended and not active and not waiting else state,
    }


def _finished(job: _job.Job) -> int:
    return (job.progress.succeeded or 0) + (job.progress.failed or 0)
