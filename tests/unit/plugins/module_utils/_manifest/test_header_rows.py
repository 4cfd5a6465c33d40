# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rows are headers: those that name their columns, and no object."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._manifest.header_rows import is_header

FIELDS = ("Bucket", "Key")


@pytest.mark.parametrize(
    ("row", "fields", "header"),
    [
        (["bucket", "key"], FIELDS, True),
        (["Bucket", "Key"], FIELDS, True),
        (["bucket_name", "Object Key"], FIELDS, True),
        (["bucket", "key", "version_id"], (*FIELDS, "VersionId"), True),
        (["size", "bucket", "key"], ("Ignore", *FIELDS), True),
        (["archive", "key"], FIELDS, False),
        (["bucket", "films/a"], FIELDS, False),
        (["key", "bucket"], FIELDS, False),
        (["", ""], FIELDS, False),
        ([], FIELDS, False),
    ],
)
def test_a_header(row, fields, header):
    assert is_header(row, fields) is header
