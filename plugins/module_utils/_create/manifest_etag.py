# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Look up the ETag of the manifest object of a new job. Private to this collection."""

from __future__ import annotations

import dataclasses
import functools

from .._clouds import stores
from .._core import errors, providers
from .._requests import downloads, sessions
from . import recognition


def look_up(session: sessions.Session, creation: recognition.Creation, provider: str) -> recognition.Creation:
    """Return the creation with the current ETag of its manifest object: one HEAD request.

    :param provider: the name of the provider.
    :raises BatchError: the object does not exist, cannot be read, or has no ETag.
    """
    # Parameters that the SDK rejects cost no request.
    session.provider.as_sent(creation.draft)
    traits = session.provider.traits
    location = creation.location
    bucket, key = split(location["ObjectArn"], traits)
    store = stores.STORES[provider](session.provider)
    version = location.get("ObjectVersionId", "")
    try:
        found = session.sender.send("HeadObject", functools.partial(store.head, bucket, key, version))
    except errors.BatchError as error:
        what = f"Cannot look up the ETag of the manifest: {downloads.named(bucket, key)}"
        if version:
            what += f", version {version[:100]!r}"
        failure = error.failure
        raise errors.BatchError(dataclasses.replace(failure, message=f"{what}: {failure.message}")) from error
    if not found.etag:
        text = f"the response contains no ETag of {downloads.named(bucket, key)}"
        hint = "Set manifest.etag. No job was created."
        raise errors.BatchError(traits.failure("invalid_response", text, operation="HeadObject", hint=hint))
    return creation.with_etag(found.etag)


def split(resource: str, traits: providers.Traits) -> tuple[str, str]:
    """Return the bucket and the key of a manifest object.

    :raises BatchError: the resource name contains no bucket, for example that of an access point (kind unsupported).
    """
    bucket, key = traits.reports.split_object(resource)
    if not bucket or not key:
        text = f"the ETag of {resource[:200]!r} cannot be looked up, because the resource name contains no bucket"
        hint = "Set manifest.etag, or set manifest.object_arn to the object in its bucket. No job was created."
        raise errors.BatchError(traits.failure("unsupported", text, hint=hint))
    return bucket, key
