# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role that tries again what failed, and its playbook, over every cloud: all well, some lost, all lost."""

from __future__ import annotations

import json
import typing as t

import pytest

from .clouds import ACCOUNTS, Cloud
from .moments import at_each
from .playbooks import FQCN, ROOT, Run, play, run
from .reports import BUCKET, resource
from .test_playbooks import CLOUDS, connection
from .test_story import OPERATIONS, ROLES, arn, lay_out

if t.TYPE_CHECKING:
    from pathlib import Path

    from batch_emulator.client import Emulator

pytestmark = pytest.mark.slow

KEYS = ["good-1", "films/a%2520b.mov", "films/c%2C.mov", "often/d", "locked/e", "gone/f"]
RULES = [
    {"key": "^films/", "code": "SlowDown", "http_status": 503, "times": 1},
    {"key": "^often/", "code": "InternalError", "http_status": 500},
    {"key": "^locked/", "code": "AccessDenied", "http_status": 403, "message": "Access Denied"},
    {"key": "^gone/", "code": "NoSuchKey", "http_status": 404},
]
FOR_GOOD = ["gone/f", "locked/e", "often/d"]


def hosts_of(
    emulator: Emulator,
    capsys: pytest.CaptureFixture[str],
    *keys: list[str],
    fields: list[str] | None = None,
    clouds: t.Sequence[str] = CLOUDS,
) -> dict[str, dict[str, t.Any]]:
    """A host for each of the clouds, with the job that its tests create.

    :param keys: of the objects of that job, for each cloud; the last ones are those of all that follow.
    """
    hosts = {}
    for number, account in enumerate(account for account in ACCOUNTS if account.provider in clouds):
        cloud = Cloud(account, emulator, capsys)
        own = [KEYS, *keys][min(number + 1, len(keys))]
        manifest = {"object_arn": arn(cloud, "lists/all.csv"), "etag": lay_out(cloud, own)}
        job = {
            "operation": OPERATIONS[account.provider],
            "manifest": {**manifest, **({"fields": fields} if fields else {})},
            "report": {"bucket": resource(cloud).replace("aws-cn", "aws"), "prefix": "some/where"},
            "role_arn": ROLES[account.provider],
            "priority": 100,
            "description": "restore of films",
        }
        hosts[account.provider] = {"connection": connection(account, emulator), "wanted": job}
    return hosts


def create() -> list[dict[str, t.Any]]:
    names = ("operation", "manifest", "report", "role_arn", "priority", "description")
    return [{f"{FQCN}batch_job": {name: f"{{{{ wanted.{name} }}}}" for name in names}, "register": "first"}]


def tasks(**variables: t.Any) -> list[dict[str, t.Any]]:
    """Create the job, try again what failed in it, and show what came of it, whether the role fails or not."""
    given = {
        "job_id": "{{ first.job.job_id }}",
        "interval": 0.3,
        "timeout": 3600,
        "wait_for_report": 3600,
        "rounds": 2,
        **variables,
    }
    own = {f"failed_objects_{name}": value for name, value in given.items()}
    show = {"ansible.builtin.debug": {"msg": "RESULT {{ failed_objects_result | to_json }}"}}
    role = {"ansible.builtin.include_role": {"name": f"{FQCN}failed_objects"}, "vars": own}
    return [*create(), {"block": [role], "always": [show]}]


def results(run: Run) -> dict[str, dict[str, t.Any]]:
    """What the role left, by host."""
    found = {}
    for line in run.output.splitlines():
        if line.startswith("ok: [") and "RESULT" not in line:
            host = line.partition("[")[2].partition("]")[0]
        if '"msg": "RESULT ' in line:
            text = json.loads("{" + line.strip().rstrip(",") + "}")["msg"]
            found[host] = json.loads(text.partition(" ")[2])
    return found


def whole(value: t.Any) -> bool:
    """Whether every number in a result is one: before ansible-core 2.19 a template may make text of it."""
    if isinstance(value, dict):
        counts = [item for name, item in value.items() if name in ("succeeded", "failed", "retried", "lost")]
        counts += [item for name, item in value.items() if name.endswith("_count")]
        return all(isinstance(item, int) for item in counts) and all(whole(item) for item in value.values())
    return all(whole(item) for item in value) if isinstance(value, list) else True


def rounds_of(result: dict[str, t.Any]) -> list[tuple[int, ...]]:
    return [tuple(item[name] for name in ("succeeded", "failed", "retried", "lost")) for item in result["rounds"]]


def running(emulator: Emulator, folder: Path, *arguments: t.Any) -> Run:
    """Play while the jobs run, in the emulator's own time."""
    with at_each(emulator, ["ListJobs", "GetObject"], lambda turn: emulator.advance(120)):
        return play(folder, *arguments)


class Case(t.NamedTuple):
    """A job with these objects, and what comes of it."""

    keys: list[str]
    rounds: list[tuple[int, ...]]
    names: list[str]
    heading: str


