#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_job_report_info
short_description: Read completion reports of object storage batch jobs
version_added: 1.0.0
description:
  - Reads the completion report of a batch job of AWS S3 Batch Operations, Tencent COS, or Alibaba Cloud OSS.
  - Returns the number of failed tasks, their error codes, whether a retry can succeed, and the failed objects.
  - The status V(Complete) never means that all objects succeeded. Only the report lists the failed objects.
  - The module reads reports of any size as streams, row by row. It rejects a file whose MD5 differs from the checksum
    in the report.
  - AWS documents the format of its reports. COS and OSS do not. For COS and OSS, the module searches for the report
    below the prefix and validates its content. If the format is not recognized, the task fails and the error describes
    the content that was found.
  - With O(checksums), the module also reads the checksums in the report of a job that computes checksums. It writes
    them to a file or an object, and compares them with expected values. Without this option, the module changes
    nothing.
extends_documentation_fragment:
  - objectstore.batch.attributes
  - objectstore.batch.connection
  - objectstore.batch.classes
  - objectstore.batch.report
options:
  limit:
    description: Maximum number of failed objects in RV(failures), from V(0) to V(10000).
    type: int
    default: 100
  benign:
    description:
      - Error codes of failed tasks that do not count as failures, because the object already has the requested state.
      - If not set, the module uses V(RestoreAlreadyInProgress) for restores. With an empty list, no code is benign.
      - Each code must be text and must not be empty.
    type: list
    elements: raw
  checksums:
    description:
      - Writes the checksums in the report to a file or an object, and compares them with expected values. Set at least
        one of O(checksums.path), O(checksums.bucket), and O(checksums.expected).
      - Only AWS has an operation that computes checksums, C(S3ComputeObjectChecksum). For COS and OSS, the task fails
        with RV(error.kind=unsupported) and sends no request.
      - The report must have the scope V(AllTasks) and must be complete.
      - The checksums are sorted by bucket, key, version, and algorithm. Each is listed once.
    type: dict
    suboptions:
      path:
        description:
          - Absolute path of the file to write, on the host that runs the module. The directory must exist.
          - The module replaces the file as a whole, with the permissions V(0600), and only if its content differs.
          - The path must not be a symbolic link. Its directories must not be symbolic links of another user than root
            and the user that runs the module.
          - Mutually exclusive with O(checksums.bucket).
        type: path
      bucket:
        description:
          - Bucket of the object to write. The module derives the object key from the job and from the content, and
            never overwrites an object.
        type: str
      prefix:
        description:
          - Prefix of the object key. The default is C(batch-checksums). The module removes slashes at both ends.
          - Requires O(checksums.bucket).
        type: str
      format:
        description:
          - Format of the file or object. V(csv) is CSV with a header. V(jsonl) is JSON Lines, one JSON object for each
            checksum.
          - The columns are C(bucket), C(key), C(version_id), C(algorithm), C(type), and C(value).
          - The keys are URL-decoded, so they are the keys of the objects. A plus sign remains a plus sign.
          - C(type) is C(FULL_OBJECT) or C(COMPOSITE). C(value) is in Base64. The value of a composite checksum ends
            with a hyphen and the number of parts.
        type: str
        choices: [csv, jsonl]
        default: csv
      expected:
        description:
          - Absolute path of a file with the expected checksums, on the host that runs the module.
          - The file is CSV with a header, or JSON Lines. It has the columns of O(checksums.format). C(version_id) and
            C(type) are optional. A file that this option wrote is valid.
          - A value can be in Base64 or in hexadecimal. For a known algorithm, equal bytes are equal. The values of an
            unknown algorithm are compared as text.
          - An algorithm can be written as V(SHA256), V(sha256), or V(SHA-256).
          - A row without C(type) is compared with a checksum of any type. A row without C(version_id) is compared only
            with objects that the report lists without a version.
          - A file without rows, or with an invalid row, is an error.
        type: path
      limit:
        description: Maximum number of objects in each list of RV(checksums), from V(0) to V(10000).
        type: int
        default: 100
author:
  - objectstore.batch contributors (@objectstore-batch)
notes:
  - The module sorts checksums in temporary files without names, in the directory that E(TMPDIR) sets. No files remain
    if the task is stopped.
