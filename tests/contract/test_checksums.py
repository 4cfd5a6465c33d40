# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_job_report_info with checksums: what is written, what is compared, and what is refused."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import pathlib
import stat
import typing as t

import pytest

from .clouds import JOB_ID, Cloud, on
from .reports import BUCKET, Report
from .stores import make_bucket
from .test_story import ROLES

ARCHIVE = "archive-1250000000"
KEYS = {"a,b": "a%2Cb", "é \n": "%C3%A9%20%0A", 'q"': "q%22", "gone": "gone"}
JOB = {"operation": "S3ComputeObjectChecksum", "tasks_total": 3, "tasks_done": 3, "tasks_failed": 1}
SHA = {name: hashlib.sha256(name.encode()).hexdigest() for name in "abc"}
FAILED = b'archive,c,,failed,200,PermanentFailure,"error details: {""failureMessage"":""Key not found""}"\r\n'


def message(value: str, algorithm: str = "SHA256", kind: str = "FULL_OBJECT") -> str:
    content = {"etag": "x", "checksumAlgorithm": algorithm, "checksumType": kind, "checksum_hex": value.upper()}
    return '"' + json.dumps(content).replace('"', '""') + '"'


def row(key: str, value: str, version: str = "", **options: str) -> bytes:
    return f"archive,{key},{version},succeeded,200,,{message(value, **options)}\r\n".encode()


GOOD = row("a", SHA["a"]) + row("b", SHA["b"])


def info(cloud: Cloud, checksums: t.Any, **options: t.Any) -> dict[str, t.Any]:
    given = {"job_id": JOB_ID, "checksums": checksums, **options}
    return cloud.run("batch_job_report_info", **given)


def expect(path: pathlib.Path, *rows: str) -> str:
    path.write_text("\n".join(["bucket,key,algorithm,value", *rows]) + "\n", encoding="utf-8")
    return str(path)


def refused(answer: dict[str, t.Any]) -> tuple[str, str]:
    assert answer["rc"] == 1, answer
    assert "No changes were made" in answer["msg"] or answer["error"]["kind"] == "invalid", answer
    return answer["error"]["kind"], answer["msg"]


@pytest.fixture
def report(cloud: Cloud) -> None:
    Report({"succeeded": GOOD, "failed": FAILED}, job=JOB).put(cloud)
    cloud.emulator.clear_log()


@on("aws")
@pytest.mark.parametrize("algorithm", ["SHA256", "CRC64NVME", "MD5"])
@pytest.mark.parametrize("kind", ["FULL_OBJECT", "COMPOSITE"])
def test_from_a_job_to_its_checksums(cloud: Cloud, tmp_path: pathlib.Path, algorithm: str, kind: str) -> None:
    make_bucket(cloud)
    make_bucket(cloud, ARCHIVE)
    for key in list(KEYS)[:3]:
        cloud.emulator.put_object(cloud.provider, ARCHIVE, key, key.encode())
    body = "".join(f"{ARCHIVE},{key}\n" for key in KEYS.values()).encode()
    etag = cloud.emulator.put_object(cloud.provider, BUCKET, "lists/all.csv", body)["etag"]
    job = cloud.run(
        "batch_job",
        role_arn=ROLES[cloud.provider],
        priority=1,
        description="checksums",
        operation={"S3ComputeObjectChecksum": {"ChecksumAlgorithm": algorithm, "ChecksumType": kind}},
        manifest={"object_arn": f"arn:aws:s3:::{BUCKET}/lists/all.csv", "etag": etag},
        report={"bucket": f"arn:aws:s3:::{BUCKET}", "prefix": "some/where", "scope": "AllTasks"},
    )
    assert job["rc"] == 0, job
    cloud.emulator.advance(60)
    path = tmp_path / "sums.csv"
    first = info(cloud, {"path": str(path)}, job_id=job["job"]["job_id"])
    assert (first["rc"], first["changed"], first["succeeded"], first["failed_tasks"]) == (0, True, 3, 1), first
    found = first["checksums"]
    assert (found["count"], found["without_checksum"], found["malformed"]["count"]) == (3, 1, 0)
    assert found["algorithms"] == [{"algorithm": algorithm, "count": 3}]
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert sorted(item["key"] for item in rows) == sorted(list(KEYS)[:3])
    assert all(item["value"].endswith("-1") == (kind == "COMPOSITE") for item in rows)
    again = info(cloud, {"expected": str(path), "bucket": BUCKET, "format": "jsonl"}, job_id=job["job"]["job_id"])
    assert (again["checksums"]["matched"], again["checksums"]["missing"]["count"]) == (3, 0), again
    if kind == "FULL_OBJECT" and algorithm != "CRC64NVME":
        # As any other tool computes them.
        hashed = {key: hashlib.new(algorithm.lower(), key.encode()).hexdigest() for key in list(KEYS)[:3]}
        lines = [
            json.dumps({"bucket": ARCHIVE, "key": key, "algorithm": algorithm.lower(), "value": value})
            for key, value in hashed.items()
        ]
        own = tmp_path / "own.jsonl"
        own.write_text("\n".join(lines), encoding="utf-8")
        last = info(cloud, {"expected": str(own)}, job_id=job["job"]["job_id"])
        assert (last["checksums"]["matched"], last["changed"]) == (3, False), last


