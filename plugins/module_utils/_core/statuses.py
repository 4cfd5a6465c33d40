# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List all known properties of each status of a job: one row per status, one column per property.

Sources: AWS "Job status", Tencent COS "Managing batch processing jobs", Alibaba Cloud OSS "Batch Operations".
Private to this collection.
"""

from __future__ import annotations

import typing as t

Phase = t.Literal["live", "ending", "ended"]
PageState = t.Literal["running", "waiting", "paused", "unconfirmed", "ending", "ended"]


class Status(t.NamedTuple):
    """One status.

    :param phase: live if the job has a position in the queue, ending if it is about to end, or ended.
    :param step: the position in the life of a successful job, from 0; None for other statuses. A paused job was active.
    :param waits: whether the job waits in the queue. Suspended waits for a confirmation instead.
    :param has_run: whether a task of the job can have been started.
    :param page_state: the word of the report page for it.
    :param passed: whether a later status also counts: a task that waits for Ready accepts Active.
    :param serves: the requests that a job in this status has fulfilled or passed: ready or cancelled.
    :param explained: whether DescribeJob returns reasons that lists omit.
    """

    name: str
    phase: Phase
    step: t.Optional[int]
    waits: bool
    has_run: bool
    page_state: PageState
    passed: bool = False
    serves: str = ""
    explained: bool = False


TABLE: t.Final = (
    Status("New", "live", 0, True, False, "waiting", passed=True),
    Status("Preparing", "live", 1, True, False, "waiting", passed=True),
    Status("Ready", "live", 3, True, False, "waiting", passed=True, serves="ready"),
    Status("Active", "live", 4, False, True, "running", passed=True, serves="ready"),
    Status("Pausing", "live", 5, True, True, "paused", serves="ready"),
    Status("Paused", "live", 5, True, True, "paused", serves="ready"),
    Status("Suspended", "live", 2, False, False, "unconfirmed", passed=True),
    Status("Completing", "ending", 6, False, True, "ending", passed=True, serves="ready"),
    Status("Complete", "ended", 7, False, True, "ended", serves="ready"),
    Status("Cancelling", "ending", None, False, True, "ending", serves="cancelled"),
    Status("Cancelled", "ended", None, False, True, "ended", serves="cancelled", explained=True),
    Status("Failing", "ending", None, False, True, "ending"),
    Status("Failed", "ended", None, False, True, "ended", explained=True),
)
BY_NAME: t.Final = {status.name: status for status in TABLE}

STATUSES: t.Final = tuple(BY_NAME)
LIVE: t.Final = tuple(status.name for status in TABLE if status.phase == "live")
ENDING: t.Final = frozenset(status.name for status in TABLE if status.phase == "ending")
ENDED: t.Final = frozenset(status.name for status in TABLE if status.phase == "ended")
WAITING: t.Final = frozenset(status.name for status in TABLE if status.waits)
EXPLAINED: t.Final = frozenset(status.name for status in TABLE if status.explained)
PAGE_STATES: t.Final[tuple[PageState, ...]] = ("running", "waiting", "paused", "unconfirmed", "ending", "ended")
"""In the order of the counts on the report page."""


def fulfilled(request: str) -> frozenset[str]:
    """Return the statuses that fulfill a request (ready or cancelled), or are past it."""
    return frozenset(status.name for status in TABLE if request and status.serves == request)


def page_state(name: str) -> PageState:
    """Return the word of the report page for a status; an unknown one waits."""
    status = BY_NAME.get(name)
    return status.page_state if status else "waiting"


def is_beyond(name: str, wanted: str) -> bool:
    """Return whether a status is past a wanted one that does not have to show any more."""
    status, goal = BY_NAME.get(name), BY_NAME.get(wanted)
    if status is None or goal is None or status.step is None or goal.step is None:
        return False
    return goal.passed and goal.step < status.step
