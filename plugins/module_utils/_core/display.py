# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Escape untrusted text for display.

A description or a message can contain line breaks that forge rows of a diff, and marks that reverse the direction of
writing. Private to this collection.
"""

from __future__ import annotations

import typing as t

LONGEST: t.Final = 1000
"""Characters of a provider's message that are shown."""
_HIDDEN: t.Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories: control, format (including bidirectional marks), surrogates, and line breaks."""


def escape(text: str) -> str:
    """Return a text in which each character is escaped that does not display as itself."""
    if text.isprintable():
        return text
    # Imported where it is used: few texts need it.
    import unicodedata

    return "".join(_escaped(sign) if unicodedata.category(sign) in _HIDDEN else sign for sign in text)


def truncate(text: str, longest: int = LONGEST, columns: bool = False) -> str:
    """Return a text with at most the given length.

    :param columns: whether the ellipsis counts, too, so that the text fits into this many columns.
    """
    if len(text) <= longest:
        return text
    return f"{text[: longest - 3 if columns else longest]}..."


def and_more(items: t.Sequence[str], most: int, total: t.Optional[int] = None, noun: str = "") -> str:
    """Return the first items of a list as text, and how many more there are.

    :param total: the number of all items, if the list has only the first ones.
    :param noun: the plural noun of the others; empty if the text before has it.
    """
    more = (len(items) if total is None else total) - most
    rest = f" and {more} more {noun}".rstrip() if more > 0 else ""
    return ", ".join(items[:most]) + rest


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: 1 object, 2 objects.

    :param plural: if the plural is not the noun with an s.
    """
    return f"1 {noun}" if number == 1 else f"{number} {plural or noun + 's'}"


def duration(seconds: float) -> str:
    """Return a duration in its two largest units: 2h05m."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02}s"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}h{minutes:02}m" if hours < 48 else f"{hours // 24}d{hours % 24}h"


def capitalize(text: str) -> str:
    """Return a sentence that begins with a capital letter; str.capitalize() would also change the other letters."""
    return text[:1].upper() + text[1:]


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")