seealso:
  - module: objectstore.batch.batch_retry_manifest
    description: Creates a manifest to retry the failed objects.
  - module: objectstore.batch.batch_job_wait
    description: Waits for the job.
"""

EXAMPLES = r"""
- name: Read the completion report of a job
  objectstore.batch.batch_job_report_info:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    wait_for_report: 10m
  register: report

- name: Show a summary of the report
  ansible.builtin.debug:
    msg: "{{ report.msg }}"

- name: List every failed object, except objects that no longer exist
  objectstore.batch.batch_job_report_info:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000002
    limit: 10000
    benign: [RestoreAlreadyInProgress, NoSuchKey]

- name: Read the report of a job that the provider no longer retains
  objectstore.batch.batch_job_report_info:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000003
    location:
      bucket: reports
      prefix: restores

- name: Write the checksums of a job to a file
  objectstore.batch.batch_job_report_info:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000004
    checksums:
      path: "{{ playbook_dir }}/checksums.csv"
  register: written

- name: Compare the checksums of a later job with the file, and fail if an object has changed
  objectstore.batch.batch_job_report_info:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    job_id: 6f1f7ff1-5e6c-4b7a-9f3a-000000000005
    checksums:
      expected: "{{ written.checksums.path }}"
      bucket: reports
      prefix: checksums
      format: jsonl
  register: sums
  failed_when: sums.checksums is not defined or sums.checksums.missing.count + sums.checksums.different.count > 0
"""

RETURN = r"""
msg:
  description: Summary of the result. On failure, the cause and the next action.
  returned: always
  type: str
  sample: 'Job 6f1f7ff1-5e6c-4b7a-9f3a-000000000001: 988 successful tasks, 12 failed: 10 InternalError, 2 NoSuchKey.
    Retryable without changes: 10.'
report:
  description: Completion report that the module read.
  returned: when the report was found
  type: dict
  contains:
    bucket:
      description: Name of the bucket.
      type: str
      sample: reports
    prefix:
      description: Prefix of the report, exactly as the job was created with it.
      type: str
      sample: restores
    manifest:
      description: Object key of the C(manifest.json) file of the report. Empty if it has none.
      type: str
      sample: restores/job-6f1f7ff1-5e6c-4b7a-9f3a-000000000001/manifest.json
    scope:
      description: Scope of the report, which is V(AllTasks) or V(FailedTasksOnly). Empty if it is unknown.
      type: str
      sample: AllTasks
    format:
      description: Format of the report, by the name that the provider uses.
      type: str
      sample: Report_CSV_20180820
    written:
      description: Time at which the provider created C(manifest.json), which is the last file of the report, ISO 8601
        in UTC. V(null) if it is unknown.
      type: str
      sample: '2026-01-31T04:10:00Z'
    files:
      description: Number of files in the report.
      type: int
      sample: 2
    checksums:
      description: Whether the report contains the MD5 checksum of every file. The module has verified all of them.
      type: bool
    rows:
      description: Number of tasks in the report.
      type: int
      sample: 1000
    malformed_rows:
      description: Number of rows with an unexpected number of columns. The module ignores them.
      type: int
      sample: 0
    complete:
      description:
        - Whether the number of tasks in the report is the number that the job reports.
        - V(null) if the module did not read the job, and if the provider does not report the number.
      type: bool
succeeded:
  description: Number of tasks in the report that succeeded.
  returned: when the report was found
  type: int
  sample: 988
failed_tasks:
  description: Number of tasks in the report that failed, including benign failures.
  returned: when the report was found
  type: int
  sample: 12
benign:
  description: Number of failed tasks with an error code in O(benign).
  returned: when the report was found
  type: int
  sample: 0
never_attempted:
  description:
    - Number of tasks that the job never started, for example because it failed early. The report does not contain them.
    - V(null) if the number is unknown.
  returned: when the report was found
  type: int
  sample: 0
