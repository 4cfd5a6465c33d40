# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make live` on an emulator as if it were real: what it finds, what it refuses, and what it leaves alone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml
from batch_emulator.accounts import HOME
from batch_emulator.client import Emulator, start, until
from live.__main__ import EMULATED
from live.cloud import OPERATIONS, PREFIX
from live.findings import scrubbed
from live.guard import Place, Refused, allowed
from live.situations import SITUATIONS, UNKNOWN

from .playbooks import ROOT

if t.TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

CLOUDS = sorted(EMULATED)
BUCKET = "live-1250000000"
SETTING = {
    "aws": {"not_found_code": "NoSuchJobException"},
    "cos": {"ended_code": "InvalidRequest"},
    "oss": {"oss_not_found_code": "NoSuchJob"},
}
UNKNOWN_ID = {"DescribeJob of an unknown job", "UpdateJobPriority of an unknown job"}
ENDED = {
    "UpdateJobPriority of a Cancelled job",
    "UpdateJobStatus to Cancelled of a Cancelled job",
    "UpdateJobStatus to Ready of a Cancelled job",
}
PLANTED = {"aws": UNKNOWN_ID, "cos": ENDED, "oss": UNKNOWN_ID}
"""What each setting changes; one more difference comes from a fault."""


@pytest.fixture(scope="module")
def real() -> Iterator[Emulator]:
    """An emulator that stands for a cloud, whose time passes by itself."""
    with start(clock="real") as emulator:
        emulator.clock(speed=10)
        yield emulator


class Run(t.NamedTuple):
    """A run of the command."""

    code: int
    output: str
    errors: str


