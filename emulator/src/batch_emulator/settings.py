# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings that tests can change while the emulator runs."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from .errors import AdminError

# AWS has three spellings of "no such job". Refer to README.md.
NOT_FOUND = {"NotFoundException": 400, "NoSuchJobException": 404, "NoSuchJob": 404}
# The code that AWS returned ("Requested job status forbidden"), and the code of its model.
STATUS_REFUSED = ("InvalidRequest", "JobStatusException")
# Tencent documents both codes for COS jobs that have ended.
ENDED = {"NoSuchJob": 404, "InvalidRequest": 400}


# The response of OSS for a job that does not exist is not documented.
OSS_NOT_FOUND = {"InvalidArgument": 400, "NoSuchJob": 404}


@dataclass
class RateLimit:
    """A token bucket per queue; code, http_status, and retry_after define the response above the limit.

    `emulated`: its seconds are those of the emulated clock, so that a test decides when a token is there again.
    """

    rate: float
    burst: int = 1
    emulated: bool = False
    code: str | None = None
    http_status: int | None = None
    retry_after: int | None = None


@dataclass
class Settings:
    latency_ms: float = 0.0
    rate_limit: RateLimit | None = None
    capacity: int = 1
    page_jobs: int = 1000
    step_seconds: float = 1.0
    not_found_code: str = "NotFoundException"
    status_error_code: str = "InvalidRequest"
    ended_code: str = "NoSuchJob"
    oss_not_found_code: str = "InvalidArgument"
    hardened_metadata: bool = False
    # The keys that roles return (refer to accounts.of_role), and their lifetime in seconds.
    role_generation: int = 0
    role_lifetime: float = 6 * 3600.0
    report_delay: float = 0.0
    task_rules: list[dict[str, Any]] = field(default_factory=list)
    regions: list[str] = field(default_factory=lambda: ["eu-central-1", "us-east-1"])

    def change(self, changes: dict[str, Any]) -> None:
        known = [item.name for item in fields(self)]
        unknown = sorted(set(changes) - set(known))
        if unknown:
            raise AdminError(f"Unknown setting {', '.join(unknown)}; known settings: {', '.join(known)}.")
        checked = {name: _CHECKS[name](name, value) for name, value in changes.items()}
        for name, value in checked.items():
            setattr(self, name, value)

    def state(self) -> dict[str, Any]:
        return asdict(self)


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise AdminError(f"{name} must be a number of at least 0, not {value!r}.")
    return float(value)


def _count(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise AdminError(f"{name} must be an integer of at least 0, not {value!r}.")
    return value


def _page(name: str, value: Any) -> int:
    if not 1 <= _count(name, value) <= 1000:
        raise AdminError(f"{name} must be from 1 to 1000, not {value!r}.")
    return int(value)


def _one_of(*words: str) -> Any:
    def check(name: str, value: Any) -> str:
        if value not in words:
            raise AdminError(f"{name} must be one of {', '.join(words)}, not {value!r}.")
        return str(value)

    return check


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise AdminError(f"{name} must be true or false, not {value!r}.")
    return value


def _names(name: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise AdminError(f"{name} must be a list of names, not {value!r}.")
    return list(value)


def _task_rules(name: str, value: Any) -> list[dict[str, Any]]:
    known = {"key", "code", "http_status", "message", "times"}
    rules = value if isinstance(value, list) else [None]
    for rule in rules:
        if not isinstance(rule, dict) or not {"key", "code"} <= set(rule) <= known:
            raise AdminError(
                f"{name} must be a list of objects with key and code; known fields: {', '.join(sorted(known))}."
            )
        try:
            re.compile(rule["key"])
        except (re.error, TypeError) as error:
            raise AdminError(f"{name}: {rule['key']!r} is not a valid regular expression: {error}.") from None
    return list(rules)


def _rate_limit(name: str, value: Any) -> RateLimit | None:
    if value is None:
        return None
    if not isinstance(value, dict) or _number(f"{name}.rate", value.get("rate")) <= 0:
        raise AdminError(f"{name} must be null or an object with a rate above 0.")
    try:
        limit = RateLimit(**value)
    except TypeError:
        known = ", ".join(item.name for item in fields(RateLimit))
        raise AdminError(f"Unknown part of {name}; known parts: {known}.") from None
    _flag(f"{name}.emulated", limit.emulated)
    return limit


_CHECKS: dict[str, Any] = {
    "latency_ms": _number,
    "rate_limit": _rate_limit,
    "capacity": _count,
    "page_jobs": _page,
    "step_seconds": _number,
    "not_found_code": _one_of(*NOT_FOUND),
    "status_error_code": _one_of(*STATUS_REFUSED),
    "ended_code": _one_of(*ENDED),
    "hardened_metadata": _flag,
    "role_generation": _count,
    "role_lifetime": _number,
    "regions": _names,
    "report_delay": _number,
    "task_rules": _task_rules,
    "oss_not_found_code": _one_of(*OSS_NOT_FOUND),
}
