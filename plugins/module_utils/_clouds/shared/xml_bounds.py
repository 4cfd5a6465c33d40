# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reject XML that no provider sends, by its bytes, before any parser reads it, including the parser of an SDK.

An entity in a document type can expand a few bytes to gigabytes, or read files. No provider sends a document type, so
none is parsed. The check is sound for UTF-8 only, so bodies in other encodings are rejected, and parsers must read each
body as UTF-8, whatever it declares. Private to this collection.
"""

from __future__ import annotations

import re
import typing as t

LONGEST_TEXT: t.Final = 64 * 2**10
"""Bytes of one text in the body, with its tag. The longest text of a provider has 2,048 characters (a role name). So
this leaves room for gateways, and for characters that are written as references."""
_MOST_NODES: t.Final = 500_000
"""Start and end tags; a page of 1,000 jobs with 50 tags each has half as many."""
_MOST_OPEN: t.Final = 1_000
"""Nested tags; the operation of a job, which nests deepest, has at most 40 levels."""
_BLOCK: t.Final = 65_536
_BLANKS: t.Final = re.compile(rb"[ \t\r\n]*")
_PASSED: t.Final = ((b"<?", b"?>"), (b"<!--", b"-->"))
"""What can precede the root element, besides a document type: instructions and comments, with their ends."""
_MARK: t.Final = b"\xef\xbb\xbf"


def find_fault(body: bytes, long_texts: bool = False) -> str:
    """Return why a body is not a response of a provider, as a sentence; empty if it can be one.

    :param long_texts: whether texts of any length pass, as in an error, of which only the beginning is shown.
    """
    if b"\0" in body:
        # Markup in UTF-16 and UTF-32 has NUL bytes. XML in UTF-8 cannot have them.
        return "the response is not UTF-8"
    if body.count(b"<") > _MOST_NODES:
        return "the response is larger than any job list"
    if body.startswith(b"<!", _root(body)):
        return "the response has a document type declaration (DOCTYPE), which no provider sends"
    if _is_deep(body):
        return f"the response has more than {_MOST_OPEN} nested nodes, which no provider sends"
    if not long_texts and _has_long_text(body):
        return f"a text in the response has more than {LONGEST_TEXT} bytes, which no provider allows"
    return ""


def _is_deep(body: bytes) -> bool:
    """Whether far too many tags are open at the end of a block; parsers need 300 bytes for each of them."""
    depth = 0
    for start in range(0, len(body), _BLOCK):
        end = start + _BLOCK
        opening = body.count(b"<", start, end) - body.count(b"<!", start, end + 1) - body.count(b"<?", start, end + 1)
        depth += opening - 2 * body.count(b"</", start, end + 1) - body.count(b"/>", start, end + 1)
        if depth > _MOST_OPEN:
            return True
    return False


def _has_long_text(body: bytes) -> bool:
    """Whether more than LONGEST_TEXT bytes follow one another without the beginning of a tag."""
    place = 0
    while len(body) - place > LONGEST_TEXT:
        last = body.rfind(b"<", place, place + LONGEST_TEXT + 1)
        if last < 0:
            return True
        place = last + 1
    return False


def _root(body: bytes) -> int:
    """Return where the first thing begins that is no blank, comment or instruction."""
    place = len(_MARK) if body.startswith(_MARK) else 0
    while True:
        found = _BLANKS.match(body, place)
        place = found.end() if found else place
        end = next((end for start, end in _PASSED if body.startswith(start, place)), b"")
        after = body.find(end, place + 2) if end else -1
        if after < 0:
            return place
        place = after + len(end)
