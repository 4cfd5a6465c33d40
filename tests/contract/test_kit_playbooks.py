# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks of the collection, called by their names over an inventory of queues, as people and AWX call them."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import pytest
import yaml

from .clouds import Cloud
from .playbooks import FQCN, Run, run
from .reports import Report
from .test_inventory import ENVIRONMENT, account, seed, write

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

RULES = [{"match": {"description": "restore"}, "class": "urgent"}]


def accounts(emulator: Emulator) -> list[dict[str, t.Any]]:
    return [
        account("AWS_ONE", ["eu-central-1", "us-east-1"], emulator),
        account("COS_ONE", ["ap-guangzhou"], emulator),
        account("OSS_ONE", ["cn-hangzhou"], emulator),
    ]


def call(folder: Path, playbook: str, *words: str, **variables: t.Any) -> Run:
    """Run a playbook by its name; its statistics are printed at the end."""
    (folder / "vars.json").write_text(json.dumps(variables), encoding="utf-8")
    environment = {**ENVIRONMENT, "ANSIBLE_SHOW_CUSTOM_STATS": "true"}
    arguments = ("-e", "@vars.json", *words)
    return run(folder, Path("some.batch_queues.yml"), Path(FQCN + playbook), *arguments, environment=environment)


def stats(done: Run) -> dict[str, t.Any]:
    """What a playbook leaves for the next one."""
    text = done.output.partition("CUSTOM STATS:")[2].partition("RUN: ")[2].strip()
    return t.cast("dict[str, t.Any]", json.loads(text))


def writes(emulator: Emulator) -> list[str]:
    return [entry["operation"] for entry in emulator.log() if entry["write"]]


@pytest.fixture
def folder(emulator: Emulator, tmp_path: Path) -> Path:
    seed(emulator)
    write(tmp_path, accounts(emulator))
    return tmp_path


def test_raise_by_phrase_and_by_id(emulator: Emulator, folder: Path) -> None:
    queue = ("--limit", "aws-111122223333-eu-central-1")
    form = {"batch_phrase": "restore", "batch_job_id": "", "batch_priority": "urgent", "batch_direction": ""}
    dry = call(folder, "raise_priority", *queue, **form, batch_dry_run=True)
    assert (dry.code, writes(emulator)) == (0, []), dry.output
    assert "priority would change from 5 to 4000" in dry.output
    real = call(folder, "raise_priority", *queue, **form, batch_reason="case 4711")
    assert (real.code, emulator.job("aws-restore")["priority"]) == (0, 4000), real.output
    assert "priority changed from 5 to 4000. Reason: case 4711" in real.output
    kept = stats(real)["objectstore_batch_raise"]["aws-111122223333-eu-central-1"]
    assert (kept["changed"], kept["job_id"]) == (True, "aws-restore")
    again = call(folder, "raise_priority", *queue, batch_job_id="aws-restore", batch_phrase="", batch_priority=4000)
    assert again.code == 0 and not stats(again)["objectstore_batch_raise"]["aws-111122223333-eu-central-1"]["changed"]


def test_which_jobs_a_raise_overtakes(emulator: Emulator, folder: Path) -> None:
    """In the output and in the artifact, if requested; on each provider, and before the change in a preview."""
    for provider, job in (("aws", "aws-restore"), ("cos", "cos-1"), ("oss", "oss1=")):
        other = {"aws": "aws-ahead", "cos": "cos-2", "oss": "oss2="}[provider]
        emulator.seed(
            {
                "provider": provider,
                "job_id": other,
                "status": "Ready",
                "priority": 100,
                "frozen": True,
                "description": "x",
            }
        )
        form = {"batch_job_id": job, "batch_phrase": "", "batch_priority": 900}
        where = ("--limit", f"cloud_{provider}:!*us-east-1")
        for answers, named in (({"batch_dry_run": "yes"}, True), ({}, False)):
            wanted = {"batch_report_overtaken": "yes" if named else "", **answers}
            done = call(folder, "raise_priority", *where, **form, **wanted)
            [kept] = stats(done)["objectstore_batch_raise"].values()
            assert done.code == 0 and (other in done.output) == named, done.output
            if named:
                assert [item["job_id"] for item in kept["overtaken"]] == [other]
            else:
                assert kept["overtaken"] in (None, "")
        assert emulator.job(job)["priority"] == 900


