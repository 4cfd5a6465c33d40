# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rival of a report's reader: the same files by boto3, and a bare loop over csv.reader, which only counts."""

from __future__ import annotations

import csv
import io
import json
import sys

import boto3
from botocore.config import Config

endpoint, bucket, manifest = sys.argv[1:]
config = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
client = boto3.client("s3", endpoint_url=endpoint, config=config)
files = json.load(client.get_object(Bucket=bucket, Key=manifest)["Body"])["Results"]
rows = 0
for file in files:
    stream = client.get_object(Bucket=bucket, Key=file["Key"])["Body"]._raw_stream
    stream.auto_close = False
    text = io.TextIOWrapper(io.BufferedReader(stream, 2**18), encoding="utf-8", newline="")
    for _row in csv.reader(text):
        rows += 1
print(rows)
