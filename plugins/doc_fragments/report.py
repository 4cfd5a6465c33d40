# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Which completion report a task reads.
    DOCUMENTATION = r"""
options:
  job_id:
    description:
      - ID of the job that wrote the report, or its ARN on AWS. The module reads the location of the report from the
        job, which costs one request.
      - Required unless O(location.manifest) is set.
    type: str
  location:
    description:
      - Location of the report, for a job that the provider no longer retains.
      - The module does not read the job then. It cannot compare the number of rows with the task counts of the job.
    type: dict
    suboptions:
      bucket:
        description: Bucket of the report, by its name or by the resource name that the job uses.
        type: str
        required: true
      prefix:
        description:
          - Prefix of the report, exactly as the job was created with it, including a trailing slash. Omit it if the job
            has no prefix.
          - On COS and OSS, the module searches for the report below this prefix, in at most 100,000 keys. It fails with
            RV(error.kind=unsupported) if there are more.
        type: str
      scope:
        description: Scope of the report, which is all tasks or only the failed tasks.
        type: str
        choices: [AllTasks, FailedTasksOnly]
      manifest:
        description: Object key of the C(manifest.json) file of the report, if you know it.
        type: str
  columns:
    description:
      - Names of the report columns, in order. Known names are V(Bucket), V(Key), V(VersionId), V(TaskStatus),
        V(ErrorCode), V(HTTPStatusCode), and V(ResultMessage). Use any other name for a column to ignore.
      - If not set, the module uses the columns that the report declares, or the columns of AWS reports. It validates
        them against the first row.
      - Only COS and OSS can require this option, because they do not document the columns of their reports.
    type: list
    elements: raw
  wait_for_report:
    description:
      - Maximum time to wait for the end of the job and for its report. Set a number of seconds, at most V(86400), or a
        duration, for example V(1h).
      - With V(0), the module does not wait.
    type: raw
    default: 0
"""
