# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""batch_job_wait through the real ansible-playbook: what a person sees, and what it costs."""

from __future__ import annotations

import collections
import contextlib
import os
import pty
import re
import signal
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
from batch_emulator.client import until
from render import wait_progress

from .clouds import ACCOUNTS, own_id
from .moments import at_each
from .playbooks import COLLECTIONS, FQCN, ROOT, play
from .test_playbooks import connection, seed

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

WAIT = f"{FQCN}batch_job_wait"
AWS = ACCOUNTS[0]


def hosts_of(emulator: Emulator) -> dict[str, dict[str, t.Any]]:
    return {account.provider: {"connection": connection(account, emulator)} for account in ACCOUNTS}


def waiting(**options: t.Any) -> list[dict[str, t.Any]]:
    return [
        {"name": "Wait", WAIT: {"interval": 0.5, "timeout": 3600, **options}, "register": "waited"},
        {"name": "Show", "ansible.builtin.debug": {"msg": "calls={{ waited.calls.sent }} {{ waited.msg }}"}},
    ]


def test_progress_of_every_cloud_in_one_run(emulator: Emulator, tmp_path: Path) -> None:
    hosts = hosts_of(emulator)
    for account in ACCOUNTS:
        seed(emulator, account, f"{account.provider}-job", status="Active", frozen=False, tasks_total=400)
        hosts[account.provider]["job"] = own_id(account.provider, f"{account.provider}-job")
    passed = 0

    def go_on(turn: int) -> None:
        # The jobs end when each of them is looked at for the second time, however long that takes.
        nonlocal passed
        looks = collections.Counter(entry["provider"] for entry in emulator.log())
        least = min(looks[account.provider] for account in ACCOUNTS)
        seconds = 60 if least > 1 else 1 if least == 1 and passed < 30 else 0
        if seconds:
            passed += seconds
            emulator.advance(seconds)

    with at_each(emulator, ["ListJobs"], go_on):
        run = play(tmp_path, waiting(job_id="{{ job }}"), hosts)
    assert run.code == 0, run.output
    for account in ACCOUNTS:
        name, job = f"[{account.provider}] ", hosts[account.provider]["job"]
        lines = [line for line in run.output.splitlines() if line.startswith(f"{name}{job} ")]
        assert len(lines) >= 2, run.output
        # One poll is enough for a rate where the provider has a timer.
        rate = "" if account.provider == "cos" else r"(  \d+/s  \d+s left)?"
        assert re.fullmatch(rf"\{name}{re.escape(job)}  Active +\d+ %  \d+/400, 0 failed{rate}", lines[0])
        assert lines[-1] == f"{name}{job}  Complete    100 %  400/400, 0 failed  result full"
        assert f"{name}Job {job}" in run.output
        looks = [entry["operation"] for entry in emulator.log() if entry["provider"] == account.provider]
        assert looks == ["ListJobs"] * (len(looks) - 1) + ["DescribeJob"]
        assert f"'ListJobs': {len(looks) - 1}" in run.output
    assert "_watch" not in run.output
    assert "\x1b" not in run.output


@pytest.mark.parametrize(
    ("keywords", "options", "lines"),
    [
        ({}, {}, 1),
        ({"no_log": True}, {}, 0),
        ({}, {"progress": False}, 0),
        ({"async": 3600, "poll": 1}, {}, 0),
        ({"delegate_to": "cos"}, {}, 1),
        ({"loop": ["aws-one", "aws-two"]}, {"job_id": "{{ item }}"}, 2),
    ],
    ids=str,
)
def test_keywords_of_tasks(emulator: Emulator, tmp_path: Path, keywords: dict, options: dict, lines: int) -> None:
    for job_id in ("aws-one", "aws-two"):
        seed(emulator, AWS, job_id, status="Complete", tasks_total=5, tasks_done=5)
    task = {"name": "Wait", WAIT: {"job_id": "aws-one", **options}, "when": "inventory_hostname == 'aws'", **keywords}
    # Where a home of the environment is not that of the user, the wrapper and its reader disagree on the folder.
    environment = {"ANSIBLE_ASYNC_DIR": str(tmp_path / "async")}
    run = play(tmp_path, [task], hosts_of(emulator), "-vvv", environment=environment)
    assert run.code == 0, run.output
    shown = [line for line in run.output.splitlines() if re.match(r"\[aws\] aws-(one|two)  Complete ", line)]
    assert len(shown) == lines, run.output
    assert '"_watch": {' not in run.output


