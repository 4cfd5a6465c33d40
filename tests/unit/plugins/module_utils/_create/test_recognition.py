# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creating a job once: its token and mark, and how every doubtful answer is settled."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._core.job_values import QueueId
from ansible_collections.objectstore.batch.plugins.module_utils._core.provider_traits import (
    ConnectionTraits,
    FailureTraits,
)
from ansible_collections.objectstore.batch.plugins.module_utils._create.recognition import (
    Creation,
    decide,
    duplicates_warning,
    first_difference,
    with_marker,
)
from ansible_collections.objectstore.batch.plugins.module_utils._create.workflow import execute
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
PLACE = QueueId("aws", "eu-central-1", "1")
HERE = ("aws", "eu-central-1", "1")


def placed(content=None, start=None, token="", place=HERE, sent=None):
    """Return a creation whose request is sent in the words in which it is written."""
    creation = Creation(CONTENT if content is None else content, START if start is None else start, token)
    return creation.in_queue(creation.draft if sent is None else sent, place, ScriptedProvider.traits)


CREATION = placed()
ROW = Job("job-1", "Ready", 10, CREATION.request["Description"], "Copy")
SAID = {"Manifest": {"Location": {"ETag": '"e"', "ObjectArn": "o"}}, "Report": {"Enabled": "false"}, "RoleArn": "r"}
THERE = dataclasses.replace(ROW, parameters={"Target": "b", "Directive": "COPY"}, extra=SAID)
"""As a list shows the job, and as it is described."""
NONE = ([], "")
LISTED = ([ROW], "")
LOST = ["timeout", "unreachable", "unavailable", "invalid_response"]


class Provider(ScriptedProvider):
    traits = dataclasses.replace(ScriptedProvider.traits, failures=FailureTraits(token_used=("Used",)))


def run(pages, update=(), check_mode=False, limits=(4, 60.0), describe=None):
    """Return result and provider of a task whose provider plays a script to its end."""
    described = [THERE for page, _token in pages for _row in page] if describe is None else describe
    provider = Provider(described, update, pages)
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


@pytest.mark.parametrize("kind", ["access_denied", "quota", "invalid_credentials"])
def test_final_refusals_cost_nothing_more(kind):
    result, _provider = run([NONE], [fail(kind)])
    assert (result["failed"], result["error"]["kind"]) == (True, kind)


def test_throttled_requests_are_sent_again_without_listing():
    result, provider = run([NONE], [fail("throttled"), "job-1"])
    assert result["changed"] is True
    assert len(sent(provider)) == 2


def test_the_token_is_that_of_content_and_place():
    again = placed(dict(reversed(CONTENT.items())), {**START, "Priority": 99})
    assert again.token == CREATION.token
    assert placed(place=("aws", "eu-west-1", "1")).token != CREATION.token
    assert placed(place=("aws", "eu-central-1", "2")).token != CREATION.token
    for name in CONTENT:
        assert placed({**CONTENT, name: {"x": "y"}}).token != CREATION.token
    assert len(CREATION.token) == 64
    assert placed(token="mine").token == "mine"


def test_an_account_that_no_request_names_is_no_part_of_the_token():
    traits = dataclasses.replace(ScriptedProvider.traits, connection=ConnectionTraits(account_in_requests=False))
    tokens = {
        Creation(CONTENT, START).in_queue(CREATION.draft, ("oss", "cn-hangzhou", account), traits).token
        for account in ("", "1000000000000001")
    }
    assert len(tokens) == 1


def test_what_is_sent_is_digested_and_not_what_was_written():
    sent = {**CONTENT, "Operation": {"Copy": {"Days": "7"}}}
    one, two = (placed({**CONTENT, "Operation": {"Copy": {"Days": days}}}, sent=sent) for days in ("7", 7))
    assert (one.token, one.mark) == (two.token, two.mark)
    quoted = {**sent, "Manifest": {"Location": {"ETag": '"e"', "ObjectArn": "o"}}}
    assert placed(sent=quoted).mark == one.mark


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
    assert with_marker(CREATION, [shifted, THERE]) == [THERE]
    assert decide(CREATION, []).outcome == "update"
    assert decide(CREATION, [THERE]).outcome == "unchanged"


def test_of_several_jobs_the_oldest_counts_and_the_others_are_named():
    old = dataclasses.replace(THERE, job_id="job-9", status="Failed", created=datetime.datetime(2026, 1, 1, 0, 0, 1))
    new = dataclasses.replace(THERE, created=datetime.datetime(2026, 1, 1, 0, 0, 2))
    found = with_marker(CREATION, [new, old])
    assert found == [old, new]
    decision = decide(CREATION, found)
    assert (decision.before, "Failed" in decision.reason) == (old, True)
    assert (
        duplicates_warning(found, decision)
        == "Other jobs have the token marker of job job-9 in their descriptions: job-1."
    )
    assert duplicates_warning([old], decide(CREATION, [old])) == ""
    result, provider = run([([new, old], "")], describe=[old])
    assert (result["job"]["job_id"], result["warnings"]) == ("job-9", [duplicates_warning(found, decision)])
    assert provider.asked[-1] == ("describe", "job-9")


