# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the XML body of OSS's CreateJob from the words that the providers share.

Private to this collection.

Source: Alibaba Cloud OSS documentation, "CreateJob".
"""

from __future__ import annotations

import re
import typing as t

from ..shared import xml_writer
from . import traits

ITEMS: t.Final = {"TagSet": "Tag"}
"""What OSS calls the items of its lists."""
_ORDER: t.Final = (
    "ConfirmationRequired",
    "Operation",
    "Report",
    "ClientRequestToken",
    "Manifest",
    "KeyPrefixManifestGenerator",
    "Description",
    "Priority",
    "RoleArn",
)


def create_body(request: t.Mapping[str, t.Any]) -> bytes:
    """Return a CreateJobRequest, its nodes in the order of the documentation."""
    own = {**request, "Report": {**request["Report"], "Bucket": _bare(request["Report"]["Bucket"])}}
    if "Manifest" in own:
        own["Manifest"] = _manifest(own["Manifest"])
    made = own.get("KeyPrefixManifestGenerator", {})
    if isinstance(made.get("SourceBucket"), str):
        own["KeyPrefixManifestGenerator"] = {**made, "SourceBucket": _bare(made["SourceBucket"])}
    return xml_writer.create_body({name: own[name] for name in _ORDER if name in own}, ITEMS)


def _manifest(manifest: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return a manifest with bucket and object apart, its fields as one text, and its ETag without quotes."""
    place, spec = manifest["Location"], manifest["Spec"]
    bucket, _slash, key = _bare(place["ObjectArn"]).partition("/")
    location = {"ETag": place["ETag"].strip('" '), "Bucket": bucket, "Object": key}
    if "ObjectVersionId" in place:
        location["VersionId"] = place["ObjectVersionId"]
    fields = {"Fields": ",".join(spec["Fields"])} if "Fields" in spec else {}
    return {"Location": location, "Spec": {**fields, "Format": spec["Format"]}}


def _bare(resource: str) -> str:
    """Return the bucket, or bucket/key, of an address or a resource name."""
    return re.sub(f"^{traits.RESOURCE}", "", resource)
