# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creating a job once: its token and mark, and how every doubtful answer is settled."""

from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._model.job import Job
from ansible_collections.objectstore.batch.plugins.module_utils._planning.creation import Creation, decide
from ansible_collections.objectstore.batch.plugins.module_utils._results.jobs import Place
from ansible_collections.objectstore.batch.plugins.module_utils._tasks.create import execute
from ansible_collections.objectstore.batch.tests.unit.plugins.module_utils.scripted import (
    ScriptedProvider,
    fail,
    session,
)

CONTENT = {
    "Manifest": {"Location": {"ETag": "e", "ObjectArn": "o"}},
    "Operation": {"Copy": {"Target": "b"}},
    "Report": {"Enabled": False},
    "RoleArn": "r",
    "Description": "nightly copy",
}
START = {"Priority": 10, "ConfirmationRequired": False}
PLACE = Place("aws", "eu-central-1", "1")
CREATION = Creation(CONTENT, START).placed("aws", "eu-central-1", "1")
THERE = Job("job-1", "Ready", 10, CREATION.request["Description"], "Copy")
NONE = ([], "")
LISTED = ([THERE], "")
LOST = ["timeout", "unreachable", "unavailable", "bad_answer"]


class Provider(ScriptedProvider):
    facts = dataclasses.replace(ScriptedProvider.facts, token_used=("Used",))


def run(pages, update=(), check_mode=False, limits=(4, 60.0)):
    """Return result and provider of a task whose provider plays a script to its end."""
    provider = Provider((), update, pages)
    result = execute(session(provider, *limits), Creation(CONTENT, START), check_mode, PLACE)
    assert not any(provider.steps.values()), "the script was not played to its end"
    return result, provider


def sent(provider):
    return [request for verb, request, *_rest in provider.asked if verb == "update"]


def test_a_new_job_is_a_list_and_a_request():
    result, provider = run([NONE], ["job-1"])
    assert (result["changed"], result["job"]["outcome"], result["job"]["job_id"]) == (True, "changed", "job-1")
    assert sent(provider) == [CREATION.request]


@pytest.mark.parametrize("kind", LOST)
def test_lost_and_there(kind):
    result, provider = run([NONE, LISTED], [fail(kind)])
    assert (result["changed"], result["job"]["job_id"], result["job"]["status"]) == (True, "job-1", "Ready")
    assert len(sent(provider)) == 1


@pytest.mark.parametrize("kind", LOST)
def test_lost_and_not_there_is_sent_again_with_the_same_token(kind):
    result, provider = run([NONE, NONE], [fail(kind), "job-1"])
    assert (result["changed"], result["job"]["job_id"]) == (True, "job-1")
    first, second = sent(provider)
    assert first == second
    assert first["ClientRequestToken"] == CREATION.token


def test_lost_and_the_list_lags_and_the_token_is_refused():
    """COS: the second request proves that the first one arrived; the list shows the job in the end."""
    refusal = fail("invalid", code="Used")
    result, provider = run([NONE, NONE, NONE, LISTED], [fail("timeout"), refusal])
    assert (result["changed"], result["job"]["outcome"], result["job"]["job_id"]) == (True, "changed", "job-1")
    assert len(sent(provider)) == 2


def test_refused_since_somebody_else_was_faster():
    result, _provider = run([NONE, LISTED], [fail("invalid", code="Used")])
    assert (result["changed"], result["job"]["outcome"], result["job"]["job_id"]) == (False, "unchanged", "job-1")
    assert "failed" not in result


def test_a_used_token_whose_job_stays_unlisted():
    result, provider = run([NONE] * 4, [fail("invalid", code="Used", operation="CreateJob")])
    assert (result["failed"], result["changed"], result["error"]["kind"]) == (True, False, "conflict")
    assert result["error"]["code"] == "Used"
    assert "client_request_token" in result["error"]["hint"]
    assert len(sent(provider)) == 1


def test_an_invalid_request_is_final():
    result, provider = run([NONE, NONE], [fail("invalid", code="MalformedXML")])
    assert (result["failed"], result["error"]["kind"]) == (True, "invalid")
    assert len(sent(provider)) == 1


@pytest.mark.parametrize("kind", ["denied", "quota", "credentials"])
def test_final_refusals_cost_nothing_more(kind):
    result, _provider = run([NONE], [fail(kind)])
    assert (result["failed"], result["error"]["kind"]) == (True, kind)


def test_throttled_requests_are_sent_again_without_listing():
    result, provider = run([NONE], [fail("throttled"), "job-1"])
    assert result["changed"] is True
    assert len(sent(provider)) == 2


def test_the_token_is_that_of_content_and_place():
    assert CREATION.placed("cos") == CREATION, "a token that is there stays"
    again = Creation(dict(reversed(CONTENT.items())), {**START, "Priority": 99})
    assert again.placed("aws", "eu-central-1", "1").token == CREATION.token
    assert again.placed("aws", "eu-west-1", "1").token != CREATION.token
    for name in CONTENT:
        other = Creation({**CONTENT, name: "x"}, START).placed("aws", "eu-central-1", "1")
        assert other.token != CREATION.token
    assert len(CREATION.token) == 64


def test_what_is_sent():
    request = CREATION.request
    token, content = CREATION.mark
    assert request == {
        **CONTENT,
        **START,
        "Description": f"nightly copy [token {token}-{content}]",
        "ClientRequestToken": CREATION.token,
    }


def test_the_mark_counts_at_the_end_only():
    shifted = dataclasses.replace(THERE, description=THERE.description + " (copy)")
    assert decide(CREATION, [shifted]).outcome == "update"
    assert decide(CREATION, [shifted, THERE]).outcome == "unchanged"


def test_of_several_jobs_the_one_that_is_live_counts():
    ended = dataclasses.replace(THERE, job_id="job-0", status="Failed")
    assert decide(CREATION, [ended, THERE]).before == THERE
    assert decide(CREATION, [ended]).before == ended
    assert "Failed" in decide(CREATION, [ended]).reason


def test_a_token_of_another_job():
    mine = Creation(CONTENT, START, "mine")
    listed = Job("job-1", "Active", 1, Creation({**CONTENT, "RoleArn": "other"}, START, "mine").request["Description"])
    decision = decide(mine, [listed])
    assert (decision.outcome, decision.failure.kind) == ("failed", "conflict")
    assert "job-1" in decision.reason


@pytest.mark.parametrize(("own", "begin"), [("", "[token "), ("  two blanks ", "  two blanks  [token ")])
def test_descriptions_stay_as_they_are_written(own, begin):
    creation = Creation({**CONTENT, "Description": own}, START, "mine")
    assert creation.request["Description"].startswith(begin)
    assert decide(creation, [creation.job("job-1")]).outcome == "unchanged"
