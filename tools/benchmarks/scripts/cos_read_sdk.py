# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""URL JOBS: print the priority of the first job; signed by Tencent's own signer, as most people would."""

import json
import os
import sys
from xml.etree import ElementTree

import requests
from qcloud_cos import CosConfig  # type: ignore[import-untyped]
from qcloud_cos.cos_auth import CosS3Auth  # type: ignore[import-untyped]

url, path = sys.argv[1:3]
with open(path, encoding="utf-8") as stream:
    target = "/jobs/" + json.load(stream)["jobs"][0]["job_id"]
config = CosConfig(
    Region="ap-guangzhou",
    SecretId=os.environ["TENCENTCLOUD_SECRET_ID"],
    SecretKey=os.environ["TENCENTCLOUD_SECRET_KEY"],
)
headers = {"Host": url.partition("://")[2], "x-cos-appid": os.environ["COS_APPID"]}
answer = requests.get(url + target, headers=headers, auth=CosS3Auth(config, target, {}), timeout=30)
answer.raise_for_status()
print(ElementTree.fromstring(answer.content).findtext("{*}Job/{*}Priority"))
