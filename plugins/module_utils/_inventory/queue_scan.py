# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find and read many queues in parallel. Private to this collection."""

from __future__ import annotations

import collections
import concurrent.futures
import dataclasses
import datetime
import os
import time
import traceback
import typing as t

from .._connection import connect
from .._core import display, errors, job_values, validation
from .._requests import principals, senders
from . import accounts, queue_connector, queue_summaries, scan_cache

_BOUNDS: t.Final = {
    "request_timeout": (0.1, 3600),
    "timeout": (0.1, 86400),
    "max_attempts": (1, 100),
    "retries": (0, 1_000_000),
    "concurrency": (1, 1000),
}
_TOO_SLOW: t.Final = (
    "Raise timeout (and request_timeout) in the inventory file, or check the network between the controller and the"
    " provider."
)
_OTHER: t.Final = "First check that the credentials belong to {}, then that they allow {}."

T = t.TypeVar("T")


@dataclasses.dataclass(frozen=True)
class ScanLimits:
    """Limits for reading queues.

    :param request_timeout: seconds to wait for a response.
    :param timeout: seconds for one queue: its credentials, account, and region, and all attempts and pages.
    :param retries: maximum number of retries of all queues together.
    :param concurrency: maximum number of queues that are read at the same time.
    """

    request_timeout: float
    max_attempts: int
    timeout: float
    retries: int
    concurrency: int


@dataclasses.dataclass(frozen=True)
class QueueScan:
    """The result of reading a queue.

    :param account_id: the account that was used, or the one in the file; empty if unknown.
    :param values: its summary; without numbers if it could not be read.
    :param failure: why it could not be read; None if it could.
    :param warnings: warnings about a queue that could be read.
    """

    queue: accounts.Queue
    account_id: str
    values: job_values.Values
    failure: t.Optional[errors.Failure] = None
    warnings: tuple[str, ...] = ()

    def error(self) -> t.Optional[job_values.Values]:
        """Return the failure as a variable with texts of limited length; None without a failure."""
        if self.failure is None:
            return None
        failure = self.failure
        if failure.kind == "access_denied":
            account = f"account {self.account_id}" if self.account_id else "this account"
            first = _OTHER.format(account, failure.operation or "the request")
            failure = dataclasses.replace(failure, hint=f"{first} {failure.hint}".strip())
        short = dataclasses.replace(
            failure,
            message=display.truncate(failure.text()),
            code=display.truncate(display.escape(failure.code)),
            request_id=display.truncate(display.escape(failure.request_id)),
        )
        return {**short.as_result(), "msg": short.sentence()}

    def reason(self) -> str:
        """Return the kind and the cause in one line, without the hint: that is a part of error()."""
        if self.failure is None:
            return ""
        text = dataclasses.replace(self.failure, hint="").sentence()
        return f"({self.failure.kind}): {display.truncate(text)}"


def check_limits(params: t.Mapping[str, t.Any]) -> ScanLimits:
    """Return the limits from the options.

    :raises OptionError: an option is not valid.
    """
    limits = ScanLimits(
        validation.parse_seconds("request_timeout", params["request_timeout"]),
        params["max_attempts"],
        validation.parse_seconds("timeout", params["timeout"]),
        params["retries"],
        params["concurrency"],
    )
    for name, (least, most) in _BOUNDS.items():
        value = getattr(limits, name)
        if not least <= value <= most:
            raise validation.invalid_value(name, params[name], f"must be from {least} to {most}")
    return limits


def scan_queues(
    queues: t.Sequence[accounts.Queue],
    environment: t.Mapping[str, str],
    limits: ScanLimits,
    kept: t.Optional[scan_cache.Kept] = None,
    now: t.Callable[[], float] = time.monotonic,
    sleep: t.Callable[[float], None] = time.sleep,
) -> list[QueueScan]:
    """Return the result for each queue, in their order; a queue that cannot be read does not affect the others.

    :param kept: the cache; None for no cache.
    :raises OptionError: two queues have the same name.
    """
    kept = kept or scan_cache.Kept(None, 0, 0, environment)
    eyes = _QueueScanner(environment, limits, kept, now, sleep)
    every: list[accounts.Queue] = []
    spent: dict[str, float] = {}
    lost: dict[str, QueueScan] = {}
    wide = [queue for queue in queues if queue.region == accounts.ALL]
    regions = dict(zip((queue.name for queue in wide), eyes.each(eyes.regions, wide)))
    for queue in queues:
        answer = regions.get(queue.name)
        if isinstance(answer, errors.Failure):
            every.append(queue)
            lost[queue.name] = _lost(queue, answer)
        elif answer is None:
            every.append(queue)
        else:
            own = [queue.in_region(region) for region in answer.names]
            every += own
            spent.update((item.name, answer.seconds) for item in own)
    names = collections.Counter(queue.name for queue in every)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise errors.OptionError(accounts.listed_twice("accounts", twice[0]))
    left = [queue for queue in every if queue.name not in lost]
    looks = zip(left, eyes.each(lambda queue: eyes.look(queue, spent.get(queue.name, 0.0)), left))
    found = {queue.name: _lost(queue, look) if isinstance(look, errors.Failure) else look for queue, look in looks}
    return [lost.get(queue.name) or found[queue.name] for queue in every]


