# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of manifests become cells."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._manifest.manifest_rows import cells_of


@pytest.mark.parametrize(
    ("text", "quotes", "expected"),
    [
        ("archive,a.mov", True, ["archive", "a.mov"]),
        ('"archive","a, b.mov"', True, ["archive", "a, b.mov"]),
        ('archive,"a ""b"".mov"', True, ["archive", 'a "b".mov']),
        # Without quotes, a quotation mark is a part of the key.
        ('archive,"a.mov"', False, ["archive", '"a.mov"']),
        ("", True, []),
        (",", True, ["", ""]),
        ('archive,"a.mov', True, None),
        ('archive,"a"b', True, None),
        ("archive,a\rb", True, ["archive", "a\rb"]),
    ],
)
def test_cells(text, quotes, expected):
    assert cells_of(text, quotes) == expected
