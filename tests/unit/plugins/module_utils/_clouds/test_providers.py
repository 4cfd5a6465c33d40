# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the providers put on the wire, and answers that name something else."""

from __future__ import annotations

import base64
import hashlib
import types
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError
from ansible_collections.objectstore.batch.plugins.module_utils._core.providers import Credentials, Options

KEYS = Credentials("EXAMPLEID", "example-secret", "example-token")
AWS = Options(region="eu-central-1", account_id="111122223333", credentials=KEYS)
COS = Options(region="ap-guangzhou", account_id="100000000001", app_id="1250000000", credentials=KEYS)
UPDATED = "<UpdateJobPriorityResult><JobId>{}</JobId><Priority>{}</Priority></UpdateJobPriorityResult>"
GOOD = UPDATED.format("job-1", 5)


class Wire:
    """Takes requests in place of the network and answers them; keeps what was sent."""

    def __init__(self, monkeypatch, options, body=GOOD):
        self.sent = []
        self.body = body.encode()
        if options.app_id:
            self._take_requests(monkeypatch, options)
        else:
            self._take_boto3(monkeypatch, options)

    def _take_requests(self, monkeypatch, options):
        requests = pytest.importorskip("requests")
        from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.provider import CosProvider

        def send(adapter, request, **kwargs):
            self.sent.append(request)
            answer = requests.Response()
            answer.status_code = 200
            answer.request = request
            answer._content, answer._content_consumed = self.body, True
            return answer

        monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
        self.provider = CosProvider(options)

    def _take_boto3(self, monkeypatch, options):
        pytest.importorskip("botocore")
        import botocore.httpsession
        from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.provider import AwsProvider
        from botocore.awsrequest import AWSResponse

        def send(session, request):
            self.sent.append(request)
            raw = types.SimpleNamespace(stream=lambda *args, **kwargs: iter([self.body]))
            return AWSResponse(request.url, 200, {}, raw)

        monkeypatch.setattr(botocore.httpsession.URLLib3Session, "send", send)
        self.provider = AwsProvider(options)

    @property
    def request(self):
        assert len(self.sent) == 1
        return self.sent[0]


def text(value):
    return value.decode() if isinstance(value, bytes) else value


@pytest.mark.parametrize("options", [AWS, COS], ids=["aws", "cos"])
def test_an_update(monkeypatch, options):
    wire = Wire(monkeypatch, options)
    assert wire.provider.update_priority("job-1", 5) == 5
    assert wire.request.method == "POST"
    assert wire.request.url.endswith("/jobs/job-1/priority?priority=5")
    assert text(wire.request.headers["Content-Length"]) == "0"


@pytest.mark.parametrize("options", [AWS, COS], ids=["aws", "cos"])
@pytest.mark.parametrize(
    "body", [UPDATED.format("job-2", 5), UPDATED.format("job-1", ""), "<UpdateJobPriorityResult/>"]
)
def test_an_answer_about_something_else(monkeypatch, options, body):
    wire = Wire(monkeypatch, options, body)
    with pytest.raises(BatchError) as caught:
        wire.provider.update_priority("job-1", 5)
    assert caught.value.failure.kind == "invalid_response"


def test_cos_signs_host_and_every_header_of_its_own(monkeypatch):
    wire = Wire(monkeypatch, COS)
    wire.provider.update_priority("job-1", 5)
    headers = wire.request.headers
    assert headers["x-cos-appid"] == "1250000000"
    assert headers["x-cos-security-token"] == "example-token"
    assert headers["Host"] == "100000000001.cos-control.ap-guangzhou.myqcloud.com"
    assert "q-header-list=host;x-cos-appid;x-cos-security-token&q-url-param-list=priority&" in headers["Authorization"]


def test_cos_signatures_begin_in_the_past(monkeypatch):
    wire = Wire(monkeypatch, COS)
    monkeypatch.setattr("time.time", lambda: 1_000_000.9)
    wire.provider.update_priority("job-1", 5)
    assert "q-sign-time=999940;1000600&" in wire.request.headers["Authorization"]


