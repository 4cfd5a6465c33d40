# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the options of batch_queue, which declare the state of a queue. Private to this collection."""

from __future__ import annotations

import collections
import dataclasses
import re
import typing as t

from .._core import errors, plans, priority_classes, provider_traits, providers, validation
from .._select import filter_keys, job_matcher
from . import approvals, coverage, target_priorities

RULE_SPEC: t.Final[dict[str, t.Any]] = {
    "name": {"type": "str"},
    "match": {"type": "dict", "options": filter_keys.SELECTOR_SPEC},
    "priority": {"type": "raw"},
    "class": {"type": "str"},
    "delta": {"type": "int"},
    "escalate": {
        "type": "list",
        "elements": "dict",
        "options": {"after": {"type": "str", "required": True}, "to": {"type": "raw", "required": True}},
    },
}
"""Options of one rule, as AnsibleModule takes them."""

DECLARATION_SPEC: t.Final[dict[str, t.Any]] = {
    "order": {"type": "list", "elements": "raw"},
    "rules": {"type": "list", "elements": "dict", "options": RULE_SPEC},
    "direction": {"type": "str", "choices": ["any", "raise_only", "lower_only"], "default": "any"},
    "min_priority": {"type": "raw"},
    "max_priority": {"type": "raw"},
    "out_of_bounds": {"type": "str", "choices": ["fail", "clamp"], "default": "fail"},
    "min_delta": {"type": "int", "default": 0},
    "protect": {"type": "list", "elements": "raw"},
    "spacing": {"type": "int", "default": 10},
}
"""Options that declare the state of a queue, as AnsibleModule takes them."""

_SHOWN: t.Final = 60


@dataclasses.dataclass(frozen=True)
class Declaration:
    """An order or rules, and the limits for reaching them."""

    order: tuple[target_priorities.Entry, ...]
    rules: tuple[target_priorities.Rule, ...]
    bounds: target_priorities.Bounds
    policy: plans.Policy
    max_updates: t.Optional[int]
    expect_plan: str
    verify: bool = True
    unmatched: str = "warn"
    approval: t.Optional[approvals.Approval] = None

    @property
    def named(self) -> tuple[str, ...]:
        """Job IDs that the order lists."""
        return tuple(member for entry in self.order for member in entry.members if isinstance(member, str))

    @property
    def conditions(self) -> list[coverage.Condition]:
        """The entries and rules with selectors; a job that is listed by ID is reported itself."""
        entries = [
            coverage.Condition(
                place, entry.label, tuple(m for m in entry.members if isinstance(m, job_matcher.Selector))
            )
            for place, entry in enumerate(self.order)
            if not any(isinstance(member, str) for member in entry.members)
        ]
        rules = [coverage.Condition(place, rule.label, (rule.selector,)) for place, rule in enumerate(self.rules)]
        return [
            condition
            for condition in [*entries, *rules]
            if all(selector != job_matcher.Selector() for selector in condition.selectors)
        ]

    @property
    def selectors(self) -> tuple[job_matcher.Selector, ...]:
        """Every selector of the declaration."""
        members = [
            member for entry in self.order for member in entry.members if isinstance(member, job_matcher.Selector)
        ]
        return (*members, *(rule.selector for rule in self.rules), *self.bounds.protect)


def prepare(params: t.Mapping[str, t.Any], traits: providers.Traits) -> Declaration:
    """Check the options, and return the declaration.

    :raises OptionError: an option breaks its rule.
    """
    classes = priority_classes.parse_classes(params["classes"], traits)
    bounds = _bounds(params, traits, classes)
    expect_plan = params["expect_plan"] or ""
    if expect_plan and not re.fullmatch("[0-9a-f]{64}", expect_plan):
        raise validation.invalid_value(
            "expect_plan",
            expect_plan,
            "must be a plan_hash (64 hexadecimal digits)",
            "Run the task in check mode to get the plan_hash.",
        )
    if params["max_updates"] is not None and params["max_updates"] < 0:
        raise validation.invalid_value("max_updates", params["max_updates"], "must be 0 or more")
    for option in ("order", "rules"):
        if params[option] is not None and not params[option]:
            raise validation.invalid_value(
                option, [], "must have at least one entry", "Add an entry, or skip the task."
            )
    order = [_entry(f"order[{number}]", value, traits, classes) for number, value in enumerate(params["order"] or ())]
    rules = [_rule(number, value, classes, traits) for number, value in enumerate(params["rules"] or ())]
    declaration = Declaration(
        order=tuple(order),
        rules=tuple(rules),
        bounds=bounds,
        # The solver observes the direction itself; a rule can request what the direction forbids, which is skipped.
        policy=plans.Policy("any" if order else bounds.direction, params["when_ended"], params["on_error"]),
        max_updates=params["max_updates"],
        expect_plan=expect_plan,
        verify=params["verify"],
        unmatched=params["unmatched"],
        approval=approvals.parse_approval(params, traits, classes),
    )
    twice = sorted(job_id for job_id, count in collections.Counter(declaration.named).items() if count > 1)
    if twice:
        raise validation.invalid_value(
            "order", twice[0], "must list each job ID only once", "Keep one of the entries of this job."
        )
    if order and bounds.min_delta:
        raise errors.OptionError("min_delta requires rules, because an order needs every change. Remove min_delta.")
    return declaration


