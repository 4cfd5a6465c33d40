# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role urgent_lane where something stands in its way, and how it puts a job back later."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from .clouds import own_id
from .playbooks import Run, play
from .test_playbooks import CLOUDS
from .test_urgent_lane import hosts_of, lay_out, priorities, role

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

UP = {cloud: [510, 500, 20] for cloud in CLOUDS}
DOWN = {cloud: [10, 500, 20] for cloud in CLOUDS}


def run(emulator: Emulator, folder: Path, *words: str, attempts: int = 6, **variables: t.Any) -> Run:
    """Run the role on all clouds, by default without a wait that takes time."""
    hosts = hosts_of(emulator)
    for host in hosts.values():
        host["connection"]["max_attempts"] = attempts
    return play(folder, role(folder, **{"timeout": 0, **variables}), hosts, *words)


def restore(emulator: Emulator, folder: Path, *words: str, **variables: t.Any) -> Run:
    return run(emulator, folder, *words, restore=True, **variables)


def raised(emulator: Emulator, folder: Path, **variables: t.Any) -> None:
    """Leave each urgent job up, with a note."""
    lay_out(emulator)
    done = run(emulator, folder, wait=False, **variables)
    assert (done.code, priorities(emulator), notes(folder)) == (0, UP, len(CLOUDS)), done.output


def notes(folder: Path) -> int:
    return len(list((folder / "notes").iterdir())) if (folder / "notes").exists() else 0


def urgent(emulator: Emulator, cloud: str) -> str:
    return t.cast(str, emulator.jobs(provider=cloud)[0]["job_id"])


def said(done: Run) -> str:
    return " ".join(done.output.replace("\\n", " ").split())


def test_a_queue_in_which_every_priority_is_zero(emulator: Emulator, tmp_path: Path) -> None:
    lay_out(emulator)
    for job in emulator.jobs():
        emulator.patch(job["job_id"], priority=0)
    done = run(emulator, tmp_path, wait=False)
    assert (done.code, priorities(emulator)) == (0, {cloud: [10, 0, 0] for cloud in CLOUDS}), done.output


def test_a_job_alone_in_its_queue(emulator: Emulator, tmp_path: Path) -> None:
    lay_out(emulator)
    for job in emulator.jobs():
        if "urgent" not in job["description"]:
            emulator.patch(job["job_id"], status="Complete")
    done = run(emulator, tmp_path, wait=False)
    assert (done.code, priorities(emulator)) == (0, DOWN), done.output


# Suspended jobs.


@pytest.mark.parametrize("words", [(), ("--check",)], ids=str)
@pytest.mark.parametrize("wait", [True, False])
def test_a_suspended_job_is_refused(emulator: Emulator, tmp_path: Path, words: tuple[str, ...], wait: bool) -> None:
    lay_out(emulator)
    for cloud in CLOUDS:
        emulator.patch(urgent(emulator, cloud), status="Suspended")
    done = run(emulator, tmp_path, *words, wait=wait)
    assert (done.code, priorities(emulator), notes(tmp_path)) == (2, DOWN, 0)
    assert said(done).count("is Suspended: it does not start before it is confirmed. Confirm it") >= len(CLOUDS)


def test_a_suspended_job_that_is_raised_all_the_same(emulator: Emulator, tmp_path: Path) -> None:
    lay_out(emulator)
    for cloud in CLOUDS:
        emulator.patch(urgent(emulator, cloud), status="Suspended")
    done = run(emulator, tmp_path, wait=False, suspended="wait")
    assert (done.code, priorities(emulator)) == (0, UP), done.output
    shown = done.output.partition("TASK [objectstore.batch.urgent_lane : Say whom it overtook]")[2]
    assert said(Run(0, shown, {})).count("It is Suspended: ") == len(CLOUDS), done.output
    # A run that does not bear with it puts the job back at once.
    again = run(emulator, tmp_path, timeout=3600)
    assert (again.code, priorities(emulator), notes(tmp_path)) == (2, DOWN, 0), again.output
    assert said(again).count("will not move without a confirmation") >= len(CLOUDS)


