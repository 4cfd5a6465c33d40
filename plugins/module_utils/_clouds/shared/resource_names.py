# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the names of buckets and objects from the resource names that providers use.

Private to this collection.
"""

from __future__ import annotations

import re


def bucket_name(text: str) -> str:
    """Return the name of a bucket from a name, an ARN of any partition, or a resource of COS or OSS.

    The result is empty if the text has one of these forms, but contains no bucket.
    """
    if text.startswith("arn:"):
        return text.partition(":::")[2].split("/")[0]
    if text.startswith("oss://"):
        return text[6:].split("/")[0]
    return re.split("[:/]", text)[-1] if text.startswith(("qcs:", "acs:oss:")) else text


def split_object(resource: str) -> tuple[str, str]:
    """Return the bucket and the key of an object from its resource name.

    COS writes uid/APPID before the bucket, and OSS two slashes.
    """
    if resource.startswith("oss://"):
        return resource[6:].partition("/")[::2]
    found = re.fullmatch("(qcs:(?:[^/]*uid/[0-9]+:)?[^/]*)/(.+)", resource, re.DOTALL)
    bucket, key = (found[1], found[2]) if found else resource.partition("/")[::2]
    return bucket_name(bucket), key