@pytest.mark.parametrize(
    ("endpoint", "host"),
    [
        ("", "111122223333.s3-control.eu-central-1.amazonaws.com"),
        (
            "https://control.vpce-1.s3.eu-central-1.vpce.amazonaws.com",
            "111122223333.control.vpce-1.s3.eu-central-1.vpce",
        ),
        ("http://127.0.0.1:4566", "127.0.0.1:4566"),
        ("http://[::1]:4566/base", "[::1]:4566"),
        ("http://localhost:4566", "localhost:4566"),
        ("http://emulator:4566", "emulator:4566"),
        ("http://s3.example.com:4566", "111122223333.s3.example.com:4566"),
    ],
)
def test_aws_puts_the_account_before_hosts_that_can_carry_it(monkeypatch, endpoint, host):
    wire = Wire(monkeypatch, Options(**{**AWS.__dict__, "endpoint_url": endpoint}))
    wire.provider.update_priority("job-1", 5)
    assert urlsplit(wire.request.url).netloc.startswith(host)
    assert wire.request.url.endswith("/v20180820/jobs/job-1/priority?priority=5")
    assert ("/base/" in wire.request.url) == ("/base" in endpoint)
    assert text(wire.request.headers["x-amz-account-id"]) == "111122223333"


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("", "https://sts."),
        ("https://control.vpce-1.s3.eu-central-1.vpce.amazonaws.com", "https://sts."),
        ("https://s3-control.cn-north-1.amazonaws.com.cn", "https://sts."),
        ("http://127.0.0.1:4566", "http://127.0.0.1:4566"),
        ("https://emulator.example.com", "https://emulator.example.com"),
    ],
)
def test_sts_is_asked_where_it_is(monkeypatch, endpoint, expected):
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS"):
        monkeypatch.delenv(name, raising=False)
    wire = Wire(monkeypatch, Options(**{**AWS.__dict__, "endpoint_url": endpoint}))
    asked = []

    def client(name, **options):
        asked.append(options["endpoint_url"] or "https://sts.")
        return types.SimpleNamespace(get_caller_identity=lambda: {"Account": "111122223333"})

    monkeypatch.setattr(wire.provider._session, "create_client", client)
    assert wire.provider.identify() == "111122223333"
    assert asked == [expected]


STATUS = "<UpdateJobStatusResult><JobId>{}</JobId><Status>{}</Status></UpdateJobStatusResult>"


@pytest.mark.parametrize("options", [AWS, COS], ids=["aws", "cos"])
@pytest.mark.parametrize(("reason", "query"), [("", ""), ("a b&c", "&statusUpdateReason=a%20b%26c")])
def test_a_status_request(monkeypatch, options, reason, query):
    wire = Wire(monkeypatch, options, STATUS.format("job-1", "Cancelling"))
    assert wire.provider.update_status("job-1", "Cancelled", reason) == "Cancelling"
    assert wire.request.method == "POST"
    assert wire.request.url.endswith("/jobs/job-1/status?requestedJobStatus=Cancelled" + query)
    assert text(wire.request.headers["Content-Length"]) == "0"


@pytest.mark.parametrize("options", [AWS, COS], ids=["aws", "cos"])
@pytest.mark.parametrize("body", [STATUS.format("job-2", "Ready"), STATUS.format("job-1", ""), "<CreateJobResult/>"])
def test_a_status_of_something_else(monkeypatch, options, body):
    wire = Wire(monkeypatch, options, body)
    with pytest.raises(BatchError) as caught:
        wire.provider.update_status("job-1", "Ready", "")
    assert caught.value.failure.kind == "invalid_response"


CREATED = "<CreateJobResult><JobId>{}</JobId></CreateJobResult>"
REQUEST = {
    "Manifest": {
        "Spec": {"Format": "F", "Fields": ["Bucket", "Key"]},
        "Location": {"ObjectArn": "arn:aws:s3:::b/k", "ETag": '"e&"'},
    },
    "Operation": {"S3InitiateRestoreObject": {"ExpirationInDays": 7}},
    "Report": {"Enabled": False},
    "RoleArn": "arn:aws:iam::111122223333:role/r",
    "Priority": 5,
    "ConfirmationRequired": True,
    "Description": "<ü>",
    "ClientRequestToken": "token-1",
}


def plain(element):
    """Return an element as nested lists of names and texts, in alphabetical order."""
    name = element.tag.rpartition("}")[2]
    return (name, element.text or "") if not len(element) else (name, sorted(plain(child) for child in element))


@pytest.mark.parametrize("options", [AWS, COS], ids=["aws", "cos"])
def test_a_creation(monkeypatch, options):
    wire = Wire(monkeypatch, options, CREATED.format("job-1"))
    assert wire.provider.create(REQUEST) == "job-1"
    assert (wire.request.method, urlsplit(wire.request.url).path.endswith("/jobs")) == ("POST", True)
    body = wire.request.body
    assert plain(ElementTree.fromstring(body)) == (
        "CreateJobRequest",
        sorted(
            [
                ("ClientRequestToken", "token-1"),
                ("ConfirmationRequired", "true"),
                ("Description", "<ü>"),
                (
                    "Manifest",
                    [
                        ("Location", [("ETag", '"e&"'), ("ObjectArn", "arn:aws:s3:::b/k")]),
                        ("Spec", [("Fields", [("member", "Bucket"), ("member", "Key")]), ("Format", "F")]),
                    ],
                ),
                ("Operation", [("S3InitiateRestoreObject", [("ExpirationInDays", "7")])]),
                ("Priority", "5"),
                ("Report", [("Enabled", "false")]),
                ("RoleArn", "arn:aws:iam::111122223333:role/r"),
            ]
        ),
    )
    if options is COS:
        digest = base64.b64encode(hashlib.md5(body).digest()).decode()
        assert (wire.request.headers["Content-MD5"], wire.request.headers["Content-Type"]) == (
            digest,
            "application/xml",
        )


