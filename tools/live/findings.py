# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run has found: differences between a cloud and the emulator, questions settled, and a record without names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .situations import NOT_SETTLED, SITUATIONS, Answer

# Any text can contain a name of the account. These patterns are always removed.
_PATTERNS = (
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.I), "JOB-ID"),
    (re.compile(r"\b(?:AKIA|ASIA|AKID|LTAI)[A-Za-z0-9]{8,}"), "KEY-ID"),
    (re.compile(r"(?i)\b(?:authorization|signature|x-[a-z-]*token)\b\s*[:=]\s*\S.*"), "SIGNATURE"),
    (re.compile(r"\b[A-Za-z0-9+/]{40,}={0,2}"), "BASE64"),
    (re.compile(r"\b\d{10,20}\b"), "NUMBER"),
)
# What is said of the caller, or of the moment, and not of the situation.
_OF_THE_MOMENT = {"throttled", "unavailable", "unreachable", "timeout"}
_OF_THE_CALLER = {"access_denied", "invalid_credentials", "clock_skew"}


def differences(found: dict[str, Answer], emulated: dict[str, Answer]) -> list[str]:
    """What the cloud answers otherwise than the emulator, a sentence each."""
    sentences = []
    for situation in SITUATIONS:
        there, here = found.get(situation.name), emulated.get(situation.name)
        momentary = (there or {}).get("kind") in _OF_THE_MOMENT
        if there != here and not momentary and "skipped" not in {*(there or {}), *(here or {})}:
            sentences.append(
                f"{situation.name}: the cloud says {_said(there)}, the emulator says {_said(here)}"
                f" (it is decided by {situation.decided} in emulator/)."
            )
    return sentences


def settled(found: dict[str, Answer]) -> list[str]:
    """The questions that are answered now, a sentence each."""
    return [
        f"{situation.question} {situation.name}: {_said(found[situation.name])}."
        for situation in SITUATIONS
        if situation.question and _tells(found[situation.name])
    ]


def _tells(answer: Answer) -> bool:
    return "skipped" not in answer and answer.get("kind") not in _OF_THE_MOMENT | _OF_THE_CALLER


def still_open() -> list[str]:
    return [f"{what}: {why}." for what, why in NOT_SETTLED.items()]


def _said(answer: Answer | None) -> str:
    if answer is None:
        return "nothing"
    if "skipped" in answer:
        return "nothing, it was left out"
    if "answer" in answer:
        return repr(answer["answer"])
    return f"{answer['code'] or 'an error without a code'} ({answer['kind']}, HTTP {answer['http_status']})"


def scrubbed(value: Any, names: Iterable[str]) -> Any:
    """Return a value without IDs, keys, signatures, and names of the account.

    :param names: known names of the account: account ID, buckets, roles, job IDs, secrets.
    """
    if isinstance(value, dict):
        return {scrubbed(key, names): scrubbed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [scrubbed(item, names) for item in value]
    if not isinstance(value, str):
        return value
    # Long ones first: a name may be a part of another.
    for name in sorted({name for name in names if len(name) > 2}, key=len, reverse=True):
        value = value.replace(name, "NAME")
    for pattern, word in _PATTERNS:
        value = pattern.sub(word, value)
    return value
