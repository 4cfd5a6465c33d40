# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find which of many selectors match a job; selectors that list IDs are looked up, and not tried one by one.

Private to this collection.
"""

from __future__ import annotations

import collections
import heapq
import typing as t

from .._core import batch_jobs
from .._select import job_matcher


class Matcher:
    """Ordered selectors; the cost of thousands of IDs does not depend on the number of jobs."""

    def __init__(self, selectors: t.Iterable[job_matcher.Selector]) -> None:
        self._selectors = list(selectors)
        self._by_id: dict[str, list[int]] = collections.defaultdict(list)
        self._others: list[int] = []
        for number, selector in enumerate(self._selectors):
            if selector.job_ids is None:
                self._others.append(number)
            for job_id in selector.job_ids or ():
                self._by_id[job_id].append(number)

    def first(self, job: batch_jobs.Job, moment: job_matcher.Moment) -> t.Optional[int]:
        """Return the index of the first selector that matches a job; None if no selector matches."""
        candidates = heapq.merge(self._by_id.get(job.job_id, ()), self._others)
        return next((number for number in candidates if self._selectors[number].matches(job, *moment)), None)
