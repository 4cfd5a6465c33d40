# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of making manifests from a source."""

from __future__ import annotations

import dataclasses

from ansible_collections.objectstore.batch.plugins.module_utils._core.object_stores import Found
from ansible_collections.objectstore.batch.plugins.module_utils._manifest.made_manifests import Made
from ansible_collections.objectstore.batch.plugins.module_utils._manifest.manifest_result import (
    Counts,
    render_manifests,
    token,
)

MADE = Made("b", "m/x.csv", "arn:aws:s3:::b/m/x.csv", ("Bucket", "Key"), 3, "changed", Found(9, "e"), (b"b,k\n",), "d")


def test_a_manifest_and_what_was_left_out():
    result = render_manifests([MADE], Counts(10, 4, 2, 1, 0), False)
    assert (result["changed"], result["count"], result["rows"], result["filtered"]) == (True, 3, 10, 4)
    assert (result["duplicates"], result["unsupported_objects"]) == (2, 1)
    assert result["manifest"] == result["manifests"][0]["manifest"]
    assert result["msg"] == (
        "3 objects of 10 rows read: manifest b/m/x.csv (3 objects) created. 4 objects removed by the filter;"
        " 2 duplicates removed. 1 object is not in a manifest, because a manifest cannot contain the key."
    )
    assert result["warnings"] == ["1 object is not in a manifest, because a manifest cannot contain the key."]


def test_no_object_is_left():
    result = render_manifests([], Counts(5, 5), False)
    assert (result["changed"], result["manifest"], result["manifests"], result["count"]) == (False, None, [], 0)
    assert result["msg"] == (
        "No objects are left, so no manifest is required: 5 rows read. 5 objects removed by the filter."
    )
    assert "warnings" not in result


def test_a_manifest_without_versions_next_to_one_with_versions():
    pinned = dataclasses.replace(MADE, fields=("Bucket", "Key", "VersionId"))
    assert "separate manifest" in render_manifests([pinned, MADE], Counts(6), True)["msg"]
    assert "warnings" not in render_manifests([pinned], Counts(3), True)
    assert "warnings" not in render_manifests([MADE], Counts(3), False)


def test_the_token_is_of_the_content_and_its_place():
    assert token(MADE) == token(dataclasses.replace(MADE, outcome="unchanged", count=9, found=None))
    assert token(MADE) != token(dataclasses.replace(MADE, digest="e"))
    assert token(MADE) != token(dataclasses.replace(MADE, resource="arn:aws:s3:::c/m/x.csv"))
    assert len(token(MADE)) <= 64
