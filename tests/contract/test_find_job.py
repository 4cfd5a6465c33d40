# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook find_job: which queue has a job, on three providers."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from .playbooks import Run
from .test_playbook_ends import stats
from .test_playbook_hosts import OURS, call, connection, in_a_line, job_id, queues, seed, writes

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

HOSTILE = "claims\n oss-queue  1 \u202egnp\u200f {{ lookup('ansible.builtin.pipe', 'touch PLANTED') }} {% raw %} 索赔 é"
SHOWN = r"claims\n oss-queue  1 \u202egnp\u200f {{ lookup('ansible.builtin.pipe', 'touch PLANTED') }} {% raw %} 索赔 é"
AWAY = "http://127.0.0.1:9"


def lines(done: Run) -> list[str]:
    """The lines that the playbook shows, as they are."""
    shown = done.output.partition("TASK [Show the matches]")[2].partition("TASK [")[0].partition("PLAY RECAP")[0]
    return t.cast("list[str]", json.loads("{" + shown.partition("{")[2].rpartition("}")[0] + "}")["msg"])


def find(folder: Path, hosts: dict[str, dict[str, t.Any]], *words: str, **form: t.Any) -> Run:
    return call(folder, "find_job", hosts, *words, form={}, **form)


def lay_out(emulator: Emulator) -> None:
    """In each queue a job that has ended, one that runs before the others, and one of a case of its own."""
    for name, key in OURS.items():
        seed(emulator, key, status="Active", priority=500, description="nightly copy")
        for number, more in enumerate(
            (
                {"status": "Ready", "priority": 20, "description": f"restore for case {name}", "created": 3 * 86400},
                {"status": "Complete", "priority": 5, "description": "restore of last week"},
            )
        ):
            seed(emulator, key, **{"job_id": own(name, number), **more})


def own(name: str, number: int) -> str:
    return job_id(OURS[name]).replace(name, f"{name}{number}")


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("by", ["batch_job_id", "batch_phrase"])
def test_one_match(emulator: Emulator, tmp_path: Path, name: str, by: str) -> None:
    lay_out(emulator)
    job = own(name, 0)
    done = find(tmp_path, queues(emulator), **{by: job if by == "batch_job_id" else f"case {name}"})
    assert (done.code, writes(emulator)) == (0, []), done.output
    head, line, summary = lines(done)
    assert head.split() == ["queue", "rank", "priority", "status", "age", "job", "ID", "description"]
    assert line.split() == [f"{name}-queue", "2", "20", "Ready", "3", "d", job, "restore", "for", "case", name]
    what = f"job ID {job}" if by == "batch_job_id" else f'the phrase "case {name}"'
    assert summary == f"1 job matches {what} in 1 of 3 searched queues."
    kept = stats(done)
    [found] = kept["objectstore_batch_find"]
    assert (found["queue"], found["job_id"], found["rank"]) == (f"{name}-queue", job, 2)
    assert (int(kept["objectstore_batch_find_count"]), kept["objectstore_batch_find_failed"]) == (1, {})
    assert kept["objectstore_batch_find_searched"] == list(queues(emulator))


