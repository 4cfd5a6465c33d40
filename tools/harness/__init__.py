# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What nox does not do: seeding ansible-test, copies of the collection, the closing tally. Standard library only."""

from pathlib import Path

# Everything that the tools write is below CACHE or an environment of nox.
ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
REPORTS = CACHE / "reports"
# The place of the collection below any collections root.
COLLECTION = Path("ansible_collections", "objectstore", "batch")
