# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Columns of a terminal: wide characters fill two, combining characters none."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._page.text_columns import fit, pad, width

WIDE = "\u5f52\u6863\uff21"
ACCENT = "e\u0301"


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), (WIDE, 6), (ACCENT * 3, 3), ("\u00e9", 1), ("a\u20dd", 1), ("\uac00b", 3), ("\U0001f600", 2)],
)
def test_width(text, columns):
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "columns", "fitting"),
    [
        ("abc", 2, "ab"),
        ("abc", 3, "abc"),
        (WIDE, 6, WIDE),
        (WIDE, 5, WIDE[:2]),
        (WIDE, 1, ""),
        (ACCENT * 3, 2, ACCENT * 2),
        ("", 0, ""),
    ],
)
def test_fit_and_pad(text, columns, fitting):
    assert fit(text, columns) == fitting
    padded = pad(text, columns)
    assert (width(padded), padded.rstrip()) == (columns, fitting)