@on("aws")
@pytest.mark.usefixtures("report")
def test_what_differs(cloud: Cloud, tmp_path: pathlib.Path) -> None:
    expected = expect(
        tmp_path / "e.csv",
        f"archive,a,SHA256,{SHA['a']}",
        f"archive,b,sha256,{SHA['a']}",
        f"archive,x,SHA256,{SHA['b']}",
        f"archive,a,MD5,{'0' * 32}",
    )
    answer = info(cloud, {"expected": expected})
    found = answer["checksums"]
    assert (answer["rc"], answer["changed"], found["matched"], found["expected"]) == (0, False, 1, 4), answer
    assert [found[name]["count"] for name in ("missing", "different", "additional")] == [2, 1, 0]
    [different] = found["different"]["first"]
    assert (different["key"], len(different["expected"]), len(different["found"])) == ("b", 1, 1)
    assert different["expected"] != different["found"]
    assert {(item["key"], item["algorithm"]) for item in found["missing"]["first"]} == {("x", "SHA256"), ("a", "MD5")}
    assert "1 matched, 2 missing, 1 different, 0 additional" in answer["msg"]
    assert not cloud.writes()
    limited = info(cloud, {"expected": expected, "limit": 0})["checksums"]
    assert (limited["missing"]["count"], limited["missing"]["first"]) == (2, [])
    additional = info(cloud, {"expected": expect(tmp_path / "e.csv", f"archive,a,SHA256,{SHA['a']}")})["checksums"]
    assert [item["key"] for item in additional["additional"]["first"]] == ["b"]


