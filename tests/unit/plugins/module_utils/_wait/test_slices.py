# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state that one slice of a wait passes to the next; a task can set it, too."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError
from ansible_collections.objectstore.batch.plugins.module_utils._wait.slices import check_state

STATE = {
    "watch": {"shown": {"job-1": ["Active", 1, None]}, "samples": {"job-1": [[0.0, 5]]}, "spoken": 1.5, "troubled": 0},
    "memory": {"elapsed": 1, "due": 2.5, "gap": 3, "answered": True, "statuses": {"job-1": "Active"}},
    "calls": {"sent": {"ListJobs": 1}, "retried": 0, "throttled": 0},
    "job_ids": ["job-1"],
    "elapsed": 12.5,
    "pause": 30,
    "label": "aws eu-central-1",
    "rare": False,
}


@pytest.mark.parametrize("value", [None, {}, STATE, *({name: item} for name, item in STATE.items())], ids=str)
def test_what_a_slice_hands_on_is_taken(value):
    assert check_state(value) == value


def changed(name, **parts):
    return {**STATE, name: {**STATE[name], **parts}}


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({**STATE, "surplus": 1}, "surplus"),
        ({5: 1}, "5"),
        ({"elapsed": "12"}, "elapsed"),
        ({"elapsed": True}, "elapsed"),
        ({"elapsed": float("nan")}, "elapsed"),
        ({"pause": float("inf")}, "pause"),
        ({"pause": None}, "pause"),
        ({"label": 5}, "label"),
        ({"rare": "false"}, "rare"),
        ({"rare": 0}, "rare"),
        ({"job_ids": "job-1"}, "job_ids"),
        ({"job_ids": ["job-1", None]}, "job_ids"),
        ({"memory": []}, "memory"),
        (changed("memory", answered=1), "memory"),
        (changed("memory", statuses={"job-1": None}), "memory"),
        (changed("memory", statuses={1: "Active"}), "memory"),
        (changed("memory", surplus=1), "memory"),
        (changed("watch", shown={"job-1": "Active"}), "watch"),
        (changed("watch", samples={"job-1": [[0.0, "5"]]}), "watch"),
        (changed("watch", samples={"job-1": [5]}), "watch"),
        (changed("watch", troubled=float("-inf")), "watch"),
        (changed("calls", sent={"ListJobs": "1"}), "calls"),
        (changed("calls", sent=[1]), "calls"),
    ],
)
def test_what_is_no_state_is_refused(value, name):
    with pytest.raises(
        OptionError, match=f"^value of _watch must be a state that the action plugin has passed, got: '{name}'"
    ):
        check_state(value)


def test_a_refusal_is_short_and_printable():
    with pytest.raises(OptionError) as error:
        check_state({"\x1b[2J\n" + "x" * 5000: 1})
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 250
