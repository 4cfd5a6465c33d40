# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders docs/error-kinds.md from the kinds and from each provider's table of codes.

`make render` writes the file; a test fails while it is out of date.
"""

from __future__ import annotations

from pathlib import Path

from ansible_collections.objectstore.batch.plugins.module_utils._clouds.registry import PROVIDERS
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import AMBIGUOUS, HINTS, KINDS, RETRYABLE

TARGET = Path(__file__).resolve().parents[2] / "docs" / "error-kinds.md"

HEAD = """<!--
Copyright (c) 2026, objectstore.batch contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
-->

# Error kinds

A failed task returns `error.kind`, one of the words below. They are the same on every cloud and stay the same from
release to release, so a playbook can branch on them. The cloud's own word stays in `error.code`.

```yaml
- name: Raise the restore, unless it has ended
  block:
    - name: Raise it
      objectstore.batch.batch_job_priority:
        job_id: "{{ job_id }}"
        priority: urgent
  rescue:
    - name: Fail for any other reason
      ansible.builtin.fail:
        msg: "{{ ansible_failed_result.msg }}"
      when: (ansible_failed_result.error | default({})).kind | default('refused') != 'ended'
```

Ansible itself refuses some tasks before the module runs: an option that is missing, misspelt, not of its type, or given
beside another that excludes it. Such a result has `msg` and no `error`. Hence the two `default` above: `error.kind`
alone would fail there with an error about an undefined variable, which hides the true one.

This page is rendered from the code by `make render`.

| kind | meaning | tried again |
| --- | --- | --- |
"""

CODES = """
## Codes of {title}

A code that is not in this table is judged by its HTTP status: 429 is `throttled`, 5xx `unavailable`, 3xx `invalid`,
401 and 403 `denied`, 404 `not_found`, any other `invalid`, and an answer without a code `bad_answer`.

| code | kind |
| --- | --- |
"""


def render() -> str:
    """Return the page."""
    text = HEAD
    for kind, meaning in KINDS.items():
        again = "no"
        if kind in RETRYABLE:
            again = "yes; a write only after reading the job again" if kind in AMBIGUOUS else "yes"
        text += f"| `{kind}` | {meaning} | {again} |\n"
    for load in PROVIDERS.values():
        traits = load().traits
        text += CODES.format(title=traits.title)
        for code, kind in sorted(traits.failures.codes.items(), key=lambda item: (list(KINDS).index(item[1]), item[0])):
            text += f"| `{code}` | `{kind}` |\n"
        text += "\nWhat the hints of this cloud say:\n\n"
        for kind in KINDS:
            if kind in traits.failures.hints or kind in HINTS:
                text += f"- `{kind}`: {traits.hint(kind)}\n"
    return text


def main() -> None:
    """Write the page."""
    TARGET.write_text(render(), encoding="utf-8")
