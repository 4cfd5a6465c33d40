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
    classes as _classes,
    errors as _errors,
    input as _input,
    job as _job,
    provider as _provider,
)
from ansible_collections.objectstore.batch.plugins.module_utils._planning import (
    comparison as _comparison,
    plan as _plan,
)

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
_BESIDE: t.Final = ("Operation", "Report", "RoleArn", "Description")
"""What a request says of a job's content beside its objects."""
_SHOWN: t.Final = 5
_DEEPEST: t.Final = 40
"""Levels of options inside one another; no cloud's operation has ten, and answers are read to 50."""
_TAGS: t.Final = {"count": 50, "key": 128, "value": 256}


@dataclasses.dataclass(frozen=True)
class Creation:
    """A job to be created.

    :param content: what the job does, in the words of the API: what makes it this job and no other.
    :param start: what it starts with and what may change later, in the words of the API.
    :param token: the user's, or derived from the content.
    :param sent: the request in the words in which it is sent; empty where they are those of content.
    """

    content: t.Mapping[str, t.Any]
    start: t.Mapping[str, t.Any]
    token: str = ""
    sent: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)

    def placed(self, *place: str) -> Creation:
        """Return the creation with a token: without the user's own, the same content at the same place has the same."""
        return dataclasses.replace(self, token=self.token or _digest([*place, self.content]))

    @property
    def mark(self) -> tuple[str, str]:
        """Digests of token and content: the first finds the job, the second tells whether the content was another."""
        return _digest(self.token)[:12], _digest(self.content)[:8]

    @property
    def request(self) -> dict[str, t.Any]:
        """The request in the words of the API, which are the same on every cloud."""
        own = self.content.get("Description")
        mark = "[token {}-{}]".format(*self.mark)
        text = f"{own} {mark}" if own else mark
        return {**self.content, **self.start, "Description": text, "ClientRequestToken": self.token}

    @property
    def source(self) -> str:
        """What names the objects, in the words of the API: Manifest, or how the cloud makes one."""
        return next(name for name in self.content if name not in _BESIDE)

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
        listed = self.source == "Manifest"
        source = "the manifest object exists and has this ETag" if listed else "the cloud finds objects"
        report = ["the report bucket exists and takes the report"] if self.content["Report"]["Enabled"] else []
        return [
            "the id that the job will have",
            f"whether {source}",
            f"whether the cloud takes every detail of {self.operation}, now and in this region",
            "whether the role exists, may be handed to the job, and may do what the operation needs",
            "whether these credentials may create jobs, and whether the account has room for one more",
            *(f"whether {item}" for item in report),
        ]


def marked(creation: Creation, jobs: t.Iterable[_job.Job]) -> list[_job.Job]:
    """Return the jobs whose description carries the token's mark, the oldest first."""
    token = creation.mark[0]
    return sorted((job for job in jobs if _mark(job)[0] == token), key=lambda job: (_job.age_order(job), job.job_id))


def may_be(creation: Creation, job: _job.Job) -> bool:
    """Whether a list's words about a marked job leave it possible that it is this one."""
    return job.operation in ("", creation.operation)


def decide(creation: Creation, found: t.Sequence[_job.Job]) -> _plan.Decision:
    """Return what shall happen: update (create it), unchanged (it is there), or failed (the mark is another job's).

    A description is free text, which anybody can copy: a job is this one only if what the cloud says of it is what the
    task wants.

    :param found: the marked jobs, the oldest first; described where they may be this one.
    """
    strange = {job.job_id: contradiction(creation, job) for job in found}
    same = [job for job in found if not strange[job.job_id]]
    if same:
        return _plan.Decision(_plan.Wanted(same[0].job_id, None), "unchanged", same[0], _difference(creation, same[0]))
    if found:
        job = found[0]
        text = (
            f"job {job.job_id} ({job.status}) carries the mark of client_request_token {creation.token},"
            f" but is not the job of this task: {strange[job.job_id]}"
        )
        hint = (
            "Give each job a token of its own, or leave client_request_token out; if nobody did, find out who wrote"
            " that description. Nothing was created."
        )
        return _plan.Decision(
            _plan.Wanted(job.job_id, None), "failed", job, text, _errors.Failure("conflict", text, hint=hint)
        )
    return _plan.Decision(_plan.Wanted("", None), "update")


