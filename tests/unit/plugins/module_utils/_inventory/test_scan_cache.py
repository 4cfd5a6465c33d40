# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept between runs: only what was read, only for the same declaration, and nothing that a cache made up."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import json

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job
from ansible_collections.objectstore.batch.plugins.module_utils._inventory import accounts, queue_summaries, scan_cache

MOMENT = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
SNAPSHOT = queue_summaries.summarize([Job("job-1", "Ready", 5, created=MOMENT)], MOMENT)
NULLABLE = ("oldest_waiting", "highest_priority")
TEMPLATE = "{{ lookup('ansible.builtin.pipe', 'id') }}"
QUEUE = accounts.Queue(
    "aws",
    "prod",
    "eu-central-1",
    "us-east-1",
    {"account_id": "111122223333", "endpoint_url": "http://host"},
    {"access_key": "SOME_ID", "secret_key": "SOME_KEY"},
)
ENVIRONMENT = {"SOME_ID": "an-id", "SOME_KEY": "a-secret-that-nobody-may-see", "AWS_REGION": "eu-central-1"}


def kept(stored=None, now=1000.0, lifetime=60.0, environment=None):
    return scan_cache.Kept(stored, now, lifetime, ENVIRONMENT if environment is None else environment)


def stored(queue=QUEUE):
    first = kept()
    first.keep_queue(queue, "111122223333", SNAPSHOT)
    first.keep_regions(dataclasses.replace(queue, region="all"), ["eu-central-1", "us-east-1"])
    return json.loads(json.dumps(first.as_stored()))


def test_what_was_read_comes_back():
    assert kept(stored()).queue(QUEUE) == {**SNAPSHOT, "account_id": "111122223333"}
    assert kept(stored()).regions(dataclasses.replace(QUEUE, region="all")) == ["eu-central-1", "us-east-1"]


def test_no_option_of_a_connection_and_no_key_is_stored():
    text = json.dumps(stored())
    for value in ("an-id", "a-secret", "SOME_ID", "http://host", "endpoint"):
        assert value not in text


CHANGES = [
    {"provider": "cos"},
    {"account": "test"},
    {"region": "us-east-1"},
    {"home": "eu-west-1"},
    {"given": {}},
    {"given": {"account_id": "111122223333", "endpoint_url": "http://other"}},
    {"given": {**QUEUE.given, "validate_certs": False}},
    {"given": {**QUEUE.given, "ca_bundle": "x.pem"}},
    {"given": {**QUEUE.given, "assume_role_arn": "arn:aws:iam::111122223333:role/new"}},
    {"given": {**QUEUE.given, "profile": "other"}},
    {"variables": {}},
    {"variables": {"access_key": "OTHER_ID", "secret_key": "SOME_KEY"}},
    {"variables": {**QUEUE.variables, "session_token": "SOME_TOKEN"}},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_another_declaration_is_another_question(change):
    other = dataclasses.replace(QUEUE, **change)
    assert kept(stored()).queue(other) is None
    assert kept(stored(other)).queue(QUEUE) is None


@pytest.mark.parametrize(
    "change",
    [{"SOME_ID": "other-id"}, {"AWS_PROFILE": "other"}, {"AWS_ENDPOINT_URL": "http://x"}, {"AWS_REGION": ""}],
    ids=str,
)
def test_another_environment_is_another_question(change):
    assert kept(stored(), environment={**ENVIRONMENT, **change}).queue(QUEUE) is None


@pytest.mark.parametrize(
    "change",
    [
        {"SOME_KEY": "x"},
        {"AWS_SECRET_ACCESS_KEY": "x"},
        {"AWS_SESSION_TOKEN": "x"},
        {"AWS_TWO_KEY": "x"},
        {"LANG": "C"},
    ],
    ids=str,
)
def test_secrets_and_other_variables_are_no_part_of_the_question(change):
    assert kept(stored(), environment={**ENVIRONMENT, **change}).queue(QUEUE) is not None


@pytest.mark.parametrize(
    ("later", "lifetime", "there"), [(59, 60, True), (60, 60, False), (-1, 60, False), (10**9, 0, True), (-1, 0, False)]
)
def test_a_reading_has_an_age_of_its_own(later, lifetime, there):
    second = kept(stored(), now=1000.0 + later, lifetime=lifetime)
    assert (second.queue(QUEUE) is not None) is there


def test_a_reading_that_is_used_again_is_not_younger_for_it():
    other = dataclasses.replace(QUEUE, region="us-east-1")
    second = kept(stored(), now=1040.0)
    assert second.queue(QUEUE) is not None
    second.keep_queue(other, "", SNAPSHOT)
    third = kept(second.as_stored(), now=1070.0)
    assert third.queue(QUEUE) is None and third.queue(other) is not None


def test_what_is_not_asked_for_any_more_is_dropped():
    second = kept(stored())
    second.queue(QUEUE)
    assert len(second.as_stored()["entries"]) == 1


@pytest.mark.parametrize(
    "damage",
    [
        None,
        {},
        [],
        "text",
        5,
        {"asked": ["x"], "found": {}},
        {"format": 3},
        {"format": 3, "entries": []},
        {"format": 3, "entries": {"x": 1}},
    ],
    ids=str,
)
def test_a_cache_of_another_form_holds_nothing(damage):
    assert kept(damage).queue(QUEUE) is None
    assert kept(damage).regions(QUEUE) is None


def damaged():
    """Yield an entry with one thing wrong with it."""
    whole = {"read": 1000.0, "account_id": "111122223333", "values": SNAPSHOT}
    for name, values in {
        "read": [None, "1000", True, float("nan"), [], TEMPLATE],
        "account_id": [None, 5, TEMPLATE, "1", "111122223333\n", []],
        "values": [None, [], {}, TEMPLATE, {**SNAPSHOT, "more": 1}],
    }.items():
        for value in values:
            yield {**whole, name: value}
        yield {key: value for key, value in whole.items() if key != name}
    yield {**whole, "more": 1}
    for name in SNAPSHOT:
        wrong = [TEMPLATE, -1, True, 1.5, [], {}, "", {TEMPLATE: 1}, {"Active": TEMPLATE}, {"Active": -1}]
        wrong += ["2026-01-01T00:00:00Z" + TEMPLATE] if SNAPSHOT[name] is None or name in NULLABLE else [None]
        for value in wrong:
            if not (name == "statuses" and value == {}):
                yield {**whole, "values": {**SNAPSHOT, name: value}}
        yield {**whole, "values": {key: value for key, value in SNAPSHOT.items() if key != name}}


@pytest.mark.parametrize("entry", list(damaged()), ids=str)
def test_a_damaged_entry_is_read_anew(entry):
    (key,) = (key for key in stored()["entries"] if "all" not in key)
    whole = copy.deepcopy(stored())
    whole["entries"][key] = entry
    assert kept(whole).queue(QUEUE) is None
    # The others are sound.
    assert kept(whole).regions(dataclasses.replace(QUEUE, region="all")) is not None


@pytest.mark.parametrize(
    "names", [None, [], "eu-central-1", {}, [TEMPLATE], ["eu-central-1", 5], ["eu-central-1\n"]], ids=str
)
def test_damaged_regions_are_asked_for_anew(names):
    (key,) = (key for key in stored()["entries"] if "all" in key)
    whole = copy.deepcopy(stored())
    whole["entries"][key]["values"] = names
    assert kept(whole).regions(dataclasses.replace(QUEUE, region="all")) is None
