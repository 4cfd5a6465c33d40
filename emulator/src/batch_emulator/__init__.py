# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A local server that speaks the batch-job protocols of the clouds; see README.md.

This file imports nothing, so that `batch_emulator.client` needs only the standard library.
"""

from __future__ import annotations
