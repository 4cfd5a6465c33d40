# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the READMEs of the collection and of its roles print, run as it is printed."""

from __future__ import annotations

import ast
import json
import os
import re
import sys
import textwrap
import typing as t
from pathlib import Path

import pytest
import yaml
from batch_emulator.accounts import AWS_KEY, AWS_OTHER_KEY

from . import quick
from .moments import at_each
from .playbooks import COLLECTIONS, LOCAL, ROOT, play, run

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

INVENTORY = "production.batch_queues.yml"
BOTH = ("aws-111122223333-eu-central-1", "aws-444455556666-eu-central-1")
"""The hosts of the two accounts that the role READMEs name."""
RESTORE = "6f1f7ff1-5e6c-4b7a-9f3a-000000000001"
BASE = {"provider": "aws", "status": "Ready", "frozen": True, "region": "eu-central-1"}
RESTORING = {**BASE, "operation": "S3InitiateRestoreObject", "description": "urgent restore", "priority": 10}
COPYING = {**BASE, "operation": "S3PutObjectCopy", "description": "nightly copy", "priority": 3000}


def blocks(path: str) -> list[str]:
    """Return the YAML that a page prints, in its order."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return [textwrap.dedent(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]


def environment(emulator: Emulator) -> dict[str, str]:
    keys = {"AWS_ACCESS_KEY_ID": AWS_KEY.key_id, "AWS_SECRET_ACCESS_KEY": AWS_KEY.secret}
    return {"AWS_ENDPOINT_URL": emulator.url, **keys}


def priorities(emulator: Emulator) -> dict[str, int]:
    return {job["job_id"]: job["priority"] for job in emulator.jobs(provider="aws")}


def test_the_quick_start(emulator: Emulator, tmp_path: Path) -> None:
    """The playbook of the README, with the two commands of its third step, and once more."""
    emulator.seed(
        {**RESTORING, "job_id": RESTORE},
        {**RESTORING, "job_id": "other", "description": "restore of logs", "priority": 20},
        {**COPYING, "job_id": "copy"},
    )
    (tmp_path / "raise.yml").write_text(blocks("README.md")[0], encoding="utf-8")
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": {"localhost": LOCAL}}}), encoding="utf-8")
    before = priorities(emulator)
    for changed, options, expected in (
        (1, ("--check", "--diff"), before),
        (1, (), {**before, RESTORE: 4000}),
        (0, (), {**before, RESTORE: 4000}),
    ):
        done = run(tmp_path, Path("hosts.yml"), Path("raise.yml"), *options, environment=environment(emulator))
        assert (done.code, done.recap["localhost"]["changed"]) == (0, changed), done.output
        assert priorities(emulator) == expected


def test_the_recording_of_the_readme(emulator: Emulator, tmp_path: Path) -> None:
    """The picture shows what a terminal shows today, but for the moments."""
    # Only the newest environment has the library that reads terminal colors, and others import this file.
    from render import raise_recording, recording

    lines = recording.record(
        raise_recording.COMMANDS,
        tmp_path,
        raise_recording.prepare(emulator, tmp_path),
        pause=0,
        columns=raise_recording.COLUMNS,
    )
    drawn = recording.draw(lines, raise_recording.TITLE)
    moment = re.compile(r"--t:[0-9.]+s")
    assert moment.sub("", drawn) == moment.sub("", raise_recording.PICTURE.read_text(encoding="utf-8"))


def test_the_example_of_the_inventory_plugin(emulator: Emulator, tmp_path: Path) -> None:
    # Read, not imported: from then on ansible-core would take this process for the controller's.
    tree = ast.parse((ROOT / "plugins" / "inventory" / "queues.py").read_text(encoding="utf-8"))
    names = {node.targets[0].id: node.value for node in tree.body if isinstance(node, ast.Assign)}
    emulator.seed({**RESTORING, "job_id": RESTORE})
    (tmp_path / "production.batch_queues.yml").write_text(ast.literal_eval(names["EXAMPLES"]), encoding="utf-8")
    tools = Path(sys.executable).parent
    done = quick.run(
        [str(tools / "ansible-inventory"), "-i", "production.batch_queues.yml", "--graph"],
        cwd=tmp_path,
        env={
            "PATH": os.pathsep.join([str(tools), os.defpath]),
            "HOME": str(tmp_path),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "COS_ENDPOINT_URL": emulator.url,
            **environment(emulator),
        },
    )
    assert done.returncode == 0, done.stderr
    # Nobody has set the variables that hold the keys of COS; the other queue has no live job.
    for line in ("@where_eu_central_1:", "@unreachable:", "|--cos-100000000001-ap-guangzhou"):
        assert line in done.stdout, done.stdout
    assert "aws-111122223333-us-east-1" not in done.stdout


def test_a_printed_variable_keeps_its_spaces() -> None:
    """The shell removes double quotes, and Ansible then uses the first word: the command would act on other jobs."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.[mr][ds]*"), *ROOT.glob("playbooks/*.md")]
    pages += [*ROOT.glob("roles/*/README.md"), *ROOT.glob("emulator/*.md")]
    cut = re.compile(r"""-e \w+=(?:"[^"'{]* [^"]*"|'[^"'{]* [^']*')|-e "\w+=(?![{'])[^"']* [^"]*\"""")
    found = [f"{page.name}: {match}" for page in pages for match in cut.findall(page.read_text(encoding="utf-8"))]
    assert len(pages) > 30 and not found
    assert cut.search('-e batch_phrase="urgent restore"') and cut.search('-e "batch_phrase=urgent restore"')
    assert not cut.search("""-e "batch_phrase='urgent restore'" -e batch_class=urgent""")


