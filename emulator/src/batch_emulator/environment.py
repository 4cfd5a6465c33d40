# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What points the clouds' tools at an emulator."""

from __future__ import annotations

from . import accounts


def variables(url: str) -> dict[str, str]:
    """Environment variables for the clients of all clouds."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": accounts.AWS_KEY.key_id,
        "AWS_SECRET_ACCESS_KEY": accounts.AWS_KEY.secret,
        "AWS_REGION": accounts.AWS_REGION,
        "AWS_DEFAULT_REGION": accounts.AWS_REGION,
        "COS_ENDPOINT_URL": url,
        "TENCENTCLOUD_SECRET_ID": accounts.COS_KEY.key_id,
        "TENCENTCLOUD_SECRET_KEY": accounts.COS_KEY.secret,
        "TENCENTCLOUD_REGION": accounts.COS_REGION,
        "OSS_ENDPOINT_URL": url,
        "OSS_ACCESS_KEY_ID": accounts.OSS_KEY.key_id,
        "OSS_ACCESS_KEY_SECRET": accounts.OSS_KEY.secret,
        "OSS_REGION": accounts.OSS_REGION,
    }
