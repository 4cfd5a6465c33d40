# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # How to connect; the spec is CONNECTION_SPEC in module_utils/_connection/connection_options.py.
    DOCUMENTATION = r"""
options:
  provider:
    description:
      - Provider that runs the jobs.
      - V(aws) is AWS S3 Batch Operations, V(cos) is Tencent COS batch processing, and V(oss) is Alibaba Cloud OSS batch
        operations.
    type: str
    required: true
    choices: [aws, cos, oss]
  region:
    description:
      - Region of the jobs, for example V(eu-central-1) (AWS), V(ap-guangzhou) (COS), or V(cn-hangzhou) (OSS). A job is
        only known in its own region.
      - If not set, E(AWS_REGION), E(AWS_DEFAULT_REGION), or the profile's region is used on AWS, E(TENCENTCLOUD_REGION)
        on COS, and E(ALIBABA_CLOUD_REGION_ID), E(ALIBABACLOUD_REGION_ID), E(ALICLOUD_REGION_ID), or E(OSS_REGION) on
        OSS.
    type: str
    aliases: [aws_region]
  account_id:
    description:
      - ID of the account that owns the jobs. Put it in quotes so that YAML keeps leading zeros.
      - On AWS, the account ID has 12 digits. If it is not set, the module requests the account ID from STS
        (GetCallerIdentity, one more request).
      - On COS, the account ID is the UIN of the main account, for example V(100000000001). The UIN is required, and
        differs from the APPID. COS rejects the credentials of another account.
      - On OSS, the account ID is the UID of the account. If it is set, the module requests the account of the
        credentials from STS (GetCallerIdentity, one request). If the accounts differ, the task fails before any other
        request.
    type: str
    aliases: [uin]
  app_id:
    description:
      - APPID of the COS account, for example V(1250000000). The module sends it as C(x-cos-appid). The APPID is
        required on COS, and not used on AWS and OSS.
      - The APPID and the UIN (O(account_id)) are two different numbers of the same account.
    type: str
    aliases: [appid]
  access_key:
    description:
      - Access key ID (AWS), SecretId (COS), or AccessKey ID (OSS), together with O(secret_key).
      - If not set, E(AWS_ACCESS_KEY_ID) or E(AWS_ACCESS_KEY) is used on AWS, E(TENCENTCLOUD_SECRET_ID) or
        E(COS_SECRETID) on COS, and E(OSS_ACCESS_KEY_ID), E(ALIBABA_CLOUD_ACCESS_KEY_ID), E(ALIBABACLOUD_ACCESS_KEY_ID),
        or E(ALICLOUD_ACCESS_KEY_ID) on OSS.
      - For the other credential sources, refer to the guides "Set up AWS", "Set up Tencent COS", and "Set up Alibaba
        Cloud OSS".
    type: str
    aliases: [aws_access_key_id, aws_access_key, secret_id, access_key_id]
  secret_key:
    description:
      - Secret access key (AWS), SecretKey (COS), or AccessKey secret (OSS), together with O(access_key).
      - If not set, E(AWS_SECRET_ACCESS_KEY) or E(AWS_SECRET_KEY) is used on AWS, E(TENCENTCLOUD_SECRET_KEY) or
        E(COS_SECRETKEY) on COS, and E(OSS_ACCESS_KEY_SECRET), E(ALIBABA_CLOUD_ACCESS_KEY_SECRET),
        E(ALIBABACLOUD_ACCESS_KEY_SECRET), or E(ALICLOUD_ACCESS_KEY_SECRET) on OSS.
    type: str
    aliases: [aws_secret_access_key, aws_secret_key, access_key_secret]
  session_token:
    description:
      - Token of temporary credentials, together with O(access_key) and O(secret_key).
      - If the keys come from the environment, E(AWS_SESSION_TOKEN) or E(AWS_SECURITY_TOKEN) is used on AWS,
        E(TENCENTCLOUD_TOKEN), E(TENCENTCLOUD_SECURITY_TOKEN), or E(COS_SECURITY_TOKEN) on COS, and
        E(OSS_SESSION_TOKEN), E(ALIBABA_CLOUD_SECURITY_TOKEN), E(ALIBABACLOUD_SECURITY_TOKEN), or
        E(ALICLOUD_SECURITY_TOKEN) on OSS.
    type: str
    aliases: [aws_session_token, security_token]
  profile:
    description:
      - Name of a profile in the AWS configuration files, of a section in the Tencent credentials file, or of a profile
        in C(~/.aliyun/config.json).
      - If not set, E(ALIBABACLOUD_PROFILE), E(ALIBABA_CLOUD_PROFILE), or E(ALICLOUD_PROFILE) is used on OSS if the
        environment contains no keys.
      - Mutually exclusive with O(access_key), O(secret_key), and O(session_token).
    type: str
    aliases: [aws_profile]
  assume_role_arn:
    description:
      - ARN of a role to assume with the credentials before any other request (AWS only).
      - If O(account_id) is not set, the account of the role is used. If it is set, it must be the account of the role.
    type: str
    version_added: 1.0.0
  assume_role_external_id:
    description:
      - External ID that the trust policy of the role requires.
      - Requires O(assume_role_arn).
    type: str
    version_added: 1.0.0
  assume_role_session_name:
    description:
      - Name of the role session, which the logs of the account contain. If not set, botocore generates a name.
      - Requires O(assume_role_arn).
    type: str
    version_added: 1.0.0
  endpoint_url:
    description:
      - URL to use instead of the default endpoint of the provider. On AWS, the module adds the account ID in front of
        the hostname, except for IP addresses and hostnames without a dot, for example V(localhost).
      - If not set, E(AWS_ENDPOINT_URL_S3_CONTROL), E(AWS_ENDPOINT_URL), or E(AWS_URL) is used on AWS,
        E(COS_ENDPOINT_URL) on COS, and E(OSS_ENDPOINT_URL) on OSS.
    type: str
    aliases: [aws_endpoint_url]
  validate_certs:
    description:
      - Whether to validate TLS certificates.
      - If V(false), other parties can intercept the connection and use the credentials.
    type: bool
    default: true
  ca_bundle:
    description:
      - Path to a file with CA certificates that validate the TLS certificates of the provider.
      - If not set, E(AWS_CA_BUNDLE) is used on AWS, and E(REQUESTS_CA_BUNDLE) for all providers.
    type: path
    aliases: [aws_ca_bundle]
  request_timeout:
    description:
      - Maximum time to wait for a connection, and again for a response. Set a number of seconds from V(0.1) to V(3600),
        or a duration, for example V(90s) or V(5m).
    type: raw
    default: 30.0
  concurrency:
    description:
      - Maximum number of requests in flight, from V(1) to V(1000). It only affects tasks for several jobs.
      - If not set, a task starts with 8. It doubles the number, up to 64, while the provider does not throttle and
        responses do not get slower.
      - If the provider throttles, the task sends all its requests at a lower rate. The rate increases again
        automatically.
    type: int
  max_attempts:
    description:
      - Maximum number of attempts for one request, the first attempt included. The module retries a request that is
        throttled, times out, loses its connection, or receives a server error.
      - Throttled attempts do not count while other requests of the task succeed.
    type: int
    default: 6
  retry_deadline:
    description:
      - Maximum time after the first attempt of a request in which the module starts a retry. Set a number of seconds,
        at most V(86400), or a duration, for example V(5m).
      - While a request is throttled, the time counts from the last moment at which another request of the task
        succeeded.
    type: raw
    default: 60.0
notes:
  - Options that expect text reject booleans and numbers with a decimal point. Options that expect an integer reject
    booleans. Put such text in quotes.
  - Put a job ID that consists of digits in quotes, because YAML reads C(0123456) as a different number.
  - The module reads environment variables and credential files on the host on which it runs, which is often not the
    control node. Use C(delegate_to=localhost) or C(connection=local) to read those of the control node.
  - Ansible prints credentials that you set with the C(environment) keyword of a task at C(-vvv) and above. Use the
    options instead, which are masked.
  - Providers apply priorities on a best-effort basis. A job with a higher priority can start before other jobs of the
    same account and region. It does not run faster.
requirements:
  - python >= 3.9
  - boto3 >= 1.34.0 (provider=aws)
  - requests >= 2.31.0 (provider=cos, provider=oss)
seealso:
  - name: AWS S3 Batch Operations
    description: User guide of the provider for O(provider=aws).
    link: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops.html
  - name: Tencent COS batch operation overview
    description: User guide of the provider for O(provider=cos).
    link: https://tencentcloud.com/document/product/436/32958
  - name: Alibaba Cloud OSS batch operations
    description: API reference of the provider for O(provider=oss).
    link: https://help.aliyun.com/en/oss/developer-reference/batch-operations/
"""