def write(folder: Path, printed: list[str]) -> None:
    """Write the files that a page prints; each block begins with its file's name."""
    for block in printed:
        name = block.splitlines()[0].removeprefix("# ")
        (folder / name).write_text(block, encoding="utf-8")


def test_the_readme_of_expedite_job(emulator: Emulator, tmp_path: Path) -> None:
    for key in (AWS_KEY, AWS_OTHER_KEY):
        own = {"account": key.account}
        emulator.seed(
            {**RESTORING, **own, "job_id": f"restore-{key.account}"},
            {**COPYING, **own, "job_id": f"copy-{key.account}"},
        )
    write(tmp_path, blocks("roles/expedite_job/README.md"))
    profiles(tmp_path)

    def end(_turn: int) -> None:
        for key in (AWS_KEY, AWS_OTHER_KEY):
            if priorities(emulator)[f"restore-{key.account}"] > COPYING["priority"]:
                emulator.patch(f"restore-{key.account}", status="Complete", tasks_done=1000)

    with at_each(emulator, ["ListJobs"], end):
        done = run(tmp_path, Path(INVENTORY), Path("playbook.yml"), environment={"AWS_ENDPOINT_URL": emulator.url})
    assert done.code == 0, done.output
    assert {host: counts["changed"] for host, counts in done.recap.items()} == dict.fromkeys(BOTH, 1)
    assert {job["status"] for job in emulator.jobs() if job["description"] == "urgent restore"} == {"Complete"}


def profiles(folder: Path) -> None:
    """Write the profiles that the role READMEs name."""
    (folder / ".aws").mkdir()
    lines = [
        f"[{name}]\naws_access_key_id = {key.key_id}\naws_secret_access_key = {key.secret}\n"
        for name, key in {"archive": AWS_KEY, "research": AWS_OTHER_KEY}.items()
    ]
    (folder / ".aws" / "credentials").write_text("\n".join(lines), encoding="utf-8")


