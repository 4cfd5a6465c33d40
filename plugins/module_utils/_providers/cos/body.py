# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The XML body of COS's CreateJob, from the words of the API. Private to this collection."""

from __future__ import annotations

import typing as t
from xml.etree import ElementTree

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
    """Return a CreateJobRequest: dictionaries become nodes; a list its items' nodes, or where COS has no name for them,
    a node each of the list's own name."""
    root = ElementTree.Element("CreateJobRequest")
    _fill(root, request)
    body: bytes = ElementTree.tostring(root, encoding="utf-8")
    return body


def _fill(node: ElementTree.Element, value: t.Any) -> None:
    if isinstance(value, t.Mapping):
        for name, item in value.items():
            if isinstance(item, (list, tuple)):
                parent, tag = (ElementTree.SubElement(node, name), ITEMS[name]) if name in ITEMS else (node, name)
                for entry in item:
                    _fill(ElementTree.SubElement(parent, tag), entry)
            elif item is not None:
                _fill(ElementTree.SubElement(node, name), item)
    elif isinstance(value, bool):
        node.text = "true" if value else "false"
    else:
        node.text = str(value)
