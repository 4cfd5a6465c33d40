# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The empty id of a job that check mode does not create, in the tasks that come after."""

from __future__ import annotations

import json
import typing as t

import pytest

from .clouds import Cloud
from .test_create import create

EMPTY: list[tuple[str, str, dict[str, t.Any]]] = [
    ("batch_job_wait", "job_id", {"job_id": [""]}),
    ("batch_job_wait", "job_id", {"job_id": ""}),
    ("batch_job_status", "job_id", {"job_id": "", "status": "ready"}),
    ("batch_job_priority", "job_id", {"job_id": "", "priority": 1}),
    ("batch_job_priority", "jobs[0].job_id", {"jobs": [{"job_id": "", "priority": 1}]}),
    ("batch_job_info", "job_id", {"job_id": ""}),
    ("batch_job_report_info", "job_id", {"job_id": ""}),
    ("batch_retry_manifest", "job_id", {"job_id": ""}),
    ("batch_queue", "order[0]", {"order": [""]}),
]


@pytest.mark.parametrize(("module", "option", "options"), EMPTY, ids=str)
def test_an_empty_id(cloud: Cloud, module: str, option: str, options: dict[str, t.Any]) -> None:
    for check_mode in (True, False):
        result = cloud.run(module, check_mode=check_mode, **options)
        assert (result["rc"], result["changed"], cloud.operations()) == (1, False, [])
        assert result["error"]["kind"] == "invalid"
        start = f"{option} is empty: " if check_mode else f"value of {option} must be a"
        assert result["msg"].startswith(start) and (check_mode or ", got: ''" in result["msg"]), result["msg"]
        assert ("check mode does not create jobs" in result["msg"]) is check_mode, result["msg"]
        assert ("when: created.job.job_id" in result["msg"]) is check_mode, result["msg"]


def test_the_id_that_check_mode_returns_is_the_empty_one(cloud: Cloud) -> None:
    planned = create(cloud, check_mode=True)
    job_id = planned["job"]["job_id"]
    assert (planned["changed"], job_id) == (True, "")
    assert "check mode does not create jobs" in cloud.run("batch_job_info", check_mode=True, job_id=job_id)["msg"]
    created = create(cloud)["job"]["job_id"]
    assert cloud.run("batch_job_info", check_mode=True, job_id=created)["rc"] == 0


SURROGATE = "a\ud800b"
RULE = {"match": {"description": SURROGATE}, "priority": 5}
NAMED: list[tuple[str, str, dict[str, t.Any]]] = [
    ("batch_job_status", "reason", {"job_id": "x", "status": "cancelled", "reason": SURROGATE}),
    ("batch_job", "description", {"description": SURROGATE}),
    ("batch_job", "client_request_token", {"client_request_token": SURROGATE}),
    ("batch_job", "tags.team", {"tags": {"team": SURROGATE}}),
    ("batch_job", "tags", {"tags": {SURROGATE: "storage"}}),
    ("batch_job", "operation.A.B[1].C", {"operation": {"A": {"B": ["x", {"C": SURROGATE}]}}}),
    ("batch_job_info", "job_id[0]", {"job_id": [SURROGATE]}),
    ("batch_job_info", "region", {"region": SURROGATE}),
    # A dictionary may be written as JSON, which has an escape for half a character.
    ("batch_job", "tags.team", {"tags": json.dumps({"team": SURROGATE})}),
    ("batch_job_info", "select.description", {"select": json.dumps({"description": SURROGATE})}),
    ("batch_queue", "rules[0].match.description", {"rules": [json.dumps(RULE)]}),
]


@pytest.mark.parametrize(
    ("module", "option", "options"), NAMED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_half_a_character_is_named(cloud: Cloud, module: str, option: str, options: dict[str, t.Any]) -> None:
    """A lone surrogate is no text: ansible-core's own log fails on it before the options are checked."""
    result = create(cloud, **options) if module == "batch_job" else cloud.run(module, **options)
    assert (result["rc"], result["changed"], result["jobs"], cloud.operations()) == (1, False, [], [])
    assert (result["error"]["kind"], "Traceback" in str(result)) == ("invalid", False)
    assert result["msg"].startswith(f"value of {option} must be valid UTF-8 text. "), result["msg"]


def test_half_a_character_in_a_secret_is_not_shown(cloud: Cloud) -> None:
    result = cloud.run("batch_job_info", secret_key=f"not-real-{SURROGATE}")
    assert result["rc"] == 1 and result["msg"].startswith("value of secret_key must be valid UTF-8 text. "), result[
        "msg"
    ]
    assert "not-real" not in str(result)
