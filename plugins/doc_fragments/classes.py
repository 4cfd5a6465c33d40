# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The names of priorities; the spec is CLASSES_SPEC in module_utils/_core/priority_classes.py.
    DOCUMENTATION = r"""
options:
  classes:
    description:
      - Dictionary of priority names and their priorities.
      - They extend or replace V(urgent) (4000), V(high) (3000), V(normal) (2000), and V(low) (1000). You can use a name
        wherever a priority is expected.
      - Results contain the name of each priority that has one. If several names have the same priority, the names in
        this option come first.
    type: dict
"""