def without(name):
    return {key: value for key, value in SAID.items() if key != name}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"parameters": {"Target": "elsewhere"}}, "Operation.Copy.Target is 'elsewhere', expected 'b'"),
        ({"parameters": None}, "Operation.Copy.Target is '', expected 'b'"),
        ({"extra": {**SAID, "RoleArn": "other"}}, "RoleArn is 'other', expected 'r'"),
        ({"extra": without("RoleArn")}, "RoleArn is '', expected 'r'"),
        ({"extra": without("Manifest")}, "Manifest.Location.ETag is '', expected 'e'"),
        ({"extra": {**SAID, "Report": {"Enabled": "true"}}}, "Report.Enabled is 'true', expected 'false'"),
        ({"description": f"my own {CREATION.request['Description'][-29:]}"}, "Description is 'my own'"),
    ],
)
def test_a_marked_job_that_does_something_else_is_a_conflict(change, said):
    """Descriptions are free text: a copy, a clone or a forgery has the marker, too."""
    forged = dataclasses.replace(THERE, **change)
    row = dataclasses.replace(ROW, description=forged.description)
    result, _provider = run([([row], "")], describe=[forged])
    assert (result["failed"], result["changed"], result["error"]["kind"]) == (True, False, "conflict")
    assert "job-1" in result["msg"] and CREATION.token in result["msg"] and said in result["msg"], result["msg"]


def test_another_operation_is_refused_by_the_words_of_the_list():
    result, provider = run([([dataclasses.replace(ROW, operation="Delete", priority=900)], "")], describe=[])
    assert (result["failed"], result["error"]["kind"]) == (True, "conflict")
    assert "operation is Delete, expected Copy" in result["msg"]
    assert [verb for verb, *_rest in provider.asked] == ["list"]


def test_the_job_itself_is_found_behind_a_forgery():
    forged = dataclasses.replace(ROW, job_id="job-0", operation="Delete", priority=900)
    result, _provider = run([([forged, ROW], "")], describe=[THERE])
    assert (result["changed"], result["job"]["job_id"]) == (False, "job-1")
    assert "job-0" in result["warnings"][0]


def test_a_copied_mark_costs_a_bounded_number_of_requests():
    copies = [dataclasses.replace(ROW, job_id=f"job-{number:03}") for number in range(100)]
    strange = [dataclasses.replace(copy, parameters={"Target": "x"}) for copy in copies[:20]]
    result, provider = run([(copies, "")], describe=strange)
    assert (result["failed"], len(provider.asked)) == (True, 21)


def test_rows_that_name_another_operation_take_no_candidates_place():
    forged = [dataclasses.replace(ROW, job_id=f"job-{number:03}", operation="Delete") for number in range(100)]
    row, there = (dataclasses.replace(job, job_id="job-999") for job in (ROW, THERE))
    result, _provider = run([([*forged, row], "")], describe=[there])
    assert (result["changed"], result["job"]["outcome"], result["job"]["job_id"]) == (False, "unchanged", "job-999")


def test_a_parameter_that_the_task_no_longer_has_is_a_conflict():
    """What a cloud adds by itself is no difference; what another task wrote is, and the mark tells them apart."""
    long = placed({**CONTENT, "Operation": {"Copy": {"Target": "b", "Directive": "COPY"}}}, token="mine")
    job = dataclasses.replace(THERE, description=long.request["Description"])
    decision = decide(placed(token="mine"), [job])
    assert (decision.outcome, decision.failure.kind) == ("failed", "conflict")
    assert "created with other options" in decision.reason


def test_what_is_sent_is_compared_and_not_what_was_written():
    """SDKs rewrite times, and XML rewrites the ends of lines."""
    written = {**CONTENT, "Operation": {"Copy": {"Target": "b", "Until": 1700000000}}}
    creation = placed(written, token="mine")
    job = dataclasses.replace(
        THERE,
        parameters={"Target": "b", "Until": "2023-11-14T22:13:20.000Z"},
        description=creation.request["Description"],
    )
    assert first_difference(creation, job)
    sent = {**written, "Operation": {"Copy": {"Target": "b", "Until": "2023-11-14T22:13:20Z"}}}
    assert first_difference(dataclasses.replace(creation, sent=sent), job) == ""


@pytest.mark.parametrize(
    ("wanted", "seen"),
    [
        ({"Target": "b", "Days": 7, "Flag": True}, {"Target": "b", "Days": "7", "Flag": "true"}),
        ({"Tags": [{"Key": "a", "Value": "b"}]}, {"Tags": {"COSTag": {"Key": "a", "Value": "b"}}}),
        ({"Tags": [{"Key": "a"}, {"Key": "b"}]}, {"Tags": [{"Key": "a"}, {"Key": "b"}]}),
        ({"Until": "2026-01-01T00:00:00Z"}, {"Until": "2026-01-01T00:00:00.000Z"}),
        ({"Nothing": None, "Empty": {}, "List": []}, {}),
        ({}, ""),
    ],
)
def test_words_that_say_the_same(wanted, seen):
    creation = placed({**CONTENT, "Operation": {"Copy": wanted}}, token="mine")
    job = dataclasses.replace(THERE, parameters=seen, description=creation.request["Description"])
    assert first_difference(creation, job) == ""


def test_lists_of_another_length_differ():
    creation = placed({**CONTENT, "Operation": {"Copy": {"Tags": [{"Key": "a"}]}}}, token="mine")
    job = dataclasses.replace(THERE, parameters={"Tags": [{"Key": "a"}, {"Key": "b"}]})
    assert first_difference(creation, job) == "Operation.Copy.Tags has 2 entries, expected 1"


@pytest.mark.parametrize(("own", "begin"), [("", "[token "), ("  two blanks ", "  two blanks  [token ")])
def test_descriptions_stay_as_they_are_written(own, begin):
    creation = placed({**CONTENT, "Description": own}, token="mine")
    assert creation.request["Description"].startswith(begin)
    job = dataclasses.replace(THERE, description=creation.request["Description"])
    assert with_marker(creation, [job]) == [job]
    assert decide(creation, [job]).outcome == "unchanged"
