# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A role that a task assumes before it asks for anything else."""

from __future__ import annotations

import json
import typing as t
from urllib.parse import parse_qs

import pytest
from batch_emulator.accounts import AWS_TEMP_KEY

from .clouds import ACCOUNTS, Cloud

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

ROLE = "arn:aws:iam::111122223333:role/batch"


@pytest.fixture
def aws(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> Cloud:
    return Cloud(ACCOUNTS[0], emulator, capsys)


@pytest.mark.parametrize("account", [None, "111122223333"])
def test_a_role_is_assumed_once(aws: Cloud, account: str | None) -> None:
    aws.seed()
    options = {"account_id": account, "assume_role_arn": ROLE, "assume_role_session_name": "night"}
    result = aws.prioritize(100, **options, assume_role_external_id="of/the:trust")
    assert (result["rc"], result["changed"], result["job"]["account_id"]) == (0, True, "111122223333"), result
    assert aws.operations() == ["AssumeRole", "DescribeJob", "UpdateJobPriority"]
    for secret in (AWS_TEMP_KEY.secret, AWS_TEMP_KEY.token):
        assert str(secret) not in json.dumps(result)


def test_what_is_asked_of_sts(aws: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    import botocore.awsrequest

    bodies: list[str] = []
    prepare = botocore.awsrequest.AWSRequest.prepare

    def keep(self: t.Any) -> t.Any:
        prepared = prepare(self)
        bodies.append(prepared.body if isinstance(prepared.body, str) else (prepared.body or b"").decode())
        return prepared

    monkeypatch.setattr(botocore.awsrequest.AWSRequest, "prepare", keep)
    aws.seed()
    names = {"assume_role_session_name": "night", "assume_role_external_id": "x1"}
    assert aws.prioritize(100, assume_role_arn=ROLE, **names)["rc"] == 0
    asked = parse_qs(next(body for body in bodies if "AssumeRole" in body))
    assert (asked["RoleArn"], asked["RoleSessionName"], asked["ExternalId"]) == ([ROLE], ["night"], ["x1"])


def test_a_role_that_may_not_be_assumed(aws: Cloud) -> None:
    aws.fault("denied", operation="AssumeRole", message="not authorized to perform sts:AssumeRole")
    result = aws.prioritize(100, assume_role_arn=ROLE)
    assert (result["rc"], result["error"]["kind"], result["error"]["operation"]) == (1, "access_denied", "AssumeRole")
    # The role is not the caller: the keys of the task are.
    assert "The caller is" not in result["msg"]
    assert (
        f"the IAM policies of the caller allow sts:AssumeRole for role {ROLE}, and that the trust policy"
        in result["msg"]
    )
    assert aws.operations() == ["AssumeRole"]


def test_a_role_that_may_do_nothing(aws: Cloud) -> None:
    aws.seed()
    aws.fault("denied", operation="UpdateJobPriority")
    result = aws.prioritize(100, assume_role_arn=ROLE)
    assert result["error"]["kind"] == "access_denied"
    assert (
        f"The caller is role {ROLE}. Check that the IAM policies of the caller allow s3:UpdateJobPriority"
        in result["msg"]
    )
    assert "belongs to account" not in result["msg"], "the account of the role is known"


def test_roles_are_of_aws(cloud: Cloud) -> None:
    if cloud.provider == "aws":
        return
    result = cloud.prioritize(100, assume_role_arn=ROLE)
    assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", [])
    assert result["msg"].startswith("assume_role_arn is not supported for ")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"assume_role_arn": "batch"},
            "value of assume_role_arn must be an IAM role ARN such as arn:aws:iam:: ... , got: 'batch'",
        ),
        ({"assume_role_arn": "arn:aws:iam::1:role/x"}, "value of assume_role_arn must be an IAM role ARN"),
        (
            {"assume_role_arn": ROLE, "assume_role_session_name": "a b"},
            "value of assume_role_session_name must be 2 to 64",
        ),
        (
            {"assume_role_arn": ROLE, "assume_role_session_name": "x" * 65},
            "value of assume_role_session_name must be 2 to 64",
        ),
        (
            {"assume_role_arn": ROLE, "assume_role_external_id": "\n"},
            "value of assume_role_external_id must be 2 to 1224",
        ),
        ({"assume_role_external_id": "of/the:trust"}, "assume_role_external_id requires assume_role_arn."),
    ],
    ids=str,
)
def test_roles_that_are_none_cost_no_request(aws: Cloud, options: dict[str, str], words: str) -> None:
    result = aws.prioritize(100, **options)
    assert (result["rc"], result["error"]["kind"], aws.operations()) == (1, "invalid", [])
    assert all(part in result["msg"] for part in words.split(" ... ")), result["msg"]
