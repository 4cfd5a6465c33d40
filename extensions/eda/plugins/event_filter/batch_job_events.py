# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turn messages of AWS about batch jobs into the events of the source batch_jobs: a filter of ansible-rulebook."""

from __future__ import annotations

import importlib
import re
import sys
import types
import typing as t
from pathlib import Path

DOCUMENTATION = r"""
---
short_description: Turn messages of AWS about batch jobs into the events of the source batch_jobs
description:
  - Reads messages of EventBridge about status changes of jobs of S3 Batch Operations, as the source
    C(amazon.aws.aws_sqs_queue) delivers them.
  - Returns C(status_changed), and also C(ended) or C(awaiting_confirmation) if the status requires it. The keys are
    those of the event source C(objectstore.batch.batch_jobs).
  - Values that AWS does not send are null, for example the priority, the result, and the previous status.
  - All other events pass unchanged.
options:
  name:
    description: Name of the account in the name of the queue, which is aws-NAME-REGION as in the inventory. If not set,
      the name is the account ID.
    type: str
"""

EXAMPLES = r"""
- name: React to jobs that end
  hosts: all
  sources:
    - name: messages
      amazon.aws.aws_sqs_queue:
        region: eu-central-1
        name: batch-job-events
      filters:
        - objectstore.batch.batch_job_events:
  rules:
    - name: A job ended
      condition: event.type == "ended"
      action:
        debug:
          msg: "{{ event.job.job_id }}: {{ event.job.status }}"
"""

_PACKAGE: t.Final = "objectstore_batch_module_utils"
"""The name under which the code of the collection is imported here."""
_COLLECTION: t.Final = 4
"""From this file up to the directory of the collection."""
_JOB: t.Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_ACCOUNT: t.Final = re.compile(r"[0-9]{12}")
_REGION: t.Final = re.compile(r"[a-z0-9-]{1,64}")


def _module(name: str) -> t.Any:
    """Return a module of the collection. ansible-rulebook runs this file alone, without an importer of collections."""
    if _PACKAGE not in sys.modules:
        package = types.ModuleType(_PACKAGE)
        package.__path__ = [str(Path(__file__).absolute().parents[_COLLECTION] / "plugins" / "module_utils")]
        sys.modules[_PACKAGE] = package
    return importlib.import_module(f"{_PACKAGE}.{name}")


def _texts(value: t.Any) -> list[str]:
    return [item for item in value if isinstance(item, str)][:10] if isinstance(value, list) else []


def _matches(rule: re.Pattern[str], value: t.Any) -> bool:
    return isinstance(value, str) and rule.fullmatch(value) is not None


def _details(event: t.Any) -> dict[str, t.Any] | None:
    """Return what a message says about a job; None for every other event."""
    body = event.get("body") if isinstance(event, dict) else None
    detail = body.get("detail") if isinstance(body, dict) else None
    details = detail.get("serviceEventDetails") if isinstance(detail, dict) else None
    if not isinstance(body, dict) or not isinstance(detail, dict) or not isinstance(details, dict):
        return None
    if (body.get("source"), detail.get("eventName")) != ("aws.s3", "JobStatusChanged"):
        return None
    account, region = body.get("account"), body.get("region")
    valid = _matches(_JOB, details.get("jobId")) and _matches(_ACCOUNT, account) and _matches(_REGION, region)
    if not valid or not isinstance(details.get("status"), str):
        return None
    return {**details, "account": account, "region": region}


def main(event: dict[str, t.Any], name: str = "") -> dict[str, t.Any] | list[dict[str, t.Any]]:
    """Return the events of a message, or the event itself.

    :param event: any event.
    :param name: the name of the account in the name of the queue.
    """
    details = _details(event)
    values, statuses = _module("_events.event_values"), _module("_core.statuses")
    if details is None or details["status"] not in statuses.STATUSES:
        return event
    status, job_id = details["status"], details["jobId"]
    queue = f"aws-{name or details['account']}-{details['region']}"
    state = {"before": None, "after": {"status": status, "priority": None, "rank": None}}
    more: dict[str, dict[str, t.Any]] = {"status_changed": state}
    if status == "Suspended":
        more["awaiting_confirmation"] = {"age_seconds": 0, "days_left": None}
    if status in statuses.ENDED:
        more["ended"] = {**state, "result": None, "report": None}
    job = {
        **dict.fromkeys(("priority", "rank", "description", "operation", "created")),
        "job_id": job_id,
        "status": status,
        "progress": dict.fromkeys(("total", "succeeded", "failed")),
    }
    codes, texts = _texts(details.get("failureCodes")), _texts(details.get("statusChangeReason"))
    reasons = {"failure_codes": codes, "reasons": texts}
    place = {"name": queue, "provider": "aws", "region": details["region"], "account_id": details["account"]}
    about = f"{job_id} {details.get('jobEventId')}"
    meta = event["meta"] if isinstance(event.get("meta"), dict) else {}
    return [
        {
            **values.plain({"type": kind, "queue": place, "job": job, **own, **reasons}),
            "meta": {**meta, "uuid": values.event_id(queue, about, None, number)},
        }
        for number, (kind, own) in enumerate(more.items())
    ]
