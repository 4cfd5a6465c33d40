# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One put, from a script: what an upload may take, and what a lost answer is taken for."""

from __future__ import annotations

import functools
import hashlib
import io

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError, Failure
from ansible_collections.objectstore.batch.plugins.module_utils._core.object_stores import Body, Found, Store
from ansible_collections.objectstore.batch.plugins.module_utils._core.providers import Traits
from ansible_collections.objectstore.batch.plugins.module_utils._requests import timeouts
from ansible_collections.objectstore.batch.plugins.module_utils._requests.downloads import Reader
from ansible_collections.objectstore.batch.plugins.module_utils._requests.senders import RetryLimits, Sender
from ansible_collections.objectstore.batch.plugins.module_utils._requests.uploads import put_if_absent
from ansible_collections.objectstore.batch.tests.unit.plugins.module_utils.scripted import Clock, fail

CONTENT = b"archive,a\n"
MD5 = hashlib.md5(CONTENT).hexdigest()
OURS = Found(len(CONTENT), MD5)
ABSENT = BatchError(Failure("not_found", "no such key", code="NoSuchKey"))


class ScriptedStore(Store):
    """Takes the next step of its script for each request; a step is a value, or an error to raise."""

    traits = Traits("a scripted cloud")

    def __init__(self, head, put=(), content=CONTENT):
        self.steps = {"head": list(head), "put": list(put)}
        self.content = content
        self.asked = []

    def _next(self, verb):
        self.asked.append(verb)
        step = self.steps[verb].pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    def head(self, bucket, key):
        return self._next("head")

    def put(self, bucket, key, body):
        with body.opened() as file:
            assert file.read() == CONTENT
        return self._next("put")

    def read(self, bucket, key, start, size, etag=""):
        self.asked.append("read")
        return self.content[start : start + size], Found(len(self.content), etag)

    def list_page(self, bucket, prefix, token):
        raise AssertionError

    list_objects = list_versions = list_page

    def resource(self, bucket, key):
        return key


def put(store, size=None, clock=None):
    clock = clock or Clock()
    size = len(CONTENT) if size is None else size
    sender = Sender(RetryLimits(3, 60.0, 60.0), clock.now, clock.sleep)
    body = Body(functools.partial(io.BytesIO, CONTENT), size, hashlib.md5(CONTENT).digest())
    return put_if_absent(Reader(store, sender), sender, "bucket", "key", body, False)


@pytest.fixture(autouse=True)
def allowed(monkeypatch):
    """The seconds that each request was allowed to take, instead of a thread that takes them."""
    found = []

    def within(seconds, request):
        found.append(seconds)
        return request()

    monkeypatch.setattr(timeouts, "call_with_timeout", within)
    return found


@pytest.mark.parametrize(
    ("size", "seconds"),
    [(len(CONTENT), 60), (2**30, 60 + 1024), (5 * 2**30, 60 + 5 * 1024)],
    ids=["10 B", "1 G", "5 G"],
)
def test_an_upload_may_take_a_second_for_each_mebibyte(allowed, size, seconds):
    assert put(ScriptedStore([ABSENT], [OURS]), size).outcome == "changed"
    assert [round(value) for value in allowed] == [60, seconds]


def test_an_upload_that_took_long_may_be_tried_again():
    """The deadline of 60 s counts from when it would have been over."""
    clock = Clock()
    store = ScriptedStore([ABSENT])

    def slow(bucket, key, body):
        store.asked.append("put")
        if len(store.asked) == 2:
            clock.time += 500
            raise fail("unreachable")
        return OURS

    store.put = slow
    assert put(store, 2**30, clock).outcome == "changed"
    assert store.asked == ["head", "put", "put"]


@pytest.mark.parametrize("kind", ["unreachable", "timeout", "unavailable", "invalid_response"])
@pytest.mark.parametrize(
    ("there", "content", "outcome"),
    [
        (OURS, CONTENT, "changed"),
        (Found(len(CONTENT), "0" * 32), CONTENT, "changed"),
        (Found(len(CONTENT), "0" * 32), CONTENT[::-1], "conflict"),
        (Found(len(CONTENT), MD5[::-1] + "-2"), CONTENT[::-1], "conflict"),
        (Found(len(CONTENT) + 1, "0" * 32), CONTENT, "conflict"),
        (Found(len(CONTENT), ""), CONTENT, "invalid_response"),
        (ABSENT, CONTENT, None),
    ],
)
def test_a_lost_answer_is_settled_by_what_is_there(kind, there, content, outcome):
    store = ScriptedStore([ABSENT, *[there] * 3], [fail(kind)] * 3, content)
    if outcome == "changed":
        found = put(store)
        assert (found.outcome, found.found) == ("changed", there)
        return
    with pytest.raises(BatchError) as caught:
        put(store)
    assert caught.value.failure.kind == (outcome or kind)
    assert store.asked.count("put") == 3


@pytest.mark.parametrize("code", ["PreconditionFailed", "FileAlreadyExists"])
def test_a_condition_that_holds_no_more_is_asked_about_once(code):
    store = ScriptedStore([ABSENT, OURS], [fail("conflict", code=code)])
    assert put(store).found == OURS
    assert store.asked == ["head", "put", "head"]


def test_an_object_in_capitals_is_ours():
    assert put(ScriptedStore([Found(len(CONTENT), MD5.upper())])).outcome == "unchanged"


def test_an_object_that_grows_while_it_is_read_is_not_read_without_end():
    store = ScriptedStore([Found(len(CONTENT), "0" * 32)], content=CONTENT * 10_000_000)
    with pytest.raises(BatchError) as caught:
        put(store)
    assert caught.value.failure.kind == "conflict"
    assert store.asked.count("read") <= 3
