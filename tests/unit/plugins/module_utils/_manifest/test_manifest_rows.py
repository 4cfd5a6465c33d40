# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of manifests: cells, quotes, and the byte order mark."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._manifest import manifest_rows


@pytest.mark.parametrize(
    ("text", "quotes", "cells"),
    [
        ("", True, []),
        ("a,b", True, ["a", "b"]),
        ('"a","b,c"', True, ["a", "b,c"]),
        ('"a","b""c"', True, ["a", 'b"c']),
        ('"a","b', True, None),
        ('"a"x,b', True, None),
        ('"a","b"', False, ['"a"', '"b"']),
        (" ", True, [" "]),
        (",", True, ["", ""]),
    ],
)
def test_cells(text, quotes, cells):
    assert manifest_rows.cells(text, quotes) == cells


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_the_mark_stays(size):
    for content, kept in ((b"\xef\xbb\xbfa,b\n", "\ufeffa,b\n"), (b"a,b\n", "a,b\n"), (b"", ""), (b"a", "a")):
        parts = [content[start : start + size] for start in range(0, len(content), size)]
        assert b"".join(manifest_rows.with_bom(parts)).decode("utf-8-sig") == kept


def test_the_name_of_a_bucket_with_its_app_id():
    full = ["1250000000", "archive-1250000000", "k"]
    assert manifest_rows.with_app_id(["1250000000", "archive", "k"], 1, 0) == full
    assert manifest_rows.with_app_id(full, 1, 0) == full
    assert manifest_rows.with_app_id(["", "archive", "k"], 1, 0) == ["", "archive", "k"]