@pytest.mark.parametrize("form", [{"batch_job_id": "", "batch_phrase": ""}, {"batch_job_id": "a", "batch_phrase": "b"}])
def test_a_form_without_a_job_or_with_two(emulator: Emulator, folder: Path, form: dict[str, str]) -> None:
    emulator.clear_log()
    done = call(folder, "raise_priority", "--limit", "cloud_cos", **form, batch_priority="high")
    assert done.code == 2 and "No changes were made." in done.output
    assert writes(emulator) == []


def test_a_phrase_is_no_pattern(emulator: Emulator, folder: Path) -> None:
    done = call(folder, "raise_priority", "--limit", "cloud_cos", batch_phrase="rest.*", batch_priority="high")
    assert done.code == 2 and "No live job in " in done.output


def test_confirm_cancel_and_wait(emulator: Emulator, folder: Path) -> None:
    where = ("--limit", "cloud_cos")
    done = call(folder, "confirm", *where, batch_job_id="cos-1", batch_reason="size is right")
    assert (done.code, emulator.job("cos-1")["status"]) == (0, "Ready"), done.output
    done = call(folder, "cancel", *where, batch_job_id="cos-1", batch_reason="")
    assert (done.code, emulator.job("cos-1")["status"]) == (0, "Cancelling"), done.output
    emulator.patch("cos-1", status="Complete", tasks_done=1000)
    done = call(folder, "wait_for_jobs", *where, batch_job_id="cos-1", batch_timeout="", batch_max_failed_ratio="")
    assert done.code == 0 and "cos-1 is Complete" in done.output, done.output


def plan(folder: Path, **more: t.Any) -> Run:
    return call(folder, "queue_plan", queue_policy_rules=RULES, queue_policy_unmatched="ignore", **more)


def apply(folder: Path, artifacts: dict[str, t.Any], **more: t.Any) -> Run:
    given = {"queue_policy_rules": RULES, "queue_policy_unmatched": "ignore", **artifacts, **more}
    return call(folder, "queue_apply", **given)


def test_plan_and_apply(emulator: Emulator, folder: Path) -> None:
    planned = plan(folder)
    assert (planned.code, writes(emulator)) == (0, []), planned.output
    artifacts = stats(planned)
    assert int(artifacts["objectstore_batch_plan_count"]) == 2
    assert artifacts["objectstore_batch_plan_moves"]["cos-100000000001-ap-guangzhou"][0]["to"] == 4000
    assert "4000" in artifacts["objectstore_batch_plan_text"]
    applied = apply(folder, artifacts)
    assert applied.code == 0, applied.output
    assert [emulator.job(job)["priority"] for job in ("aws-restore", "cos-1", "aws-other")] == [4000, 4000, 5]
    nothing = plan(folder)
    assert int(stats(nothing)["objectstore_batch_plan_count"]) == 0 and "No changes are needed" in nothing.output
    assert apply(folder, stats(nothing)).code == 0
    assert plan(folder, batch_fail_if_empty=True).code == 2


@pytest.mark.parametrize("only", ["still_valid", ""])
def test_a_job_that_moved_in_between(emulator: Emulator, folder: Path, only: str) -> None:
    artifacts = stats(plan(folder))
    emulator.patch("cos-1", priority=77)
    emulator.clear_log()
    applied = apply(folder, artifacts, batch_approval_mode=only)
    moved, other = emulator.job("cos-1")["priority"], emulator.job("aws-restore")["priority"]
    if only == "still_valid":
        assert (applied.code, moved, other) == (0, 77, 4000), applied.output
    else:
        # All or nothing counts for each queue; the other one is as it was approved.
        assert (applied.code, moved, other) == (2, 77, 4000), applied.output