@dataclasses.dataclass(frozen=True)
class _Regions:
    """The regions of an account, and the seconds for reading them, which count for each of its queues."""

    names: list[str]
    seconds: float


class _QueueScanner:
    """Reads queues in parallel, within one set of limits."""

    def __init__(
        self,
        environment: t.Mapping[str, str],
        limits: ScanLimits,
        kept: scan_cache.Kept,
        now: t.Callable[[], float],
        sleep: t.Callable[[float], None],
    ) -> None:
        self._connector = queue_connector.QueueConnector(environment, limits.request_timeout, now, sleep)
        self._limits = limits
        self._kept = kept
        self._accounts = principals.Accounts()
        self._now = now
        shared = senders.SharedRetryLimit(limits.retries)
        # All requests of a queue share one end time, which limits their attempts.
        self._tries = senders.RetryLimits(limits.max_attempts, float("inf"), None, shared)

    def each(
        self, ask: t.Callable[[accounts.Queue], T], queues: t.Sequence[accounts.Queue]
    ) -> list[t.Union[T, errors.Failure]]:
        """Return the result of each queue, or its failure; an exception affects only one queue."""
        if not queues:
            return []
        with concurrent.futures.ThreadPoolExecutor(min(self._limits.concurrency, len(queues))) as pool:
            asked = [pool.submit(ask, queue) for queue in queues]
            # Asked of the future, which has caught it.
            raised = [future.exception() for future in asked]
        return [future.result() if error is None else _failure(error) for future, error in zip(asked, raised)]

    def regions(self, queue: accounts.Queue) -> _Regions:
        """Return the regions that are enabled for an account."""
        names = self._kept.regions(queue)
        if names is not None:
            return _Regions(names, 0.0)
        began = self._now()
        names = self._connector.regions(queue, self._tries, began + self._limits.timeout)
        self._kept.keep_regions(queue, names)
        return _Regions(names, self._now() - began)

    def look(self, queue: accounts.Queue, spent: float) -> QueueScan:
        """Return the result of reading one queue.

        :param spent: seconds of its timeout that are already used.
        """
        values = self._kept.queue(queue)
        if values is not None:
            return QueueScan(queue, values.pop("account_id"), values)
        end = self._now() + self._limits.timeout - spent
        target = self._connector.target(queue)
        provider, sender = self._connector.connect(target, end), self._connector.sender(self._tries, end)
        session = connect.open_session(provider, sender, self._accounts)
        values = queue_summaries.summarize(session.list_jobs(), datetime.datetime.now(datetime.timezone.utc))
        self._kept.keep_queue(queue, provider.account_id, values)
        return QueueScan(queue, provider.account_id, values, warnings=(*target.warnings, *provider.warnings))


def _lost(queue: accounts.Queue, failure: errors.Failure) -> QueueScan:
    return QueueScan(queue, queue.given.get("account_id", ""), queue_summaries.unknown(), failure)


def _failure(error: BaseException) -> errors.Failure:
    """Return the failure for an exception.

    :raises BaseException: the process must end.
    """
    if isinstance(error, errors.BatchError):
        failure = error.failure
        return dataclasses.replace(failure, hint=_TOO_SLOW) if failure.kind == "timeout" else failure
    if isinstance(error, errors.OptionError):
        return errors.Failure("invalid", str(error))
    if isinstance(error, errors.MissingLibrary):
        text = f"the Python library {error.library} is not installed for the Python interpreter that runs Ansible"
        return errors.Failure("missing_dependency", text)
    if not isinstance(error, Exception):
        raise error
    # The text of an unknown exception can contain a secret.
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    text = f"unexpected error: {type(error).__name__}{where}"
    return errors.Failure("invalid_response", text, hint="This is a bug in the collection. Report it.", permanent=True)
