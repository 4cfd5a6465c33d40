# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What modules show of the manifests that they have written."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError, Failure
from ansible_collections.objectstore.batch.plugins.module_utils._core.object_stores import Found
from ansible_collections.objectstore.batch.plugins.module_utils._manifest.made_manifests import (
    Made,
    describe,
    is_changed,
    render_diff,
    render_made,
    with_made,
)

MADE = Made(
    bucket="b",
    key="retry/x.csv",
    resource="arn:aws:s3:::b/retry/x.csv",
    fields=("Bucket", "Key"),
    count=3,
    outcome="changed",
    found=Found(9, "e", "v"),
    first=(b"b,k\n",),
    digest="d1",
)


def made(**details):
    return dataclasses.replace(MADE, **details)


def test_a_task_has_changed_what_it_wrote_or_would_write():
    assert [is_changed([made(outcome=outcome)]) for outcome in ("changed", "would_change", "unchanged")] == [
        True,
        True,
        False,
    ]
    assert not is_changed([])


def test_each_manifest_is_named_with_what_happened():
    text = describe([made(outcome="would_change", count=1), made(key="k\x1b", outcome="unchanged")])
    assert text == ("manifest b/retry/x.csv (1 object) would be created; manifest b/k\\x1b (3 objects) already exists")


@pytest.mark.parametrize(
    ("found", "etag", "version"),
    [
        (Found(9, "e", "v"), "e", {"version_id": "v"}),
        (Found(9, "e"), "e", {}),
        # Check mode: a job that is created from it must fail and not run over another object.
        (None, "unknown-until-it-is-written", {}),
    ],
)
def test_a_manifest_in_the_words_of_batch_job(found, etag, version):
    manifest = render_made(made(found=found), "t")
    assert manifest["client_request_token"] == "t"
    assert manifest["manifest"] == {
        "object_arn": MADE.resource,
        "etag": etag,
        "format": "csv",
        "fields": ["Bucket", "Key"],
        **version,
    }


def test_a_diff_shows_the_first_lines_and_counts_the_rest():
    lines = (b"b,a\n", b"b,\xff\x1b[2J\n")
    [diff] = render_diff([made(first=lines, count=5), made(outcome="unchanged")])
    rows = diff["after"].splitlines()
    assert (diff["before"], rows[0], rows[-1]) == ("", "b,a", "... and 3 more")
    assert all(row.isprintable() for row in rows)
    [whole] = render_diff([made(first=lines, count=2)])
    assert len(whole["after"].splitlines()) == 2


def test_an_error_says_what_was_made_before_it():
    error = with_made(BatchError(Failure("timeout", "no answer"), note="kept"), [MADE])
    assert error.failure.kind == "timeout"
    assert error.details["changed"] is True
    assert [item["key"] for item in error.details["manifests"]] == ["retry/x.csv"]
    assert error.details["note"] == "kept"
    assert (
        with_made(BatchError(Failure("timeout", "no answer")), [made(outcome="unchanged")]).details["changed"] is False
    )
