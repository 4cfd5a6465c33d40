# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a file of the host that runs the task, in bounded memory and only if it is a regular file.

Private to this collection.
"""

from __future__ import annotations

import os
import stat
import typing as t

from .._core import errors

_PART: t.Final = 2**20
_LONGEST: t.Final = 2**20
"""Bytes of a line, at most. A row has at most 1,024 bytes of a key, 1,024 of a version, and other columns."""
_SHOWN: t.Final = 200


def parts(path: str) -> t.Iterator[bytes]:
    """Yield the content of a file in parts.

    :raises BatchError: the file is missing, not readable, not a regular file, has a longer line, or changes meanwhile.
    """
    number = _opened(path)
    before = os.fstat(number)
    if not stat.S_ISREG(before.st_mode):
        os.close(number)
        raise failed(path, f"is {_kind(before.st_mode)}, not a regular file", "Set file to a CSV file.")
    with open(number, "rb", buffering=0) as file:
        read = since = 0
        while True:
            try:
                part = file.read(_PART)
            except OSError as error:
                raise failed(path, f"cannot be read: {error.strerror}", "Check the file.") from error
            if not part:
                break
            read += len(part)
            end = max(part.rfind(b"\n"), part.rfind(b"\r"))
            since = since + len(part) if end < 0 else len(part) - end - 1
            if since > _LONGEST:
                raise failed(path, f"has a line longer than {_LONGEST >> 20} MiB", "Set file to a CSV file.")
            yield part
        after = os.fstat(file.fileno())
    if read != before.st_size or _state(before) != _state(after):
        raise failed(path, "changed while it was read", "Run the task again when the file is complete.")


def failed(path: str, what: str, hint: str) -> errors.BatchError:
    """Return an error about a file."""
    shown = path if len(path) <= _SHOWN else f"{path[:_SHOWN]}..."
    text = f"File {shown!r} {what}"
    return errors.BatchError(errors.Failure("invalid", text, hint=f"{hint} No changes were made."))


def _opened(path: str) -> int:
    try:
        # Without O_NONBLOCK, opening a named pipe waits for its other end.
        return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        hint = "Check the path on the host that runs the task."
        raise failed(path, "not found", hint) from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise failed(path, f"cannot be opened: {why}", "Check the path and the permissions.") from error


def _state(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def _kind(mode: int) -> str:
    checks: tuple[tuple[t.Callable[[int], bool], str], ...] = (
        (stat.S_ISDIR, "a directory"),
        (stat.S_ISFIFO, "a named pipe"),
        (stat.S_ISSOCK, "a socket"),
    )
    return next((name for check, name in checks if check(mode)), "a device")
