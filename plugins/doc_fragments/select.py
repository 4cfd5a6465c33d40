# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # What jobs are like; the spec is select_spec in module_utils/_select/filter_keys.py.
    DOCUMENTATION = r"""
options:
  select:
    description:
      - The jobs that the task is about, by what they are like instead of by id. They are chosen among the live jobs,
        which costs a request for each 1,000 of them and none for each job.
      - What is not given is not asked for. A selector without any key is refused, and so is an empty value of a key.
    type: dict
    version_added: 1.0.0
    suboptions:
      job_ids:
        description: Jobs of these ids.
        type: list
        elements: str
      statuses:
        description: Jobs in these statuses, which have to be those of live jobs.
        type: list
        elements: str
      operations:
        description: Jobs of these operations, by the cloud's own names.
        type: list
        elements: str
      description:
        description: Jobs whose description contains a match of this regular expression (Python's C(re.search)).
        type: str
      min_age:
        description: Jobs created at least so long ago, such as V(90s), V(45m), V(6h), V(2d) or V(1d12h).
          V(3650d) or less.
        type: str
      max_age:
        description: Jobs created at most so long ago. V(3650d) or less.
        type: str
      min_priority:
        description: Jobs whose present priority is this one or higher.
        type: raw
      max_priority:
        description: Jobs whose present priority is this one or lower.
        type: raw
      tags:
        description: Jobs that have all these tags (AWS only). It costs one request for each job that the other
          keys leave.
        type: dict
"""

    # How many jobs have to fit, by the default of the module.
    ONE = r"""
options:
  matches:
    description:
      - How many jobs O(select) has to match. With V(one) exactly one, with V(some) at least one, with V(any) any
        number.
      - Otherwise the task fails before anything is written, and names the candidates, see RV(candidates).
    type: str
    choices: [one, some, any]
    default: one
    version_added: 1.0.0
"""

    SOME = r"""
options:
  matches:
    description:
      - How many jobs O(select) has to match. With V(one) exactly one, with V(some) at least one, with V(any) any
        number.
      - Otherwise the task fails, and names the candidates, see RV(candidates).
    type: str
    choices: [one, some, any]
    default: some
    version_added: 1.0.0
"""

    ANY = r"""
options:
  matches:
    description:
      - How many jobs O(select) has to match. With V(one) exactly one, with V(some) at least one, with V(any) any
        number.
      - Otherwise the task fails, and names the candidates, see RV(candidates).
    type: str
    choices: [one, some, any]
    default: any
    version_added: 1.0.0
"""
