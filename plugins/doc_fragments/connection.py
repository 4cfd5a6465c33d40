# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Where and how to connect; the spec is CONNECTION_SPEC in module_utils/_options.py.
    DOCUMENTATION = r"""
options:
  provider:
    description:
      - The cloud that runs the jobs.
      - V(aws) is AWS S3 Batch Operations, V(cos) is Tencent COS batch processing, V(oss) is Alibaba Cloud OSS batch
        operations.
    type: str
    required: true
    choices: [aws, cos, oss]
  region:
    description:
      - The region of the jobs, such as V(eu-central-1) on AWS, V(ap-guangzhou) on COS or V(cn-hangzhou) on OSS. A job
        is known in its own region only.
      - If not set, E(AWS_REGION), E(AWS_DEFAULT_REGION) or the profile's region is used on AWS,
        E(TENCENTCLOUD_REGION) on COS, and E(ALIBABA_CLOUD_REGION_ID), E(ALIBABACLOUD_REGION_ID),
        E(ALICLOUD_REGION_ID) or E(OSS_REGION) on OSS.
    type: str
    aliases: [aws_region]
  account_id:
    description:
      - On AWS the 12 digits of the account, in quotes so that YAML keeps leading zeros. If not set, it costs one
        request more to look it up (STS GetCallerIdentity).
      - On COS the UIN of the main account, such as V(100000000001); required. It is not the APPID. The name of COS's
        own endpoint contains it, so COS rejects the credentials of another account. At an O(endpoint_url) that does not
        contain it, a job whose role belongs to another account is rejected.
      - On OSS the UID of the account. OSS takes the account from the key. If this option is set, the task asks STS for
        the account of the credentials first (GetCallerIdentity, one request) and fails before any other request if it
        is a different one.
    type: str
    aliases: [uin]
  app_id:
    description:
      - The APPID of the COS account, such as V(1250000000), sent as C(x-cos-appid). Required on COS, not used
        elsewhere.
      - UIN and APPID are two different numbers of one account.
    type: str
    aliases: [appid]
  access_key:
    description:
      - Access key id (AWS), SecretId (COS) or AccessKey ID (OSS). If set, O(secret_key) is required, and nothing is
        taken from the environment.
      - If not set, E(AWS_ACCESS_KEY_ID) or E(AWS_ACCESS_KEY) is used on AWS, E(TENCENTCLOUD_SECRET_ID) or
        E(COS_SECRETID) on COS, and E(OSS_ACCESS_KEY_ID), E(ALIBABA_CLOUD_ACCESS_KEY_ID),
        E(ALIBABACLOUD_ACCESS_KEY_ID) or E(ALICLOUD_ACCESS_KEY_ID) on OSS. Keys of variables whose names begin
        differently are never mixed on COS and OSS.
      - If the environment names no key pair, the SDK's own places are searched. On AWS these are profiles, web
        identity, SSO, container and instance roles; on COS the file C(~/.tencentcloud/credentials) or
        C(/etc/tencentcloud/credentials) and then the role of the virtual machine.
      - On OSS they are an OIDC role (E(ALIBABA_CLOUD_ROLE_ARN), E(ALIBABA_CLOUD_OIDC_PROVIDER_ARN),
        E(ALIBABA_CLOUD_OIDC_TOKEN_FILE)), the current profile of C(~/.aliyun/config.json) unless
        E(ALIBABA_CLOUD_CLI_PROFILE_DISABLED) is V(true), and the role of the virtual machine (ECS) unless
        E(ALIBABA_CLOUD_ECS_METADATA_DISABLED) is V(true). E(ALIBABA_CLOUD_ECS_METADATA) names that role, and with
        E(ALIBABA_CLOUD_IMDSV1_DISABLED) it is asked for in the hardened mode only. Roles are assumed at
        C(sts.aliyuncs.com), or at O(endpoint_url) where that is not one of Alibaba's own.
    type: str
    aliases: [aws_access_key_id, aws_access_key, secret_id, access_key_id]
  secret_key:
    description:
      - Secret access key (AWS), SecretKey (COS) or AccessKey secret (OSS).
      - If not set, E(AWS_SECRET_ACCESS_KEY) or E(AWS_SECRET_KEY) is used on AWS, E(TENCENTCLOUD_SECRET_KEY) or
        E(COS_SECRETKEY) on COS, and E(OSS_ACCESS_KEY_SECRET), E(ALIBABA_CLOUD_ACCESS_KEY_SECRET),
        E(ALIBABACLOUD_ACCESS_KEY_SECRET) or E(ALICLOUD_ACCESS_KEY_SECRET) on OSS.
    type: str
    aliases: [aws_secret_access_key, aws_secret_key, access_key_secret]
  session_token:
    description:
      - Token of temporary credentials.
      - If not set, E(AWS_SESSION_TOKEN) or E(AWS_SECURITY_TOKEN) is used on AWS, E(TENCENTCLOUD_TOKEN),
        E(TENCENTCLOUD_SECURITY_TOKEN) or E(COS_SECURITY_TOKEN) on COS, and E(OSS_SESSION_TOKEN),
        E(ALIBABA_CLOUD_SECURITY_TOKEN), E(ALIBABACLOUD_SECURITY_TOKEN) or E(ALICLOUD_SECURITY_TOKEN) on OSS, but
        only together with keys of the environment.
    type: str
    aliases: [aws_session_token, security_token]
  profile:
    description:
      - Named profile of the AWS configuration files, section of Tencent's credentials file, or profile of
        C(~/.aliyun/config.json) with the mode V(AK), V(StsToken), V(RamRoleArn), V(ChainableRamRoleArn),
        V(EcsRamRole) or V(OIDC).
      - If not set, E(ALIBABACLOUD_PROFILE), E(ALIBABA_CLOUD_PROFILE) or E(ALICLOUD_PROFILE) names the profile on OSS
        where the environment names no keys.
      - Cannot be combined with O(access_key), O(secret_key) or O(session_token).
    type: str
    aliases: [aws_profile]
  assume_role_arn:
    description:
      - A role to assume with the credentials before anything else is asked, by its ARN (AWS only). Its account is the
        one that is worked in where O(account_id) is not set.
    type: str
    version_added: 1.0.0
  assume_role_external_id:
    description: The external id that the role's trust policy asks for.
    type: str
    version_added: 1.0.0
  assume_role_session_name:
    description: The name of the session, which stands in the logs of the account; botocore makes one up if not set.
    type: str
    version_added: 1.0.0
  endpoint_url:
    description:
      - URL to use instead of the cloud's own endpoint.
      - On AWS the account id is put before the host name, as the AWS SDKs do, except where the host is an IP
        address or a name without a dot such as V(localhost). STS is asked at the same URL unless it is one of
        Amazon's own.
      - On COS the URL is used as it is, so it has to contain the UIN where the endpoint expects one. On OSS it is used
        as it is, too; an internal endpoint is V(https://oss-cn-hangzhou-internal.aliyuncs.com).
      - If not set, E(AWS_ENDPOINT_URL_S3_CONTROL), E(AWS_ENDPOINT_URL) or E(AWS_URL) is used on AWS,
        E(COS_ENDPOINT_URL) on COS and E(OSS_ENDPOINT_URL) on OSS.
    type: str
    aliases: [aws_endpoint_url]
  validate_certs:
    description: Whether to check TLS certificates. Turning it off exposes the credentials' session to others.
    type: bool
    default: true
  ca_bundle:
    description:
      - File of CA certificates to check TLS certificates with. E(AWS_CA_BUNDLE) may be used on AWS, and
        E(REQUESTS_CA_BUNDLE) everywhere.
    type: path
    aliases: [aws_ca_bundle]
  request_timeout:
    description: Seconds to wait for a connection, and again for an answer, 3600 at the most; or a duration such as
      V(90s) or V(5m).
    type: raw
    default: 30.0
  concurrency:
    description:
      - How many requests may be under way at once. It matters for tasks about several jobs only.
      - If not set, a task starts with 8 and doubles the number, up to 64, while nothing is throttled and answers
        get no slower.
      - When the cloud throttles, all requests of the task slow down together and speed up again by themselves.
    type: int
  max_attempts:
    description:
      - How often one request is sent at the most, the first time included, when it is throttled, times out, loses
        its connection or is answered with a server error.
      - Throttled attempts do not count while other requests of the task get through.
    type: int
    default: 6
  retry_deadline:
    description:
      - Seconds, or a duration such as V(5m), after the first attempt of a request in which another one may start. While
        it is throttled, the time counts from the last moment at which other requests of the task got through.
      - V(86400) (V(1d)) or less.
    type: raw
    default: 60.0
notes:
  - Options that expect text reject booleans and numbers with a decimal point, and options that expect an integer reject
    booleans. Put such text in quotes. A job ID that consists of digits must be in quotes, too, because YAML reads
    C(0123456) as another number.
  - Environment variables and credential files are read on the host that runs the module, which is often not the
    controller. Use C(delegate_to=localhost) or C(connection=local) to read those of the controller.
  - Credentials given with C(environment) on a task are printed by Ansible itself at C(-vvv) and above. Use the
    options, which are masked.
  - Priority is a preference that the clouds honour on a best-effort basis. A higher number lets a job start before
    others of the same account and region; it does not make it run faster.
requirements:
  - python >= 3.9
  - boto3 >= 1.34.0 (provider=aws)
  - requests >= 2.31.0 (provider=cos, provider=oss)
"""
