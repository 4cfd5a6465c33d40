# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sorting more than memory holds: each line once, with few files, and nothing is left behind, whatever happens."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import random
import signal
import subprocess
import sys
import tempfile

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError
from ansible_collections.objectstore.batch.plugins.module_utils._manifest import external_sort as _external_sort


@pytest.fixture(autouse=True)
def small_runs(monkeypatch):
    monkeypatch.setattr(_external_sort, "_RUN", 10)
    monkeypatch.setattr(_external_sort, "_RUNS", 3)


def filled(lines):
    found = _external_sort.ExternalSorter()
    for line in lines:
        found.add(line)
    return found


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 29, 30, 89, 90, 91, 271, 1000])
def test_lines_are_sorted_and_each_once(count):
    dice = random.Random(count)
    lines = [b"%d\n" % dice.randrange(max(1, count // 2)) for _line in range(count)]
    found = filled(lines)
    assert list(found.lines()) == sorted(set(lines))
    assert list(found.lines()) == sorted(set(lines)), "the second time"


def test_two_read_one_spool_at_once():
    found = filled(b"%03d\n" % number for number in range(100))
    first, second = found.lines(), found.lines()
    for _line in range(100):
        assert next(first) == next(second)


def test_few_files_are_open():
    """700 runs, of which no more than two of each size are open; the limit is what the process has, and a few."""
    code = """
import os, resource
from ansible_collections.objectstore.batch.plugins.module_utils._manifest import external_sort
external_sort._RUN, external_sort._RUNS = 10, 3
resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) + 25,) * 2)
found = external_sort.ExternalSorter()
for number in range(7000):
    found.add(b"%d\\n" % (number * 7919 % 7000))
print(external_sort.write(found.lines(), 0).count)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False, timeout=1800
    )
    assert (done.stdout.strip(), done.returncode) == ("7000", 0), done.stderr


def environment(**more):
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **more}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_no_signal_leaves_anything_behind(tmp_path, number):
    code = """
import sys
from ansible_collections.objectstore.batch.plugins.module_utils._manifest import external_sort
external_sort._RUN = 10
found = external_sort.ExternalSorter()
for number in range(100):
    found.add(b"secret/key/of/an/object/%d\\n" % number)
written = external_sort.write(found.lines(), 0)
print("ready", flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment(TMPDIR=str(tmp_path)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        process.wait(timeout=1800)
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_can_be_read_again_and_by_several():
    lines = [b"%d\n" % number for number in range(1000)]
    written = _external_sort.write(lines, 2)
    whole = b"".join(lines)
    assert (written.count, written.first, written.body.size) == (1000, lines[:2], len(whole))
    assert written.body.md5 == hashlib.md5(whole).digest()
    assert written.digest == hashlib.sha256(whole).hexdigest()
    with written.body.opened() as first, written.body.opened() as second:
        assert first.read(10) == whole[:10]
        assert second.read() == whole
        assert first.read() == whole[10:]
        assert (first.seek(0, io.SEEK_END), first.tell(), first.seek(3), first.read(2)) == (
            len(whole),
            len(whole),
            3,
            whole[3:5],
        )


def test_a_full_disk_is_a_sentence(monkeypatch):
    class Full(io.BytesIO):
        def writelines(self, lines):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "TemporaryFile", Full)
    with pytest.raises(BatchError) as caught:
        filled(b"%d\n" % number for number in range(10))
    failure = caught.value.failure
    assert "No space left" in failure.message and "TMPDIR" in failure.hint


def test_an_error_of_what_makes_the_lines_stays_what_it_is():
    def lines():
        yield b"a\n"
        raise BatchError(_external_sort.errors.Failure("access_denied", "no"))

    with pytest.raises(BatchError) as caught:
        _external_sort.write(lines(), 0)
    assert caught.value.failure.kind == "access_denied"
