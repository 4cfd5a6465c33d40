# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ACCOUNT ENDPOINT JOBS: list the queue, compare, update one job after another."""

import json
import sys

import boto3

LIVE = ["New", "Preparing", "Ready", "Active", "Pausing", "Paused", "Suspended"]

account, endpoint, path = sys.argv[1:4]
with open(path, encoding="utf-8") as stream:
    wanted = {job["job_id"]: job["priority"] for job in json.load(stream)["jobs"]}
client = boto3.client("s3control", endpoint_url=endpoint)

found = {}
query = {"AccountId": account, "JobStatuses": LIVE, "MaxResults": 1000}
while True:
    page = client.list_jobs(**query)
    found.update({job["JobId"]: job["Priority"] for job in page["Jobs"]})
    if "NextToken" not in page:
        break
    query["NextToken"] = page["NextToken"]

for job_id, priority in wanted.items():
    if found[job_id] != priority:
        client.update_job_priority(AccountId=account, JobId=job_id, Priority=priority)
