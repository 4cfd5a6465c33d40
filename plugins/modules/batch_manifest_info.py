#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_manifest_info
short_description: Check the manifest of a batch job before the job is created
version_added: 1.0.0
description:
  - Reads a manifest of AWS S3 Batch Operations, Tencent COS, or Alibaba Cloud OSS. Reports its objects, and what is
    wrong with its rows.
  - Can check a sample of the objects, estimate the fee of a job, and list what an operation requires.
  - A job that reads a manifest with a header row or with keys that are not URL-encoded fails or skips objects, often
    hours later.
  - The module reads the manifest as a stream. A manifest can have any size. Temporary files need the space of the
    objects in it.
  - The module never changes anything.
extends_documentation_fragment:
  - objectstore.batch.attributes
  - objectstore.batch.attributes.info
  - objectstore.batch.connection
  - objectstore.batch.classes
options:
  manifest:
    description: Manifest to check, as for O(objectstore.batch.batch_job#module:manifest).
    type: dict
    required: true
    suboptions:
      object_arn:
        description: Resource name of the manifest object, in the format of the provider. On OSS, use
          V(oss://bucket/key).
        type: str
        required: true
      etag:
        description:
          - ETag that the manifest must have.
          - If not set, the module uses the current object. RV(manifest) contains its ETag.
        type: str
      version_id:
        description: Version ID that the manifest must have.
        type: str
      format:
        description: Format of the manifest. V(csv) is a CSV file, and V(inventory) is the C(manifest.json) of an
          inventory, or of a manifest that AWS generated.
        type: str
        choices: [csv, inventory]
        default: csv
      fields:
        description: Columns of a CSV file, as in O(objectstore.batch.batch_job#module:manifest.fields). If not set,
          they are V(Bucket) and V(Key).
        type: list
        elements: str
        choices: [Ignore, Bucket, Key, VersionId]
  objects:
    description:
      - Number of objects to check, from V(0) to V(10000). Each takes one HEAD request.
      - The sample depends only on the content of the manifest.
    type: int
    default: 0
  operation:
    description: Operation of the job, as for O(objectstore.batch.batch_job#module:operation). The module reads only its
      name.
    type: dict
  expected_bucket:
    description:
      - Buckets whose objects are expected. Rows of other buckets are the finding V(foreign_bucket).
      - If not set, the bucket of the first row is expected.
    type: list
    elements: str
  price_table:
    description:
      - Name of a price table of this collection, which contains the date of its prices. The prices of your account can
        differ.
      - V(aws-2025-09) has the price of a job and of a million objects in US dollars. It has no prices of requests.
    type: str
    choices: [aws-2025-09]
  prices:
    description: Prices to use instead of O(price_table). At least one price is required.
    type: dict
    suboptions:
      name:
        description: Name of the prices in messages.
        type: str
      date:
        description: Date of the prices in messages.
        type: str
      currency:
        description: Currency code, for example V(USD).
        type: str
        required: true
      per_job:
        description: Price of a job. Quote numbers with a decimal point to keep all digits.
        type: raw
      per_million_objects:
        description: Price of a million objects.
        type: raw
      per_thousand_requests:
        description: Price of 1,000 requests of the operation.
        type: raw
  fail_on:
    description: Findings that fail the task.
    type: list
    elements: str
    choices:
      - header_row
      - wrong_encoding
      - duplicate
      - foreign_bucket
      - empty_line
      - malformed_row
      - missing_object
      - archived
      - not_archived
      - restore_in_progress
      - empty_manifest
author:
  - objectstore.batch contributors (@objectstore-batch)
notes:
  - The findings V(missing_object), V(archived), V(not_archived), and V(restore_in_progress) refer to the sample of
    O(objects).
  - V(not_archived) is a finding only if O(operation) is a restore. V(archived) is a finding only if O(operation) is not
    set, or is not a restore.
  - The sample has only objects in expected buckets, because a row can name the bucket of any account.
  - A plus sign in a key is the finding V(wrong_encoding) on AWS and OSS, because it can mean a space. Write C(%2B) or
    C(%20).
  - Inventories in the formats ORC and Parquet are not supported.
  - The fee does not include storage, data retrieval, and data transfer.
seealso:
  - module: objectstore.batch.batch_manifest
    description: Creates a manifest without these findings.
  - module: objectstore.batch.batch_job
    description: Creates the job of the manifest.
"""

EXAMPLES = r"""
- name: Check a manifest, and fail if a job cannot read it
  objectstore.batch.batch_manifest_info:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    manifest:
      object_arn: arn:aws:s3:::example-manifests/alpha.csv
    fail_on: [header_row, wrong_encoding, malformed_row, empty_manifest]

- name: Check a sample of the objects to restore, and estimate the fee
  objectstore.batch.batch_manifest_info:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    manifest:
      object_arn: arn:aws:s3:::example-manifests/alpha.csv
      fields: [Bucket, Key]
    operation:
      S3InitiateRestoreObject:
        ExpirationInDays: 7
        GlacierJobTier: BULK
    objects: 100
    price_table: aws-2025-09
    expected_bucket: [archive]
  register: checked

- name: Estimate the fee with the prices of a contract
  objectstore.batch.batch_manifest_info:
    provider: cos
    region: ap-guangzhou
    account_id: "100000000001"
    app_id: "1250000000"
    manifest:
      object_arn: qcs::cos:ap-guangzhou:uid/1250000000:manifests-1250000000/alpha.csv
    prices:
      name: contract of 2026
      date: "2026-01-01"
      currency: CNY
      per_job: "1.50"
      per_million_objects: "6"
      per_thousand_requests: "0.01"
"""

RETURN = r"""
msg:
  description: Summary of the result. On failure, the cause and the next action.
  returned: always
  type: str
  sample: 'Manifest alpha.csv: 3 objects in 1 bucket. Findings: duplicate (1).'
rows:
  description: Number of objects in the manifest. Header rows, empty lines, and malformed rows do not count.
  returned: success, or when findings of O(fail_on) were found
  type: int
  sample: 3
buckets:
  description: The buckets with the most objects, at most 100.
  returned: success, or when findings of O(fail_on) were found
  type: list
  elements: dict
  contains:
    bucket:
      description: Name of the bucket. V((more buckets\)) for all buckets after the first 1,000.
      type: str
      sample: archive
    count:
      description: Number of objects.
      type: int
      sample: 3
versions:
  description: Number of objects with a version.
  returned: success, or when findings of O(fail_on) were found
  type: int
  sample: 0
findings:
  description: What is wrong with the rows, or with the objects of the sample. Empty if nothing is.
  returned: success, or when findings of O(fail_on) were found
  type: list
  elements: dict
  contains:
    finding:
      description: Name of the finding. Refer to O(fail_on).
      type: str
      sample: duplicate
    count:
      description: Number of rows or objects.
      type: int
      sample: 1
    first:
      description: The first 10 of them, as text. Duplicates are listed only if they are among the first 200,000 rows.
      type: list
      elements: str
      sample:
        - 'row 3: archive,films/a.mov'
etag:
  description: ETag of the manifest object.
  returned: success, or when findings of O(fail_on) were found
  type: str
  sample: d41d8cd98f00b204e9800998ecf8427e
manifest:
  description: O(manifest) with the ETag, for O(objectstore.batch.batch_job#module:manifest).
  returned: success, or when findings of O(fail_on) were found
  type: dict
estimate:
  description: Estimate of a job for the manifest.
  returned: success, or when findings of O(fail_on) were found
  type: dict
  contains:
    objects:
      description: Number of objects that the job processes.
      type: int
      sample: 3
    requests:
      description: Number of requests of the operation. V(null) if O(operation) is not set or not known.
      type: int
      sample: 3
    fee:
      description: Fee in RV(estimate.currency). V(null) without prices.
      type: float
      sample: 0.25
    fee_text:
      description: The fee as text with the currency. Only with prices.
      type: str
      sample: 0.25 USD
    currency:
      description: Currency code. V(null) without prices.
      type: str
      sample: USD
    price_table:
      description: Name of the prices. V(null) without prices.
      type: str
      sample: aws-2025-09
    basis:
      description: The prices with their date and source, and what the fee does not include.
      type: str
requirements:
  description: What O(operation) requires of the objects, the bucket, or the job role.
  returned: success, or when findings of O(fail_on) were found
  type: list
  elements: str
  sample:
    - Every object must be in an archive storage class.
checked:
  description: Result of checking the sample. V(null) if O(objects) is V(0) or the manifest has no objects.
  returned: success, or when findings of O(fail_on) were found
  type: dict
  contains:
    objects:
      description: Number of objects in the sample.
      type: int
      sample: 100
    existing:
      description: Number of objects that exist.
      type: int
      sample: 100
    missing:
      description: Number of objects that do not exist.
      type: int
      sample: 0
    archived:
      description: Number of objects in an archive storage class.
      type: int
      sample: 90
    restored:
      description: Number of archived objects with a restored copy.
      type: int
      sample: 0
    restoring:
      description: Number of archived objects whose restore is in progress.
      type: int
      sample: 0
    unchecked:
      description: Number of objects that could not be checked, for example because access is denied.
      type: int
      sample: 0
    unchecked_reason:
      description: Error of the first object that could not be checked. V(null) if all objects were checked.
      type: str
    storage_classes:
      description: Number of objects by storage class.
      type: dict
      sample:
        GLACIER: 90
        STANDARD: 10
    encryption:
      description: Number of objects by encryption method.
      type: dict
      sample:
        AES256: 100
jobs:
  description: Always empty, because this module does not read jobs.
  returned: always
  type: list
  elements: dict
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
      sample: conflict
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
      sample: PutObject
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
      HeadObject: 1
      PutObject: 1
    retried: 0
    throttled: 0
"""

from ..module_utils import _module
from ..module_utils._manifest_info import info_options, workflow


def main() -> None:
    _module.run(info_options.SPEC, workflow.prepare, workflow.execute, mutually_exclusive=[("price_table", "prices")])


if __name__ == "__main__":
    main()
