# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists in a CreateJob request of COS, read by the paths that Tencent's structures read."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.cos.create_job_xml import create_body
from ansible_collections.objectstore.batch.plugins.module_utils._clouds.shared.parse_job_xml import parse_request

TAGS = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
GRANTS = [
    {"Grantee": {"Identifier": name, "TypeIdentifier": "id"}, "Permission": permission}
    for name, permission in (("a", "READ"), ("b", "FULL_CONTROL"))
]
COPY = "Operation/COSPutObjectCopy"


def body(operation, **parameters):
    request = {"Operation": {operation: parameters}, "Manifest": {"Spec": {"Fields": ["Bucket", "Key"], "Format": "F"}}}
    return ElementTree.fromstring(create_body(request))


@pytest.mark.parametrize(
    ("operation", "parameters", "path", "values"),
    [
        ("COSPutObjectTagging", {"TagSet": TAGS}, "Operation/COSPutObjectTagging/TagSet/COSTag/Key", ["a", "b"]),
        ("COSPutObjectTagging", {"TagSet": TAGS[:1]}, "Operation/COSPutObjectTagging/TagSet/COSTag/Value", ["1"]),
        ("COSPutObjectTagging", {"TagSet": {"COSTag": TAGS}}, "Operation/*/TagSet/COSTag/Key", ["a", "b"]),
        ("COSPutObjectCopy", {"NewObjectTagging": TAGS}, f"{COPY}/NewObjectTagging/COSTag/Value", ["1", "2"]),
        (
            "COSPutObjectCopy",
            {"AccessControlGrants": GRANTS},
            f"{COPY}/AccessControlGrants/COSGrant/Grantee/Identifier",
            ["a", "b"],
        ),
        (
            "COSPutObjectCopy",
            {"AccessControlGrants": GRANTS},
            f"{COPY}/AccessControlGrants/COSGrant/Permission",
            ["READ", "FULL_CONTROL"],
        ),
        (
            "COSPutObjectCopy",
            {"NewObjectMetadata": {"UserMetadata": TAGS}},
            f"{COPY}/NewObjectMetadata/UserMetadata/member/Key",
            ["a", "b"],
        ),
        ("COSDeleteObject", {}, "Manifest/Spec/Fields/member", ["Bucket", "Key"]),
        ("NewThing", {"Item": ["x", "y"]}, "Operation/NewThing/Item", ["x", "y"]),
    ],
)
def test_lists_stand_where_tencent_reads_them(operation, parameters, path, values):
    """Sources: cos-go-sdk-v5 batch.go (xml tags of its structures); Tencent Cloud COS documentation, "CreateJob"."""
    root = body(operation, **parameters)
    assert [node.text for node in root.findall(path)] == values
    if operation != "COSDeleteObject" and "UserMetadata" not in path:
        assert not root.findall("Operation//member")


@pytest.mark.parametrize("name", ["member", "entry", "COSTag", "COSPutObjectCopy"])
@pytest.mark.parametrize(
    ("parameters", "read"),
    [({}, ""), ({"key": "a"}, {"key": "a"}), ({"B": [1, 2], "C": {}}, {"B": ["1", "2"], "C": ""})],
)
def test_an_operation_of_any_name_is_read_back(name, parameters, read):
    assert parse_request(create_body({"Operation": {name: parameters}, "RoleArn": "r"})) == {
        "Operation": {name: read},
        "RoleArn": "r",
    }