def test_several_matches(emulator: Emulator, tmp_path: Path) -> None:
    """Also jobs that have ended, unless they are left out."""
    lay_out(emulator)
    for ended, count in (("", 6), ("no", 3)):
        done = find(tmp_path, queues(emulator), batch_phrase="restore", batch_ended=ended)
        assert done.code == 0, done.output
        shown = lines(done)
        assert shown[-1] == f'{count} jobs match the phrase "restore" in 3 of 3 searched queues.'
        assert [line.split()[0] for line in shown[1:-1]] == [
            f"{name}-queue" for name in OURS for _number in range(count // len(OURS))
        ]
        assert len([line for line in shown if line.split()[1:4] == ["-", "5", "Complete"]]) == count - len(OURS)


@pytest.mark.parametrize("form", [{"batch_phrase": "no such job"}, {"batch_job_id": "6f1f7ff1-0000"}], ids=str)
@pytest.mark.parametrize("fail", ["", "no"])
def test_no_match(emulator: Emulator, tmp_path: Path, form: dict[str, str], fail: str) -> None:
    lay_out(emulator)
    done = find(tmp_path, queues(emulator), **form, batch_fail=fail)
    assert (done.code, writes(emulator)) == (0 if fail else 2, []), done.output
    what = f'the phrase "{form["batch_phrase"]}"' if "batch_phrase" in form else f"job ID {form['batch_job_id']}"
    assert lines(done) == [f"No job matches {what} in 3 searched queues: aws-queue, cos-queue, oss-queue."]
    assert ("Check the job ID or the phrase, the accounts, and the regions." in in_a_line(done)) == (not fail)
    assert stats(done)["objectstore_batch_find"] == []


@pytest.mark.parametrize("how", ["away", "without a key", "named by the inventory"])
@pytest.mark.parametrize("phrase", ["case cos", "case aws"])
def test_a_queue_that_cannot_be_read(emulator: Emulator, tmp_path: Path, how: str, phrase: str) -> None:
    """The others are searched all the same, and the queue and its error are listed."""
    lay_out(emulator)
    hosts, down = queues(emulator), []
    if how == "without a key":
        hosts["aws-queue"]["queue_connection"]["secret_key"] = "{{ undef(hint='no key') }}"
    else:
        hosts["aws-queue"]["queue_connection"] |= {"endpoint_url": AWAY, "max_attempts": 1}
        down = ["aws-queue"] if how == "named by the inventory" else []
    done = call(tmp_path, "find_job", hosts, unreachable=down, form={}, batch_phrase=phrase)
    shown, kept = lines(done), stats(done)
    assert kept["objectstore_batch_find_searched"] == ["cos-queue", "oss-queue"]
    assert list(kept["objectstore_batch_find_failed"]) == ["aws-queue"]
    assert shown[-1].startswith("Not searched: aws-queue (") and len(shown[-1]) > 50 - 25 * (how == "without a key")
    if phrase == "case cos":
        assert shown[-2] == '1 job matches the phrase "case cos" in 1 of 2 searched queues.'
        # A host whose variables cannot be evaluated fails by itself.
        assert done.code == (2 if done.recap["aws-queue"]["failed"] else 0), done.output
    else:
        assert done.code == 2
        assert "in 2 searched queues: cos-queue, oss-queue. Not searched: aws-queue (" in in_a_line(done), done.output


def test_no_queue_can_be_read(emulator: Emulator, tmp_path: Path) -> None:
    hosts = queues(emulator)
    for host in hosts.values():
        host["queue_connection"] |= {"endpoint_url": AWAY, "max_attempts": 1}
    done = find(tmp_path, hosts, batch_phrase="restore", batch_fail="no")
    assert done.code == 2 and "No queue could be searched. Not searched: aws-queue (" in in_a_line(done), done.output


def test_a_hostile_description(emulator: Emulator, tmp_path: Path) -> None:
    """A line of its own is all that it gets, and it is never evaluated."""
    for key in OURS.values():
        seed(emulator, key, description=HOSTILE)
    done = find(tmp_path, queues(emulator), batch_phrase="claims")
    assert done.code == 0, done.output
    shown = lines(done)
    assert len(shown) == len(OURS) + 2
    assert all(line.endswith(SHOWN) for line in shown[1:-1]), shown
    assert [job["description"] for job in stats(done)["objectstore_batch_find"]] == [HOSTILE] * len(OURS)
    assert not list(tmp_path.rglob("PLANTED"))


def test_a_phrase_is_no_pattern(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator, OURS["aws"], description="a+b (c)")
    one = {"one": queues(emulator)["aws-queue"]}
    assert find(tmp_path, one, batch_phrase="a+b (c)").code == 0
    assert find(tmp_path, one, batch_phrase="a.b").code == 2


def test_an_arn_is_a_job_id(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator, OURS["aws"])
    arn = f"arn:aws:s3:eu-central-1:{OURS['aws'].account}:job/{job_id(OURS['aws'])}"
    done = find(tmp_path, {"one": {"queue_connection": connection(emulator, OURS["aws"])}}, batch_job_id=arn)
    assert done.code == 0 and stats(done)["objectstore_batch_find"][0]["queue"] == "one", done.output


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "No job is specified. Set batch_job_id, or set batch_phrase"),
        ({"batch_phrase": "a", "batch_job_id": "b"}, "Both batch_job_id and batch_phrase are set."),
    ],
    ids=str,
)
def test_which_job(emulator: Emulator, tmp_path: Path, form: dict[str, str], said: str) -> None:
    done = find(tmp_path, queues(emulator), **form)
    assert (done.code, emulator.log()) == (2, []) and said in in_a_line(done), done.output


def test_more_matches_than_are_shown(emulator: Emulator, tmp_path: Path) -> None:
    for number in range(205):
        seed(emulator, OURS["aws"], job_id=f"aws-{number:03}")
    done = find(tmp_path, {"one": queues(emulator)["aws-queue"]}, batch_phrase="restore")
    shown, kept = lines(done), stats(done)
    assert done.code == 0 and len(shown) == 203 and shown[-2] == "and 5 more jobs", done.output
    assert (len(kept["objectstore_batch_find"]), int(kept["objectstore_batch_find_count"])) == (200, 205)
