# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders docs/report-codes.md from the table of codes that decides about another try.

`make render` writes the file; a test fails while it is out of date.
"""

from __future__ import annotations

from pathlib import Path

from ansible_collections.objectstore.batch.plugins.module_utils._report.failure_codes import (
    BENIGN,
    CODES,
    RETRY_CLASSES,
)

TARGET = Path(__file__).resolve().parents[2] / "docs" / "report-codes.md"

HEAD = """<!--
Copyright (c) 2026, objectstore.batch contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
-->

# Codes in completion reports

`batch_job_report_info` says of each code in a report whether another try is worth it, as `again`.
`batch_retry_manifest` takes the tasks of `yes` by default.

| again | meaning |
| --- | --- |
"""

RULES = """
A code that is not in the table below is judged by its HTTP status: 408, 429 and 5xx are `yes`, 401 and 403 `fixed`, all
others `no`. Where the code is known, it decides and not the status: S3 calls an object that is not there 500, and a
function that failed 200. A `PermanentFailure` of a checksum job has its cause in the message, as `errorCode`, and is
judged by that.

The codes are those that the Amazon S3 User Guide names and those that were seen in reports. COS and OSS document none
for their reports.

This page is rendered from the code by `make render`.

| code | again |
| --- | --- |
"""


def render() -> str:
    """Return the page."""
    text = HEAD + "".join(f"| `{word}` | {meaning} |\n" for word, meaning in RETRY_CLASSES.items()) + RULES
    for code, again in sorted(CODES.items(), key=lambda item: (list(RETRY_CLASSES).index(item[1]), item[0])):
        text += f"| `{code}` | `{again}` |\n"
    text += "\nNo failure by default (`benign`), since the object is as the job wants it already:\n\n"
    return text + "".join(f"- `{code}`, in jobs whose operation is a {word}\n" for code, word in BENIGN.items())


def main() -> None:
    """Write the page."""
    TARGET.write_text(render(), encoding="utf-8")