def test_check_mode_and_failures(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator, AWS, "aws-job", status="Suspended")
    hosts = {"aws": {"connection": connection(AWS, emulator)}}
    dry = play(tmp_path, waiting(job_id="aws-job"), hosts, "--check")
    assert dry.code == 0, dry.output
    real = play(tmp_path, waiting(job_id="aws-job"), hosts)
    assert real.code == 2
    assert "[aws] aws-job  Suspended   awaiting confirmation" in real.output
    assert "is Suspended and awaiting confirmation" in real.output
    refused = play(tmp_path, waiting(job_id="aws-job", interval=0), hosts)
    assert refused.code == 2
    assert "value of interval must be 0.1" in refused.output and "got: 0.0" in refused.output
    assert [entry["operation"] for entry in emulator.log()] == ["ListJobs"] * 2


def test_an_account_that_is_looked_up_and_a_secret_that_is_not_shown(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator, AWS, "aws-job", status="Complete", tasks_done=1000)
    options = {key: value for key, value in connection(AWS, emulator).items() if key != "account_id"}
    run = play(tmp_path, waiting(job_id="aws-job"), {"aws": {"connection": options}}, "-vvvv")
    assert run.code == 0, run.output
    for secret in AWS.secrets:
        assert secret not in run.output


def processes_of(folder: Path) -> list[str]:
    """The processes whose home this is."""
    found = []
    for file in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if f"HOME={folder}".encode() in file.read_bytes().split(b"\0"):
                found.append(file.parent.name)
    return found


def test_ctrl_c_leaves_the_jobs_alone_and_says_so(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator, AWS, "aws-job", status="Active")
    before = emulator.job("aws-job")
    hosts = {"aws": {"connection": connection(AWS, emulator)}}
    play(tmp_path, waiting(job_id="aws-job", timeout=86400), hosts, "--syntax-check")
    tools = Path(sys.executable).parent
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [str(tools / "ansible-playbook"), "-i", "inventory.yml", "playbook.yml"],
        cwd=tmp_path,
        env={
            "PATH": os.pathsep.join([str(tools), os.defpath]),
            "HOME": str(tmp_path),
            "LC_ALL": "C.UTF-8",
            "TERM": "xterm",
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        },
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
    )
    os.close(follower)
    shown = b""
    # The second slice is in the middle of its first look.
    emulator.fault("barrier", operation="ListJobs", skip=1, count=None)
    try:
        while b"aws-job  Active" not in shown:
            shown += os.read(leader, 65536)
        emulator.until_waiting()
        # What the terminal does for Ctrl+C: the signal goes to every process in the foreground.
        os.killpg(process.pid, signal.SIGINT)
        emulator.clear_faults()
        emulator.release()
        while True:
            try:
                shown += os.read(leader, 65536)
            except OSError:
                break
        assert process.wait(timeout=600) != 0
    finally:
        process.kill()
        process.wait()
        os.close(leader)
    text = shown.decode()
    assert "Press Ctrl+C to stop waiting. The job keeps running." in text
    assert "User interrupted execution" in text
    assert emulator.job("aws-job") == before
    # An interrupted slice ends by itself, although the wait has a day; ten seconds are a few looks.
    assert until(lambda: not processes_of(tmp_path))
    assert len(emulator.log()) <= 2 + 12
    assert not [entry for entry in emulator.log() if entry["write"]]


def test_a_terminal_and_a_file_show_the_same(emulator: Emulator, tmp_path: Path) -> None:
    """The recordings in docs/examples are of this: plain lines of at most 80 columns; here nothing is left out."""
    shown = []
    for record in (wait_progress.in_terminal, wait_progress.redirected):
        environment = wait_progress.prepare(emulator, tmp_path)
        for job in emulator.jobs():
            emulator.patch(job["job_id"], status="Complete", tasks_done=job["tasks_total"])
        shown.append(sorted(line for line in record(tmp_path, environment).splitlines() if line.startswith("[")))
    assert len(shown[0]) == 8
    assert shown[0] == shown[1]


@pytest.mark.parametrize("name", ["wait-terminal.txt", "wait-redirected.txt"])
def test_the_recordings_are_plain_text_of_80_columns(name: str) -> None:
    text = (ROOT / "docs" / "examples" / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("[")]
    assert len(lines) >= 20
    assert max(map(len, lines)) <= 80
    assert "result partial" in text
    assert text.isascii()
