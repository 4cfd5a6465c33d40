# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role expedite_job where something stands in its way, and how it puts a job back later."""

from __future__ import annotations

import typing as t
import zlib
from pathlib import Path

import pytest

from .clouds import own_id
from .playbooks import Run, play
from .test_expedite_job import hosts_of, lay_out, priorities, role
from .test_playbooks import CLOUDS

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow


@pytest.fixture
def clouds(request: pytest.FixtureRequest) -> list[str]:
    """One cloud for a test, in turn: the role asks nothing of the cloud; two tests below run it on all of them."""
    number = zlib.crc32(request.node.name.encode())
    return [CLOUDS[number % len(CLOUDS)]]


def above(clouds: t.Sequence[str]) -> dict[str, list[int]]:
    return {cloud: [510, 500, 20] for cloud in clouds}


def below(clouds: t.Sequence[str]) -> dict[str, list[int]]:
    return {cloud: [10, 500, 20] for cloud in clouds}


def run(
    emulator: Emulator, clouds: t.Sequence[str], folder: Path, *words: str, attempts: int = 6, **variables: t.Any
) -> Run:
    """Run the role on all clouds, by default without a wait that takes time."""
    hosts = hosts_of(emulator, clouds)
    for host in hosts.values():
        host["connection"]["max_attempts"] = attempts
    return play(folder, role(folder, **{"timeout": 0, **variables}), hosts, *words)


def restore(emulator: Emulator, clouds: t.Sequence[str], folder: Path, *words: str, **variables: t.Any) -> Run:
    return run(emulator, clouds, folder, *words, restore=True, **variables)


def raised(emulator: Emulator, clouds: t.Sequence[str], folder: Path, **variables: t.Any) -> None:
    """Leave each urgent job up, with a note."""
    lay_out(emulator)
    done = run(emulator, clouds, folder, wait=False, **variables)
    assert (done.code, priorities(emulator, clouds), notes(folder)) == (0, above(clouds), len(clouds)), done.output


def notes(folder: Path) -> int:
    return len(list((folder / "notes").iterdir())) if (folder / "notes").exists() else 0


def urgent(emulator: Emulator, cloud: str) -> str:
    return t.cast(str, emulator.jobs(provider=cloud)[0]["job_id"])


def said(done: Run) -> str:
    return " ".join(done.output.replace("\\n", " ").split())


def test_a_queue_in_which_every_priority_is_zero(emulator: Emulator, tmp_path: Path, clouds: list[str]) -> None:
    lay_out(emulator)
    for job in emulator.jobs():
        emulator.patch(job["job_id"], priority=0)
    done = run(emulator, clouds, tmp_path, wait=False)
    assert (done.code, priorities(emulator, clouds)) == (0, {cloud: [10, 0, 0] for cloud in clouds}), done.output


def test_a_job_alone_in_its_queue(emulator: Emulator, tmp_path: Path, clouds: list[str]) -> None:
    lay_out(emulator)
    for job in emulator.jobs():
        if "urgent" not in job["description"]:
            emulator.patch(job["job_id"], status="Complete")
    done = run(emulator, clouds, tmp_path, wait=False)
    assert (done.code, priorities(emulator, clouds)) == (0, below(clouds)), done.output


# Suspended jobs.


@pytest.mark.parametrize("words", [(), ("--check",)], ids=str)
@pytest.mark.parametrize("wait", [True, False])
def test_a_suspended_job_is_refused(
    emulator: Emulator, tmp_path: Path, clouds: list[str], words: tuple[str, ...], wait: bool
) -> None:
    lay_out(emulator)
    for cloud in clouds:
        emulator.patch(urgent(emulator, cloud), status="Suspended")
    done = run(emulator, clouds, tmp_path, *words, wait=wait)
    assert (done.code, priorities(emulator, clouds), notes(tmp_path)) == (2, below(clouds), 0)
    assert said(done).count("is Suspended, so it does not start before it is confirmed. Confirm it") >= len(clouds)


def test_a_suspended_job_that_is_raised_all_the_same(emulator: Emulator, tmp_path: Path, clouds: list[str]) -> None:
    lay_out(emulator)
    for cloud in clouds:
        emulator.patch(urgent(emulator, cloud), status="Suspended")
    done = run(emulator, clouds, tmp_path, wait=False, suspended="wait")
    assert (done.code, priorities(emulator, clouds)) == (0, above(clouds)), done.output
    shown = done.output.partition("TASK [objectstore.batch.expedite_job : List the overtaken jobs]")[2]
    assert said(Run(0, shown, {})).count("It is Suspended: ") == len(clouds), done.output
    # A run that does not bear with it puts the job back at once.
    again = run(emulator, clouds, tmp_path, timeout=3600)
    assert (again.code, priorities(emulator, clouds), notes(tmp_path)) == (2, below(clouds), 0), again.output
    assert said(again).count("is Suspended and awaiting confirmation") >= len(clouds)


