# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Properties of jobs; the spec is select_spec in module_utils/_select/filter_keys.py.
    DOCUMENTATION = r"""
options:
  select:
    description:
      - Selector that matches live jobs by their properties instead of their IDs. Reading the job list costs one request
        for each 1,000 live jobs.
      - A job must match all keys that you set. A selector without keys and a key with an empty value are rejected.
    type: dict
    version_added: 1.0.0
    suboptions:
      job_ids:
        description: Only match jobs with one of these IDs.
        type: list
        elements: str
      statuses:
        description: Only match jobs in one of these statuses. Each must be the status of a live job.
        type: list
        elements: str
      operations:
        description: Only match jobs with one of these operations, by the name that the provider uses.
        type: list
        elements: str
      description:
        description: Only match jobs whose description contains a match of this regular expression (Python's
          C(re.search)).
        type: str
      min_age:
        description: Minimum time since the creation of the job, for example V(90s), V(45m), V(6h), V(2d), or V(1d12h).
          The maximum is V(3650d).
        type: str
      max_age:
        description: Maximum time since the creation of the job, at most V(3650d).
        type: str
      min_priority:
        description: Lowest current priority to match.
        type: raw
      max_priority:
        description: Highest current priority to match.
        type: raw
      tags:
        description: Only match jobs that have all these tags (AWS only). Costs one request for each job that the other
          keys match.
        type: dict
"""

    # The required number of matches, by the default of the module.
    ONE = r"""
options:
  matches:
    description:
      - Number of jobs that O(select) must match. V(one) is exactly one, V(some) is at least one, and V(any) is any
        number.
      - If the number differs, the task fails and makes no changes. RV(candidates) lists the candidates.
    type: str
    choices: [one, some, any]
    default: one
    version_added: 1.0.0
"""

    SOME = r"""
options:
  matches:
    description:
      - Number of jobs that O(select) must match. V(one) is exactly one, V(some) is at least one, and V(any) is any
        number.
      - If the number differs, the task fails. RV(candidates) lists the candidates.
    type: str
    choices: [one, some, any]
    default: some
    version_added: 1.0.0
"""

    ANY = r"""
options:
  matches:
    description:
      - Number of jobs that O(select) must match. V(one) is exactly one, V(some) is at least one, and V(any) is any
        number.
      - If the number differs, the task fails. RV(candidates) lists the candidates.
    type: str
    choices: [one, some, any]
    default: any
    version_added: 1.0.0
"""
