# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state between passes: what is valid, and when another pass makes sense."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._chain.pass_state import (
    PassState,
    continues,
    read_state,
)
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError

CALLS = {"sent": {"ListJobs": 2}, "retried": 1, "throttled": 0}


def test_a_state_is_read():
    assert read_state(None) == PassState()
    assert read_state({}) == PassState()
    given = {"elapsed": 3, "confirmed": ["a"], "cancelled": ["b"], "calls": CALLS}
    assert read_state(given) == PassState(3.0, ("a",), ("b",), CALLS)
    assert given["confirmed"] == ["a"]


@pytest.mark.parametrize(
    "state",
    [
        {"other": 1},
        *({"elapsed": value} for value in (-1, "1", True, None, float("nan"), float("inf"))),
        *({"confirmed": value} for value in ("a", [1], None, {"a": 1})),
        *({"cancelled": value} for value in ("a", [None])),
        *({"calls": value} for value in (1, [], {"other": 1}, {"sent": 1}, {"sent": {"a": "b"}}, {"retried": -1})),
    ],
)
def test_any_other_state_is_rejected(state):
    with pytest.raises(OptionError, match="Remove this internal option"):
        read_state(state)


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ([], True),
        ([None, None], True),
        ([{"kind": "throttled", "retryable": True}], True),
        ([{"kind": "not_updatable", "retryable": False}], True),
        ([{"kind": "access_denied", "retryable": False}], False),
        ([None, {"kind": "throttled", "retryable": True}, {"kind": "invalid", "retryable": False}], False),
    ],
)
def test_another_pass_must_be_able_to_succeed(errors, expected):
    assert continues({"jobs": [{"error": error} for error in errors]}) is expected
