# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write a file that only its owner can read: whole or not at all, and never through a symbolic link.

Another user can plant a symbolic link at a known path. So the last part of a path is never a link, and its directories
are links only of root or of this user. Private to this collection.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
import typing as t

from .._core import display, errors, validation

_PART: t.Final = 2**20
_NEW: t.Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
_READ: t.Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
"""A pipe with the name of the file must not block the task."""


def check_target(option: str, path: str) -> None:
    """Check that a file can be at a path, before any request.

    :raises OptionError: the path is not that of a file, or its directory does not exist.
    """
    folder = os.path.dirname(path)
    try:
        if not stat.S_ISDIR(os.stat(folder).st_mode):
            raise validation.invalid_value(
                option, path, "must be in a directory", f"{validation.quoted(folder)} is not a directory."
            )
        link = _foreign_link(folder)
        if link:
            raise validation.invalid_value(
                option,
                path,
                "must not lead through a symbolic link of another user",
                f"{validation.quoted(link)} is such a link.",
            )
        found = os.lstat(path)
    except FileNotFoundError as error:
        if not os.path.isdir(folder):
            advice = f"The directory {validation.quoted(folder)} does not exist. Create it."
            raise validation.invalid_value(option, path, "must be in an existing directory", advice) from error
        return
    except OSError as error:
        raise validation.invalid_value(option, path, "must be a usable path", f"{error.strerror}.") from error
    if not stat.S_ISREG(found.st_mode):
        what = "a symbolic link" if stat.S_ISLNK(found.st_mode) else "not a regular file"
        raise validation.invalid_value(option, path, "must be a regular file or not exist", f"It is {what}.")


def check_source(option: str, path: str) -> None:
    """Check that a file can be read, before any request.

    :raises OptionError: it is not a regular file, or cannot be read.
    """
    with source(option, path):
        pass


@contextlib.contextmanager
def source(option: str, path: str) -> t.Iterator[t.BinaryIO]:
    """Open a file to read.

    :raises OptionError: it is not a regular file, or cannot be read.
    """
    try:
        stream = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0)
    except OSError as error:
        raise validation.invalid_value(option, path, "must be a file that can be read", f"{error.strerror}.") from error
    with stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise validation.invalid_value(option, path, "must be a regular file")
        yield t.cast("t.BinaryIO", stream)


def parts(stream: t.BinaryIO) -> t.Iterator[bytes]:
    """Yield the content of a file in parts."""
    while True:
        part = stream.read(_PART)
        if not part:
            return
        yield part


def exists(path: str) -> bool:
    """Whether anything is at a path."""
    return os.path.lexists(path)


def same_content(path: str, size: int, digest: str) -> bool:
    """Whether a regular file at a path has a content.

    :param digest: its SHA-256, hexadecimal.
    """
    try:
        stream = os.fdopen(os.open(path, _READ), "rb", buffering=0)
    except OSError:
        return False
    with stream:
        found = os.fstat(stream.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_size != size:
            return False
        sha = hashlib.sha256()
        for part in parts(t.cast("t.BinaryIO", stream)):
            sha.update(part)
        return sha.hexdigest() == digest


def write(option: str, path: str, content: t.BinaryIO) -> None:
    """Write a file. Its name never stands for a part of the content.

    :raises BatchError: it cannot be written; nothing has changed.
    :raises OptionError: another user has put something else at the path in the meantime.
    """
    check_target(option, path)
    name = os.path.basename(path)
    try:
        folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _failure(path, error) from error
    draft = f".batch-checksums-{secrets.token_hex(8)}.tmp"
    try:
        _fill(folder, draft, content)
        os.replace(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError as error:
        raise _failure(path, error) from error
    finally:
        # After the replacement, nothing has this name.
        with contextlib.suppress(OSError):
            os.unlink(draft, dir_fd=folder)
        os.close(folder)


def _fill(folder: int, draft: str, content: t.BinaryIO) -> None:
    with os.fdopen(os.open(draft, _NEW, 0o600, dir_fd=folder), "wb", buffering=0) as stream:
        for part in parts(content):
            left = memoryview(part)
            while left:
                left = left[stream.write(left) :]
        os.fsync(stream.fileno())


def _failure(path: str, error: OSError) -> errors.BatchError:
    text = f"cannot write {display.truncate(path)}: {error.strerror}"
    hint = "Check the permissions and the free space of the directory. No changes were made."
    return errors.BatchError(errors.Failure("invalid", text, hint=hint))


def _foreign_link(folder: str) -> str:
    """Return a part of a path that is a symbolic link of another user; empty if there is none."""
    trusted = {0, os.geteuid()}
    steps = folder
    while True:
        found = os.lstat(steps)
        if stat.S_ISLNK(found.st_mode) and found.st_uid not in trusted:
            return steps
        above = os.path.dirname(steps)
        if above == steps:
            return ""
        steps = above
