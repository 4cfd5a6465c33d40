# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The links of a task: which values are valid."""

from __future__ import annotations

import fractions

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._chain.links import LINK_SPEC, parse_links
from ansible_collections.objectstore.batch.plugins.module_utils._chain.predecessors import Acceptance
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS as AWS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._core.priority_classes import parse_classes

HERE = AWS.at("eu-central-1", "111122223333")
BY_TEXT = {"description": "copy", "max_age": "2d"}


def parsed(*links):
    """Return links with the defaults that AnsibleModule sets."""
    defaults = {"accept": "complete", "max_failed": None}
    return parse_links([{**defaults, **link} for link in links], HERE, parse_classes(None, HERE))


def test_every_key_of_a_link_is_read():
    assert set(LINK_SPEC) == {"job", "after", "accept", "max_failed"}


def test_jobs_are_ids_or_selectors():
    arn = "arn:aws:s3:eu-central-1:111122223333:job/job-a"
    first, second = parsed({"job": "job-b", "after": [arn, BY_TEXT]}, {"job": dict(BY_TEXT), "after": ["job-c"]})
    assert first.job.node == "job-b"
    assert [item.node for item in first.after] == ["job-a", second.job.node]
    assert first.after[1] is second.job
    assert second.edges.option == "links[1]"


@pytest.mark.parametrize(
    ("accept", "limit", "expected"),
    [
        ("complete", None, Acceptance()),
        ("any", None, Acceptance("any")),
        ("partial", 0, Acceptance("partial", 0)),
        ("partial", "12", Acceptance("partial", 12)),
        ("partial", "0%", Acceptance("partial", None, fractions.Fraction(0))),
        ("partial", "2.5%", Acceptance("partial", None, fractions.Fraction(1, 40))),
        ("partial", "100%", Acceptance("partial", None, fractions.Fraction(1))),
    ],
)
def test_the_rule_about_results(accept, limit, expected):
    assert parsed({"job": "job-b", "after": ["job-a"], "accept": accept, "max_failed": limit})[0].acceptance == expected


@pytest.mark.parametrize("limit", [None, True, -1, 1.5, "", "-1", "1e3", "101%", "100.1%", "%", "1 %", "٣", [1], {}])
def test_a_limit_is_a_number_of_tasks_or_a_share(limit):
    with pytest.raises(OptionError, match=r"^value of links\[0\].max_failed must"):
        parsed({"job": "job-b", "after": ["job-a"], "accept": "partial", "max_failed": limit})


@pytest.mark.parametrize("accept", ["complete", "any"])
@pytest.mark.parametrize("limit", [0, 5, "1%", ""])
def test_a_limit_without_partial_is_a_mistake(accept, limit):
    with pytest.raises(OptionError, match="must not be set with accept="):
        parsed({"job": "job-b", "after": ["job-a"], "accept": accept, "max_failed": limit})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", "value of links[0]."),
        ("a b", "value of links[0]."),
        (5, "Put an ID that is a number in quotes"),
        (True, "must be a job ID or a dictionary"),
        (["a"], "must be a job ID or a dictionary"),
        ({}, "must have the key max_age"),
        ({"max_age": "1d"}, "must have the key description or the key operations"),
        ({"max_age": "1d", "description": None}, "must have the key description or the key operations"),
        ({"max_age": "1d", "description": ""}, "description must"),
        ({"max_age": "1d", "operations": []}, "operations must"),
        ({"max_age": "1d", "description": "("}, "description must"),
        ({"max_age": "soon", "description": "a"}, "max_age must"),
        ({"description": "a"}, "a job of an earlier run could be one of them"),
        ({**BY_TEXT, "statuses": ["Suspended"]}, "must have only the keys description, operations, max_age"),
        ({**BY_TEXT, "job_ids": ["a"]}, "must have only the keys"),
        ({**BY_TEXT, "min_priority": 1}, "must have only the keys"),
        ("arn:aws:s3:eu-central-1:444455556666:job/job-b", "must be a job in account_id 111122223333"),
        ("arn:aws:s3:us-east-1:111122223333:job/job-b", "must be a job in region eu-central-1"),
    ],
)
def test_a_wrong_job_is_rejected(value, text):
    for link in ({"job": value, "after": ["job-a"]}, {"job": "job-b", "after": [value]}):
        with pytest.raises(OptionError) as caught:
            parsed(link)
        assert text in str(caught.value)


def test_empty_never_means_everything():
    with pytest.raises(OptionError, match="links must contain at least one link"):
        parsed()
    with pytest.raises(OptionError, match=r"links\[0\].after must contain at least one job"):
        parsed({"job": "job-b", "after": []})


def test_the_order_is_checked_before_any_request():
    arn = "arn:aws:s3:eu-central-1:111122223333:job/job-a"
    with pytest.raises(OptionError, match="cycle"):
        parsed({"job": "job-a", "after": ["job-b"]}, {"job": "job-b", "after": [arn]})
    with pytest.raises(OptionError, match="must have one link only"):
        parsed({"job": BY_TEXT, "after": ["job-b"]}, {"job": {**BY_TEXT, "operations": None}, "after": ["job-c"]})
