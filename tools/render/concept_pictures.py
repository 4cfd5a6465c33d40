# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the pictures of the guide "Overview and concepts": `make render`."""

from __future__ import annotations

from typing import NamedTuple

from . import awx_pictures
from .awx_pictures import IMAGES, arrow, text

ROW = 30


class QueuedJob(NamedTuple):
    """A job of the example queue."""

    job_id: str
    description: str
    operation: str
    status: str
    priority: int


BEFORE = (
    QueuedJob("nightly-copy", "nightly copy", "S3PutObjectCopy", "Active", 3000),
    QueuedJob("tag-old-logs", "tag old logs", "S3PutObjectTagging", "Ready", 2000),
    QueuedJob("restore-invoices", "restore invoices", "S3InitiateRestoreObject", "Ready", 1000),
)
"""The queue before the task of the guide runs, by rank; the test of the guide seeds these jobs."""
AFTER = {"restore-invoices": 4000, "nightly-copy": 3000, "tag-old-logs": 2000}
"""The priorities after the task, by rank."""


def _picture(title: str, width: int, height: int, parts: list[str]) -> str:
    drawn = awx_pictures.picture(title, width, height, parts)
    return drawn.replace("Drawn from the role awx_setup by `make render`.", "Drawn by `make render`.")


def _frame(x: int, y: int, width: int, height: int, title: str, lines: tuple[str, ...], kind: str = "") -> list[str]:
    parts = [f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>']
    parts.append(text(x + 14, y + 26, title))
    return parts + [text(x + 14, y + 50 + 20 * number, line, "soft") for number, line in enumerate(lines)]


def parts() -> str:
    """Control node, target, and provider, and where credentials are read."""
    drawn = _frame(
        *(10, 20, 210, 190, "Control node"),
        ("ansible-playbook, AWX", "playbooks and roles", "inventory plugin queues", "progress lines, report page"),
    )
    drawn += _frame(
        *(255, 20, 210, 190, "Target (often localhost)"),
        ("modules", "boto3 or requests", "calculates the plan", "sends the requests"),
    )
    drawn += _frame(
        *(500, 20, 210, 190, "Provider"),
        ("AWS, Tencent COS,", "or Alibaba Cloud OSS", "job queue", "runs the jobs"),
    )
    for x in (22, 267):
        drawn.append(f'<rect class="gate" x="{x}" y="150" width="186" height="46" rx="6"/>')
    drawn += [text(34, 170, "credentials of the", "soft"), text(34, 186, "inventory plugin", "soft")]
    drawn += [text(279, 170, "credentials of the", "soft"), text(279, 186, "modules", "soft")]
    drawn += [arrow("M220 80H250"), arrow("M465 80H495")]
    drawn.append(arrow("M115 210V246H605V215"))
    drawn.append(text(360, 240, "the inventory plugin reads the queues itself", "soft middle"))
    title = "The control node starts modules on the target, and the target sends requests to the provider"
    return _picture(title, 720, 262, drawn)


def _table(x: int, title: str, rows: list[tuple[str, str, int, bool]]) -> list[str]:
    drawn = [text(x, 20, title), text(x, 46, "rank", "soft"), text(x + 38, 46, "job", "soft")]
    drawn += [text(x + 174, 46, "status", "soft"), text(x + 240, 46, "priority", "soft")]
    for number, (name, status, priority, marked) in enumerate(rows):
        y = 56 + ROW * number
        kind = "gate" if marked else ""
        drawn.append(f'<rect class="{kind}" x="{x}" y="{y}" width="300" height="24" rx="4"/>')
        drawn.append(text(x + 10, y + 17, str(number + 1)))
        drawn.append(text(x + 38, y + 17, name))
        drawn += [text(x + 174, y + 17, status), text(x + 240, y + 17, str(priority))]
    return drawn


def queue() -> str:
    """The queue before and after one job gets the class urgent."""
    known = {job.job_id: job for job in BEFORE}
    raised = next(job.job_id for job in BEFORE if AFTER[job.job_id] != job.priority)
    before = [(job.description, job.status, job.priority, job.job_id == raised) for job in BEFORE]
    after = [
        (known[job_id].description, known[job_id].status, priority, job_id == raised)
        for job_id, priority in AFTER.items()
    ]
    height = 60 + ROW * len(BEFORE)
    drawn = [*_table(10, "Before", before), *_table(410, "After", after), arrow(f"M325 {height // 2 + 12}H395")]
    drawn.append(text(360, height // 2, "urgent", "soft middle"))
    title = "A job with the lowest of three priorities gets the class urgent and moves from rank 3 to rank 1"
    return _picture(title, 720, height, drawn)


DRAWN = {"concepts-parts": parts, "concepts-queue": queue}


def main() -> None:
    """Write the pictures."""
    for name, draw in DRAWN.items():
        (IMAGES / f"{name}.svg").write_text(draw(), encoding="utf-8")
