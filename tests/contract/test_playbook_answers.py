# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the playbooks as surveys, JSON and command lines give them: text, numbers, blank and null."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import pytest
import yaml

from .clouds import ACCOUNTS, Cloud
from .playbooks import ROOT
from .reports import Report
from .test_playbook_hosts import FOREIGN, FORMS, OURS, call, connection, job_id, put_list, queues, seed, writes

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

BLANK = ("", None)
PRIORITIES: list[tuple[dict[str, t.Any], int]] = [
    ({"batch_priority": 0}, 0),
    ({"batch_priority": "0"}, 0),
    ({"batch_number": 0, "batch_class": "urgent"}, 0),
    ({"batch_number": "0", "batch_priority": ""}, 0),
    ({"batch_number": None, "batch_priority": None, "batch_class": "high"}, 3000),
    ({"batch_number": "", "batch_priority": "", "batch_class": "urgent"}, 4000),
    ({"batch_number": None, "batch_priority": "", "batch_class": 0}, 0),
    ({"batch_number": 0, "batch_priority": "urgent"}, 4000),
    ({"batch_number": 1234, "batch_priority": None}, 1234),
    ({"batch_priority": 5, "batch_dry_run": "yes"}, 10),
    ({"batch_priority": 5, "batch_dry_run": 1}, 10),
    ({"batch_priority": 5, "batch_dry_run": "0", "batch_direction": ""}, 5),
    ({"batch_priority": 5, "batch_dry_run": 0, "batch_direction": None}, 5),
    ({"batch_priority": 5, "batch_dry_run": False, "batch_direction": "raise_only"}, 10),
]


def test_the_priority_of_raise(emulator: Emulator, tmp_path: Path) -> None:
    """Each host has answers of its own, and a job of its own; the providers take turns."""
    hosts = {}
    for number, (answers, _wanted) in enumerate(PRIORITIES):
        provider = list(OURS)[number % len(OURS)]
        key = OURS[provider]
        job = job_id(key).replace(provider, f"{provider}{number}")
        seed(emulator, key, job_id=job)
        hosts[f"host-{number}"] = {"queue_connection": connection(emulator, key), "batch_job_id": job, **answers}
    # What is given to all hosts would hide what each of them has.
    done = call(tmp_path, "raise_priority", hosts, form={}, batch_all=True)
    assert done.code == 0, done.output
    found = [emulator.job(t.cast(str, host["batch_job_id"]))["priority"] for host in hosts.values()]
    assert found == [wanted for _answers, wanted in PRIORITIES], done.output


@pytest.mark.parametrize("blank", BLANK, ids=["text", "null"])
def test_raise_without_a_priority(emulator: Emulator, tmp_path: Path, blank: str | None) -> None:
    answers = dict.fromkeys(("batch_priority", "batch_number", "batch_class"), blank)
    done = call(tmp_path, "raise_priority", {"one": queues(emulator)["aws-queue"]}, **answers)
    assert done.code == 2 and "Set batch_priority, batch_number, or batch_class." in done.output
    assert emulator.log() == []


def answers() -> list[str]:
    known = yaml.safe_load((ROOT / "playbooks" / "vars" / "answers.yml").read_text(encoding="utf-8"))
    return [f"batch_{name}" for name in known["batch_answers"]]


@pytest.mark.parametrize("playbook", FORMS)
def test_every_answer_may_be_blank(
    emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str], playbook: str
) -> None:
    """All of them but those without which the playbook has nothing to do; as text and as null, by turns."""
    turn = list(FORMS).index(playbook)
    names = [*answers(), "batch_hosts"]
    key, given = FOREIGN["aws"], {name: BLANK[(turn + number) % 2] for number, name in enumerate(names)}
    needed = {name: value for name, value in FORMS[playbook].items() if name in ("batch_phrase", "batch_class")}
    if playbook == "retry_failed":
        needed = {"batch_job_id": "over-1"}
        row = b"films,good,,succeeded,200,,x\r\n"
        job = {"job_id": "over-1", "tasks_total": 1, "tasks_done": 1}
        Report({"succeeded": row}, job=job).put(Cloud(ACCOUNTS[0], emulator, capsys))
    elif playbook == "wait_for_jobs":
        needed = {"batch_job_id": job_id(key)}
    elif playbook == "checked_job":
        needed = FORMS[playbook]
        put_list(emulator, key)
    seed(
        emulator,
        key,
        status={"confirm": "Suspended", "wait_for_jobs": "Complete"}.get(playbook, "Ready"),
        tasks_done=1000,
    )
    needed |= {"batch_page": str(tmp_path / "q.html")} if playbook == "queue_report" else {}
    host = {"queue_connection": connection(emulator, key, "FOREIGN")}
    done = call(tmp_path, playbook, {"one": host}, **{**given, **needed})
    assert done.code == 0, done.output
    assert emulator.job(job_id(key))["priority"] == {"raise_priority": 4000, "queue_policy": 77}.get(playbook, 10)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"batch_phrase": "   "}, "Set batch_job_id, or set batch_phrase to a phrase of the description."),
        (
            {"batch_phrase": None, "batch_job_id": None},
            "Set batch_job_id, or set batch_phrase to a phrase of the description.",
        ),
        ({"batch_phrase": 4711, "batch_job_id": 4712}, "Both batch_job_id and batch_phrase are set."),
        ({"batch_phrase": 0}, ""),
        ({"batch_phrase": 4711}, ""),
    ],
    ids=str,
)
def test_which_job(emulator: Emulator, tmp_path: Path, form: dict[str, t.Any], words: str) -> None:
    seed(emulator, OURS["cos"], description="case 4711 of 10", status="Ready")
    done = call(tmp_path, "cancel", {"one": queues(emulator)["cos-queue"]}, **form)
    if words:
        assert (done.code, emulator.log()) == (2, []) and words in done.output, done.output
    else:
        assert (done.code, emulator.job(job_id(OURS["cos"]))["status"]) == (0, "Cancelling"), done.output


