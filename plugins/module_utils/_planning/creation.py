# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a job to be created is, and how it is recognised among the jobs that a cloud lists.

No cloud lists the token that CreateJob takes, and COS refuses a used one instead of naming its job. So a
digest of the token stands at the end of the description, which every cloud lists. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import (
    errors as _errors,
    input as _input,
    job as _job,
    provider as _provider,
)
from ansible_collections.objectstore.batch.plugins.module_utils._planning import plan as _plan

Params = t.Mapping[str, t.Any]

MANIFEST_SPEC: t.Final[dict[str, t.Any]] = {
    "object_arn": {"type": "str", "required": True},
    "etag": {"type": "str", "required": True},
    "version_id": {"type": "str"},
    "format": {"type": "str", "choices": ["csv", "inventory"], "default": "csv"},
    "fields": {"type": "list", "elements": "str", "choices": ["Ignore", "Bucket", "Key", "VersionId"]},
}
REPORT_SPEC: t.Final[dict[str, t.Any]] = {
    "enabled": {"type": "bool"},
    "bucket": {"type": "str"},
    "prefix": {"type": "str"},
    "scope": {"type": "str", "choices": ["AllTasks", "FailedTasksOnly"], "default": "AllTasks"},
}
"""Suboptions, as AnsibleModule takes them."""

_MARK: t.Final = re.compile(r"\[token ([0-9a-f]{12})-([0-9a-f]{8})\]\Z")
_MARK_LENGTH: t.Final = len(" [token 0123456789ab-01234567]")
_NAME: t.Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_TAGS: t.Final = {"count": 50, "key": 128, "value": 256}


@dataclasses.dataclass(frozen=True)
class Creation:
    """A job to be created.

    :param content: what the job does, in the words of the API: what makes it this job and no other.
    :param start: what it starts with and what may change later, in the words of the API.
    :param token: the user's, or derived from the content.
    """

    content: t.Mapping[str, t.Any]
    start: t.Mapping[str, t.Any]
    token: str = ""

    def placed(self, *place: str) -> Creation:
        """Return the creation with a token: without the user's own, the same content at the same place has the same."""
        return dataclasses.replace(self, token=self.token or _digest([*place, self.content]))

    @property
    def mark(self) -> tuple[str, str]:
        """Digests of token and content: the first finds the job, the second says whether it is the same."""
        return _digest(self.token)[:12], _digest(self.content)[:8]

    @property
    def request(self) -> dict[str, t.Any]:
        """The request in the words of the API, which are the same on every cloud."""
        own = self.content.get("Description")
        mark = "[token {}-{}]".format(*self.mark)
        text = f"{own} {mark}" if own else mark
        return {**self.content, **self.start, "Description": text, "ClientRequestToken": self.token}

    @property
    def operation(self) -> str:
        """The name of the operation."""
        return str(next(iter(self.content["Operation"])))

    def job(self, job_id: str) -> _job.Job:
        """Return the job as it is right after its creation."""
        priority = self.start["Priority"]
        return _job.Job(job_id, "New", priority, self.request["Description"], self.operation)

    def unchecked(self) -> list[str]:
        """Say what only the cloud can know, for a dry run."""
        source = "the manifest object exists and has this ETag" if "Manifest" in self.content else "objects are found"
        report = ["the report bucket exists and takes the report"] if self.content["Report"]["Enabled"] else []
        return [
            "the id that the job will have",
            f"whether {source}",
            f"whether the cloud takes every detail of {self.operation}, now and in this region",
            "whether the role exists, may be handed to the job, and may do what the operation needs",
            "whether these credentials may create jobs, and whether the account has room for one more",
            *(f"whether {item}" for item in report),
        ]


def decide(creation: Creation, jobs: t.Iterable[_job.Job]) -> _plan.Decision:
    """Return what shall happen: update (create it), unchanged (it is there), or failed (the token is another job's)."""
    token, content = creation.mark
    found = [
        (match[2], job) for job in jobs for match in [_MARK.search(job.description)] if match and match[1] == token
    ]
    same = sorted((job for digest, job in found if digest == content), key=_job.queue_order)
    if same:
        return _plan.Decision(_plan.Wanted(same[0].job_id, None), "unchanged", same[0], _difference(creation, same[0]))
    if found:
        job = found[0][1]
        text = f"job {job.job_id} ({job.status}) was created with this client_request_token and does something else"
        hint = "Give each job a token of its own, or leave client_request_token out; nothing was created."
        return _plan.Decision(
            _plan.Wanted(job.job_id, None), "failed", job, text, _errors.Failure("conflict", text, hint=hint)
        )
    return _plan.Decision(_plan.Wanted("", None), "update")


def _difference(creation: Creation, job: _job.Job) -> str:
    """Say in which way a job that is there is not what somebody might expect."""
    if job.is_ended:
        return f"the job has ended ({job.status}); another client_request_token creates it again"
    if job.priority != creation.start["Priority"]:
        return f"the job has priority {job.priority} now; batch_job_priority changes it"
    return ""


