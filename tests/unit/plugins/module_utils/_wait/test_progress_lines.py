# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines that a person sees while a task waits."""

from __future__ import annotations

import json

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._core.batch_jobs import Job, Progress
from ansible_collections.objectstore.batch.plugins.module_utils._core.errors import Failure
from ansible_collections.objectstore.batch.plugins.module_utils._core.statuses import STATUSES
from ansible_collections.objectstore.batch.plugins.module_utils._wait.progress_lines import (
    WIDTH,
    Watch,
    announce,
    short_names,
    show_count,
)
from ansible_collections.objectstore.batch.plugins.module_utils._wait.wait_conditions import (
    WaitCondition,
    evaluate,
    missing,
)

UUIDS = [f"{number:08x}-5e6c-4b7a-9f3a-000000000001" for number in (0x6F1F7FF1, 0x0A, 0x0B)]
BILLIONS = 20_000_000_000


def verdict(job_id=UUIDS[0], status="Active", total=1000, done=450, failed=0):
    progress = Progress(total, None if done is None else done - failed, None if done is None else failed)
    return evaluate(Job(job_id, status, progress=progress), WaitCondition(suspended="wait"))


def look(watch, now, *verdicts, label="[aws] ", rare=False):
    watch.note([item.job for item in verdicts], now)
    return watch.lines(verdicts, now, 3600, label, rare)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (99_999, "99999"),
        (100_000, "100.0k"),
        (999_949, "999.9k"),
        (999_951, "1.0M"),
        (12_345_678, "12.3M"),
        (BILLIONS, "20.0G"),
        (10**13, "10000G"),
    ],
)
def test_counts_are_short(number, text):
    assert show_count(number) == text
    assert len(text) <= 6


def test_names_tell_jobs_apart():
    assert short_names(UUIDS, 20) == {job_id: job_id[:8] for job_id in UUIDS}
    assert short_names(["job-1", "job-2"], 20) == {"job-1": "job-1", "job-2": "job-2"}
    close = ["aws-restore-of-2024-01", "aws-restore-of-2024-02"]
    assert short_names(close, 22) == {job_id: job_id for job_id in close}
    assert list(short_names(close, 12).values()) == ["aws-r..24-01", "aws-r..24-02"]
    assert short_names([], 20) == {}


def test_a_line_when_something_changed_and_none_when_nothing_did():
    watch = Watch()
    assert look(watch, 0, verdict()) == ["[aws] 6f1f7ff1  Active       45 %  450/1000, 0 failed"]
    assert look(watch, 10, verdict()) == []
    assert look(watch, 20, verdict(done=650, failed=7)) == [
        "[aws] 6f1f7ff1  Active       65 %  650/1000, 7 failed  10/s  35s left"
    ]
    assert look(watch, 30, verdict(status="Complete", done=1000, failed=12)) == [
        "[aws] 6f1f7ff1  Complete    100 %  1000/1000, 12 failed  result partial"
    ]


def test_only_the_jobs_that_changed_and_where_all_are():
    watch = Watch()
    first = [verdict(job_id, "Ready", done=0) for job_id in UUIDS]
    assert look(watch, 0, *first)[-1] == "[aws] 0 of 3 done: 3 Ready; waited 0s of 1h00m"
    lines = look(watch, 10, first[0], verdict(UUIDS[1], "Active", done=0), first[2])
    assert lines == [
        "[aws] 0000000a  Active        0 %  0/1000, 0 failed",
        "[aws] 0 of 3 done: 1 Active, 2 Ready; waited 10s of 1h00m",
    ]


def test_silence_is_broken_now_and_then():
    watch = Watch()
    look(watch, 0, verdict(status="Ready", done=0))
    assert look(watch, 299, verdict(status="Ready", done=0)) == []
    assert look(watch, 300, verdict(status="Ready", done=0)) == ["[aws] 0 of 1 done: 1 Ready; waited 5m00s of 1h00m"]
    assert look(watch, 310, verdict(status="Ready", done=0)) == []


def test_without_a_terminal_only_a_status_is_news():
    watch = Watch()
    jobs = [verdict(UUIDS[0], done=0), verdict(UUIDS[1], "Ready", done=0)]
    assert len(look(watch, 0, *jobs, rare=True)) == 3
    for now in range(10, 300, 10):
        assert look(watch, now, verdict(UUIDS[0], done=now), jobs[1], rare=True) == []
    five = look(watch, 300, verdict(UUIDS[0], done=300), jobs[1], rare=True)
    assert [line.partition("  ")[0] for line in five] == [
        "[aws] 6f1f7ff1",
        "[aws] 0 of 2 done: 1 Active, 1 Ready; waited 5m00s of 1h00m",
    ]
    assert look(watch, 310, verdict(UUIDS[0], done=310), jobs[1], rare=True) == []
    ended = look(watch, 320, verdict(UUIDS[0], "Complete", done=1000), jobs[1], rare=True)
    assert ended[0] == "[aws] 6f1f7ff1  Complete    100 %  1000/1000, 0 failed  result full"
    assert look(watch, 330, verdict(UUIDS[0], "Complete", done=1000), verdict(UUIDS[1], done=0), rare=True)[
        0
    ].startswith("[aws] 0000000a  Active")


