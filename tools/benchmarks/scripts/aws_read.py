# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ACCOUNT ENDPOINT JOBS: print the priority of the first job. The least that a boto3 script does."""

import json
import sys

import boto3

account, endpoint, path = sys.argv[1:4]
with open(path, encoding="utf-8") as stream:
    job_id = json.load(stream)["jobs"][0]["job_id"]
client = boto3.client("s3control", endpoint_url=endpoint)
print(client.describe_job(AccountId=account, JobId=job_id)["Job"]["Priority"])
