# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which failed tasks are retried, and the object of a row."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._manifest.manifest_lines import Line
from ansible_collections.objectstore.batch.plugins.module_utils._report.report_rows import ObjectOperation
from ansible_collections.objectstore.batch.plugins.module_utils._retry_manifest.retry_choice import Choice, line_of


def task(code="SlowDown", status=503, version=""):
    return ObjectOperation("b", "a%20b", version, False, code, status, "x")


@pytest.mark.parametrize(
    ("classes", "include", "exclude", "taken"),
    [
        ({"retryable"}, (), (), True),
        ({"permanent"}, (), (), False),
        ({"permanent"}, ("SlowDown",), (), True),
        ({"retryable"}, (), ("SlowDown",), False),
        ({"retryable"}, ("SlowDown",), ("SlowDown",), False),
        ({"none"}, ("SlowDown",), (), False),
    ],
)
def test_a_task_is_retried_by_its_class_and_code(classes, include, exclude, taken):
    assert Choice(frozenset(classes), frozenset(include), frozenset(exclude)).takes(task()) is taken


@pytest.mark.parametrize(("version", "kept"), [("", ""), ("\\N", ""), ("null", "null"), ("v1", "v1")])
def test_the_object_of_a_task_has_its_key_as_it_is(version, kept):
    assert line_of(task(version=version)) == Line("b", "a%20b", kept)
