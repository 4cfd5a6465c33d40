# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the records of all queues in a file, so that a restart neither loses nor repeats events.

Private to this collection.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import typing as t

from .._core import errors
from . import queue_records

VERSION: t.Final = 1
_LARGEST: t.Final = 512 * 2**20
"""Bytes of a state file that is read."""


class StateFile:
    """The file; without a path, nothing is kept."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._parts: dict[str, str] = {}

    def load(self) -> tuple[dict[str, queue_records.QueueRecord], str]:
        """Return the records by the name of the queue, and a warning about a file that was set aside.

        A damaged file is renamed, and all queues start anew.

        :raises OptionError: the file cannot be read or renamed.
        """
        if not self._path:
            return {}, ""
        try:
            with open(self._path, "rb") as file:
                content = file.read(_LARGEST + 1)
        except FileNotFoundError:
            return {}, ""
        except OSError as error:
            raise errors.OptionError(f"state_file {self._path} cannot be read: {error.strerror}") from error
        try:
            return decode(content), ""
        except ValueError as error:
            aside = f"{self._path}.damaged"
            try:
                os.replace(self._path, aside)
            except OSError as failed:
                text = f"state_file {self._path} is damaged and cannot be renamed: {failed.strerror}"
                raise errors.OptionError(text) from failed
            text = f"The state file {self._path} is damaged ({error}) and was renamed to {aside}."
            return {}, f"{text} The next reading is the first one: changes since the last run are not reported."

    def note(self, name: str, record: queue_records.QueueRecord) -> None:
        """Take the record of a queue for the next save."""
        if self._path:
            self._parts[name] = encode(record)

    def save(self) -> None:
        """Write the records under another name and rename the file, so that it is always complete.

        :raises OSError: the file cannot be written.
        """
        if not self._path:
            return
        queues = ",".join(f"{json.dumps(name)}:{part}" for name, part in self._parts.items())
        folder = os.path.dirname(os.path.abspath(self._path))
        handle, name = tempfile.mkstemp(prefix=".batch_jobs_", dir=folder)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(f'{{"version":{VERSION},"queues":{{{queues}}}}}')
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, self._path)
        finally:
            # After the rename, nothing has this name.
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)


def encode(record: queue_records.QueueRecord) -> str:
    """Return the JSON text of one queue."""
    return json.dumps(vars(record), separators=(",", ":"))


def decode(content: bytes) -> dict[str, queue_records.QueueRecord]:
    """Return the records in the content of a file.

    :raises ValueError: it is not the content of a state file.
    """
    if len(content) > _LARGEST:
        raise ValueError("it is too large")
    try:
        document = json.loads(content)
        if document["version"] != VERSION:
            raise ValueError("it has another version")
        return {str(name): _queue(values) for name, values in document["queues"].items()}
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("it has an unexpected structure") from error


def _queue(values: t.Mapping[str, t.Any]) -> queue_records.QueueRecord:
    jobs = {}
    for job_id, fields in values["jobs"].items():
        record = queue_records.JobRecord(*fields)
        jobs[str(job_id)] = record._replace(reported=tuple(record.reported))
        if not _is_valid(record):
            raise ValueError("it has an invalid job")
    if not isinstance(values["pending"], list) or not all(isinstance(item, dict) for item in values["pending"]):
        raise ValueError("it has invalid events")
    return queue_records.QueueRecord(
        jobs,
        None if values["started"] is None else float(values["started"]),
        bool(values["read"]),
        int(values["number"]),
        bool(values["reachable"]),
        float(values["lost"]),
        str(values["drift"]),
        list(values["pending"]),
    )


def _is_valid(record: queue_records.JobRecord) -> bool:
    numbers = (record.priority, record.rank, record.total, record.succeeded, record.failed)
    moments = (record.first, record.since, record.moved)
    return (
        all(number is None or (isinstance(number, int) and not isinstance(number, bool)) for number in numbers)
        and all(isinstance(moment, (int, float)) for moment in moments)
        and all(isinstance(text, str) for text in (record.status, record.description, record.operation))
        and isinstance(record.number, int)
        and isinstance(record.age_step, int)
    )
