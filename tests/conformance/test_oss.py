# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OSS as Alibaba's SDK sees it: signed, sent and read by its client, which has no calls for batch jobs of its own."""

from __future__ import annotations

import base64
import datetime
import hmac
import time
import uuid
import xml.etree.ElementTree as ET
from typing import Any, ClassVar
from urllib.parse import quote

import alibabacloud_oss_v2 as oss
import pytest
import requests
from alibabacloud_oss_v2 import exceptions, serde
from batch_emulator.accounts import OSS_KEY, OSS_OTHER_KEY, OSS_REGION, OSS_TEMP_KEY, OSS_UID, Credential
from batch_emulator.client import Emulator

from .clients import PLAIN, flipped

ID = "MzRjZGU2NGQ3YTY5NGRhMTkxZmZhYzY5OTM5YTcxYWU="
SLASHES = "ab+c/de+f="
FLAGS = {"UpdateJobPriority": "batchJobPriority", "UpdateJobStatus": "batchJobStatus"}
CREATE = """<?xml version="1.0" encoding="UTF-8"?>
<CreateJobRequest>
  <ConfirmationRequired>false</ConfirmationRequired>
  <Operation><PutObjectTagging><TagSet><Tag><Key>Environment</Key><Value>Production</Value></Tag></TagSet>
  </PutObjectTagging></Operation>
  <Report><Bucket>report-bucket</Bucket><Enabled>true</Enabled><Prefix>batch-reports/</Prefix>
  <ReportScope>AllTasks</ReportScope></Report>
  <ClientRequestToken>unique-token-123</ClientRequestToken>
  <Manifest><Location><ETag>d41d8cd98f00b204e9800998ecf8427e</ETag><Bucket>manifest-bucket</Bucket>
  <Object>manifest.csv</Object></Location><Spec><Fields>Bucket,Key</Fields>
  <Format>OSS_BatchOperations_CSV_20250611</Format></Spec></Manifest>
  <Description>Job to set object tags in batch</Description>
  <Priority>10</Priority>
  <RoleArn>acs:ram::1000000000000001:role/BatchOperationRole</RoleArn>
</CreateJobRequest>"""


class Client:
    """The SDK's client, which reaches the emulator directly, or as a proxy with the cloud's own names."""

    def __init__(
        self,
        emulator: Emulator,
        key: Credential = OSS_KEY,
        region: str = OSS_REGION,
        proxy: bool = False,
        host: str = "",
    ) -> None:
        config = oss.config.load_default()
        config.credentials_provider = oss.credentials.StaticCredentialsProvider(key.key_id, key.secret, key.token)
        config.region = region
        config.retry_max_attempts = 1
        config.disable_ssl = True
        if proxy:
            # As a mapping, since the SDK makes one that requests does not understand of a text.
            config.proxy_host = {"http": emulator.url}
            config.endpoint = f"http://{host}" if host else None
        else:
            config.endpoint = emulator.url
        self.client = oss.Client(config)

    def __call__(self, operation: str, method: str = "", body: str = "", **parameters: str) -> ET.Element:
        """One of the five operations; the root of its answer."""
        flag = FLAGS.get(operation, "batchJob")
        write = operation in FLAGS or operation == "CreateJob"
        given = {name.replace("_", "-"): value for name, value in parameters.items()}
        answer = self.client.invoke_operation(
            oss.OperationInput(
                op_name=operation,
                method=method or ("POST" if write else "GET"),
                headers={"Content-Type": "application/xml"} if write else {},
                parameters={flag: "", **given},
                body=body.encode() if body else None,
                op_metadata={"sub-resource": [flag]},
            )
        )
        assert answer.status_code == 200
        assert answer.headers["x-oss-request-id"]
        return ET.fromstring(answer.http_response.content)


def refused(client: Client, operation: str, **parameters: Any) -> exceptions.ServiceError:
    with pytest.raises(exceptions.OperationError) as caught:
        client(operation, **parameters)
    error = caught.value.unwrap()
    assert isinstance(error, exceptions.ServiceError)
    return error


