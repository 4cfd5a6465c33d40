# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that several threads add at once: each of them is masked."""

from __future__ import annotations

import contextlib
import threading

import pytest

pytest.importorskip("botocore")

from ansible_collections.objectstore.batch.plugins.module_utils._model.provider import Options
from ansible_collections.objectstore.batch.plugins.module_utils._providers.aws.transport import Transport


class Nothing:
    """A session that keeps no handlers."""

    def register(self, name, handler):
        pass


class Meeting(frozenset):
    """A set whose union waits for a second thread to come as far: if none may, it goes on alone."""

    barrier = threading.Barrier(2)

    def __or__(self, other):
        with contextlib.suppress(threading.BrokenBarrierError):
            self.barrier.wait(timeout=0.5)
        return frozenset.__or__(self, other)


def test_no_secret_of_two_threads_is_lost():
    transport = Transport(Nothing(), Options())
    transport.secrets = Meeting()
    threads = [threading.Thread(target=transport.hide, args=(name,)) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert transport.secrets == {"first", "second"}