codes:
  description: Error codes of the failed tasks, the most frequent first.
  returned: when the report was found
  type: list
  elements: dict
  contains:
    code:
      description: Error code in the report.
      type: str
      sample: InternalError
    http_status:
      description: HTTP status of the tasks. V(null) if the report does not contain it.
      type: int
      sample: 500
    count:
      description: Number of tasks that failed with this code.
      type: int
      sample: 10
    retry_class:
      description:
        - Whether a retry can succeed.
        - V(retryable) tasks can succeed without changes. V(after_fix) tasks can succeed after you fix the cause.
          V(permanent) tasks cannot succeed. V(not_needed) tasks have nothing left to do.
        - The file C(docs/report-codes.md) in the repository lists the class of each code.
      type: str
      sample: retryable
    benign:
      description: Whether the code is in O(benign).
      type: bool
    sample:
      description: One task with this code. It has C(request_id) and the keys of RV(failures), except C(code).
      type: dict
failures:
  description: First failed tasks of the report, at most O(limit).
  returned: when the report was found
  type: list
  elements: dict
  contains:
    bucket:
      description: Bucket of the object.
      type: str
      sample: archive
    key:
      description: Object key, in the form of the manifest and the report. It is often URL-encoded.
      type: str
      sample: films/a%20b.mov
    decoded_key:
      description: Object key, URL-decoded.
      type: str
      sample: films/a b.mov
    version_id:
      description: Version in the report. If the object has no version, it can be empty, C(null), or C(\N).
      type: str
    code:
      description: Error code of the task.
      type: str
      sample: InternalError
    http_status:
      description: HTTP status of the task. V(null) if the report does not contain it.
      type: int
      sample: 500
    message:
      description: Error message of the task, without request IDs.
      type: str
      sample: We encountered an internal error.
    retry_class:
      description: Retry class of the code, as in RV(codes[].retry_class).
      type: str
      sample: retryable
    benign:
      description: Whether the code is in O(benign).
      type: bool
checksums:
  description: Checksums in the report, and the result of their comparison.
  returned: if O(checksums) is set, and the report was found
  type: dict
  contains:
    count:
      description: Number of checksums in the report, without duplicates.
      type: int
      sample: 988
    path:
      description: Path of the file. V(null) without O(checksums.path).
      type: str
      sample: /srv/audit/checksums.csv
    bucket:
      description: Bucket of the object. V(null) without O(checksums.bucket).
      type: str
    key:
      description: Key of the object. V(null) without O(checksums.bucket).
      type: str
    format:
      description: Format of the file or object. V(null) if the task writes none.
      type: str
      sample: csv
    outcome:
      description: V(changed), V(unchanged), or, in check mode, V(would_change). V(null) if the task writes no file and
        no object.
      type: str
      sample: changed
    algorithms:
      description: Algorithms in the report, with the keys C(algorithm) and C(count).
      type: list
      elements: dict
      sample:
        - algorithm: SHA256
          count: 988
    duplicates:
      description: Number of rows that repeat another row.
      type: int
      sample: 0
    without_checksum:
      description: Number of failed tasks. Their rows have no checksum, so their objects are missing in a comparison.
      type: int
      sample: 12
    malformed:
      description:
        - Successful tasks whose checksum cannot be read. Their objects are missing in a comparison.
        - It has the keys C(count) and C(first). C(first) is a list of at most O(checksums.limit) objects with the keys
          C(bucket), C(key), C(version_id), and C(reason).
      type: dict
      sample:
        count: 0
        first: []
    contradictory:
      description:
        - Objects for which the report contains different values of one algorithm and type, for example because an
          object changed between two tasks.
        - It has the keys of RV(checksums.different).
      type: dict
    expected:
      description: Number of expected checksums, without duplicates. V(null) without O(checksums.expected).
      type: int
      sample: 1000
    matched:
      description: Number of pairs of object and algorithm with equal values on both sides. V(null) without
        O(checksums.expected).
      type: int
      sample: 985
    missing:
      description:
        - Pairs of object and algorithm that have an expected value, and no value in the report.
        - It has the keys C(count) and C(first). C(first) is a list of at most O(checksums.limit) objects with the keys
          C(bucket), C(key), C(version_id), C(algorithm), C(expected), and C(found). The last two are lists of values.
        - V(null) without O(checksums.expected).
      type: dict
    different:
      description:
        - Pairs of object and algorithm whose values differ.
        - It has the keys C(count) and C(first). C(first) is a list of at most O(checksums.limit) objects with the keys
          C(bucket), C(key), C(version_id), C(algorithm), C(expected), and C(found). The last two are lists of values.
        - V(null) without O(checksums.expected).
      type: dict
    additional:
      description:
        - Pairs of object and algorithm that have a value in the report, and no expected value.
        - It has the keys C(count) and C(first). C(first) is a list of at most O(checksums.limit) objects with the keys
          C(bucket), C(key), C(version_id), C(algorithm), C(expected), and C(found). The last two are lists of values.
        - V(null) without O(checksums.expected).
      type: dict
