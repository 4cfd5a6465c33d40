# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Describe the pages of an object list, and check that they follow one another. Private to this collection."""

from __future__ import annotations

import datetime
import typing as t

MOST_EMPTY: t.Final = 100
"""Pages without objects in a row. A provider can send some if it skips what it does not return."""


class Listed(t.NamedTuple):
    """One object, or one version of an object, in a list.

    :param version: empty in a list without versions; null for the version from before versioning was enabled.
    :param size: bytes; None if the response does not contain it.
    :param etag: without quotes.
    :param storage_class: in the words of the provider; empty if the response does not contain it.
    """

    key: str
    version: str = ""
    size: t.Optional[int] = None
    etag: str = ""
    modified: t.Optional[datetime.datetime] = None
    storage_class: str = ""


class Page(t.NamedTuple):
    """A part of a list.

    :param token: of the next page; empty on the last page.
    :param markers: keys of delete markers, which are no objects.
    """

    objects: t.Sequence[Listed]
    token: str
    markers: t.Sequence[str] = ()


class Sequel:
    """Checks that each page of a list continues the previous one.

    All providers list keys in the order of their UTF-8 bytes. So a page that repeats or skips keys, or that is in
    another order, is a defect of the response, and the list could lack objects.
    """

    def __init__(self, prefix: str, versions: bool) -> None:
        self._prefix = prefix.encode("utf-8", "surrogatepass")
        self._versions = versions
        self._last = b""
        self._tokens: set[str] = set()
        self._seen: set[tuple[str, str]] = set()
        self._empty = 0

    def fault(self, page: Page) -> str:
        """Return why a page cannot be the next one, as a sentence; empty if it can be."""
        keys = [item.key.encode("utf-8", "surrogatepass") for item in page.objects]
        markers = [key.encode("utf-8", "surrogatepass") for key in page.markers]
        if not all(key and key.startswith(self._prefix) for key in (*keys, *markers)):
            return "the list contains a key that does not begin with the requested prefix"
        if self._is_unordered(keys) or any(first > second for first, second in zip(markers, markers[1:])):
            return "the keys of the list are not in order"
        every = sorted((*keys[:1], *keys[-1:], *markers[:1], *markers[-1:]))
        if every and (every[0] < self._last or (every[0] == self._last and not self._versions)):
            return "a page of the list repeats keys of the previous page"
        if self._repeats(page, every[-1] if every else self._last):
            return "the list repeats a page or its token"
        self._empty = 0 if every else self._empty + 1
        if self._empty > MOST_EMPTY:
            return f"the list has more than {MOST_EMPTY} empty pages in a row"
        self._last = every[-1] if every else self._last
        return ""

    def _is_unordered(self, keys: t.Sequence[bytes]) -> bool:
        pairs = zip(keys, keys[1:])
        if self._versions:
            return any(first > second for first, second in pairs)
        return any(first >= second for first, second in pairs)

    def _repeats(self, page: Page, last: bytes) -> bool:
        """Whether the token, or a version of the previous page, comes again. An object can have many pages."""
        if last != self._last:
            self._tokens.clear()
        if page.token in self._tokens:
            return True
        if page.token:
            self._tokens.add(page.token)
        versions = {(item.key, item.version) for item in page.objects}
        if self._versions and (len(versions) < len(page.objects) or versions & self._seen):
            return True
        self._seen = versions
        return False
