# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules through the real ansible-playbook: modes, secrets, and every documented example."""

from __future__ import annotations

import importlib
import typing as t

import pytest
import yaml

from .clouds import ACCOUNTS, MODULES, Account, Cloud, own_id
from .moments import at_each
from .playbooks import FQCN, ROOT, play
from .reports import BUCKET, Report

if t.TYPE_CHECKING:
    from pathlib import Path

    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

MODULE_NAMES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))

KEY_VARIABLES = (
    ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    ("COS_SECRETID", "COS_SECRETKEY"),
    ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
)
CLOUDS = [account.provider for account in ACCOUNTS]
REPORTING = ("batch_job_report_info", "batch_retry_manifest")
EACH = dict.fromkeys(CLOUDS, 1)
NONE = dict.fromkeys(CLOUDS, 0)


def connection(account: Account, emulator: Emulator) -> dict[str, t.Any]:
    return {"provider": account.provider, "endpoint_url": emulator.url, **account.connection}


def seed(emulator: Emulator, account: Account, job_id: str, **job: t.Any) -> None:
    region = account.connection["region"]
    own = own_id(account.provider, job_id)
    emulator.seed({"provider": account.provider, "region": region, "job_id": own, "frozen": True, **job})


def test_one_playbook_in_all_modes_on_every_cloud(emulator: Emulator, tmp_path: Path) -> None:
    hosts = {}
    for account in ACCOUNTS:
        job_id = f"{account.provider}-restore"
        seed(emulator, account, job_id, priority=10, status="Active", description="urgent restore")
        hosts[account.provider] = {"connection": connection(account, emulator), "job": own_id(account.provider, job_id)}
    tasks = [{"name": "Raise", f"{FQCN}batch_job_priority": {"job_id": "{{ job }}", "priority": "{{ 400 + 500 }}"}}]

    dry = play(tmp_path, tasks, hosts, "--check", "--diff")
    assert dry.code == 0, dry.output
    assert {host: counts["changed"] for host, counts in dry.recap.items()} == EACH
    entries = emulator.log()
    assert [entry["operation"] for entry in entries] == ["DescribeJob"] * len(CLOUDS)

    real = play(tmp_path, tasks, hosts, "--diff")
    assert real.code == 0, real.output
    for run in (dry, real):
        assert "-        10  Active      aws-restore" in run.output
        assert "+       900  Active      cos-restore" in run.output
        assert "+       900  Active      oss+restore=" in run.output
    changes = [entry for entry in emulator.log() if entry["seq"] > entries[-1]["seq"]]
    for account in ACCOUNTS:
        own = [entry["operation"] for entry in changes if entry["provider"] == account.provider]
        assert own == ["DescribeJob", "UpdateJobPriority"]

    again = play(tmp_path, tasks, hosts)
    assert {host: counts["changed"] for host, counts in again.recap.items()} == NONE
    assert len(emulator.log()) == (1 + 2 + 1) * len(CLOUDS)
    assert sum(entry["write"] for entry in emulator.log()) == len(CLOUDS)


