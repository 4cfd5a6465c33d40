# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Define the options that select jobs by their properties. Private to this collection."""

from __future__ import annotations

import typing as t

_WORDS: t.Final = {"type": "list", "elements": "str"}
SELECTOR_SPEC: t.Final[dict[str, t.Any]] = {
    "job_ids": _WORDS,
    "statuses": _WORDS,
    "operations": _WORDS,
    "description": {"type": "str"},
    "min_age": {"type": "str"},
    "max_age": {"type": "str"},
    "min_priority": {"type": "raw"},
    "max_priority": {"type": "raw"},
    "tags": {"type": "dict"},
}
"""The keys of a selector, as AnsibleModule takes them."""
KEYS: t.Final = tuple(SELECTOR_SPEC)


def select_spec(matches: str) -> dict[str, dict[str, t.Any]]:
    """Return the options select and matches, as AnsibleModule takes them.

    :param matches: how many jobs must match by default: one, some, or any.
    """
    return {
        "select": {"type": "dict", "options": SELECTOR_SPEC},
        "matches": {"type": "str", "choices": ["one", "some", "any"], "default": matches},
    }
