# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List what an operation requires of the objects of its manifest. Private to this collection.

Sources: Amazon S3 User Guide, "Operations supported by S3 Batch Operations"; Tencent COS "Batch processing overview";
Alibaba Cloud OSS "CreateJob".
"""

from __future__ import annotations

import typing as t

_NEEDS: t.Final = (
    (
        "restore",
        ("Every object must be in an archive storage class.", "The restored copies are billed until they expire."),
    ),
    (
        "copy",
        (
            "No object can be in an archive storage class, unless it was restored.",
            "The job role must be able to read the source and write the target bucket.",
        ),
    ),
    (
        "objecttagging",
        (
            "The job role must be able to change the tags of the objects.",
            "Existing tags of an object are replaced or changed as the parameters say.",
        ),
    ),
    ("acl", ("The bucket must have ACLs enabled.",)),
    ("lambda", ("The function must handle each object within its time limit.",)),
    ("legalhold", ("The bucket must have object lock enabled, and so versioning.",)),
    ("retention", ("The bucket must have object lock enabled, and so versioning.",)),
    (
        "replicate",
        ("The bucket must have a replication configuration.", "The manifest needs versions in a versioned bucket."),
    ),
    ("checksum", ("No object can be in an archive storage class, unless it was restored.",)),
    ("encryption", ("The job role must be able to use the KMS key.",)),
    ("delete", ("Deleted objects cannot be recovered in a bucket without versioning.",)),
)
"""A part of the name of an operation, in lower case, to its requirements; the first part that fits counts."""
_LAMBDA: t.Final = "lambda"


def requirements(operation: str, versions: int, rows: int) -> list[str]:
    """Return what the operation requires, as sentences.

    :param operation: the name by the provider; empty if the task does not name it.
    :param versions: number of rows with a version.
    """
    name = operation.lower()
    found = list(next((texts for part, texts in _NEEDS if part in name), ())) if name else []
    if versions:
        found.append("The job role needs the permissions for versions, because the manifest has versions.")
    if versions and versions < rows:
        found.append(f"{rows - versions} rows have no version. A manifest must have versions in all rows or in none.")
    return found


def requests_of(operation: str, objects: int) -> t.Optional[int]:
    """Return the requests that the operation sends; None for an unknown operation, or one without requests."""
    name = operation.lower()
    known = any(part in name for part, _texts in _NEEDS) and _LAMBDA not in name
    return objects if name and known else None


def is_restore(operation: str) -> bool:
    """Whether the operation restores archived objects."""
    return "restore" in operation.lower()
