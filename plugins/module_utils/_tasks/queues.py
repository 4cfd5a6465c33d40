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
    input as _input,
    job as _job,
    options as _options,
    provider as _provider,
)
from ansible_collections.objectstore.batch.plugins.module_utils._providers import registry as _registry
from ansible_collections.objectstore.batch.plugins.module_utils._requests import (
    bounded as _bounded,
    identity as _identity,
    parallel as _parallel,
    retry as _retry,
    session as _session,
    width as _width,
)
from ansible_collections.objectstore.batch.plugins.module_utils._results import jobs as _jobs

ALL: t.Final = "all"
"""The region that stands for all regions that are enabled for an account."""
KEYS: t.Final = ("access_key", "secret_key", "session_token")
PLAIN: t.Final = (
    *("account_id", "app_id", "profile", "assume_role_arn", "assume_role_external_id", "assume_role_session_name"),
    *("endpoint_url", "validate_certs", "ca_bundle"),
)
"""Options of the connection that are no secrets, and may stand in variables of a host."""
_STALLED: t.Final = datetime.timedelta(hours=1)
"""After which an Active job without a single finished task counts as stalled."""
_BOUNDS: t.Final = {
    "request_timeout": (0.1, 3600),
    "timeout": (0.1, 86400),
    "max_attempts": (1, 100),
    "retries": (0, 1_000_000),
    "concurrency": (1, 1000),
}

T = t.TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Queue:
    """One queue, or all of an account, and how it is reached.

    :param account: what stands for the account in the queue's name; may be empty.
    :param region: ALL for all of them.
    :param home: the region that is asked which regions there are.
    :param given: the options of the connection, keys and region left out.
    :param variables: option of a key to the environment variable that holds it.
    """

    provider: str
    account: str
    region: str
    home: str
    given: t.Mapping[str, t.Any]
    variables: t.Mapping[str, str]

    @property
    def name(self) -> str:
        """The name of the host."""
        return "-".join(part for part in (self.provider, self.account, self.region) if part)


@dataclasses.dataclass(frozen=True)
class Limits:
    """How long and how often each queue is asked.

    :param request_timeout: seconds without an answer.
    :param timeout: seconds for one queue, all tries and pages included.
    :param retries: further tries of requests that fail, of all queues together.
    :param concurrency: how many queues are looked at at once.
    """

    request_timeout: float
    max_attempts: int
    timeout: float
    retries: int
    concurrency: int


def check_limits(params: t.Mapping[str, t.Any]) -> Limits:
    """Return the limits that the options name.

    :raises InputError: one of them breaks its rule.
    """
    limits = Limits(
        _input.parse_seconds("request_timeout", params["request_timeout"]),
        params["max_attempts"],
        _input.parse_seconds("timeout", params["timeout"]),
        params["retries"],
        params["concurrency"],
    )
    for name, (least, most) in _BOUNDS.items():
        value = getattr(limits, name)
        if not least <= value <= most:
            raise _input.refusal(name, params[name], f"must be from {least} to {most}")
    return limits


def look_at(queues: t.Sequence[Queue], environment: t.Mapping[str, str], limits: Limits) -> dict[str, _jobs.Values]:
    """Return the variables of each queue by its name; a queue that cannot be read says why and spoils no other.

    :raises InputError: two queues have one name.
    """
    eyes = _Eyes(environment, limits)
    wide = [queue for queue in queues if queue.region == ALL]
    regions = dict(zip((queue.name for queue in wide), eyes.each(eyes.regions, wide)))
    every: list[Queue] = []
    lost: dict[str, _jobs.Values] = {}
    for queue in queues:
        answer = regions.get(queue.name, [queue.region])
        if isinstance(answer, _errors.Failure):
            lost[queue.name] = _unreachable(queue, answer)
        else:
            every += [dataclasses.replace(queue, region=region) for region in answer]
    names = collections.Counter(queue.name for queue in every)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise _errors.InputError(f"accounts: the queue {twice[0]} stands in the file twice; give the account a name.")
    looks = zip(every, eyes.each(eyes.look, every))
    return {
        queue.name: _unreachable(queue, look) if isinstance(look, _errors.Failure) else look for queue, look in looks
    } | lost


class _Eyes:
    """Asks queues, many at once, within one set of limits."""

    def __init__(self, environment: t.Mapping[str, str], limits: Limits) -> None:
        self._environment = environment
        self._limits = limits
        self._accounts = _identity.Accounts()
        shared = _retry.Allowance(limits.retries)
        self._tries = _retry.Limits(limits.max_attempts, limits.timeout, limits.timeout, shared)

    def each(self, ask: t.Callable[[Queue], T], queues: t.Sequence[Queue]) -> list[t.Union[T, _errors.Failure]]:
        """Return what each queue answers, or why it does not."""

        def safely(queue: Queue) -> t.Union[T, _errors.Failure]:
            answers, trouble = _bounded.attempt(lambda: ask(queue))
            return answers[0] if trouble is None else _judged(trouble)

        return _parallel.in_parallel(safely, queues, _width.Width(self._limits.concurrency))

    def regions(self, queue: Queue) -> list[str]:
        """Return the regions that are enabled for an account."""
        provider, caller = self._connect(dataclasses.replace(queue, region=queue.home))
        return caller.send(provider.facts.regions, provider.regions, caller.budget(self._limits.timeout))

    def look(self, queue: Queue) -> _jobs.Values:
        """Return the variables of a queue."""
        session = _session.Session(*self._connect(queue), self._accounts)
        jobs = session.list_jobs(session.caller.budget(self._limits.timeout))
        provider = session.provider
        place = {"region": provider.region, "account_id": provider.account_id}
        return {**_known(queue), **place, **snapshot(jobs, datetime.datetime.now(datetime.timezone.utc)), "error": None}

    def _connect(self, queue: Queue) -> tuple[_provider.Provider, _retry.Caller]:
        provider_class = _registry.PROVIDERS[queue.provider]()
        defaults = {name: spec.get("default") for name, spec in _options.CONNECTION_SPEC.items()}
        keys = {option: _variable(self._environment, name) for option, name in queue.variables.items()}
        own = {"region": queue.region, "request_timeout": self._limits.request_timeout}
        options = _options.resolve({**defaults, **queue.given, **keys, **own}, self._environment, provider_class.facts)
        return provider_class(options), _retry.Caller(self._tries)


def _judged(error: BaseException) -> _errors.Failure:
    """Return why a queue cannot be read; of what nobody has foreseen only the class, since its text may hold anything.

    :raises BaseException: it is no failure, but the end of the process.
    """
    if isinstance(error, _errors.BatchError):
        return error.failure
    if isinstance(error, _errors.InputError):
        return _errors.Failure("invalid", str(error))
    if isinstance(error, _errors.MissingLibrary):
        text = f"the Python library {error.library} is not installed where the inventory is read"
        return _errors.Failure("missing_dependency", text)
    if not isinstance(error, Exception):
        raise error
    text = f"an unexpected error ({type(error).__name__}) occurred when the queue was read"
    hint = "Report it as an issue, with the versions of Python and of the provider's library."
    return _errors.Failure("bad_answer", text, hint=hint, permanent=True)


def _variable(environment: t.Mapping[str, str], name: str) -> str:
    if not environment.get(name):
        raise _errors.InputError(f"the environment variable {name} is not set where the inventory is read.")
    return environment[name]


def _known(queue: Queue) -> _jobs.Values:
    """Return what is known of a queue before it is asked."""
    given = {**{name: queue.given.get(name) for name in PLAIN}, "region": queue.region}
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
