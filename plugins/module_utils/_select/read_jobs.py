# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the jobs of a selection and their queue with one list request. Private to this collection."""

from __future__ import annotations

import datetime
import typing as t

from .._core import batch_jobs, job_values
from .._requests import sessions
from . import job_matcher, selections


def read(session: sessions.Session, selection: selections.Selection, queue_id: job_values.QueueId) -> sessions.Reading:
    """Return the matching live jobs by rank, and their queue; this takes pages, but no request per job.

    :raises BatchError: the number of matching jobs is wrong, or the queue cannot be read.
    """
    whole = session.read_queue()
    now = datetime.datetime.now(datetime.timezone.utc)
    tags = read_tags(session, [selection.selector], whole.queue, now)
    found = selections.choose(selection, selections.Found(str(queue_id), whole.queue, whole.ended), now, tags)
    return sessions.Reading({job.job_id: job for job in found}, {}, whole.queue, whole.ended)


def read_tags(
    session: sessions.Session,
    selectors: t.Iterable[job_matcher.Selector],
    queue: t.Sequence[batch_jobs.Job],
    now: datetime.datetime,
) -> job_matcher.Tags:
    """Return the tags of the jobs that can match: one request each, so only if a selector has tags."""
    asking = [selector for selector in selectors if selector.tags]
    jobs = [job for job in queue if any(selector.may_match(job, now) for selector in asking)]
    return session.tags([job.job_id for job in jobs])
