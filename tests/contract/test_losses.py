# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_retry_manifest: what is not retried, counted as objects; two manifests have two tokens."""

from __future__ import annotations

import typing as t

import pytest

from .clouds import JOB_ID, Cloud
from .reports import BUCKET, Report
from .test_retry import VERSIONS, made, make, manifest_xml


def counts(failed: int, total: int = 0, done: int = 0) -> dict[str, t.Any]:
    return {"tasks_total": total or failed, "tasks_done": done or failed, "tasks_failed": failed}


def put(cloud: Cloud, rows: bytes, **options: t.Any) -> None:
    lines = rows.count(b"\r\n")
    Report({"failed": rows}, **{"job": counts(lines), **options}).put(cloud)


def row(key: str, code: str = "NoSuchKey", status: int = 404, version: str = "") -> bytes:
    return f"archive,{key},{version},failed,{status},{code},why\r\n".encode()


def test_objects_are_counted_and_not_tries(cloud: Cloud) -> None:
    """a fails twice, with two codes; b is retried, whatever another row says; c is benign."""
    rows = row("a") + row("a") + row("a", "AccessDenied", 403)
    rows += row("b", "SlowDown", 503) + row("b") + row("c", "Fine", 409) + row("d")
    put(cloud, rows)
    answer = make(cloud, benign=["Fine"])
    assert (answer["rc"], answer["count"]) == (0, 1), answer
    assert answer["lost_count"] == 2
    assert [item["key"] for item in answer["lost_objects"]] == ["a", "d"]
    first = answer["lost_objects"][0]
    assert (first["bucket"], first["decoded_key"], first["code"], first["http_status"], first["message"]) == (
        "archive",
        "a",
        "NoSuchKey",
        404,
        "why",
    )
    assert answer["not_retried_count"] == 6
    assert sum(item["count"] for item in answer["not_retried"]) == 6


def test_counts_beyond_the_codes_that_are_named(cloud: Cloud) -> None:
    put(cloud, b"".join(row(f"k{number:03}", f"Code{number:03}") for number in range(150)))
    answer = make(cloud, limit=3)
    assert (len(answer["not_retried"]), answer["not_retried_count"], answer["lost_count"]) == (100, 150, 150)
    assert [item["key"] for item in answer["lost_objects"]] == ["k000", "k001", "k002"]
    assert make(cloud, limit=0)["lost_objects"] == []


def test_what_cannot_be_written_is_lost(cloud: Cloud) -> None:
    rows = b'archive,"a\r\nb",,failed,503,SlowDown,x\r\n' * 2 + row("c", "SlowDown", 503)
    Report({"failed": rows}, job=counts(3)).put(cloud)
    answer = make(cloud)
    assert (answer["count"], answer["lost_count"], answer["lost_objects"][0]["key"]) == (1, 1, "a\\r\\nb"), answer


def test_nothing_is_a_choice(cloud: Cloud) -> None:
    """Everything that failed is lost then, and nothing is written."""
    put(cloud, row("a", "SlowDown", 503) * 2 + row("b"))
    answer = make(cloud, retry_class=["none"], include=["SlowDown"])
    assert (answer["rc"], answer["changed"], answer["manifest"], answer["manifests"]) == (0, False, None, []), answer
    assert (answer["lost_count"], [item["key"] for item in answer["lost_objects"]]) == (2, ["a", "b"])
    assert not made(cloud) and "PutObject" not in cloud.operations() and "HeadObject" not in cloud.operations()
    for wrong in (["none", "retryable"], ["permanent", "none"]):
        refused = make(cloud, retry_class=wrong)
        assert (
            refused["rc"],
            "value of retry_class must not combine none with other values, got: [" in refused["msg"],
        ) == (1, True)


@pytest.mark.parametrize("retry_class", [["retryable"], ["none"]], ids=str)
def test_what_a_dead_job_never_started_is_counted(cloud: Cloud, retry_class: list[str]) -> None:
    good = b"archive,good,,succeeded,200,,x\r\n" + b'archive,"good,2",,succeeded,200,,x\r\n'
    Report({"succeeded": good, "failed": row("bad")}, job=counts(1, 9, 3)).put(cloud)
    body = b'archive,good\narchive,"good,2"\narchive,bad\narchive,never\narchive,"never,2"\nbroken\n'
    etag = cloud.emulator.put_object(cloud.provider, BUCKET, "lists/all.csv", body)["etag"]
    report = cloud.emulator.job(JOB_ID)["extra_xml"]
    cloud.emulator.patch(JOB_ID, extra_xml=report + manifest_xml(cloud, "lists/all.csv", etag))
    answer = make(cloud, retry_scope="unfinished", retry_class=retry_class)
    assert answer["rc"] == 0, answer
    keys = [item["key"] for item in answer["lost_objects"]]
    if retry_class == ["none"]:
        assert (answer["count"], answer["lost_count"], answer["unsupported_objects"]) == (0, 4, 0), answer
        assert keys == ["bad", "never", "never,2"]
        assert answer["lost_objects"][0]["code"] == "NoSuchKey" and answer["lost_objects"][1]["code"] == ""
        assert not made(cloud)
        return
    # What succeeded is not lost, though COS could not hold it in a manifest.
    unsupported_objects = 2 if cloud.provider == "cos" else 1
    assert (answer["unsupported_objects"], answer["lost_count"]) == (unsupported_objects, unsupported_objects), answer
    assert keys == (["never,2"] if cloud.provider == "cos" else [])


def two(cloud: Cloud) -> None:
    """A job whose manifest names versions, and a report with versions, and without."""
    Report({"failed": VERSIONS}, job=counts(4)).put(cloud)
    fields = "<member>Key</member><member>VersionId</member>"
    manifest = manifest_xml(cloud, "lists/all.csv", "0" * 32).replace("<member>Key</member>", fields)
    cloud.emulator.patch(JOB_ID, extra_xml=cloud.emulator.job(JOB_ID)["extra_xml"] + manifest)


def test_each_manifest_has_a_token_of_its_own(cloud: Cloud) -> None:
    if cloud.provider == "oss":
        pytest.skip("manifests of OSS name no versions, so there is one")
    two(cloud)
    answer = make(cloud)
    first, second = answer["manifests"]
    tokens = [first["client_request_token"], second["client_request_token"]]
    assert len(set(tokens)) == 2 and all(token.startswith("retry-") for token in tokens)
    assert answer["job"]["client_request_token"] == tokens[0]
    assert (first["count"], second["count"], answer["count"]) == (2, 2, 4)
    assert [item["client_request_token"] for item in make(cloud)["manifests"]] == tokens


def test_a_second_manifest_that_fails_does_not_lose_the_first(cloud: Cloud) -> None:
    if cloud.provider == "oss":
        pytest.skip("manifests of OSS name no versions, so there is one")
    two(cloud)
    cloud.fault("denied", operation="PutObject", skip=1)
    answer = make(cloud)
    assert (answer["rc"], answer["error"]["kind"], answer["changed"]) == (1, "access_denied", True), answer
    [item] = answer["manifests"]
    assert list(made(cloud)) == [item["key"]] and item["outcome"] == "changed"
