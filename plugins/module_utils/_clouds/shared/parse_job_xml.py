# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parse the XML of the S3 batch API, with which every provider responds, into jobs.

The providers cloned one API: DescribeJob and ListJobs differ in namespaces and in nodes that only some providers have.
So nodes are found by local name, missing ones are None, and unknown ones are kept in Job.extra. botocore's own parser
drops everything that its model does not know, including new operations. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing as t
from xml.etree import ElementTree

from ..._core import batch_jobs, display, times
from . import resource_names, xml_bounds

_DEEPEST: t.Final = 50
_AROUND: t.Final = 5
"""Nested nodes. No operation of a provider has ten levels, and around it are no more than these."""
_LONGEST_ID: t.Final = 256
"""Characters; the longest IDs of jobs have 64."""
_LONGEST_WORD: t.Final = 200
"""Characters of the code or the request ID of an error that are kept."""


class Items(list[t.Any]):
    """Nodes that all have one name: a list, whose item name a request must know."""

    name = "member"


class ResponseError(ValueError):
    """A body is not the XML of a response to the operation."""


def parse_root(body: bytes, root: str) -> ElementTree.Element:
    """Return the root element of a response, all names without namespaces.

    :raises ResponseError: not XML, another root, or content that no provider sends (xml_bounds).
    """
    element = _parse(body)
    if element.tag != root:
        raise ResponseError(f"the response is <{element.tag[:40]}>, expected <{root}>")
    return element


def parse_tags(body: bytes) -> dict[str, str]:
    """Return the tags in a response to GetJobTagging.

    :raises ResponseError: another response, or a tag without a key or with the key of another tag.
    """
    root = parse_root(body, "GetJobTaggingResult")
    tags: dict[str, str] = {}
    for item in root.findall("Tags/*"):
        key = item.findtext("Key") or ""
        if not key or key in tags:
            raise ResponseError(f"the tag key {key[:40]!r} is empty or repeated")
        tags[key] = item.findtext("Value") or ""
    return tags


def parse_error(body: bytes) -> t.Optional[dict[str, str]]:
    """Return the parts of an error body, or None if it is not one; detail is the more precise code of OSS (EC).

    AWS wraps <Error> in <ErrorResponse>, but some S3 Control calls respond with a bare <Error>. Long texts are cut:
    a gateway can put a page of its own into a message.
    """
    try:
        root = _parse(body, long_texts=True)
    except ResponseError:
        return None
    error = root if root.tag == "Error" else root.find("Error")
    if error is None:
        return None
    words = {
        "code": _text(error, "Code"),
        "request_id": _text(error, "RequestId") or _text(root, "RequestId"),
        "detail": _text(error, "EC"),
        "server_time": _text(error, "ServerTime"),
    }
    return {
        **{name: word[:_LONGEST_WORD] for name, word in words.items()},
        "message": display.truncate(_text(error, "Message")),
    }


def parse_described(body: bytes) -> batch_jobs.Job:
    """Return the job in a DescribeJob response."""
    job = parse_root(body, "DescribeJobResult").find("Job")
    if job is None:
        raise ResponseError("the response does not contain a <Job>")
    return parse_job(job)


def parse_page(body: bytes) -> tuple[list[batch_jobs.Job], str]:
    """Return the jobs and the next token (empty on the last page) of a ListJobs response."""
    root = parse_root(body, "ListJobsResult")
    jobs = root.find("Jobs")
    members = [] if jobs is None else list(jobs)
    return [parse_job(member) for member in members if len(member)], _text(root, "NextToken")


def parse_updated_priority(body: bytes) -> tuple[str, t.Optional[int]]:
    """Return job ID and priority of an UpdateJobPriority response, the priority None if it is missing."""
    root = parse_root(body, "UpdateJobPriorityResult")
    return _text(root, "JobId"), _integer(root.find("Priority"))


