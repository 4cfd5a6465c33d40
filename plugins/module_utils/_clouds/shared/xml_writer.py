# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the XML of a CreateJob request from the words of the API, for providers without an SDK.

Private to this collection.
"""

from __future__ import annotations

import typing as t
from xml.etree import ElementTree

from . import parse_job_xml


def create_body(request: t.Mapping[str, t.Any], items: t.Mapping[str, str]) -> bytes:
    """Return a CreateJobRequest. Dictionaries become nodes. A list becomes one node with its items, or one node per
    item with the name of the list if the provider has no name for its items.

    :param items: name of a list to the provider's name of its items.
    """
    root = ElementTree.Element("CreateJobRequest")
    _fill(root, request, items)
    body: bytes = ElementTree.tostring(root, encoding="utf-8")
    return body


def unpacked(value: t.Any, items: t.Mapping[str, str]) -> t.Any:
    """Return a part of a response in the words of a request: lists stay lists, even with one item."""
    if isinstance(value, parse_job_xml.Items):
        # An undocumented list: the request must be the same as this response.
        return {value.name: [unpacked(entry, items) for entry in value]}
    if isinstance(value, list):
        return [unpacked(entry, items) for entry in value]
    if not isinstance(value, t.Mapping):
        return value
    found: dict[str, t.Any] = {}
    for name, entry in value.items():
        if name in items:
            inner = entry.get(items[name], entry) if isinstance(entry, t.Mapping) else entry
            entries = inner if isinstance(inner, list) else [inner] if inner else []
            found[name] = [unpacked(one, items) for one in entries]
        else:
            found[name] = unpacked(entry, items)
    return found


def _fill(node: ElementTree.Element, value: t.Any, items: t.Mapping[str, str]) -> None:
    if isinstance(value, t.Mapping):
        for name, item in value.items():
            if isinstance(item, (list, tuple)):
                parent, tag = (ElementTree.SubElement(node, name), items[name]) if name in items else (node, name)
                for entry in item:
                    _fill(ElementTree.SubElement(parent, tag), entry, items)
            elif item is not None:
                _fill(ElementTree.SubElement(node, name), item, items)
    elif isinstance(value, bool):
        node.text = "true" if value else "false"
    else:
        node.text = str(value)
