# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders docs/error-kinds.md and the guide "Error reference" from the kinds and from each provider's table of codes.

`make render` writes the files; a test fails while one of them is out of date.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.registry import PROVIDERS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import AMBIGUOUS, HINTS, KINDS, RETRYABLE

from render.rst import GUIDES

TARGET = Path(__file__).resolve().parents[2] / "docs" / "error-kinds.md"
GUIDE = GUIDES / "guide_errors.rst"
GUIDANCE = Path(__file__).with_name("error_guidance.yml")

BRANCH = """\
- name: Raise the restore, unless it has ended
  block:
    - name: Raise the priority
      objectstore.batch.batch_job_priority:
        job_id: "{{ job_id }}"
        priority: urgent
  rescue:
    - name: Fail for any other reason
      ansible.builtin.fail:
        msg: "{{ ansible_failed_result.msg }}"
      when: (ansible_failed_result.error | default({})).kind | default('rejected') != 'job_ended'
"""

HEAD = f"""<!--
Copyright (c) 2026, objectstore.batch contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
-->

# Error kinds

A failed task returns `error.kind`, one of the {len(KINDS)} values below. They are the same for all providers and in all
releases of a major version, so a playbook can branch on them. `error.code` is the error code of the provider.
For causes and actions, refer to [Error reference](docsite/rst/guide_errors.rst).

```yaml
{BRANCH}```

Ansible itself rejects some tasks before the module runs, for example if an option is missing, misspelled, of the wrong
type, or excluded by another option. Such a result has `msg` and no `error`. The two `default` filters above handle it.

This page is rendered from the code by `make render`.

| kind | meaning | retried |
| --- | --- | --- |
"""

GUIDE_HEAD = f"""\
..
  Copyright (c) 2026, objectstore.batch contributors
  GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

.. meta::
   :description: Causes and actions for each error kind, and the error codes of AWS, Tencent COS, and Alibaba Cloud OSS
   :audience: engineers who handle a failed task

.. _ansible_collections.objectstore.batch.docsite.guide_errors:

Error reference
===============

This page lists the causes and the actions for each error kind, and the error codes of each provider.
A failed task returns the error kind in ``error.kind``. It is one of {len(KINDS)} values.
The kinds are the same for all providers and in all releases of a major version.
``error.code``, ``error.message``, and ``error.request_id`` come from the provider.
``error.hint`` is the recommended action.

This page is rendered from the code. For symptoms without an error, refer to
:ref:`Troubleshooting <ansible_collections.objectstore.batch.docsite.guide_troubleshooting>`.

Branch on an error kind
-----------------------

.. code-block:: yaml
   :name: branch

{textwrap.indent(BRANCH, "   ")}
Ansible itself rejects some tasks before the module runs, for example if an option is missing, misspelled, of the wrong
type, or excluded by another option.
Such a result has ``msg`` and no ``error``. The two ``default`` filters above handle it.

"""

FALLBACK = """\
The modules classify other codes by the HTTP status: 429 is ``throttled``, 5xx is ``unavailable``, 3xx is ``invalid``,
401 and 403 are ``access_denied``, 404 is ``not_found``, and all others are ``invalid``.
A response without a code is ``invalid_response``.
"""


def render() -> str:
    """Return the table of kinds."""
    rows = []
    for kind, meaning in KINDS.items():
        retried = "no"
        if kind in RETRYABLE:
            retried = "yes; updates only after the job was read again" if kind in AMBIGUOUS else "yes"
        rows.append(f"| `{kind}` | {meaning} | {retried} |\n")
    return HEAD + "".join(rows)


def guidance() -> dict[str, dict[str, Any]]:
    """Return what happened, the causes, and the actions, by kind."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(GUIDANCE.read_text(encoding="utf-8"))
    return found


def _retried(kind: str) -> str:
    if kind in AMBIGUOUS:
        return "The modules retry the request. They retry an update only after they have read the job again."
    if kind in RETRYABLE:
        return "The modules retry the request until the attempts or the time run out."
    return "The modules do not retry the request."


def _section(kind: str, found: dict[str, Any], hints: dict[str, str]) -> str:
    text = f"{kind}\n{'-' * len(kind)}\n\n{found['happened']} {_retried(kind)}\n\n"
    text += "**Likely causes:**\n\n" + "".join(f"- {cause}\n" for cause in found["causes"])
    text += "\n**What to do:**\n\n" + "".join(f"#. {action}\n" for action in found["actions"])
    if len(set(hints.values())) > 1:
        text += "\n**Hints by provider:**\n\n" + "".join(f"- {title}: {hint}\n" for title, hint in hints.items())
    elif hints:
        text += f"\n**Hint:** {next(iter(hints.values()))}\n"
    return text + "\n"


def _codes(traits: Any) -> str:
    heading = f"Error codes of {traits.title}"
    codes, hints = traits.failures.codes, traits.failures.code_hints
    text = f"{heading}\n{'-' * len(heading)}\n\n{FALLBACK}\n"
    text += ".. list-table::\n   :header-rows: 1\n\n   * - Error kind, with its causes and actions\n     - Codes\n"
    for kind in KINDS:
        own = sorted(code for code, its_kind in codes.items() if its_kind == kind)
        if own:
            words = ", ".join(f"``{code}``" for code in own)
            text += f"   * - `{kind}`_\n     - {words}\n"
    if hints:
        text += "\n**Actions by code:**\n\n" + "".join(f"- ``{code}``: {hint}\n" for code, hint in hints.items())
    return text + "\n"


def render_guide() -> str:
    """Return the guide."""
    traits = [load().traits for load in PROVIDERS.values()]
    found = guidance()
    text = GUIDE_HEAD
    for kind in KINDS:
        hints = {item.title: item.hint(kind) for item in traits if kind in item.failures.hints or kind in HINTS}
        text += _section(kind, found[kind], hints)
    for item in traits:
        text += _codes(item)
    return text.rstrip("\n") + "\n"


def main() -> None:
    """Write the pages."""
    TARGET.write_text(render(), encoding="utf-8")
    GUIDE.write_text(render_guide(), encoding="utf-8")