# Doubt.


def test_the_note_is_kept_while_the_raise_may_still_land(emulator: Emulator, tmp_path: Path) -> None:
    """The job is found where it was, and the write lands after the role has ended."""
    lay_out(emulator)
    for cloud in CLOUDS:
        emulator.fault("late_write", provider=cloud, operation="UpdateJobPriority", seconds=3600)
    done = run(emulator, tmp_path, attempts=1)
    assert (done.code, priorities(emulator), notes(tmp_path)) == (2, DOWN, len(CLOUDS)), done.output
    assert said(done).count("The result of the raise is unknown") == len(CLOUDS)
    emulator.release(count=None)
    assert priorities(emulator) == UP
    back = restore(emulator, tmp_path)
    assert (back.code, priorities(emulator), notes(tmp_path)) == (0, DOWN, 0), back.output


def test_the_note_is_kept_if_the_number_could_not_be_given_back(emulator: Emulator, tmp_path: Path) -> None:
    lay_out(emulator)
    for cloud in CLOUDS:
        emulator.fault("late_write", provider=cloud, operation="UpdateJobPriority", seconds=3600, skip=1)
    done = run(emulator, tmp_path, attempts=1)
    assert (done.code, priorities(emulator), notes(tmp_path)) == (2, UP, len(CLOUDS)), done.output
    back = restore(emulator, tmp_path)
    assert (back.code, priorities(emulator), notes(tmp_path)) == (0, DOWN, 0), back.output


def test_a_raise_that_was_never_sent_leaves_no_note(emulator: Emulator, tmp_path: Path) -> None:
    """What is refused while the job is read is no doubt."""
    lay_out(emulator)
    for cloud in CLOUDS:
        # The role reads the job and the queue first; the third request is the first one of the raise.
        emulator.fault("denied", provider=cloud, skip=2)
    done = run(emulator, tmp_path)
    assert (done.code, priorities(emulator), notes(tmp_path)) == (2, DOWN, 0), done.output
    assert "The result of the raise is unknown" not in said(done)


# Back now.


@pytest.mark.parametrize("by", ["select", "job_id"])
@pytest.mark.parametrize("status", ["Ready", "Active", "Complete", "Cancelled"])
def test_back_now(emulator: Emulator, tmp_path: Path, by: str, status: str) -> None:
    """While the job runs, and after its end, when only the note goes; each cloud has its note in the same directory."""
    job = {} if by == "select" else {"job_id": "{{ own }}", "select": {}}
    lay_out(emulator)
    hosts = hosts_of(emulator)
    for cloud, host in hosts.items():
        host["own"] = own_id(cloud, f"{cloud}-urgent")
    up = play(tmp_path, role(tmp_path, wait=False, **job), hosts)
    assert (up.code, priorities(emulator)) == (0, UP), up.output
    for cloud in CLOUDS:
        emulator.patch(urgent(emulator, cloud), status=status)
    ended = status in ("Complete", "Cancelled")
    dry = play(tmp_path, role(tmp_path, restore=True, **job), hosts, "--check")
    assert (dry.code, priorities(emulator), notes(tmp_path)) == (0, UP, len(CLOUDS)), dry.output
    assert said(dry).count("The note would be removed.") == len(CLOUDS)
    done = play(tmp_path, role(tmp_path, restore=True, **job), hosts)
    assert (done.code, priorities(emulator), notes(tmp_path)) == (0, UP if ended else DOWN, 0), done.output
    assert {host: counts["changed"] for host, counts in done.recap.items()} == dict.fromkeys(CLOUDS, int(not ended))
    assert said(done).count("The note was removed.") == len(CLOUDS)
    if by == "job_id" or not ended:
        again = play(tmp_path, role(tmp_path, restore=True, **job), hosts)
        assert again.code == 0 and said(again).count("Nothing is noted of job") == len(CLOUDS), again.output