ENDS = {
    "nothing failed": Case(
        ["good-1", "good-2"], [(2, 0, 0, 0)], [], "Retried objects: 0 (retry rounds: 0). Permanently failed objects: 0."
    ),
    "all succeeded in the end": Case(
        ["good-1", "films/a", "films/b"],
        [(1, 2, 2, 0), (2, 0, 0, 0)],
        [],
        "Retried objects: 2 (retry rounds: 1). Permanently failed objects: 0.",
    ),
    "some failed": Case(
        KEYS,
        [(1, 5, 3, 2), (2, 1, 1, 0), (0, 1, 0, 1)],
        FOR_GOOD,
        "Retried objects: 3 (retry rounds: 2). Permanently failed objects: 3.",
    ),
    "all failed": Case(
        ["often/d", "locked/e", "gone/f"],
        [(0, 3, 1, 2), (0, 1, 1, 0), (0, 1, 0, 1)],
        FOR_GOOD,
        "Retried objects: 1 (retry rounds: 2). Permanently failed objects: 3.",
    ),
}


@pytest.mark.parametrize("turn", [1, 3])
def test_rounds_until_nothing_is_left(
    emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str], turn: int
) -> None:
    """Each cloud of a run has another end: all went well, some is lost, all is lost, each at least once."""
    names = [*ENDS, *ENDS][turn:]
    ends = dict(zip(CLOUDS, names, strict=False))
    cases = {cloud: ENDS[name] for cloud, name in ends.items()}
    hosts = hosts_of(emulator, capsys, *(case.keys for case in cases.values()))
    emulator.settings(task_rules=RULES, capacity=8, report_delay=5)
    runs = [running(emulator, tmp_path, tasks(), hosts)]
    if turn == 3:
        emulator.clear_log()
        runs.append(running(emulator, tmp_path, tasks(), hosts))
        writes = [entry["operation"] for entry in emulator.log() if entry["write"]]
        assert writes == [], "the second run wrote"
        assert [counts["changed"] for counts in runs[1].recap.values()] == [0] * len(CLOUDS)
    for one in runs:
        failed = {cloud: int(bool(case.names)) for cloud, case in cases.items()}
        assert one.code == 2, one.output
        assert {host: counts["failed"] for host, counts in one.recap.items()} == failed, one.output
        assert set(results(one)) == set(CLOUDS), one.output
        assert "NotImplemented" not in one.output and "NoneType" not in one.output
        for host, result in results(one).items():
            case = cases[host]
            assert case.heading in one.output
            assert whole(result), (host, result)
            assert rounds_of(result) == case.rounds, (host, result)
            assert sorted(item["key"] for item in result["failed_for_good"]) == case.names
            assert (result["failed_for_good_count"], result["retried_count"]) == (len(case.names), case.rounds[0][2])
        assert "AccessDenied          archive/locked/e  Access Denied" in one.output
        for host, result in results(one).items():
            if cases[host].names:
                job = result["rounds"][0]["jobs"][0]["job_id"]
                assert f"3 objects of job {job} in {host} failed permanently: " in one.output
        # In the order of the rounds, and within a round in the order of the report.
        assert one.output.count(
            "failed permanently: archive/locked/e (AccessDenied), archive/gone/f (NoSuchKey),"
            " archive/often/d (InternalError)."
        ) >= sum(failed.values())
    for cloud, case in cases.items():
        assert len(emulator.jobs(provider=cloud)) == len(case.rounds)
        if case.keys == KEYS:
            found = emulator.objects(cloud, BUCKET)
            bodies = [emulator.read_object(cloud, BUCKET, key) for key in found if "retry-of" in key]
            assert sorted(bodies) == [
                b"archive,films/a%2520b.mov\narchive,films/c%2C.mov\narchive,often/d\n",
                b"archive,often/d\n",
            ]