def parse_created(body: bytes) -> str:
    """Return the job ID of a CreateJob response, empty if it is missing."""
    return _text(parse_root(body, "CreateJobResult"), "JobId")


def parse_request(body: bytes) -> dict[str, t.Any]:
    """Return a CreateJob request in the form in which parse_described keeps the properties of a job."""
    nodes = {child.tag: child for child in _parse(body, long_texts=True)}
    operation = nodes.pop("Operation", ())
    # The one child of Operation is never a list item, even if its name is member.
    parameters = {child.tag: _plain(child) for child in operation}
    return {**{name: _plain(node) for name, node in nodes.items()}, "Operation": parameters}


def parse_updated_status(body: bytes) -> tuple[str, str]:
    """Return job ID and status of an UpdateJobStatus response, the status empty if it is missing."""
    root = parse_root(body, "UpdateJobStatusResult")
    return _text(root, "JobId"), _text(root, "Status")


def parse_job(element: ElementTree.Element) -> batch_jobs.Job:
    """Return a job from a <Job> or a list member; unknown children go to extra."""
    nodes: dict[str, ElementTree.Element] = {child.tag: child for child in element}
    job_id = _take_text(nodes, "JobId")
    if not job_id:
        raise ResponseError("a job in the response has no <JobId>")
    if len(job_id) > _LONGEST_ID:
        raise ResponseError(f"the <JobId> of a job in the response has more than {_LONGEST_ID} characters")
    operation = nodes.pop("Operation", None)
    moments = {name: _take_time(nodes, name) for name in ("CreationTime", "TerminationDate", "SuspendedDate")}
    confirmation = _take_text(nodes, "ConfirmationRequired").lower()
    summary = nodes.pop("ProgressSummary", None)
    job = batch_jobs.Job(
        job_id=job_id,
        status=_take_text(nodes, "Status"),
        priority=_integer(nodes.pop("Priority", None)),
        description=_take_text(nodes, "Description", strip=False),
        operation=_operation(operation),
        parameters=_plain(operation[0]) if operation is not None and len(operation) else None,
        created=moments["CreationTime"],
        ended=moments["TerminationDate"],
        suspended=moments["SuspendedDate"],
        suspended_cause=_take_text(nodes, "SuspendedCause"),
        status_reason=_take_text(nodes, "StatusUpdateReason", strip=False),
        confirmation_required=confirmation == "true" if confirmation else None,
        progress=_progress(summary),
        active_seconds=None if summary is None else _integer(summary.find("Timers/ElapsedTimeInActiveSeconds")),
        failure_reasons=_failure_reasons(nodes.pop("FailureReasons", None)),
        extra={name: _plain(node) for name, node in nodes.items()},
    )
    return dataclasses.replace(
        job,
        report=_report(job.extra.get("Report")),
        manifest=_manifest(job.extra.get("Manifest")),
        role=str(job.extra.get("RoleArn") or ""),
    )


def _report(found: t.Any) -> t.Optional[batch_jobs.Report]:
    if not isinstance(found, t.Mapping):
        return None
    enabled = str(found.get("Enabled", "")).strip().lower() == "true"
    names = ("Bucket", "Prefix", "ReportScope", "Format", "ExpectedBucketOwner")
    bucket, prefix, scope, form, owner = (str(found.get(name) or "") for name in names)
    return batch_jobs.Report(enabled, bucket.strip(), prefix, scope.strip(), form.strip(), owner.strip())


def _manifest(found: t.Any) -> t.Optional[batch_jobs.Manifest]:
    location, spec = (found.get("Location"), found.get("Spec")) if isinstance(found, t.Mapping) else (None, None)
    if not isinstance(location, t.Mapping) or not isinstance(spec, t.Mapping):
        return None
    fields = spec.get("Fields") or ()
    names = fields.split(",") if isinstance(fields, str) else fields if isinstance(fields, list) else []
    if location.get("Bucket"):
        bucket, key = str(location["Bucket"]), str(location.get("Object") or "")
    else:
        bucket, key = resource_names.split_object(str(location.get("ObjectArn") or ""))
    etag = str(location.get("ETag") or "").strip('" ')
    found_names = tuple(str(name).strip() for name in names)
    return batch_jobs.Manifest(bucket, key, etag, found_names) if bucket and key else None