def test_back_by_the_id_or_the_select_of_another_run(emulator: Emulator, tmp_path: Path) -> None:
    """A note that was made by select is found by the ID, but an empty select is no job at all."""
    raised(emulator, tmp_path)
    hosts = hosts_of(emulator)
    for cloud, host in hosts.items():
        host["own"] = own_id(cloud, f"{cloud}-urgent")
    for form in ({"select": {}}, {"select": {}, "job_id": ""}, {"select": None}):
        empty = play(tmp_path, role(tmp_path, restore=True, **form), hosts)
        assert empty.code == 2 and "Set urgent_lane_job_id or urgent_lane_select." in said(empty), empty.output
    done = play(tmp_path, role(tmp_path, restore=True, job_id="{{ own }}"), hosts)
    assert (done.code, priorities(emulator), notes(tmp_path)) == (0, DOWN, 0), done.output


def test_a_job_that_another_user_has_changed(emulator: Emulator, tmp_path: Path) -> None:
    raised(emulator, tmp_path)
    for cloud in CLOUDS:
        emulator.patch(urgent(emulator, cloud), priority=33)
    done = restore(emulator, tmp_path)
    assert (done.code, notes(tmp_path)) == (2, len(CLOUDS)), done.output
    assert priorities(emulator) == {cloud: [33, 500, 20] for cloud in CLOUDS}


def test_a_job_that_has_its_number_already(emulator: Emulator, tmp_path: Path) -> None:
    raised(emulator, tmp_path)
    for cloud in CLOUDS:
        emulator.patch(urgent(emulator, cloud), priority=10)
    done = restore(emulator, tmp_path)
    assert (done.code, notes(tmp_path), priorities(emulator)) == (0, 0, DOWN), done.output


@pytest.mark.parametrize(
    ("form", "words", "code"),
    [
        ({"job_id": "nobody1", "select": {}}, "The provider does not know job nobody1 in this queue.", 2),
        ({"select": {"description": "nobody"}}, "select matches no live job", 2),
        ({"select": {"description": "urg"}}, "Nothing is noted of job", 0),
    ],
    ids=str,
)
def test_nothing_to_give_back(
    emulator: Emulator, tmp_path: Path, form: dict[str, t.Any], words: str, code: int
) -> None:
    lay_out(emulator)
    done = restore(emulator, tmp_path, **form)
    assert done.code == code and said(done).count(words) >= len(CLOUDS), done.output
    assert priorities(emulator) == DOWN


def test_two_jobs_of_one_select(emulator: Emulator, tmp_path: Path) -> None:
    """The first has ended and was never put back; the second one fits the same select."""
    raised(emulator, tmp_path)
    for cloud in CLOUDS:
        first, second = (emulator.jobs(provider=cloud)[number]["job_id"] for number in (0, 2))
        emulator.patch(first, status="Complete")
        emulator.patch(second, description="urgent copy")
    assert run(emulator, tmp_path, wait=False).code == 0
    done = restore(emulator, tmp_path)
    assert (done.code, notes(tmp_path)) == (2, 2 * len(CLOUDS)), done.output
    assert said(done).count("Several jobs were raised with this select:") >= len(CLOUDS)


@pytest.mark.parametrize("lost", [0, 1, len(CLOUDS)], ids=["all", "some", "none"])
def test_how_it_ends(emulator: Emulator, tmp_path: Path, lost: int) -> None:
    """If every queue has such a job, if some have, and if none has; with the default note directory."""
    lay_out(emulator)
    for cloud in CLOUDS[:lost]:
        emulator.patch(urgent(emulator, cloud), description="something else")
    own = {"notes": "{{ lookup('env', 'HOME') }}/.ansible/urgent_lane", "progress": False}
    done = run(emulator, tmp_path, wait=False, **own)
    assert done.code == (2 if lost else 0), done.output
    assert {name for name, counts in done.recap.items() if counts["failed"]} == set(CLOUDS[:lost])
    assert priorities(emulator) == {cloud: [10 if cloud in CLOUDS[:lost] else 510, 500, 20] for cloud in CLOUDS}
    kept = tmp_path / ".ansible" / "urgent_lane"
    assert len(list(kept.iterdir()) if kept.exists() else []) == len(CLOUDS) - lost
