# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure and cut text by the columns that it fills in a terminal. Private to this collection."""

from __future__ import annotations

import typing as t

_WIDE: t.Final = frozenset({"W", "F"})
"""East Asian widths of characters that fill two columns."""
_COMBINING: t.Final = frozenset({"Mn", "Me"})
"""Categories of characters that are drawn over the previous one."""


def width(text: str) -> int:
    """Return the number of columns that a text fills; control characters must be escaped before."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def fit(text: str, columns: int) -> str:
    """Return the longest beginning of a text that fits into a number of columns."""
    if text.isascii():
        return text[:columns]
    filled = 0
    for index, character in enumerate(text):
        filled += _columns(character)
        if filled > columns:
            return text[:index]
    return text


def pad(text: str, columns: int) -> str:
    """Return a text that fills exactly a number of columns: cut, or with spaces at the end."""
    fitting = fit(text, columns)
    return fitting + " " * (columns - width(fitting))


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    # Imported where it is used: most texts are ASCII.
    import unicodedata

    if unicodedata.category(character) in _COMBINING:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1