@pytest.mark.parametrize("options", [AWS, COS], ids=["aws", "cos"])
@pytest.mark.parametrize("body", [CREATED.format(""), "<Other/>", ""])
def test_a_creation_that_names_no_job(monkeypatch, options, body):
    wire = Wire(monkeypatch, options, body)
    with pytest.raises(BatchError) as caught:
        wire.provider.create(REQUEST)
    assert caught.value.failure.kind == "invalid_response"


def test_aws_requests_are_checked_before_they_are_sent(monkeypatch):
    wire = Wire(monkeypatch, AWS)
    wire.provider.as_sent(REQUEST)
    with pytest.raises(BatchError) as caught:
        wire.provider.as_sent({**REQUEST, "Operation": {"S3InitiateRestoreObject": {"Days": 7}}})
    assert caught.value.failure.kind == "invalid"
    assert "Days" in caught.value.failure.message
    assert wire.sent == []


ERROR = "<Error><Code>{}</Code><Message>no</Message><RequestId>r-1</RequestId></Error>"


@pytest.mark.parametrize("options", [AWS, COS], ids=["aws", "cos"])
@pytest.mark.parametrize("envelope", ["{}", "<ErrorResponse>{}</ErrorResponse>"])
@pytest.mark.parametrize(
    ("code", "kind"), [("AccessDenied", "access_denied"), ("InternalError", "unavailable"), ("SlowDown", "throttled")]
)
def test_an_error_with_status_200_is_that_error(monkeypatch, options, envelope, code, kind):
    wire = Wire(monkeypatch, options, envelope.format(ERROR.format(code)))
    for ask in (lambda: wire.provider.update_priority("job-1", 5), lambda: wire.provider.list_page("")):
        with pytest.raises(BatchError) as caught:
            ask()
        failure = caught.value.failure
        assert (failure.kind, failure.code, failure.message, failure.request_id) == (kind, code, "no", "r-1")
        assert failure.hint


@pytest.mark.parametrize("options", [AWS, COS], ids=["aws", "cos"])
def test_what_a_server_echoes_is_masked(monkeypatch, options):
    wire = Wire(monkeypatch, options)

    def body():
        headers = {name: text(value) for name, value in wire.sent[-1].headers.items()}
        echo = " ".join([*headers.values(), KEYS.secret_key])
        return f"<Error><Code>Odd</Code><Message>{echo.replace('&', '&amp;')}</Message></Error>".encode()

    monkeypatch.setattr(Wire, "body", property(lambda self: body()), raising=False)
    with pytest.raises(BatchError) as caught:
        wire.provider.describe("job-1")
    shown = caught.value.failure.message
    signature = text(wire.sent[-1].headers["Authorization"]).rpartition("ignature=")[2]
    assert len(signature) >= 40
    for secret in (signature, KEYS.secret_key, KEYS.session_token):
        assert secret not in shown
    assert wire.provider.secrets() >= {KEYS.secret_key, KEYS.session_token}


@pytest.mark.parametrize("options", [AWS, COS], ids=["aws", "cos"])
def test_a_request_as_it_is_sent(monkeypatch, options):
    """What is compared with the words of an answer: times as the SDK writes them, ends of lines as XML has them."""
    operation = {"S3PutObjectCopy": {"TargetResource": "a\r\nb", "BucketKeyEnabled": True}}
    if options is AWS:
        operation["S3PutObjectCopy"]["ModifiedSinceConstraint"] = "2026-01-01T02:00:00+02:00"
    wire = Wire(monkeypatch, options)
    sent = wire.provider.as_sent({**REQUEST, "Operation": operation})
    parameters = dict(sent["Operation"]["S3PutObjectCopy"])
    assert parameters.pop("ModifiedSinceConstraint", "2026-01-01T00:00:00Z") == "2026-01-01T00:00:00Z"
    assert parameters == {"TargetResource": "a\nb", "BucketKeyEnabled": "true"}
    assert sent["Manifest"]["Spec"]["Fields"] == ["Bucket", "Key"]
    assert (sent["Report"], sent["Priority"]) == ({"Enabled": "false"}, "5")
    assert wire.sent == []
