# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run batch_manifest_info: read a manifest, check its rows and a sample of its objects, and estimate the job.

Private to this collection.
"""

from __future__ import annotations

import functools
import typing as t

from .._clouds import stores
from .._core import display, errors, job_values, object_stores, providers
from .._manifest import external_sort, manifest_files
from .._requests import downloads, sessions
from . import fee_estimates, info_options, object_checks, operation_needs, row_findings

_NAMED: t.Final = 5
"""Findings that a message names."""
_BUCKETS: t.Final = 100
"""Buckets of a result."""


def prepare(params: t.Mapping[str, t.Any], traits: providers.Traits) -> info_options.InfoTask:
    """Return the task that the options describe.

    :raises OptionError: an option breaks its rule.
    """
    return info_options.parse_task(params, traits)


def execute(
    session: sessions.Session, task: info_options.InfoTask, check_mode: bool, queue_id: job_values.QueueId
) -> job_values.Values:
    """Return what a manifest contains, and what is wrong with it; makes no changes."""
    reader = downloads.Reader(stores.STORES[queue_id.provider](session.provider), session.sender)
    found = _find(session, reader, task)
    manifest = manifest_files.open_manifest(reader, task.bucket, task.key, found, task.form, task.fields)
    examples = row_findings.Examples()
    traits = reader.store.traits
    encoded = manifest.generated or traits.manifests.encodes
    fields = manifest.fields
    checker = row_findings.RowChecker(
        fields, traits.rules["bucket"], task.expected, None if manifest.generated else encoded, examples
    )
    sorter, sample = external_sort.ExternalSorter(), object_checks.Sample(task.objects)
    for row in manifest_files.rows(reader, manifest):
        item = checker.check(row)
        if item is not None:
            line = checker.line(item)
            sorter.add(line)
            # A row can name any bucket. Requests go only to those that the task expects.
            if checker.is_expected(item):
                sample.add(item, line)
    examples.count("duplicate", checker.rows - sum(1 for _line in sorter.lines()))
    if not checker.rows:
        examples.add("empty_manifest", downloads.named(task.bucket, task.key))
    objects = sample.objects()
    checked = object_checks.check(session, reader, objects, task.operation, encoded, examples) if objects else None
    return _render(task, found, checker, examples.found(), checked)


def _find(session: sessions.Session, reader: downloads.Reader, task: info_options.InfoTask) -> object_stores.Found:
    """Return the manifest object, if it is the one that the task names.

    :raises BatchError: it does not exist (kind not_found), or is another one (kind conflict).
    """
    name = downloads.named(task.bucket, task.key)
    traits = reader.store.traits
    try:
        request = functools.partial(reader.store.head, task.bucket, task.key, "")
        found = session.sender.send("HeadObject", request)
    except errors.BatchError as error:
        if error.failure.kind == "not_found" and error.failure.code != "NoSuchBucket":
            text = f"the manifest does not exist: {name}"
            failure = traits.failure("not_found", text, operation="HeadObject", hint="Check manifest.object_arn.")
            raise errors.BatchError(failure) from error
        raise downloads.about(task.bucket, task.key, error) from error
    if not found.etag:
        text = f"{name}: the response has no ETag"
        raise errors.BatchError(traits.failure("invalid_response", text, operation="HeadObject"))
    other = task.etag and task.etag.lower() != found.etag.lower()
    if other or (task.version and task.version != (found.version or "null")):
        text = f"{name} is not the manifest of the task: its ETag is {found.etag}"
        text += f", expected {task.etag}" if other else f", and its version is {found.version or 'null'}"
        hint = "Another user or process changed it. Check the manifest, then correct manifest.etag."
        raise errors.BatchError(traits.failure("conflict", text, operation="HeadObject", hint=hint))
    return found


def _render(
    task: info_options.InfoTask,
    found: object_stores.Found,
    checker: row_findings.RowChecker,
    findings: list[job_values.Values],
    checked: t.Optional[job_values.Values],
) -> job_values.Values:
    manifest = {name: value for name, value in task.given.items() if value is not None}
    manifest["etag"] = found.etag
    if task.form == "csv":
        manifest["fields"] = list(task.fields)
    requests = operation_needs.requests_of(task.operation, checker.rows)
    estimate = fee_estimates.estimate(checker.rows, requests, task.prices)
    largest = checker.buckets.most_common(_BUCKETS)
    bad = [item["finding"] for item in findings if item["finding"] in task.fail_on]
    result: job_values.Values = {
        "changed": False,
        "jobs": [],
        "rows": checker.rows,
        "buckets": [{"bucket": display.escape(name), "count": count} for name, count in largest],
        "versions": checker.versions,
        "findings": findings,
        "etag": found.etag,
        "manifest": manifest,
        "estimate": estimate,
        "requirements": operation_needs.requirements(task.operation, checker.versions, checker.rows),
        "checked": checked,
        "msg": _message(task, checker, findings, checked, estimate),
    }
    if bad:
        text = f"the manifest {display.escape(task.key)} has findings of fail_on: {_list(findings, bad)}"
        hint = "Correct the manifest: the findings contain the first rows. No changes were made."
        failure = errors.Failure("invalid", text, hint=hint)
        result.update(failed=True, error=failure.as_result(), msg=failure.sentence())
    return result


def _list(findings: t.Sequence[job_values.Values], names: t.Container[str]) -> str:
    texts = [f"{item['finding']} ({item['count']})" for item in findings if item["finding"] in names]
    return display.and_more(texts, _NAMED)


def _message(
    task: info_options.InfoTask,
    checker: row_findings.RowChecker,
    findings: t.Sequence[job_values.Values],
    checked: t.Optional[job_values.Values],
    estimate: job_values.Values,
) -> str:
    buckets = display.count(len(checker.buckets), "bucket")
    text = f"Manifest {display.escape(task.key)}: {display.count(checker.rows, 'object')} in {buckets}."
    text += f" Findings: {_list(findings, row_findings.FINDINGS)}." if findings else " No findings."
    if checked:
        done = checked["objects"] - checked["unchecked"]
        text += f" {display.count(done, 'object')} checked"
        text += f", and {checked['unchecked']} not ({checked['unchecked_reason']})." if checked["unchecked"] else "."
    if estimate["fee"] is not None:
        return f"{text} Estimated fee: {estimate['fee_text']} ({estimate['price_table']})."
    return f"{text} No fee is estimated, because neither price_table nor prices is set."
