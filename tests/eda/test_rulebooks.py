# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real ansible-rulebook runs each rulebook of the collection against the emulator."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import http.server
import json
import os
import subprocess
import threading
import time
import typing as t
from pathlib import Path

import pytest
from batch_emulator.accounts import AWS_KEY, COS_KEY, OSS_KEY, Credential
from batch_emulator.client import Emulator, start

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
RULEBOOKS = sorted(path.stem for path in (ROOT / "extensions" / "eda" / "rulebooks").glob("*.yml"))
PATIENCE = 90
DELAY = 1
RESTORES = {"aws": "S3InitiateRestoreObject", "cos": "COSInitiateRestoreObject", "oss": "RestoreObject"}


@dataclasses.dataclass(frozen=True)
class Place:
    """A queue of the emulator."""

    key: Credential
    region: str

    @property
    def name(self) -> str:
        return f"{self.key.provider}-{self.key.account}-{self.region}"

    @property
    def ids(self) -> dict[str, str]:
        own = {"account_id": self.key.account}
        return {**own, "app_id": self.key.app_id} if self.key.app_id else own


PLACES = [Place(AWS_KEY, "eu-central-1"), Place(COS_KEY, "ap-guangzhou"), Place(OSS_KEY, "cn-hangzhou")]
AWS = PLACES[0]


class Rulebook:
    """A running ansible-rulebook, and what it has written."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self._folder = folder
        self.process = process

    @property
    def output(self) -> str:
        return (self._folder / "output").read_text(encoding="utf-8", errors="replace")

    def until(self, holds: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Wait for a condition; the rulebook must not end before."""
        end = time.monotonic() + seconds
        while not holds():
            assert self.process.poll() is None, self.output
            assert time.monotonic() < end, self.output
            time.sleep(0.2)

    def until_read(self, emulator: Emulator, times: int = 2) -> None:
        """Wait until the source has read the queue again."""
        since = len(emulator.log())
        self.until(lambda: len(emulator.log()) >= since + times)

    def events(self, kind: str) -> int:
        """Return how many events of a type were received."""
        return self.output.count(f"'type': '{kind}'")


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with start(clock="real") as running:
        yield running


def seed(emulator: Emulator, place: Place, job_id: str, **more: t.Any) -> None:
    job = {"provider": place.key.provider, "region": place.region, "frozen": True, "status": "Ready", "priority": 10}
    emulator.seed({**job, "job_id": job_id, **more})


