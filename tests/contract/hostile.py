# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile values: for each module, changes of a good task that have to be refused before any request is sent.

A change is a dictionary of options laid over the good ones. All are made from lists by kind of value, so that a value
that one option was once tripped by is tried on every option of its kind.
"""

from __future__ import annotations

import typing as t

from .clouds import JOB_ID

if t.TYPE_CHECKING:
    from collections.abc import Iterator

Change = dict[str, t.Any]

UNPRINTABLE = ["\x00", "a\x00b", "a\x1bb", "a\x7fb", "line\nbreak", "line\rbreak", "tab\tbed", "\ud800"]
"""No field of a job can hold these."""
UNWRITABLE = ["\x00", "a\x00b", "a\x1bb", "\ud800", "\ufffe"]
"""No XML can hold these."""
LONG = "a" * 100_000
IDS = [
    *[
        "%2e%2e%2f",
        "a%2Fbcde",
        "abc?d=e",
        "abc#de",
        "abc;de",
        "abc&de",
        "abc=de",
        "abc+de",
        "\uff41\uff42\uff43\uff44\uff45",
        "\u0661" * 5,
    ],
    *["ab.cde", "ab:cde", "ab,cde", "{{ abcde }}", "<abcde>", "'abcde'"],
    "",
    " ",
    ".",
    "..",
    "a b",
    " abcde",
    "abcde\n",
    "ab/../cd",
    "a" * 65,
    LONG,
    "jöb-12345",
    "job\u202e-1",
    *UNPRINTABLE,
]
PRIORITIES: list[t.Any] = [
    *[-1, 2147483648, 2**63, 10**400, -(10**400), 1.0, 1.5, -0.0, True, False, [], [1], {}, {"a": 1}],
    *[
        "",
        " ",
        "-1",
        "+1",
        "1.0",
        "1e3",
        "0x10",
        "010",
        "1_000",
        " 5",
        "5 ",
        "5\n",
        "\u0665",
        "\u00b2",
        "\uff11",
        "ten",
    ],
    *["2147483648", "9" * 400, "NaN", "inf", "yes", "None", "null", "[]", "1;2", "1\x00"],
]
TEXTS: list[t.Any] = [True, False, 1.5, float("inf"), float("nan"), [], ["x"], {}, {"a": 1}]
"""No text is among these, whatever AnsibleModule makes of them."""
IDS_OF_ANOTHER_TYPE: list[t.Any] = [*TEXTS, 5, 12345678]
ENDLESS: list[t.Any] = [float("inf"), float("-inf"), float("nan"), 1e300, 10**400, 1e10, -1, "9999d"]
NUMBERS: list[t.Any] = ["nan", "-1", "-.5", "abc", "", "1e", "--1", [], {}, [1], "1,5", "1 s", "\u0665x", "\x00"]
"""Refused as seconds and as ratios."""
INTEGERS: list[t.Any] = [
    *["nan", "inf", "-1", "abc", "", "1.5", 1.5, [], {}, "0x1", "1;2", "\x00", -(10**30), 10**30],
    *[True, False, "yes", "1e1", "1_0", "+1", float("inf"), float("nan"), [1], {"a": 1}],
]
BOOLEANS: list[t.Any] = ["maybe", "", "2", 7, [], {}, "\x00", "truee", "jein", -1]
WORDS: list[t.Any] = ["", "Any", "all ", "*", "..", 1, True, [], {}, ["x"], "a\nb", "\x00", "\u202e", LONG]
"""No choice is among these."""
DICTIONARIES: list[t.Any] = ["x", 1, True, ["a"], [{}], "[1]", "{", "a=b=c ,", "\x00", 1.5]
LISTS: list[t.Any] = [{"a": "b"}, {}]
DURATIONS: list[t.Any] = [
    "",
    "1",
    "1x",
    "-1h",
    "1h-",
    "h",
    "1.5h",
    "1 h",
    "1d\n",
    "\u0665h",
    "9" * 30 + "d",
    "\x00",
    "P1D",
]
PATTERNS: list[t.Any] = [
    *["", "(", ")", "[", "*", "+a", "a**", "(?P<a>", "(?z)", "\\", "a{2,1}", "(?<=a+)b", "[z-a]", "(?P=x)", "\\1"],
    *["a{99999999999}", "(" * 6000, "(" * 6000 + ")" * 6000, "(" * 480 + ")" * 480, "a" * 1001, LONG],
]
URLS: list[t.Any] = [
    *[
        "ftp://127.0.0.1",
        "127.0.0.1",
        "http://",
        "http:///x",
        "https://[::1",
        "http://127.0.0.1:0",
        "http://127.0.0.1:65536",
    ],
    *[
        "http://127.0.0.1:x",
        "http://user:hush-hush-hush@127.0.0.1",
        "http://127.0.0.1/?q=1",
        "http://127.0.0.1/#f",
        "//127.0.0.1",
    ],
    *[
        "http://127.0.0.1\\@x",
        "http://127.0.0.1 ",
        "http://127.0.0.1\n",
        "http://127.0.0.1\x00",
        "javascript:alert(1)",
        "file:///",
    ],
    *[
        "http://a b",
        "http://[::1",
        "http://127.0.0.1:-1",
        "https://",
        "ws://127.0.0.1",
        "http://127.0.0.1:80:80",
        "http://@",
        "?",
    ],
    *["http://127.0.0.1/\r\nHost: x", "http:/127.0.0.1", "http//127.0.0.1", "x" * 5000],
]
KEYS: list[str] = [
    *["tab\tbed", "del\x7f", "nbsp\xa0", "\u2028", "ключ", "\U0001f511", "\ud800"],
    *[
        "two words",
        " lead",
        "trail ",
        "line\nbreak",
        "line\r\nX-Evil: 1",
        "nul\x00",
        "esc\x1b",
        "schl\u00fcssel",
        "\u202ekey",
    ],
]
REGIONS: list[t.Any] = [
    *[
        "../x",
        "eu central 1",
        "EU-CENTRAL-1",
        "eu_central_1",
        "eu-central-1.evil",
        "eu-central-1/",
        "eu-central-1\n",
        "-",
        "a" * 5000,
    ],
    *["eu-central-1?x", "eu-central-1#", "eu-central-1@x", "\u0435u-central-1", "eu-central-1\x00", ".", "%2e"],
]
ACCOUNTS: list[t.Any] = [
    "1",
    "abc",
    "-1",
    "11112222333x",
    "1111 2222 3333",
    "1" * 40,
    "\u0661" * 12,
    "1111-2222-3333",
    "\x00",
    "111122223333\n",
]

CONNECTION: dict[str, list[t.Any]] = {
    "account_id": ACCOUNTS,
    "region": REGIONS,
    "endpoint_url": URLS,
    "secret_key": KEYS,
    "access_key": KEYS,
    "session_token": KEYS,
    "request_timeout": [*NUMBERS, *ENDLESS, 0, "0.01"],
    "retry_deadline": [*NUMBERS, *ENDLESS],
    "max_attempts": [*INTEGERS, 0],
    "concurrency": [*INTEGERS, 0],
    "validate_certs": BOOLEANS,
    "ca_bundle": ["/no/such/file.pem", "no-such.pem", "\x00"],
    "assume_role_arn": ["x", "arn:aws:iam::1:role/x", "arn:aws:iam::111122223333:user/x", "a" * 5000, "\x00", "\u202e"],
    "assume_role_external_id": ["x", "of/the:trust"],  # without a role
    "assume_role_session_name": ["x", "night"],
    "classes": ["x", [1], {"": 1}, {"a b": 1}, {"1": 1}, {"a": -1}, {"a": "x"}, {"a": True}, {"\x00": 1}, {"a": None}],
    "provider": ["", "AWS", "gcs", "aws ", "../aws", 1, [], {}, "\x00"],
}
"""Refused in every module."""

COMMON: list[Change] = [
    *[{option: value} for option, values in CONNECTION.items() for value in values],
    {"profile": "somebody"},  # beside keys
    {"secret_key": None},
    {"access_key": None},
    {"no_such_option": 1},
]

SELECTOR: dict[str, list[t.Any]] = {
    "job_ids": ["", [], [""], {"a": 1}, ["a b"], [[]], 5, True, [None], [True], [5]],
    "statuses": ["", [], ["Complete"], ["active"], ["Active", "x"], {"a": 1}, 7, [None], [True], [5]],
    "operations": ["", [], {"a": 1}, 5.5, True, [None], [True], [{}]],
    "description": PATTERNS,
    "min_age": DURATIONS,
    "max_age": DURATIONS,
    "min_priority": PRIORITIES,
    "max_priority": PRIORITIES,
    "tags": [[], {}, "x", {"a": ["b"]}, {"a": {}}, 1, {"a": None}, {"a": True}],
    "no_such_key": [1],
}
SELECTORS: list[t.Any] = [
    *[{key: value} for key, values in SELECTOR.items() for value in values],
    {"min_priority": 5, "max_priority": 4},
]


def on(option: str, values: list[t.Any], **beside: t.Any) -> Iterator[Change]:
    """Yield a change for each value of an option."""
    for value in values:
        yield {option: value, **beside}


def priority() -> Iterator[Change]:
    """Changes of a batch_job_priority task about one job."""
    yield from on("job_id", [*IDS, *IDS_OF_ANOTHER_TYPE])
    yield from on("priority", PRIORITIES)
    yield from on("expect_current", PRIORITIES)
    for option in ("direction", "when_ended", "on_error"):
        yield from on(option, WORDS)
    listed: Change = {"job_id": None, "priority": None}
    yield from on("jobs", [*LISTS, ["x"], [1], [{}], [{"job_id": JOB_ID}], [{"priority": 1}], "x"], **listed)
    ids = [*IDS, *IDS_OF_ANOTHER_TYPE, None]
    yield from on("jobs", [[{"job_id": value, "priority": 1}] for value in ids], **listed)
    yield from on("jobs", [[{"job_id": JOB_ID, "priority": value}] for value in PRIORITIES], **listed)
    yield {"jobs": [{"job_id": JOB_ID, "priority": 1}, {"job_id": JOB_ID, "priority": 2}], **listed}


def status() -> Iterator[Change]:
    """Changes of a batch_job_status task."""
    yield from on("job_id", [*IDS, *IDS_OF_ANOTHER_TYPE])
    yield from on("status", [*WORDS, "Active", "Paused", "Ready", "complete", "cancel"])
    yield from on("reason", [*UNPRINTABLE, "a" * 257, LONG, *[f"a{chr(code)}b" for code in range(32)]])
    yield from on("wait", BOOLEANS)
    yield from on("wait_timeout", [*NUMBERS, *ENDLESS])


def chain() -> Iterator[Change]:
    """Changes of a batch_job_chain task."""
    ids = [*IDS, *IDS_OF_ANOTHER_TYPE, None]
    texts = [{"description": value, "max_age": "1d"} for value in PATTERNS]
    keys = [{"description": "a"}, {"max_age": "1d"}, {"statuses": ["Ready"], "max_age": "1d"}, {"tags": {}}, {"": ""}]
    for value in [*ids, *texts, *keys, [], JOB_ID]:
        yield {"links": [{"job": value, "after": [JOB_ID]}]}
    for value in [*ids, *texts, *keys, [], "job-b"]:
        yield {"links": [{"job": "job-b", "after": [value]}]}
    link = {"job": "job-b", "after": [JOB_ID]}
    yield from on("links", ["", "x", [], {}, 5, [5], [None], [[]], [{}], [{"job": "job-b"}], [{"after": [JOB_ID]}]])
    yield from on("links", [[{**link, "after": value}] for value in ("", [], [None], {}, 5, [JOB_ID, JOB_ID])])
    yield from on("links", [[link, link], [link, {"job": JOB_ID, "after": ["job-b"]}], [{**link, "other": 1}]])
    yield from on("links", [[{**link, "accept": value}] for value in [*WORDS, "partial", "Complete", "all"]])
    limits = [*NUMBERS, -1, 1.5, True, "1 %", "101%", "%", "", [], {}, 10**30, "9" * 30]
    yield from on("links", [[{**link, "accept": "partial", "max_failed": value}] for value in limits])
    yield from on("links", [[{**link, "max_failed": value}] for value in (0, "1%", "")])
    yield from on("on_failure", WORDS)
    yield from on("reason", [*UNPRINTABLE, "a" * 257, LONG])
    yield from on("wait", BOOLEANS)
    for option in ("wait_timeout", "interval"):
        yield from on(option, [*NUMBERS, *ENDLESS])
    yield from on("_watch", [{"a": 1}, {"elapsed": -1}, {"calls": 5}, {"confirmed": [1]}])


def tags() -> Iterator[Change]:
    """Changes of a batch_job_tags task."""
    yield from on("job_id", [*IDS, *IDS_OF_ANOTHER_TYPE])
    signs = [f"a{chr(code)}b" for code in range(32)]
    yield from on("tags", [{value: "v"} for value in (*UNPRINTABLE, "", "k" * 129, LONG, "aws:k", "<b>", *signs)])
    yield from on(
        "tags", [{"k": value} for value in (*UNPRINTABLE, "v" * 257, LONG, 1, 1.5, True, None, [], {}, *signs)]
    )
    yield from on("purge_tags", BOOLEANS)


def wait() -> Iterator[Change]:
    """Changes of a batch_job_wait task."""
    yield from on("job_id", [*[[value] for value in IDS], *[[JOB_ID, value] for value in IDS], [], {}])
    yield from on("status", [*WORDS[:4], ["Active", "active"], ["x"], [""], [1]])
    for option in ("suspended", "on_error"):
        yield from on(option, WORDS)
    for option in ("timeout", "interval", "max_interval"):
        yield from on(option, [*NUMBERS, *ENDLESS])
    yield from on("max_failed_tasks", INTEGERS)
    yield from on("max_failed_ratio", [*NUMBERS, 1.5, "2", True, float("inf"), float("nan")])
    yield from on("progress", BOOLEANS)


def info() -> Iterator[Change]:
    """Changes of a batch_job_info task."""
    yield from on("job_id", [[value] for value in IDS])
    yield from on("statuses", [["x"], ["active"], [""], ["Live"], [1]])
    yield from on("description", PATTERNS)
    for option in ("min_priority", "max_priority"):
        yield from on(option, PRIORITIES)
    yield from on("tags", BOOLEANS)
    yield {"min_priority": 5, "max_priority": 4}


def queue() -> Iterator[Change]:
    """Changes of a batch_queue task that declares an order."""
    yield from on(
        "order", [{"a": "b"}, [], [1], [[]], [None], [True], [JOB_ID, JOB_ID], [{"tier": []}], [{"tier": [1]}]]
    )
    yield from on("order", [[value] for value in IDS])
    yield from on("order", [[value] for value in SELECTORS])
    yield from on("protect", [[value] for value in SELECTORS])
    rules: list[t.Any] = [
        [],
        [1],
        ["x"],
        [{}],
        [{"match": {}}],
        [{"match": {"statuses": ["Active"]}}],
        [{"priority": 1, "delta": 1}],
    ]
    yield from on("rules", rules, order=None)
    for selector in SELECTORS:
        yield {"rules": [{"match": selector, "priority": 1}], "order": None}
    match = {"statuses": ["Active"]}
    yield from on("rules", [[{"match": match, "priority": value}] for value in PRIORITIES], order=None)
    yield from on("rules", [[{"match": match, "class": value}] for value in ["", "Urgent", "x", "\x00"]], order=None)
    for value in DURATIONS:
        yield {"rules": [{"match": match, "priority": 1, "escalate": [{"after": value, "to": 2}]}], "order": None}
    for option in ("direction", "when_ended", "on_error", "out_of_bounds", "unlisted"):
        yield from on(option, WORDS)
    for option in ("min_priority", "max_priority"):
        yield from on(option, PRIORITIES)
    for option in ("spacing", "min_delta", "max_updates"):
        yield from on(option, INTEGERS)
    for option in ("unmatched", "approval_mode"):
        yield from on(option, WORDS)
    move = {"job_id": JOB_ID, "from": 1, "to": 2}
    yield from on("approved", ["x", 7, {}, ["x"], [{}], [{"job_id": JOB_ID}], [move, move], [{**move, "by": "me"}]])
    ids = [*IDS, *IDS_OF_ANOTHER_TYPE, None]
    yield from on("approved", [[{**move, "job_id": value}] for value in ids])
    yield from on("rules", [[{"match": match, "delta": value}] for value in INTEGERS if value != "-1"], order=None)
    for name in ("from", "to"):
        yield from on("approved", [[{**move, name: value}] for value in PRIORITIES])
    yield from on("expect_plan", ["x", "a" * 63, "A" * 64, "a" * 64 + "\n", "\x00", LONG])


def create() -> Iterator[Change]:
    """Changes of a batch_job task."""
    yield from on(
        "operation", [*DICTIONARIES, {}, {"A": {}, "B": {}}, {"S3PutObjectCopy": "x"}, {"S3PutObjectCopy": [1]}]
    )
    yield from on("operation", [{name: {}} for name in ["", " ", "a b", "<x>", "a\x00", "1a", "x/y", "\u202e"]])
    yield from on("operation", [{"S3PutObjectCopy": {"TargetResource": value}} for value in UNWRITABLE])
    yield from on("operation", [{"S3PutObjectCopy": {name: 1}} for name in ["", "<x>", "a b", "&", "a\x00"]])
    yield from on("manifest", [*DICTIONARIES, {}, {"etag": "x"}])
    yield from on(
        "role_arn", ["", "x", "arn:aws:iam::1:role/x", "arn:aws:iam::111122223333:user/x", LONG, *UNPRINTABLE]
    )
    yield from on("priority", PRIORITIES)
    yield from on("description", [*UNPRINTABLE, "a" * 257, LONG])
    yield from on("confirmation_required", BOOLEANS)
    yield from on("tags", [value for value in DICTIONARIES if value != "a=b=c ,"])
    yield from on("tags", [{"": "x"}, {"a": ["x"]}, {"a": {}}, {"a" * 129: "x"}, {"a": "x" * 257}])
    yield from on("tags", [{"a": value} for value in [*UNWRITABLE, 7, True, None]])
    yield from on("client_request_token", ["", " ", "a b", "a" * 65, "\u00e4", *UNPRINTABLE])
    yield from on("report", [*DICTIONARIES, {"enabled": True}, {"bucket": ""}, {"bucket": "x"}, {"scope": "x"}])
    yield {"manifest": None}


HUGE = "a" * 10_000_000
KEYS_OF_OBJECTS: list[t.Any] = [
    *["/../x", "a/../b", "..", ".", "./a", "a/..", "a/./b", "x" * 1025, "\ud800", LONG],
    *["", " ", "\t", "line\nbreak", "line\r\nbreak", "nul\x00", "a\x7f", "\u202ekey", "\u2028", True, [], {}, ["x"]],
]
"""No URL can ask for these, or nobody means them."""
BUCKETS: list[t.Any] = [
    *[
        "",
        " ",
        "ab",
        "-x-",
        "a b",
        "a/b",
        "a/",
        "/a",
        "..",
        "../x",
        "a?x=1",
        "a#b",
        "a%2Fb",
        "b\u00fccket",
        "\u202eabc",
    ],
    *[
        "http://127.0.0.1",
        "https://bucket.example/x",
        "s3://bucket",
        "line\nbreak",
        "abc\n",
        "nul\x00",
        "abc\x00",
        "\ud800",
    ],
    *["arn:aws:s3:::", "arn:aws:s3", "arn:", "arn:aws:s3:::/key", "qcs:", "qcs::cos:ap-guangzhou:uid/1250000000:"],
    *["oss://", "acs:oss:*:*:", LONG, HUGE, True, False, 5, [], {}, ["bucket-1"], {"name": "bucket-1"}],
]
"""Not the name of a bucket, nor what a cloud calls one."""
PREFIXES: list[t.Any] = [
    *[value for value in KEYS_OF_OBJECTS if value != "/../x"],
    *["/", "//", " / ", "///", "../x", "s3://bucket/x", "http://127.0.0.1/x", "x/\n", HUGE, "x" * 1000],
]
CODES: list[t.Any] = [
    *[
        [""],
        [" "],
        ["a", ""],
        [None],
        [{}],
        [[]],
        [1],
        [True],
        [1.5],
        ["a", None],
        ["a", ["b"]],
        {"a": 1},
        [LONG],
        [HUGE],
    ],
]
"""Lists that hold something else than codes."""
LOCATIONS: list[t.Any] = [
    *DICTIONARIES,
    *[{}, {"prefix": "x"}, {"bucket": ""}, {"bucket": "bbb", "scope": "x"}, {"bucket": "bbb", "no_such": 1}],
    *[{"bucket": "bbb", "manifest": value} for value in KEYS_OF_OBJECTS],
    *[{"bucket": "bbb", "prefix": value} for value in [*KEYS_OF_OBJECTS, HUGE]],
    *[{"bucket": "bbb", "scope": value} for value in ["", "all", "AllTasks ", 1, [], True, "\x00"]],
    *[{"bucket": value, "prefix": "x"} for value in BUCKETS],
    *[5, 5.5, False, [[]], "bucket"],
]


def report() -> Iterator[Change]:
    """Changes of a task about the report of a job."""
    yield from on("job_id", IDS)
    yield from on("location", LOCATIONS)
    yield from on("location", [{"bucket": "bbb", "prefix": "x"}], job_id="")
    yield from on("wait_for_report", [*NUMBERS, 86401, "2d"])
    yield from on("columns", [[], ["x"], ["Key"], ["TaskStatus"], ["Bucket", "VersionId"], ["\x00"], *CODES])
    yield from on("columns", [["Key", "TaskStatus", value] for value in ["", None, 1, True, [], {}]])
    yield from on("benign", CODES)
    yield {"job_id": None}
    yield {"job_id": None, "location": {"bucket": "b"}}


def report_info() -> Iterator[Change]:
    """Changes of a batch_job_report_info task."""
    yield from report()
    yield from on("limit", [*INTEGERS, 10_001, 2**63])
    yield from on(
        "checksums", [{}, [], "", "x", 7, True, {"path": None}, {"expected": ""}, {"format": "csv"}, {"odd": 1}]
    )
    for path in (
        "",
        "x",
        "\x00",
        "/",
        "/\x00",
        f"/{'x' * 5000}",
        f"/{'x/' * 5000}y",
        "/\u202e\n",
        "{{ x }}",
        7,
        [],
        {},
    ):
        yield {"checksums": {"path": path}}
        yield {"checksums": {"expected": path}}
    for bucket in BUCKETS:
        yield {"checksums": {"bucket": bucket, "limit": -1}}
    for prefix in PREFIXES:
        yield {"checksums": {"bucket": "reports-1250000000", "prefix": prefix}}
    for limit in [*INTEGERS, 10_001, 2**63]:
        yield {"checksums": {"bucket": "reports-1250000000", "limit": limit}}


def retry_manifest() -> Iterator[Change]:
    """Changes of a batch_retry_manifest task."""
    yield from report()
    yield from on("tasks", WORDS)
    yield from on("retry_class", [[], ["maybe"], ["Retryable"], ["retryable", "x"], *CODES])
    for option in ("include", "exclude"):
        yield from on(option, [[], *CODES])
    yield {"include": ["X"], "exclude": ["X", "Y"]}
    yield from on("manifest_bucket", BUCKETS)
    yield from on("manifest_prefix", PREFIXES)


REFERENCE = {"object_arn": "x"}
FILTERS: list[t.Any] = [
    *DICTIONARIES,
    *[{}, {"no_such": 1}, {"prefix": ""}, {"suffix": ""}, {"prefix": True}, {"suffix": []}, {"prefix": "a" * 2000}],
    *[{"prefix": None}, {"min_size": None, "suffix": None}, {"prefix": "\ud800"}],
]
LISTED_FILTERS: list[t.Any] = [
    *[{name: value} for name in ("min_size", "max_size") for value in [*INTEGERS, 2**63]],
    *[{name: value} for name in ("older_than", "newer_than") for value in [*DURATIONS, True, 1.5, [], {}]],
    *[
        {"storage_class": value}
        for value in [[""], [], [" "], ["a b"], ["\x00"], [1.5], [None], [[]], {"a": 1}, [LONG]]
    ],
]


def make_manifest() -> Iterator[Change]:
    """Changes of a batch_manifest task with keys."""
    none: Change = {"keys": None, "source_bucket": None}
    yield from on("keys", [[], [""], ["a", ""], [None], [[]], [{}], [True], [1.5], {"a": 1}, ["a\x00"], ["x" * 1025]])
    yield from on("source_bucket", [*BUCKETS, None])
    yield from on("manifest_bucket", [*BUCKETS, None])
    yield from on("manifest_prefix", [value for value in PREFIXES if value != "x" * 1000])
    yield from on("filter", FILTERS)
    yield from on("filter", LISTED_FILTERS)  # keys have none of these
    listing = {"bucket": "bbb"}
    yield from on("filter", LISTED_FILTERS, listing=listing, **none)
    yield from on("listing", [*DICTIONARIES, {}, {"prefix": "x"}, {"bucket": "bbb", "no_such": 1}], **none)
    yield from on("listing", [{"bucket": value} for value in [*BUCKETS, None]], **none)
    prefixes: list[t.Any] = ["", True, [], {}, 1.5, "x" * 1025, LONG, "\ud800"]
    yield from on("listing", [{**listing, "prefix": value} for value in prefixes], **none)
    yield from on("listing", [{**listing, "versions": value} for value in [*BOOLEANS, True]], **none)
    files: list[t.Any] = ["", " ", "x", "./x", "../x", "~no-such-user/x", "http://127.0.0.1/x", "/a\nb", "/a\x00", LONG]
    yield from on("file", [*files, "/no/such/file", "/", "/dev/null", True, 1.5, [], {}, ["/x"]], **none)
    fields = [[], ["Key"], ["Bucket"], ["Bucket", "Key", "Key"], ["bucket", "key"], [""], [1], {"a": 1}, [None], [[]]]
    yield from on("file_fields", fields, file="/no/such/file", **none)
    for option in ("file_header", "file_encoding"):
        yield from on(option, WORDS, file="/no/such/file", **none)
    yield from on("file_header", ["skip"])
    manifests: list[t.Any] = [*DICTIONARIES, {}, {"etag": "x"}, REFERENCE, {"object_arn": "arn:aws:s3:::/"}]
    yield from on("manifest", [*manifests, {"object_arn": ""}, {"object_arn": None}, {"object_arn": LONG}], **none)
    yield from on("sample", [*INTEGERS, 0])
    yield from on("split_count", [*INTEGERS, 0, None], split_by="count")
    yield from on("split_by", WORDS)
    yield from on("split_count", [5])
    yield from on("versions", [*BOOLEANS, True])
    yield {"listing": listing}
    yield none


def manifest_info() -> Iterator[Change]:
    """Changes of a batch_manifest_info task; no value of it names a manifest that exists."""
    manifests: list[t.Any] = [*DICTIONARIES, {}, None, {"etag": "x"}, {"object_arn": "arn:aws:s3:::/"}]
    yield from on("manifest", [*manifests, {"object_arn": ""}, {"object_arn": None}, {"object_arn": LONG}])
    yield from on("objects", [*[value for value in INTEGERS if value is not None], -1, 10001])
    yield from on("operation", [*DICTIONARIES, {}, {"a": {}, "b": {}}])
    yield from on("expected_bucket", [[], [""], [None], [[]], [{}], [LONG], ["a\x00"], {"a": 1}])
    yield from on("fail_on", [[], [""], [None], [[]], [{}], ["no_such"], {"a": 1}])
    yield from on("price_table", [*WORDS, "aws-2000-01"])
    yield from on("prices", [*DICTIONARIES, {}, {"per_job": "1"}, {"currency": "USD"}])
    amounts: list[t.Any] = ["", " ", "-1", "1e9", "nan", "inf", True, [], {}, LONG, "\ud800"]
    yield from on("prices", [{"currency": "USD", "per_job": value} for value in amounts])


def selected() -> Iterator[Change]:
    """Changes of a task that selects its jobs."""
    for value in [*SELECTORS, {}, "", [], ["x"], 7, {"description": None}]:
        yield {"select": value, "job_id": None}
    yield {"select": {"statuses": ["Active"]}}  # beside an id
    for word in WORDS:
        yield {"select": {"statuses": ["Active"]}, "matches": word, "job_id": None}


SELECTING = ("batch_job_priority", "batch_job_status", "batch_job_wait", "batch_job_info")
CHANGES: dict[str, t.Callable[[], Iterator[Change]]] = {
    "batch_job_priority": priority,
    "batch_job_status": status,
    "batch_job_chain": chain,
    "batch_job_tags": tags,
    "batch_job_wait": wait,
    "batch_job_info": info,
    "batch_queue": queue,
    "batch_job": create,
    "batch_job_report_info": report_info,
    "batch_retry_manifest": retry_manifest,
    "batch_manifest": make_manifest,
    "batch_manifest_info": manifest_info,
}


def changes(module: str) -> list[Change]:
    """Return everything that a module must refuse."""
    return [*COMMON, *CHANGES[module](), *(selected() if module in SELECTING else ())]
