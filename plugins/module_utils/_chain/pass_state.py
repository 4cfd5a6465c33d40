# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the state that the action plugin passes between the passes over a chain. Private to this collection."""

from __future__ import annotations

import dataclasses
import math
import typing as t

from .._core import job_values, validation

_PASSING: t.Final = ("not_updatable", "job_ended", "conflict", "not_found")
"""The kinds of failures about one job: the next pass reads it again and decides again."""


@dataclasses.dataclass(frozen=True)
class PassState:
    """What a pass knows of the earlier passes of the same task.

    :param elapsed: seconds since the start of the task.
    :param calls: the counts of requests so far.
    """

    elapsed: float = 0.0
    confirmed: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    calls: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)


def read_state(value: t.Optional[t.Mapping[str, t.Any]]) -> PassState:
    """Return the state of a task.

    :raises OptionError: it is not valid; only the action plugin sets this option.
    """
    given = dict(value or {})
    elapsed = given.pop("elapsed", 0.0)
    confirmed, cancelled = given.pop("confirmed", []), given.pop("cancelled", [])
    calls = given.pop("calls", {})
    if given or not (_is_time(elapsed) and _are_ids(confirmed) and _are_ids(cancelled) and _are_counts(calls)):
        rule = "must be a state that the action plugin has passed"
        raise validation.hidden_value("_watch", rule, "Remove this internal option.")
    return PassState(float(elapsed), tuple(confirmed), tuple(cancelled), calls)


def continues(result: job_values.Values) -> bool:
    """Whether another pass can succeed: the failures of this one, if any, are temporary, or about single jobs."""
    failures = [job["error"] for job in result["jobs"] if job["error"]]
    return all(error["retryable"] or error["kind"] in _PASSING for error in failures)


def _is_time(value: t.Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and value >= 0


def _are_ids(value: t.Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _are_counts(value: t.Any) -> bool:
    if not isinstance(value, dict) or not set(value) <= {"sent", "retried", "throttled"}:
        return False
    sent = value.get("sent", {})
    numbers = [
        *(sent.values() if isinstance(sent, dict) else [None]),
        value.get("retried", 0),
        value.get("throttled", 0),
    ]
    return all(isinstance(item, int) and not isinstance(item, bool) and item >= 0 for item in numbers)
