# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders docs/report-codes.md from the table of codes that decides about a retry.

`make render` writes the file. A test fails if it is out of date.
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

This page lists the error codes of completion reports and their retry classes.
`batch_job_report_info` returns the class of each code in a report as `retry_class`.
By default, `batch_retry_manifest` uses the failed objects of the class `retryable`.

| retry class | meaning |
| --- | --- |
"""

RULES = """
The HTTP status determines the class of a code that is not in the table: 408, 429, and 5xx are `retryable`, 401 and 403
are `after_fix`, and all others are `permanent`. For a known code, the code determines the class and not the status.
For example, S3 returns 500 for an object that does not exist, and 200 for a function that failed.
For a `PermanentFailure` of a checksum job, the `errorCode` in the message determines the class.

The table contains the codes of the Amazon S3 User Guide and codes from real reports.
COS and OSS do not document codes for their reports.

`make render` writes this page from the code.

| code | retry class |
| --- | --- |
"""


def render() -> str:
    """Return the page."""
    text = HEAD + "".join(f"| `{word}` | {meaning} |\n" for word, meaning in RETRY_CLASSES.items()) + RULES
    for code, again in sorted(CODES.items(), key=lambda item: (list(RETRY_CLASSES).index(item[1]), item[0])):
        text += f"| `{code}` | `{again}` |\n"
    text += "\nBy default, these codes are not failures (`benign`). The object is already in the requested state:\n\n"
    return text + "".join(f"- `{code}`, in {word} jobs\n" for code, word in BENIGN.items())


def main() -> None:
    """Write the page."""
    TARGET.write_text(render(), encoding="utf-8")