# Doubt.


def test_the_note_is_kept_while_the_raise_may_still_land(emulator: Emulator, tmp_path: Path, clouds: list[str]) -> None:
    """The job is found where it was, and the write lands after the role has ended."""
    lay_out(emulator)
    for cloud in clouds:
        emulator.fault("late_write", provider=cloud, operation="UpdateJobPriority", seconds=3600)
    done = run(emulator, clouds, tmp_path, attempts=1)
    assert (done.code, priorities(emulator, clouds), notes(tmp_path)) == (2, below(clouds), len(clouds)), done.output
    assert said(done).count("Result unknown: job ") == len(clouds)
    emulator.release(count=None)
    assert priorities(emulator, clouds) == above(clouds)
    back = restore(emulator, clouds, tmp_path)
    assert (back.code, priorities(emulator, clouds), notes(tmp_path)) == (0, below(clouds), 0), back.output


def test_the_note_is_kept_if_the_number_could_not_be_given_back(
    emulator: Emulator, tmp_path: Path, clouds: list[str]
) -> None:
    lay_out(emulator)
    for cloud in clouds:
        emulator.fault("late_write", provider=cloud, operation="UpdateJobPriority", seconds=3600, skip=1)
    done = run(emulator, clouds, tmp_path, attempts=1)
    assert (done.code, priorities(emulator, clouds), notes(tmp_path)) == (2, above(clouds), len(clouds)), done.output
    back = restore(emulator, clouds, tmp_path)
    assert (back.code, priorities(emulator, clouds), notes(tmp_path)) == (0, below(clouds), 0), back.output


def test_a_raise_that_was_never_sent_leaves_no_note(emulator: Emulator, tmp_path: Path, clouds: list[str]) -> None:
    """What is refused while the job is read is no doubt."""
    lay_out(emulator)
    for cloud in clouds:
        # The role reads the job and the queue first; the third request is the first one of the raise.
        emulator.fault("denied", provider=cloud, skip=2)
    done = run(emulator, clouds, tmp_path)
    assert (done.code, priorities(emulator, clouds), notes(tmp_path)) == (2, below(clouds), 0), done.output
    assert "Result unknown: job " not in said(done)


# Back now.


@pytest.mark.parametrize(
    ("by", "status"), [("select", "Ready"), ("job_id", "Active"), ("select", "Complete"), ("job_id", "Cancelled")]
)
def test_back_now(emulator: Emulator, tmp_path: Path, clouds: list[str], by: str, status: str) -> None:
    """While the job runs, and after its end, when only the note goes; each cloud has its note in the same directory."""
    clouds = CLOUDS if status == "Ready" else clouds
    job = {} if by == "select" else {"job_id": "{{ own }}", "select": {}}
    lay_out(emulator)
    hosts = hosts_of(emulator, clouds)
    for cloud, host in hosts.items():
        host["own"] = own_id(cloud, f"{cloud}-urgent")
    up = play(tmp_path, role(tmp_path, wait=False, **job), hosts)
    assert (up.code, priorities(emulator, clouds)) == (0, above(clouds)), up.output
    for cloud in clouds:
        emulator.patch(urgent(emulator, cloud), status=status)
    ended = status in ("Complete", "Cancelled")
    dry = play(tmp_path, role(tmp_path, restore=True, **job), hosts, "--check")
    assert (dry.code, priorities(emulator, clouds), notes(tmp_path)) == (0, above(clouds), len(clouds)), dry.output
    assert said(dry).count("The note would be deleted.") == len(clouds)
    done = play(tmp_path, role(tmp_path, restore=True, **job), hosts)
    assert (done.code, priorities(emulator, clouds), notes(tmp_path)) == (
        0,
        above(clouds) if ended else below(clouds),
        0,
    ), done.output
    assert {host: counts["changed"] for host, counts in done.recap.items()} == dict.fromkeys(clouds, int(not ended))
    assert said(done).count("The note was deleted.") == len(clouds)
    if by == "job_id" or not ended:
        again = play(tmp_path, role(tmp_path, restore=True, **job), hosts)
        assert again.code == 0 and said(again).count("No note found for job") == len(clouds), again.output


