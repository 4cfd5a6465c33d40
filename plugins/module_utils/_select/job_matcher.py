# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Match jobs of a queue with an entry, a rule, or a protection. Private to this collection."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from .._core import batch_jobs, bounded_regex, errors, priority_classes, providers, statuses, validation
from . import filter_keys

Tags = t.Mapping[str, t.Mapping[str, str]]
"""Tags by job ID."""
Moment = tuple[datetime.datetime, Tags]
"""What selectors need in addition to the job: the present time, and tags."""


@dataclasses.dataclass(frozen=True)
class Selector:
    """A condition on jobs. Fields that are None are ignored.

    :param min_age: time since the creation, at least.
    :param tags: keys and values that a job must all have (AWS).
    :param any_case: whether IDs and operations are in lower case, and are compared in lower case.
    """

    job_ids: t.Optional[frozenset[str]] = None
    statuses: t.Optional[frozenset[str]] = None
    operations: t.Optional[frozenset[str]] = None
    description: t.Optional[bounded_regex.Pattern] = None
    min_age: t.Optional[datetime.timedelta] = None
    max_age: t.Optional[datetime.timedelta] = None
    min_priority: t.Optional[int] = None
    max_priority: t.Optional[int] = None
    tags: t.Optional[t.Mapping[str, str]] = None
    any_case: bool = False

    def relaxed(self) -> Selector:
        """Return the selector that ignores the case of words and descriptions."""
        return dataclasses.replace(
            self,
            job_ids=_lower(self.job_ids),
            operations=_lower(self.operations),
            description=self.description and self.description.ignoring_case(),
            any_case=True,
        )

    def matches(self, job: batch_jobs.Job, now: datetime.datetime, tags: Tags) -> bool:
        """Whether the selector matches a job."""
        wanted = self.tags or {}
        found = tags.get(job.job_id, {})
        return self.may_match(job, now) and all(found.get(key) == value for key, value in wanted.items())

    def may_match(self, job: batch_jobs.Job, now: datetime.datetime) -> bool:
        """Whether the selector matches a job, without regard to tags."""
        job_id, operation = job.job_id, job.operation
        if self.any_case:
            job_id, operation = job_id.lower(), operation.lower()
        if self.job_ids is not None and job_id not in self.job_ids:
            return False
        if self.statuses is not None and job.status not in self.statuses:
            return False
        if self.operations is not None and operation not in self.operations:
            return False
        if self.description is not None and not self.description.search(job.description):
            return False
        return self._fits_age(job, now) and self._fits_priority(job)

    def _fits_age(self, job: batch_jobs.Job, now: datetime.datetime) -> bool:
        if self.min_age is None and self.max_age is None:
            return True
        if job.created is None:
            return False
        age = now - job.created
        return (self.min_age is None or age >= self.min_age) and (self.max_age is None or age <= self.max_age)

    def _fits_priority(self, job: batch_jobs.Job) -> bool:
        if self.min_priority is None and self.max_priority is None:
            return True
        if job.priority is None:
            return False
        low = self.min_priority is None or job.priority >= self.min_priority
        return low and (self.max_priority is None or job.priority <= self.max_priority)


def parse_selector(
    option: str, value: t.Any, traits: providers.Traits, classes: priority_classes.PriorityClasses
) -> Selector:
    """Return the selector of a dictionary.

    :param option: the path of the option, for messages.
    :raises OptionError: a key is unknown, or a value is not valid.
    """
    if not isinstance(value, dict):
        keys = f"Its keys can be {', '.join(filter_keys.KEYS)}."
        raise validation.invalid_value(option, value, "must be a job ID or a dictionary", keys)
    given = {key: item for key, item in value.items() if item is not None}
    unknown = sorted(str(key) for key in given if key not in filter_keys.KEYS)
    if unknown:
        raise errors.OptionError(
            f"value of {option} must have known keys only, got: {', '.join(unknown)}."
            f" Supported keys are {', '.join(filter_keys.KEYS)}."
        )
    ids = _words(f"{option}.job_ids", given.get("job_ids"))
    if ids is not None:
        ids = frozenset(traits.check_job_id(f"{option}.job_ids", job_id) for job_id in ids)
    selector = Selector(
        job_ids=ids,
        statuses=_statuses(f"{option}.statuses", given.get("statuses")),
        operations=_words(f"{option}.operations", given.get("operations")),
        description=_with(bounded_regex.Pattern, f"{option}.description", _text(option, given.get("description"))),
        min_age=_with(validation.parse_duration, f"{option}.min_age", given.get("min_age")),
        max_age=_with(validation.parse_duration, f"{option}.max_age", given.get("max_age")),
        min_priority=_with(classes.parse, f"{option}.min_priority", given.get("min_priority")),
        max_priority=_with(classes.parse, f"{option}.max_priority", given.get("max_priority")),
        tags=_tags(f"{option}.tags", given.get("tags"), traits),
    )
    low, high = selector.min_priority, selector.max_priority
    if low is not None and high is not None and low > high:
        raise validation.invalid_value(f"{option}.min_priority", low, f"must be at most max_priority, which is {high}")
    return selector


T = t.TypeVar("T")


def _lower(words: t.Optional[frozenset[str]]) -> t.Optional[frozenset[str]]:
    return None if words is None else frozenset(word.lower() for word in words)


def _with(parse: t.Callable[[str, t.Any], T], option: str, value: t.Any) -> t.Optional[T]:
    return None if value is None else parse(option, value)


def _text(option: str, value: t.Any) -> t.Optional[str]:
    if value is not None and not isinstance(value, str):
        raise validation.invalid_value(f"{option}.description", value, "must be text")
    return value


def _words(option: str, value: t.Any) -> t.Optional[frozenset[str]]:
    """Return a set of words from a list, or from one word."""
    if value is None:
        return None
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise validation.invalid_value(option, value, "must be a list of words")
    validation.check_words(option, words)
    return frozenset(words)


def _statuses(option: str, value: t.Any) -> t.Optional[frozenset[str]]:
    words = _words(option, value)
    for word in sorted(words or ()):
        if word not in statuses.LIVE:
            rule = f"must be a status of live jobs ({', '.join(statuses.LIVE)})"
            raise validation.invalid_value(option, word, rule)
    return words


def _tags(option: str, value: t.Any, traits: providers.Traits) -> t.Optional[t.Mapping[str, str]]:
    if value is None:
        return None
    if not traits.jobs.have_tags:
        raise errors.OptionError(
            f"{option} is not supported for {traits.title}: its jobs have no tags. Select by description instead."
        )
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()) or not value:
        raise validation.invalid_value(option, value, "must be a dictionary with at least one key, and text as values")
    return {str(key): item for key, item in value.items()}
