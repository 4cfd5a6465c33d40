# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role that shows all queues on one page, and the page as a browser sees it."""

from __future__ import annotations

import re
import typing as t
from html.parser import HTMLParser
from pathlib import Path

import pytest

from .clouds import ACCOUNTS, Cloud
from .playbooks import FQCN, play
from .reports import Report
from .test_playbooks import connection, seed

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

EVIL = [
    "<script>document.title='owned'</script>",
    "</title></style></textarea><h1>owned</h1>",
    '" onmouseover="alert(1)" x="',
    "\u202egnp.exe \u2066\u200f",
    "{{ 12345 * 67890 }} {% raw %}",
    "x" * 10_000,
    "<img src=x onerror=alert(1)>&lt;b&gt;&amp;",
]


class Texts(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def lay_out(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, t.Any]]:
    hosts = {}
    for account in ACCOUNTS:
        for number, text in enumerate(EVIL):
            description = text[:200] if account.provider != "aws" else text[:256]
            seed(
                emulator,
                account,
                f"{account.provider}-{number}",
                status="Ready",
                priority=number,
                description=description,
            )
        done = {"tasks_total": 100, "tasks_done": 40, "tasks_failed": 3}
        seed(emulator, account, f"{account.provider}-runs", status="Active", priority=900, **done)
        seed(emulator, account, f"{account.provider}-asks", status="Suspended", priority=5)
        if account.provider == "aws":
            row = b"films,lost,,failed,503,SlowDown,x\r\n"
            job = {"job_id": "aws-over", "status": "Failed", "priority": 5, **done, "tasks_done": 43}
            Report({"failed": row * 3}, scope="FailedTasksOnly", job=job).put(Cloud(account, emulator, capsys))
        else:
            seed(emulator, account, f"{account.provider}-over", status="Failed", priority=5, **done)
        hosts[f"{account.provider}-queue"] = {"connection": connection(account, emulator)}
    broken = {**connection(ACCOUNTS[0], emulator), "endpoint_url": "http://127.0.0.1:9", "max_attempts": 1}
    hosts["broken-queue"] = {"connection": broken}
    return hosts


def role(**variables: t.Any) -> list[dict[str, t.Any]]:
    own = {f"queue_report_{name}": value for name, value in variables.items()}
    return [{"ansible.builtin.include_role": {"name": f"{FQCN}queue_report"}, "vars": own}]


def test_one_page_about_all_queues(emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hosts = lay_out(emulator, capsys)
    run = play(tmp_path, role(page=str(tmp_path / "q.html"), text=str(tmp_path / "q.txt")), hosts, "--check")
    assert run.code == 0, run.output
    page, text = ((tmp_path / name).read_text(encoding="utf-8") for name in ("q.html", "q.txt"))
    found = Texts()
    found.feed(page)
    assert not {"script", "img", "link", "iframe", "object"} & set(found.tags)
    assert found.tags.count("h1") == 1 and "style" not in found.attributes
    assert not [name for name in found.attributes if name.startswith("on")]
    assert "<script>document.title='owned'</script>" in found.text
    assert "{{ 12345 * 67890 }} {% raw %}" in found.text and "838102050" not in re.sub(r"[0-9a-f-]{20,}", "", text)
    assert "\u202e" not in page and "\\u202e" in page
    assert "broken-queue" in found.text and "Could not be read." in found.text
    assert "awaiting confirmation" in found.text and "40 of 100 done, 3 failed" in found.text
    for name in ("aws-queue", "cos-queue", "oss-queue"):
        assert f"{name} (" in text
        assert re.search(rf"{name}: 1 running, 7 waiting, 1 unconfirmed, 1 ended", found.text), found.text[:600]
    assert "SlowDown" in found.text and "failed: 3 tasks of aws-over with SlowDown" in text
    assert max(len(line) for line in text.splitlines()) <= 100
    assert not [entry for entry in emulator.log() if entry["write"]]
    live = play(tmp_path, role(page=str(tmp_path / "live.html"), ended=False, failures=0), hosts)
    assert live.code == 0 and ">Failed</td>" not in (tmp_path / "live.html").read_text("utf-8")


def test_a_plan_as_before_and_after(emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hosts = {name: values for name, values in lay_out(emulator, capsys).items() if name != "broken-queue"}
    for values in hosts.values():
        for option in ("region", "provider", "account_id", "app_id"):
            values[f"queue_policy_{option}"] = values["connection"].get(option, "")
    policy = {
        "queue_policy_rules": [{"match": {"statuses": ["Suspended"]}, "class": "urgent"}],
        "queue_policy_unmatched": "ignore",
    }
    tasks = [{"ansible.builtin.include_role": {"name": f"{FQCN}queue_policy"}, "vars": policy}]
    run = play(tmp_path, tasks + role(page=str(tmp_path / "q.html")), hosts, "--check")
    assert run.code == 0, run.output
    page = (tmp_path / "q.html").read_text(encoding="utf-8")
    assert page.count("<mark>4000 ") == len(hosts), run.output
    assert "Planned changes: 1 job (highlighted)." in page
