# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_job_tags: requests, check mode, races, faults, and hostile text; AWS has job tags, COS and OSS have none."""

from __future__ import annotations

import typing as t

import pytest

from .clouds import JOB_ID, Cloud, on

OLD = {"team": "storage", "cost": "1"}
NEW = {"team": "archive", "ticket": "a b/c_d.e:f=g+h-i@j"}


def tag(cloud: Cloud, tags: t.Any, job_id: str = JOB_ID, **options: t.Any) -> dict[str, t.Any]:
    return cloud.run("batch_job_tags", job_id=job_id, tags=tags, **options)


def stored(cloud: Cloud) -> dict[str, str]:
    return t.cast("dict[str, str]", cloud.emulator.job(JOB_ID)["tags"])


@on("aws")
@pytest.mark.parametrize("status", ["Active", "Complete"])
def test_requests_of_a_change_no_change_and_check_mode(cloud: Cloud, status: str) -> None:
    cloud.seed(status=status, tags=OLD)
    planned = tag(cloud, NEW, check_mode=True, diff=True)
    assert planned["calls"]["sent"] == {"GetJobTagging": 1}
    assert (planned["changed"], planned["tags"], stored(cloud)) == (True, NEW, OLD)
    result = tag(cloud, NEW, diff=True)
    assert result["calls"]["sent"] == {"GetJobTagging": 1, "PutJobTagging": 1}
    assert stored(cloud) == result["tags"] == NEW
    assert result["diff"] == planned["diff"]
    assert result["diff"]["before"] == "cost: 1\nteam: storage\n"
    assert result["msg"] == f"Job {JOB_ID}: tags changed: 1 added (ticket), 1 changed (team), 1 removed (cost)."
    assert planned["msg"] == result["msg"].replace("tags changed", "tags would change")
    again = tag(cloud, NEW)
    assert again["calls"]["sent"] == {"GetJobTagging": 1}
    assert (again["changed"], again["jobs"][0]["outcome"]) == (False, "unchanged")
    assert again["msg"] == f"Job {JOB_ID}: tags are already set (2 tags)."


@on("aws")
def test_purge_and_removal(cloud: Cloud) -> None:
    cloud.seed(tags=OLD)
    assert tag(cloud, {}, purge_tags=False)["changed"] is False
    assert tag(cloud, {"more": ""}, purge_tags=False)["tags"] == {**OLD, "more": ""} == stored(cloud)
    removed = tag(cloud, {})
    assert removed["calls"]["sent"] == {"DeleteJobTagging": 1, "GetJobTagging": 1}
    assert stored(cloud) == removed["tags"] == {}
    assert tag(cloud, {})["changed"] is False


@on("aws")
def test_tags_of_the_provider_stay_and_are_not_sent(cloud: Cloud) -> None:
    cloud.seed(tags={**OLD, "aws:cloudformation:stack-id": "x"})
    assert tag(cloud, OLD)["changed"] is False
    result = tag(cloud, {"a": "b"})
    assert result["tags"] == {"a": "b", "aws:cloudformation:stack-id": "x"}
    assert stored(cloud) == {"a": "b"}


@on("aws")
@pytest.mark.parametrize(
    ("tags", "text"),
    [
        ({"a": 1}, "value of tags.a must be text, got: 1"),
        ({"a": True}, "value of tags.a must be text"),
        ({"a": None}, "value of tags.a must be text"),
        ({"": "x"}, "keys of 1 to 128 characters"),
        ({"k" * 129: ""}, "keys of 1 to 128 characters"),
        ({"k": "v" * 257}, "values of at most 256"),
        ({"AWS:x": "y"}, "must not have keys that begin with aws:"),
        ({"a": "<b>"}, "must only have letters, digits, spaces"),
        ({"a\u202eb": "x"}, "must only have letters, digits, spaces"),
        ({f"k{number}": "" for number in range(51)}, "at most 50 tags"),
        ("", "dict"),
        ([], "dict"),
    ],
)
def test_invalid_tags_cost_no_request(cloud: Cloud, tags: t.Any, text: str) -> None:
    result = tag(cloud, tags)
    assert text in result["msg"], result["msg"]
    assert (result["rc"], result["error"]["kind"] if "error" in result else "invalid") == (1, "invalid")
    assert cloud.operations() == []


