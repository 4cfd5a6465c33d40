# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work on several jobs at once, bounded. Private to this collection."""

from __future__ import annotations

import typing as t
from concurrent.futures import ThreadPoolExecutor

In = t.TypeVar("In")
Out = t.TypeVar("Out")


def in_parallel(work: t.Callable[[In], Out], items: t.Sequence[In], concurrency: int) -> list[Out]:
    """Return work(item) for each item, in order; started in order, at most concurrency at once."""
    if concurrency == 1 or len(items) < 2:
        return [work(item) for item in items]
    with ThreadPoolExecutor(min(concurrency, len(items))) as pool:
        return list(pool.map(work, items))
