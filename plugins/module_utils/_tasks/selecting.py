# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs of a selection, read with the queue that they stand in: one list for both. Private to this collection."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import job as _job
from ansible_collections.objectstore.batch.plugins.module_utils._planning import selection as _selection
from ansible_collections.objectstore.batch.plugins.module_utils._planning.queue import select as _select
from ansible_collections.objectstore.batch.plugins.module_utils._requests import session as _session
from ansible_collections.objectstore.batch.plugins.module_utils._results import jobs as _jobs


def read(session: _session.Session, selection: _selection.Selection, place: _jobs.Place) -> _session.Reading:
    """Return the live jobs that fit, in the order of their ranks, and their queue: pages, and no request for each job.

    :raises BatchError: not as many fit as have to, or nothing can be read.
    """
    whole = session.read_queue()
    now = datetime.datetime.now(datetime.timezone.utc)
    tags = read_tags(session, [selection.selector], whole.queue, now)
    found = _selection.choose(selection, _selection.Found(str(place), whole.queue, whole.ended), now, tags)
    return _session.Reading({job.job_id: job for job in found}, {}, whole.queue, whole.ended)


def read_tags(
    session: _session.Session,
    selectors: t.Iterable[_select.Selector],
    queue: t.Sequence[_job.Job],
    now: datetime.datetime,
) -> _select.Tags:
    """Return the tags of the jobs whose tags decide: one request each, so only where a selector asks for them."""
    asking = [selector for selector in selectors if selector.tags]
    jobs = [job for job in queue if any(selector.may_match(job, now) for selector in asking)]
    return session.tags([job.job_id for job in jobs])
