# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may do what on COS: signatures, UIN and APPID, tokens, time windows, instance roles."""

from __future__ import annotations

import time
from typing import Any
from unittest import mock

import pytest
import qcloud_cos.cos_auth
import requests
from batch_emulator.accounts import (
    COS_APPID,
    COS_KEY,
    COS_OTHER_APPID,
    COS_OTHER_KEY,
    COS_OTHER_UIN,
    COS_REGION as HOME_REGION,
    COS_TEMP_KEY,
    COS_UIN,
    Credential,
)
from batch_emulator.client import Emulator

from .clients import COS_REGION, PLAIN, Cos, code_of, cos_create_body, flipped, text

CALLS: dict[str, tuple[Any, ...]] = {
    "CreateJob": ("POST", "/jobs", None, None, cos_create_body()),
    "DescribeJob": ("GET", "/jobs/job-1"),
    "ListJobs": ("GET", "/jobs", {"maxResults": "5", "jobStatuses": "Ready"}),
    "UpdateJobPriority": ("POST", "/jobs/job-1/priority", {"priority": "1"}),
    "UpdateJobStatus": ("POST", "/jobs/job-1/status", {"requestedJobStatus": "Cancelled", "statusUpdateReason": "a b"}),
    "DeleteJob": ("DELETE", "/jobs/job-1"),
}


@pytest.fixture(autouse=True)
def _job(emulator: Emulator) -> None:
    emulator.seed({"provider": "cos", "region": COS_REGION, "job_id": "job-1", "frozen": True, "priority": 10})


@pytest.mark.parametrize("index", [0, 12, -1])
@pytest.mark.parametrize("name", CALLS)
def test_wrong_secret(emulator: Emulator, name: str, index: int) -> None:
    call = Cos(emulator.url, secret=flipped(COS_KEY.secret, index))
    assert code_of(call(*CALLS[name])) == ("SignatureDoesNotMatch", 403)
    job = emulator.job("job-1")
    assert (job["priority"], job["status"]) == (10, "Ready")
    assert len(emulator.jobs()) == 1


@pytest.mark.parametrize("key", [COS_KEY, COS_TEMP_KEY], ids=["permanent", "temporary"])
@pytest.mark.parametrize("name", CALLS)
def test_right_secret(emulator: Emulator, name: str, key: Credential) -> None:
    assert Cos(emulator.url, key=key)(*CALLS[name]).status_code in (200, 204)


def test_unsigned(emulator: Emulator) -> None:
    headers = {"x-cos-appid": COS_APPID}
    assert code_of(PLAIN.get(f"{emulator.url}/jobs", headers=headers, timeout=600)) == ("AccessDenied", 403)
    headers["Authorization"] = "q-sign-algorithm=sha1&q-ak=x"
    assert code_of(PLAIN.get(f"{emulator.url}/jobs", headers=headers, timeout=600)) == ("InvalidArgument", 400)


def test_unknown_key(emulator: Emulator) -> None:
    stranger = Credential("cos", COS_UIN, "EMULATORNOBODY", COS_KEY.secret)
    assert code_of(Cos(emulator.url, key=stranger)("GET", "/jobs")) == ("InvalidAccessKeyId", 403)


@pytest.mark.parametrize(
    ("token", "code"), [(None, "InvalidAccessKeyId"), (flipped(COS_TEMP_KEY.token or ""), "AccessDenied")]
)
def test_temporary_key_needs_its_token(emulator: Emulator, token: str | None, code: str) -> None:
    key = Credential("cos", COS_UIN, COS_TEMP_KEY.key_id, COS_TEMP_KEY.secret, token)
    assert code_of(Cos(emulator.url, key=key)("GET", "/jobs")) == (code, 403)


def test_permanent_key_takes_no_token(emulator: Emulator) -> None:
    key = Credential("cos", COS_UIN, COS_KEY.key_id, COS_KEY.secret, COS_TEMP_KEY.token)
    assert code_of(Cos(emulator.url, key=key)("GET", "/jobs")) == ("AccessDenied", 403)


@pytest.mark.parametrize(
    ("app_id", "expected"),
    [
        (None, ("InvalidArgument", 400)),
        ("", ("InvalidArgument", 400)),
        (COS_OTHER_APPID, ("AccessDenied", 403)),
        # The two numbers swapped
        (COS_UIN, ("AccessDenied", 403)),
    ],
)
def test_app_id(emulator: Emulator, app_id: str | None, expected: tuple[str, int]) -> None:
    assert code_of(Cos(emulator.url, app_id=app_id)("GET", "/jobs")) == expected


@pytest.mark.parametrize("uin", [COS_OTHER_UIN, COS_APPID])
def test_wrong_uin(emulator: Emulator, uin: str) -> None:
    assert code_of(Cos(emulator.url, uin=uin).priority("job-1", 1)) == ("AccessDenied", 403)


def test_queues_are_apart(emulator: Emulator) -> None:
    other = Cos(emulator.url, key=COS_OTHER_KEY, uin=COS_OTHER_UIN, app_id=COS_OTHER_APPID)
    assert code_of(other("GET", "/jobs/job-1")) == ("NoSuchJob", 404)
    assert text(other("GET", "/jobs"), "Jobs/member/JobId") is None
    elsewhere = Cos(emulator.url, region="ap-beijing")
    assert code_of(elsewhere("GET", "/jobs/job-1")) == ("NoSuchJob", 404)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("port", [True, False])
