# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tools behind the Makefile: environments, collection trees and the test run. Standard library only."""

from __future__ import annotations

import sys

# Older Pythons cannot even read the other files.
if sys.version_info < (3, 10):
    sys.exit(f"Python 3.10 or newer is needed to start, and this is {sys.version.split()[0]}: set PYTHON.")
