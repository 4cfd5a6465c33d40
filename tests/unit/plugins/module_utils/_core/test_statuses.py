# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The statuses of jobs, and what is made of one that no document lists."""

from __future__ import annotations

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.statuses import (
    BY_NAME,
    ENDED,
    ENDING,
    LIVE,
    PAGE_STATES,
    STATUSES,
    TABLE,
    fulfilled,
    is_beyond,
    page_state,
)


def test_every_status_has_one_row_and_one_phase():
    assert len(TABLE) == len(BY_NAME) == 13
    assert {"Complete", "Cancelled", "Failed"} == ENDED
    assert {"Completing", "Cancelling", "Failing"} == ENDING
    assert set(LIVE) == set(STATUSES) - ENDED - ENDING
    assert len(LIVE) == 7


@pytest.mark.parametrize(
    ("request_value", "statuses"),
    [
        ("ready", {"Ready", "Active", "Pausing", "Paused", "Completing", "Complete"}),
        ("cancelled", {"Cancelling", "Cancelled"}),
        # A word that is not an option value finds no status.
        ("paused", set()),
        ("", set()),
    ],
)
def test_a_request_is_fulfilled_where_it_leads_or_beyond(request_value, statuses):
    assert fulfilled(request_value) == statuses


@pytest.mark.parametrize("name", [*STATUSES, "Hibernating", "", "active"])
def test_every_status_has_a_word_on_the_page(name):
    expected = {"Active": "running", "Pausing": "paused", "Paused": "paused", "Suspended": "unconfirmed"}
    expected.update(dict.fromkeys(ENDING, "ending"), **dict.fromkeys(ENDED, "ended"))
    assert page_state(name) == expected.get(name, "waiting")
    assert page_state(name) in PAGE_STATES


@pytest.mark.parametrize(
    ("name", "wanted", "beyond"),
    [
        ("Active", "Ready", True),
        ("Complete", "New", True),
        ("Ready", "Suspended", True),
        ("Ready", "Ready", False),
        ("Ready", "Active", False),
        # A job can be paused again, so a later status does not fulfill a wait for Paused.
        ("Complete", "Paused", False),
        # A failed or canceled job has passed no status.
        ("Failed", "Active", False),
        ("Cancelled", "New", False),
        ("Complete", "Failed", False),
        ("Hibernating", "New", False),
        ("Active", "Hibernating", False),
        ("", "", False),
    ],
)
def test_only_a_known_later_status_is_beyond(name, wanted, beyond):
    assert is_beyond(name, wanted) is beyond
