# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The attributes of a module that changes something.
    DOCUMENTATION = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/objectstore.batch.all) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - objectstore.batch.all
  check_mode:
    description: Can run in C(check_mode) and return the changed status prediction without modifying the target.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff
      mode.
    support: full
  idempotent:
    description:
      - When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
      - This assumes that no other user or process changes the jobs in the meantime.
    support: full
"""

    # The attributes of a module that only reads.
    INFO = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/objectstore.batch.all) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - objectstore.batch.all
  check_mode:
    description: Can run in C(check_mode). This module never changes anything.
    support: full
  diff_mode:
    description: This module never changes anything, and returns no diff.
    support: N/A
  idempotent:
    description: This module never changes anything.
    support: full
"""