def test_a_priority_that_cannot_be_names_its_variable(emulator: Emulator, tmp_path: Path) -> None:
    seed(emulator, OURS["aws"])
    form = {"batch_phrase": "", "batch_job_id": job_id(OURS["aws"]), "batch_class": "high"}
    done = call(tmp_path, "raise_priority", {"one": queues(emulator)["aws-queue"]}, **form, batch_number="1e3")
    assert (done.code, emulator.log()) == (2, []), done.output
    text = " ".join(done.output.replace("\\", "").split())
    assert "value of batch_number must be an integer from 0 to 2147483647" in text and '"1e3"' in text, text


@pytest.mark.parametrize(("timeout", "code"), [(0, 2), ("0", 2), ("1s", 2)])
def test_a_time_of_zero_is_no_day(emulator: Emulator, tmp_path: Path, timeout: t.Any, code: int) -> None:
    seed(emulator, OURS["aws"], status="Active")
    done = call(tmp_path, "wait_for_jobs", {"one": queues(emulator)["aws-queue"]}, batch_timeout=timeout)
    assert done.code == code and "(timeout)" in done.output, done.output


@pytest.mark.parametrize("ratio", [0, "0", 0.5, "0.5", "", None], ids=repr)
def test_a_share_of_failed_tasks(emulator: Emulator, tmp_path: Path, ratio: t.Any) -> None:
    seed(emulator, OURS["aws"], status="Complete", tasks_total=10, tasks_done=10, tasks_failed=1)
    form = {"batch_phrase": "", "batch_job_id": job_id(OURS["aws"]), "batch_max_failed_ratio": ratio}
    done = call(tmp_path, "wait_for_jobs", {"one": queues(emulator)["aws-queue"]}, **form)
    assert done.code == (0 if str(ratio) == "0.5" else 2), done.output


@pytest.mark.parametrize("empty", [True, "1", 1, False, "0", 0, "", None], ids=repr)
def test_a_plan_without_moves(emulator: Emulator, tmp_path: Path, empty: t.Any) -> None:
    hosts = {"one": queues(emulator)["oss-queue"]}
    done = call(tmp_path, "queue_plan", hosts, batch_fail_if_empty=empty, queue_policy_unmatched="ignore")
    assert done.code == (2 if empty in (True, "1", 1) else 0), done.output


def test_the_text_of_a_plan_of_many_queues(emulator: Emulator, tmp_path: Path) -> None:
    """Lines are lines, on the screen and in what a message to the approver takes."""
    seed(emulator, *OURS.values())
    done = call(tmp_path, "queue_plan", queues(emulator))
    assert (done.code, writes(emulator)) == (0, []), done.output
    text = json.loads(done.output.partition("CUSTOM STATS:")[2].partition("RUN: ")[2])["objectstore_batch_plan_text"]
    heads = [line for line in text.splitlines() if line.endswith(": priority would change for 1 of 1 live job")]
    assert sorted(line.split()[0] for line in heads) == sorted(OURS)
    assert len(text.splitlines()) == 2 * len(OURS) and "\\n" not in text
    shown = done.output.partition("TASK [Show the plan]")[2].partition("TASK [")[0]
    assert "\\n" not in shown and shown.count("priority would change") == len(OURS)


@pytest.mark.parametrize("rounds", [0, "0"], ids=repr)
def test_no_round_is_no_round(
    emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str], rounds: t.Any
) -> None:
    job = {"job_id": "over-1", "tasks_total": 1, "tasks_done": 1, "tasks_failed": 1}
    row = b"films,lost,,failed,503,SlowDown,x\r\n"
    Report({"failed": row}, job=job).put(Cloud(ACCOUNTS[0], emulator, capsys))
    host = {"queue_connection": connection(emulator, FOREIGN["aws"], "FOREIGN")}
    done = call(tmp_path, "retry_failed", {"one": host}, batch_job_id="over-1", batch_rounds=rounds)
    assert "SlowDown" in done.output and writes(emulator) == [], done.output


def test_every_variable_is_documented() -> None:
    text = (ROOT / "playbooks" / "README.md").read_text(encoding="utf-8")
    read = set(answers()) | {"batch_hosts", "queue_connection", "objectstore_batch_plan_moves"}
    connection_variables = (ROOT / "playbooks" / "vars" / "connection.yml").read_text(encoding="utf-8")
    read |= set(re.findall(r"\bqueue_[a-z_]+", connection_variables))
    left = ("report_page", "report_note", "plan_failed", "apply_failed")
    left += ("checked", "checked_digests", "find", "find_count", "find_searched", "find_failed")
    read |= {f"objectstore_batch_{name}" for name in left}
    named = set(re.findall(r"`((?:batch|queue|objectstore_batch)_[a-z_]+)`", text))
    playbooks = {path.stem for path in (ROOT / "playbooks").glob("*.yml")} - {"awx_setup", "awx_failure"}
    assert named - playbooks == read, named ^ read
    assert (
        playbooks
        == set(FORMS)
        == set(re.findall(r"^\| `([a-z_]+)` \|", text.partition("All playbooks")[0], re.MULTILINE))
    )