def _bounds(
    params: t.Mapping[str, t.Any], traits: providers.Traits, classes: priority_classes.PriorityClasses
) -> target_priorities.Bounds:
    low, high = params["min_priority"], params["max_priority"]
    low = 0 if low is None else classes.parse("min_priority", low)
    high = provider_traits.LARGEST_PRIORITY if high is None else classes.parse("max_priority", high)
    if low > high:
        raise validation.invalid_value("min_priority", low, f"must be {high} (max_priority) or less")
    for name, least in (("spacing", 1), ("min_delta", 0)):
        if params[name] < least:
            raise validation.invalid_value(name, params[name], f"must be {least} or more")
    protect = [
        _selector(f"protect[{number}]", item, traits, classes) for number, item in enumerate(params["protect"] or ())
    ]
    return target_priorities.Bounds(
        low=low,
        high=high,
        direction=params["direction"],
        spacing=params["spacing"],
        min_delta=params["min_delta"],
        clamp=params["out_of_bounds"] == "clamp",
        protect=tuple(protect),
    )


def _selector(
    option: str, value: t.Any, traits: providers.Traits, classes: priority_classes.PriorityClasses
) -> job_matcher.Selector:
    """Return a selector from a job ID or a dictionary."""
    return job_matcher.parse_selector(
        option, {"job_ids": [value]} if isinstance(value, str) else value, traits, classes
    )


def _entry(
    option: str, value: t.Any, traits: providers.Traits, classes: priority_classes.PriorityClasses
) -> target_priorities.Entry:
    tier = isinstance(value, list)
    values = value if tier else [value]
    if not values:
        raise validation.invalid_value(option, value, "must have at least one job ID or selector")
    members = tuple(
        _member(f"{option}[{number}]" if tier else option, item, traits, classes) for number, item in enumerate(values)
    )
    shown = str(value)
    return target_priorities.Entry(f"{option}: {shown[:_SHOWN]}{'...' if len(shown) > _SHOWN else ''}", members, tier)


def _member(
    option: str, value: t.Any, traits: providers.Traits, classes: priority_classes.PriorityClasses
) -> t.Union[str, job_matcher.Selector]:
    if isinstance(value, str):
        return traits.check_job_id(option, value)
    return job_matcher.parse_selector(option, value, traits, classes)


def _rule(
    number: int, value: t.Mapping[str, t.Any], classes: priority_classes.PriorityClasses, traits: providers.Traits
) -> target_priorities.Rule:
    option = f"rules[{number}]"
    ways = [name for name in ("priority", "class", "delta") if value[name] is not None]
    if len(ways) != 1:
        found = " and ".join(ways) or "none of them"
        raise errors.OptionError(f"value of {option} must have exactly one of priority, class, and delta, got: {found}")
    label = value["name"] or option
    priority: t.Optional[int] = None
    if ways == ["priority"]:
        priority = classes.parse(f"{option}.priority", value["priority"])
        text = f"priority {value['priority']}"
    elif ways == ["class"]:
        priority = _class(f"{option}.class", value["class"], classes)
        text = f"class {value['class']}"
    else:
        text = f"delta {value['delta']:+d}"
    steps = [
        _escalation(f"{option}.escalate[{place}]", item, classes) for place, item in enumerate(value["escalate"] or ())
    ]
    return target_priorities.Rule(
        label=f"{label}: {text}",
        selector=job_matcher.parse_selector(f"{option}.match", value["match"] or {}, traits, classes),
        priority=priority,
        delta=value["delta"] or 0,
        escalations=tuple(sorted(steps, key=lambda step: step.after)),
    )


def _escalation(
    option: str, value: t.Mapping[str, t.Any], classes: priority_classes.PriorityClasses
) -> target_priorities.Escalation:
    to = value["to"]
    after = validation.parse_duration(f"{option}.after", value["after"])
    return target_priorities.Escalation(
        after, classes.parse(f"{option}.to", to), f"escalated to {to} after {value['after']}"
    )


def _class(option: str, name: str, classes: priority_classes.PriorityClasses) -> int:
    if name not in classes.numbers:
        raise validation.invalid_value(option, name, f"must be one of: {', '.join(sorted(classes.numbers))}")
    return classes.numbers[name]