@pytest.mark.parametrize("rare", [False, True])
def test_looks_that_fail(rare):
    watch = Watch()
    shown = [now for now in range(0, 900, 60) if watch.trouble("no connection", now, "[aws] ", rare)]
    assert shown == (list(range(0, 900, 300)) if rare else list(range(0, 900, 60)))
    again = Watch(**json.loads(json.dumps(watch.__dict__)))
    assert bool(again.trouble("no connection", 900, "", rare)) is True


def test_two_hundred_jobs_are_cut_to_the_news():
    watch = Watch()
    ids = [f"{number:08x}-5e6c-4b7a" for number in range(200)]
    look(watch, 0, *[verdict(job_id, done=1) for job_id in ids])
    moved = [verdict(job_id, "Complete" if job_id == ids[150] else "Active", done=2) for job_id in ids]
    lines = look(watch, 10, *moved)
    assert len(lines) == 22
    assert lines[0].startswith("[aws] 00000096  Complete")
    assert lines[20] == "[aws] ... and 180 more changed"
    assert lines[21].startswith("[aws] 1 of 200 done: 1 Complete, 199 Active")


def test_rate_and_time_left_come_from_the_last_looks():
    watch = Watch()
    for now in range(0, 100, 10):
        look(watch, now, verdict(done=now))
    assert len(watch.samples[UUIDS[0]]) == 6
    assert look(watch, 100, verdict(done=160))[0].endswith("160/1000, 0 failed  2.2/s  6m22s left")
    paused = look(watch, 110, verdict(status="Paused", done=160))[0]
    assert paused.endswith("0 failed"), "a paused job has no rate, and its pause slows down none"
    assert look(watch, 200, verdict(done=160))[0].endswith("0 failed")
    assert "  0.5/s" in look(watch, 210, verdict(done=165))[0]
    assert "  <0.1/s" in look(Watch(samples={UUIDS[0]: [[0, 1]]}), 99, verdict(done=2))[0]


def test_a_count_that_was_unknown_is_not_zero():
    watch = Watch()
    look(watch, 0, verdict(done=None, total=None))
    assert look(watch, 10, verdict(done=500))[0].endswith("500/1000, 0 failed")


def test_the_timer_of_the_provider_counts_more_than_the_polls():
    watch = Watch(samples={UUIDS[0]: [[0, 1]]})
    progress = Progress(1000, 450, 0)
    timed = [
        evaluate(Job(UUIDS[0], status, progress=progress, active_seconds=45), WaitCondition())
        for status in ("Active", "Paused")
    ]
    assert look(watch, 10, timed[0])[0].endswith("0 failed  10/s  55s left")
    assert look(watch, 20, timed[1])[0].endswith("0 failed")


def test_a_missing_total_is_not_divided_by():
    watch = Watch()
    assert look(watch, 0, verdict(total=None, done=5)) == ["[aws] 6f1f7ff1  Active             5 tasks, 0 failed"]
    assert look(watch, 10, verdict(total=None, done=105)) == [
        "[aws] 6f1f7ff1  Active             105 tasks, 0 failed  10/s"
    ]
    assert look(watch, 20, verdict(status="New", total=None, done=None)) == ["[aws] 6f1f7ff1  New"]
    assert look(watch, 30, verdict(total=0, done=0))[0].endswith("0/0, 0 failed")


def test_a_missing_job_has_a_line():
    watch = Watch()
    absent = missing("no-such-job", Failure("not_found", "unknown"))
    assert watch.lines([absent], 0, 60, "[aws] ") == ["[aws] no-such-job  not_found"]


@pytest.mark.parametrize("label", ["", "[aws] ", "[a-host-with-a-very-long-name.example.com] "])
@pytest.mark.parametrize("job_id", [UUIDS[0], "x" * 64, "restore"])
def test_everything_fits_into_80_columns(label, job_id):
    for status in [*STATUSES, "AStatusThatNobodyKnowsYet" * 4]:
        watch = Watch()
        others = [verdict(f"{'x' * 63}{number}", status) for number in range(3)]
        lines = look(watch, 0, verdict(job_id, status, BILLIONS, 1_000_000_000, 9), *others, label=label)
        lines += look(watch, 9999, verdict(job_id, status, BILLIONS, 12_345_678_901, 123_456_789), *others, label=label)
        lines += announce([job_id], "Completing or Cancelling", 9e6, label)
        lines += watch.trouble("ListJobs: " + "w " * 99, 0, label)
        assert max(map(len, lines)) <= WIDTH == 80
        assert all(line.isprintable() and line.isascii() for line in lines)


def test_a_wait_begins_with_its_jobs_its_timeout_and_how_to_stop_it():
    assert announce(["job-1"], "completion", 90, "[aws] ") == [
        "[aws] Job job-1",
        "[aws] Waiting for completion (timeout: 1m30s)",
        "[aws] Press Ctrl+C to stop waiting. The job keeps running.",
    ]
    assert announce(["job-1", "job-2"], "status Ready or Active", 7200, "") == [
        "Waiting for status Ready or Active of 2 jobs (timeout: 2h00m)",
        "Press Ctrl+C to stop waiting. The jobs keep running.",
    ]


def test_the_watch_survives_the_way_through_json():
    watch = Watch()
    look(watch, 0, verdict())
    again = Watch(**json.loads(json.dumps(watch.__dict__)))
    assert again == watch
    assert look(again, 10, verdict()) == []
