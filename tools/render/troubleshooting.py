# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Renders the guide on errors, by kind: `make render`."""

from __future__ import annotations

from ansible_collections.objectstore.batch.plugins.module_utils._clouds.registry import PROVIDERS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import AMBIGUOUS, HINTS, KINDS, RETRYABLE

from render.rst import GUIDES

TARGET = GUIDES / "guide_troubleshooting.rst"
HEAD = """\
..
  Copyright (c) 2026, objectstore.batch contributors
  GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

.. meta::
   :description: What each kind of error means, and what to do next, on every cloud
   :audience: whoever looks at a task that failed

.. _ansible_collections.objectstore.batch.docsite.guide_troubleshooting:

Troubleshooting
===============

For whoever looks at a task that failed. A failed task says in one sentence what is wrong and what to do next, and
returns ``error.kind``, one of the words below, which are the same on every cloud and from release to release. The
cloud's own code, message and request id stay beside it.

.. code-block:: yaml
   :name: branch

   - name: Raise the restore, unless it is gone
     block:
       - name: Raise it
         objectstore.batch.batch_job_priority:
           job_id: 6f1f7ff1-5e6c-4b7a-9f3a-00000000dead
           priority: 900
     rescue:
       - name: Show what was said
         ansible.builtin.debug:
           msg: "{{ ansible_failed_result.msg }}"

       - name: Fail for any other reason
         ansible.builtin.fail:
           msg: "{{ ansible_failed_result.msg }}"
         when: (ansible_failed_result.error | default({})).kind | default('refused') != 'not_found'

It prints:

.. code-block:: text
   :name: said

   Job 6f1f7ff1-5e6c-4b7a-9f3a-00000000dead: DescribeJob: The specified job does not exist (NotFoundException,
   HTTP 400).
   The job may have expired (90 days after its end), the id may be wrong, the job may live in another region or account,
   or it was created only seconds ago.

Ansible itself refuses some tasks before the module runs, such as one with a misspelt option. Such a result has ``msg``
and no ``error``.

First of all
------------

- Read the whole sentence: the hint at its end is written for this case.
- ``jobs`` in the result says what was done before it failed. Nothing that was done is lost.
- ``calls`` says how many requests were sent, tried again and throttled.
- Run the task again with ``--check --diff``: it writes nothing, and shows what is left to do.
- Wrong region or account? Jobs are known in their own region and account only, and elsewhere each cloud says *no such
  job*.

"""


def render() -> str:
    """Return the page."""
    text = HEAD
    traits = {load().traits.title: load().traits for load in PROVIDERS.values()}
    for kind, meaning in KINDS.items():
        text += f"{kind}\n{'-' * len(kind)}\n\n{meaning}"
        if kind in AMBIGUOUS:
            text += " A write is tried again only after the job was read again."
        elif kind in RETRYABLE and "tried again" not in meaning:
            text += " It is tried again until attempts or time run out."
        hints = {
            title: fact.hint(kind) for title, fact in traits.items() if kind in fact.failures.hints or kind in HINTS
        }
        if len(set(hints.values())) == 1:
            text += f"\n\n**What to do next:** {next(iter(hints.values()))}\n\n"
        elif hints:
            lines = [f"- {title}: {hint}\n" for title, hint in hints.items()]
            text += f"\n\n**What to do next:**\n\n{''.join(lines)}\n"
        else:
            text += " The sentence says what to do next.\n\n"
    return text.rstrip("\n") + "\n"


def main() -> None:
    """Write the page."""
    TARGET.write_text(render(), encoding="utf-8")
