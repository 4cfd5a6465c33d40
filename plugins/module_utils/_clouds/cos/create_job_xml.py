# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the XML body of COS's CreateJob from the words of the API. Private to this collection."""

from __future__ import annotations

import typing as t

from ..shared import xml_writer

ITEMS: t.Final = {
    "Fields": "member",
    "UserMetadata": "member",
    "TagSet": "COSTag",
    "NewObjectTagging": "COSTag",
    "AccessControlGrants": "COSGrant",
}
"""What COS calls the items of its lists.

Sources: Tencent Cloud COS documentation, "CreateJob"; cos-go-sdk-v5 batch.go.
"""


def create_body(request: t.Mapping[str, t.Any]) -> bytes:
    """Return a CreateJobRequest."""
    return xml_writer.create_body(request, ITEMS)
