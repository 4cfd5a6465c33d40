# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are written whole or not at all, and never where another user points."""

from __future__ import annotations

import hashlib
import io
import os
import stat

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._checksums import private_file
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError, OptionError

BODY = b"content" * 1000


def write(path):
    private_file.write("path", str(path), io.BytesIO(BODY))


def test_a_file_and_its_replacement(tmp_path):
    path = tmp_path / "x"
    os.umask(os.umask(0))
    write(path)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode), os.listdir(tmp_path)) == (BODY, 0o600, ["x"])
    path.write_bytes(b"former")
    other = tmp_path / "hard"
    os.link(path, other)
    write(path)
    assert (path.read_bytes(), other.read_bytes()) == (BODY, b"former")
    assert private_file.same_content(str(path), len(BODY), hashlib.sha256(BODY).hexdigest())
    assert not private_file.same_content(str(path), len(BODY), hashlib.sha256(b"").hexdigest())
    assert not private_file.same_content(str(path), 1, hashlib.sha256(BODY).hexdigest())


def test_a_link_is_neither_followed_nor_compared(tmp_path):
    target = tmp_path / "target"
    target.write_bytes(BODY)
    link = tmp_path / "link"
    link.symlink_to(target)
    with pytest.raises(OptionError, match="symbolic link"):
        private_file.check_target("path", str(link))
    with pytest.raises(OptionError, match="symbolic link"):
        write(link)
    assert not private_file.same_content(str(link), len(BODY), hashlib.sha256(BODY).hexdigest())
    assert link.is_symlink()


def test_a_directory_link_of_another_user(tmp_path, monkeypatch):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    path = str(tmp_path / "link" / "x")
    private_file.check_target("path", path)
    original = os.lstat

    def lstat(name):
        found = original(name)
        if not stat.S_ISLNK(found.st_mode):
            return found
        return os.stat_result((*found[:4], 4242, *found[5:]))

    monkeypatch.setattr(os, "lstat", lstat)
    with pytest.raises(OptionError, match="of another user"):
        private_file.check_target("path", path)


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_nothing_remains_after_a_failure(tmp_path, monkeypatch, moment):
    path = tmp_path / "x"
    path.write_bytes(b"former")

    def fail(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, moment, fail)
    with pytest.raises(BatchError, match="No space left on device"):
        write(path)
    assert (path.read_bytes(), os.listdir(tmp_path)) == (b"former", ["x"])


def test_nothing_remains_after_an_interrupt(tmp_path, monkeypatch):
    def interrupt(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "x")
    assert os.listdir(tmp_path) == []


def test_what_is_no_file(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for check in (private_file.check_target, private_file.check_source):
        for path in (pipe, tmp_path, tmp_path / "no" / "x", tmp_path / ("x" * 300)):
            with pytest.raises(OptionError):
                check("path", str(path))
    assert not private_file.same_content(str(pipe), 0, hashlib.sha256(b"").hexdigest())