@pytest.mark.parametrize("from_environment", [False, True])
def test_no_secret_in_any_output(emulator: Emulator, tmp_path: Path, from_environment: bool) -> None:
    variables = {
        "aws": {"access_key": "AWS_ACCESS_KEY_ID", "secret_key": "AWS_SECRET_ACCESS_KEY"},
        "cos": {"access_key": "TENCENTCLOUD_SECRET_ID", "secret_key": "TENCENTCLOUD_SECRET_KEY"},
        "oss": {"access_key": "OSS_ACCESS_KEY_ID", "secret_key": "OSS_ACCESS_KEY_SECRET"},
    }
    tokens = {"aws": "AWS_SESSION_TOKEN", "cos": "TENCENTCLOUD_TOKEN", "oss": "OSS_SESSION_TOKEN"}
    hosts: dict[str, dict[str, t.Any]] = {}
    environment = {}
    for account in ACCOUNTS:
        keys = account.temporary
        seed(emulator, account, f"{account.provider}-job-1", priority=10, status="Active")
        options = {**connection(account, emulator), **keys}
        if from_environment:
            names = {**variables[account.provider], "session_token": tokens[account.provider]}
            environment.update({variable: options.pop(name) for name, variable in names.items()})
        hosts[account.provider] = {"connection": options, "job": own_id(account.provider, f"{account.provider}-job-1")}
        # A cloud that repeats the secret in its error message.
        for operation in ("UpdateJobPriority", "ListJobs"):
            emulator.fault(
                "raw",
                provider=account.provider,
                operation=operation,
                skip=1,
                http_status=403,
                code="SignatureDoesNotMatch",
                message=f"StringToSign {keys['secret_key']} {keys['session_token']}",
            )
    module = f"{FQCN}batch_job_priority"
    tasks: list[dict[str, t.Any]] = [
        {"name": "Change", module: {"job_id": "{{ job }}", "priority": 20}, "register": "changed"},
        {"name": "Show", "ansible.builtin.debug": {"var": "changed"}},
        {"name": "Fail", module: {"job_id": "{{ job }}", "priority": 30}, "ignore_errors": True},
        {"name": "Refuse", module: {"job_id": "{{ job }}", "priority": "x"}, "ignore_errors": True},
        {"name": "List", f"{FQCN}batch_job_info": {}},
        {"name": "Fail to list", f"{FQCN}batch_job_info": {}, "register": "failed", "ignore_errors": True},
        {"name": "Show the failure", "ansible.builtin.debug": {"var": "failed"}},
        {"name": "Fail for good", module: {"job_id": "nobody", "priority": 1}},
    ]
    run = play(tmp_path, tasks, hosts, "-vvvv", "--diff", environment=environment)
    assert run.code == 2, run.output
    assert {host: counts["ignored"] for host, counts in run.recap.items()} == dict.fromkeys(CLOUDS, 3)
    assert "StringToSign ****" in run.output
    for account in ACCOUNTS:
        for secret in account.secrets:
            assert secret not in run.output


def examples(module: str) -> list[dict[str, t.Any]]:
    return t.cast("list[dict[str, t.Any]]", yaml.safe_load(importlib.import_module(f"{MODULES}.{module}").EXAMPLES))


def named_jobs(options: dict[str, t.Any]) -> list[tuple[str, int]]:
    """Return the jobs that an example names, with a priority from which it has something to do."""
    listed = [item for entry in options.get("order", ()) for item in (entry if isinstance(entry, list) else [entry])]
    named = [{"job_id": item} for item in listed if isinstance(item, str)] + options.get("jobs", [])
    ids = options.get("job_id") or []
    named += [{**options, "job_id": job_id} for job_id in (ids if isinstance(ids, list) else [ids])]
    return [(item["job_id"], item.get("expect_current", 10)) for item in named]


