# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of expected values: both formats, and the row that makes a file unusable."""

from __future__ import annotations

import io

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._checksums.checksum_records import (
    Record,
    head,
    output_line,
)
from ansible_collections.objectstore.batch.plugins.module_utils._checksums.expected_checksums import records
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import OptionError

HEAD = "bucket,key,algorithm,value\n"
ROW = "archive,a,crc32,bS9TOQ==\n"
FOUND = Record("archive", "a", "", "CRC32", "", "6d2f5339")


def read(text):
    return list(records(iter(io.StringIO(text, newline="")), "/e"))


@pytest.mark.parametrize(
    "text",
    [
        HEAD + ROW,
        "\n\r\n" + HEAD + "\n" + ROW + "\n",
        "value,version_id,key,type,bucket,algorithm\r\n6D2F5339,\\N,a,,archive,CRC-32\r\n",
        '{"bucket": "archive", "key": "a", "algorithm": "CRC32", "value": "6D2F5339"}',
        '\n {"value": "bS9TOQ==", "bucket": "archive", "key": "a", "algorithm": "CRC32", "type": ""}\n\n',
    ],
)
def test_files(text):
    assert read(text) == [FOUND]


@pytest.mark.parametrize("output", ["csv", "jsonl"])
def test_a_written_file_is_valid(output):
    keys = ["a", "a,b", 'q"', "a\nb", "a\rb", "é", "\udcff", " ", "{"]
    made = [Record("archive", key, "v1", "SHA1", "COMPOSITE", "00" * 20 + "-2") for key in keys]
    body = b"".join([head(output), *(output_line(item, output) for item in made)])
    assert read(body.decode("utf-8", "surrogateescape")) == made


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it has no column algorithm"),
        (HEAD, "it has no rows"),
        (ROW, "it has no column algorithm"),
        ("bucket,key,algorithm,value,version\n", "column 'version' is unknown"),
        ("bucket,key,algorithm,value,key\n", "same name"),
        (HEAD + "archive,a,crc32\n", "row 1 has 3 columns"),
        (HEAD + ROW + "archive,,crc32,bS9TOQ==\n", "row 2: bucket and key must not be empty"),
        (HEAD + ",a,crc32,bS9TOQ==\n", "row 1: bucket and key must not be empty"),
        (HEAD + "archive,a,,bS9TOQ==\n", "row 1: the algorithm must be a name"),
        (HEAD + "archive,a,crc32,\n", "row 1: a CRC32 value must be 4 bytes"),
        (HEAD + ROW + '"archive,a,crc32,bS9TOQ==\n', "the row after row 1 is not valid CSV"),
        ("{\n", "row 1 is not valid JSON"),
        ('{"bucket": "b"}\n', "it has no column algorithm"),
        ('{"bucket": "b", "key": 1, "algorithm": "CRC32", "value": "x"}\n', "whose values are texts"),
        ('{"bucket": "b", "key": "\\ud800", "algorithm": "CRC32", "value": "6D2F5339"}\n', "half a character"),
        ('{"bucket": "b", "key": "k", "algorithm": "CRC32", "value": "6D2F5339"}\n[]\n', "row 2 must be a JSON object"),
        ('{"a":' * 100_000 + "\n", "row 1 is not valid JSON"),
    ],
)
def test_files_that_cannot_be_used(text, why):
    with pytest.raises(OptionError) as raised:
        read(text)
    assert why in str(raised.value) and "No changes were made." in str(raised.value)
