# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The signature of RPC requests against the published example; the keys are those that the publication prints."""

from __future__ import annotations

from ansible_collections.objectstore.batch.plugins.module_utils._clouds.oss.sts import sign

PARAMETERS = {
    "Timestamp": "2016-02-23T12:46:24Z",
    "Format": "XML",
    "AccessKeyId": "testid",
    "Action": "DescribeRegions",
    "SignatureMethod": "HMAC-SHA1",
    "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
    "Version": "2014-05-26",
    "SignatureVersion": "1.0",
}


def test_published_example():
    """Alibaba Cloud ECS documentation, "Request signatures"."""
    assert sign("GET", PARAMETERS, "testsecret") == "OLeaidS1JvxuMvnyHOwuJ+uX5qY="


def test_everything_is_signed():
    signatures = {sign("POST", {**PARAMETERS, name: value + "x"}, "testsecret") for name, value in PARAMETERS.items()}
    assert len(signatures | {sign("GET", PARAMETERS, "testsecret"), sign("GET", PARAMETERS, "other")}) == 10