CALLS: dict[str, dict[str, str]] = {
    "CreateJob": {"body": CREATE},
    "DescribeJob": {"batchJobId": ID},
    "ListJobs": {"batchJobStatuses": "Active|Ready", "max_keys": "5"},
    "UpdateJobPriority": {"batchJobId": ID, "targetPriority": "7"},
    "UpdateJobStatus": {"batchJobId": ID, "requestedJobStatus": "Cancelled", "statusUpdateReason": "no longer needed"},
}


@pytest.fixture(autouse=True)
def _job(emulator: Emulator) -> None:
    emulator.seed({"provider": "oss", "job_id": ID, "frozen": True, "priority": 10, "status": "Active"})


@pytest.fixture
def client(emulator: Emulator) -> Client:
    return Client(emulator)


@pytest.mark.parametrize("proxy", [False, True], ids=["direct", "own names"])
@pytest.mark.parametrize("key", [OSS_KEY, OSS_TEMP_KEY], ids=["permanent", "temporary"])
@pytest.mark.parametrize("operation", CALLS)
def test_every_operation(emulator: Emulator, operation: str, key: Credential, proxy: bool) -> None:
    root = Client(emulator, key, proxy=proxy)(operation, **CALLS[operation])
    assert root.tag == f"{operation}Result"
    entry = emulator.log()[-1]
    assert (entry["operation"], entry["account"], entry["region"]) == (operation, OSS_UID, OSS_REGION)


def test_a_job_is_described_as_documented(client: Client) -> None:
    created = client("CreateJob", body=CREATE).findtext("JobId") or ""
    assert len(created) == 44 and created.endswith("=")
    job = client("DescribeJob", batchJobId=created).find("Job")
    assert job is not None
    texts = {child.tag: child.text for child in job}
    assert (texts["JobId"], texts["Priority"], texts["Status"]) == (created, "10", "New")
    assert texts["Description"] == "Job to set object tags in batch"
    assert (texts["CreationTime"] or "").isdigit() and "TerminationDate" not in texts
    assert [child.tag for child in job if child.tag == "FailureReasons"] == ["FailureReasons"]
    assert job.findtext("Manifest/Spec/Fields") == "Bucket,Key"
    assert job.findtext("Manifest/Location/Bucket") == "manifest-bucket"
    assert job.findtext("Operation/PutObjectTagging/TagSet/Tag/Value") == "Production"
    assert job.find("Report/Format") is None


class ListedJob(serde.Model):
    _attribute_map: ClassVar = {
        "job_id": {"tag": "xml", "rename": "JobId", "type": "str"},
        "priority": {"tag": "xml", "rename": "Priority", "type": "int"},
        "creation_time": {"tag": "xml", "rename": "CreationTime", "type": "int"},
    }
    _xml_map: ClassVar = {"name": "JobListDescriptor"}


class Jobs(serde.Model):
    _attribute_map: ClassVar = {"jobs": {"tag": "xml", "rename": "JobListDescriptor", "type": "[ListedJob]"}}
    _dependency_map: ClassVar = {"ListedJob": {"new": ListedJob}}
    _xml_map: ClassVar = {"name": "Jobs"}


def test_the_sdk_reads_the_answers(client: Client, emulator: Emulator) -> None:
    """Its own deserializer, over models of the documented shape."""

    emulator.seed({"provider": "oss", "job_id": SLASHES, "priority": 2147483647, "frozen": True})
    found = client("ListJobs").find("Jobs")
    assert found is not None
    jobs = Jobs()
    serde.deserialize_xml(ET.tostring(found), jobs)
    assert [(job.job_id, job.priority) for job in jobs.jobs] == [(ID, 10), (SLASHES, 2147483647)]
    assert all(abs(job.creation_time - datetime.datetime.now().timestamp()) < 10**9 for job in jobs.jobs)


