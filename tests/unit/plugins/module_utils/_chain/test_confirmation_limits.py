# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is warned about a job that waits for a confirmation, and when."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._chain.confirmation_limits import warn
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS as COS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss.traits import TRAITS as OSS
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job

NOW = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)


def ago(days):
    return NOW - datetime.timedelta(days=days)


@pytest.mark.parametrize(
    ("traits", "days", "warned"),
    [
        *((AWS, 22, False), (AWS, 22.5, True), (AWS, 60, True)),
        *((OSS, 10, False), (OSS, 10.5, True)),
        *((COS, 13.9, False), (COS, 14, True)),
    ],
)
def test_a_job_that_waits_too_long(traits, days, warned):
    job = Job("job-b", "Suspended", created=ago(days))
    assert bool(warn([job], traits, NOW)) is warned


def test_the_warning_names_the_limit():
    job = Job("job-b", "Suspended", created=ago(80), suspended=ago(25))
    assert warn([job], AWS, NOW) == [
        "Job job-b has waited for a confirmation for up to 25 days."
        " AWS S3 Batch Operations fails a job that has waited for 30 days."
    ]
    (text,) = warn([Job("job-b", "Suspended", created=ago(80))], COS, NOW)
    assert text.endswith("does not document how long a job can wait.")


def test_other_jobs_are_not_meant():
    jobs = [Job("a", "Active", created=ago(80)), Job("b", "New", created=ago(80)), Job("c", "Suspended")]
    assert warn(jobs, AWS, NOW) == []
    many = [Job(f"job-{number}", "Suspended", created=ago(80)) for number in range(100)]
    assert len(warn(many, AWS, NOW)) == 11
