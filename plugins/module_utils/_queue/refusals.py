# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Say why a plan as a whole must not be carried out. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import errors, plans
from . import approvals, declarations


@dataclasses.dataclass(frozen=True)
class JudgedPlan:
    """A plan, and what its approval says of it.

    :param deviation: in which way it is not the approved plan, where all of that has to be carried out.
    :param left: a sentence for each approved move that is left, where those are carried out that are still valid.
    """

    plan: plans.Plan
    deviation: str = ""
    left: t.Sequence[str] = ()


def plan_refusal(
    judged: JudgedPlan, declaration: declarations.Declaration, digest: str, unmatched: t.Sequence[str]
) -> t.Optional[errors.Failure]:
    """Return why a plan as a whole must not be carried out, if so.

    A plan without writes may, if all of it matched, and if nothing is left of what was approved.
    """
    updates = sum(len(wave) for wave in judged.plan.waves)
    if unmatched and declaration.unmatched == "fail":
        text = f"{'; '.join(unmatched)}: no live job matches; nothing was written"
        return errors.Failure("not_found", text, hint="Look for a typing error, or say unmatched=warn.")
    if judged.deviation:
        return approvals.refusal(judged.deviation)
    if declaration.max_updates is not None and updates > declaration.max_updates:
        text = f"The plan has {updates} updates, and max_updates allows {declaration.max_updates}; nothing was written"
        return errors.Failure(
            "conflict", text, hint="Look at the diff of a dry run; raise max_updates if it is what you want."
        )
    if declaration.expect_plan and updates and declaration.expect_plan != digest:
        text = (
            f"The plan is another one than expect_plan names (plan_hash is {digest} now): the queue has changed since;"
            " nothing was written"
        )
        return errors.Failure("conflict", text, hint="Run a dry run again and have its plan_hash approved.")
    return None


def withheld(plan: plans.Plan, refusal: errors.Failure) -> plans.Plan:
    decisions = [
        dataclasses.replace(item, outcome="skipped", reason=refusal.message) if item.outcome == "update" else item
        for item in plan.decisions
    ]
    return plans.Plan(tuple(decisions), plan.policy, ())
