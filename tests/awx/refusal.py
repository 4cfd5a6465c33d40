# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stand-in raises for a request that it does not take."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A request that AWX would not take, or that nobody has thought of."""

    def __init__(self, status: int, **detail: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
