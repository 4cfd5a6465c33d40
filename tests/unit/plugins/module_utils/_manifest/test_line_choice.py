# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples that depend on nothing but the lines, and parts that lose no line."""

from __future__ import annotations

import random

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._manifest import external_sort, line_choice

LINES = sorted(b"bucket-%d,key-%03d\n" % (number % 3, number) for number in range(300))


def sampled(kinds, size):
    return [list(lines.lines()) for lines in line_choice.sample(kinds, size)]


@pytest.mark.parametrize("size", [1, 10, 299, 300, 1000])
def test_a_sample(size, monkeypatch):
    [first] = sampled([LINES], size)
    assert len(first) == min(size, 300) and first == sorted(first) and set(first) <= set(LINES)
    # In other runs, and in another order.
    monkeypatch.setattr(external_sort, "_RUN", 7)
    shuffled = random.Random(1).sample(LINES, len(LINES))
    assert sampled([shuffled], size) == [first]


def test_a_larger_sample_contains_the_smaller_one():
    assert set(sampled([LINES], 10)[0]) < set(sampled([LINES], 50)[0])
    [first] = sampled([LINES], 100)
    # By digest and not by position: an even spread has about 33 of each bucket.
    assert all(15 < sum(line.startswith(b"bucket-%d" % number) for line in first) < 55 for number in range(3))


def test_a_sample_of_two_kinds_keeps_them_apart():
    pinned = [line[:-1] + b",v1\n" for line in LINES[:100]]
    first, second = sampled([pinned, LINES], 40)
    assert len(first) + len(second) == 40 and set(first) <= set(pinned) and set(second) <= set(LINES)
    assert first and second


@pytest.mark.parametrize("read", [True, False])
@pytest.mark.parametrize("split", [1, 7, 299, 300, 301])
def test_parts_by_count(split, read):
    """Also if the caller reads only the first line of each part."""
    parts = []
    for part in line_choice.parts(LINES, split, False):
        parts.append(list(part) if read else [next(iter(part))])
    assert len(parts) == -(-300 // split)
    if read:
        assert [line for part in parts for line in part] == LINES
        assert {len(part) for part in parts[:-1]} <= {split}


def test_parts_by_bucket():
    lines = sorted([*LINES, b"bucket,z\n", b"bucket.x,a\n", b"bucket-1x,a\n"])
    parts = [list(part) for part in line_choice.parts(lines, None, True)]
    names = [part[0].partition(b",")[0] for part in parts]
    assert sorted(set(names)) == sorted(names) and sum(map(len, parts)) == 303
    assert [list(part) for part in line_choice.parts([], None, True)] == []


def test_lines_are_counted():
    counter = line_choice.Counter()
    assert list(counter.counted(LINES)) == LINES and counter.count == 300
