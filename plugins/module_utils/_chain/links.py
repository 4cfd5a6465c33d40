# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the links of a chain: which job waits for which jobs, and which results it accepts.

Private to this collection.
"""

from __future__ import annotations

import dataclasses
import fractions
import json
import re
import typing as t

from .._core import priority_classes, providers, validation
from .._select import job_matcher
from . import link_order, predecessors

LINK_SPEC: t.Final[dict[str, t.Any]] = {
    "job": {"type": "raw", "required": True},
    "after": {"type": "list", "elements": "raw", "required": True},
    "accept": {"type": "str", "choices": list(predecessors.ACCEPT), "default": "complete"},
    "max_failed": {"type": "raw"},
}
"""The keys of a link, as AnsibleModule takes them."""
_KEYS: t.Final = ("description", "operations", "max_age")
"""The keys of a selector. The status and the priority of a job change while a chain runs, and its age grows."""
_PERCENT: t.Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)%", re.ASCII)
_LIMIT: t.Final = "must be a number of tasks (0 or more) or a percentage from 0% to 100%"


@dataclasses.dataclass(frozen=True)
class Reference:
    """One job of a chain, as the task names it.

    :param node: the ID, or the selector as text. Equal references have equal nodes.
    :param selector: None for an ID.
    """

    node: str
    selector: t.Optional[job_matcher.Selector] = None


@dataclasses.dataclass(frozen=True)
class Link:
    """A job, the jobs that it waits for, and the results that it accepts.

    :param option: the path of the link, for messages.
    """

    option: str
    job: Reference
    after: tuple[Reference, ...]
    acceptance: predecessors.Acceptance

    @property
    def edges(self) -> link_order.Edges:
        """The link without its rules."""
        return link_order.Edges(self.option, self.job.node, tuple(item.node for item in self.after))


class _Parser:
    """Returns references. Each selector is parsed once, so that the time limit of its expression counts once."""

    def __init__(self, traits: providers.Traits, classes: priority_classes.PriorityClasses) -> None:
        self._traits = traits
        self._classes = classes
        self._known: dict[str, Reference] = {}

    def parse(self, option: str, value: t.Any) -> Reference:
        """Return the reference of an ID or of a selector."""
        if isinstance(value, str):
            return Reference(self._traits.check_job_id(option, value))
        if not isinstance(value, dict):
            advice = "Put an ID that is a number in quotes." if isinstance(value, (int, float)) else ""
            raise validation.invalid_value(option, value, "must be a job ID or a dictionary", advice)
        given = {str(key): item for key, item in value.items() if item is not None}
        _check_keys(option, given)
        node = json.dumps(given, sort_keys=True, default=str)
        if node not in self._known:
            selector = job_matcher.parse_selector(option, given, self._traits, self._classes)
            self._known[node] = Reference(node, selector)
        return self._known[node]


def parse_links(
    value: t.Sequence[t.Mapping[str, t.Any]], traits: providers.Traits, classes: priority_classes.PriorityClasses
) -> tuple[Link, ...]:
    """Return the links of a chain.

    :raises OptionError: a link breaks a rule, or the order of the links is not possible.
    """
    if not value:
        raise validation.invalid_value("links", list(value), "must contain at least one link")
    parser = _Parser(traits, classes)
    links = tuple(_link(f"links[{number}]", item, parser) for number, item in enumerate(value))
    link_order.sort_links([link.edges for link in links])
    return links


def _link(option: str, value: t.Mapping[str, t.Any], parser: _Parser) -> Link:
    if not value["after"]:
        advice = "A job that waits for no other job needs no link. Confirm it with batch_job_status."
        raise validation.invalid_value(f"{option}.after", value["after"], "must contain at least one job", advice)
    job = parser.parse(f"{option}.job", value["job"])
    after = tuple(parser.parse(f"{option}.after[{number}]", item) for number, item in enumerate(value["after"]))
    return Link(option, job, after, _acceptance(option, value["accept"], value["max_failed"]))


def _check_keys(option: str, given: t.Mapping[str, t.Any]) -> None:
    unknown = sorted(key for key in given if key not in _KEYS)
    if unknown:
        raise validation.invalid_value(option, unknown[0], f"must have only the keys {', '.join(_KEYS)}")
    if "max_age" not in given:
        advice = "Ended jobs are also selected. Without this limit, a job of an earlier run could be one of them."
        raise validation.invalid_value(option, dict(given), "must have the key max_age", advice)
    if len(given) == 1:
        raise validation.invalid_value(option, dict(given), "must have the key description or the key operations")


def _acceptance(option: str, accept: str, limit: t.Any) -> predecessors.Acceptance:
    path = f"{option}.max_failed"
    if accept != "partial":
        if limit is not None:
            raise validation.invalid_value(path, limit, f"must not be set with accept={accept}", "Set accept=partial.")
        return predecessors.Acceptance(accept)
    if limit is None:
        raise validation.invalid_value(path, limit, f"{_LIMIT} with accept=partial")
    found = _PERCENT.fullmatch(limit) if isinstance(limit, str) else None
    if found:
        share = fractions.Fraction(found[1]) / 100
        if share > 1:
            raise validation.invalid_value(path, limit, _LIMIT)
        return predecessors.Acceptance(accept, max_share=share)
    whole = isinstance(limit, int) and not isinstance(limit, bool) and limit >= 0
    if not whole and not (isinstance(limit, str) and re.fullmatch("[0-9]{1,18}", limit, re.ASCII)):
        raise validation.invalid_value(path, limit, _LIMIT)
    return predecessors.Acceptance(accept, max_failed=int(limit))
