# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders the sample page of the role queue_report, and with Chromium its pictures.

`make render` writes them; a test fails while the page is out of date.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import typing as t
from pathlib import Path

from ansible_collections.objectstore.batch.plugins.module_utils._page import html_page, page_model

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "queue-report"
TARGET = FOLDER / "sample.html"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PICTURES = {
    "phone": ("--window-size=360,800",),
    "desktop": ("--window-size=1280,900",),
    "dark": ("--window-size=800,600", "--blink-settings=preferredColorScheme=0"),
}
WORK = (
    ("Active", "S3InitiateRestoreObject", "urgent restore of films, case 4711", 1000, 640, 3),
    ("Ready", "S3InitiateRestoreObject", "restore of project alpha", 52000, None, None),
    ("Paused", "S3PutObjectTagging", "nightly re-tagging", 250000, 91000, 12),
    ("Suspended", "S3DeleteObjectTagging", "tags of the old scheme", 8000, None, None),
    ("Ready", "S3PutObjectCopy", "copy to the second region", 120000, None, None),
    ("Complete", "S3PutObjectCopy", "copy of last week", 5000, 4992, 8),
)


def job(number: int) -> dict[str, t.Any]:
    """Return a job as batch_job_info does."""
    status, operation, description, total, succeeded, failed = WORK[number]
    live = status != "Complete"
    return {
        "job_id": f"6f1f7ff1-5e6c-4b7a-9f3a-{number + 1:012}",
        "status": status,
        "priority": 4000 - 800 * number,
        "class": {0: "urgent"}.get(number),
        "rank": number + 1 if live else None,
        "operation": operation,
        "description": description,
        "progress": {"total": total, "succeeded": succeeded, "failed": failed},
        "created": f"2026-11-2{number}T03:00:00Z",
        "blocked_by_count": number - (number > 3) if status in ("Ready", "Paused") else 0,
        "days_until_deadline": 12.5 if status == "Suspended" else None,
        "days_until_expiration": None if live else 88.0,
    }


def render() -> str:
    """Return the page."""
    jobs = [job(number) for number in range(len(WORK))]
    place = {"provider": "aws", "account_id": "111122223333", "region": "eu-central-1"}
    other = {"provider": "cos", "account_id": "100000000001", "region": "ap-guangzhou"}
    plan = [{"job_id": jobs[1]["job_id"], "from": 3200, "to": 5000}]
    failures = [
        {"job_id": jobs[5]["job_id"], "codes": [{"code": "AccessDenied", "count": 6}, {"code": "SlowDown", "count": 2}]}
    ]
    data = [
        {"name": "archive-eu", **place, "jobs": jobs, "plan": plan, "failures": failures},
        {"name": "backup-cn", **other, "jobs": []},
        {
            "name": "research-us",
            "error": "ListJobs: Access Denied (AccessDenied, HTTP 403). Check the IAM permissions.",
        },
    ]
    return html_page.page(page_model.queues(data), "Queues of batch jobs", "2026-11-26 03:00 UTC")


def browse(path: Path, *arguments: str) -> str:
    """Open a page in headless Chromium; return what it prints."""
    return chromium(path.as_uri(), *arguments).stdout


def chromium(address: str, *arguments: str, timeout: float = 1800) -> subprocess.CompletedProcess[str]:
    """Open an address in headless Chromium, with a profile that is empty."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [CHROMIUM, *FLAGS, f"--user-data-dir={home}/profile", *arguments, address],
            env={"HOME": home, "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done


def main() -> None:
    """Write the page, and take its pictures if it changes: each version of Chromium draws a little differently."""
    page = render()
    if TARGET.read_text(encoding="utf-8") == page:
        return
    TARGET.write_text(page, encoding="utf-8")
    for name, arguments in PICTURES.items() if CHROMIUM else ():
        browse(TARGET, f"--screenshot={FOLDER / f'{name}.png'}", *arguments)
