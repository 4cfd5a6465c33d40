# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the providers document differently about jobs, one row a difference.

Each row names the test that shows the emulator's behavior (below tests/conformance, with the providers' own clients
where they know the call) and the test that shows what the collection makes of it. object_differences.py is the same
for objects. test_job_differences.py checks that the tests exist.

Sources: AWS, botocore's s3control model 2018-08-20 and the Amazon S3 User Guide; COS, Tencent Cloud COS documentation,
"Batch processing APIs", and cos-go-sdk-v5 batch.go; OSS, Alibaba Cloud OSS documentation, "Batch Operations".
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A difference. Tests are FILE::FUNCTION: emulator below tests/conformance, product below tests."""

    name: str
    aws: str
    cos: str
    oss: str
    emulator: tuple[str, ...]
    product: tuple[str, ...]


ROWS = (
    Row(
        "account in a request",
        "account ID as a label of the host and in x-amz-account-id",
        "UIN as a label of the host, APPID in x-cos-appid",
        "none: the account is that of the key",
        (
            "test_aws_identity.py::test_wrong_account",
            "test_cos_identity.py::test_app_id",
            "test_oss.py::test_queues_are_apart",
        ),
        ("contract/test_accounts.py::test_every_cloud_refuses_the_account_of_somebody_else",),
    ),
    Row(
        "account of the credentials",
        "STS GetCallerIdentity",
        "not documented for batch processing",
        "STS GetCallerIdentity",
        ("test_aws_identity.py::test_caller_identity", "test_oss.py::test_whose_key_it_is"),
        (
            "contract/test_connection.py::test_account_of_the_credentials",
            "contract/test_accounts.py::test_keys_of_another_account_ask_for_nothing",
            "contract/test_accounts.py::test_a_uin_that_is_not_that_of_the_job",
        ),
    ),
    Row(
        "custom endpoints",
        "the account label is put before any host, addresses included",
        "used as they are",
        "used as they are",
        ("test_aws_identity.py::test_account_label_before_an_address", "test_cos_identity.py::test_direct_form"),
        ("contract/test_connection.py::test_endpoints_that_cannot_carry_the_account",),
    ),
    Row(
        "path and version",
        "/v20180820/jobs",
        "/jobs",
        "/ with sub-resources in the query",
        (
            "test_aws_operations.py::test_shape_of_the_answers",
            "test_cos_operations.py::test_create_and_describe",
            "test_oss.py::test_every_operation",
        ),
        ("contract/test_oss.py::test_requests_are_the_documented_ones", "contract/test_priority.py::test_changed"),
    ),
    Row(
        "job ID",
        "5 to 36 letters, digits, hyphens, underscores, in the path",
        "1 to 64 bytes, in the path",
        "base64 with = and +, in the query, where it must be encoded",
        ("test_cos_operations.py::test_missing_jobs_and_ids", "test_oss.py::test_an_empty_id_lists"),
        (
            "contract/test_oss.py::test_ids_that_are_none_cost_no_request",
            "contract/test_priority.py::test_an_id_never_changes_the_url",
        ),
    ),
    Row(
        "resource name of a job",
        "an ARN with region and account",
        "none",
        "none",
        ("test_aws_operations.py::test_describe_shows_everything",),
        (
            "contract/test_accounts.py::test_an_arn_of_another_queue_is_refused",
            "contract/test_accounts.py::test_an_arn_of_the_queue_itself_is_taken",
        ),
    ),
    Row(
        "priority in an update",
        "priority, 0 to 2147483647",
        "priority, 0 to 2147483647",
        "targetPriority, 0 to 2147483647",
        (
            "test_aws_operations.py::test_update_priority_refuses",
            "test_cos_operations.py::test_update_priority_refuses",
            "test_oss.py::test_priorities",
        ),
        ("contract/test_priority.py::test_bad_priorities_cost_no_request",),
    ),
    Row(
        "priority of 0 in a list",
        "shown",
        "may be left out",
        "shown",
        ("test_faults.py::test_no_priority",),
        ("contract/test_last_look.py::test_priorities_of_0_that_a_cloud_leaves_out",),
    ),
    Row(
        "filter of a list by status",
        "repeated jobStatuses",
        "one jobStatuses",
        "batchJobStatuses joined by |",
        (
            "test_paging.py::test_aws_status_filter",
            "test_paging.py::test_cos_status_filter",
            "test_oss.py::test_lists_of_some_statuses",
        ),
        ("contract/test_info.py::test_filters",),
    ),
    Row(
        "pages",
        "maxResults and nextToken",
        "maxResults and nextToken, which is the last job ID",
        "max-keys (100 by default) and continuation-token",
        ("test_paging.py::test_aws_pages", "test_paging.py::test_cos_pages", "test_oss.py::test_pages"),
        ("contract/test_info.py::test_all_pages", "contract/test_pages.py::test_each_page_has_attempts_of_its_own"),
    ),
    Row(
        "node of a job in a list",
        "Jobs/member",
        "Jobs/member",
        "Jobs/JobListDescriptor",
        ("test_oss.py::test_the_sdk_reads_the_answers",),
        (
            "unit/plugins/module_utils/_clouds/shared/test_parse_job_xml.py::test_page",
            "contract/test_info.py::test_everything_by_rank",
        ),
    ),
    Row(
        "lists in an operation",
        "member, entry, or the name of the model",
        "repeated siblings (COSTag), member in Fields and UserMetadata",
        "TagSet/Tag",
        (
            "test_aws_operations.py::test_operations_are_read_by_the_model",
            "test_cos_operations.py::test_lists_inside_operations",
            "test_oss.py::test_requests_that_are_refused",
        ),
        (
            "contract/test_create.py::test_the_cloud_got_what_was_written",
            "contract/test_retry_as_is.py::test_documented_operations_there_and_back",
        ),
    ),
    Row(
        "manifest",
        "ObjectArn, fields as a list",
        "ObjectArn (qcs), fields as a list",
        "Bucket and Object, fields as one text",
        (
            "test_aws_operations.py::test_manifests_have_a_bucket_and_a_key",
            "test_oss.py::test_a_job_is_described_as_documented",
        ),
        ("contract/test_oss.py::test_names_of_objects_and_buckets",),
    ),
    Row(
        "generated manifest",
        "ManifestGenerator",
        "none",
        "KeyPrefixManifestGenerator",
        ("test_aws_operations.py::test_create_with_generated_manifest", "test_oss.py::test_generated_manifests"),
        ("contract/test_create.py::test_what_only_some_clouds_have",),
    ),
    Row(
        "report of a job",
        "Enabled alone is enough for none",
        "all but Prefix are required",
        "Bucket, Enabled, Prefix, ReportScope, no Format",
        (
            "test_aws_operations.py::test_create_refuses",
            "test_cos_operations.py::test_create_refuses",
            "test_oss.py::test_requests_that_are_refused",
        ),
        ("contract/test_create.py::test_what_only_some_clouds_have",),
    ),
    Row(
        "expected owner of the report's bucket",
        "Report.ExpectedBucketOwner",
        "none",
        "none",
        ("test_aws_operations.py::test_describe_shows_everything",),
        ("contract/test_retry_as_is.py::test_the_owner_of_the_reports_bucket",),
    ),
    Row(
        "length of a description",
        "256 characters",
        "256 bytes",
        "not documented",
        ("test_cos_operations.py::test_description_is_measured_in_bytes",),
        ("contract/test_create.py::test_descriptions_are_measured_as_the_cloud_does",),
    ),
    Row(
        "reason of a status update",
        "1 to 256 characters, left out if empty",
        "up to 256 bytes",
        "required for Cancelled",
        ("test_aws_operations.py::test_update_status_refuses", "test_oss.py::test_a_cancellation_needs_a_reason"),
        ("contract/test_status.py::test_reasons_are_measured_as_the_cloud_does",),
    ),
    Row(
        "used token of CreateJob",
        "same request: the same job; another: IdempotencyException",
        "always 400 InvalidRequest",
        "not documented",
        (
            "test_aws_operations.py::test_same_token_same_request_is_the_same_job",
            "test_cos_operations.py::test_used_token_is_refused_even_for_the_same_request",
        ),
        (
            "contract/test_create.py::test_a_used_token_whose_job_is_gone",
            "contract/test_create.py::test_one_job_whatever_gets_lost",
        ),
    ),
    Row(
        "confirmation if the request does not mention it",
        "required",
        "not required",
        "not documented",
        ("test_aws_operations.py::test_a_job_waits_for_its_confirmation_unless_told_otherwise",),
        ("contract/test_create.py::test_the_cloud_got_what_was_written",),
    ),
    Row(
        "unconfirmed job",
        "fails after 30 days",
        "not documented",
        "fails after 14 days",
        ("test_scheduler.py::test_confirmation_expires",),
        ("contract/test_info.py::test_how_long_a_suspended_job_has_left",),
    ),
    Row(
        "statuses from which Ready can be requested",
        "Suspended",
        "Suspended",
        "Suspended or Preparing",
        ("test_aws_operations.py::test_update_status_rules", "test_oss.py::test_what_can_be_confirmed"),
        ("contract/test_status.py::test_every_pair",),
    ),
    Row(
        "statuses from which Cancelled is refused",
        "not documented",
        "partly, by error texts",
        "Cancelled, Cancelling, Complete, Completing, Failed, Failing",
        ("test_cos_operations.py::test_update_status_refuses", "test_oss.py::test_what_cannot_be_cancelled"),
        ("contract/test_status.py::test_every_pair",),
    ),
    Row(
        "tags of a job",
        "three calls",
        "none",
        "none",
        ("test_aws_operations.py::test_tags",),
        (
            "contract/test_info.py::test_tags_on_request_only",
            "contract/test_retry_as_is.py::test_tags_that_may_not_be_read_are_a_warning",
        ),
    ),
    Row(
        "deletion of a job",
        "none",
        "DELETE, not documented",
        "none",
        ("test_cos_operations.py::test_delete",),
        ("contract/test_status.py::test_bad_options_cost_no_request",),
    ),
    Row(
        "times",
        "ISO 8601",
        "ISO 8601 with Z",
        "Unix seconds",
        ("test_oss.py::test_a_job_is_described_as_documented",),
        ("unit/plugins/module_utils/_clouds/shared/test_parse_job_xml.py::test_unix_seconds",),
    ),
    Row(
        "since when a job is Suspended",
        "SuspendedDate",
        "SuspendedDate",
        "none",
        ("test_scheduler.py::test_confirmation", "test_oss.py::test_a_job_is_described_as_documented"),
        ("contract/test_info.py::test_how_long_a_suspended_job_has_left",),
    ),
    Row(
        "reasons of a failure in a healthy job",
        "none",
        "present and empty",
        "present and empty",
        (
            "test_aws_operations.py::test_healthy_job_has_no_failure_reasons",
            "test_cos_operations.py::test_create_and_describe",
        ),
        ("contract/test_info.py::test_progress_and_failures",),
    ),
    Row(
        "new priority of an ended job",
        "not documented",
        "404 NoSuchJob",
        "not documented",
        (
            "test_aws_operations.py::test_update_priority_of_ended_and_ending_jobs",
            "test_scheduler.py::test_finished_cos_job_is_no_such_job_for_updates",
        ),
        ("contract/test_priority.py::test_ended_between_read_and_write", "contract/test_priority.py::test_ended"),
    ),
    Row(
        "unknown job",
        "NotFoundException, NoSuchJobException, or NoSuchJob",
        "404 NoSuchJob",
        "EC 0017-00001002",
        (
            "test_aws_operations.py::test_not_found",
            "test_cos_operations.py::test_missing_jobs_and_ids",
            "test_oss.py::test_no_such_job",
        ),
        (
            "contract/test_priority.py::test_no_such_job",
            "contract/test_oss.py::test_the_finer_code_is_judged_first_and_shown",
        ),
    ),
    Row(
        "throttling",
        "TooManyRequestsException (400), SlowDown (503)",
        "SlowDown (503)",
        "429 or 503",
        ("test_faults.py::test_throttle",),
        ("contract/test_matrix.py::test_reads",),
    ),
    Row(
        "how long an ended job is shown",
        "90 days after its end",
        "90 days after its creation",
        "not documented",
        ("test_scheduler.py::test_ended_jobs_vanish",),
        ("contract/test_info.py::test_how_long_an_ended_job_is_shown",),
    ),
    Row(
        "value-less parameter in a signature",
        "not used",
        "key=",
        "key",
        ("test_cos_identity.py::test_value_less_parameter", "test_oss.py::test_every_operation"),
        (
            "unit/plugins/module_utils/_clouds/cos/test_signature.py::test_everything_is_signed",
            "unit/plugins/module_utils/_clouds/oss/test_signature.py::test_batch_vectors",
        ),
    ),
    Row(
        "clock that is off",
        "RequestTimeTooSkewed, no SDK corrects it",
        "RequestTimeTooSkewed, no SDK corrects it",
        "RequestTimeTooSkewed with the server's time, which the SDKs take",
        (
            "test_aws_identity.py::test_clock_difference",
            "test_cos_identity.py::test_time_window",
            "test_oss.py::test_clocks_that_differ",
        ),
        ("contract/test_oss.py::test_the_clock_is_learnt_once", "contract/test_accounts.py::test_sts_tells_the_time"),
    ),
    Row(
        "token of temporary keys",
        "X-Amz-Security-Token",
        "x-cos-security-token",
        "x-oss-security-token",
        (
            "test_aws_identity.py::test_temporary_key_needs_its_token",
            "test_cos_identity.py::test_temporary_key_needs_its_token",
            "test_oss.py::test_keys_and_tokens",
        ),
        ("contract/test_priority.py::test_temporary_credentials",),
    ),
    Row(
        "error bodies",
        "ErrorResponse around Error, or a bare Error",
        "Error with Resource and TraceId",
        "Error with EC",
        (
            "test_faults.py::test_bare_error",
            "test_cos_operations.py::test_request_ids",
            "test_oss.py::test_no_such_job",
        ),
        (
            "unit/plugins/module_utils/_clouds/shared/test_parse_job_xml.py::test_errors_with_and_without_envelope",
            "unit/plugins/module_utils/_clouds/shared/test_parse_job_xml.py::test_errors_of_oss_say_more",
        ),
    ),
    Row(
        "partitions",
        "each has its own hosts and resource names",
        "none documented",
        "none documented",
        ("test_aws_identity.py::test_region_of_the_host",),
        ("contract/test_partitions.py",),
    ),
    Row(
        "regions that are enabled for an account",
        "DescribeRegions of EC2",
        "not documented",
        "not documented",
        ("test_aws_identity.py::test_the_regions_of_an_account",),
        ("contract/test_inventory.py",),
    ),
    Row(
        "keys of a machine's role",
        "IMDSv2, refreshed by botocore",
        "metadata.tencentyun.com, ExpiredTime",
        "100.100.100.200, Expiration",
        ("test_cos_identity.py::test_instance_role",),
        ("contract/test_renewal.py", "contract/test_places.py"),
    ),
    Row(
        "layout of a report",
        "documented: manifest.json, MD5, seven columns, status and code in an order of their own",
        "not documented",
        "not documented",
        ("test_object_differences.py::test_the_emulator_answers_as_documented",),
        (
            "contract/test_report.py::test_what_a_report_says",
            "contract/test_report.py::test_a_report_that_is_looked_for",
            "contract/test_report_files.py::test_a_report_is_found_by_the_whole_id",
        ),
    ),
    Row(
        "keys in manifests",
        "URL-encoded; copied from the report",
        "quotes are not documented",
        "versions are not documented",
        ("test_cos_operations.py::test_create_refuses",),
        ("contract/test_retry.py::test_keys_that_no_manifest_can_hold", "contract/test_retry.py::test_versions"),
    ),
)