class Live:
    """The command, for one cloud, with an account that is allowed."""

    def __init__(self, emulator: Emulator, provider: str, folder: Path) -> None:
        key, key_id, secret, role = EMULATED[provider]
        self.emulator, self.provider, self.account = emulator, provider, key.account
        self.region = HOME[provider][1]
        emulator.reset()
        emulator.make_bucket(provider, BUCKET, key.account, self.region)
        self.entry = {
            "provider": provider,
            "account_id": key.account,
            "app_id": key.app_id,
            "region": self.region,
            "bucket": BUCKET,
            "role_arn": role.format(key.account),
            "endpoint_url": emulator.url,
        }
        self.list = folder / "allowed.yml"
        self.allow(self.entry)
        clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        path = os.pathsep.join(str(ROOT / part) for part in (".cache/collections", "tools", "emulator/src"))
        self.env = clean | {key_id: key.key_id, secret: key.secret, "PYTHONPATH": path, "HOME": str(folder)}
        self.env["OBJECTSTORE_BATCH_LIVE"] = "create-jobs"

    def allow(self, *entries: dict[str, str]) -> None:
        self.list.write_text(yaml.safe_dump(list(entries)), encoding="utf-8")

    def command(self, *words: str) -> list[str]:
        places = ("--allowed", str(self.list), "--records", str(self.list.parent / "records"))
        return [sys.executable, "-m", "live", self.provider, *places, "--patience", "3600", *words]

    def run(self, *words: str, **variables: str) -> Run:
        done = subprocess.run(
            self.command(*words),
            env=self.env | variables,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Run(done.returncode, done.stdout, done.stderr)

    def yes(self, *words: str) -> Run:
        return self.run("--yes", self.account, *words)

    def statuses(self) -> dict[str, str]:
        return {job["job_id"]: job["status"] for job in self.emulator.jobs()}

    def strangers(self) -> list[str]:
        """Jobs that look like ours and are not, for what the cloud says of them."""
        mark = "objectstore.batch live 0123abcd [token 0123456789ab-01234567]"
        base = {"provider": self.provider, "region": self.region, "frozen": True, "status": "Ready"}
        hours = {"created": 7200}
        return self.emulator.seed(
            {**base, **hours, "description": mark, "operation": "SomethingElse"},
            {**base, **hours, "description": mark, "operation": next(iter(OPERATIONS[self.provider]))},
            {**base, **hours, "description": f"{mark} of mine"},
            {**base, "description": "restore"},
        )


@pytest.fixture(params=CLOUDS)
def live(real: Emulator, request: pytest.FixtureRequest, tmp_path: Path) -> Live:
    return Live(real, request.param, tmp_path)


def differing(output: str) -> set[str]:
    lines = output.partition("Where the cloud and the emulator differ:\n")[2].splitlines()
    named = {line[4:].partition(": the cloud says")[0] for line in lines if line.startswith("  - ")}
    return named - {"nowhere."}


def recorded(output: str) -> dict[str, t.Any]:
    found = re.search(r"Recorded .*: (\S+\.json)\.", output)
    assert found
    file = ROOT / found[1]
    content = t.cast("dict[str, t.Any]", json.loads(file.read_text(encoding="utf-8")))
    text = file.read_text(encoding="utf-8")
    assert BUCKET not in text
    return content


def test_nothing_differs_from_itself(live: Live) -> None:
    others = live.strangers()
    done = live.yes()
    assert done.code == 0, done
    assert differing(done.output) == set(), done.output
    assert "Settled:" in done.output
    for words in ("three objects of one byte", "none is ever confirmed", live.account, "expire automatically"):
        assert words in done.output
    statuses = live.statuses()
    assert {statuses.pop(job_id) for job_id in others} == {"Ready"}
    assert set(statuses.values()) == {"Cancelled"}
    assert 2 <= len(statuses) <= 3
    # Nothing was ever confirmed: no job of ours was active.
    assert all(not job["active_seconds"] for job in live.emulator.jobs())
    record = recorded(done.output)
    assert set(record["cloud"]) == {situation.name for situation in SITUATIONS}
    assert record["cloud"] == record["emulator"]
    written = {entry["job_id"] for entry in live.emulator.log() if entry["write"] and entry["job_id"]}
    assert not written & set(others)


def test_planted_differences_are_found_and_named(live: Live) -> None:
    live.emulator.settings(**SETTING[live.provider])
    live.emulator.fault("raw", operation="UpdateJobPriority", skip=1, code="NotYet", http_status=409)
    done = live.yes()
    assert done.code == 0, done
    assert differing(done.output) == PLANTED[live.provider] | {"UpdateJobPriority of a Suspended job"}
    assert "the cloud says NotYet" in done.output
    assert "the emulator says 500" in done.output
    recorded(done.output)


def test_one_job_is_run_by_the_second_flag_alone(live: Live) -> None:
    done = live.yes("--confirm-and-run")
    assert done.code == 0, done
    assert "one is confirmed" in done.output
    assert "Complete" in live.statuses().values()
    assert recorded(done.output)["cloud"]["a confirmed job"] == {"answer": "Complete"}


def test_without_everything_that_is_asked_for_nothing_is_sent(live: Live) -> None:
    for variables in ({"OBJECTSTORE_BATCH_LIVE": ""}, {"OBJECTSTORE_BATCH_LIVE": "yes"}):
        assert "OBJECTSTORE_BATCH_LIVE=create-jobs" in live.run("--yes", live.account, **variables).errors
    assert "No terminal found" in live.run().errors
    assert "The account ID is different" in live.run("--yes", "000000000000").errors
    for entries, words in {
        (): "names 0 accounts",
        (("account_id", ""),): "an account has",
        (("password", "x"),): "an account has",
        (("endpoint_url", "http://example.com"),): "is plain http",
        (("endpoint_url", "https://example.com"),): "is an account of the emulator",
    }.items():
        live.allow(*([{**live.entry, **dict(entries)}] if entries else []))
        done = live.yes()
        assert (done.code, words in done.errors) == (2, True), done
    assert live.emulator.log() == []
    live.allow({**live.entry, "account_id": "999988887777"})
    assert "is not a role of account 999988887777" in live.run("--yes", "999988887777").errors
    assert live.emulator.log() == []


def test_no_job_can_be_created(live: Live) -> None:
    live.emulator.fault("denied", operation="CreateJob", count=None)
    done = live.yes()
    assert done.code == 0, done
    assert differing(done.output) == {"CreateJob twice, with a token each"}, done.output
    assert "the cloud says AccessDenied (access_denied, HTTP 403)" in done.output
    assert recorded(done.output)["cloud"]["the order of ListJobs"].keys() == {"skipped"}


def test_denied_and_throttled_settle_nothing(live: Live) -> None:
    live.emulator.fault("denied", operation="UpdateJobPriority", count=None)
    live.emulator.fault("throttle", operation="DescribeJob")
    done = live.yes()
    assert done.code == 0, done
    settled = done.output.partition("Settled:")[2].partition("Still open")[0]
    assert "AccessDenied" not in settled
    assert "DescribeJob of an unknown job" not in differing(done.output)


def test_a_job_whose_answer_was_lost_is_cancelled(live: Live) -> None:
    live.emulator.fault("drop_after", operation="CreateJob")
    done = live.yes()
    assert done.code == 0, done
    assert set(live.statuses().values()) == {"Cancelled"}, done


def test_no_endpoint_of_the_environment_goes_past_the_guard(live: Live) -> None:
    live.allow(
        {name: value for name, value in live.entry.items() if name != "endpoint_url"}
        | {"account_id": "77" * 6, "role_arn": live.entry["role_arn"].replace(live.account, "77" * 6)}
    )
    name = {"aws": "AWS_ENDPOINT_URL", "cos": "COS_ENDPOINT_URL", "oss": "OSS_ENDPOINT_URL"}[live.provider]
    done = live.run("--yes", "77" * 6, **{name: "http://elsewhere.invalid"})
    assert (done.code, "is plain http" in done.errors) == (2, True), done


def test_what_somebody_else_has_put_there_is_not_taken(live: Live) -> None:
    rows = "".join(f"{BUCKET},{PREFIX}/{key}\n" for key in ("one", "two", "other"))
    live.emulator.put_object(live.provider, BUCKET, f"{PREFIX}/manifest.csv", rows.encode())
    done = live.yes()
    assert (done.code, "is not what a run puts there" in done.errors) == (2, True), done
    assert live.statuses() == {}


@pytest.mark.parametrize("provider", CLOUDS)
def test_a_sweep_takes_no_stranger(real: Emulator, tmp_path: Path, provider: str) -> None:
    """Mark and operation are as ours; manifest and role are not."""
    live = Live(real, provider, tmp_path)
    others = live.strangers()
    assert live.yes().code == 0
    done = live.run("--sweep", "--older-than", "0")
    assert (done.code, done.output.count("is not one of ours")) == (1, 2), done
    assert {live.statuses()[job_id] for job_id in others} == {"Ready"}


def test_keys_of_another_account(real: Emulator, tmp_path: Path) -> None:
    """Only AWS says whose keys they are; COS has the account in its host, OSS nowhere."""
    live = Live(real, "aws", tmp_path)
    live.allow({**live.entry, "account_id": "999988887777", "role_arn": "arn:aws:iam::999988887777:role/batch"})
    done = live.run("--yes", "999988887777")
    assert (done.code, "another account than the allowed one" in done.errors) == (2, True), done
    assert not [entry for entry in live.emulator.log() if entry["write"] or entry["operation"] == "PutObject"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=["Ctrl-C", "TERM", "KILL"])
def test_what_an_interrupted_run_leaves(real: Emulator, tmp_path: Path, how: signal.Signals) -> None:
    live = Live(real, "aws", tmp_path)
    others = live.strangers()
    # Time stands still, so the run waits for its first job to move until it is interrupted.
    real.clock(mode="manual")
    try:
        process = subprocess.Popen(
            live.command("--yes", live.account),
            env=live.env,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert until(lambda: len(live.statuses()) >= len(others) + 2 or process.poll() is not None)
        assert process.poll() is None
        process.send_signal(how)
        real.clock(mode="real")
        output = "\n".join(process.communicate())
    finally:
        real.clock(mode="real")
    mine = {job_id: status for job_id, status in live.statuses().items() if job_id not in others}
    if how == signal.SIGKILL:
        assert "Cancelled" not in mine.values()
        assert "0 jobs of earlier runs were cancelled" in live.run("--sweep").output
        swept = live.run("--sweep", "--older-than", "0")
        assert f"{len(mine)} jobs of earlier runs were cancelled" in swept.output, swept
        # The forgeries: their marks are ours, what the cloud says of them is not.
        assert (swept.code, swept.output.count("is not one of ours")) == (1, 2), swept
    else:
        assert process.returncode == 130, output
        assert "Traceback" not in output
        assert set(mine.values()) <= {"Cancelled", "Cancelling"}, output
    statuses = live.statuses()
    assert {statuses[job_id] for job_id in others} == {"Ready"}


def test_the_record_holds_no_names() -> None:
    account, bucket = "123456789012", "films"
    hostile = {
        "arn:aws:iam::123456789012:role/films-role": "https://123456789012.s3-control.eu-central-1.amazonaws.com",
        "echo": ["Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/2026, Signature=00ff", "films"],
        "id": "job 6f1f7ff1-5e6c-4b7a-9f3a-000000000001 of 100000000001",
        "token": "x-cos-security-token=abc and " + "QUJD" * 20,
        "number": 409,
    }
    text = json.dumps(scrubbed(hostile, [account, bucket, ""]))
    for secret in (account, bucket, "AKIA", "6f1f7ff1", "100000000001", "QUJDQUJD", "abc and", "00ff"):
        assert secret not in text
    assert '"number": 409' in text


def test_the_list_is_kept_out_of_git_and_its_example_is_refused(tmp_path: Path) -> None:
    ignored = ["git", "-C", str(ROOT), "check-ignore", "--quiet", "tools/live/allowed.yml"]
    assert subprocess.run(ignored, check=False).returncode == 0
    example = ROOT / "tools" / "live" / "allowed.example.yml"
    place = allowed(example, "aws", {"OBJECTSTORE_BATCH_LIVE": "create-jobs"})
    assert (place.account_id, place.real) == ("000000000000", True)
    with pytest.raises(Refused):
        allowed(tmp_path / "none.yml", "aws", {"OBJECTSTORE_BATCH_LIVE": "create-jobs"})
    assert Place("aws", "1", "r", "b", "a", endpoint_url="http://127.0.0.1:1").real is False


def test_the_questions_are_those_of_the_page() -> None:
    page = (ROOT / "docs" / "provider-gaps.md").read_text(encoding="utf-8")
    for situation in SITUATIONS:
        assert situation.question in page
    assert set(UNKNOWN) == set(EMULATED)
