# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List the botocore versions that added operations, parameters, and filters of jobs.

Source: the s3control service models in the released wheels of botocore. botocore does not check the words of a
parameter, for example the name of a checksum algorithm, so the table does not contain them. Private to this collection.
"""

from __future__ import annotations

import typing as t

from ..._core import errors, validation

FIRST: t.Final[dict[tuple[str, str], str]] = {
    ("JobOperation", "S3ComputeObjectChecksum"): "1.40.12",
    ("JobReport", "ExpectedBucketOwner"): "1.40.12",
    ("JobManifestGeneratorFilter", "MatchAnyObjectEncryption"): "1.40.31",
    ("JobOperation", "S3UpdateObjectEncryption"): "1.42.37",
    ("S3CopyObjectOperation", "AnnotationDirective"): "1.43.90",
    ("S3CopyObjectOperation", "ObjectLockEventHold"): "1.43.90",
    ("S3CopyObjectOperation", "ObjectLockEventHoldDuration"): "1.43.90",
    ("S3Retention", "EventHold"): "1.43.90",
    ("S3Retention", "EventHoldDuration"): "1.43.90",
}
"""Shape and member of the service model to the first version of botocore that has them."""


def missing(option: str, name: str, shape: str) -> t.Optional[errors.BatchError]:
    """Return the error for a name that only a newer botocore supports; None for all other names.

    :param option: the path of the value, for the message.
    :param shape: the shape of the installed service model that does not have the name.
    """
    version = FIRST.get((shape, name))
    if version is None:
        return None
    text = f"{option}: {validation.quoted(name)} requires botocore {version} or newer, and the installed one is older"
    hint = (
        f"Upgrade it on the host that runs the task: python3 -m pip install --upgrade boto3 'botocore>={version}'."
        " No job was created."
    )
    return errors.BatchError(errors.Failure("unsupported", text, hint=hint))
