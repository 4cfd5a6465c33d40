# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""URL JOBS: list the queue, compare, update one job after another; signed by Tencent's own signer."""

import json
import os
import sys
from xml.etree import ElementTree

import requests
from qcloud_cos import CosConfig  # type: ignore[import-untyped]
from qcloud_cos.cos_auth import CosS3Auth  # type: ignore[import-untyped]

ENDED = {"Complete", "Cancelled", "Failed"}

url, path = sys.argv[1:3]
with open(path, encoding="utf-8") as stream:
    wanted = {job["job_id"]: job["priority"] for job in json.load(stream)["jobs"]}
config = CosConfig(
    Region="ap-guangzhou",
    SecretId=os.environ["TENCENTCLOUD_SECRET_ID"],
    SecretKey=os.environ["TENCENTCLOUD_SECRET_KEY"],
)
session = requests.Session()
session.headers.update({"Host": url.partition("://")[2], "x-cos-appid": os.environ["COS_APPID"]})


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

for job_id, priority in wanted.items():
    if found[job_id] != priority:
        call("POST", f"/jobs/{job_id}/priority", {"priority": str(priority)})
