# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide whether a plan as a whole must not be applied. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import errors, plans
from . import approvals, declarations


@dataclasses.dataclass(frozen=True)
class JudgedPlan:
    """A plan, and the result of its comparison with the approved changes.

    :param deviation: how it differs from the approved plan, if exactly that plan must be applied.
    :param left: a sentence for each approved change that is not applied, if only valid changes are applied.
    """

    plan: plans.Plan
    deviation: str = ""
    left: t.Sequence[str] = ()


def plan_refusal(
    judged: JudgedPlan, declaration: declarations.Declaration, digest: str, unmatched: t.Sequence[str]
) -> t.Optional[errors.Failure]:
    """Return why a plan as a whole must not be applied; None if it can be applied.

    A plan without updates can be applied if everything matched, and if no approved change is open.
    """
    updates = sum(len(wave) for wave in judged.plan.waves)
    if unmatched and declaration.unmatched == "fail":
        text = f"No live job matches {', '.join(unmatched)}. No changes were made"
        return errors.Failure("not_found", text, hint="Check the spelling, or set unmatched=warn.")
    if judged.deviation:
        return approvals.refusal(judged.deviation)
    if declaration.max_updates is not None and updates > declaration.max_updates:
        text = (
            f"The plan has {updates} {'change' if updates == 1 else 'changes'}, but max_updates allows"
            f" {declaration.max_updates}. No changes were made"
        )
        hint = "Check the diff in check mode. Raise max_updates if the plan is correct."
        return errors.Failure("conflict", text, hint=hint)
    if declaration.expect_plan and updates and declaration.expect_plan != digest:
        text = (
            f"The plan has changed: expect_plan is {declaration.expect_plan}, but the current plan_hash is {digest}."
            " No changes were made"
        )
        return errors.Failure("conflict", text, hint="Run in check mode again and have the new plan approved.")
    return None


def withheld(plan: plans.Plan, refusal: errors.Failure) -> plans.Plan:
    """Return the plan without its updates, because it must not be applied."""
    decisions = [
        dataclasses.replace(item, outcome="skipped", reason=refusal.message) if item.outcome == "update" else item
        for item in plan.decisions
    ]
    return plans.Plan(tuple(decisions), plan.policy, ())