def like(select: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return what a job is like that a selector of an example matches."""
    fields: dict[str, t.Any] = {name: select[name] for name in ("description", "tags") if name in select}
    if "operations" in select:
        fields["operation"] = select["operations"][0]
    return {**fields, "created": 30 * 86400} if "min_age" in select else fields


def chain(emulator: Emulator, options: dict[str, t.Any]) -> None:
    """Create the jobs of a chain, whose next job can be confirmed; a chain that is waited for has ended."""
    account = next(item for item in ACCOUNTS if item.provider == options["provider"])
    for number, link in enumerate(options["links"]):
        roles = [(link["job"], "Complete" if options.get("wait") else "Suspended")]
        roles += [(job, "Complete") for job in link["after"]]
        for place, (job, status) in enumerate(roles):
            text = job["description"].strip("^$") if isinstance(job, dict) else ""
            job_id = f"chain-{number}-{place}" if text else job
            if job_id not in [found["job_id"] for found in emulator.jobs()]:
                done = {"tasks_total": 1000, "tasks_done": 1000, "confirmation_required": True}
                seed(emulator, account, job_id, priority=10, status=status, description=text, **done)


def end_the_cancelling(emulator: Emulator) -> None:
    for job in emulator.jobs(status="Cancelling"):
        emulator.patch(job["job_id"], status="Cancelled")


def report(cloud: Cloud, options: dict[str, t.Any]) -> None:
    """Write the report that an example reads, and make the bucket that its job's manifest was in."""
    rows = {"succeeded": b"films,good,,succeeded,200,,x\r\n", "failed": b"films,lost,,failed,503,SlowDown,x\r\n"}
    place = options.get("location") or {}
    job = {"job_id": options["job_id"], "tasks_total": 2, "tasks_done": 2, "tasks_failed": 1}
    if options["job_id"] in [found["job_id"] for found in cloud.emulator.jobs()]:
        job["job_id"] += "-too"
    given = {"prefix": place.get("prefix", "restores"), "bucket": place.get("bucket", BUCKET)}
    operation = "S3DeleteObjectTagging"
    if "checksums" in options:
        message = '"{""checksumAlgorithm"":""CRC32"",""checksumType"":""FULL_OBJECT"",""checksum_hex"":""6D2F5339""}"'
        rows = {"succeeded": f"films,good,,succeeded,200,,{message}\r\n".encode(), "failed": rows["failed"]}
        operation = "S3ComputeObjectChecksum"
        cloud.emulator.make_bucket(cloud.provider, "reports", "111122223333", cloud.account.connection["region"])
    Report(rows, job={**job, "operation": operation}, **given).put(cloud)
    region, account = cloud.account.connection["region"], cloud.account.connection["account_id"]
    for bucket in ("emulator-manifests", "example-manifests"):
        cloud.emulator.make_bucket(cloud.provider, bucket, account, region)
    # Where the emulator says that the manifest of a seeded job is, and what its ETag is the MD5 of.
    cloud.emulator.put_object(cloud.provider, "emulator-manifests", "manifest.csv", b"")


def listed(emulator: Emulator, tmp_path: Path, tasks: list[dict[str, t.Any]]) -> None:
    """Make what the examples of the manifest modules read: buckets, objects, and the file in tmp_path."""
    place = ACCOUNTS[0].connection
    for bucket in ("archive", "example-manifests", "example-reports"):
        emulator.make_bucket("aws", bucket, place["account_id"], place["region"], versioned=bucket == "archive")
    emulator.put_object("aws", "archive", "films/a.mov", b"x" * 2**20, storage_class="GLACIER", modified=1.7e9)
    (tmp_path / "inventory.csv").write_text("archive,films/a.mov,1048576\n", encoding="utf-8")
    (tmp_path / "query-result.csv").write_text('"bucket","key"\n"archive","films/b and c.mov"\n', encoding="utf-8")
    emulator.put_object("aws", "example-manifests", "alpha.csv", b"archive,films/a.mov\n")
    cos = ACCOUNTS[1].connection
    emulator.make_bucket("cos", "manifests-1250000000", cos["account_id"], cos["region"])
    emulator.put_object("cos", "manifests-1250000000", "alpha.csv", b"films-1250000000,a.mov\n")
    for task in tasks:
        options = task.get(f"{FQCN}batch_manifest", {})
        if "file" in options:
            options["file"] = options["file"].replace("/tmp", str(tmp_path))


def manifests(emulator: Emulator, _folder: Path, _tasks: list[dict[str, t.Any]]) -> None:
    """Make the manifests that the examples of batch_manifest_info read, and the objects in them."""
    for account, bucket in ((ACCOUNTS[0], "example-manifests"), (ACCOUNTS[1], "manifests-1250000000")):
        place = account.connection
        for name in (bucket, "archive"):
            emulator.make_bucket(account.provider, name, place["account_id"], place["region"])
        emulator.put_object(account.provider, "archive", "films/a.mov", b"x")
        emulator.put_object(account.provider, bucket, "alpha.csv", b"archive,films/a.mov\n")


@pytest.mark.parametrize("module", MODULE_NAMES)
def test_documented_examples(
    emulator: Emulator, tmp_path: Path, module: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every example runs as it is printed; the endpoint and the keys come from the environment's side."""
    tasks = examples(module)
    environment = dict.fromkeys(("AWS_ENDPOINT_URL", "COS_ENDPOINT_URL", "OSS_ENDPOINT_URL"), emulator.url)
    for account, (key_id, key) in zip(ACCOUNTS, KEY_VARIABLES, strict=True):
        environment[key_id] = account.connection["access_key"]
        environment[key] = account.connection["secret_key"]
    seed(emulator, ACCOUNTS[0], "something-to-list", priority=1, status="Ready")
    if module in ("batch_manifest", "batch_manifest_info"):
        listed(emulator, tmp_path, tasks)
    for number, task in enumerate(tasks):
        options = task.get(FQCN + module) or {}
        if module == "batch_job_chain" and options:
            chain(emulator, options)
        if "select" in options:
            job = {"priority": 10, "status": "Complete" if module == "batch_job_wait" else "Active", "tasks_done": 1000}
            seed(emulator, ACCOUNTS[0], f"selected-{number}", **job, **like(options["select"]))
        if module in REPORTING and options:
            report(Cloud(ACCOUNTS[0], emulator, capsys), options)
            continue
        for job_id, priority in named_jobs(options):
            if job_id not in [job["job_id"] for job in emulator.jobs()]:
                account = next(item for item in ACCOUNTS if item.provider == options["provider"])
                # Who waits for jobs in an example finds them at their end, one object in a hundred failed at most.
                status = "Complete" if module == "batch_job_wait" else "Active"
                status = "Suspended" if options.get("status") == "ready" else status
                seed(emulator, account, job_id, priority=priority, status=status, tasks_done=1000)
    with at_each(emulator, ["ListJobs"], lambda turn: end_the_cancelling(emulator)):
        run = play(tmp_path, tasks, {"localhost": {"connection": {}}}, environment=environment)
    assert run.code == 0, run.output
    assert run.recap["localhost"]["ok"] == len(tasks)
    if module in ("batch_job", "batch_job_priority", "batch_job_status"):
        assert run.recap["localhost"]["changed"] == len(tasks)


@pytest.mark.parametrize("module", MODULE_NAMES)
def test_every_option_stands_in_an_example_or_a_fragment(module: str) -> None:
    documented = yaml.safe_load(importlib.import_module(f"{MODULES}.{module}").DOCUMENTATION)["options"]
    used = {name for task in examples(module) for name in task.get(FQCN + module, {})}
    # An underscore marks what only an action plugin sets.
    assert {name for name in documented if not name.startswith("_")} <= used


def queue_policy(**variables: t.Any) -> list[dict[str, t.Any]]:
    rules = [
        {"name": "restores", "match": {"description": "restore"}, "class": "high"},
        {"match": {"description": "nightly"}, "class": "weekend"},
    ]
    shared = {"queue_policy_rules": rules, "queue_policy_classes": {"weekend": 77}, **variables}
    return [
        {"ansible.builtin.include_role": {"name": f"{FQCN}queue_policy"}, "vars": shared},
        {"ansible.builtin.debug": {"var": "queue_policy_result.msg"}},
    ]


def test_the_role_works_on_many_queues_at_once(emulator: Emulator, tmp_path: Path) -> None:
    hosts = {}
    for account in ACCOUNTS:
        for number in range(3):
            description = ("urgent restore", "nightly run", "something else")[number]
            seed(emulator, account, f"{account.provider}-job-{number}", priority=5, description=description)
        hosts[account.provider] = {
            "connection": connection(account, emulator),
            "queue_policy_provider": account.provider,
            "queue_policy_region": account.connection["region"],
            "queue_policy_account_id": account.connection.get("account_id", ""),
            "queue_policy_app_id": account.connection.get("app_id", ""),
        }
    dry = play(tmp_path, queue_policy(), hosts, "--check", "--diff")
    assert dry.code == 0, dry.output
    assert {host: counts["changed"] for host, counts in dry.recap.items()} == EACH
    assert not [entry for entry in emulator.log() if entry["write"]]

    kept = {"ansible.builtin.assert": {"that": "queue_policy_result.error.kind == 'conflict'"}}
    refused = play(tmp_path, [{"block": queue_policy(queue_policy_max_updates=0), "always": [kept]}], hosts)
    assert refused.code == 2
    assert {host: (counts["failed"], counts["rescued"]) for host, counts in refused.recap.items()} == dict.fromkeys(
        CLOUDS, (1, 0)
    )
    assert refused.output.count("All assertions passed") == len(CLOUDS)
    assert "The plan has 2 changes, but max_updates allows 0. No changes were made" in refused.output

    real = play(tmp_path, queue_policy(queue_policy_max_updates=2), hosts)
    assert real.code == 0, real.output
    assert real.output.count("priority changed from 5 to 3000") == len(CLOUDS)
    for account in ACCOUNTS:
        found = [job["priority"] for job in emulator.jobs(provider=account.provider)]
        assert found == [3000, 77, 5]
    again = play(tmp_path, queue_policy(queue_policy_max_updates=0), hosts)
    assert {host: counts["changed"] for host, counts in again.recap.items()} == NONE


BLANK = dict.fromkeys(
    (
        *("profile", "assume_role_arn", "concurrency", "request_timeout", "retry_deadline", "max_attempts", "verify"),
        *("order", "max_updates", "min_delta", "spacing", "approved", "approval_mode", "expect_plan", "when_ended"),
    ),
    "",
)
"""Answers of a survey that were left empty."""


def test_the_role_takes_everything_and_sums_up(emulator: Emulator, tmp_path: Path) -> None:
    hosts = {}
    for account in ACCOUNTS:
        seed(emulator, account, f"{account.provider}-restore", priority=5, description="urgent restore")
        seed(emulator, account, f"{account.provider}-nightly", priority=5, description="nightly run")
        own = {**BLANK, "provider": account.provider, "endpoint_url": emulator.url, **account.connection}
        hosts[account.provider] = {"connection": {}, **{f"queue_policy_{name}": value for name, value in own.items()}}

    def summed(moves: int) -> dict[str, t.Any]:
        known = [f"queue_policy_summary.moves | int == {moves}", f"queue_policy_summary.queues | int == {len(CLOUDS)}"]
        known += [
            "queue_policy_summary.missing == []",
            "queue_policy_summary.text is search('priority would change for')",
        ]
        return {"ansible.builtin.assert": {"that": known}}

    keep = {"ansible.builtin.set_fact": {"evening": "{{ queue_policy_plan.plan }}"}}
    evening = queue_policy()[:1]
    evening[0]["ansible.builtin.include_role"]["apply"] = {"check_mode": True}
    night = [{**queue_policy(queue_policy_approved="{{ evening }}", queue_policy_approval_mode="still_valid")[0]}]
    # Between evening and night somebody moves one job on each cloud.
    url = "{{ queue_policy_endpoint_url }}/_emulator/jobs/{{ evening[1].job_id | urlencode | replace('/', '%2F') }}"
    move = {"ansible.builtin.uri": {"url": url, "method": "PATCH", "body_format": "json", "body": {"priority": 6}}}
    tasks = [*evening, keep, summed(2 * len(CLOUDS)), move, *night, summed(len(CLOUDS))]
    run = play(tmp_path, tasks, hosts, "-vvvv")
    assert run.code == 0, run.output
    assert "is unsafe" not in run.output
    for account in ACCOUNTS:
        assert [job["priority"] for job in emulator.jobs(provider=account.provider)] == [3000, 6]
        for secret in account.secrets:
            assert secret not in run.output


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({}, "missing required arguments: provider"),
        ({"queue_policy_provider": "gcs"}, "value of provider must be one of: aws, cos, oss"),
        ({"queue_policy_provider": "aws"}, "region is required for AWS S3 Batch Operations"),
    ],
    ids=["nothing", "provider", "region"],
)
def test_the_role_refuses_what_is_missing(
    emulator: Emulator, tmp_path: Path, place: dict[str, str], words: str
) -> None:
    run = play(tmp_path, queue_policy(**place), {"one": {"connection": {}}})
    assert run.code == 2
    assert words in run.output
    assert emulator.log() == []
