# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs as the admin API describes them, in both directions."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from . import progress
from .accounts import ACCOUNTS, HOME
from .clock import iso
from .errors import AdminError
from .jobs import DEFAULT_OPERATION, ENDED, Job, QueueKey, new_id
from .world import World

_XML_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")


def _is(kind: type, nullable: bool = False) -> Callable[[str, Any], Any]:
    def check(name: str, value: Any) -> Any:
        if value is None and nullable:
            return None
        fits = isinstance(value, (int, float) if kind is float else kind)
        if not fits or (isinstance(value, bool) and kind is not bool):
            raise AdminError(f"{name} must be of type {kind.__name__}, not {value!r}.")
        return value

    return check


def _operation(name: str, value: Any) -> str:
    # It becomes the name of an XML element, so not every word will do.
    if not isinstance(value, str) or not _XML_NAME.fullmatch(value):
        raise AdminError(f"{name} must be a valid XML name, not {value!r}.")
    return value


def _fragment(name: str, value: Any) -> str:
    try:
        ET.fromstring(f"<x>{value}</x>")
    except ET.ParseError as error:
        raise AdminError(f"{name} is not well-formed XML: {error}.") from None
    return str(value)


def _reasons(name: str, value: Any) -> list[dict[str, str]]:
    known = {"code", "reason"}
    if not isinstance(value, list) or not all(isinstance(item, dict) and set(item) <= known for item in value):
        raise AdminError(f"{name} must be a list of objects with code and reason.")
    return value


# What an admin may set, at birth and later.
_FIELDS: dict[str, Callable[[str, Any], Any]] = {
    "priority": _is(int),
    "status": _is(str),
    "description": _is(str, nullable=True),
    "operation": _operation,
    "confirmation_required": _is(bool),
    "failure_reasons": _reasons,
    "tags": _is(dict),
    "status_update_reason": _is(str, nullable=True),
    "suspended_cause": _is(str, nullable=True),
    "role_arn": _is(str, nullable=True),
    "tasks_total": _is(int, nullable=True),
    "tasks_done": _is(int),
    "tasks_failed": _is(int),
    "tasks_per_second": _is(float),
    "active_seconds": _is(float),
    "failing_share": _is(float),
    "frozen": _is(bool),
    "omit_priority": _is(bool),
    "extra_xml": _fragment,
}
_BIRTH = ("provider", "account", "region", "job_id", "created", "ended", "suspended")


def _checked(data: Any, known: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise AdminError("A job must be a JSON object.")
    unknown = sorted(set(data) - set(known))
    if unknown:
        raise AdminError(f"Unknown field {', '.join(unknown)}; known fields: {', '.join(known)}.")
    return {name: check(name, data[name]) for name, check in _FIELDS.items() if name in data}


def read_job(data: Any, now: float) -> Job:
    fields = _checked(data, (*_BIRTH, *_FIELDS))
    provider = data.get("provider")
    if provider not in list(HOME):
        raise AdminError(f"provider must be one of {', '.join(HOME)}, not {provider!r}.")
    account = str(data.get("account") or HOME[provider][0])
    if account not in ACCOUNTS[provider]:
        raise AdminError(f"Unknown account {account!r} of {provider}; known: {', '.join(sorted(ACCOUNTS[provider]))}.")
    queue = QueueKey(provider, account, str(data.get("region") or HOME[provider][1]))
    fields = {"operation": DEFAULT_OPERATION[provider]} | fields
    job = Job(
        queue=queue,
        job_id=_is(str)("job_id", data.get("job_id") or new_id(provider)),
        created=_moment("created", data.get("created"), now, now),
        priority=fields.pop("priority", 10),
        status=fields.pop("status", "Ready"),
        **fields,
    )
    job.ended = _moment("ended", data.get("ended"), now, now) if job.status in ENDED else None
    if job.status == "Suspended" or "suspended" in data:
        job.suspended = _moment("suspended", data.get("suspended"), now, job.created)
    if job.status == "Complete" and "tasks_done" not in fields:
        job.tasks_done = job.tasks_total or 0
    return job


def seed(world: World, data: Any) -> list[str]:
    """All of them or none."""
    now = world.clock.now()
    jobs = [read_job(item, now) for item in (data if isinstance(data, list) else [data])]
    seen: set[str] = set()
    for job in jobs:
        if job.job_id in seen or job.job_id in world.store.jobs:
            raise AdminError(f"Job {job.job_id!r} already exists.", 409)
        seen.add(job.job_id)
    for job in jobs:
        world.scheduler.add(job)
    return [job.job_id for job in jobs]


def patch(world: World, job: Job, data: Any) -> None:
    """Change a job as an outsider would, against all rules if need be."""
    fields = _checked(data, tuple(_FIELDS))
    status = fields.pop("status", None)
    priority = fields.pop("priority", None)

    def change() -> None:
        for name, value in fields.items():
            setattr(job, name, value)

    world.scheduler.rearm(job, change)
    if priority is not None:
        world.scheduler.set_priority(job, priority)
    if status is not None and status != job.status:
        world.scheduler.enter(job, status, world.clock.now())


def show(job: Job, now: float) -> dict[str, Any]:
    provider, account, region = job.queue
    done, failed = progress.tasks(job, now)
    return {
        "provider": provider,
        "account": account,
        "region": region,
        "job_id": job.job_id,
        **{name: getattr(job, name) for name in _FIELDS},
        "tasks_done": done,
        "tasks_failed": failed,
        "previous_priority": job.previous_priority,
        "documents": dict(job.documents),
        "active_seconds": progress.active_seconds(job, now),
        "created": iso(job.created),
        "ended": None if job.ended is None else iso(job.ended),
        "suspended": None if job.suspended is None else iso(job.suspended),
        "history": [[iso(at), status] for at, status in job.history],
    }


def _moment(name: str, value: Any, now: float, default: float) -> float:
    """A time of day in ISO form, or a number of seconds ago."""
    if value is None:
        return default
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return now - value
    try:
        # Python 3.10 does not read the Z.
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        raise AdminError(f"{name} must be an ISO time or a number of seconds ago, not {value!r}.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
