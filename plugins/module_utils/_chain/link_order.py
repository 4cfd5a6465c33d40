# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the order of a chain: no job twice, no job that waits for itself, no cycle. Private to this collection."""

from __future__ import annotations

import collections
import typing as t

from .._core import display, errors, validation

_FIRST: t.Final = 3
_SHOWN: t.Final = 60
"""Characters of a job in a message: a selector can be long."""


class Edges(t.NamedTuple):
    """One link: a job and the jobs that it waits for.

    :param option: the path of the link, for messages.
    :param job: an ID, or a selector as text.
    """

    option: str
    job: str
    after: tuple[str, ...]


def sort_links(links: t.Sequence[Edges]) -> list[int]:
    """Return the positions of the links, each after the links of the jobs that it waits for.

    :raises OptionError: a job has two links, waits for itself, is listed twice, or is part of a cycle.
    """
    place: dict[str, int] = {}
    for number, link in enumerate(links):
        if link.job in place:
            other = links[place[link.job]].option
            raise validation.invalid_value(
                f"{link.option}.job", name(link.job), f"must have one link only, but {other} is about the same job"
            )
        place[link.job] = number
        _check_after(link)
    return _sort(links, place)


def name(node: str) -> str:
    """Return a job as messages show it."""
    return display.truncate(display.escape(node), _SHOWN)


def first_of(texts: t.Sequence[str]) -> str:
    """Return the first texts of a list, and how many more there are."""
    return display.and_more(texts, _FIRST, noun="jobs")


def _check_after(link: Edges) -> None:
    if link.job in link.after:
        raise validation.invalid_value(f"{link.option}.after", name(link.job), "must not contain the job itself")
    counts = collections.Counter(link.after)
    twice = [node for node in counts if counts[node] > 1]
    if twice:
        raise validation.invalid_value(f"{link.option}.after", name(twice[0]), "must contain each job once")


def _sort(links: t.Sequence[Edges], place: t.Mapping[str, int]) -> list[int]:
    followers: dict[int, list[int]] = collections.defaultdict(list)
    open_links: dict[int, int] = {}
    for number, link in enumerate(links):
        before = [place[node] for node in link.after if node in place]
        open_links[number] = len(before)
        for other in before:
            followers[other].append(number)
    ready = collections.deque(number for number, count in open_links.items() if not count)
    done: list[int] = []
    while ready:
        number = ready.popleft()
        done.append(number)
        for follower in followers[number]:
            open_links[follower] -= 1
            if not open_links[follower]:
                ready.append(follower)
    if len(done) < len(links):
        raise _cycle(links, place, set(range(len(links))) - set(done))
    return done


def _cycle(links: t.Sequence[Edges], place: t.Mapping[str, int], left: set[int]) -> errors.OptionError:
    """Return the error that names one cycle. Each link that is left waits for another one that is left."""
    path: list[int] = []
    number = min(left)
    while number not in path:
        path.append(number)
        number = next(place[node] for node in links[number].after if place.get(node) in left)
    names = [name(links[item].job) for item in [*path[path.index(number) :], number]]
    text = " waits for ".join(names if len(names) <= 5 else [*names[:4], "...", names[-1]])
    return errors.OptionError(
        f"value of links must not contain a cycle, got: {text}. No job of a cycle can ever be confirmed."
    )