def test_priorities(client: Client, emulator: Emulator) -> None:
    emulator.seed({"provider": "oss", "job_id": SLASHES, "priority": 1, "frozen": True, "status": "Preparing"})
    root = client("UpdateJobPriority", batchJobId=SLASHES, targetPriority="2147483647")
    assert (root.findtext("JobId"), root.findtext("Priority")) == (SLASHES, "2147483647")
    assert emulator.job(SLASHES)["priority"] == 2147483647
    for wrong in ("2147483648", "-1", "1.0", "True", ""):
        assert refused(client, "UpdateJobPriority", batchJobId=ID, targetPriority=wrong).code == "InvalidArgument"
    assert refused(client, "UpdateJobPriority", batchJobId=ID).code == "InvalidArgument"
    assert emulator.job(ID)["priority"] == 10


@pytest.mark.parametrize("status", ["Cancelled", "Cancelling", "Complete", "Completing", "Failed", "Failing"])
def test_what_cannot_be_cancelled(client: Client, emulator: Emulator, status: str) -> None:
    emulator.patch(ID, status=status)
    error = refused(client, "UpdateJobStatus", **CALLS["UpdateJobStatus"])
    assert (error.code, error.status_code) == ("InvalidArgument", 400)


@pytest.mark.parametrize(("status", "taken"), [("Suspended", True), ("Preparing", True), ("New", False)])
def test_what_can_be_confirmed(client: Client, emulator: Emulator, status: str, taken: bool) -> None:
    emulator.patch(ID, status=status)
    request = {"batchJobId": ID, "requestedJobStatus": "Ready"}
    if taken:
        assert client("UpdateJobStatus", **request).findtext("Status") == "Ready"
    else:
        assert refused(client, "UpdateJobStatus", **request).code == "InvalidArgument"


@pytest.mark.parametrize("reason", [None, "", "a" * 257])
def test_a_cancellation_needs_a_reason(client: Client, emulator: Emulator, reason: str | None) -> None:
    given = {} if reason is None else {"statusUpdateReason": reason}
    error = refused(client, "UpdateJobStatus", batchJobId=ID, requestedJobStatus="Cancelled", **given)
    assert error.code == "InvalidArgument"
    assert emulator.job(ID)["status"] == "Active"


def test_pages(client: Client, emulator: Emulator) -> None:
    emulator.seed(*({"provider": "oss", "job_id": f"page{n:04}=", "frozen": True} for n in range(250)))
    root = client("ListJobs")
    assert len(root.findall("Jobs/JobListDescriptor")) == 100
    seen = [item.findtext("JobId") for item in root.findall("Jobs/JobListDescriptor")]
    while root.findtext("NextToken"):
        root = client("ListJobs", continuation_token=root.findtext("NextToken") or "", max_keys="90")
        seen += [item.findtext("JobId") for item in root.findall("Jobs/JobListDescriptor")]
    assert len(seen) == len(set(seen)) == 251
    assert len(client("ListJobs", max_keys="1000").findall("Jobs/JobListDescriptor")) == 251
    for wrong in ({"max_keys": "0"}, {"max_keys": "1001"}, {"continuation_token": "nonsense"}):
        assert refused(client, "ListJobs", **wrong).code == "InvalidArgument"


@pytest.mark.parametrize("text", ["Active|Ready", "Active | Ready"])
def test_lists_of_some_statuses(client: Client, emulator: Emulator, text: str) -> None:
    emulator.seed(*({"provider": "oss", "job_id": f"{s}=", "status": s, "frozen": True} for s in ("Ready", "Paused")))
    found = [item.findtext("JobId") for item in client("ListJobs", batchJobStatuses=text).iter("JobListDescriptor")]
    assert found == [ID, "Ready="]
    assert refused(client, "ListJobs", batchJobStatuses="Active|Asleep").code == "InvalidArgument"


def test_an_empty_id_lists(client: Client) -> None:
    assert client("DescribeJob", batchJobId="").tag == "ListJobsResult"


