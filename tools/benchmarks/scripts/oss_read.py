# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""URL JOBS: print the priority of the first job; signed by the signer of Alibaba's SDK, which has no such call."""

import json
import os
import sys
from urllib.parse import quote
from xml.etree import ElementTree

import requests
from alibabacloud_oss_v2 import credentials, signer, types

url, path = sys.argv[1:3]
with open(path, encoding="utf-8") as stream:
    job_id = json.load(stream)["jobs"][0]["job_id"]
request = types.HttpRequest("GET", f"{url}/?batchJob&batchJobId={quote(job_id, safe='')}")
keys = credentials.Credentials(os.environ["OSS_ACCESS_KEY_ID"], os.environ["OSS_ACCESS_KEY_SECRET"])
context = types.SigningContext(product="oss", region=os.environ["OSS_REGION"], request=request, credentials=keys)
signer.SignerV4().sign(context)
answer = requests.get(request.url, headers=dict(request.headers), timeout=30)
answer.raise_for_status()
print(ElementTree.fromstring(answer.content).findtext("Job/Priority"))
