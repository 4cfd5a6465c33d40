# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exception for a request that the mock rejects."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A request that AWX would reject, or that the mock does not know."""

    def __init__(self, status: int, **detail: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
