# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a selector that matches nothing nearly matches."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS
from ansible_collections.objectstore.batch.plugins.module_utils._core import bounded_regex
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.priority_classes import parse_classes
from ansible_collections.objectstore.batch.plugins.module_utils._select.job_matcher import parse_selector
from ansible_collections.objectstore.batch.plugins.module_utils._select.near_misses import near_misses

NOW = datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)
LIVE = Job("job-1", "Active", 10, "nightly copy", "S3PutObjectCopy")
ENDED = Job("job-2", "Complete", 10, "weekly copy", "S3PutObjectTagging")


def near(live=(LIVE,), ended=(ENDED,), **keys):
    selector = parse_selector("select", keys, TRAITS, parse_classes(None, TRAITS))
    return near_misses(selector, live, ended, (NOW, {"job-2": {"team": "a"}}))


@pytest.mark.parametrize(
    ("keys", "clauses"),
    [
        ({"description": "hourly"}, []),
        ({"description": "Nightly"}, ["1 live job matches if case is ignored: job-1 (Active)"]),
        ({"job_ids": ["JOB-1"]}, ["1 live job matches if case is ignored: job-1 (Active)"]),
        ({"description": "weekly"}, ["1 ended job matches: job-2 (Complete)"]),
        ({"description": "weekly", "statuses": ["Active"]}, ["1 ended job matches: job-2 (Complete)"]),
        (
            {"description": "Weekly"},
            ["1 ended job matches if case is ignored: job-2 (Complete)"],
        ),
        ({"description": "nightly", "min_priority": 11}, []),
        (
            {"operations": ["S3PutObjectCopi"]},
            ["no live job has the operation 'S3PutObjectCopi' (did you mean S3PutObjectCopy?)"],
        ),
        (
            {"operations": ["LambdaInvoke"]},
            ["no live job has the operation 'LambdaInvoke' (operations of live jobs: S3PutObjectCopy)"],
        ),
    ],
)
def test_clauses(keys, clauses):
    assert near(**keys) == clauses


def test_nothing_is_said_of_ended_jobs_where_tags_decide():
    """Their tags are not read, so a job of other users might be named."""
    assert near(description="weekly", tags={"team": "a"}) == []
    assert near(description="weekly") != []


def test_many_jobs_are_counted_and_the_newest_are_named():
    days = [NOW - datetime.timedelta(days=number) for number in range(5)]
    ended = [Job(f"job-{number}", "Failed", 1, "weekly", created=day) for number, day in enumerate(days)]
    assert near(ended=ended, description="weekly") == [
        "5 ended jobs match: job-0 (Failed), job-1 (Failed), job-2 (Failed) and 2 more"
    ]


def test_operations_of_others_are_quoted_and_cut():
    live = [Job("job-1", "Active", 10, "", "X" * 500)]
    [clause] = near(live=live, operations=["a\n" + "b" * 500])
    assert clause.isprintable()
    assert len(clause) < 200
    assert near(live=[], operations=["LambdaInvoke"]) == ["no live job has the operation 'LambdaInvoke'"]


def test_a_pattern_that_takes_too_long_costs_the_hint_and_not_the_message(monkeypatch):
    monkeypatch.setattr(bounded_regex, "_SECONDS", 0.01)
    slow = Job("job-1", "Active", 10, "a" * 40 + "!")
    assert near(live=[slow], description="(a+)+$") == []
