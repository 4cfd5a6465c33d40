# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the definition of a job, in the words of the API, from the options of a task. Private to this collection."""

from __future__ import annotations

import typing as t

from .._core import errors, job_tags, priority_classes, providers, validation
from . import marker, operation_parameters, recognition

Params = t.Mapping[str, t.Any]

MANIFEST_SPEC: t.Final[dict[str, t.Any]] = {
    "object_arn": {"type": "str", "required": True},
    "etag": {"type": "str"},
    "version_id": {"type": "str"},
    "format": {"type": "str", "choices": ["csv", "inventory"], "default": "csv"},
    "fields": {"type": "list", "elements": "str", "choices": ["Ignore", "Bucket", "Key", "VersionId"]},
}
REPORT_SPEC: t.Final[dict[str, t.Any]] = {
    "enabled": {"type": "bool"},
    "bucket": {"type": "str"},
    "prefix": {"type": "str"},
    "scope": {"type": "str", "choices": ["AllTasks", "FailedTasksOnly"], "default": "AllTasks"},
    "expected_bucket_owner": {"type": "str"},
}
"""Suboptions, as AnsibleModule takes them."""


def prepare(params: Params, traits: providers.Traits) -> recognition.Creation:
    """Check the options, and return the creation that they describe.

    :raises OptionError: an option breaks its rule.
    :raises BatchError: the provider does not support an option (kind unsupported).
    """
    operation = params["operation"]
    if len(operation) != 1 or not isinstance(next(iter(operation.values())), (dict, type(None))):
        raise validation.invalid_value(
            "operation", operation, "must have exactly one key, the operation name, with a dictionary of its parameters"
        )
    name, parameters = next(iter(operation.items()))
    operation_parameters.read("manifest", params["manifest"], {})
    read = {name: operation_parameters.read_operation(name, parameters, traits.jobs.parameters)}
    source = _source(params, traits)
    content: dict[str, t.Any] = {
        **source,
        "Operation": read,
        "Report": _report(params["report"] or {}, traits),
        "RoleArn": traits.rules["role_arn"].check("role_arn", params["role_arn"]),
    }
    description = traits.check_length("description", params["description"] or "", marker.LENGTH)
    if description:
        content["Description"] = description
    start = {
        "Priority": priority_classes.parse_classes(params["classes"], traits).parse("priority", params["priority"]),
        "ConfirmationRequired": params["confirmation_required"],
    }
    tags = job_tags.as_list(job_tags.check(params["tags"] or {}, traits))
    token = params["client_request_token"]
    if token is not None:
        traits.rules["client_request_token"].check("client_request_token", token)
    written = {name: params["manifest_generator"] for name in source if name != "Manifest"}
    given = {**content, "Operation": {name: parameters or {}}, **written}
    manifest = params["manifest"]
    return recognition.Creation(
        content,
        {**start, "Tags": tags} if tags else start,
        token or "",
        given,
        looked_up=manifest is not None and manifest["etag"] is None,
    )


def _source(params: Params, traits: providers.Traits) -> dict[str, t.Any]:
    """Return Manifest, or the provider's name of a generated manifest."""
    if params["manifest_generator"] is None:
        return _manifest(params, traits)
    if not traits.manifests.generator:
        raise errors.OptionError(f"manifest_generator is not supported for {traits.title}. Set manifest instead.")
    return {
        traits.manifests.generator: operation_parameters.read(
            "manifest_generator", params["manifest_generator"], traits.jobs.parameters
        )
    }


def _manifest(params: Params, traits: providers.Traits) -> dict[str, t.Any]:
    manifest = params["manifest"]
    location = {
        "ObjectArn": traits.rules["object_arn"].check("manifest.object_arn", manifest["object_arn"]),
        "ETag": recognition.UNKNOWN_ETAG if manifest["etag"] is None else manifest["etag"],
    }
    if not location["ETag"].strip('" '):
        rule = "must be the ETag of the manifest object"
        advice = "Remove the option to look up the ETag."
        raise validation.invalid_value("manifest.etag", manifest["etag"], rule, advice)
    if manifest["version_id"]:
        location["ObjectVersionId"] = manifest["version_id"]
    spec: dict[str, t.Any] = {"Format": traits.manifests.formats[manifest["format"]]}
    fields = manifest["fields"] or (["Bucket", "Key"] if manifest["format"] == "csv" else [])
    if fields and manifest["format"] != "csv":
        raise errors.OptionError(
            "manifest.fields is not supported for manifest.format=inventory, because an inventory lists its own fields."
            " Remove manifest.fields."
        )
    if fields:
        spec["Fields"] = fields
    return {"Manifest": {"Spec": spec, "Location": location}}


def _report(report: Params, traits: providers.Traits) -> dict[str, t.Any]:
    """Return Report; without a report, AWS takes Enabled alone, but COS requires all other values, too."""
    owner = _owner(report.get("expected_bucket_owner"), traits)
    bucket = report.get("bucket") or ""
    enabled = bool(bucket) if report.get("enabled") is None else report["enabled"]
    if report.get("bucket") == "" or (not bucket and (enabled or traits.reports.always_described)):
        described = not enabled and traits.reports.always_described
        extra = f" for {traits.title}, even if report.enabled is false" if described else ""
        raise errors.OptionError(f"report.bucket is required{extra}. Set it to the bucket of the completion report.")
    if not enabled and not traits.reports.always_described:
        return {"Enabled": False}
    values = {
        "Bucket": traits.rules["report_bucket"].check("report.bucket", bucket),
        "Enabled": enabled,
        "ReportScope": report["scope"],
    }
    named = {
        "Format": traits.reports.format,
        "Prefix": traits.check_length("report.prefix", report.get("prefix") or ""),
        "ExpectedBucketOwner": owner,
    }
    return {**values, **{name: value for name, value in named.items() if value}}


def _owner(owner: t.Optional[str], traits: providers.Traits) -> str:
    """Return the account ID of the expected owner of the report bucket; empty for none."""
    option = "report.expected_bucket_owner"
    if owner is None:
        return ""
    if option not in traits.rules:
        text = f"{option} is not supported for {traits.title}"
        raise errors.BatchError(traits.failure("unsupported", text, hint="Remove the option. No job was created."))
    return traits.rules[option].check(option, owner)