def test_back_by_the_id_or_the_select_of_another_run(emulator: Emulator, tmp_path: Path, clouds: list[str]) -> None:
    """A note that was made by select is found by the ID, but an empty select is no job at all."""
    raised(emulator, clouds, tmp_path)
    hosts = hosts_of(emulator, clouds)
    for cloud, host in hosts.items():
        host["own"] = own_id(cloud, f"{cloud}-urgent")
    for form in ({"select": {}}, {"select": {}, "job_id": ""}, {"select": None}):
        empty = play(tmp_path, role(tmp_path, restore=True, **form), hosts)
        assert empty.code == 2 and "Set expedite_job_job_id or expedite_job_select." in said(empty), empty.output
    done = play(tmp_path, role(tmp_path, restore=True, job_id="{{ own }}"), hosts)
    assert (done.code, priorities(emulator, clouds), notes(tmp_path)) == (0, below(clouds), 0), done.output


def test_a_job_that_another_user_has_changed(emulator: Emulator, tmp_path: Path, clouds: list[str]) -> None:
    raised(emulator, clouds, tmp_path)
    for cloud in clouds:
        emulator.patch(urgent(emulator, cloud), priority=33)
    done = restore(emulator, clouds, tmp_path)
    assert (done.code, notes(tmp_path)) == (2, len(clouds)), done.output
    assert priorities(emulator, clouds) == {cloud: [33, 500, 20] for cloud in clouds}


def test_a_job_that_has_its_number_already(emulator: Emulator, tmp_path: Path, clouds: list[str]) -> None:
    raised(emulator, clouds, tmp_path)
    for cloud in clouds:
        emulator.patch(urgent(emulator, cloud), priority=10)
    done = restore(emulator, clouds, tmp_path)
    assert (done.code, notes(tmp_path), priorities(emulator, clouds)) == (0, 0, below(clouds)), done.output


@pytest.mark.parametrize(
    ("form", "words", "code"),
    [
        ({"job_id": "nobody1", "select": {}}, "Job nobody1 was not found in ", 2),
        ({"select": {"description": "nobody"}}, "No live job in ", 2),
        ({"select": {"description": "urg"}}, "No note found for job", 0),
    ],
    ids=str,
)
def test_nothing_to_give_back(
    emulator: Emulator, tmp_path: Path, clouds: list[str], form: dict[str, t.Any], words: str, code: int
) -> None:
    lay_out(emulator)
    done = restore(emulator, clouds, tmp_path, **form)
    assert done.code == code and said(done).count(words) >= len(clouds), done.output
    assert priorities(emulator, clouds) == below(clouds)


def test_two_jobs_of_one_select(emulator: Emulator, tmp_path: Path, clouds: list[str]) -> None:
    """The first has ended and was never put back; the second one fits the same select."""
    raised(emulator, clouds, tmp_path)
    for cloud in clouds:
        first, second = (emulator.jobs(provider=cloud)[number]["job_id"] for number in (0, 2))
        emulator.patch(first, status="Complete")
        emulator.patch(second, description="urgent copy")
    assert run(emulator, clouds, tmp_path, wait=False).code == 0
    done = restore(emulator, clouds, tmp_path)
    assert (done.code, notes(tmp_path)) == (2, 2 * len(clouds)), done.output
    assert said(done).count("were raised with this selector:") >= len(clouds)


@pytest.mark.parametrize("lost", [0, 1, len(CLOUDS)], ids=["all", "some", "none"])
def test_how_it_ends(emulator: Emulator, tmp_path: Path, lost: int) -> None:
    """If every queue has such a job, if some have, and if none has; with the default note directory."""
    lay_out(emulator)
    for cloud in CLOUDS[:lost]:
        emulator.patch(urgent(emulator, cloud), description="something else")
    own = {"notes": "{{ lookup('env', 'HOME') }}/.ansible/expedite_job", "progress": False}
    done = run(emulator, CLOUDS, tmp_path, wait=False, **own)
    assert done.code == (2 if lost else 0), done.output
    assert {name for name, counts in done.recap.items() if counts["failed"]} == set(CLOUDS[:lost])
    assert priorities(emulator) == {cloud: [10 if cloud in CLOUDS[:lost] else 510, 500, 20] for cloud in CLOUDS}
    kept = tmp_path / ".ansible" / "expedite_job"
    assert len(list(kept.iterdir()) if kept.exists() else []) == len(CLOUDS) - lost
