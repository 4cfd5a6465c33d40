# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work on several jobs at once, bounded. Private to this collection."""

from __future__ import annotations

import typing as t
from concurrent.futures import ThreadPoolExecutor

from ansible_collections.objectstore.batch.plugins.module_utils._requests import width as _width

In = t.TypeVar("In")
Out = t.TypeVar("Out")


def in_parallel(work: t.Callable[[In], Out], items: t.Sequence[In], width: _width.Width) -> list[Out]:
    """Return work(item) for each item, in order; started in order, at most as many at once as the width allows."""
    if width.most == 1 or len(items) < 2:
        return [work(item) for item in items]

    def one(item: In) -> Out:
        with width:
            return work(item)

    with ThreadPoolExecutor(min(width.most, len(items))) as pool:
        return list(pool.map(one, items))