@contextlib.contextmanager
def running(
    rulebook: str, emulator: Emulator, place: Place, folder: Path, *words: str, **variables: t.Any
) -> Iterator[Rulebook]:
    """Run a rulebook, and stop it at the end."""
    keys = {"access_key_variable": "KEY_ID", "secret_key_variable": "KEY_SECRET"}
    account = {"provider": place.key.provider, **place.ids, "regions": [place.region], "endpoint_url": emulator.url}
    given = {"batch_accounts": [{**account, **keys}], "batch_delay": DELAY, **variables}
    connection = {"provider": place.key.provider, "region": place.region, "endpoint_url": emulator.url}
    host = {f"queue_{name}": value for name, value in {**connection, **place.ids, **keys}.items()}
    inventory = {"all": {"hosts": {place.name: {"ansible_connection": "local", **host}, "another-queue": {}}}}
    (folder / "inventory.yml").write_text(json.dumps(inventory), encoding="utf-8")
    (folder / "variables.yml").write_text(json.dumps(given), encoding="utf-8")
    env = {name: os.environ[name] for name in ("PATH", "JAVA_HOME", "LANG", "LC_ALL") if name in os.environ}
    env |= {"KEY_ID": place.key.key_id, "KEY_SECRET": place.key.secret, "HOME": str(folder), "ANSIBLE_NOCOLOR": "1"}
    env["PYTHONUNBUFFERED"] = "1"  # else events that start no action are not in the output yet
    env |= {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "collections"), "EDA_JOB_TEMPLATE_REFRESH_DELAY": "1"}
    files = ("-i", str(folder / "inventory.yml"), "--vars", str(folder / "variables.yml"))
    command = ("ansible-rulebook", "-r", f"objectstore.batch.{rulebook}", *files, "--print-events", *words)
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, env=env, stdout=output, stderr=subprocess.STDOUT, cwd=folder)
    book = Rulebook(folder, process)
    try:
        book.until(emulator.log)
        book.until_read(emulator)
        yield book
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def test_every_rulebook_has_a_test() -> None:
    assert [name for name in RULEBOOKS if f"test_{name}" not in globals()] == []


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.key.provider)
def test_report_priorities(emulator: Emulator, tmp_path: Path, place: Place) -> None:
    seed(emulator, place, "job-1")
    with running("report_priorities", emulator, place, tmp_path) as book:
        emulator.patch("job-1", priority=30)
        message = f"{place.name}: the priority of job-1 changed from 10 to 30."
        book.until(lambda: message in book.output)
        book.until_read(emulator, 3)
        assert book.events("priority_changed") == 1


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.key.provider)
def test_report_unconfirmed(emulator: Emulator, tmp_path: Path, place: Place) -> None:
    left = "29" if place is AWS else "unknown"
    with running("report_unconfirmed", emulator, place, tmp_path, batch_unconfirmed_after="3s") as book:
        seed(emulator, place, "job-1", status="Suspended")
        seed(emulator, place, "job-2", status="Ready")
        book.until(lambda: f"{place.name}: job-1 awaits its confirmation. Days left: {left}." in book.output)
        book.until_read(emulator, 3)
        assert book.events("awaiting_confirmation") == 1 and "job-2" not in book.output


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.key.provider)
def test_raise_starved(emulator: Emulator, tmp_path: Path, place: Place) -> None:
    """A restore is raised to the limit, no priority is lowered, other jobs stay, and a job is raised once per hour."""
    restore = RESTORES[place.key.provider]
    seed(emulator, place, "ahead", status="Active", priority=80)
    seed(emulator, place, "restore", operation=restore)
    seed(emulator, place, "higher", operation=restore, priority=70)
    seed(emulator, place, "copy", priority=5)
    with running("raise_starved", emulator, place, tmp_path, batch_starved_after="3s", batch_raise_to=60) as book:
        book.until(lambda: emulator.job("restore")["priority"] == 60)
        book.until(lambda: book.output.count("PLAY RECAP") == 2)
        assert [emulator.job(job_id)["priority"] for job_id in ("ahead", "higher", "copy")] == [80, 70, 5]
        seen = book.events("starved")
        emulator.patch("restore", status="Active", priority=10)
        book.until_read(emulator, 3)
        emulator.patch("restore", status="Ready")
        book.until(lambda: book.events("starved") > seen)
        time.sleep(5)
        assert emulator.job("restore")["priority"] == 10
        assert book.output.count("PLAY RECAP") == 2, book.output
        assert "failed=0" in book.output and "another-queue" not in book.output


def put_report(emulator: Emulator, row: bytes) -> dict[str, t.Any]:
    """Write the report of a job, and return what the job says of it."""
    bucket, prefix = "reports-1250000000", "some/where"
    for name in (bucket, "emulator-manifests"):
        emulator.make_bucket("aws", name, AWS.key.account, AWS.region)
    name = f"{prefix}/job-partial/results/failed.csv"
    emulator.put_object("aws", bucket, name, row)
    digest = hashlib.md5(row, usedforsecurity=False).hexdigest()
    result = {"TaskExecutionStatus": "failed", "Bucket": bucket, "MD5Checksum": digest, "Key": name}
    schema = "Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage"
    head = {"Format": "Report_CSV_20180820", "ReportCreationDate": "2026-08-27T09:49:46Z", "ReportSchema": schema}
    manifest = json.dumps({**head, "Results": [result]}).encode()
    emulator.put_object("aws", bucket, f"{prefix}/job-partial/manifest.json", manifest)
    place = f"<Bucket>arn:aws:s3:::{bucket}</Bucket><Prefix>{prefix}</Prefix><Format>Report_CSV_20180820</Format>"
    return {"extra_xml": f"<Report><Enabled>true</Enabled>{place}<ReportScope>FailedTasksOnly</ReportScope></Report>"}


