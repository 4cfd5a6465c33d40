# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The judges: clients of the clouds, pointed at the emulator by settings that they have anyway."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from typing import Any

import boto3
import requests
from batch_emulator.accounts import AWS_ACCOUNT, AWS_KEY, AWS_REGION, COS_APPID, COS_KEY, COS_UIN, Credential
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from qcloud_cos import CosConfig
from qcloud_cos.cos_auth import CosS3Auth

COS_REGION = "ap-chengdu"
NAMESPACE = "http://awss3control.amazonaws.com/doc/2018-08-20/"
COS_OPERATION = "<Operation><COSPutObjectCopy><TargetResource>x</TargetResource></COSPutObjectCopy></Operation>"


# Loading the service models takes most of the time that a client takes.
SESSION = boto3.session.Session()
# For requests that no cloud's client would send; it goes through no proxy of the machine's.
PLAIN = requests.Session()
PLAIN.trust_env = False


def flipped(secret: str, index: int = -1) -> str:
    """The same secret but for one bit of one character."""
    letters = list(secret)
    letters[index] = chr(ord(letters[index]) ^ 1)
    return "".join(letters)


def boto(
    url: str,
    service: str = "s3control",
    key: Credential = AWS_KEY,
    secret: str | None = None,
    region: str = AWS_REGION,
    endpoint: str | None = None,
    timeout: float = 600,
    direct: bool = False,
) -> Any:
    """A boto3 client; unless `direct`, the emulator is its proxy and the endpoint looks like the cloud's."""
    host = {"s3control": "s3-control"}.get(service, service)
    usual = url if direct else f"http://{host}.{region}.amazonaws.com"
    client = SESSION.client(
        service,
        region_name=region,
        endpoint_url=endpoint or usual,
        aws_access_key_id=key.key_id,
        aws_secret_access_key=secret or key.secret,
        aws_session_token=key.token,
        config=Config(
            proxies={} if direct else {"http": url},
            retries={"total_max_attempts": 1},
            connect_timeout=600,
            read_timeout=timeout,
        ),
    )
    if direct:
        client.meta.events.register("before-sign.s3-control", strip_label)
    return client


def strip_label(request: Any, **_unused: Any) -> None:
    """Takes the account label off the host, as a client must that talks to an IP address."""
    request.url = re.sub(r"//[0-9]{12}\.", "//", request.url)


def aws_by_hand(url: str, method: str, path: str, signer: Any = S3SigV4Auth, service: str = "s3") -> requests.Response:
    """The naked answer to a request that one of botocore's signers has signed."""
    request = AWSRequest(method, url + path, headers={"x-amz-account-id": AWS_ACCOUNT})
    signer(Credentials(AWS_KEY.key_id, AWS_KEY.secret), service, AWS_REGION).add_auth(request)
    return PLAIN.request(method, request.url, headers=dict(request.headers), timeout=600)


def error_of(error: ClientError) -> tuple[str, int]:
    """Code and HTTP status."""
    return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]


def create_request(**changes: Any) -> dict[str, Any]:
    """What boto3's create_job takes."""
    return {
        "AccountId": AWS_ACCOUNT,
        "ConfirmationRequired": False,
        "Operation": {"S3PutObjectTagging": {"TagSet": [{"Key": "team", "Value": "a & b"}]}},
        "Report": {"Enabled": False},
        "ClientRequestToken": "token-1",
        "Manifest": {
            "Spec": {"Format": "S3BatchOperations_CSV_20180820", "Fields": ["Bucket", "Key"]},
            "Location": {"ObjectArn": "arn:aws:s3:::manifests/m.csv", "ETag": "abc"},
        },
        "Description": "re-tag <everything>",
        "Priority": 42,
        "RoleArn": f"arn:aws:iam::{AWS_ACCOUNT}:role/batch",
    } | changes


