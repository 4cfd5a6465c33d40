# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files in parts of every size: their lines, and whether they are whole."""

from __future__ import annotations

import gzip
import random

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError
from ansible_collections.objectstore.batch.plugins.module_utils._requests import text_lines as _text_lines


def split(body, size):
    return [body[start : start + size] for start in range(0, len(body), size)]


@pytest.mark.parametrize("size", [1, 7, 1000, 10**6])
@pytest.mark.parametrize("members", [[b""], [b"a\r\n"], [b"a\n" * 999, b"b"], [b"", b"a\n", b""]])
def test_whole_files(size, members):
    packed = b"".join(gzip.compress(member) for member in members)
    assert b"".join(_text_lines.unzipped(split(packed, size), "f")) == b"".join(members)


@pytest.mark.parametrize("size", [1, 7, 10**6])
def test_every_cut_is_noticed(size):
    """After whichever byte a file ends: only at the end of a member it is whole."""
    body = bytes(random.Random(7).randrange(256) for _byte in range(200))
    first, second = gzip.compress(body), gzip.compress(b"x")
    packed = first + second
    for end in range(len(packed)):
        parts = split(packed[:end], size)
        if end == len(first):
            assert b"".join(_text_lines.unzipped(parts, "f")) == body
        else:
            with pytest.raises(BatchError) as caught:
                list(_text_lines.unzipped(parts, "some/key in bucket"))
            failure = caught.value.failure
            assert (failure.kind, failure.retryable) == ("invalid_response", False)
            assert failure.message.startswith("some/key in bucket ") and failure.hint


@pytest.mark.parametrize("size", [1000, 4 * 2**20, 10**9])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_line_may_be_as_long_as_any_but_no_longer(size, end, monkeypatch):
    monkeypatch.setattr(_text_lines, "LONGEST", 5000)
    whole = (b"x" * 5000 + end) * 3 + b"y"
    assert "".join(_text_lines.lines(split(whole, size), "f")) == whole.decode()
    with pytest.raises(BatchError) as caught:
        list(_text_lines.lines(split(b"x" * 6000 + b"y" * 100, min(size, 500)), "some/key in bucket"))
    assert "some/key in bucket has a line" in caught.value.failure.message
    assert caught.value.failure.hint


def test_bytes_that_are_no_text_stay_what_they_are():
    body = b"\xef\xbb\xbfa,\xff\xfe\r\nb\r\n"
    found = list(_text_lines.lines([body], "f"))
    assert [line.encode("utf-8", "surrogateescape") for line in found] == [b"a,\xff\xfe\r\n", b"b\r\n"]