def test_a_run_may_go_on_with_what_failed_for_good(
    emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hosts = hosts_of(emulator, capsys, ["locked/e", "good-1"], clouds=["cos"])
    emulator.settings(task_rules=RULES, capacity=8)
    one = running(emulator, tmp_path, tasks(fail=False, rounds=0, progress=False), hosts)
    assert one.code == 0, one.output
    for result in results(one).values():
        assert rounds_of(result) == [(1, 1, 0, 1)]
        assert [(item["key"], item["code"]) for item in result["failed_for_good"]] == [("locked/e", "AccessDenied")]
    assert "Waiting for" not in one.output, "progress was switched off"
    assert all(len(emulator.jobs(provider=cloud)) == 1 for cloud in hosts)


def test_objects_are_counted_and_not_rows(
    emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An object that a manifest names three times is one, tried again in each round, and lost once."""
    hosts = hosts_of(emulator, capsys, ["often/d", "often/d", "often/d", "gone/f", "gone/f", "often/x"], clouds=["aws"])
    emulator.settings(task_rules=RULES, capacity=8)
    one = running(emulator, tmp_path, tasks(fail=False, rounds=1), hosts)
    assert one.code == 0, one.output
    for result in results(one).values():
        assert rounds_of(result) == [(0, 6, 2, 1), (0, 2, 0, 2)], result
        assert (result["retried_count"], result["failed_for_good_count"]) == (2, 3)
        assert sorted(item["key"] for item in result["failed_for_good"]) == ["gone/f", "often/d", "often/x"]


def test_two_manifests_are_two_jobs(emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Some of the objects have a version in the report, and others have none; OSS documents no versions."""
    keys = ["often/a,v1", "films/b,v2", "films/c,", "often/d,"]
    hosts = hosts_of(emulator, capsys, keys, fields=["Bucket", "Key", "VersionId"], clouds=["aws"])
    emulator.settings(task_rules=RULES, capacity=8)
    one = running(emulator, tmp_path, tasks(rounds=1), hosts)
    assert one.code == 2, one.output
    for host, result in results(one).items():
        assert rounds_of(result) == [(0, 4, 4, 0), (2, 2, 0, 2)], (host, result)
        jobs = [[(job["retried"], job["lost"]) for job in item["jobs"]] for item in result["rounds"]]
        assert jobs == [[(4, 0)], [(0, 1), (0, 1)]]
        assert sorted(item["key"] for item in result["failed_for_good"]) == ["often/a", "often/d"]
    assert "Retried objects: 4 (retry rounds: 1). Permanently failed objects: 2." in one.output
    for cloud in hosts:
        found = emulator.objects(cloud, BUCKET)
        bodies = [emulator.read_object(cloud, BUCKET, key) for key in found if "retry-of" in key]
        assert sorted(bodies) == [b"archive,films/b,v2\narchive,often/a,v1\n", b"archive,films/c\narchive,often/d\n"]
        assert len(emulator.jobs(provider=cloud)) == 3


def test_what_was_never_started_is_counted(
    emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hosts = hosts_of(emulator, capsys, ["good-1", "gone/f", "locked/e"], clouds=["oss"])
    emulator.settings(task_rules=RULES, capacity=8)
    one = running(emulator, tmp_path, tasks(retry_scope="unfinished", rounds=1), hosts)
    assert one.code == 2, one.output
    for result in results(one).values():
        assert rounds_of(result) == [(1, 2, 2, 0), (0, 2, 0, 2)]
        assert sorted(item["code"] for item in result["failed_for_good"]) == ["AccessDenied", "NoSuchKey"]


def test_check_mode_plans_the_first_round(
    emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hosts = hosts_of(emulator, capsys, clouds=["cos"])
    emulator.settings(task_rules=RULES, capacity=8)
    assert play(tmp_path, create(), hosts).code == 0
    emulator.advance(100)
    emulator.clear_log()
    run = play(tmp_path, tasks(exclude="", manifest_bucket=""), hosts, "--check", "--diff")
    assert run.code == 0, run.output
    assert not [entry for entry in emulator.log() if entry["write"]]
    assert run.output.count("+archive,films/a%2520b.mov") == len(hosts)
    for result in results(run).values():
        assert rounds_of(result) == [(1, 5, 3, 2)]


def test_the_playbook_leaves_its_result_before_it_fails(
    emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """For a workflow's next node, and for a person; batch_fail decides about the end."""
    hosts = hosts_of(emulator, capsys, ["good-1", "locked/e", "films/a"], clouds=["oss"])
    emulator.settings(task_rules=RULES, capacity=8)
    first = play(tmp_path, create(), hosts)
    assert first.code == 0, first.output
    ids = {job["provider"]: job["job_id"] for job in emulator.jobs()}
    own = {
        name: {
            **{f"queue_{option}": value for option, value in values["connection"].items() if "_key" not in option},
            "queue_access_key_variable": f"{name.upper()}_KEY",
            "queue_secret_key_variable": f"{name.upper()}_SECRET",
            "batch_job_id": ids[name],
        }
        for name, values in hosts.items()
    }
    environment = {"ANSIBLE_SHOW_CUSTOM_STATS": "true"}
    for name, values in hosts.items():
        environment[f"{name.upper()}_KEY"] = values["connection"]["access_key"]
        environment[f"{name.upper()}_SECRET"] = values["connection"]["secret_key"]
    inventory = {"all": {"hosts": {name: {"ansible_connection": "local", **values} for name, values in own.items()}}}
    (tmp_path / "inventory.json").write_text(json.dumps(inventory), encoding="utf-8")
    playbook = ROOT / "playbooks" / "retry_failed.yml"
    for extra, code in (({}, 2), ({"batch_fail": "no", "batch_progress": False}, 0)):
        words = json.dumps({"batch_timeout": "1h", "batch_all": True, **extra})
        with at_each(emulator, ["ListJobs", "GetObject"], lambda turn: emulator.advance(30)):
            done = run(tmp_path, tmp_path / "inventory.json", playbook, "-e", words, environment=environment)
        assert done.code == code, done.output
        stats = done.output.partition("CUSTOM STATS")[2]
        assert stats.count("failed_for_good_count") == len(hosts), done.output
        assert stats.count("archive") and "locked/e" in stats
        if code:
            for name in hosts:
                said = f"1 object of job {ids[name]} in {name} failed permanently: archive/locked/e (AccessDenied)."
                assert said in done.output, done.output
    assert {len(emulator.jobs(provider=cloud)) for cloud in hosts} == {2}
