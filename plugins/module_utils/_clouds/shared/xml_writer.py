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
    """Return a CreateJobRequest: dictionaries become nodes; a list its items' nodes, or where the cloud has no name for
    them, a node each of the list's own name.

    :param items: name of a list to what the cloud calls its items.
    """
    root = ElementTree.Element("CreateJobRequest")
    _fill(root, request, items)
    body: bytes = ElementTree.tostring(root, encoding="utf-8")
    return body


def unpacked(value: t.Any, items: t.Mapping[str, str]) -> t.Any:
    """Return what an answer shows in the words of a request: lists are lists, also where they hold one item."""
    if isinstance(value, parse_job_xml.Items):
        # A list that no document names: a request with this is the one that was sent.
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
