# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List the object stores by provider.

It is separate from the registry of providers, so that only tasks about objects contain these files.
Private to this collection.
"""

from __future__ import annotations

import typing as t

from .._core import object_stores


def _aws(provider: t.Any) -> object_stores.Store:
    from .aws.object_store import AwsStore

    return AwsStore(provider)


def _cos(provider: t.Any) -> object_stores.Store:
    from .cos.object_store import CosStore

    return CosStore(provider)


def _oss(provider: t.Any) -> object_stores.Store:
    from .oss.object_store import OssStore

    return OssStore(provider)


STORES: t.Final[dict[str, t.Callable[[t.Any], object_stores.Store]]] = {"aws": _aws, "cos": _cos, "oss": _oss}