@on("cos", "oss")
def test_other_providers_are_unsupported_before_any_request(cloud: Cloud) -> None:
    cloud.seed()
    for tags in (NEW, {}):
        result = tag(cloud, tags)
        assert (result["error"]["kind"], result["changed"]) == ("unsupported", False)
        assert "not supported for jobs of" in result["msg"]
    assert cloud.operations() == []


@on("aws")
def test_another_account_and_a_missing_job(cloud: Cloud) -> None:
    foreign = tag(cloud, NEW, job_id=f"arn:aws:s3:eu-central-1:444455556666:job/{JOB_ID}")
    assert "must be a job in account_id 111122223333" in foreign["msg"]
    assert cloud.operations() == []
    missing = tag(cloud, NEW)
    assert (missing["error"]["kind"], missing["tags"], missing["changed"]) == ("not_found", None, False)
    assert "region (eu-central-1)" in missing["msg"]
    cloud.seed(tags={})
    assert tag(cloud, OLD, job_id=f"arn:aws:s3:eu-central-1:111122223333:job/{JOB_ID}")["tags"] == OLD


@on("aws")
@pytest.mark.parametrize("tags", [NEW, {}], ids=["put", "delete"])
def test_a_lost_response_is_resolved_by_reading(cloud: Cloud, tags: dict[str, str]) -> None:
    operation = "PutJobTagging" if tags else "DeleteJobTagging"
    cloud.seed(tags=OLD)
    cloud.fault("drop_after", operation=operation)
    result = tag(cloud, tags)
    assert (result["changed"], result["tags"]) == (True, tags), result["msg"]
    assert result["calls"]["sent"] == {"GetJobTagging": 2, operation: 1}
    assert stored(cloud) == tags


@on("aws")
def test_a_request_that_never_arrived_is_sent_again_after_a_read(cloud: Cloud) -> None:
    cloud.seed(tags=OLD)
    cloud.fault("drop_before", operation="PutJobTagging")
    result = tag(cloud, NEW)
    assert (result["rc"], stored(cloud)) == (0, NEW), result["msg"]
    assert cloud.operations() == ["GetJobTagging", "PutJobTagging", "GetJobTagging", "PutJobTagging"]


@on("aws")
@pytest.mark.parametrize("operation", ["GetJobTagging", "PutJobTagging"])
def test_denied_names_the_permission(cloud: Cloud, operation: str) -> None:
    cloud.seed(tags=OLD)
    cloud.fault("denied", operation=operation, count=None)
    result = tag(cloud, NEW)
    assert (result["error"]["kind"], result["changed"]) == ("access_denied", False)
    assert f"s3:{operation}" in result["msg"]
    assert stored(cloud) == OLD


@on("aws")
def test_hostile_tags_of_other_users_are_escaped(cloud: Cloud) -> None:
    hostile = {"a\u202e{{ 1 + 1 }}\n": "x\x85<b>\u2028y"}
    cloud.seed(tags=hostile)
    result = tag(cloud, {"k": "v"}, diff=True)
    assert result["rc"] == 0
    for text in (result["msg"], result["diff"]["before"].rstrip("\n")):
        assert not {"\u202e", "\x85", "\u2028", "\n"} & set(text), text
    assert "a\\u202e{{ 1 + 1 }}" in result["msg"]


@on("aws")
@pytest.mark.parametrize("fault", ["html", "truncated"])
def test_an_incomplete_read_changes_nothing(cloud: Cloud, fault: str) -> None:
    cloud.seed(tags=OLD)
    cloud.fault(fault, operation="GetJobTagging", count=None)
    result = tag(cloud, NEW, purge_tags=False, max_attempts=1)
    assert (result["rc"], stored(cloud)) == (1, OLD)
    assert "PutJobTagging" not in cloud.operations()