@on("aws")
@pytest.mark.usefixtures("report")
@pytest.mark.parametrize("output", ["csv", "jsonl"])
def test_a_file_is_written_once(cloud: Cloud, tmp_path: pathlib.Path, output: str) -> None:
    path = tmp_path / "sums"
    wanted = {"path": str(path), "format": output}
    planned = info(cloud, wanted, check_mode=True, diff=True)
    assert (planned["changed"], planned["checksums"]["outcome"], os.listdir(tmp_path)) == (True, "would_change", [])
    assert "archive" in planned["diff"][0]["after"]
    first = info(cloud, wanted)
    assert (first["changed"], first["checksums"]["outcome"], first["checksums"]["path"]) == (True, "changed", str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = (path.stat().st_ino, path.stat().st_mtime_ns)
    for check_mode in (False, True):
        again = info(cloud, wanted, check_mode=check_mode, diff=True)
        assert (again["changed"], again["checksums"]["outcome"], again["diff"]) == (False, "unchanged", [])
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == before
    path.write_bytes(path.read_bytes().replace(b"archive", b"archivE"))
    assert info(cloud, wanted, check_mode=True)["changed"] is True
    assert info(cloud, wanted)["changed"] is True
    assert os.listdir(tmp_path) == ["sums"] and b"archivE" not in path.read_bytes()
    assert not cloud.writes()


@on("aws")
@pytest.mark.usefixtures("report")
def test_an_object_is_written_once(cloud: Cloud) -> None:
    wanted = {"bucket": BUCKET, "prefix": "sums"}
    planned = info(cloud, wanted, check_mode=True)
    assert (planned["changed"], cloud.writes()) == (True, [])
    first = info(cloud, wanted)
    key = first["checksums"]["key"]
    assert (first["changed"], first["checksums"]["bucket"], key == planned["checksums"]["key"]) == (True, BUCKET, True)
    assert key.startswith(f"sums/checksums-of-{JOB_ID}/") and key.endswith(".csv")
    assert cloud.emulator.read_object(cloud.provider, BUCKET, key).startswith(
        b"bucket,key,version_id,algorithm,type,value\n"
    )
    assert info(cloud, wanted)["changed"] is False
    assert [entry["operation"] for entry in cloud.writes()] == ["PutObject"]
    cloud.emulator.put_object(cloud.provider, BUCKET, key, b"theirs")
    kind, text = refused(info(cloud, wanted))
    assert kind == "conflict" and "checksums.prefix" in text
    assert cloud.emulator.read_object(cloud.provider, BUCKET, key) == b"theirs"


@on("aws")
@pytest.mark.usefixtures("report", "clock")
@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "unavailable"])
def test_a_lost_response_of_the_upload(cloud: Cloud, fault: str) -> None:
    cloud.fault(fault, operation="PutObject")
    answer = info(cloud, {"bucket": BUCKET})
    assert (answer["rc"], answer["changed"]) == (0, True), answer


@on("aws")
def test_rows_that_cannot_be_read_are_counted(cloud: Cloud, tmp_path: pathlib.Path) -> None:
    broken = (
        b"archive,n1,,succeeded,200,,not json\r\n"
        b'archive,n2,,succeeded,200,,"{""checksumAlgorithm"":""CRC32"",""checksum_hex"":""00""}"\r\n'
        b"archive,n3,,succeeded,200,," + b"[" * 50_000 + b"\r\n"
    )
    rows = (
        row("a", SHA["a"]) * 2
        + row("a", SHA["b"])
        + row("d", SHA["a"], version="v1")
        + row("d", SHA["b"], version="null")
        + broken
    )
    Report({"succeeded": rows}, job={**JOB, "tasks_total": 8, "tasks_done": 8, "tasks_failed": 0}).put(cloud)
    answer = info(
        cloud, {"path": str(tmp_path / "x"), "expected": expect(tmp_path / "e", f"archive,a,SHA256,{SHA['a']}")}
    )
    found = answer["checksums"]
    assert (answer["rc"], found["count"], found["duplicates"], found["malformed"]["count"]) == (0, 4, 1, 3), answer
    assert [item["key"] for item in found["malformed"]["first"]] == ["n1", "n2", "n3"]
    assert (found["contradictory"]["count"], found["different"]["count"], found["additional"]["count"]) == (1, 1, 2)
    assert "The checksum of 3 successful tasks cannot be read" in answer["msg"]
    assert (tmp_path / "x").read_text(encoding="utf-8").count("\n") == 5


@on("aws")
@pytest.mark.parametrize(
    ("job", "rows", "kind"),
    [
        ({"operation": "S3InitiateRestoreObject"}, GOOD, "unsupported"),
        ({"tasks_total": 9, "tasks_done": 9}, GOOD, "not_ready"),
        ({}, GOOD + b"archive,a\r\n", "not_ready"),
        ({"tasks_failed": 0}, b"archive,a,,succeeded,200,,ok\r\n" * 3, "unsupported"),
    ],
    ids=["operation", "incomplete", "malformed", "other"],
)
def test_reports_that_are_refused(
    cloud: Cloud, tmp_path: pathlib.Path, job: dict[str, t.Any], rows: bytes, kind: str
) -> None:
    Report({"succeeded": rows}, job={**JOB, "tasks_total": 2, "tasks_done": 2, "tasks_failed": 0, **job}).put(cloud)
    if kind == "unsupported" and not job.get("operation"):
        cloud.emulator.patch(JOB_ID, tasks_total=3, tasks_done=3)
    assert refused(info(cloud, {"path": str(tmp_path / "x")}))[0] == kind
    assert not os.listdir(tmp_path)


