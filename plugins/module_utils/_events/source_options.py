# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the arguments of the event source before any request. Private to this collection."""

from __future__ import annotations

import difflib
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._clouds import registry
from .._core import errors, validation
from .._inventory import accounts
from .._queue import declarations
from . import queue_changes

TYPES: t.Final[tuple[str, ...]] = t.get_args(queue_changes.EventType)
"""The types of events, in the order of the documentation."""
_AGES: t.Final = ("0s", "7d", "14d", "21d", "28d")
SPEC: t.Final[dict[str, dict[str, t.Any]]] = {
    "accounts": {"type": "list", "elements": "raw", "required": True},
    "delay": {"type": "raw", "default": 60},
    "max_delay": {"type": "raw", "default": "15m"},
    "initial": {"type": "str", "choices": ["none", "all"], "default": "none"},
    "events": {"type": "list", "elements": "str", "choices": list(TYPES)},
    "state_file": {"type": "path"},
    "confirmation_ages": {"type": "list", "elements": "raw", "default": list(_AGES)},
    "stalled_after": {"type": "raw", "default": "1h"},
    "starved_after": {"type": "raw", "default": "2h"},
    "max_failed_ratio": {"type": "float", "default": 0.05},
    "min_failed_tasks": {"type": "int", "default": 10},
    "declarations": {"type": "dict"},
    "request_timeout": {"type": "raw", "default": 10},
    "max_attempts": {"type": "int", "default": 3},
    "timeout": {"type": "raw", "default": 30},
    "retries": {"type": "int", "default": 20},
    "concurrency": {"type": "int", "default": 16},
}
"""The arguments, in the form of an argument spec of Ansible."""
_INTERNAL: t.Final = frozenset({"eda_feedback_queue"})
"""Arguments that ansible-rulebook adds by itself."""
_DAY: t.Final = 86400.0
_RANGES: t.Final[dict[str, tuple[float, float]]] = {
    "delay": (1, _DAY),
    "max_delay": (1, _DAY),
    "stalled_after": (1, 365 * _DAY),
    "starved_after": (1, 365 * _DAY),
    "request_timeout": (0.1, 3600),
    "timeout": (0.1, _DAY),
}
_BOUNDS: t.Final = {
    "max_attempts": (1, 100),
    "retries": (0, 1_000_000),
    "concurrency": (1, 1000),
    "min_failed_tasks": (1, 2**63),
    "max_failed_ratio": (0, 1),
}


class SourceOptions(t.NamedTuple):
    """The checked arguments. All durations are seconds.

    :param scope: what the first reading reports: nothing, or the live jobs.
    :param events: the types of events to send.
    :param declared: the declared state of a queue, by the name of the queue.
    """

    queues: tuple[accounts.Queue, ...]
    delay: float
    max_delay: float
    scope: queue_changes.Scope
    events: frozenset[str]
    state_file: str
    confirmation_ages: tuple[float, ...]
    stalled_after: float
    starved_after: float
    max_failed_ratio: float
    min_failed_tasks: int
    declared: t.Mapping[str, declarations.Declaration]
    request_timeout: float
    max_attempts: int
    timeout: float
    retries: int
    concurrency: int

    def limits(self, confirmation_days: t.Optional[int]) -> queue_changes.Limits:
        """Return when a condition becomes an event, for a provider.

        :param confirmation_days: days after which an unconfirmed job fails; None if that is not documented.
        """
        return queue_changes.Limits(
            self.confirmation_ages,
            confirmation_days,
            self.stalled_after,
            self.starved_after,
            self.max_failed_ratio,
            self.min_failed_tasks,
        )


