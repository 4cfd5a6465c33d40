# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of reports, sorted lines, and the lines of written files, also with hostile keys."""

from __future__ import annotations

import csv
import io
import itertools
import json

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._checksums.checksum_records import (
    COLUMNS,
    EXPECTED,
    FOUND,
    Record,
    decoded_key,
    head,
    output_line,
    parse_message,
    record_of,
    sort_line,
    version_of,
)
from ansible_collections.objectstore.batch.plugins.module_utils._checksums.checksum_values import ChecksumError

KEYS = [
    "a",
    "a\tb",
    "a\\tb",
    "a\nb",
    "a\r\nb",
    "\\",
    'q"q',
    "a,b",
    " ",
    "é",
    "\u202e",
    "\udcff",
    "=1+1",
    "#",
    "\x1f",
    "\x00",
]
SAMPLE = (
    '{"checksum_base64":"bS9TOQ\\u003d\\u003d","etag":"3c3c1813042989094598e4b57ecbdc82","checksumAlgorithm":"CRC32",'
    '"checksumType":"FULL_OBJECT","checksum_hex":"6D2F5339"}'
)


def record(key="a", bucket="archive", version="", value="6d2f5339"):
    return Record(bucket, key, version, "CRC32", "FULL_OBJECT", value)


def test_the_sample_of_the_documents():
    assert parse_message(SAMPLE) == ("CRC32", "FULL_OBJECT", "6d2f5339")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"checksum_hex": None}, ("CRC32", "FULL_OBJECT", "6d2f5339")),
        ({"checksum_base64": None}, ("CRC32", "FULL_OBJECT", "6d2f5339")),
        ({"checksumType": None}, ("CRC32", "", "6d2f5339")),
        ({"checksum_base64": "bS9TOQ==-3", "checksum_hex": "6D2F5339-3"}, ("CRC32", "FULL_OBJECT", "6d2f5339-3")),
        ({"checksumAlgorithm": "NEW"}, ("NEW", "FULL_OBJECT", "bS9TOQ==")),
        ({"checksum_hex": "00000000"}, "differ"),
        ({"checksum_base64": "bS9TOQ==-3"}, "differ"),
        ({"checksum_base64": None, "checksum_hex": None}, "no checksum_base64"),
        ({"checksum_base64": 1}, "is not text"),
        ({"checksumAlgorithm": None}, "a name such as"),
        ({"checksumAlgorithm": []}, "is not text"),
        ({"checksumAlgorithm": "SHA256"}, "must be 32 bytes"),
    ],
)
def test_messages(changes, found):
    content = {name: value for name, value in {**json.loads(SAMPLE), **changes}.items() if value is not None}
    if isinstance(found, tuple):
        assert parse_message(json.dumps(content)) == found
    else:
        with pytest.raises(ChecksumError, match=found):
            parse_message(json.dumps(content))


@pytest.mark.parametrize("text", ["", "Successful", "[]", '"x"', "null", "1", "{", "[" * 100_000, "9" * 10_000, "{}"])
def test_messages_without_a_checksum(text):
    with pytest.raises(ChecksumError):
        parse_message(text)


@pytest.mark.parametrize("key", KEYS)
def test_a_record_survives_every_form(key):
    for place in ({"key": key}, {"bucket": key}, {"version": key}):
        made = record(**place)
        line = sort_line(made, FOUND)
        assert (line.count(b"\n"), line.endswith(b"\n"), line.count(b"\t")) == (1, True, 6)
        assert record_of(line) == made
        [row] = (
            csv.reader(io.StringIO(output_line(made, "csv").decode("utf-8", "surrogateescape"), newline=""))
            if "\x00" not in key
            else [[*made[:5], "bS9TOQ=="]]
        )
        assert row == [*made[:5], "bS9TOQ=="]
        assert json.loads(output_line(made, "jsonl")) == {name: row[number] for number, name in enumerate(COLUMNS)}


def test_lines_of_one_object_stand_together():
    records = (
        [record(key) for key in KEYS] + [record(key + "\x00") for key in KEYS] + [record(key + "!") for key in KEYS]
    )
    lines = sorted(sort_line(made, side) for made in records for side in (EXPECTED, FOUND))
    identities = [line.rsplit(b"\t", 3)[0] for line in lines]
    groups = [identity for identity, _lines in itertools.groupby(identities)]
    assert len(groups) == len(set(identities)) == len(records)
    assert identities[::2] == identities[1::2]


def test_keys_and_versions():
    assert [decoded_key(key) for key in ("a", "a%2Cb", "a+b", "%252C", "%ff", "%zz")] == [
        "a",
        "a,b",
        "a+b",
        "%2C",
        "\udcff",
        "%zz",
    ]
    assert [version_of(text) for text in ("", "\\N", "null", "v")] == ["", "", "null", "v"]
    assert (head("csv"), head("jsonl")) == (b"bucket,key,version_id,algorithm,type,value\n", b"")
