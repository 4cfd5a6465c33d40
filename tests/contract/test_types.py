# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of a wrong type: AnsibleModule turns many of them into text or numbers before a module sees them.

Each is refused before any request, in a sentence that names the option.
"""

from __future__ import annotations

import typing as t

import pytest

from .clouds import JOB_ID, Cloud
from .reports import BUCKET
from .test_create import OPTIONS

INFINITE = [float("inf"), float("-inf"), float("nan")]
NO_TEXT: list[t.Any] = [True, False, 1.5, *INFINITE, {}, {"a": 1}, []]
LONE = "lone \ud800"
"""Half of a sign, which JSON can name and UTF-8 cannot write."""
NO_IDS: list[t.Any] = [*NO_TEXT, 123, 12345678]
NO_INTEGERS: list[t.Any] = [True, False, "yes", "1e1", "1.0", "0x10", "1_0", " 5", "\u0665", 1.0, 1.5, *INFINITE, {}]
DEEP = '{"a":' * 5000 + "1" + "}" * 5000
NO_SECONDS: list[t.Any] = [*INFINITE, 1e300, 1e10, -1, -0.5, 10**400, "999999999", "9999d", True, {}, []]
NO_DURATIONS: list[t.Any] = ["9999d", "3651d", "99999999s", "-1h", "1e9s", "inf", "nan", True, 1.5, {}, []]
SELECTING: dict[str, dict[str, t.Any]] = {
    "batch_job_priority": {"priority": 9},
    "batch_job_status": {"status": "ready"},
    "batch_job_wait": {},
    "batch_job_info": {},
}
MOVE = {"job_id": JOB_ID, "from": 1, "to": 2}
RULE = {"match": {"statuses": ["Ready"]}, "priority": 5}
STATUS = {"job_id": JOB_ID, "status": "ready"}
PRIORITY = {"job_id": JOB_ID, "priority": 9}
WAIT = {"job_id": [JOB_ID]}


def on(module: str, words: str, option: str, values: list[t.Any], **beside: t.Any) -> list[t.Any]:
    """Return a row for each value of an option; words is what the message has to begin with or contain."""
    return [(module, {**beside, option: value}, words, index) for index, value in enumerate(values)]


ROWS = [
    *on("batch_job_priority", "job_id", "job_id", NO_IDS, priority=9),
    *on("batch_job_status", "job_id", "job_id", NO_IDS, status="ready"),
    *on("batch_job_wait", "job_id", "job_id", [True, 1.5, 123, *[[value] for value in [*NO_IDS, None]]]),
    *on("batch_job_chain", "links[0].job", "links", [[{"job": v, "after": ["job-a"]}] for v in [*NO_IDS, None]]),
    *on("batch_job_chain", "links[0].after[0]", "links", [[{"job": "job-b", "after": [v]}] for v in [*NO_IDS, None]]),
    *on("batch_job_chain", "links", "links", [5, True, "x", {"a": 1}, [5], [None], [True], ["x"], [[]], INFINITE]),
    *on("batch_job_info", "job_id", "job_id", [True, 1.5, 123, *[[value] for value in [*NO_IDS, None]]]),
    *on("batch_job_report_info", "job_id", "job_id", NO_IDS),
    *on("batch_retry_manifest", "job_id", "job_id", NO_IDS, manifest_bucket=BUCKET),
    *on("batch_job_priority", "jobs[0].job_id", "jobs", [[{"job_id": value, "priority": 9}] for value in NO_IDS]),
    *on("batch_job_priority", "jobs[0].job_id", "jobs", [[{"job_id": None, "priority": 9}]]),
    *on("batch_job_priority", "jobs", "jobs", [5, True, "x", {"a": 1}, [5], [None], [True], ["x"], [[]], INFINITE]),
    *on("batch_queue", "approved[0].job_id", "approved", [[{**MOVE, "job_id": value}] for value in NO_IDS], order=[{}]),
    *on("batch_queue", "approved", "approved", [5, True, "x", {"a": 1}, [5], [None], [True], [[]]], order=[{}]),
    *on("batch_queue", "order", "order", [5, True, {"a": 1}, [5], [None], [True], [1.5], [[None]], [[5]], INFINITE]),
    *on("batch_queue", "rules", "rules", [5, True, "x", {"a": 1}, [5], [None], [True], ["x"], [[]], INFINITE]),
    *on("batch_queue", "protect", "protect", [5, True, {"a": 1}, [5], [None], [True], [1.5], INFINITE], order=[{}]),
    *on("batch_queue", "order[0].job_ids", "order", [[{"job_ids": value}] for value in (5, True, [5], [None], [True])]),
    *on("batch_queue", "order[0].statuses", "order", [[{"statuses": value}] for value in (5, True, [None], [True])]),
    *on(
        "batch_queue", "order[0].tags", "order", [[{"tags": value}] for value in (5, [None], {"a": None}, {"a": True})]
    ),
    *on("batch_queue", "rules[0].match", "rules", [[{**RULE, "match": value}] for value in (5, True, "x", [1])]),
    *on(
        "batch_queue",
        "rules[0].match.",
        "rules",
        [[{**RULE, "match": {key: [None]}}] for key in ("job_ids", "statuses", "operations")],
    ),
    *on("batch_queue", "rules[0].match.tags", "rules", [[{**RULE, "match": {"tags": {"a": None}}}]]),
    *on("batch_queue", "rules[0].name", "rules", [[{**RULE, "name": value}] for value in NO_TEXT]),
    *on("batch_queue", "rules[0].match.min_age", "rules", [[{**RULE, "match": {"min_age": v}}] for v in NO_DURATIONS]),
    *on("batch_queue", "rules[0].match.max_age", "rules", [[{**RULE, "match": {"max_age": v}}] for v in NO_DURATIONS]),
    *on(
        "batch_queue",
        "rules[0].escalate[0].after",
        "rules",
        [[{**RULE, "escalate": [{"after": value, "to": 9}]}] for value in NO_DURATIONS],
    ),
    *on("batch_queue", "rules[0].escalate", "rules", [[{**RULE, "escalate": value}] for value in (5, [5], [None])]),
    *on(
        "batch_queue",
        "rules[0].delta",
        "rules",
        [[{"match": RULE["match"], "delta": value}] for value in NO_INTEGERS],
    ),
    *on("batch_queue", "max_updates", "max_updates", NO_INTEGERS, order=[{}]),
    *on("batch_queue", "spacing", "spacing", NO_INTEGERS, order=[{}]),
    *on("batch_queue", "min_delta", "min_delta", NO_INTEGERS, rules=[RULE]),
    *on("batch_job_priority", "concurrency", "concurrency", NO_INTEGERS, **PRIORITY),
    *on("batch_job_priority", "max_attempts", "max_attempts", NO_INTEGERS, **PRIORITY),
    *on("batch_job_wait", "max_failed_tasks", "max_failed_tasks", NO_INTEGERS, **WAIT),
    *on("batch_job_wait", "max_failed_ratio", "max_failed_ratio", [True, False, *INFINITE, {}, []], **WAIT),
    *on("batch_job_report_info", "limit", "limit", NO_INTEGERS, job_id=JOB_ID),
    *on("batch_job_report_info", "columns", "columns", [[None], [True], ["Key", None]], job_id=JOB_ID),
    *on("batch_job_report_info", "location", "location", [5, True, [1]], job_id=JOB_ID),
    *on("batch_retry_manifest", "location", "location", [5, True, [1]], manifest_bucket=BUCKET),
    *on("batch_job", "manifest", "manifest", [5, True, [1]]),
    *on("batch_job", "report", "report", [5, True, [1]]),
    *on("batch_job", "description", "description", [*NO_TEXT, LONE]),
    *on("batch_job_info", "statuses", "statuses", [[None], [True], 5]),
    *on("batch_job_info", "operations", "operations", [[None], [True], [{}]]),
    *on("batch_job_info", "description", "description", NO_TEXT),
    *on("batch_job_wait", "status", "status", [[None], [True], 5], **WAIT),
    *on("batch_job_status", "reason", "reason", [*NO_TEXT, LONE], **STATUS),
    *on("batch_job", "operation", "operation", [{"A": {"b": LONE}}, {LONE: {}}]),
    *on("batch_job", "tags", "tags", [{"a": LONE}, {LONE: "a"}]),
    *on("batch_queue", "order", "order", [[LONE], [{"description": LONE}], [[{"tags": {LONE: "a"}}]]]),
    *on("batch_queue", "rules[0].name", "rules", [[{**RULE, "name": LONE}]]),
    *on("batch_queue", "classes", "classes", [{LONE: 1}, {"a": LONE}], order=[{}]),
    *on("batch_job_priority", "request_timeout", "request_timeout", [*NO_SECONDS, 3601, 0], **PRIORITY),
    *on("batch_job_priority", "retry_deadline", "retry_deadline", [*NO_SECONDS, "2d"], **PRIORITY),
    *on("batch_job_wait", "timeout", "timeout", [*NO_SECONDS, "366d"], **WAIT),
    *on("batch_job_wait", "interval", "interval", [*NO_SECONDS, "2d", 0], **WAIT),
    *on("batch_job_wait", "max_interval", "max_interval", [*NO_SECONDS, "2d"], **WAIT),
    *on("batch_job_status", "wait_timeout", "wait_timeout", [*NO_SECONDS, "366d"], **STATUS),
    *on("batch_job_report_info", "wait_for_report", "wait_for_report", [*NO_SECONDS, "2d"], job_id=JOB_ID),
    *[
        row
        for module, own in SELECTING.items()
        for row in [
            *on(module, "select", "select", [5, True, 1.5, [1], "x", DEEP, *INFINITE], **own),
            *on(
                module,
                "select.job_ids",
                "select",
                [{"job_ids": value} for value in (5, True, [5], [None], [True])],
                **own,
            ),
            *on(module, "select.job_ids", "select", ['{"job_ids": [null]}', '{"job_ids": [true]}'], **own),
            *on(module, "select.statuses", "select", [{"statuses": value} for value in (5, [None], [True])], **own),
            *on(module, "select.operations", "select", [{"operations": value} for value in ([None], [True])], **own),
            *on(module, "select.description", "select", [{"description": value} for value in NO_TEXT], **own),
            *on(module, "select.min_age", "select", [{"min_age": value} for value in NO_DURATIONS], **own),
            *on(module, "select.tags", "select", [{"tags": value} for value in (5, True, {"a": None})], **own),
        ]
    ],
]


@pytest.mark.parametrize("module", sorted({row[0] for row in ROWS}))
def test_refused_by_name_and_unsent(cloud: Cloud, module: str) -> None:
    for name, options, words, _index in ROWS:
        if name != module:
            continue
        own = {"priority": 9, **OPTIONS[cloud.provider]} if module == "batch_job" else {}
        result = cloud.run(module, **{**own, **options})
        assert (result["rc"], result.get("failed"), result.get("changed", False)) == (1, True, False), (options, result)
        assert words in result["msg"], (options, result["msg"])
        assert "Traceback" not in result["msg"] + str(result.get("exception", "")), (options, result)
    assert cloud.operations() == []


@pytest.mark.parametrize(
    ("option", "value", "span"),
    [
        ("request_timeout", "2h", "0.1 or more, and at most 3600 seconds (1h), got: "),
        ("retry_deadline", float("inf"), "0 or more, and at most 86400 seconds (1d), got: "),
    ],
)
def test_the_range_is_named(cloud: Cloud, option: str, value: t.Any, span: str) -> None:
    result = cloud.run("batch_job_priority", **PRIORITY, **{option: value})
    assert (result["rc"], result["error"]["kind"]) == (1, "invalid")
    assert result["msg"].startswith(f"value of {option} must be ") and span in result["msg"]


def test_what_stands_for_the_same_is_taken(cloud: Cloud) -> None:
    """Text of digits is what Jinja makes of a number, and the numbers of a module are such numbers."""
    cloud.seed(priority=10)
    limits = {"concurrency": "3", "max_attempts": 4, "request_timeout": "1m", "retry_deadline": "0"}
    assert cloud.prioritize(20, **limits)["rc"] == 0
    rules = [{"name": 7, "match": {"job_ids": JOB_ID, "max_age": "3650d"}, "delta": "-5"}]
    result = cloud.run("batch_queue", rules=rules, spacing="5", min_delta="1", max_updates="1")
    assert (result["rc"], cloud.priority_of()) == (0, 15), result
    select = '{"job_ids": ["' + cloud.names.encode(JOB_ID, "job_id") + '"]}'
    assert cloud.run("batch_job_priority", select=select, priority=9)["rc"] == 0
    assert cloud.wait([JOB_ID], status=["Active"], timeout="365d", interval="1d")["rc"] == 0
    assert cloud.run("batch_job_status", job_id=JOB_ID, status="cancelled", reason=5, wait_timeout="365d")["rc"] == 0


def test_a_job_is_never_called_true(cloud: Cloud) -> None:
    """On COS and OSS any text is an id, so what AnsibleModule makes of true would be one, too."""
    cloud.seed({"job_id": "True", "priority": 1, "status": "Ready"}) if cloud.provider == "cos" else None
    for value in (True, "True"):
        result = cloud.prioritize(5, value)
        taken = value == "True" and cloud.provider == "cos"
        assert (result["rc"], result["changed"]) == (int(not taken), taken)


def test_digits_in_quotes_are_an_id(cloud: Cloud) -> None:
    """YAML reads 0123456 as 42798, so a number is no id; in quotes it is what it looks like."""
    cloud.seed({"job_id": "0123456", "priority": 1, "status": "Ready"})
    result = cloud.prioritize(5, 42798)
    assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", [])
    assert "value of job_id must be text, got: 42798. Put an ID that is a number in quotes." in result["msg"]
    assert cloud.prioritize(5, "0123456")["changed"] is True


@pytest.mark.parametrize("option", ["secret_key", "session_token"])
@pytest.mark.parametrize("value", [True, 1.5, {"hidden-hidden": 1}, ["hidden-hidden"]], ids=str)
def test_secrets_of_a_wrong_type_are_not_shown(cloud: Cloud, option: str, value: t.Any) -> None:
    result = cloud.prioritize(5, **{option: value})
    assert (result["rc"], cloud.operations()) == (1, [])
    assert option in result["msg"] and "hidden-hidden" not in result["msg"]


@pytest.mark.parametrize(
    "state",
    [
        {"watch": 5},
        {"watch": {"no_such": 1}},
        {"watch": {"shown": 5}},
        {"watch": {"samples": {"a": 5}}},
        {"watch": {"spoken": "x"}},
        {"memory": 5},
        {"memory": {"no_such": 1}},
        {"memory": {"due": "soon"}},
        {"memory": {"statuses": [1]}},
        {"calls": 5},
        {"calls": {"sent": 5}},
        {"calls": {"retried": "x"}},
        {"elapsed": "x"},
        {"elapsed": float("inf")},
        {"label": 5},
        {"job_ids": 5},
        {"job_ids": [5]},
        {"no_such": 1},
    ],
    ids=str,
)
def test_a_state_of_a_wait_that_is_none(cloud: Cloud, state: dict[str, t.Any]) -> None:
    """Nobody but the action plugin sets it, and whoever does gets a sentence."""
    cloud.seed()
    result = cloud.wait([JOB_ID], _watch=state)
    assert (result["rc"], result["error"]["kind"], cloud.operations()) == (1, "invalid", []), result
    assert result["msg"].startswith("value of _watch must be a state that the action plugin has passed, got: ")
