# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prepare untrusted text for people.

A description or a message can hold line breaks that forge rows of a diff, and marks that turn the direction of writing
around. Private to this collection.
"""

from __future__ import annotations

import typing as t

LONGEST: t.Final = 1000
"""Characters of a cloud's message that are shown."""
_HIDDEN: t.Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of Unicode: control, format (bidirectional marks among them), surrogates, and breaks of lines."""


def escape(text: str) -> str:
    """Return a text with every sign escaped that does not show as itself."""
    if text.isprintable():
        return text
    # Imported where it is used: few texts get here.
    import unicodedata

    return "".join(_escaped(sign) if unicodedata.category(sign) in _HIDDEN else sign for sign in text)


def truncate(text: str, longest: int = LONGEST, columns: bool = False) -> str:
    """Return a text of which no more than the longest is left.

    :param columns: whether the marks of what is left out count, too, so that the text fits into so many columns.
    """
    if len(text) <= longest:
        return text
    return f"{text[: longest - 3 if columns else longest]}..."


def and_more(items: t.Sequence[str], most: int, total: t.Optional[int] = None, noun: str = "") -> str:
    """Return the first items of a list as text, and how many more there are.

    :param total: how many there are in all, if items are the first of them only.
    :param noun: what the others are, in the plural; empty where the text before says it.
    """
    more = (len(items) if total is None else total) - most
    rest = f" and {more} more {noun}".rstrip() if more > 0 else ""
    return ", ".join(items[:most]) + rest


def capitalize(text: str) -> str:
    """Return a sentence that begins with a capital letter; str.capitalize() would change the other letters, too."""
    return text[:1].upper() + text[1:]


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")
