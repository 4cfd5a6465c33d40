# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Send an event for each change in queues of object storage batch jobs: an event source of ansible-rulebook."""

from __future__ import annotations

import asyncio
import importlib
import sys
import types
import typing as t
from pathlib import Path

DOCUMENTATION = r"""
---
short_description: Send an event for each change in queues of batch jobs
description:
  - Polls the queues of batch jobs of AWS S3 Batch Operations, Tencent COS, and Alibaba Cloud OSS. Sends an event for
    each change.
  - The source compares each complete list of jobs with the previous one by job ID. It does not compare clocks.
  - Each event is sent once. A state file keeps this promise after a restart. After a crash, an event can be repeated
    with the same C(meta.uuid).
  - The first reading of a queue sends no events, unless O(initial=all).
  - Temporary errors do not end the source. It sends C(queue_unreachable) once for each outage, and then
    C(queue_reachable).
  - Invalid arguments and rejected credentials end the source, and so the rulebook, with one message.
  - A job that is created and ends between two readings is reported. A status that a job only had between two readings
    is not.
  - Texts of other users, such as descriptions, are escaped and truncated. A space follows a brace that begins a
    template.
options:
  accounts:
    description:
      - Accounts and regions to poll, with the same suboptions as C(accounts) of the inventory plugin
        C(objectstore.batch.queues).
      - Keys are not arguments. Set C(access_key_variable) and C(secret_key_variable) to the names of environment
        variables, or set a profile.
    type: list
    elements: dict
    required: true
  delay:
    description: Seconds between two readings of a queue, from V(1) to V(86400), or a duration, for example V(5m). The
      source varies it by up to 10 percent.
    type: raw
    default: 60
  max_delay:
    description: Maximum time between two readings. The delay doubles up to this time while a queue cannot be read.
    type: raw
    default: 15m
  initial:
    description: Events of the first reading of a queue, which are V(none), or C(job_created) and the conditions of
      V(all) live jobs.
    type: str
    choices: [none, all]
    default: none
  events:
    description: Types of events to send. If not set, the source sends all types.
    type: list
    elements: str
    choices:
      - job_created
      - status_changed
      - priority_changed
      - awaiting_confirmation
      - stalled
      - starved
      - failed_tasks
      - ended
      - vanished
      - order_drift
      - queue_unreachable
      - queue_reachable
  state_file:
    description:
      - Path of a file that keeps the last reading of each queue. After a restart, the source then sends the changes
        that occurred in the meantime.
      - A damaged file is renamed to the same path with C(.damaged), and all queues start anew.
      - In containers, the path must be on a volume that survives the container.
    type: path
  confirmation_ages:
    description: Ages at which a job that awaits its confirmation is reported, in ascending order.
    type: list
    elements: raw
    default: [0s, 7d, 14d, 21d, 28d]
  stalled_after:
    description: Time without a finished task after which an Active job is C(stalled).
    type: raw
    default: 1h
  starved_after:
    description: Time in one waiting status, with other jobs ahead, after which a job is C(starved). It is measured from
      the first reading in this status.
    type: raw
    default: 2h
  max_failed_ratio:
    description: Share of failed tasks among the finished tasks, from V(0.0) to V(1.0). A job with a larger share is
      reported as C(failed_tasks).
    type: float
    default: 0.05
  min_failed_tasks:
    description: Minimum number of failed tasks for C(failed_tasks).
    type: int
    default: 10
  declarations:
    description:
      - Declared state of queues, by the name of the queue, which is PROVIDER-ACCOUNT-REGION as in the inventory.
      - Each value has the options C(order) or C(rules), C(protect), C(direction), C(min_priority), C(max_priority),
        C(out_of_bounds), C(min_delta), C(spacing), and C(classes) of the module C(objectstore.batch.batch_queue).
        Selectors must not have tags.
      - The source sends C(order_drift) once for each plan that would restore the declared state.
    type: dict
  request_timeout:
    description: Maximum time to wait for a response, in seconds or as a duration.
    type: raw
    default: 10
  max_attempts:
    description: Maximum number of attempts for one request.
    type: int
    default: 3
  timeout:
    description: Maximum time for one reading of a queue, including all attempts and pages.
    type: raw
    default: 30
  retries:
    description: Maximum number of retries of all queues together in each O(delay).
    type: int
    default: 20
  concurrency:
    description: Maximum number of queues to read at the same time.
    type: int
    default: 16
"""

EXAMPLES = r"""
- name: Raise restores that wait for a long time
  hosts: all
  sources:
    - name: queues
      objectstore.batch.batch_jobs:
        accounts:
          - provider: aws
            account_id: "111122223333"
            regions: [eu-central-1, us-east-1]
          - provider: oss
            account_id: "1000000000000001"
            regions: [cn-hangzhou]
            access_key_variable: OSS_KEY_ID
            secret_key_variable: OSS_KEY_SECRET
        delay: 2m
        state_file: /var/lib/rulebook/batch_jobs.json
        starved_after: 1h
  rules:
    - name: A restore is starved
      condition: event.type == "starved" and event.job.operation is search("Restore")
      action:
        run_playbook:
          name: objectstore.batch.raise_priority
"""

_PACKAGE: t.Final = "objectstore_batch_module_utils"
"""The name under which the code of the collection is imported here."""
_COLLECTION: t.Final = 4
"""From this file up to the directory of the collection."""


def _event_stream() -> t.Any:
    """Return the module of the collection that polls queues.

    ansible-rulebook runs this file alone, without a package and without the importer of collections. The imports of
    module_utils are relative, so they work under any name of the package.
    """
    if _PACKAGE not in sys.modules:
        package = types.ModuleType(_PACKAGE)
        package.__path__ = [str(Path(__file__).absolute().parents[_COLLECTION] / "plugins" / "module_utils")]
        sys.modules[_PACKAGE] = package
    return importlib.import_module(f"{_PACKAGE}._events.event_stream")


async def main(queue: asyncio.Queue[dict[str, t.Any]], args: dict[str, t.Any]) -> None:
    """Poll the queues until ansible-rulebook cancels the task.

    :param queue: receives the events.
    :param args: the arguments of the source.
    :raises SourceError: an argument is not valid, or credentials are rejected.
    """

    async def put(event: dict[str, t.Any]) -> None:
        await queue.put(event)
        await asyncio.sleep(0)

    await _event_stream().stream(args, put)


if __name__ == "__main__":

    class PrintingQueue(asyncio.Queue[dict[str, t.Any]]):
        """Print each event, to try the source without ansible-rulebook."""

        async def put(self, item: dict[str, t.Any]) -> None:
            """Print an event."""
            sys.stdout.write(f"{item}\n")

    asyncio.run(main(PrintingQueue(), {"accounts": [{"provider": "aws", "regions": ["eu-central-1"]}]}))
