# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders the guides "Status transitions" and "Report codes" from the code: `make render`."""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.objectstore.batch.plugins.module_utils._clouds.registry import PROVIDERS
from ansible_collections.objectstore.batch.plugins.module_utils._core.statuses import STATUSES
from ansible_collections.objectstore.batch.plugins.module_utils._report.failure_codes import (
    BENIGN,
    CODES,
    RETRY_CLASSES,
)
from ansible_collections.objectstore.batch.plugins.module_utils._status.allowed_transitions import REQUESTS

from render.rst import GUIDES
from render.status_table import outcome

HEAD = """\
..
  Copyright (c) 2026, objectstore.batch contributors
  GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

.. meta::
   :description: {description}
   :audience: {audience}

.. _ansible_collections.objectstore.batch.docsite.guide_{name}:

"""

STATUS = """\
Status transitions
==================

This page lists the result of :ansplugin:`objectstore.batch.batch_job_status#module` for each status of a job.
The result is the outcome ``changed`` (in check mode ``would_change``) or ``unchanged``, or an error kind.
With an error kind, the task fails before it sends a request.
A status that is not in the tables is unknown, and the task fails with ``not_updatable``.

This task confirms a ``Suspended`` job. If the job is already running, the task reports no change:

.. code-block:: yaml
   :name: confirm

   - name: Confirm the restore
     objectstore.batch.batch_job_status:
       select: {description: urgent restore}
       status: ready

"""

REPORT = """\
Report codes
============

This page lists the error codes in completion reports and their retry class.
:ansplugin:`objectstore.batch.batch_job_report_info#module` returns the class as ``retry_class``.
By default, :ansplugin:`objectstore.batch.batch_retry_manifest#module` uses the objects of the class ``retryable``.

This task reads the report of a job and shows the codes with their classes:

.. code-block:: yaml
   :name: read

   - name: Read the completion report
     objectstore.batch.batch_job_report_info:
       job_id: "{{ job_id }}"
     register: report

   - name: Show each code
     ansible.builtin.debug:
       msg: "{{ item.count }} x {{ item.code }}: {{ item.retry_class }}"
     loop: "{{ report.codes }}"

"""

RULES = """
The modules classify a code that is not in the table by its HTTP status: 408, 429, and 5xx are ``retryable``, 401 and
403 are ``after_fix``, and all others are ``permanent``.
For a known code, the code decides and not the status.
S3 reports 500 for a missing object and 200 for a failed function.
A ``PermanentFailure`` of a checksum job contains the cause in the message as ``errorCode``, and this code decides.

The codes come from the Amazon S3 User Guide and from observed reports. COS and OSS do not document codes for their
reports.

"""


def _table(rows: Iterable[Iterable[str]]) -> str:
    text = ".. list-table::\n   :header-rows: 1\n\n"
    for row in rows:
        first, *others = row
        text += f"   * - {first}\n" + "".join(f"     - {cell}\n" for cell in others)
    return text


def render_status() -> str:
    """Return the guide about statuses."""
    text = HEAD.format(
        name="status",
        description="What a request to confirm or to cancel a job does in each status, for each provider",
        audience="engineers who confirm or cancel jobs",
    )
    text += STATUS
    for load in PROVIDERS.values():
        traits = load().traits
        rows = [["Status", *(f"``status: {word}``" for word in REQUESTS)]]
        rows += [[f"``{status}``", *(outcome(traits, status, word) for word in REQUESTS)] for status in STATUSES]
        text += f"{traits.title}\n{'-' * len(traits.title)}\n\n{_table(rows)}\n"
    return text.rstrip("\n") + "\n"


def render_report() -> str:
    """Return the guide about the codes of reports."""
    text = HEAD.format(
        name="report_codes",
        description="Error codes in completion reports, and whether a retry can help",
        audience="engineers who retry failed objects",
    )
    text += REPORT + _table([["Retry class", "Meaning"], *([f"``{word}``", it] for word, it in RETRY_CLASSES.items())])
    codes = {word: [f"``{code}``" for code in sorted(CODES) if CODES[code] == word] for word in RETRY_CLASSES}
    text += RULES + _table([["Retry class", "Codes"], *([f"``{word}``", ", ".join(codes[word])] for word in codes)])
    text += "\nThese codes are not failures by default (``benign``): the object is already in the requested state.\n\n"
    return text + "".join(f"- ``{code}``, in jobs whose operation is a {word}\n" for code, word in BENIGN.items())


PAGES = {"guide_status.rst": render_status, "guide_report_codes.rst": render_report}


def main() -> None:
    """Write the pages."""
    for name, render in PAGES.items():
        (GUIDES / name).write_text(render(), encoding="utf-8")
