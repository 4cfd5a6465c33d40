# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first selector that matches a job, found without trying each of them."""

from __future__ import annotations

import datetime
import itertools

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._queue.matching import Matcher
from ansible_collections.objectstore.batch.plugins.module_utils._select.job_matcher import Selector

MOMENT = (datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc), {})
JOB = Job("a", "Active", 10)
ONLY_A = Selector(job_ids=frozenset({"a"}))
BOTH = Selector(job_ids=frozenset({"a", "b"}))
A_IF_READY = Selector(job_ids=frozenset({"a"}), statuses=frozenset({"Ready"}))
ACTIVE = Selector(statuses=frozenset({"Active"}))
READY = Selector(statuses=frozenset({"Ready"}))
NOBODY = Selector(job_ids=frozenset())
ALL = Selector()
EVERY = [ONLY_A, BOTH, A_IF_READY, ACTIVE, READY, NOBODY, ALL]


@pytest.mark.parametrize(
    ("selectors", "number"),
    [
        ([], None),
        ([ONLY_A, ALL], 0),
        ([ALL, ONLY_A], 0),
        ([READY, BOTH, ACTIVE], 1),
        ([READY, ACTIVE, BOTH], 1),
        # The IDs are looked up, and the other keys of the selector still apply.
        ([A_IF_READY, NOBODY, ALL], 2),
        ([A_IF_READY, NOBODY, READY], None),
    ],
)
def test_the_first_one_wins_whether_it_names_ids_or_not(selectors, number):
    assert Matcher(selectors).first(JOB, MOMENT) == number


@pytest.mark.parametrize("job", [JOB, Job("b", "Ready", 1), Job("c", "Ready", 1), Job("", "Hibernating", None)])
def test_the_same_as_trying_each_of_them(job):
    for selectors in itertools.permutations(EVERY, 3):
        expected = next((number for number, item in enumerate(selectors) if item.matches(job, *MOMENT)), None)
        assert Matcher(selectors).first(job, MOMENT) == expected
