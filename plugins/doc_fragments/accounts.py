# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The accounts of an inventory file; the spec is in module_utils/_inventory/accounts.py.
    DOCUMENTATION = r"""
options:
  accounts:
    description:
      - Accounts and regions whose queues become hosts.
      - Put account IDs and other numbers in quotes. Numbers without quotes are rejected.
    type: list
    elements: dict
    required: true
    suboptions:
      provider:
        description: Provider that runs the jobs, as in O(objectstore.batch.batch_job_info#module:provider).
        type: str
        required: true
        choices: [aws, cos, oss]
      regions:
        description:
          - Regions of the account. Each region is a queue.
          - On AWS, V(all) is every region that is enabled for the account. The plugin requests these regions with
            DescribeRegions of EC2 in O(accounts[].home_region). V(all) must be the only element.
        type: list
        elements: str
        required: true
      home_region:
        description:
          - Region to which the plugin sends DescribeRegions if O(accounts[].regions) is V(all) (AWS only).
          - If not set, the region of the profile is used, or the main region of the partition of the role, for example
            V(us-east-1).
        type: str
      name:
        description: Name to use instead of the account in the names of the hosts. Required if two entries would
          otherwise have the same hostname.
        type: str
      account_id:
        description: ID of the account, as in O(objectstore.batch.batch_job_info#module:account_id).
        type: str
      app_id:
        description: APPID of the COS account, as in O(objectstore.batch.batch_job_info#module:app_id).
        type: str
      profile:
        description:
          - Name of the profile, as in O(objectstore.batch.batch_job_info#module:profile).
          - Mutually exclusive with O(accounts[].access_key_variable), O(accounts[].secret_key_variable), and
            O(accounts[].session_token_variable).
        type: str
      assume_role_arn:
        description: ARN of a role to assume, as in O(objectstore.batch.batch_job_info#module:assume_role_arn).
        type: str
      assume_role_external_id:
        description: External ID for the role, as in O(objectstore.batch.batch_job_info#module:assume_role_external_id).
        type: str
      assume_role_session_name:
        description: Name of the role session, as in
          O(objectstore.batch.batch_job_info#module:assume_role_session_name).
        type: str
      endpoint_url:
        description: URL to use instead of the default endpoint, as in
          O(objectstore.batch.batch_job_info#module:endpoint_url).
        type: str
      validate_certs:
        description: Whether to validate TLS certificates, as in
          O(objectstore.batch.batch_job_info#module:validate_certs).
        type: bool
      ca_bundle:
        description: Path to a file with CA certificates, as in O(objectstore.batch.batch_job_info#module:ca_bundle).
        type: str
      access_key_variable:
        description:
          - Name of the environment variable that contains the access key.
          - C(queue_connection) reads the variable on the control node when a task uses it. The task fails if the
            variable is not set or empty.
          - If neither this option nor a profile is set, the plugin uses the default credential sources of the provider.
          - Requires O(accounts[].secret_key_variable). Mutually exclusive with O(accounts[].profile).
        type: str
      secret_key_variable:
        description:
          - Name of the environment variable that contains the secret key.
          - Requires O(accounts[].access_key_variable). Mutually exclusive with O(accounts[].profile).
        type: str
      session_token_variable:
        description:
          - Name of the environment variable that contains the token of temporary credentials.
          - Requires O(accounts[].access_key_variable) and O(accounts[].secret_key_variable). Mutually exclusive with
            O(accounts[].profile).
        type: str
seealso:
  - name: AWS S3 Batch Operations
    description: User guide of the provider V(aws).
    link: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops.html
  - name: Tencent COS batch operation overview
    description: User guide of the provider V(cos).
    link: https://tencentcloud.com/document/product/436/32958
  - name: Alibaba Cloud OSS batch operations
    description: API reference of the provider V(oss).
    link: https://help.aliyun.com/en/oss/developer-reference/batch-operations/
"""