def parse(args: t.Mapping[str, t.Any]) -> SourceOptions:
    """Return the options of a source.

    :raises OptionError: an argument is not valid, with its name.
    """
    for name in args:
        if name not in SPEC and name not in _INTERNAL:
            near = difflib.get_close_matches(str(name), SPEC, 1)
            advice = f"Did you mean {near[0]}?" if near else f"Supported arguments: {', '.join(sorted(SPEC))}."
            raise errors.OptionError(f"unsupported argument {validation.quoted(name)}. {advice}")
    given = {name: value for name, value in args.items() if name in SPEC and value is not None}
    result = ArgumentSpecValidator(SPEC).validate(given)
    if result.error_messages:
        raise errors.OptionError("; ".join(result.error_messages))
    params = result.validated_parameters
    seconds = {name: validation.parse_seconds(name, params[name], *ends) for name, ends in _RANGES.items()}
    for name, (least, most) in _BOUNDS.items():
        if not least <= params[name] <= most:
            raise validation.invalid_value(name, params[name], f"must be from {least} to {most}")
    if seconds["max_delay"] < seconds["delay"]:
        raise validation.invalid_value("max_delay", params["max_delay"], "must not be less than delay")
    for name in ("events", "accounts"):
        if params[name] is not None and not params[name]:
            raise validation.invalid_value(name, params[name], "must have at least one entry")
    if params["state_file"] == "":
        raise validation.invalid_value("state_file", "", "must be the path of a file", "Remove the argument.")
    queues = accounts.declare(params["accounts"])
    return SourceOptions(
        queues=tuple(queues),
        delay=seconds["delay"],
        max_delay=seconds["max_delay"],
        scope="none" if params["initial"] == "none" else "live",
        events=frozenset(params["events"] or TYPES),
        state_file=params["state_file"] or "",
        confirmation_ages=_ages(params["confirmation_ages"]),
        stalled_after=seconds["stalled_after"],
        starved_after=seconds["starved_after"],
        max_failed_ratio=params["max_failed_ratio"],
        min_failed_tasks=params["min_failed_tasks"],
        declared=_declared(params["declarations"], queues),
        request_timeout=seconds["request_timeout"],
        max_attempts=params["max_attempts"],
        timeout=seconds["timeout"],
        retries=params["retries"],
        concurrency=params["concurrency"],
    )


def _ages(values: t.Sequence[t.Any]) -> tuple[float, ...]:
    ages = [
        validation.parse_seconds(f"confirmation_ages[{number}]", value, 0, 365 * _DAY)
        for number, value in enumerate(values)
    ]
    if not ages or sorted(set(ages)) != ages:
        raise validation.invalid_value("confirmation_ages", list(values), "must be one or more ascending durations")
    return tuple(ages)


def _declared(
    values: t.Optional[t.Mapping[str, t.Any]], queues: t.Sequence[accounts.Queue]
) -> dict[str, declarations.Declaration]:
    """Return the declarations by the name of the queue.

    :raises OptionError: a declaration is not valid, or no account of the source has this queue.
    """
    known = {queue.name: queue for queue in queues}
    whole = {queue.name[: -len(accounts.ALL)]: queue for queue in queues if queue.region == accounts.ALL}
    found: dict[str, declarations.Declaration] = {}
    for name, value in (values or {}).items():
        where = f"declarations[{name}]"
        queue = known.get(name) or next((whole[start] for start in whole if str(name).startswith(start)), None)
        if queue is None:
            rule = "must be the name of a queue of this source"
            raise validation.invalid_value("declarations", name, rule, f"The queues are {', '.join(sorted(known))}.")
        found[name] = _declaration(where, value, queue)
    return found


def _declaration(where: str, value: t.Any, queue: accounts.Queue) -> declarations.Declaration:
    if not isinstance(value, dict):
        raise validation.hidden_value(where, "must be a dictionary with order or rules, as in batch_queue")
    spec = {**declarations.DECLARATION_SPEC, "classes": {"type": "dict"}}
    for name in value:
        if name not in spec:
            text = f"{where}: unsupported option {validation.quoted(name)}"
            raise errors.OptionError(f"{text}. Supported options: {', '.join(sorted(spec))}.")
    result = ArgumentSpecValidator(
        spec, mutually_exclusive=[("order", "rules")], required_one_of=[("order", "rules")]
    ).validate(dict(value))
    if result.error_messages:
        raise errors.OptionError(f"{where}: {'; '.join(result.error_messages)}")
    fixed = {"expect_plan": None, "max_updates": None, "approved": None, "approval_mode": "exact"}
    policy = {"when_ended": "ignore", "on_error": "continue", "verify": False, "unmatched": "ignore"}
    traits = registry.PROVIDERS[queue.provider]().traits
    account = queue.given.get("account_id", "")
    region = "" if queue.region == accounts.ALL else queue.region
    try:
        declared = declarations.prepare({**result.validated_parameters, **fixed, **policy}, traits.at(region, account))
    except errors.OptionError as error:
        raise errors.OptionError(f"{where}: {error}") from error
    if any(selector.tags for selector in declared.selectors):
        text = f"{where}: selectors must not have tags, because reading tags takes a request for each job"
        raise errors.OptionError(f"{text}. Select by description or operation.")
    return declared
