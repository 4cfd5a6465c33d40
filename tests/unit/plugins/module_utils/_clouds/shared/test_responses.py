# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies are read within bounds and without what the request held."""

from __future__ import annotations

import contextlib
import threading
import time

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.shared.responses import (
    LARGEST,
    ResponseTooLargeError,
    ResponseTooSlowError,
    SecretMasker,
    Secrets,
    read_body,
    signatures,
)


def test_whole_bodies():
    assert read_body(iter([b"ab", b"", b"c"]), None) == b"abc"
    assert read_body(iter([b"ab"]), str(LARGEST)) == b"ab"
    assert read_body(iter([b"ab"]), "²") == b"ab"


def test_no_more_is_read_than_any_answer_has():
    read = []

    def chunks():
        for _turn in range(100):
            read.append(1)
            yield b"x" * 2**20

    with pytest.raises(ResponseTooLargeError, match="larger than 32 MiB"):
        read_body(chunks(), None)
    assert len(read) == 33


def test_an_announced_size_is_enough_to_refuse():
    for size in (LARGEST + 1, 10**14):
        chunks = iter([b"never read"])
        with pytest.raises(ResponseTooLargeError):
            read_body(chunks, str(size))
        assert next(chunks) == b"never read"


def test_secrets_come_back_masked():
    header = "AWS4-HMAC-SHA256 Credential=AKID/20260101, SignedHeaders=host, Signature=abc123"
    mask = SecretMasker([*signatures(header), "se/cr+et", "", "token"])
    assert mask.body(f"<M>{header} se/cr+et se%2Fcr%2Bet</M>".encode()) == b"<M>******** ******** ********</M>"
    assert mask.text("signed abc123 with token") == "signed ******** with ********"
    assert mask.text("") == ""
    assert signatures("q-sign-algorithm=sha1&q-signature=fff") == ("q-sign-algorithm=sha1&q-signature=fff", "fff")


def test_a_smaller_bound_and_an_end():
    with pytest.raises(ResponseTooLargeError, match="larger than 1 KiB"):
        read_body(iter([b"x" * 1000, b"x" * 25]), None, 1024)
    with pytest.raises(ResponseTooLargeError):
        read_body(iter([]), "1025", 1024)
    assert read_body(iter([b"x"]), None, 1024, time.monotonic() + 3600) == b"x"
    with pytest.raises(ResponseTooSlowError):
        read_body(iter([b"x", b"y"]), None, 1024, time.monotonic())


class Meeting(frozenset):
    """A set whose union waits for a second thread to come as far: if none may, it goes on alone."""

    barrier = threading.Barrier(2)

    def __or__(self, other):
        with contextlib.suppress(threading.BrokenBarrierError):
            self.barrier.wait(timeout=0.5)
        return frozenset.__or__(self, other)


def test_no_secret_of_two_threads_is_lost():
    secrets = Secrets()
    secrets._known = Meeting()
    threads = [threading.Thread(target=secrets.add, args=(name, "")) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert secrets.known() == {"first", "second"}