@pytest.mark.parametrize("job_id", ["nobody=", "a-b", "a" * 65, "%3D"])
def test_no_such_job(client: Client, emulator: Emulator, job_id: str) -> None:
    error = refused(client, "DescribeJob", batchJobId=job_id)
    assert (error.code, error.status_code, error.ec) == ("InvalidArgument", 400, "0017-00001002")
    emulator.settings(oss_not_found_code="NoSuchJob")
    assert refused(client, "DescribeJob", batchJobId="nobody=").status_code == 404


@pytest.mark.parametrize("operation", CALLS)
@pytest.mark.parametrize("place", [0, -1])
def test_a_wrong_secret(emulator: Emulator, operation: str, place: int) -> None:
    key = Credential("oss", OSS_UID, OSS_KEY.key_id, flipped(OSS_KEY.secret, place))
    error = refused(Client(emulator, key), operation, **CALLS[operation])
    assert (error.code, error.status_code, error.ec) == ("SignatureDoesNotMatch", 403, "0002-00000201")
    assert (emulator.job(ID)["priority"], emulator.job(ID)["status"], len(emulator.jobs())) == (10, "Active", 1)


def test_a_wrong_region_in_the_scope(emulator: Emulator) -> None:
    client = Client(emulator, region="cn-shanghai", proxy=True)
    assert client("ListJobs").findtext("Jobs/JobListDescriptor/JobId") is None
    error = refused(Client(emulator, region="cn-shanghai", proxy=True, host="oss-cn-hangzhou.aliyuncs.com"), "ListJobs")
    assert (error.code, error.status_code, error.ec) == ("InvalidArgument", 400, "0002-00000226")


@pytest.mark.parametrize(("minutes", "taken"), [(16, False), (-16, False), (14, True), (-14, True)])
def test_clocks_that_differ(client: Client, monkeypatch: pytest.MonkeyPatch, minutes: int, taken: bool) -> None:
    sign = oss.signer.SignerV4.sign

    def sign_later(self: Any, context: Any) -> None:
        context.clock_offset = minutes * 60
        sign(self, context)

    monkeypatch.setattr(oss.signer.SignerV4, "sign", sign_later)
    if taken:
        assert client("ListJobs").tag == "ListJobsResult"
        return
    error = refused(client, "ListJobs")
    assert (error.code, error.status_code, error.ec) == ("RequestTimeTooSkewed", 403, "0002-00000504")


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (Credential("oss", OSS_UID, "EMULATORNOBODY", OSS_KEY.secret), "InvalidAccessKeyId"),
        (Credential("oss", OSS_UID, OSS_TEMP_KEY.key_id, OSS_TEMP_KEY.secret), "InvalidAccessKeyId"),
        (Credential("oss", OSS_UID, OSS_TEMP_KEY.key_id, OSS_TEMP_KEY.secret, "other"), "InvalidSecurityToken"),
        (Credential("oss", OSS_UID, OSS_KEY.key_id, OSS_KEY.secret, "surplus"), "InvalidSecurityToken"),
    ],
)
def test_keys_and_tokens(emulator: Emulator, key: Credential, code: str) -> None:
    error = refused(Client(emulator, key), "ListJobs")
    assert (error.code, error.status_code) == (code, 403)


def test_queues_are_apart(emulator: Emulator) -> None:
    assert refused(Client(emulator, OSS_OTHER_KEY), "DescribeJob", batchJobId=ID).ec == "0017-00001002"
    assert refused(Client(emulator, region="cn-beijing"), "DescribeJob", batchJobId=ID).ec == "0017-00001002"