def test_direct_form(emulator: Emulator, name: str, port: bool) -> None:
    """Without a proxy, with the cloud's Host; the signature covers it as it is sent."""
    cos = Cos(emulator.url)
    host = cos.base.removeprefix("http://") + (":80" if port else "")
    cos.session.proxies = {}
    cos.base = emulator.url
    method, path, *rest = CALLS[name]
    params, headers, data = [*rest, None, None, None][:3]
    answer = cos(method, path, params, {"Host": host} | (headers or {}), data)
    assert answer.status_code in (200, 204)
    assert emulator.log()[-1]["region"] == COS_REGION


def test_plain_address_means_the_home_region(emulator: Emulator) -> None:
    cos = Cos(emulator.url)
    cos.session.proxies = {}
    cos.base = emulator.url
    address = emulator.url.removeprefix("http://")
    assert cos("GET", "/jobs", headers={"Host": address}).status_code == 200
    entry = emulator.log()[-1]
    assert (entry["account"], entry["region"]) == (COS_UIN, HOME_REGION)
    # Tencent's signer leaves the port out of a host that it takes from the URL, but the port is sent.
    assert code_of(cos("GET", "/jobs")) == ("SignatureDoesNotMatch", 403)


def test_parameters_changed_after_signing(cos: Cos, emulator: Emulator) -> None:
    path = "/jobs/job-1/priority"
    answer = cos("POST", path, {"priority": "2"}, signed_params={"priority": "1"})
    assert code_of(answer) == ("SignatureDoesNotMatch", 403)
    answer = cos("POST", path, {}, signed_params={"priority": "1"})
    assert code_of(answer) == ("SignatureDoesNotMatch", 403)
    assert emulator.job("job-1")["priority"] == 10


def test_only_the_listed_parts_are_signed(cos: Cos, emulator: Emulator) -> None:
    """A COS client chooses what it signs; the lists in the header say what that is."""
    answer = cos("POST", "/jobs/job-1/priority", {"priority": "2"}, signed_params={})
    assert answer.status_code == 200
    cos.config._sign_host = False
    assert cos("GET", "/jobs").status_code == 200


@pytest.mark.parametrize("what", ["method", "path", "x-cos-appid", "signature", "extra listed header"])
def test_changed_after_signing(cos: Cos, emulator: Emulator, what: str) -> None:
    prepared = requests.Request("POST", f"{cos.base}/jobs/job-1/priority", params={"priority": "1"})
    prepared.headers = {"x-cos-appid": COS_APPID}
    prepared.auth = qcloud_cos.cos_auth.CosS3Auth(cos.config, "/jobs/job-1/priority", {"priority": "1"})
    request = cos.session.prepare_request(prepared)
    authorization = str(request.headers["Authorization"])
    if what == "method":
        request.method = "GET"
        request.url = f"{cos.base}/jobs/job-1?priority=1"
    elif what == "path":
        request.url = f"{cos.base}/jobs/job-2/priority?priority=1"
    elif what == "x-cos-appid":
        request.headers["x-cos-appid"] = COS_OTHER_APPID
    elif what == "signature":
        request.headers["Authorization"] = authorization[:-1] + ("0" if authorization[-1] != "0" else "1")
    else:
        request.headers["Authorization"] = authorization.replace("q-header-list=", "q-header-list=date;")
    answer = cos.session.send(request, proxies={"http": emulator.url}, timeout=600)
    assert code_of(answer) == ("SignatureDoesNotMatch", 403)
    assert emulator.job("job-1")["priority"] == 10


def test_values_are_signed_decoded(cos: Cos) -> None:
    params = {"requestedJobStatus": "Cancelled", "statusUpdateReason": "!'()*/ +&=~冷"}
    assert text(cos("POST", "/jobs/job-1/status", params), "StatusUpdateReason") == params["statusUpdateReason"]


def test_value_less_parameter(cos: Cos) -> None:
    assert cos("GET", "/jobs", {"flag": "", "maxResults": "5"}).status_code == 200


def test_path_is_signed_decoded(cos: Cos) -> None:
    assert code_of(cos("GET", "/jobs/冷 数据")) == ("NoSuchJob", 404)


@pytest.mark.parametrize(
    ("shift", "expected"),
    [
        (-10_100, ("AccessDenied", 403)),
        (-9_000, None),
        (14 * 60, None),
        (17 * 60, ("RequestTimeTooSkewed", 403)),
    ],
)
def test_time_window(cos: Cos, shift: int, expected: tuple[str, int] | None) -> None:
    """The signer's window is 60 s back to 10,000 s ahead of its clock."""
    now = time.time()
    with mock.patch.object(qcloud_cos.cos_auth.time, "time", lambda: now + shift):
        answer = cos("GET", "/jobs")
    if expected is None:
        assert answer.status_code == 200
    else:
        assert code_of(answer) == expected
        assert expected[0] != "AccessDenied" or "Request has expired" in answer.text


def test_instance_role(emulator: Emulator) -> None:
    """Through the proxy, as metadata.tencentyun.com; what it hands out is good for signing."""
    session = requests.Session()
    session.trust_env = False
    session.proxies = {"http": emulator.url}
    base = "http://metadata.tencentyun.com/latest/meta-data/cam/security-credentials/"
    assert session.get(base, timeout=600).text == "emulator-role"
    given = session.get(base + "emulator-role", timeout=600).json()
    assert given["Code"] == "Success"
    assert given["ExpiredTime"] > time.time() + 3600
    key = Credential("cos", COS_UIN, given["TmpSecretId"], given["TmpSecretKey"], given["Token"], COS_APPID)
    assert Cos(emulator.url, key=key)("GET", "/jobs").status_code == 200
    assert session.get(base + "someone-else", timeout=600).status_code == 404
