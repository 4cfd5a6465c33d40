# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How each playbook ends if every queue can be worked on, if some can, and if none can."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from .clouds import ACCOUNTS, Cloud
from .playbooks import Run
from .reports import Report
from .test_playbook_hosts import FOREIGN, FORMS, call, connection, job_id, put_list, seed, writes

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

KEYS = FOREIGN
"""The accounts that the reports of the tests are in."""
HOSTS = [f"{name}-queue" for name in KEYS]
DONE: dict[str, tuple[str, int]] = {
    "raise_priority": ("Suspended", 4000),
    "confirm": ("Ready", 10),
    "cancel": ("Cancelling", 10),
    "queue_policy": ("Suspended", 77),
    "queue_apply": ("Suspended", 77),
    "wait_for_jobs": ("Complete", 10),
    "retry_failed": ("Complete", 10),
}
"""What a job is like after a playbook that worked; before it is Suspended or Complete, with 10."""


def form_of(playbook: str) -> dict[str, t.Any]:
    if playbook == "queue_apply":
        moves = {f"{name}-queue": [{"job_id": job_id(key), "from": 10, "to": 77}] for name, key in KEYS.items()}
        return {"objectstore_batch_plan_moves": moves}
    if playbook in ("wait_for_jobs", "retry_failed"):
        return {"batch_phrase": "", "batch_timeout": 0}
    return {}


def lay_out(
    emulator: Emulator, capsys: pytest.CaptureFixture[str], playbook: str, broken: list[str], how: str
) -> dict[str, dict[str, t.Any]]:
    """Seed a job in each queue, and return the hosts; those that are broken are away, or have no key."""
    hosts: dict[str, dict[str, t.Any]] = {}
    ended = playbook in ("wait_for_jobs", "retry_failed")
    for account in ACCOUNTS:
        key, name = KEYS[account.provider], f"{account.provider}-queue"
        job = {"job_id": job_id(key), "tasks_total": 1, "tasks_done": 1}
        if playbook == "retry_failed":
            rows = {"succeeded": b"films,good,,succeeded,200,,x\r\n"}
            Report(rows, bucket=f"reports-{key.provider}", job=job).put(Cloud(account, emulator, capsys))
        else:
            seed(emulator, key, **({"status": "Complete", **job} if ended else {}))
        if playbook == "checked_job":
            put_list(emulator, key)
        own = {**connection(emulator, key, "FOREIGN"), "max_attempts": 1}
        if name in broken:
            own |= (
                {"endpoint_url": "http://127.0.0.1:9"}
                if how == "away"
                else {"secret_key": "{{ undef(hint='no key') }}"}
            )
        hosts[name] = {"queue_connection": own, "batch_job_id": job_id(key)} if ended else {"queue_connection": own}
    return hosts


def stats(done: Run) -> dict[str, t.Any]:
    text = done.output.partition("CUSTOM STATS:")[2].partition("RUN: ")[2].strip()
    return t.cast("dict[str, t.Any]", json.loads(text)) if text else {}


ENDS: dict[str, tuple[list[str], str]] = {
    "all": ([], "away"),
    "some": (HOSTS[:1], "away"),
    "none": (HOSTS, "away"),
    "some-without-a-key": (HOSTS[:1], "without a key"),
}


@pytest.mark.parametrize(
    ("playbook", "end"),
    [
        *((playbook, end) for playbook in FORMS for end in ("all", "some", "none")),
        *((playbook, "some-without-a-key") for playbook in ("raise_priority", "queue_policy", "queue_report")),
    ],
)
def test_how_it_ends(
    emulator: Emulator,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    playbook: str,
    end: str,
) -> None:
    """Where some end badly, the first host is among them: tasks that run once are done on the others all the same.

    One queue is all of them as well as three are; the playbooks take turns with the clouds.
    """
    names = HOSTS if end.startswith("some") else [HOSTS[list(FORMS).index(playbook) % len(HOSTS)]]
    broken, how = ENDS[end]
    broken = [name for name in broken if name in names]
    hosts = {name: own for name, own in lay_out(emulator, capsys, playbook, broken, how).items() if name in names}
    form = {name: value for name, value in FORMS[playbook].items() if name != "batch_job_id"}
    done = call(tmp_path, playbook, hosts, form=form, batch_all=True, **form_of(playbook))
    good = [name for name in names if name not in broken]
    # The page and the search show a queue that is away with its error, and fail only if they show nothing else.
    shown = playbook in ("queue_report", "find_job") and how == "away" and bool(good)
    assert done.code == (2 if broken and not shown else 0), done.output
    failed = {name for name, counts in done.recap.items() if counts["failed"]}
    # What is run once fails on one host, and ends the play.
    alone = playbook in ("queue_report", "find_job") and not good
    assert failed == (set() if shown else set(broken)) or (alone and failed)
    for name, key in KEYS.items():
        before = ("Complete" if playbook in ("wait_for_jobs", "retry_failed") else "Suspended", 10)
        job = emulator.job(job_id(key))
        wanted = DONE.get(playbook, before) if f"{name}-queue" in good else before
        assert (job["status"], job["priority"]) == wanted, done.output
    assert len(writes(emulator)) == (len(good) if DONE.get(playbook, before) != before else 0)
    check_what_is_kept(playbook, stats(done), names, good, tmp_path)
    if playbook == "raise_priority":
        # The jobs are Suspended: whoever raises one is told that it has to be confirmed.
        shown = [line for line in done.output.splitlines() if "-queue: Job" in line]
        assert len([line for line in shown if "It is Suspended: " in line]) == len(good), done.output


def check_what_is_kept(playbook: str, kept: dict[str, t.Any], names: list[str], good: list[str], folder: Path) -> None:
    """What a playbook leaves for the next one tells the queues apart."""
    if playbook == "queue_report":
        text = kept["objectstore_batch_report_text"]
        assert text.count("Could not be read") == len(names) - len(good) or "no key" not in text
        page = (folder / "queues.html").read_text(encoding="utf-8") if (folder / "queues.html").exists() else ""
        assert all(name in page for name in good)
    elif playbook == "queue_policy":
        assert sorted(kept["objectstore_batch_policy_queues"]) == sorted(good)
        assert sorted(kept["objectstore_batch_policy_missing"]) == sorted(set(names) - set(good))
        assert int(kept["objectstore_batch_policy_moves"]) == len(good)
    elif playbook == "queue_plan":
        assert sorted(kept.get("objectstore_batch_plan_moves", {})) == sorted(good)
        if good and len(good) < len(names):
            assert f"Not planned: {names[0]}." in kept["objectstore_batch_plan_text"]
    elif playbook == "find_job":
        assert sorted(kept["objectstore_batch_find_searched"]) == sorted(good)
        assert sorted(kept["objectstore_batch_find_failed"]) == sorted(set(names) - set(good))
        assert sorted(match["queue"] for match in kept["objectstore_batch_find"]) == sorted(good)
    else:
        facts = {"raise_priority": "raise", "queue_apply": "applied", "wait_for_jobs": "wait", "retry_failed": "retry"}
        facts |= {"checked_job": "checked"}
        assert sorted(kept.get(f"objectstore_batch_{facts.get(playbook, playbook)}", {})) == sorted(good)
