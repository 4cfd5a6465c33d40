# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an operation may hold, as each cloud reads it: AWS by botocore's model, COS by the names of its lists, OSS by
its documentation.

Sources: botocore's s3control model 2018-08-20; Tencent Cloud COS documentation, "CreateJob"; cos-go-sdk-v5 batch.go;
Alibaba Cloud OSS documentation, "CreateJob".
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

# The items of COS's lists; everything else that repeats is refused.
COS_ITEMS = {
    "TagSet": "COSTag",
    "NewObjectTagging": "COSTag",
    "AccessControlGrants": "COSGrant",
    "UserMetadata": "member",
}
COS_REQUIRED = {"COSTag": ("Key", "Value"), "COSGrant": ("Grantee", "Permission")}


@lru_cache(maxsize=1)
def _aws_operations() -> Any:
    import botocore.session

    model = botocore.session.Session().get_service_model("s3control")
    return model.operation_model("CreateJob").input_shape.members["Operation"]


def aws_fault(operation: ET.Element) -> str:
    """What AWS would not take of an Operation; empty where it takes all of it."""
    return _shape_fault("Operation", operation, _aws_operations())


def _shape_fault(path: str, node: ET.Element, shape: Any) -> str:
    if shape.type_name == "structure":
        return _structure_fault(path, node, shape)
    item = {"list": "member", "map": "entry"}.get(shape.type_name)
    if item is None:
        return f"{path} holds nodes where a value belongs" if len(node) else ""
    strange = [child.tag for child in node if child.tag != item]
    if strange or shape.type_name == "map":
        return f"{path} holds {strange[0]} and not {item}" if strange else ""
    return _first(_shape_fault(f"{path}/{item}", child, shape.member) for child in node)


def _structure_fault(path: str, node: ET.Element, shape: Any) -> str:
    names = {member.serialization.get("name", name): member for name, member in shape.members.items()}
    required = [shape.members[name].serialization.get("name", name) for name in shape.required_members]
    missing = [name for name in required if node.find(name) is None]
    unknown = [child.tag for child in node if child.tag not in names]
    if missing or unknown:
        return f"{path} lacks {missing[0]}" if missing else f"{path} does not know {unknown[0]}"
    return _first(_shape_fault(f"{path}/{child.tag}", child, names[child.tag]) for child in node)


def _first(faults: Iterable[str]) -> str:
    return next(filter(None, faults), "")


def cos_fault(operation: ET.Element) -> str:
    """What COS would not take of an Operation; empty where it takes all of it."""
    for node in operation.iter():
        names = [child.tag for child in node]
        item = COS_ITEMS.get(node.tag)
        if item is not None and (not names or set(names) != {item}):
            return f"{node.tag} must hold {item} and nothing else"
        if item is None and len(set(names)) < len(names):
            return f"{node.tag} holds {next(name for name in names if names.count(name) > 1)} more than once"
        if item is None and "member" in names:
            return f"{node.tag} does not know member"
        missing = [name for name in COS_REQUIRED.get(node.tag, ()) if name not in names]
        if missing:
            return f"{node.tag} lacks {missing[0]}"
    return ""


# Operation -> its children: text, or a list of items with the nodes that they must have.
_TAGS = {"TagSet": {"Tag": ("Key", "Value")}}
OSS_OPERATIONS: dict[str, dict[str, Any]] = {
    "PutObjectTagging": _TAGS,
    "AddObjectTagging": _TAGS,
    "DeleteObjectTagging": {},
    "PutObjectAcl": {"ObjectAcl": None},
    "RestoreObject": {"Days": None, "Tier": None},
}


def oss_fault(operation: ET.Element) -> str:
    """What OSS would not take of an Operation; empty where it takes all of it."""
    node = operation[0]
    known = OSS_OPERATIONS[node.tag]
    names = [child.tag for child in node]
    unknown = [name for name in names if name not in known]
    if unknown or len(set(names)) < len(names):
        return f"{node.tag} does not know {unknown[0]}" if unknown else f"{node.tag} holds a node more than once"
    if node.tag.endswith("ObjectTagging") and set(names) != set(known):
        return f"{node.tag} lacks TagSet"
    return _first(_oss_list_fault(child, known[child.tag]) for child in node)


def _oss_list_fault(node: ET.Element, items: dict[str, tuple[str, ...]] | None) -> str:
    if items is None:
        return f"{node.tag} holds nodes where a value belongs" if len(node) else ""
    if not len(node) or any(child.tag not in items for child in node):
        return f"{node.tag} must hold {', '.join(items)} and nothing else"
    return _first(
        "" if sorted(part.tag for part in child) == sorted(items[child.tag]) else f"{child.tag} must hold Key and Value"
        for child in node
    )


def oss_fields_fault(spec: ET.Element) -> str:
    """What is wrong with the Fields of OSS's CSV manifest, which are one text; empty where nothing is."""
    fields = spec.find("Fields")
    if fields is None or len(fields):
        return "Spec/Fields must be text"
    names = (fields.text or "").split(",")
    unknown = [name for name in names if name not in ("Ignore", "Bucket", "Key", "VersionId")]
    if unknown:
        return f"Spec/Fields does not know {unknown[0]!r}"
    lacking = [name for name in ("Bucket", "Key") if names.count(name) != 1]
    return f"Spec/Fields must hold {lacking[0]} once" if lacking else ""


def member_fields_fault(spec: ET.Element) -> str:
    """What is wrong with the Fields of a CSV manifest; empty where nothing is."""
    fields = spec.find("Fields")
    if fields is None:
        return "Spec/Fields is missing"
    if any(child.tag != "member" for child in fields):
        return "Spec/Fields must hold members"
    names = [(child.text or "").strip() for child in fields]
    unknown = [name for name in names if name not in ("Ignore", "Bucket", "Key", "VersionId")]
    if unknown:
        return f"Spec/Fields does not know {unknown[0]!r}"
    lacking = [name for name in ("Bucket", "Key") if names.count(name) != 1]
    return f"Spec/Fields must hold {lacking[0]} once" if lacking else ""
