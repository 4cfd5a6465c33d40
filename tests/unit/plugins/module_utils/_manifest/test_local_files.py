# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of the host: only regular ones, whole ones, and in bounded memory."""

from __future__ import annotations

import os

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError
from ansible_collections.objectstore.batch.plugins.module_utils._manifest import local_files


def test_the_content_in_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(local_files, "_PART", 7)
    path = tmp_path / "x"
    path.write_bytes(b"a,b\n" * 10)
    parts = list(local_files.parts(str(path)))
    assert b"".join(parts) == b"a,b\n" * 10 and max(map(len, parts)) == 7
    path.write_bytes(b"")
    assert list(local_files.parts(str(path))) == []


@pytest.mark.parametrize("change", ["longer", "shorter", "rewritten", "replaced"])
def test_a_file_that_changes_while_it_is_read(tmp_path, monkeypatch, change):
    monkeypatch.setattr(local_files, "_PART", 8)
    path = tmp_path / "x"
    path.write_bytes(b"a,b\n" * 10)
    parts = local_files.parts(str(path))
    next(parts)
    if change == "longer":
        with path.open("ab") as file:
            file.write(b"c,d\n")
    elif change == "shorter":
        os.truncate(path, 20)
    elif change == "rewritten":
        path.write_bytes(b"c,d\n" * 10)
        os.utime(path, ns=(1, 1))
    else:
        # Another file at the same path: the old one is still complete.
        other = tmp_path / "y"
        other.write_bytes(b"c,d\n")
        other.replace(path)
        assert len(b"".join(parts)) == 32
        return
    with pytest.raises(BatchError, match="changed while it was read"):
        list(parts)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r"])
def test_a_line_has_an_end(tmp_path, monkeypatch, end):
    monkeypatch.setattr(local_files, "_PART", 100)
    monkeypatch.setattr(local_files, "_LONGEST", 1000)
    path = tmp_path / "x"
    path.write_bytes((b"a" * 900 + end) * 10)
    if end:
        assert len(b"".join(local_files.parts(str(path)))) == 9010
        return
    with pytest.raises(BatchError, match="a line longer than"):
        list(local_files.parts(str(path)))


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "x")
    with pytest.raises(BatchError, match="a named pipe"):
        list(local_files.parts(str(tmp_path / "x")))
