# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send requests under the one retry policy for all providers, by error kind: jitter, cap, Retry-After, attempts,
deadline.

The retries of the SDKs are disabled, so that a request is counted once and the deadline applies. botocore would not
retry TooManyRequestsException with HTTP 400. Private to this collection.
"""

from __future__ import annotations

import collections
import dataclasses
import threading
import time
import typing as t

from .._core import errors
from . import concurrency, rate_limit, timeouts

_BASE: t.Final = 0.25
_CAP: t.Final = 20.0
"""Seconds: the maximum delay before the first retry and before any later retry ("full jitter" from 0)."""

_WRITES: t.Final = frozenset(
    {"UpdateJobPriority", "UpdateJobStatus", "CreateJob", "PutObject", "PutJobTagging", "DeleteJobTagging"}
)
"""Operations that can change something."""

T = t.TypeVar("T")


class SharedRetryLimit:
    """Retries that many callers share, so that they do not all retry during an outage."""

    def __init__(self, tries: int) -> None:
        self._left = tries
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Take one retry, and return whether one was left."""
        with self._lock:
            self._left -= 1
            return self._left >= 0


@dataclasses.dataclass(frozen=True)
class RetryLimits:
    """How often and how long a failed request is retried.

    :param max_attempts: attempts of one request, including the first.
    :param retry_deadline: seconds after the first attempt in which a retry can start.
    :param longest: time limit in seconds of one attempt, and of the wait for it; None without a limit.
    :param shared: the retries that all callers with these limits share; None without such a limit.
    """

    max_attempts: int
    retry_deadline: float
    longest: t.Optional[float] = None
    shared: t.Optional[SharedRetryLimit] = None


class RetryBudget:
    """The failed attempts that one piece of work can still have, and the moment after which none starts.

    A throttled attempt counts against neither while other requests of the task succeed: the provider works, the rate
    decreases, and the request only waits for its slot.
    """

    def __init__(
        self, limits: RetryLimits, now: t.Callable[[], float], progress: int, seconds: t.Optional[float] = None
    ) -> None:
        """Start now.

        :param seconds: the time limit of all attempts, whatever the limits allow; None without one.
        """
        self._limits = limits
        self._end = None if seconds is None else now() + seconds
        self._now = now
        self._progress = progress
        self._started = now()
        self._failed = 0

    def left(self) -> t.Optional[float]:
        """Return the seconds that are left for all attempts; None without a time limit."""
        return None if self._end is None else max(0.0, self._end - self._now())

    def patience(self) -> float:
        """Return the time limit of an attempt, and of the wait for it, in seconds from now on."""
        longest = float("inf") if self._limits.longest is None else self._limits.longest
        left = self.left()
        return longest if left is None else min(longest, left)

    def spend(self, failure: errors.Failure, progress: int) -> float:
        """Return the delay in seconds before the next attempt.

        :param progress: how many requests of the task have succeeded so far.
        :raises BatchError: attempts or deadline are used up; the failure, with that reason.
        """
        others = progress > self._progress
        self._progress = progress
        if failure.kind == "throttled" and others:
            self._started = self._now()
            longest = _BASE
        else:
            self._failed += 1
            longest = min(_CAP, _BASE * 2.0 ** min(self._failed - 1, 16))
        if self._failed >= self._limits.max_attempts:
            tries = "1 attempt" if self._failed == 1 else f"{self._failed} attempts"
            raise self._given_up(failure, f"Gave up after {tries} (max_attempts: {self._limits.max_attempts})")
        delay = max(_jitter(longest), failure.retry_after or 0.0)
        spent = self._now() - self._started
        if self._end is not None and self._now() + delay > self._end:
            raise self._given_up(failure, "Gave up because no time is left")
        if spent + delay > self._limits.retry_deadline:
            text = f"Gave up after {spent:.1f} s (retry_deadline: {self._limits.retry_deadline:g} s)"
            if failure.retry_after:
                text += f". The provider requested a delay of {failure.retry_after:g} s"
            raise self._given_up(failure, text)
        if self._limits.shared and not self._limits.shared.take():
            raise self._given_up(failure, "Gave up because all shared retries are used up (option retries)")
        return delay

    def _given_up(self, failure: errors.Failure, text: str) -> errors.BatchError:
        reply = f" ({failure.reply()})" if failure.reply() else ""
        return errors.BatchError(dataclasses.replace(failure, message=f"{failure.message.rstrip('.')}{reply}. {text}"))


