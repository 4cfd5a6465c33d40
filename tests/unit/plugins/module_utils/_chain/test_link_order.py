# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of links: cycles, doubles, and how long a large tree takes."""

from __future__ import annotations

import time

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._chain.link_order import (
    Edges,
    first_of,
    name,
    sort_links,
)
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError


def edges(**links):
    """Return links from job=(jobs before it)."""
    return [Edges(f"links[{number}]", job, tuple(after)) for number, (job, after) in enumerate(links.items())]


@pytest.mark.parametrize(
    ("links", "order"),
    [
        (edges(b="a"), [0]),
        (edges(b="a", c="b", d="c"), [0, 1, 2]),
        (edges(d="c", c="b", b="a"), [2, 1, 0]),
        (edges(b="a", c="a", d="bc"), [0, 1, 2]),  # a diamond
        (edges(d="bc", c="a", b="a"), [1, 2, 0]),
        (edges(b="xyz", c="xyz"), [0, 1]),
    ],
)
def test_each_link_is_after_the_links_of_the_jobs_before_it(links, order):
    assert sort_links(links) == order


@pytest.mark.parametrize(
    ("links", "text"),
    [
        (edges(a="a"), "value of links[0].after must not contain the job itself, got: 'a'"),
        (edges(b="aca"), "value of links[0].after must contain each job once, got: 'a'"),
        (edges(a="b", b="a"), "must not contain a cycle, got: a waits for b waits for a."),
        # What leads to a cycle is not part of it.
        (edges(z="a", a="b", b="c", c="a"), "got: a waits for b waits for c waits for a."),
        (edges(b="a", c="bd", d="c"), "got: c waits for d waits for c."),
        (
            edges(a="b", b="c", c="d", d="e", e="f", f="a"),
            "got: a waits for b waits for c waits for d waits for ... waits for a.",
        ),
        (
            [Edges("links[0]", "b", ("a",)), Edges("links[1]", "b", ("c",))],
            "value of links[1].job must have one link only, but links[0] is about the same job, got: 'b'",
        ),
    ],
)
def test_an_impossible_order_is_rejected(links, text):
    with pytest.raises(OptionError) as caught:
        sort_links(links)
    assert text in str(caught.value)


def test_a_chain_of_many_links_takes_no_time_and_no_stack():
    chain = [Edges(f"links[{number}]", f"job-{number + 1}", (f"job-{number}",)) for number in range(20_000)]
    began = time.process_time()
    assert sort_links(chain[::-1]) == list(range(20_000))[::-1]
    with pytest.raises(OptionError, match="cycle"):
        sort_links([*chain, Edges("links[20000]", "job-0", ("job-20000",))])
    # With a quadratic algorithm, it takes minutes.
    assert time.process_time() - began < 30


def test_a_job_is_shown_as_one_short_line():
    assert name("a\nb\u202ec") == "a\\nb\\u202ec"
    assert len(name("x" * 1000)) < 70
    assert first_of(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more jobs"