def test_unsigned_and_malformed(emulator: Emulator) -> None:
    url = f"{emulator.url}/?batchJob"
    anonymous = PLAIN.get(url, timeout=600)
    assert (anonymous.status_code, "<Code>AccessDenied</Code>" in anonymous.text) == (403, True)
    for header in ("OSS4-HMAC-SHA256 Credential=x", "OSS key:signature"):
        answer: requests.Response = PLAIN.get(url, headers={"Authorization": header}, timeout=600)
        assert (answer.status_code, "<Code>InvalidArgument</Code>" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<Fields>Bucket,Key</Fields>", "<Fields><member>Bucket</member><member>Key</member></Fields>"),
        ("<Fields>Bucket,Key</Fields>", "<Fields>Bucket</Fields>"),
        ("<Bucket>manifest-bucket</Bucket>", ""),
        ("<Object>manifest.csv</Object>", "<ObjectArn>acs:oss:::b/k</ObjectArn>"),
        ("<ReportScope>", "<Format>Report_CSV_20180820</Format><ReportScope>"),
        ("OSS_BatchOperations_CSV_20250611", "S3BatchOperations_CSV_20180820"),
        ("<Tag>", "<member>"),
        ("PutObjectTagging>", "S3PutObjectTagging>"),
        ("<Priority>10</Priority>", ""),
        ("<Priority>10</Priority>", "<Priority>2147483648</Priority>"),
        ("<Bucket>report-bucket</Bucket>", ""),
        ("acs:ram::1000000000000001:role/BatchOperationRole", "role"),
        ("unique-token-123", ""),
        ("<CreateJobRequest>", "<Other>"),
    ],
)
def test_requests_that_are_refused(client: Client, emulator: Emulator, old: str, new: str) -> None:
    assert old in CREATE
    body = CREATE.replace(old, new)
    if new == "<member>":
        body = body.replace("</Tag>", "</member>")
    if new == "<Other>":
        body = body.replace("</CreateJobRequest>", "</Other>")
    error = refused(client, "CreateJob", body=body)
    assert (error.status_code, error.code in ("InvalidArgument", "MalformedXML")) == (400, True)
    assert len(emulator.jobs()) == 1


def test_generated_manifests(client: Client) -> None:
    start, end = CREATE.index("<Manifest>"), CREATE.index("</Manifest>") + len("</Manifest>")
    made = "<SourceBucket>data</SourceBucket><Prefix>logs/</Prefix>"
    made = f"<KeyPrefixManifestGenerator>{made}</KeyPrefixManifestGenerator>"
    job_id = client("CreateJob", body=CREATE[:start] + made + CREATE[end:]).findtext("JobId") or ""
    job = client("DescribeJob", batchJobId=job_id).find("Job")
    assert job is not None
    assert (job.findtext("KeyPrefixManifestGenerator/Prefix"), job.find("Manifest")) == ("logs/", None)
    assert refused(client, "CreateJob", body=CREATE[:end] + made + CREATE[end:]).code == "MalformedXML"
    assert refused(client, "CreateJob", body=CREATE).code != ""


def rpc(emulator: Emulator, key: Credential, secret: str | None = None) -> requests.Response:
    """GetCallerIdentity, signed as the documentation "Request signatures" of RPC APIs has it."""
    form = {
        "Action": "GetCallerIdentity",
        "Version": "2015-04-01",
        "Format": "JSON",
        "Timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "SignatureNonce": uuid.uuid4().hex,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "AccessKeyId": key.key_id,
        **({"SecurityToken": key.token} if key.token else {}),
    }
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in sorted(form.items()))
    text = f"POST&%2F&{quote(query, safe='')}"
    digest = hmac.digest(f"{secret or key.secret}&".encode(), text.encode(), "sha1")
    form["Signature"] = base64.b64encode(digest).decode()
    return requests.post(f"{emulator.url}/", data=form, timeout=600)


@pytest.mark.parametrize("key", [OSS_KEY, OSS_TEMP_KEY, OSS_OTHER_KEY], ids=lambda key: key.key_id)
def test_whose_key_it_is(emulator: Emulator, key: Credential) -> None:
    answer = rpc(emulator, key)
    assert (answer.status_code, answer.json()["AccountId"]) == (200, key.account)
    kind = "AssumedRoleUser" if key.token else "Account"
    assert (answer.json()["IdentityType"], key.account in answer.json()["Arn"]) == (kind, True)
    refused = rpc(emulator, key, secret="another")
    assert (refused.status_code, refused.json()["Code"]) == (400, "SignatureDoesNotMatch")