def test_apply_without_a_plan(emulator: Emulator, folder: Path) -> None:
    done = apply(folder, {})
    assert done.code == 2 and "No approved plan found." in done.output
    assert writes(emulator) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {
                "batch_step": "apply",
                "objectstore_batch_apply_failed": {"b": "moved", "a": "moved", "c": "away"},
                "objectstore_batch_applied": {"d": "2 jobs", "e": "1 job"},
            },
            "The apply failed.\na, b: moved\nc: away\nThe other queues:\nd: 2 jobs\ne: 1 job",
        ),
        (
            {"batch_step": "plan"},
            "The plan failed. No changes were made.\nThe job did not report a reason. Read its output in",
        ),
        ({"batch_step": "approval", "objectstore_batch_plan_count": 3}, "Number of planned changes: 3."),
        ({}, "batch_step must be plan, approval, or apply."),
    ],
    ids=["apply", "plan", "approval", "none"],
)
def test_why_a_workflow_failed(folder: Path, given: dict[str, t.Any], said: str) -> None:
    done = call(folder, "awx_failure", **given)
    assert done.code == 2 and said in stats(done)["objectstore_batch_failure"], done.output


def test_the_page(emulator: Emulator, folder: Path) -> None:
    """In AWX the file is lost, and the artifact stays."""
    write(folder, [*accounts(emulator), account("AWS_ONE", ["ap-south-1"], emulator)])
    done = call(folder, "queue_report", batch_page=str(folder / "q.html"), batch_title="Nightly")
    assert done.code == 0, done.output
    page, kept = (folder / "q.html").read_text(encoding="utf-8"), stats(done)
    assert "<h1>Nightly</h1>" in page and kept["objectstore_batch_report_note"] == ""
    # The time of a page is that of its rendering.
    assert re.sub("As of .*?UTC", "", kept["objectstore_batch_report_page"]) == re.sub("As of .*?UTC", "", page)
    # The queue has no job that could name its place.
    assert "aws-111122223333-ap-south-1 (aws 111122223333 ap-south-1)\n" in kept["objectstore_batch_report_text"]
    assert '<p class="soft">aws 111122223333 ap-south-1</p>\n<p>No jobs.</p>' in page


def test_a_page_that_is_too_large(emulator: Emulator, folder: Path) -> None:
    emulator.seed(
        {"provider": "aws", "region": "us-east-1", "job_id": "aws-over", "status": "Complete", "frozen": True}
    )
    done = call(folder, "queue_report", batch_page=str(folder / "q.html"), batch_page_limit=4000, batch_ended="no")
    page, kept = (folder / "q.html").read_text(encoding="utf-8"), stats(done)
    assert done.code == 0 and "aws-other" in page and "aws-over" not in page, done.output
    assert kept["objectstore_batch_report_page"] == "" and "aws-other" in kept["objectstore_batch_report_text"]
    note = kept["objectstore_batch_report_note"]
    assert f"it has {len(json.dumps(page))} bytes, and batch_page_limit is 4000." in note and note in done.output


def test_retry(emulator: Emulator, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from .clouds import ACCOUNTS

    row = b"films,lost,,failed,403,AccessDenied,x\r\n"
    job = {"job_id": "over-1", "tasks_done": 1, "tasks_failed": 1}
    Report({"failed": row}, job=job).put(Cloud(ACCOUNTS[0], emulator, capsys))
    done = call(
        folder, "retry_failed", "--limit", "aws-111122223333-eu-central-1", batch_job_id="over-1", batch_retry_class=""
    )
    # The run has left its result before it says by its end that an object failed for good.
    said = "1 object of job over-1 in aws-111122223333-eu-central-1 failed permanently: films/lost (AccessDenied)."
    assert done.code == 2 and said in done.output, done.output
    kept = stats(done)["objectstore_batch_retry"]["aws-111122223333-eu-central-1"]
    assert kept["failed_for_good_count"] == 1


def test_every_playbook_is_small_and_says_what_it_takes() -> None:
    from .playbooks import ROOT

    found = sorted((ROOT / "playbooks").glob("*.yml"))
    assert len(found) >= 8
    for path in found:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 80, path.name
        assert len(yaml.safe_load(text)) == 1