def _parse(body: bytes, long_texts: bool = False) -> ElementTree.Element:
    fault = xml_bounds.find_fault(body, long_texts)
    if fault:
        raise ResponseError(fault)
    try:
        # The encoding is set here, so that a declaration in the body has no effect.
        root = ElementTree.fromstring(body, ElementTree.XMLParser(encoding="utf-8"))
    except ElementTree.ParseError as error:
        raise ResponseError(
            f"the response is not valid XML ({error})" if body.strip() else "the response is empty"
        ) from error
    level = [root]
    for _depth in range(_DEEPEST + _AROUND):
        for element in level:
            element.tag = element.tag.rpartition("}")[2]
        level = [child for element in level for child in element]
        if not level:
            return root
    raise ResponseError(f"a node in the response has more than {_DEEPEST} nested nodes")


def _text(element: ElementTree.Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _take_text(nodes: dict[str, ElementTree.Element], name: str, strip: bool = True) -> str:
    node = nodes.pop(name, None)
    text = "" if node is None else node.text or ""
    return text.strip() if strip else text


def _integer(node: t.Optional[ElementTree.Element]) -> t.Optional[int]:
    text = "" if node is None else (node.text or "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) else None


def _take_time(nodes: dict[str, ElementTree.Element], name: str) -> t.Optional[datetime.datetime]:
    """Return a time, ISO or in Unix seconds, and remove its node; a text that is not a time stays for extra."""
    node = nodes.get(name)
    if node is None:
        return None
    text = (node.text or "").strip()
    parsed = times.from_seconds(int(text)) if re.fullmatch("[0-9]{1,12}", text) else times.parse_time(text)
    if parsed is not None or not text:
        del nodes[name]
    return parsed


def _operation(node: t.Optional[ElementTree.Element]) -> str:
    """Return the name of the operation: lists have it as text, descriptions as the name of the child."""
    if node is None:
        return ""
    return node[0].tag if len(node) else (node.text or "").strip()


def _progress(node: t.Optional[ElementTree.Element]) -> batch_jobs.Progress:
    if node is None:
        return batch_jobs.Progress()
    total, succeeded, failed = (
        _integer(node.find(name)) for name in ("TotalNumberOfTasks", "NumberOfTasksSucceeded", "NumberOfTasksFailed")
    )
    return batch_jobs.Progress(total, succeeded, failed)


def _failure_reasons(node: t.Optional[ElementTree.Element]) -> tuple[dict[str, str], ...]:
    """Return the reasons that are not empty; healthy jobs have empty ones."""
    if node is None:
        return ()
    reasons = ({"code": _text(item, "FailureCode"), "reason": _text(item, "FailureReason")} for item in node)
    return tuple(reason for reason in reasons if any(reason.values()))


def _plain(node: ElementTree.Element) -> t.Any:
    """Return a node as text, as a dict of its children, or as a list if all of them have one name or are members.

    Among several names, the repeated ones become lists. AWS writes a map as entries of key and value.
    """
    if not len(node):
        return node.text or ""
    names = [child.tag for child in node]
    if set(names) == {"entry"} and all(child.find("key") is not None for child in node):
        return {child.findtext("key") or "": child.findtext("value") or "" for child in node}
    if set(names) == {"member"} or (len(set(names)) == 1 and len(names) > 1):
        items = Items(_plain(child) for child in node)
        items.name = names[0]
        return items
    plain: dict[str, t.Any] = {}
    for name in dict.fromkeys(names):
        values = [_plain(child) for child in node if child.tag == name]
        plain[name] = values if len(values) > 1 else values[0]
    return plain
