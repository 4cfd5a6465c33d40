# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write objects as the rows of a manifest, in the encoding of the provider.

Keys in manifests of AWS and OSS are URL-encoded. Keys in manifests of COS are plain. Everything that is not certainly
safe is encoded: a plus sign is a space for some readers, and a comma needs quotes. Private to this collection.
"""

from __future__ import annotations

import re
import typing as t
from urllib.parse import quote, unquote

from .._core import providers, validation
from . import manifest_lines

Form = t.Literal["plain", "encoded", "copied"]
_SAFE: t.Final = "/-_.~"
_LITERAL: t.Final = r"[!#$()*+,\-./0-9:;=?@A-Z\[\\\]^_`a-z{|}~]*"
_ENCODED: t.Final = re.compile(rf"(?=.){_LITERAL}(?:%[0-9A-Fa-f]{{2}}{_LITERAL})*", re.ASCII)
"""A key that can be URL-encoded: AWS documents that spaces, other characters than ASCII, and < > & ' " must be."""
_VERSION: t.Final = re.compile(r"[!-~]{1,1024}", re.ASCII)
_NO_VERSION: t.Final = ("", "\\N")
_SHOWN: t.Final = 80


def is_encoded(key: str) -> bool:
    """Whether a key can be a URL-encoded key, as AWS documents it for manifests."""
    return _ENCODED.fullmatch(key) is not None


class RowError(ValueError):
    """A row that no manifest can have, and that its source can correct; the text says why."""


class RowEncoder:
    """Writes rows of one manifest after the other.

    :param form: plain keys are encoded as the provider requires. encoded keys must have that form, and are copied.
        copied keys are those of a manifest, which can have any form.
    """

    def __init__(self, traits: providers.Traits, form: Form) -> None:
        self._traits = traits.manifests
        self._rule: validation.Rule = traits.rules["bucket"]
        self._form = form
        self._encodes = self._traits.encodes and form == "plain"
        self._strict = self._traits.encodes and form == "encoded"
        self._buckets: set[str] = set()
        # So many characters are never too many bytes.
        self._short = self._traits.longest_key // 4

    def decode(self, key: str) -> str:
        """Return the plain key of a key in this form, for comparisons."""
        if self._form == "plain" or not self._traits.encodes:
            return key
        return unquote(key, errors="surrogateescape")

    def line(self, bucket: str, key: str, version: str = "") -> t.Optional[bytes]:
        """Return the line of an object, None if no manifest of the provider can contain its key.

        :raises RowError: the row is not one of an object.
        """
        known = bucket in self._buckets
        usual = known and self._strict and not version and len(key) <= self._short and "," not in key
        if usual and _ENCODED.fullmatch(key):
            # Most rows of a large file. The other checks take longer than everything else.
            return f"{bucket},{key}\n".encode()
        if not known:
            self._check_bucket(bucket)
        if self._encodes:
            if not key:
                raise RowError("it has no key")
            cell = quote(key, safe=_SAFE, errors="surrogateescape")
        else:
            cell = key
            if not (_ENCODED.fullmatch(key) if self._strict else key):
                raise RowError(_why(key))
        if self._form != "copied":
            self._check_text(key)
        if version and not _VERSION.fullmatch(version):
            raise RowError(f"its version {_shown(version)} is not a version ID")
        if not version and self._encodes:
            # Encoded keys need no quotes.
            return f"{bucket},{cell}\n".encode()
        return manifest_lines.Line(bucket, cell, version).text(self._traits.quotes)

    def _check_bucket(self, bucket: str) -> None:
        if not self._rule.fits(bucket):
            raise RowError(f"{_shown(bucket)} is not a bucket name")
        self._buckets.add(bucket)

    def _check_text(self, key: str) -> None:
        """Reject keys that no object can have."""
        if len(key) > self._short or not key.isascii():
            plain = self.decode(key)
            try:
                size = len(plain.encode())
            except UnicodeEncodeError:
                raise RowError(f"its key {_shown(key)} is not valid UTF-8") from None
            if size > self._traits.longest_key:
                raise RowError(f"its key {_shown(key)} has {size} bytes (limit: {self._traits.longest_key})")
        if "\0" in key:
            raise RowError(f"its key {_shown(key)} contains NUL")


def version_of(cell: str) -> str:
    """Return the version in a cell, empty for none."""
    return "" if cell in _NO_VERSION else cell


def _why(key: str) -> str:
    return f"its key {_shown(key)} is not URL-encoded" if key else "it has no key"


def _shown(text: str) -> str:
    shown = ascii(text)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
