# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The AWS CLI, as a process of its own, with the emulator as its HTTP proxy."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from batch_emulator.accounts import AWS_ACCOUNT, AWS_KEY, AWS_OTHER_ACCOUNT
from batch_emulator.client import Emulator

from .clients import CliError, aws_cli, create_request, flipped

JOB = ("--account-id", AWS_ACCOUNT, "--job-id", "job-12345")
CREATE = (
    "create-job",
    "--no-confirmation-required",
    *("--cli-input-json", json.dumps({k: v for k, v in create_request().items() if k != "ConfirmationRequired"})),
)
CALLS: dict[str, tuple[str, ...]] = {
    "CreateJob": CREATE,
    "DescribeJob": ("describe-job", *JOB),
    "ListJobs": ("list-jobs", "--account-id", AWS_ACCOUNT, "--job-statuses", "Ready", "Active"),
    "UpdateJobPriority": ("update-job-priority", *JOB, "--priority", "77"),
    "UpdateJobStatus": ("update-job-status", *JOB, "--requested-job-status", "Cancelled"),
}


@pytest.fixture(autouse=True)
def _job(emulator: Emulator) -> None:
    emulator.seed({"provider": "aws", "job_id": "job-12345", "frozen": True, "priority": 10})


def test_five_operations(emulator: Emulator) -> None:
    created = aws_cli(emulator.url, *CALLS["CreateJob"])
    assert emulator.job(created["JobId"])["priority"] == 42
    assert aws_cli(emulator.url, *CALLS["UpdateJobPriority"]) == {"JobId": "job-12345", "Priority": 77}
    with ThreadPoolExecutor(2) as pool:
        described = pool.submit(aws_cli, emulator.url, *CALLS["DescribeJob"])
        listed = pool.submit(aws_cli, emulator.url, *CALLS["ListJobs"])
    assert described.result()["Job"]["Priority"] == 77
    assert [job["JobId"] for job in listed.result()["Jobs"]] == ["job-12345"]
    assert aws_cli(emulator.url, *CALLS["UpdateJobStatus"])["Status"] == "Cancelling"


def test_tags(emulator: Emulator) -> None:
    """What the CLI writes, replaces, and deletes is what it reads."""
    assert aws_cli(emulator.url, "get-job-tagging", *JOB).get("Tags", []) == []
    aws_cli(emulator.url, "put-job-tagging", *JOB, "--tags", "Key=team,Value=storage", "Key=cost,Value=1")
    aws_cli(emulator.url, "put-job-tagging", *JOB, "--tags", "Key=team,Value=a b")
    assert aws_cli(emulator.url, "get-job-tagging", *JOB)["Tags"] == [{"Key": "team", "Value": "a b"}]
    aws_cli(emulator.url, "delete-job-tagging", *JOB)
    assert emulator.job("job-12345")["tags"] == {}


def test_wrong_secret_and_account(emulator: Emulator) -> None:
    def refusal(*call: str, secret: str = flipped(AWS_KEY.secret)) -> str:
        with pytest.raises(CliError) as caught:
            aws_cli(emulator.url, *call, secret=secret)
        return str(caught.value)

    with ThreadPoolExecutor(2) as pool:
        refusals = list(pool.map(lambda call: refusal(*call), CALLS.values()))
        foreign = pool.submit(refusal, "list-jobs", "--account-id", AWS_OTHER_ACCOUNT, secret=AWS_KEY.secret)
    for name, message in zip(CALLS, refusals, strict=True):
        assert f"(SignatureDoesNotMatch) when calling the {name} operation" in message
    assert "(AccessDenied)" in foreign.result()
    assert [entry["http_status"] for entry in emulator.log()] == [403] * 6
    assert emulator.job("job-12345")["priority"] == 10


def test_caller_identity(emulator: Emulator) -> None:
    assert aws_cli(emulator.url, "get-caller-identity", service="sts")["Account"] == AWS_ACCOUNT
