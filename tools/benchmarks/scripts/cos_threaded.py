# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""URL JOBS THREADS: list the queue, compare, update from a pool of threads; signed by Tencent's own signer.

The best that we could write by hand: pages of the largest size, one session, as many connections as threads, and no
request beyond those that are needed.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import requests
from qcloud_cos import CosConfig  # type: ignore[import-untyped]
from qcloud_cos.cos_auth import CosS3Auth  # type: ignore[import-untyped]
from requests.adapters import HTTPAdapter

ENDED = {"Complete", "Cancelled", "Failed"}

url, path = sys.argv[1:3]
threads = int(sys.argv[3])
with open(path, encoding="utf-8") as stream:
    wanted = {job["job_id"]: job["priority"] for job in json.load(stream)["jobs"]}
config = CosConfig(
    Region="ap-guangzhou",
    SecretId=os.environ["TENCENTCLOUD_SECRET_ID"],
    SecretKey=os.environ["TENCENTCLOUD_SECRET_KEY"],
)
session = requests.Session()
session.headers.update({"Host": url.partition("://")[2], "x-cos-appid": os.environ["COS_APPID"]})
session.mount("http://", HTTPAdapter(pool_maxsize=threads))


def call(method: str, target: str, query: dict[str, str]) -> ElementTree.Element:
    auth = CosS3Auth(config, target, query)
    answer = session.request(method, url + target, params=query, auth=auth, timeout=30)
    answer.raise_for_status()
    return ElementTree.fromstring(answer.content)


found = {}
query = {"maxResults": "1000"}
while True:
    page = call("GET", "/jobs", query)
    for job in page.iterfind("{*}Jobs/{*}member"):
        if job.findtext("{*}Status") not in ENDED:
            found[job.findtext("{*}JobId")] = int(job.findtext("{*}Priority") or 0)
    token = page.findtext("{*}NextToken")
    if not token:
        break
    query["nextToken"] = token


def update(job: tuple[str, int]) -> None:
    call("POST", f"/jobs/{job[0]}/priority", {"priority": str(job[1])})


wrong = [(job_id, priority) for job_id, priority in wanted.items() if found[job_id] != priority]
with ThreadPoolExecutor(threads) as pool:
    for _done in pool.map(update, wrong):
        pass