class Cos:
    """requests with Tencent's own signer."""

    def __init__(
        self,
        url: str,
        key: Credential = COS_KEY,
        secret: str | None = None,
        uin: str = COS_UIN,
        app_id: str | None = COS_APPID,
        region: str = COS_REGION,
    ) -> None:
        self.key = key
        self.base = f"http://{uin}.cos-control.{region}.myqcloud.com"
        self.app_id = app_id
        self.config = CosConfig(Region=region, SecretId=key.key_id, SecretKey=secret or key.secret)
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.proxies = {"http": url}

    def __call__(
        self,
        method: str,
        path: str,
        params: Any = None,
        headers: dict[str, str] | None = None,
        data: str | None = None,
        timeout: float = 600,
        signed_params: dict[str, str] | None = None,
    ) -> requests.Response:
        all_headers = {} if self.app_id is None else {"x-cos-appid": self.app_id}
        if self.key.token is not None:
            all_headers["x-cos-security-token"] = self.key.token
        auth = CosS3Auth(self.config, path, params or {} if signed_params is None else signed_params)
        return self.session.request(
            method,
            self.base + path,
            params=params,
            headers=all_headers | (headers or {}),
            data=None if data is None else data.encode(),
            auth=auth,
            timeout=(600, timeout),
            allow_redirects=False,
        )

    def priority(self, job_id: str, priority: object, **options: Any) -> requests.Response:
        return self("POST", f"/jobs/{job_id}/priority", {"priority": str(priority)}, **options)

    def status(self, job_id: str, status: str, reason: str | None = None) -> requests.Response:
        params = {"requestedJobStatus": status}
        if reason is not None:
            params["statusUpdateReason"] = reason
        return self("POST", f"/jobs/{job_id}/status", params)


def cos_create_body(**changes: str) -> str:
    """A CreateJobRequest; each change replaces one child."""
    children = {
        "ClientRequestToken": "<ClientRequestToken>token-1</ClientRequestToken>",
        "ConfirmationRequired": "<ConfirmationRequired>false</ConfirmationRequired>",
        "Description": "<Description>冷数据恢复</Description>",
        "Manifest": (
            "<Manifest><Location><ETag>abc</ETag><ObjectArn>qcs::cos:ap-chengdu::b-1250000000/m.csv</ObjectArn>"
            "</Location><Spec><Fields><member>Bucket</member><member>Key</member></Fields>"
            "<Format>COSBatchOperations_CSV_V1</Format></Spec></Manifest>"
        ),
        "Operation": COS_OPERATION,
        "Priority": "<Priority>42</Priority>",
        "Report": (
            "<Report><Bucket>qcs::cos:ap-chengdu::b-1250000000</Bucket><Enabled>false</Enabled>"
            "<Format>Report_CSV_V1</Format><ReportScope>AllTasks</ReportScope></Report>"
        ),
        "RoleArn": f"<RoleArn>qcs::cam::uin/{COS_UIN}:roleName/batch</RoleArn>",
    } | changes
    return f"<CreateJobRequest>{''.join(children.values())}</CreateJobRequest>"


def code_of(answer: requests.Response) -> tuple[str, int]:
    """Code and HTTP status of a COS error, whose body must have the documented form."""
    root = ET.fromstring(answer.content)
    assert root.tag == "Error"
    assert [child.tag for child in root] == ["Code", "Message", "Resource", "RequestId", "TraceId"]
    return root.findtext("Code") or "", answer.status_code


def text(answer: requests.Response, path: str) -> str | None:
    assert answer.status_code == 200, answer.text
    return ET.fromstring(answer.content).findtext(path)


class CliError(Exception):
    """What the AWS CLI printed to stderr."""


def aws_cli(url: str, *arguments: str, secret: str = AWS_KEY.secret, service: str = "s3control") -> Any:
    """Run the AWS CLI with the emulator as its HTTP proxy."""
    host = {"s3control": "s3-control"}.get(service, service)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    # An inherited NO_PROXY may exempt the very host that the emulator plays.
    env = clean | {
        "HTTP_PROXY": url,
        "http_proxy": url,
        "NO_PROXY": "",
        "no_proxy": "",
        "AWS_ACCESS_KEY_ID": AWS_KEY.key_id,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_DEFAULT_REGION": AWS_REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_PAGER": "",
    }
    command = [sys.executable, "-m", "awscli", service, *arguments]
    command += ["--output", "json", "--endpoint-url", f"http://{host}.{AWS_REGION}.amazonaws.com"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0:
        raise CliError(done.stderr)
    return json.loads(done.stdout) if done.stdout.strip() else None
