# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Which completion report a task is about.
    DOCUMENTATION = r"""
options:
  job_id:
    description:
      - The job whose report it is, by its id, or on AWS by its ARN. Where the report is comes from the job, which costs
        a request.
      - Required unless O(location.manifest) is given.
    type: str
  location:
    description:
      - Where the report is, for a job that the cloud no longer knows. The cloud is not asked for the job then, so the
        number of rows cannot be compared with the job's counts.
    type: dict
    suboptions:
      bucket:
        description: The bucket, by its name or as the job names it.
        type: str
        required: true
      prefix:
        description:
          - The prefix that the job was created with, as it was, a slash at its end included. Leave it out if the job
            had none.
          - On COS and OSS the module searches for the report below this prefix, in at most 100,000 keys. It fails
            with RV(error.kind=unsupported) if there are more.
        type: str
      scope:
        description: Which tasks the report names.
        type: str
        choices: [AllTasks, FailedTasksOnly]
      manifest:
        description: The key of the report's C(manifest.json), where that is known.
        type: str
  columns:
    description:
      - Names of the report's columns, in order, such as V(Bucket), V(Key), V(VersionId), V(TaskStatus), V(ErrorCode),
        V(HTTPStatusCode) and V(ResultMessage); any other name for a column that does not matter.
      - If not set, they are those that the report declares, or those of AWS. What stands in the first row is compared
        with them. Only COS and OSS, which document no columns, should ever need this.
    type: list
    elements: raw
  wait_for_report:
    description: Seconds, or a duration such as V(1h), to wait for the end of the job and for its report, 86400 at the
      most.
    type: raw
    default: 0
"""
