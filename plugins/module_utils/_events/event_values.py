# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render events as a rulebook receives them: JSON types, limited untrusted text, and an ID that repeats share.

Private to this collection.
"""

from __future__ import annotations

import json
import re
import typing as t
import uuid

from .._core import display, job_values
from . import queue_changes, queue_records

_NAMESPACE: t.Final = uuid.UUID("6f0b8f7e-3c5a-5a9e-9a53-0b5b1f0c7a11")
"""The namespace of the IDs of events; an arbitrary constant of this collection."""
_TEMPLATE: t.Final = re.compile(r"\{(?=[{%#])")
"""The beginnings of templates in Jinja."""
_DESCRIPTION: t.Final = 256
"""Characters of a description in an event."""


class Lines(str):
    """Text of this collection in several lines, each escaped and of limited length."""


def plain(value: t.Any) -> t.Any:
    """Return a value whose texts are safe in a rulebook.

    Rulebooks pass events to playbooks as extra variables, which older versions of ansible-core evaluate as templates.
    A space after the first brace prevents that. Control characters and line breaks are escaped.
    """
    if isinstance(value, Lines):
        return _TEMPLATE.sub("{ ", value)
    if isinstance(value, str):
        return _TEMPLATE.sub("{ ", display.escape(display.truncate(value)))
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def event_id(queue: str, about: str, started: t.Optional[float], number: int) -> str:
    """Return the ID of an event: the same for the same event, also after a restart with a state file.

    :param about: the job, or the type of an event about the queue itself.
    :param started: when the job or the queue was first seen.
    :param number: the index of the event.
    """
    text = json.dumps([queue, about, started, number], separators=(",", ":"))
    return str(uuid.uuid5(_NAMESPACE, text))


def job_event(
    name: str, queue_id: job_values.QueueId, change: queue_changes.Change, report: t.Optional[job_values.Values] = None
) -> job_values.Values:
    """Return an event about a job.

    :param name: the name of the queue.
    :param report: the location of the completion report; only for a job that ended.
    """
    record = change.record
    job = {
        "job_id": change.job_id,
        "status": record.status,
        "priority": record.priority,
        "rank": record.rank,
        "description": display.truncate(record.description, _DESCRIPTION),
        "operation": record.operation,
        "progress": {"total": record.total, "succeeded": record.succeeded, "failed": record.failed},
        "created": record.created,
    }
    values = {**change.values, **({"report": report} if change.type == "ended" else {})}
    uid = event_id(name, change.job_id, record.first, change.number)
    return _event(change.type, name, queue_id, uid, {"job": job, **values})


def queue_event(
    kind: queue_changes.EventType,
    name: str,
    queue_id: job_values.QueueId,
    record: queue_records.QueueRecord,
    values: job_values.Values,
) -> job_values.Values:
    """Return an event about the queue itself, and count it in the record."""
    uid = event_id(name, kind, record.started, record.number)
    record.number += 1
    return _event(kind, name, queue_id, uid, values)


def _event(
    kind: str, name: str, queue_id: job_values.QueueId, uid: str, values: job_values.Values
) -> job_values.Values:
    queue = {"name": name, **queue_id._asdict()}
    return {"type": kind, "queue": plain(queue), **plain(values), "meta": {"uuid": uid}}
