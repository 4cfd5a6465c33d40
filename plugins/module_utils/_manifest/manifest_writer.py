# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write manifests whose keys contain a digest of their content, unless they exist. Private to this collection."""

from __future__ import annotations

import typing as t

from .._core import errors, object_stores, providers
from .._requests import downloads, senders, uploads
from . import external_sort, made_manifests

_SHOWN: t.Final = 100
"""Lines of a manifest that the diff shows."""
LONGEST_NAME: t.Final = 100
"""Bytes of a key after its prefix: at most 64 for the ID of a job, the rest for the fixed parts."""


class ManifestWriter:
    """Writes one manifest after the other.

    :param prefix: the beginning of each key, without a slash at its end.

    Afterwards, made has the manifests.
    """

    def __init__(
        self, reader: downloads.Reader, sender: senders.Sender, bucket: str, prefix: str, check_mode: bool
    ) -> None:
        self._reader = reader
        self._sender = sender
        self._bucket = bucket
        self._prefix = prefix
        self._check_mode = check_mode
        self.made: list[made_manifests.Made] = []

    def write(self, lines: t.Iterable[bytes], fields: tuple[str, ...]) -> None:
        """Write sorted lines to a manifest; no line, no manifest.

        :raises BatchError: with the manifests that were written before.
        """
        written = external_sort.write(lines, _SHOWN)
        if not written.count:
            return
        key = f"{self._prefix}/{written.digest[:16]}.csv"
        try:
            _check_size(self._reader.store.traits, written)
            put = uploads.put_if_absent(self._reader, self._sender, self._bucket, key, written.body, self._check_mode)
        except errors.BatchError as error:
            raise made_manifests.with_made(error, self.made) from error
        name = self._reader.store.resource(self._bucket, key)
        first = tuple(written.first)
        self.made.append(
            made_manifests.Made(
                self._bucket, key, name, fields, written.count, put.outcome, put.found, first, written.digest
            )
        )


def _check_size(traits: providers.Traits, written: external_sort.Written) -> None:
    if written.body.size > object_stores.LARGEST_PUT:
        text = (
            f"the manifest would have {written.body.size} bytes, and one request can send {object_stores.LARGEST_PUT}"
        )
        raise errors.BatchError(traits.failure("unsupported", text))
