# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What operations require, and the requests that they send."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._manifest_info import operation_needs


@pytest.mark.parametrize(
    ("operation", "part", "requests"),
    [
        ("S3InitiateRestoreObject", "archive storage class", 7),
        ("COSInitiateRestoreObject", "archive storage class", 7),
        ("S3PutObjectCopy", "unless it was restored", 7),
        ("S3PutObjectTagging", "tags", 7),
        ("S3PutObjectAcl", "ACLs", 7),
        ("LambdaInvoke", "function", None),
        ("S3PutObjectLegalHold", "object lock", 7),
        ("S3PutObjectRetention", "object lock", 7),
        ("S3ReplicateObject", "replication", 7),
        ("S3ComputeObjectChecksum", "unless it was restored", 7),
    ],
)
def test_operations(operation, part, requests):
    assert any(part in text for text in operation_needs.requirements(operation, 0, 7))
    assert operation_needs.requests_of(operation, 7) == requests
    assert operation_needs.is_restore(operation) == ("Restore" in operation)


@pytest.mark.parametrize("operation", ["", "NoSuchOperation"])
def test_unknown_operations(operation):
    assert operation_needs.requirements(operation, 0, 7) == []
    assert operation_needs.requests_of(operation, 7) is None
    assert not operation_needs.is_restore(operation)


def test_versions():
    assert len(operation_needs.requirements("", 7, 7)) == 1
    assert operation_needs.requirements("", 5, 7)[-1].startswith("2 rows have no version")
