# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Selectors: which jobs they match, and which values they refuse."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.traits import TRAITS as COS
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._core.priority_classes import parse_classes
from ansible_collections.objectstore.batch.plugins.module_utils._select.job_matcher import Selector, parse_selector

NOW = datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)
JOB = Job("Job-1", "Active", 10, "nightly Copy", "S3PutObjectCopy", created=NOW - datetime.timedelta(hours=1))
TAGS = {"Job-1": {"team": "a", "stage": ""}}


def parsed(traits=AWS, **keys):
    return parse_selector("select", keys, traits, parse_classes({"low": 10}, traits))


@pytest.mark.parametrize(
    ("keys", "matched"),
    [
        ({}, True),
        ({"job_ids": None, "statuses": ["Active"]}, True),
        ({"job_ids": "Job-1"}, True),
        ({"job_ids": ["job-1"]}, False),
        ({"job_ids": ["arn:aws:s3:eu-central-1:123456789012:job/Job-1"]}, True),
        ({"statuses": ["Ready", "Active"]}, True),
        ({"statuses": ["Ready"]}, False),
        ({"operations": ["S3PutObjectCopy"]}, True),
        ({"operations": ["s3putobjectcopy"]}, False),
        ({"description": "^nightly"}, True),
        ({"description": "^copy"}, False),
        ({"min_age": "1h"}, True),
        ({"min_age": "3601s"}, False),
        ({"max_age": "1h"}, True),
        ({"max_age": "3599s"}, False),
        ({"min_priority": 10, "max_priority": "low"}, True),
        ({"min_priority": 11}, False),
        ({"max_priority": 9}, False),
        ({"tags": {"team": "a"}}, True),
        ({"tags": {"team": "a", "stage": ""}}, True),
        ({"tags": {"team": "A"}}, False),
        ({"tags": {"other": ""}}, False),
        ({"statuses": ["Active"], "operations": ["Other"]}, False),
    ],
)
def test_a_job_has_to_fit_every_key(keys, matched):
    assert parsed(**keys).matches(JOB, NOW, TAGS) is matched


@pytest.mark.parametrize(
    ("keys", "job"),
    [
        ({"min_age": "0s"}, Job("job-1", "Active", 10)),
        ({"max_age": "3650d"}, Job("job-1", "Active", 10)),
        ({"min_priority": 0}, Job("job-1", "Active", None)),
        ({"max_priority": 2147483647}, Job("job-1", "Active", None)),
        ({"description": "x"}, Job("job-1", "Active", 10)),
        ({"tags": {"a": "b"}}, Job("job-1", "Active", 10)),
        ({"statuses": ["Active"]}, Job("job-1", "Hibernating", 10)),
    ],
)
def test_what_is_not_known_of_a_job_fits_no_key(keys, job):
    assert parsed(**keys).matches(job, NOW, {}) is False


def test_empty_sets_match_nothing():
    """Everything that is not None is a condition."""
    for name in ("job_ids", "statuses", "operations"):
        assert not Selector(**{name: frozenset()}).matches(JOB, NOW, TAGS)


@pytest.mark.parametrize(
    ("keys", "strict", "relaxed"),
    [
        ({"job_ids": ["jOB-1"]}, False, True),
        ({"operations": ["S3PUTOBJECTCOPY"]}, False, True),
        ({"description": "NIGHTLY copy"}, False, True),
        ({"description": "weekly"}, False, False),
        ({"job_ids": ["jOB-2"]}, False, False),
        ({"job_ids": ["Job-1"], "min_priority": 11}, False, False),
    ],
)
def test_a_relaxed_selector_ignores_case_and_nothing_else(keys, strict, relaxed):
    selector = parsed(**keys)
    assert selector.matches(JOB, NOW, TAGS) is strict
    assert selector.relaxed().matches(JOB, NOW, TAGS) is relaxed


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ({"job_ids": []}, "select.job_ids: []"),
        ({"job_ids": ""}, "select.job_ids: "),
        ({"job_ids": ["job-1", ""]}, "select.job_ids: "),
        ({"job_ids": ["job-1,job-2"]}, "select.job_ids: 'job-1,job-2'"),
        ({"job_ids": [12345]}, "select.job_ids: [12345]"),
        ({"job_ids": {"job-1": 1}}, "select.job_ids: {'job-1': 1}"),
        ({"statuses": []}, "select.statuses: []"),
        ({"statuses": ["active"]}, "select.statuses: 'active'"),
        ({"statuses": ["Complete"]}, "select.statuses: 'Complete'"),
        ({"operations": [None]}, "select.operations: [None]"),
        ({"description": ""}, "select.description: ''"),
        ({"description": "("}, "select.description: '('"),
        ({"description": 7}, "select.description"),
        ({"min_age": 5}, "select.min_age: 5"),
        ({"max_age": ""}, "select.max_age: ''"),
        ({"min_priority": True}, "select.min_priority: True"),
        ({"max_priority": "highest"}, "select.max_priority: 'highest'"),
        ({"min_priority": 11, "max_priority": "low"}, "select.min_priority: 11"),
        ({"tags": {}}, "select.tags: {}"),
        ({"tags": {"a": 1}}, "select.tags: {'a': 1}"),
        ({"tags": ["a"]}, "select.tags: ['a']"),
        ({"status": ["Active"]}, "select: status"),
    ],
)
def test_what_is_refused(keys, text):
    with pytest.raises(OptionError) as error:
        parsed(**keys)
    option, _colon, value = text.partition(": ")
    assert str(error.value).startswith(f"value of {option} must ")
    assert f", got: {value}" in str(error.value)


@pytest.mark.parametrize("value", [None, "", "job-1", 5, ["job-1"]])
def test_a_selector_is_a_dictionary(value):
    with pytest.raises(
        OptionError, match=r"^value of order\[0\] must be a job ID or a dictionary, got: .*\. Its keys can be job_ids"
    ):
        parse_selector("order[0]", value, AWS, parse_classes(None, AWS))


def test_tags_are_refused_where_jobs_have_none():
    with pytest.raises(
        OptionError, match=r"^select.tags is not supported for Tencent COS batch processing: its jobs have no tags"
    ):
        parsed(COS, tags={"a": "b"})