def test_retry_partial(emulator: Emulator, tmp_path: Path) -> None:
    """The failed tasks of a partial job become one new job; a job without failed tasks starts nothing."""
    report = put_report(emulator, b"films,lost,,failed,503,SlowDown,x\r\n")
    role = "arn:aws:iam::111122223333:role/batch"
    more = {"status": "Active", "tasks_total": 2, "role_arn": role}
    seed(emulator, AWS, "partial", **more, **report)
    seed(emulator, AWS, "complete", **more)
    with running("retry_partial", emulator, AWS, tmp_path) as book:
        emulator.patch("complete", status="Complete", tasks_done=2)
        book.until(lambda: book.events("ended") == 1)
        emulator.patch("partial", status="Complete", tasks_done=2, tasks_failed=1)
        book.until(lambda: len(emulator.jobs()) == 3 or "PLAY RECAP" in book.output)
        assert len(emulator.jobs()) == 3, book.output
        book.until(lambda: "PLAY RECAP" in book.output)
        assert book.output.count("PLAY [") == 1 and book.events("ended") >= 2


class Controller(http.server.BaseHTTPRequestHandler):
    """The part of a controller that a workflow needs: its template, its launch, and the end of its job."""

    launches: t.ClassVar[list[dict[str, t.Any]]] = []

    def do_GET(self) -> None:
        asks = ("limit", "labels", "inventory", "variables")
        template = {"type": "workflow_job_template", "name": "Plan", "id": 7}
        template |= {f"ask_{name}_on_launch": True for name in asks}
        template |= {"summary_fields": {"organization": {"name": "Storage"}}}
        template |= {"related": {"launch": "/api/v2/workflow_job_templates/7/launch/"}}
        job = {"id": 9, "status": "successful", "url": "/api/v2/workflow_jobs/9/", "artifacts": {}}
        if "templates" in self.path:
            self._answer({"count": 1, "next": None, "results": [template]})
        elif "config" in self.path:
            self._answer({"version": "4.6.0"})
        elif self.path.startswith("/api/v2/workflow_jobs/9/"):
            self._answer({**job, "created": "2026-01-01T00:00:00Z"})
        else:
            self._answer({"count": 1, "next": None, "results": [job]})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.launches.append({"path": self.path, **json.loads(body)})
        self._answer({"id": 9, "status": "pending", "url": "/api/v2/workflow_jobs/9/"})

    def _answer(self, values: dict[str, t.Any]) -> None:
        body = json.dumps(values).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: t.Any) -> None:
        """Write nothing."""


@pytest.fixture
def controller() -> Iterator[str]:
    Controller.launches.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Controller)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_plan_drift(emulator: Emulator, tmp_path: Path, controller: str) -> None:
    """The workflow starts once for each plan, for the queue of the event only, and no job is changed."""
    seed(emulator, AWS, "first", priority=50)
    seed(emulator, AWS, "second", priority=10)
    declared = {AWS.name: {"order": ["first", "second"]}}
    workflow = {"batch_workflow": "Plan", "batch_organization": "Storage", "batch_declarations": declared}
    words = ("--controller-url", controller, "--controller-token", "not-real")
    with running("plan_drift", emulator, AWS, tmp_path, *words, **workflow) as book:
        assert Controller.launches == []
        emulator.patch("second", priority=90)
        book.until(lambda: Controller.launches)
        book.until_read(emulator, 3)
        assert book.events("order_drift") == 1
        [launch] = Controller.launches
        assert launch["path"] == "/api/v2/workflow_job_templates/7/launch/"
        assert launch["limit"] == AWS.name
        assert emulator.job("second")["priority"] == 90