diff:
  description: First 100 lines of the file or object, if the task writes it or would write it. Only in diff mode.
  returned: if O(checksums) is set, and the task runs in diff mode
  type: list
  elements: dict
job:
  description: The only element of RV(jobs).
  returned: when the module read the job
  type: dict
jobs:
  description: Jobs of this task. Empty if the task failed before it could read a job.
  returned: always
  type: list
  elements: dict
  contains:
    provider:
      description: Provider that runs the job, which is V(aws), V(cos), or V(oss).
      type: str
      sample: aws
    region:
      description: Region of the job, by the name that the provider uses.
      type: str
      sample: eu-central-1
    account_id:
      description: AWS account ID, COS UIN, or OSS UID. Empty on OSS if O(account_id) is not set.
      type: str
      sample: '111122223333'
    job_id:
      description: ID of the job.
      type: str
      sample: 6f1f7ff1-5e6c-4b7a-9f3a-000000000001
    status:
      description: Status of the job, by the name that the provider uses.
      type: str
      sample: Ready
    priority:
      description: Priority of the job. Jobs with higher values run first. V(null) if the provider does not report it.
      type: int
      sample: 900
    class:
      description: Name of this priority. Refer to O(classes). V(null) if the priority has no name.
      type: str
      sample: high
    description:
      description: Description of the job. Empty if it has none.
      type: str
    operation:
      description: Operation of the job, by the name that the provider uses.
      type: str
      sample: S3InitiateRestoreObject
    progress:
      description: Number of tasks of the job, as C(total), C(succeeded), and C(failed). Each is V(null) until the
        provider has counted the tasks.
      type: dict
    created:
      description: Creation time of the job, ISO 8601 in UTC. V(null) if the provider does not report it.
      type: str
      sample: '2026-01-31T03:00:00Z'
error:
  description: Details of the error.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - Kind of the error. It is the same for all providers, and stable across releases.
        - One of V(not_found), V(job_ended), V(not_updatable), V(conflict), V(access_denied), V(invalid), V(throttled),
          V(quota), V(clock_skew), V(invalid_credentials), V(unreachable), V(timeout), V(unavailable),
          V(invalid_response), V(unsupported), V(report_not_found), V(not_ready), V(unrecognized_format),
          V(missing_dependency), and V(interrupted).
      type: str
      sample: not_ready
    code:
      description: Error code of the provider. Empty if the provider sent none.
      type: str
      sample: ''
    http_status:
      description: HTTP status. V(null) without a response. Not reliable on AWS, so do not use it for decisions.
      type: int
      sample: 404
    message:
      description: Error message of the provider, or of the module.
      type: str
    request_id:
      description: ID of the request at the provider, for a support case. Empty if the provider sent none.
      type: str
    operation:
      description: API operation that failed.
      type: str
      sample: GetObject
    retryable:
      description: Whether the same task can succeed later without changes.
      type: bool
    hint:
      description: Recommended action.
      type: str
calls:
  description: Number of requests, as C(sent) (by operation), C(retried) (retries), and C(throttled) (throttled
    responses).
  returned: always
  type: dict
  sample:
    sent:
      DescribeJob: 1
      GetObject: 3
    retried: 0
    throttled: 0
"""

from ..module_utils import _module
from ..module_utils._checksums import checksum_options, workflow
from ..module_utils._report import report_options


def main() -> None:
    _module.run(
        {
            **report_options.REPORT_REQUEST_SPEC,
            "limit": {"type": "int", "default": 100},
            "benign": {"type": "list", "elements": "raw"},
            "checksums": checksum_options.CHECKSUM_SPEC,
        },
        workflow.prepare,
        workflow.execute,
        required_one_of=[("job_id", "location")],
    )


if __name__ == "__main__":
    main()
