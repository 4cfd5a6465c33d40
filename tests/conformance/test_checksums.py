# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs that compute checksums: published check values, and reports as boto3 reads them."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from typing import Any

import pytest
from batch_emulator import checksums
from batch_emulator.accounts import AWS_ACCOUNT, AWS_REGION
from batch_emulator.client import Emulator
from botocore.exceptions import ParamValidationError

from .clients import create_request

DIGITS = b"123456789"
PUBLISHED = {
    # The check values of the CRC catalog, and of the specification of xxHash.
    "CRC32": "cbf43926",
    "CRC32C": "e3069283",
    "CRC64NVME": "ae8b14860a799888",
    "XXHASH64": "8cb841db40e6ae83",
    **{name: hashlib.new(name.lower(), DIGITS).hexdigest() for name in ("MD5", "SHA1", "SHA256", "SHA512")},
}


@pytest.mark.parametrize(("name", "value"), PUBLISHED.items())
def test_check_values(name: str, value: str) -> None:
    assert checksums.ALGORITHMS[name](DIGITS).hex() == value


def test_xxhash_of_every_length() -> None:
    values = {0: "ef46db3751d8e999", 100: "6ac1e58032166597"}
    for size, value in values.items():
        assert checksums.ALGORITHMS["XXHASH64"](bytes(range(size))).hex() == value
    assert checksums.ALGORITHMS["XXHASH64"](b"abc").hex() == "44bc2cf5ad770999"


@pytest.mark.parametrize("kind", ["FULL_OBJECT", "COMPOSITE"])
def test_a_report(aws: Any, emulator: Emulator, kind: str) -> None:
    for bucket in ("manifests", "reports", "archive"):
        emulator.make_bucket("aws", bucket, AWS_ACCOUNT, AWS_REGION)
    etag = emulator.put_object("aws", "archive", "a,b", DIGITS)["etag"]
    listed = emulator.put_object("aws", "manifests", "m.csv", b"archive,a%2Cb\narchive,gone\n")["etag"]
    request = create_request(
        Operation={"S3ComputeObjectChecksum": {"ChecksumAlgorithm": "SHA256", "ChecksumType": kind}},
        Report={
            "Enabled": True,
            "Bucket": "arn:aws:s3:::reports",
            "Prefix": "p",
            "Format": "Report_CSV_20180820",
            "ReportScope": "AllTasks",
        },
    )
    request["Manifest"]["Location"]["ETag"] = listed
    try:
        job_id = aws.create_job(**request)["JobId"]
    except ParamValidationError:
        pytest.skip("this botocore does not know the operation")
    emulator.advance(60)
    assert aws.describe_job(AccountId=AWS_ACCOUNT, JobId=job_id)["Job"]["Status"] == "Complete"
    manifest = json.loads(emulator.read_object("aws", "reports", f"p/job-{job_id}/manifest.json"))
    bodies = {
        item["TaskExecutionStatus"]: emulator.read_object("aws", "reports", item["Key"]).decode()
        for item in manifest["Results"]
    }
    [good] = csv.reader(io.StringIO(bodies["succeeded"], newline=""))
    value = hashlib.sha256(DIGITS).digest()
    value, parts = (hashlib.sha256(value).digest(), "-1") if kind == "COMPOSITE" else (value, "")
    assert json.loads(good[-1]) == {
        "checksum_base64": base64.b64encode(value).decode() + parts,
        "etag": etag,
        "checksumAlgorithm": "SHA256",
        "checksumType": kind,
        "checksum_hex": value.hex().upper() + parts,
    }
    assert good[1] == "a%2Cb" and "=" not in good[-1]
    [bad] = csv.reader(io.StringIO(bodies["failed"], newline=""))
    assert bad[1:6] == ["gone", "", "failed", "200", "PermanentFailure"]
    assert "Key not found" in bad[6] and '"errorCode": "404"' in bad[6]
