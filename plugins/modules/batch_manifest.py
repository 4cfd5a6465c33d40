#!/usr/bin/python

# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: batch_manifest
short_description: Create the manifest of a batch job
version_added: 1.0.0
description:
  - Creates a CSV manifest for a batch job of AWS S3 Batch Operations, Tencent COS, or Alibaba Cloud OSS. The objects
    come from a list of keys, a local file, the list of a bucket, or another manifest.
  - RV(manifest) can be passed to O(objectstore.batch.batch_job#module:manifest) unchanged.
  - The manifest is sorted and contains each object once. The module writes keys in the encoding of the provider, and
    no header row.
  - The object key of the manifest is derived from its content. A second run with the same objects therefore finds the
    manifest and changes nothing.
  - The module never overwrites an object. If an object with this key exists and has different content, the task fails
    with RV(error.kind=conflict), and makes no changes to this object.
  - If no objects are left, the module creates no manifest, and RV(manifest) is V(null).
extends_documentation_fragment:
  - objectstore.batch.attributes
  - objectstore.batch.connection
  - objectstore.batch.classes
options:
  keys:
    description:
      - Keys of the objects, not URL-encoded. All objects are in O(source_bucket).
      - Set a list. Ansible splits a text at its commas.
      - Mutually exclusive with O(file), O(listing), and O(manifest).
    type: list
    elements: str
  source_bucket:
    description: Bucket of the objects in O(keys). Required with O(keys).
    type: str
  file:
    description:
      - Absolute path of a CSV file on the host that runs the module. It has one object in each row.
      - The file must be a regular file in UTF-8. The module ignores a byte order mark and empty lines. It fails if the
        file changes while it is read, or if a row is not valid.
      - Mutually exclusive with O(keys), O(listing), and O(manifest).
    type: path
  file_fields:
    description:
      - Columns of O(file), in this order. V(Bucket) and V(Key) are required. V(Ignore) ignores a column.
      - If not set, the columns are V(Bucket) and V(Key).
    type: list
    elements: str
    choices: [Ignore, Bucket, Key, VersionId]
  file_header:
    description:
      - Whether the first row of O(file) is a header row, such as C("bucket","key") from Amazon Athena.
      - With V(none), the task fails if the first row is a header row.
      - With V(skip), the module skips the first row. The task fails if that row is not a header row.
    type: str
    choices: [none, skip]
    default: none
  file_encoding:
    description:
      - Form of the keys in O(file).
      - V(encoded) keys already have the form that a manifest of the provider requires, and the module copies them. On
        AWS and OSS, the task fails if a key is not URL-encoded.
      - V(plain) keys are the keys of the objects. The module URL-encodes them on AWS and OSS.
    type: str
    choices: [encoded, plain]
    default: encoded
  listing:
    description:
      - Objects of a bucket. The module lists the bucket page by page.
      - The module ignores manifests that it created in O(manifest_prefix) of the same bucket.
      - Directory buckets of AWS are not supported, because their lists are not sorted.
      - Mutually exclusive with O(keys), O(file), and O(manifest).
    type: dict
    suboptions:
      bucket:
        description: Name or ARN of the bucket.
        type: str
        required: true
      prefix:
        description:
          - Prefix of the keys. If not set, the module lists the whole bucket.
          - O(filter) does not reduce the number of requests. This prefix does.
        type: str
      versions:
        description:
          - Whether to list all versions of the objects. The module ignores delete markers.
          - Requires O(versions=true).
        type: bool
        default: false
  manifest:
    description:
      - Existing CSV manifest, as in O(objectstore.batch.batch_job#module:manifest). The module copies its keys.
      - Mutually exclusive with O(keys), O(file), and O(listing).
    type: dict
    suboptions:
      object_arn:
        description: Name of the manifest object, as in O(objectstore.batch.batch_job#module:manifest.object_arn).
        type: str
        required: true
      etag:
        description: ETag of the manifest. If it is set, the task fails if the manifest has another ETag.
        type: str
      version_id:
        description: Version of the manifest. It must be the latest version.
        type: str
      format:
        description: Format of the manifest. The module only reads V(csv) manifests.
        type: str
        choices: [csv, inventory]
        default: csv
      fields:
        description: Columns of the manifest. If not set, the columns are V(Bucket) and V(Key).
        type: list
        elements: str
        choices: [Ignore, Bucket, Key, VersionId]
  filter:
    description:
      - Properties that each object must have. If not set, the module keeps all objects.
      - Only O(listing) knows sizes, ages, and storage classes.
    type: dict
    suboptions:
      prefix:
        description: Prefix of the key. The key is decoded before it is compared.
        type: str
      suffix:
        description: Suffix of the key. The key is decoded before it is compared.
        type: str
      min_size:
        description: Minimum size in bytes. Requires O(listing).
        type: int
      max_size:
        description: Maximum size in bytes. Requires O(listing).
        type: int
      older_than:
        description:
          - Minimum time since the object was written, for example V(30d) or V(1d12h). Requires O(listing).
          - Because the age is relative to the start of the task, a later run can select other objects.
        type: str
      newer_than:
        description: Maximum time since the object was written, for example V(30d) or V(1d12h). Requires O(listing).
        type: str
      storage_class:
        description: Storage classes, in the words of the provider. Case does not matter. Requires O(listing).
        type: list
        elements: str
  sample:
    description:
      - Number of objects to choose from all objects that O(filter) keeps.
      - The choice depends only on the objects, so the same objects have the same sample.
    type: int
  split_by:
    description:
      - Property that distributes the objects to several manifests. Each manifest needs a job. Refer to RV(manifests).
      - V(bucket) creates a manifest for each bucket. V(count) creates manifests of at most O(split_count) objects.
      - A task can create at most 1000 manifests.
    type: str
    choices: [bucket, count]
  split_count:
    description: Maximum number of objects in a manifest. Required with O(split_by=count).
    type: int
  versions:
    description:
      - Whether the manifest has the versions of the objects. The source must have versions. Refer to
        O(listing.versions), O(file_fields), and O(manifest.fields).
      - If some rows of the source have no version, the module writes them to a separate manifest, which applies to the
        latest versions. Manifests with and without versions are never mixed.
      - OSS does not document versions in manifests. On OSS, the task fails with RV(error.kind=unsupported).
    type: bool
    default: false
  manifest_bucket:
    description: Name or ARN of the bucket of the new manifest. The role of the job must be able to read it.
    type: str
    required: true
  manifest_prefix:
    description:
      - Prefix of the object key of the new manifest. The module removes slashes at both ends.
      - It must be printable text without the path segments C(.) and C(..). It must be at least 24 bytes shorter than
        the longest object key that the provider allows.
    type: str
    default: batch-manifests
author:
  - objectstore.batch contributors (@objectstore-batch)
notes:
  - On AWS, a manifest must be encrypted with SSE-S3. The default encryption of the bucket must not use KMS.
  - On COS, a manifest cannot contain keys with a comma, a quotation mark, or a line break.
    RV(unsupported_objects) counts them.
  - The module uploads a manifest in one request. The request can take as long as the larger of O(request_timeout) and
    O(retry_deadline), plus one second for each MiB of the manifest. A retry can also start this much later.
  - The module sorts the objects in temporary files without names, in the directory that E(TMPDIR) sets. No files remain
    if the task is stopped.
  - On COS and OSS, a bucket with versioning cannot prevent overwriting. If another user creates an object with the same
    key between check and upload, that object remains as a version of the key.
seealso:
  - module: objectstore.batch.batch_job
    description: Creates the job for the manifest.
  - module: objectstore.batch.batch_retry_manifest
    description: Creates a manifest of the failed objects of a job.
"""

EXAMPLES = r"""
- name: Create a manifest of three objects
  objectstore.batch.batch_manifest:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    keys:
      - films/a.mov
      - films/b and c.mov
      - films/d.mov
    source_bucket: archive
    manifest_bucket: example-manifests
  register: created

- name: Create the job for the manifest
  objectstore.batch.batch_job:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    operation:
      S3InitiateRestoreObject:
        ExpirationInDays: 7
        GlacierJobTier: BULK
    manifest: "{{ created.manifest }}"
    report:
      bucket: arn:aws:s3:::example-reports
    role_arn: arn:aws:iam::111122223333:role/batch
    priority: 10
  when: created.count > 0

- name: Create a manifest of large archived objects that are older than a year
  objectstore.batch.batch_manifest:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    listing:
      bucket: archive
      prefix: films/
    filter:
      suffix: .mov
      min_size: 1048576
      older_than: 365d
      storage_class: [GLACIER, DEEP_ARCHIVE]
    manifest_bucket: example-manifests
    manifest_prefix: restores/2026

- name: Create a manifest from the result of an Athena query
  objectstore.batch.batch_manifest:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    file: /tmp/query-result.csv
    file_header: skip
    file_encoding: plain
    split_by: bucket
    manifest_bucket: example-manifests
  register: by_bucket

- name: Create manifests of at most a million objects from a file with more columns
  objectstore.batch.batch_manifest:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    file: /tmp/inventory.csv
    file_fields: [Bucket, Key, Ignore]
    split_by: count
    split_count: 1000000
    manifest_bucket: example-manifests

- name: Create a rehearsal manifest of 100 objects of another manifest
  objectstore.batch.batch_manifest:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    manifest: "{{ created.manifest }}"
    sample: 100
    manifest_bucket: example-manifests
    manifest_prefix: rehearsals

- name: Create a manifest of all versions of the objects
  objectstore.batch.batch_manifest:
    provider: aws
    region: eu-central-1
    account_id: "111122223333"
    listing:
      bucket: archive
      prefix: films/
      versions: true
    versions: true
    manifest_bucket: example-manifests
"""

RETURN = r"""
msg:
  description: Summary of the result. On failure, the cause and the next action.
  returned: always
  type: str
  sample: '3 objects of 3 rows read: manifest example-manifests/batch-manifests/0123456789abcdef.csv (3 objects)
    created.'
manifest:
  description:
    - First manifest, for O(objectstore.batch.batch_job#module:manifest). V(null) if no objects are left.
    - In check mode, it has no ETag if the manifest does not exist yet.
  returned: success
  type: dict
  sample:
    object_arn: arn:aws:s3:::example-manifests/batch-manifests/0123456789abcdef.csv
    etag: d41d8cd98f00b204e9800998ecf8427e
    format: csv
    fields:
      - Bucket
      - Key
manifests:
  description:
    - All manifests. There are several with O(split_by), or if only some of the objects have a version.
    - If the task fails, the manifests that it created before.
  returned: success, or when the task fails after it created a manifest
  type: list
  elements: dict
  contains:
    bucket:
      description: Bucket of the manifest.
      type: str
      sample: example-manifests
    key:
      description: Object key of the manifest.
      type: str
      sample: batch-manifests/0123456789abcdef.csv
    count:
      description: Number of objects in the manifest.
      type: int
      sample: 3
    outcome:
      description: Result for the manifest, which is V(changed), V(unchanged) if it already exists, or V(would_change)
        (check mode).
      type: str
      sample: changed
    manifest:
      description: Manifest, in the same format as RV(manifest).
      type: dict
    client_request_token:
      description:
        - Token for O(objectstore.batch.batch_job#module:client_request_token) of a job that must be created only once
          for this manifest. Do not pass it to several jobs.
        - V(null) if the task fails.
      type: str
      sample: manifest-0123456789abcdef0123456789abcdef
count:
  description: Number of objects in all manifests.
  returned: success
  type: int
  sample: 3
rows:
  description: Number of rows, keys, or objects in the source, without the header row.
  returned: success
  type: int
  sample: 3
filtered:
  description: Number of rows that O(filter) removed, and of own manifests in a list.
  returned: success
  type: int
  sample: 0
duplicates:
  description: Number of rows that were removed because an earlier row has the same object.
  returned: success
  type: int
  sample: 0
unsupported_objects:
  description: Number of rows that are in no manifest, because a manifest cannot contain their key.
  returned: success
  type: int
  sample: 0
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
from ..module_utils._manifest import manifest_options, workflow


def main() -> None:
    _module.run(
        manifest_options.SPEC,
        workflow.prepare,
        workflow.execute,
        mutually_exclusive=[manifest_options.SOURCES],
        required_one_of=[manifest_options.SOURCES],
    )


if __name__ == "__main__":
    main()
