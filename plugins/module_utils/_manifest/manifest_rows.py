# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Split a line of a manifest into its cells. Private to this collection."""

from __future__ import annotations

import csv
import typing as t

FORMATS: t.Final = ("csv", "inventory")
"""The formats of manifests, as users name them."""


class Row(t.NamedTuple):
    """One line of a manifest.

    :param number: from 1, over all files.
    :param cells: None for a line that is not valid CSV; empty for an empty line.
    """

    number: int
    text: str
    cells: t.Optional[list[str]]


def cells_of(text: str, quotes: bool) -> t.Optional[list[str]]:
    """Return the cells of a line; None if it is not valid CSV.

    :param quotes: whether cells can be quoted.
    """
    if not text:
        return []
    if not quotes or '"' not in text:
        return text.split(",")
    try:
        found = list(csv.reader([text], strict=True))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None
