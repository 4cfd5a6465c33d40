# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What operations require, by any provider's name for them."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._manifest_info.operation_needs import (
    is_restore,
    requests_of,
    requirements,
)


@pytest.mark.parametrize(
    ("operation", "part"),
    [
        *((name, "archive storage class") for name in ("S3InitiateRestoreObject", "RestoreObject", "S3PutObjectCopy")),
        ("COSPutObjectTagging", "Existing tags"),
        ("PutObjectAcl", "ACLs"),
        ("LambdaInvoke", "function"),
        *((name, "object lock") for name in ("S3PutObjectLegalHold", "S3PutObjectRetention")),
        ("S3ReplicateObject", "replication configuration"),
        ("S3ComputeObjectChecksum", "archive"),
        ("COSDeleteObject", "cannot be recovered"),
    ],
)
def test_what_is_required(operation, part):
    assert part in " ".join(requirements(operation, 0, 5))


def test_versions_require_more():
    assert requirements("", 0, 5) == []
    assert len(requirements("", 5, 5)) == 1
    assert "2 rows have no version" in requirements("Unknown", 3, 5)[1]


@pytest.mark.parametrize(
    ("operation", "requests"),
    [("S3InitiateRestoreObject", 7), ("", None), ("SomethingNew", None), ("LambdaInvoke", None)],
)
def test_requests(operation, requests):
    assert requests_of(operation, 7) == requests


def test_restores():
    assert [is_restore(name) for name in ("COSInitiateRestoreObject", "RestoreObject", "S3PutObjectCopy", "")] == [
        *(True, True),
        *(False, False),
    ]
