# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The comparison of sorted lines: each object and algorithm has one result."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._checksums.checksum_comparison import (
    MOST_ALGORITHMS,
    OTHER,
    Comparison,
)
from ansible_collections.objectstore.batch.plugins.module_utils._checksums.checksum_records import (
    EXPECTED,
    FOUND,
    Record,
    sort_line,
)

ONE, TWO, FULL, PARTS = "00000000", "11111111", "FULL_OBJECT", "COMPOSITE"


def compared(expected, found, limit=10, key="k", wanted=True):
    made = [sort_line(Record("b", key, "", "CRC32", kind, value), EXPECTED) for kind, value in expected]
    made += [sort_line(Record("b", key, "", "CRC32", kind, value), FOUND) for kind, value in found]
    comparison = Comparison(wanted, limit)
    written = list(comparison.lines(sorted(set(made)), "csv"))
    assert len(written) == 1 + comparison.count
    return comparison


def results(comparison):
    return {
        name: getattr(getattr(comparison, name), "count", getattr(comparison, name))
        for name in ("matched", "missing", "different", "additional", "contradictory")
        if getattr(getattr(comparison, name), "count", getattr(comparison, name))
    }


@pytest.mark.parametrize(
    ("expected", "found", "result"),
    [
        ([], [], {}),
        ([(FULL, ONE)], [(FULL, ONE)], {"matched": 1}),
        ([("", ONE)], [(FULL, ONE)], {"matched": 1}),
        ([("", ONE)], [("", ONE)], {"matched": 1}),
        ([(FULL, ONE)], [(PARTS, ONE)], {"different": 1}),
        ([(FULL, ONE)], [(FULL, TWO)], {"different": 1}),
        ([(FULL, ONE)], [], {"missing": 1}),
        ([], [(FULL, ONE)], {"additional": 1}),
        ([(FULL, ONE), (PARTS, TWO)], [(PARTS, TWO), (FULL, ONE)], {"matched": 1}),
        ([(FULL, ONE)], [(FULL, ONE), (FULL, TWO)], {"different": 1, "contradictory": 1}),
        ([(FULL, ONE), (FULL, TWO)], [(FULL, ONE)], {"different": 1}),
        ([("", ONE)], [(FULL, ONE), (PARTS, TWO)], {"different": 1}),
        ([], [(FULL, ONE), (PARTS, TWO)], {"additional": 1}),
    ],
)
def test_results(expected, found, result):
    comparison = compared(expected, found)
    assert results(comparison) == result
    assert (comparison.expected, comparison.count) == (len(expected), len(found))


def test_without_expected_values_nothing_is_additional():
    assert results(compared([], [(FULL, ONE), (FULL, TWO)], wanted=False)) == {"contradictory": 1}


def test_an_object_with_many_values_takes_no_memory():
    many = [(FULL, f"{number:08x}") for number in range(1000)]
    comparison = compared(many, many)
    assert results(comparison) == {"different": 1, "contradictory": 1}
    [difference] = comparison.different.first
    assert len(difference.expected) == len(difference.found) == 100


def test_the_limit_keeps_the_first():
    lines = sorted(sort_line(Record("b", f"{number}", "", "CRC32", FULL, ONE), FOUND) for number in range(9))
    comparison = Comparison(True, 2)
    assert len(list(comparison.lines(lines, "jsonl"))) == 9
    assert (comparison.additional.count, [item.record.key for item in comparison.additional.first]) == (9, ["0", "1"])


def test_algorithms_are_counted_up_to_a_limit():
    names = [f"X{number:04}" for number in range(MOST_ALGORITHMS + 5)]
    lines = sorted(sort_line(Record("b", "k", "", name, FULL, ONE), FOUND) for name in names)
    comparison = Comparison(False, 2)
    list(comparison.lines(lines, "csv"))
    assert (len(comparison.algorithms), comparison.algorithms[OTHER]) == (MOST_ALGORITHMS + 1, 5)