def prepare(params: Params, facts: _provider.Facts) -> Creation:
    """Return the creation that the options describe.

    :raises InputError: an option breaks its rule.
    """
    operation = params["operation"]
    if len(operation) != 1 or not isinstance(next(iter(operation.values())), (dict, type(None))):
        raise _input.refusal(
            "operation", operation, "must have one key, the operation's name, with its parameters as value"
        )
    name, parameters = next(iter(operation.items()))
    for option in ("operation", "manifest_generator"):
        _check_names(option, params[option])
    content: dict[str, t.Any] = {
        **_manifest(params, facts),
        "Operation": {name: parameters or {}},
        "Report": _report(params["report"] or {}, facts),
        "RoleArn": facts.rules["role_arn"].check("role_arn", params["role_arn"]),
    }
    description = facts.check_length("description", params["description"] or "", _MARK_LENGTH)
    if description:
        content["Description"] = description
    start = {
        "Priority": _input.parse_priority("priority", params["priority"], facts.largest_priority),
        "ConfirmationRequired": params["confirmation_required"],
    }
    tags = _tags(params["tags"] or {}, facts)
    token = params["client_request_token"]
    if token is not None:
        facts.rules["client_request_token"].check("client_request_token", token)
    return Creation(content, {**start, "Tags": tags} if tags else start, token or "")


def _manifest(params: Params, facts: _provider.Facts) -> dict[str, t.Any]:
    """Return Manifest or ManifestGenerator."""
    if params["manifest_generator"] is not None:
        if not facts.has_generators:
            raise _errors.InputError(f"manifest_generator: {facts.title} makes no manifests; give manifest.")
        return {"ManifestGenerator": params["manifest_generator"]}
    manifest = params["manifest"]
    location = {
        "ObjectArn": facts.rules["object_arn"].check("manifest.object_arn", manifest["object_arn"]),
        "ETag": manifest["etag"],
    }
    if not manifest["etag"].strip('" '):
        raise _input.refusal("manifest.etag", manifest["etag"], "must be the ETag of the manifest object")
    if manifest["version_id"]:
        location["ObjectVersionId"] = manifest["version_id"]
    spec: dict[str, t.Any] = {"Format": facts.manifest_formats[manifest["format"]]}
    fields = manifest["fields"] or (["Bucket", "Key"] if manifest["format"] == "csv" else [])
    if fields and manifest["format"] != "csv":
        raise _errors.InputError("manifest.fields: an inventory names its fields itself; leave them out.")
    if fields:
        spec["Fields"] = fields
    return {"Manifest": {"Spec": spec, "Location": location}}


def _report(report: Params, facts: _provider.Facts) -> dict[str, t.Any]:
    """Return Report; AWS takes Enabled alone where there shall be none, COS wants the rest even then."""
    bucket = report.get("bucket") or ""
    enabled = bool(bucket) if report.get("enabled") is None else report["enabled"]
    if not bucket and (enabled or facts.full_report):
        extra = "" if enabled else f": {facts.title} wants it even where no report shall be written"
        raise _errors.InputError(f"report.bucket is required{extra}.")
    if not enabled and not facts.full_report:
        return {"Enabled": False}
    values = {
        "Bucket": facts.rules["report_bucket"].check("report.bucket", bucket),
        "Format": facts.report_format,
        "Enabled": enabled,
        "ReportScope": report["scope"],
    }
    prefix = facts.check_length("report.prefix", report.get("prefix") or "")
    return {**values, "Prefix": prefix} if prefix else values


def _tags(tags: Params, facts: _provider.Facts) -> list[dict[str, str]]:
    if tags and not facts.has_tags:
        raise _errors.InputError(f"tags: jobs of {facts.title} have no tags.")
    if len(tags) > _TAGS["count"]:
        raise _input.refusal("tags", sorted(tags), f"must hold at most {_TAGS['count']} tags, and has {len(tags)}")
    pairs = [(str(key), "" if value is None else str(value)) for key, value in tags.items()]
    for key, value in pairs:
        if not 1 <= len(key) <= _TAGS["key"] or len(value) > _TAGS["value"]:
            rule = f"must have 1 to {_TAGS['key']} characters, and its value at most {_TAGS['value']}"
            raise _input.refusal("tags", key, rule)
    return [{"Key": key, "Value": value} for key, value in sorted(pairs)]


def _check_names(option: str, value: t.Any) -> None:
    """Refuse keys that are no names of nodes, at any depth: the request is XML."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not _NAME.fullmatch(str(key)):
                raise _input.refusal(option, key, "must be a name of the cloud's API")
            _check_names(f"{option}.{key}", item)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            _check_names(f"{option}[{number}]", item)


def _digest(value: t.Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
