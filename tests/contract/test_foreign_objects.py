# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands where a retry manifest goes: it is ours only if it holds the same, whatever was lost on the way."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._requests import senders

from .clouds import Cloud
from .reports import BUCKET, Report
from .test_retry import FAILED, FIRST, ROWS, made, make

THEIRS = b"archive,x%2520x%2C\narchive,films/\xc3\xa9.mov\n"
"""Another object in each line, of the same size."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses between tries are tested elsewhere."""
    monkeypatch.setattr(senders, "_jitter", lambda longest: longest / 100)


def foreseen(cloud: Cloud) -> str:
    """The key of the manifest, which anybody can tell from a dry run."""
    Report({"failed": ROWS}, job=FAILED).put(cloud)
    return str(make(cloud, check_mode=True)["manifests"][0]["key"])


def theirs(cloud: Cloud, key: str, body: bytes = THEIRS, etag: str | None = None) -> str:
    return str(cloud.emulator.put_object(cloud.provider, BUCKET, key, body, etag=etag)["etag"])


def refused(cloud: Cloud, answer: dict[str, t.Any], etag: str) -> None:
    """Nothing was written, and nothing of theirs is handed on."""
    assert (answer["rc"], answer["changed"], answer["error"]["kind"]) == (1, False, "conflict"), answer
    assert etag.lower() not in str(answer).lower()
    assert "No changes were made" in answer["msg"] and "manifest_prefix" in answer["error"]["hint"]
    assert not answer.get("manifest")


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("body", [THEIRS, b"theirs\n", b""], ids=["same size", "smaller", "empty"])
def test_a_foreign_object_is_a_conflict(cloud: Cloud, body: bytes, check_mode: bool) -> None:
    key = foreseen(cloud)
    assert len(THEIRS) == len(FIRST) and THEIRS != FIRST
    etag = theirs(cloud, key, body)
    cloud.emulator.clear_log()
    refused(cloud, make(cloud, check_mode=check_mode), etag)
    assert "PutObject" not in cloud.operations()
    assert made(cloud) == {key: body}


@pytest.mark.parametrize(
    "etag", ["0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef-3", "anything"], ids=str
)
def test_an_etag_that_is_no_md5_is_read_back(cloud: Cloud, etag: str) -> None:
    """As of an object that is encrypted with a key of KMS, or was put in several pieces."""
    key = foreseen(cloud)
    theirs(cloud, key, FIRST, etag)
    cloud.emulator.clear_log()
    answer = make(cloud)
    assert (answer["rc"], answer["changed"], answer["manifest"]["etag"]) == (0, False, etag), answer
    assert "PutObject" not in cloud.operations()
    theirs(cloud, key, THEIRS, etag)
    refused(cloud, make(cloud), etag)


def test_an_object_of_another_size_is_not_read(cloud: Cloud) -> None:
    key = foreseen(cloud)
    etag = theirs(cloud, key, b"x" * 3_000_000)
    cloud.emulator.clear_log()
    refused(cloud, make(cloud), etag)
    # Those of the report, and no part of theirs.
    assert cloud.operations().count("GetObject") == 2


def test_ours_is_not_read_where_its_etag_says_enough(cloud: Cloud) -> None:
    foreseen(cloud)
    assert make(cloud)["changed"]
    cloud.emulator.clear_log()
    answer = make(cloud)
    assert (answer["rc"], answer["changed"]) == (0, False)
    assert cloud.operations()[-2:] == ["GetObject", "HeadObject"]


@pytest.mark.parametrize("body", [THEIRS, FIRST], ids=["theirs", "ours"])
@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "internal_error", "unavailable"])
def test_an_object_that_appears_while_ours_is_lost(cloud: Cloud, fault: str, body: bytes) -> None:
    """HeadObject finds nothing, the first PutObject is lost, and then there is an object, as the race has it."""
    key = foreseen(cloud)
    # The look before the write sees nothing yet.
    cloud.fault("raw", operation="HeadObject", code="NoSuchKey", http_status=404)
    etag = theirs(cloud, key, body)
    cloud.fault(fault, operation="PutObject")
    answer = make(cloud)
    assert made(cloud) == {key: body}
    if body == FIRST:
        assert (answer["rc"], answer["manifest"]["etag"]) == (0, etag), answer
    else:
        refused(cloud, answer, etag)


def test_a_foreign_version_is_kept_and_reported(cloud: Cloud) -> None:
    """Where versions are kept COS and OSS cannot refuse the write, which does not take theirs away then."""
    place = cloud.account.connection
    cloud.emulator.make_bucket(
        cloud.provider, "kept-1250000000", place.get("account_id", "1000000000000001"), place["region"], versioned=True
    )
    Report({"failed": ROWS}, job=FAILED).put(cloud)
    options = {"manifest_bucket": "kept-1250000000"}
    first = make(cloud, **options)
    assert (first["rc"], first["changed"]) == (0, True), first
    assert first["manifest"]["version_id"]
    again = make(cloud, **options)
    assert (again["changed"], again["manifest"]) == (False, first["manifest"])
    key = first["manifests"][0]["key"]
    cloud.emulator.put_object(cloud.provider, "kept-1250000000", key, THEIRS)
    answer = make(cloud, **options)
    assert (answer["rc"], answer["error"]["kind"]) == (1, "conflict")


@pytest.mark.parametrize("code", ["ConditionalRequestConflict", "OperationAborted"])
def test_a_conflicting_request_is_sent_again(cloud: Cloud, code: str) -> None:
    """S3: "On a 409 failure you should retry the upload." """
    foreseen(cloud)
    cloud.fault("raw", operation="PutObject", http_status=409, code=code, message="Please try again.", count=2)
    answer = make(cloud)
    assert (answer["rc"], answer["changed"], list(made(cloud).values())) == (0, True, [FIRST]), answer
    assert answer["calls"]["sent"]["PutObject"] == 3


def test_a_conflict_that_lasts_is_bounded_and_says_so(cloud: Cloud) -> None:
    foreseen(cloud)
    cloud.fault("raw", operation="PutObject", http_status=409, code="ConditionalRequestConflict", count=None)
    answer = make(cloud, max_attempts=3)
    assert (answer["rc"], answer["error"]["code"], made(cloud)) == (1, "ConditionalRequestConflict", {}), answer
    assert answer["calls"]["sent"]["PutObject"] == 3
    assert answer["error"]["retryable"] is True