def test_the_readme_of_failed_objects(emulator: Emulator, tmp_path: Path) -> None:
    row = b"films,a%20b.mov,,failed,403,AccessDenied,Access Denied\r\n"
    for number, key in enumerate((AWS_KEY, AWS_OTHER_KEY), start=1):
        bucket, job_id = f"reports-{number}", f"6f1f7ff1-5e6c-4b7a-9f3a-{number:012}"
        emulator.make_bucket("aws", bucket, key.account, "eu-central-1")
        where = f"<Report><Enabled>true</Enabled><Bucket>arn:aws:s3:::{bucket}</Bucket><Prefix>p</Prefix>"
        report = f"{where}<ReportScope>FailedTasksOnly</ReportScope></Report>"
        done = {"status": "Complete", "tasks_total": 10, "tasks_done": 10, "tasks_failed": 1, "extra_xml": report}
        emulator.seed({**RESTORING, "account": key.account, "job_id": job_id, **done})
        emulator.put_object("aws", bucket, f"p/job-{job_id}/results/1.csv", row)
        files = json.dumps({"Results": [{"Key": f"p/job-{job_id}/results/1.csv"}]}).encode()
        emulator.put_object("aws", bucket, f"p/job-{job_id}/manifest.json", files)
    write(tmp_path, blocks("roles/failed_objects/README.md"))
    profiles(tmp_path)
    done = run(tmp_path, Path(INVENTORY), Path("playbook.yml"), environment={"AWS_ENDPOINT_URL": emulator.url})
    # Objects failed for good, on both hosts.
    assert (done.code, {host: counts["failed"] for host, counts in done.recap.items()}) == (2, dict.fromkeys(BOTH, 1))
    assert done.output.count("AccessDenied          films/a b.mov  Access Denied") == 2
    assert done.output.count("Retried objects: 0 (retry rounds: 0). Permanently failed objects: 1.") == 2


def test_the_readme_of_queue_report(emulator: Emulator, tmp_path: Path) -> None:
    emulator.seed({**RESTORING, "job_id": RESTORE}, {**COPYING, "job_id": "copy", "account": AWS_OTHER_KEY.account})
    inventory, playbook = blocks("roles/queue_report/README.md")
    write(tmp_path, [inventory, playbook.replace("/tmp/queues.html", str(tmp_path / "queues.html"))])
    profiles(tmp_path)
    done = run(tmp_path, Path(INVENTORY), Path("playbook.yml"), environment={"AWS_ENDPOINT_URL": emulator.url})
    assert done.code == 0, done.output
    page = (tmp_path / "queues.html").read_text(encoding="utf-8")
    for words in ("<h1>Restores and copies</h1>", *BOTH, RESTORE, "nightly copy"):
        assert words in page


def test_the_readme_of_queue_policy(emulator: Emulator, tmp_path: Path) -> None:
    """One account in two regions, then two accounts by their roles, with the same playbook."""
    first, playbook, second = blocks("roles/queue_policy/README.md")
    emulator.seed(
        {**RESTORING, "job_id": "restore-eu"},
        {**RESTORING, "job_id": "restore-us", "region": "us-east-1"},
        {**RESTORING, "job_id": "restore-other", "account": AWS_OTHER_KEY.account},
        {**COPYING, "job_id": "copy-other", "account": AWS_OTHER_KEY.account},
    )
    changed = []
    for inventory in (first, second):
        write(tmp_path, [inventory, playbook])
        done = run(tmp_path, Path(INVENTORY), Path("playbook.yml"), environment=environment(emulator))
        assert done.code == 0, done.output
        changed.append({host for host, counts in done.recap.items() if counts["changed"]})
    assert changed == [{BOTH[0], "aws-111122223333-us-east-1"}, {BOTH[1]}]
    reached = priorities(emulator)
    assert {reached[job_id] for job_id in ("restore-eu", "restore-us", "restore-other")} == {reached["restore-eu"]}
    assert reached["restore-eu"] > reached["copy-other"]


@pytest.mark.parametrize(
    ("job_id", "variables", "words"),
    [
        ("ended", {}, None),
        ("nobody", {}, "The specified job does not exist"),
        ("ended", {"concurrency": "many"}, "concurrency"),
    ],
    ids=["ended", "not_found", "refused"],
)
def test_branching_on_a_kind(
    emulator: Emulator, tmp_path: Path, job_id: str, variables: dict[str, t.Any], words: str | None
) -> None:
    """Also where Ansible itself refuses an option, the true error is told."""
    emulator.seed({**RESTORING, "job_id": "ended", "status": "Complete"})
    (tasks,) = [yaml.safe_load(block) for block in blocks("docs/error-kinds.md")]
    defaults = {"provider": "aws", "region": "eu-central-1", "account_id": AWS_KEY.account, **variables}
    done = play(
        tmp_path,
        tasks,
        {"localhost": {"connection": defaults, "job_id": job_id}},
        environment=environment(emulator),
    )
    assert done.code == (2 if words else 0), done.output
    failed = done.output.partition("TASK [Fail for any other reason]")[2]
    assert failed and (words or "skipping") in failed, done.output
