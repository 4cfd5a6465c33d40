# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTML page of queues: no scripts, and untrusted text stays text."""

from __future__ import annotations

import base64
import hashlib
import html.parser
import re

from ansible_collections.objectstore.batch.plugins.module_utils._page import page_model
from ansible_collections.objectstore.batch.plugins.module_utils._page.html_page import page

HOSTILE = "</title></style><script>alert(1)</script><img src=x onerror='alert(1)' \"&amp;"


class Reader(html.parser.HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.texts, self.open = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def shown(*items, title="Queues", generated="now"):
    return page(page_model.queues(items), title, generated)


def hostile_queue():
    names = ("job_id", "status", "operation", "description", "class")
    job = {**dict.fromkeys(names, HOSTILE), "priority": 1, "rank": 1, "progress": {"total": 3, "succeeded": 1}}
    job["failure_reasons"] = [{"code": HOSTILE, "reason": HOSTILE}]
    plan = [{"job_id": HOSTILE, "from": 1, "to": 2}]
    failures = [{"job": {"job_id": HOSTILE}, "codes": [{"code": HOSTILE, "count": 1}]}]
    place = dict.fromkeys(("name", "provider", "account_id", "region"), HOSTILE)
    return {**place, "jobs": [job], "plan": plan, "failures": failures}


def test_text_of_others_stays_text():
    plain = Reader(shown({**hostile_queue(), "name": "q"}))
    text = shown(hostile_queue(), {"name": HOSTILE, "error": HOSTILE}, title=HOSTILE, generated=HOSTILE)
    found = Reader(text)
    # A quote would end an attribute if an attribute held such a text.
    assert "onerror='" not in text
    assert not {"script", "img", "iframe"} & set(found.tags)
    assert not found.open
    assert not [name for _tag, name, _value in found.attributes if name.startswith("on")]
    assert sum("<script>alert(1)</script>" in text for text in found.texts) >= 12
    assert set(found.tags) - set(plain.tags) <= {"strong"}


def test_the_policy_allows_the_style_of_the_page_and_nothing_else():
    text = shown(hostile_queue())
    [style] = re.findall("<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    [policy] = [value for tag, name, value in Reader(text).attributes if name == "content" and "default-src" in value]
    assert policy.split("; ")[:2] == ["default-src 'none'", f"style-src 'sha256-{digest}'"]


def test_nothing_is_loaded_and_links_stay_on_the_page():
    found = Reader(shown(hostile_queue(), {"name": "b"}))
    links = [value for _tag, name, value in found.attributes if name in ("href", "src", "action", "srcset")]
    assert links == ["#queue-1", "#queue-2"]
    identifiers = [value for _tag, name, value in found.attributes if name == "id"]
    assert len(identifiers) == len(set(identifiers))


def test_a_queue_that_could_not_be_read_says_so_and_shows_no_empty_queue():
    text = " ".join(Reader(shown({"name": "q", "error": "denied"}, {"name": "r"})).texts)
    assert "2 queues, 0 jobs; 1 queue could not be read" in text
    assert "denied" in text
    assert text.count("No jobs.") == 1


def test_every_job_is_shown_or_counted():
    jobs = [{"job_id": f"job-{number}", "status": "Ready", "rank": number, "priority": 0} for number in range(1, 61)]
    queues = page_model.queues([{"name": "q", "jobs": jobs}], most=55)
    text = page(queues, "Queues", "now")
    assert text.count('<td class="id">') == 55
    assert "<summary>5 more jobs</summary>" in text
    assert "Jobs not shown: 5." in text
    assert "1 queue, 60 jobs" in text
    assert text.count("60 waiting") == 3


def test_a_card_has_the_description_first_and_the_job_id_last():
    job = {"job_id": "job-1", "status": "Active", "priority": 5, "rank": 1, "description": "films"}
    job["progress"] = {"total": 250_000, "succeeded": 91_000, "failed": 1200}
    text = shown({"name": "q", "jobs": [job], "plan": [{"job_id": "job-1", "to": 9}]})
    [row] = [line for line in text.splitlines() if "films" in line]
    assert row.endswith('<td class="id">job-1</td></tr>')
    assert '<td class="text name">films</td>' in row and ".name { order: -1;" in text
    assert "92,200 of 250,000 done, 1,200 failed" in row
    heads = re.findall('<th scope="col">([^<]*)</th>', text)
    assert heads[:8] == ["Rank", "Priority", "Status", "Description", "Operation", "Progress", "Details", "Job ID"]
    assert "Planned changes: 1 job (highlighted). Rank 1, with priority and job ID." in text
