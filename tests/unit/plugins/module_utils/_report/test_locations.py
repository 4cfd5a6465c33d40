# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a report is: keys of this job, and of no other."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS as COS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss.traits import TRAITS as OSS
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job, Progress, Report
from ansible_collections.objectstore.batch.plugins.module_utils._report.locations import (
    Location,
    expected_rows,
    manifests,
    of_job,
    of_this_job,
)

UUID = "0f1e2d3c-0000-4000-8000-123456789abc"


@pytest.mark.parametrize(
    ("traits", "bucket", "name"),
    [
        (AWS, "arn:aws:s3:::reports", "reports"),
        (AWS, "arn:aws-cn:s3:::reports", "reports"),
        (COS, "qcs::cos:ap-guangzhou:uid/1250000000:reports-1250000000", "reports-1250000000"),
        (OSS, "acs:oss:cn-hangzhou:1234567890123456:reports", "reports"),
        (OSS, "oss://reports", "reports"),
        (OSS, "reports", "reports"),
    ],
)
def test_a_job_names_its_bucket_in_the_words_of_its_cloud(traits, bucket, name):
    job = Job("job-1", report=Report(True, bucket, "p/", "AllTasks"))
    assert of_job(job, traits) == Location(name, "p/", "AllTasks")


@pytest.mark.parametrize("report", [None, Report(False, "arn:aws:s3:::reports")])
def test_a_job_without_a_report_has_no_place(report):
    assert of_job(Job("job-1", report=report), AWS) is None


@pytest.mark.parametrize(
    ("progress", "scope", "rows"),
    [
        (Progress(10, 7, 2), "AllTasks", 9),
        (Progress(10, 7, 2), "FailedTasksOnly", 2),
        (Progress(10, 7, 2), "", None),
        (Progress(10, 7, 2), "Other", None),
        # A cloud may leave out a count of 0.
        (Progress(10, 7, None), "FailedTasksOnly", 0),
        (Progress(10, None, 2), "AllTasks", 2),
        (Progress(10, 0, 0), "AllTasks", 0),
        (Progress(10, None, None), "AllTasks", None),
    ],
)
def test_how_many_rows_a_report_has_to_have(progress, scope, rows):
    assert expected_rows(Job("job-1", progress=progress), scope) == rows


def test_nothing_is_expected_of_a_job_that_is_not_known():
    assert expected_rows(None, "AllTasks") is None


@pytest.mark.parametrize(
    ("location", "keys"),
    [
        (Location("b"), ["job-1/manifest.json"]),
        (Location("b", "p"), ["p/job-1/manifest.json"]),
        (Location("b", "p/"), ["p//job-1/manifest.json", "p/job-1/manifest.json"]),
        (Location("b", "/"), ["//job-1/manifest.json", "job-1/manifest.json"]),
        (Location("b", "p", manifest="other.json"), ["other.json"]),
    ],
)
def test_keys_that_a_manifest_may_have(location, keys):
    assert manifests(location, "1") == keys


@pytest.mark.parametrize(
    ("key", "names", "found"),
    [
        ("p/job-1/manifest.json", {"1"}, True),
        ("job-1.csv", {"1"}, True),
        ("p/job-1.csv.gz", {"1"}, True),
        ("p/job-1.json", {"1"}, True),
        ("p/job-10/manifest.json", {"1"}, False),
        ("p/old-job-1/manifest.json", {"1"}, False),
        ("p/job-1-retry/manifest.csv", {"1"}, False),
        ("p/job-1.csv.bak", {"1"}, False),
        # A word of people's, such as a date, counts behind job- alone.
        ("p/2026/x.csv", {"2026"}, False),
        ("p/job-2026/x.csv", {"2026"}, True),
        (f"p/{UUID}/x.csv", {UUID}, True),
        (f"{UUID}.csv", {UUID}, True),
        (f"p/{UUID}0/x.csv", {UUID}, False),
        (f"p/retry-{UUID}/x.csv", {UUID}, False),
        ("p/" + "a" * 32 + "/x.csv", {"a" * 32}, True),
        ("p/" + "a" * 31 + "/x.csv", {"a" * 31}, False),
        ("p/job-aXb/x.csv", {"a.b"}, False),
        ("p/job-a+b/x.csv", {"a+b"}, True),
        # A name that is empty, or that no path shows, must not make every key one of the job.
        ("p/job-/x.csv", {"", "1"}, False),
        ("p/job-/x.csv", {""}, False),
        ("p/job-/x.csv", set(), False),
        ("p/job-1/x.csv", {"", "1"}, True),
        ("p/job-a\n/x.csv", {"a\n", "1"}, False),
    ],
)
def test_keys_of_this_job(key, names, found):
    assert of_this_job([key, "p/other.csv"], names) == ([key] if found else [])
