# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stores of the collection, connected to the emulator, without a module around them."""

from __future__ import annotations

import functools
import hashlib
import io
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._clouds import registry, stores
from ansible_collections.objectstore.batch.plugins.module_utils._core.object_stores import Body
from ansible_collections.objectstore.batch.plugins.module_utils._core.providers import Credentials, Options
from ansible_collections.objectstore.batch.plugins.module_utils._requests.downloads import Reader
from ansible_collections.objectstore.batch.plugins.module_utils._requests.senders import RetryLimits, Sender
from batch_emulator.accounts import OSS_UID

from .reports import BUCKET

if t.TYPE_CHECKING:
    from ansible_collections.objectstore.batch.plugins.module_utils._core.object_stores import Store

    from .clouds import Cloud


def store_of(cloud: Cloud, region: str = "") -> Store:
    """The store of a cloud's account."""
    given = cloud.account.connection
    options = Options(
        region=region or given["region"],
        account_id=given.get("account_id", ""),
        app_id=given.get("app_id", ""),
        endpoint_url=cloud.emulator.url,
        credentials=Credentials(given["access_key"], given["secret_key"]),
        connections=4,
    )
    return stores.STORES[cloud.provider](registry.PROVIDERS[cloud.provider]()(options))


def reader_of(cloud: Cloud, max_attempts: int = 3) -> Reader:
    """A reader whose failed requests are sent again at once."""
    return Reader(store_of(cloud), Sender(RetryLimits(max_attempts, 60.0), sleep=lambda seconds: None))


def body_of(content: bytes, md5: bytes | None = None) -> Body:
    """What is to be put; md5 is for one that is not that of the content."""
    digest = hashlib.md5(content, usedforsecurity=False).digest()
    return Body(functools.partial(io.BytesIO, content), len(content), md5 or digest)


def make_bucket(cloud: Cloud, name: str = BUCKET, region: str = "", versioned: bool = False) -> str:
    """Make a bucket of the cloud's account."""
    given = cloud.account.connection
    account = given.get("account_id", OSS_UID)
    cloud.emulator.make_bucket(cloud.provider, name, account, region or given["region"], versioned)
    return name