def _jitter(longest: float) -> float:
    # ansible.module_utils.api also has a jitter, but its import takes time in every task.
    import random

    return random.uniform(0, longest)


class Stopped(Exception):
    """No more requests are sent, because the task was interrupted; ends the threads that raise it."""


class Sender:
    """Sends requests, counts them, and retries those that can succeed."""

    def __init__(
        self,
        limits: RetryLimits,
        now: t.Callable[[], float] = time.monotonic,
        sleep: t.Callable[[float], None] = time.sleep,
        width: t.Optional[concurrency.AdaptiveConcurrency] = None,
        end: t.Optional[float] = None,
    ) -> None:
        """Start counting.

        :param end: the moment of the clock at which all requests must be finished; None without one.
        """
        self._limits = limits
        self._end = end
        self.now = self._now = now
        self._sleep = sleep
        self.width = width or concurrency.AdaptiveConcurrency()
        self._pace = rate_limit.AdaptiveRateLimiter(now)
        self._lock = threading.Lock()
        self._sent: collections.Counter[str] = collections.Counter()
        self._retried = 0
        self._throttled = 0
        self._progress = 0
        self._stopped = False
        self._writing: collections.Counter[str] = collections.Counter()
        self._written: set[str] = set()

    def budget(self, seconds: t.Optional[float] = None, extra: float = 0.0) -> RetryBudget:
        """Return a full budget, its deadline starting now.

        :param seconds: the time limit of all attempts; None if only the limits apply.
        :param extra: seconds that one attempt can take beyond the limits, because it sends much data. A retry can
            start as much later.
        """
        limits = self._limits
        if extra:
            longest = None if limits.longest is None else limits.longest + extra
            limits = dataclasses.replace(limits, longest=longest, retry_deadline=limits.retry_deadline + extra)
        if self._end is not None:
            left = max(0.0, self._end - self._now())
            seconds = left if seconds is None else min(left, seconds)
        return RetryBudget(limits, self._now, self._progress, seconds)

    def renewed(self, budget: t.Optional[RetryBudget]) -> RetryBudget:
        """Return a full budget for the next request of a piece of work, with the time limit of that work."""
        return self.budget(budget.left() if budget else None)

    def send(
        self,
        operation: str,
        request: t.Callable[[], T],
        budget: t.Optional[RetryBudget] = None,
        retry: t.Container[str] = errors.RETRYABLE,
        about: str = "",
    ) -> T:
        """Return the result of the request, retried after failures of the kinds in retry, and corrected ones.

        :param about: the job of an update, for may_have_written; empty without a job.
        :raises BatchError: a failure of another kind, or the budget is used up.
        """
        budget = budget or self.budget()
        while True:
            try:
                return self.send_once(operation, request, budget, about)
            except errors.BatchError as error:
                wanted = error.failure.corrected or error.failure.kind in retry
                if not wanted or not error.failure.retryable:
                    raise
                self.wait(budget, error.failure)

    def prepare(self, work: t.Callable[[], T], budget: t.Optional[RetryBudget] = None) -> T:
        """Return the result of work before the first request, such as a search for credentials.

        Like a request, it has a time limit and is retried if that can succeed. It is not counted.

        :raises BatchError: it fails permanently, or the budget is used up.
        """
        budget = budget or self.budget()
        while True:
            try:
                return self._within(budget.patience(), "", work)
            except errors.BatchError as error:
                failure = error.failure
                if failure.kind == "timeout" and not failure.operation:
                    failure = dataclasses.replace(
                        failure, message=f"the search for credentials took too long: {failure.message}"
                    )
                    raise errors.BatchError(failure) from error
                if not failure.retryable:
                    raise
                self.wait(budget, failure)

    def send_once(
        self, operation: str, request: t.Callable[[], T], budget: t.Optional[RetryBudget] = None, about: str = ""
    ) -> T:
        """Send a request once, in its slot, and count it."""
        budget = budget or self.budget()
        if budget.left() == 0.0:
            over = self._end is not None and self._now() >= self._end
            text = "the request was not sent because no time is left"
            raise errors.BatchError(errors.Failure("timeout", text, operation=operation, permanent=over))
        delay = self._pace.next_slot()
        if delay > budget.patience():
            text = f"the request was not sent: the provider throttles requests, and it would have to wait {delay:.0f} s"
            raise errors.BatchError(
                errors.Failure("throttled", text, operation=operation, hint=errors.HINTS["throttled"], permanent=True)
            )
        if delay > 0:
            self._sleep(delay)
        name = about or operation if operation in _WRITES else ""
        with self._lock:
            if self._stopped:
                raise Stopped
            self._sent[operation] += 1
            self._writing[name] += 1
        began = self._now()
        try:
            answer = self._within(budget.patience(), operation, request)
        except errors.BatchError as error:
            self._settled(name, error.failure.kind in errors.AMBIGUOUS)
            if error.failure.kind == "throttled":
                self.width.throttled()
                wish = error.failure.retry_after or 0.0
                # A delay beyond this request's time limit ends this request; the others only slow down.
                self._pace.throttled(wish if wish <= budget.patience() else None)
                with self._lock:
                    self._throttled += 1
            raise
        self._settled(name, True)
        self._pace.answered()
        self.width.answered(self._now() - began)
        with self._lock:
            self._progress += 1
        return answer

    def _settled(self, name: str, written: bool) -> None:
        """Note the result of a request: whether an update was applied, or can have been."""
        with self._lock:
            self._writing[name] -= 1
            if name and written:
                self._written.add(name)

    def stop(self) -> None:
        """Send no more requests: the task was interrupted, and reports the known state."""
        with self._lock:
            self._stopped = True

    def may_have_written(self, about: str) -> bool:
        """Whether an update of a job, or of an operation, was applied, or can have been or still be applied."""
        with self._lock:
            return about in self._written or self._writing[about] > 0

    def has_written(self) -> bool:
        """Whether any update was applied, or can have been or still be applied."""
        with self._lock:
            return bool(self._written) or any(count > 0 for name, count in self._writing.items() if name)

    def _within(self, seconds: float, operation: str, request: t.Callable[[], T]) -> T:
        if seconds == float("inf"):
            return request()
        try:
            return timeouts.call_with_timeout(seconds, request)
        except errors.BatchError as error:
            if error.failure.operation:
                raise
            raise errors.BatchError(dataclasses.replace(error.failure, operation=operation)) from error

    def wait(self, budget: RetryBudget, failure: errors.Failure) -> None:
        """Wait before a retry, as the budget allows."""
        self._sleep(budget.spend(failure, self._progress))
        with self._lock:
            self._retried += 1

    def read_anew(self, times: int) -> None:
        """Wait a moment before a successful request is repeated because its result can be outdated; count it.

        :param times: how often it was sent so far.
        """
        self._sleep(_jitter(_BASE * 2.0 ** min(times, 16)))
        with self._lock:
            self._retried += 1

    def pause(self, seconds: float) -> None:
        """Wait without a retry."""
        self._sleep(seconds)

    def counts(self) -> dict[str, t.Any]:
        """Return the ``calls`` value of a module's result."""
        with self._lock:
            return {"sent": dict(sorted(self._sent.items())), "retried": self._retried, "throttled": self._throttled}

    def resume(self, counts: t.Mapping[str, t.Any]) -> None:
        """Continue the counts of an earlier part of the same task."""
        with self._lock:
            self._sent.update(counts.get("sent") or {})
            self._retried += counts.get("retried", 0)
            self._throttled += counts.get("throttled", 0)
