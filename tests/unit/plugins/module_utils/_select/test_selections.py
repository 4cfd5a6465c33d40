# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs that a task describes: as many as have to be, or none and a message that leads on."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.aws.traits import TRAITS
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import BatchError, OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._core.priority_classes import parse_classes
from ansible_collections.objectstore.batch.plugins.module_utils._select.selections import (
    Found,
    choose,
    parse_selection,
)

NOW = datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)
JOBS = (Job("job-1", "Ready", 5, "copy"), Job("job-2", "Active", 9, "copy"), Job("job-3", "Active", 7, "tag"))


def chosen(matches, select, jobs=JOBS, ended=()):
    params = {"select": select, "matches": matches}
    selection = parse_selection(params, TRAITS, parse_classes(None, TRAITS))
    return [job.job_id for job in choose(selection, Found("aws eu-central-1", jobs, ended), NOW, {})]


@pytest.mark.parametrize("select", [{}, {"job_ids": None, "tags": None}])
def test_an_empty_selector_is_refused(select):
    with pytest.raises(
        OptionError,
        match=r"^value of select must have at least one key: an empty selector would match every job\. Set one of",
    ):
        chosen("any", select)


@pytest.mark.parametrize(
    ("matches", "description", "expected"),
    [
        ("one", "tag", ["job-3"]),
        ("some", "tag", ["job-3"]),
        ("some", "copy", ["job-2", "job-1"]),
        ("any", "copy", ["job-2", "job-1"]),
        ("any", "none", []),
        ("one", "copy", "conflict"),
        ("one", "none", "not_found"),
        ("some", "none", "not_found"),
    ],
)
def test_as_many_as_have_to_be_by_rank(matches, description, expected):
    if isinstance(expected, list):
        assert chosen(matches, {"description": description}) == expected
        return
    with pytest.raises(BatchError) as error:
        chosen(matches, {"description": description})
    assert error.value.failure.kind == expected
    assert "No changes were made." in error.value.failure.hint


def test_too_many_are_named_with_their_ranks():
    with pytest.raises(BatchError) as error:
        chosen("one", {"description": "copy"})
    assert "matched 2 jobs in aws eu-central-1, but matches=one requires exactly 1: " in str(error.value)
    found = [(item["rank"], item["job_id"], item["priority"]) for item in error.value.details["candidates"]]
    assert found == [(1, "job-2", 9), (3, "job-1", 5)]


def test_none_lists_the_queue_and_what_is_near():
    ended = [Job("job-9", "Complete", 5, "archive")]
    with pytest.raises(BatchError) as error:
        chosen("one", {"description": "archive"}, ended=ended)
    assert "1 ended job matches: job-9 (Complete)" in str(error.value)
    assert [item["job_id"] for item in error.value.details["candidates"]] == ["job-2", "job-3", "job-1"]
    with pytest.raises(BatchError, match="This queue has no live jobs") as error:
        chosen("some", {"description": "x"}, jobs=[])
    assert error.value.details["candidates"] == []


def test_a_message_and_its_candidates_are_bounded_and_printable():
    jobs = [Job(f"job-{number}", "Ready", 5, "copy\x1b\n" + "x" * 300, "y" * 300) for number in range(150)]
    with pytest.raises(BatchError) as error:
        chosen("one", {"description": "copy"}, jobs=jobs)
    text = str(error.value)
    assert text.isprintable()
    assert len(text) < 3000
    assert "and 140 more" in text
    assert len(error.value.details["candidates"]) == 100
