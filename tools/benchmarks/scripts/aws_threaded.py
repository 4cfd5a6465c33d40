# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ACCOUNT ENDPOINT JOBS THREADS: list the queue, compare, update from a pool of threads.

The best that we could write by hand: pages of the largest size, one client, as many connections as threads, and no
request beyond those that are needed.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

LIVE = ["New", "Preparing", "Ready", "Active", "Pausing", "Paused", "Suspended"]

account, endpoint, path = sys.argv[1:4]
threads = int(sys.argv[4])
with open(path, encoding="utf-8") as stream:
    wanted = {job["job_id"]: job["priority"] for job in json.load(stream)["jobs"]}
config = Config(max_pool_connections=threads, retries={"mode": "standard"})
client = boto3.client("s3control", endpoint_url=endpoint, config=config)

found = {}
query = {"AccountId": account, "JobStatuses": LIVE, "MaxResults": 1000}
while True:
    page = client.list_jobs(**query)
    found.update({job["JobId"]: job["Priority"] for job in page["Jobs"]})
    if "NextToken" not in page:
        break
    query["NextToken"] = page["NextToken"]


def update(job: tuple[str, int]) -> None:
    client.update_job_priority(AccountId=account, JobId=job[0], Priority=job[1])


wrong = [(job_id, priority) for job_id, priority in wanted.items() if found[job_id] != priority]
with ThreadPoolExecutor(threads) as pool:
    for _done in pool.map(update, wrong):
        pass