@on("aws")
def test_only_failed_tasks_have_no_checksums(cloud: Cloud, tmp_path: pathlib.Path) -> None:
    Report({"failed": FAILED}, scope="FailedTasksOnly", job=JOB).put(cloud)
    kind, text = refused(info(cloud, {"path": str(tmp_path / "x")}))
    assert kind == "unsupported" and "report.scope=AllTasks" in text


@on("cos", "oss")
def test_other_providers_have_no_checksums(cloud: Cloud, tmp_path: pathlib.Path) -> None:
    Report({"succeeded": GOOD}).put(cloud)
    cloud.emulator.clear_log()
    assert refused(info(cloud, {"path": str(tmp_path / "x")}))[0] == "unsupported"
    assert (cloud.operations(), os.listdir(tmp_path)) == ([], [])


OPTIONS: list[tuple[dict[str, t.Any], str]] = [
    ({}, "one of the following is required"),
    ({"path": "sums.csv"}, "must be the absolute path of a file"),
    ({"path": ""}, "must be the absolute path of a file"),
    ({"path": "/none/of/these"}, "must be in an existing directory"),
    ({"path": "/dev/null"}, "must be a regular file or not exist"),
    ({"expected": "/none/of/these"}, "must be a file that can be read"),
    ({"expected": "/dev/zero"}, "must be a regular file"),
    ({"path": "TMP/x", "bucket": BUCKET}, "mutually exclusive"),
    ({"path": "TMP/x", "prefix": "p"}, "checksums.bucket is required"),
    ({"path": "TMP/x", "expected": "TMP/x"}, "must differ from checksums.expected"),
    ({"path": "TMP/link"}, "It is a symbolic link"),
    ({"bucket": ""}, "value of checksums.bucket"),
    ({"bucket": BUCKET, "prefix": ""}, "value of checksums.prefix"),
    ({"bucket": BUCKET, "prefix": "a/../b"}, "value of checksums.prefix"),
    ({"path": "TMP/x", "limit": -1}, "value of checksums.limit"),
    ({"path": "TMP/x", "limit": 10_001}, "value of checksums.limit"),
    ({"path": "TMP/x", "format": "xml"}, "checksums"),
    ({"expected": "TMP/empty"}, "it has no column"),
    ({"expected": "TMP/header"}, "it has no rows"),
    ({"expected": "TMP/bad"}, "row 2: a SHA256 value must be 32 bytes"),
]


@on("aws")
@pytest.mark.usefixtures("report")
@pytest.mark.parametrize(("given", "text"), OPTIONS, ids=str)
def test_bad_options_send_nothing(cloud: Cloud, tmp_path: pathlib.Path, given: dict[str, t.Any], text: str) -> None:
    (tmp_path / "link").symlink_to("/dev/null")
    (tmp_path / "empty").touch()
    expect(tmp_path / "header")
    expect(tmp_path / "bad", f"archive,a,SHA256,{SHA['a']}", "archive,a,SHA256,00")
    names = sorted(os.listdir(tmp_path))
    filled = {
        name: value.replace("TMP", str(tmp_path)) if isinstance(value, str) else value for name, value in given.items()
    }
    answer = info(cloud, filled)
    assert (answer["rc"], text in answer["msg"]) == (1, True), answer
    assert (cloud.operations(), sorted(os.listdir(tmp_path))) == ([], names)


@on("aws")
@pytest.mark.usefixtures("report")
def test_a_directory_that_cannot_be_written(
    cloud: Cloud, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full at the last moment: the former file stays, and nothing else remains."""
    path = tmp_path / "sums"
    path.write_bytes(b"former")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    kind, text = refused(info(cloud, {"path": str(path)}))
    assert kind == "invalid" and "No space left on device" in text
    assert (os.listdir(tmp_path), path.read_bytes()) == (["sums"], b"former")
