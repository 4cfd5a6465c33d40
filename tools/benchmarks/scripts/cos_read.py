# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""URL JOBS: print the priority of the first job. The least that a requests script does: it signs by itself."""

import hashlib
import hmac
import json
import os
import sys
import time
from urllib.parse import quote
from xml.etree import ElementTree

import requests


def digest(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha1).hexdigest()


url, path = sys.argv[1:3]
with open(path, encoding="utf-8") as stream:
    job_path = "/jobs/" + json.load(stream)["jobs"][0]["job_id"]
app_id = os.environ["COS_APPID"]
host = quote(url.partition("://")[2], safe="")
now = int(time.time())
times = f"{now - 60};{now + 600}"
request = hashlib.sha1(f"get\n{job_path}\n\nhost={host}&x-cos-appid={app_id}\n".encode()).hexdigest()
signature = digest(digest(os.environ["TENCENTCLOUD_SECRET_KEY"], times), f"sha1\n{times}\n{request}\n")
authorization = (
    f"q-sign-algorithm=sha1&q-ak={os.environ['TENCENTCLOUD_SECRET_ID']}&q-sign-time={times}&q-key-time={times}"
    f"&q-header-list=host;x-cos-appid&q-url-param-list=&q-signature={signature}"
)
answer = requests.get(url + job_path, headers={"Authorization": authorization, "x-cos-appid": app_id}, timeout=30)
answer.raise_for_status()
print(ElementTree.fromstring(answer.content).findtext("{*}Job/{*}Priority"))