def contradiction(creation: Creation, job: _job.Job) -> str:
    """Return the first thing that the cloud says of a job and the task does not want; empty where there is none."""
    if not may_be(creation, job):
        return f"its operation is {job.operation} and not {creation.operation}"
    content = creation.content
    sent = creation.sent or content
    report = sent["Report"] if content["Report"]["Enabled"] else {"Enabled": False}
    seen_report = job.extra.get("Report") or {"Enabled": "false"}
    pairs = {
        f"Operation.{creation.operation}": (sent["Operation"][creation.operation], job.parameters),
        creation.source: (sent[creation.source], job.extra.get(creation.source)),
        "Report": (report, seen_report),
        "RoleArn": (sent["RoleArn"], job.extra.get("RoleArn")),
        "Description": (content.get("Description"), own_description(job)),
    }
    text = next(filter(None, (_comparison.contradiction(name, *pair) for name, pair in pairs.items())), "")
    if not text and _mark(job)[1] != creation.mark[1]:
        # What the cloud says more than the task does is no proof: clouds add defaults.
        return "its mark says that it was created with other options, such as one that this task leaves out"
    return text


def own_description(job: _job.Job) -> str:
    """Return the description of a job without the mark."""
    return _MARK.sub("", job.description).rstrip()


def _mark(job: _job.Job) -> tuple[str, str]:
    match = _MARK.search(job.description)
    return (match[1], match[2]) if match else ("", "")


def others(found: t.Sequence[_job.Job], decision: _plan.Decision) -> str:
    """Say which other jobs carry the mark of a job that is there; empty where none does."""
    ids = [job.job_id for job in found if job.job_id != decision.wanted.job_id]
    if not ids or decision.outcome != "unchanged":
        return ""
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return (
        f"The mark of job {decision.wanted.job_id} also stands in the description of {', '.join(ids[:_SHOWN])}{more}."
    )


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
    for option in ("operation", "manifest_generator", "manifest"):
        _check_xml(option, params[option])
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
        "Priority": _classes.parse_classes(params["classes"], facts).parse("priority", params["priority"]),
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
        if not facts.generator:
            raise _errors.InputError(f"manifest_generator: {facts.title} makes no manifests; give manifest.")
        return {facts.generator: params["manifest_generator"]}
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
    if report.get("bucket") == "" or (not bucket and (enabled or facts.full_report)):
        extra = "" if enabled else f": {facts.title} wants it even where no report shall be written"
        raise _errors.InputError(f"report.bucket is required{extra}.")
    if not enabled and not facts.full_report:
        return {"Enabled": False}
    values = {
        "Bucket": facts.rules["report_bucket"].check("report.bucket", bucket),
        "Enabled": enabled,
        "ReportScope": report["scope"],
    }
    named = {"Format": facts.report_format, "Prefix": facts.check_length("report.prefix", report.get("prefix") or "")}
    return {**values, **{name: value for name, value in named.items() if value}}


def _tags(tags: Params, facts: _provider.Facts) -> list[dict[str, str]]:
    if tags and not facts.has_tags:
        raise _errors.InputError(f"tags: jobs of {facts.title} have no tags.")
    if len(tags) > _TAGS["count"]:
        raise _input.refusal("tags", sorted(tags), f"must hold at most {_TAGS['count']} tags, and has {len(tags)}")
    for key, value in tags.items():
        if not isinstance(value, str):
            raise _input.refusal(f"tags.{key}", value, "must be text; put numbers and words such as yes in quotes")
        if not _input.writable(key + value):
            raise _input.refusal("tags", {key: value}, "must be text that XML can hold, without control characters")
        if not 1 <= len(key) <= _TAGS["key"] or len(value) > _TAGS["value"]:
            rule = f"must have 1 to {_TAGS['key']} characters, and its value at most {_TAGS['value']}"
            raise _input.refusal("tags", key, rule)
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def _check_xml(option: str, value: t.Any, depth: int = 0) -> None:
    """Refuse keys that are no names of nodes, and texts that no node can hold: the request is XML."""
    if depth > _DEEPEST:
        rule = f"must hold at most {_DEEPEST} levels inside one another"
        raise _errors.InputError(f"{option.partition('.')[0]}: the value is refused: it {rule}.")
    if isinstance(value, dict):
        for key, item in value.items():
            if not _NAME.fullmatch(str(key)):
                raise _input.refusal(option, key, "must be a name of the cloud's API")
            _check_xml(f"{option}.{key}", item, depth + 1)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            _check_xml(f"{option}[{number}]", item, depth + 1)
    elif not _input.writable(str(value)):
        raise _input.refusal(option, value, "must be text that XML can hold, without control characters")


def _digest(value: t.Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
