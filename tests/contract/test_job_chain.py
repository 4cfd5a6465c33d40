# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role job_chain and its module: chains and trees on every cloud, resumed, limited, blocked, never by mistake."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
from batch_emulator.accounts import AWS_KEY, AWS_OTHER_KEY

from .clouds import ACCOUNTS, Cloud, own_id
from .guides import assert_printed, execute, named, tasks
from .moments import at_each
from .playbooks import FQCN, Run, play, run
from .test_interrupts import hold, interrupted
from .test_playbooks import CLOUDS, connection, seed
from .test_readmes import BOTH, INVENTORY, blocks, environment, profiles, write

if t.TYPE_CHECKING:
    from batch_emulator.client import Emulator

HOSTILE = "{{ lookup('pipe', 'touch planted') }}\n\u202eready: job"
CHAIN = [{"job": "job-b", "after": ["job-a"]}, {"job": "job-c", "after": ["job-b"]}]
READ = ["ListJobs"]
DONE = {"tasks_total": 1000, "tasks_done": 1000, "tasks_failed": 0}


def lay_out(cloud: Cloud, **statuses: t.Any) -> None:
    """Create the jobs job-a, job-b, and so on; each has a status, or a status and its failed tasks."""
    for name, state in statuses.items():
        status, failed = (state, 0) if isinstance(state, str) else state
        done = 100 if status in ("Complete", "Failed") else 0
        cloud.seed(
            {
                "job_id": f"job-{name}",
                "status": status,
                "priority": 10,
                "confirmation_required": True,
                "tasks_total": 100,
                "tasks_done": done,
                "tasks_failed": failed,
                "description": f"step {name}",
            }
        )


def chain(cloud: Cloud, links: t.Any = None, **options: t.Any) -> dict[str, t.Any]:
    return cloud.run("batch_job_chain", links=links or CHAIN, **options)


def statuses(cloud: Cloud) -> str:
    """Return the statuses of the jobs, in the order of their names."""
    jobs = sorted(cloud.emulator.jobs(provider=cloud.provider), key=lambda job: job["job_id"])
    return " ".join(job["status"] for job in jobs)


def test_the_next_job_is_confirmed_once(cloud: Cloud) -> None:
    lay_out(cloud, a="Complete", b="Suspended", c="Suspended")
    plan = chain(cloud, check_mode=True, diff=True)
    assert (plan["changed"], plan["confirmed"], cloud.writes()) == (True, [], [])
    assert plan["msg"] == "Chain of 2 links: 1 ready, 1 waiting. Would confirm: job-b."
    assert [line.partition(":")[0] for line in plan["plan"]] == ["confirm", "waiting"]
    assert plan["diff"]["before"] != plan["diff"]["after"]
    cloud.emulator.clear_log()
    done = chain(cloud)
    assert (done["rc"], done["changed"], done["confirmed"], done["finished"]) == (0, True, ["job-b"], False), done
    assert [job["outcome"] for job in done["jobs"]] == ["changed", "skipped"]
    assert statuses(cloud) == "Complete Ready Suspended"
    # A job and the jobs before it are read again before it is confirmed; the others are only listed.
    assert sorted(cloud.operations()) == ["DescribeJob", "DescribeJob", "ListJobs", "UpdateJobStatus"]
    cloud.emulator.clear_log()
    again = chain(cloud)
    assert (again["changed"], again["confirmed"], cloud.operations()) == (False, [], READ)
    assert again["pending"] == ["job-b", "job-c"]


LIMITS = [
    (0, {}, True),
    (1, {}, False),
    (1, {"accept": "partial", "max_failed": 1}, True),
    (2, {"accept": "partial", "max_failed": 1}, False),
    (2, {"accept": "partial", "max_failed": "2%"}, True),
    (3, {"accept": "partial", "max_failed": "2.9%"}, False),
    (100, {"accept": "any"}, True),
]


@pytest.mark.parametrize(("failed", "rule", "confirmed"), LIMITS)
def test_a_rule_for_partial_results(cloud: Cloud, failed: int, rule: dict[str, t.Any], confirmed: bool) -> None:
    lay_out(cloud, a=("Complete", failed), b="Suspended")
    result = chain(cloud, [{**CHAIN[0], **rule}])
    assert (result["confirmed"] == ["job-b"], result["blocked"] == ["job-b"]) == (confirmed, not confirmed), result
    assert statuses(cloud) == ("Complete Ready" if confirmed else "Complete Suspended")
    assert f"{failed} of 100 tasks failed" in result["plan"][0]


def test_one_branch_fails_and_the_other_goes_on(cloud: Cloud) -> None:
    tree = [*CHAIN, {"job": "job-e", "after": ["job-d"]}]
    lay_out(cloud, a="Failed", b="Suspended", c="Suspended", d="Complete", e="Suspended")
    kept = chain(cloud, tree)
    assert (kept["rc"], kept["confirmed"], kept["blocked"]) == (0, ["job-e"], ["job-b", "job-c"])
    assert statuses(cloud) == "Failed Suspended Suspended Complete Ready"
    for name in ("job-b", "job-c"):
        assert f"Job {name} (" in kept["msg"]
    ended = chain(cloud, tree, on_failure="cancel", reason="because job-a failed")
    assert ended["cancelled"] == ["job-b", "job-c"]
    assert statuses(cloud) == "Failed Cancelling Cancelling Complete Ready"
    again = chain(cloud, tree, on_failure="cancel", reason="because job-a failed")
    assert (again["changed"], again["cancelled"]) == (False, [])


def test_what_cannot_be_read_is_never_accepted(cloud: Cloud) -> None:
    """A job that is gone after its retention, and a job that was never created."""
    lay_out(cloud, b="Suspended", c="Suspended")
    for rule in ({}, {"accept": "any"}, {"accept": "partial", "max_failed": "100%"}):
        result = chain(cloud, [{**CHAIN[0], **rule}], on_failure="cancel")
        assert (result["changed"], result["blocked"], cloud.writes()) == (False, ["job-b"], [])
        assert "Job job-b ('step b') is Suspended: job job-a was not found" in result["msg"]
    missing = chain(cloud, [{"job": "job-x", "after": ["job-b"]}])
    assert (missing["blocked"], missing["jobs"][0]["state"]) == (["job-x"], "missing")


@pytest.mark.parametrize("status", ["New", "Preparing", "Ready", "Active", "Paused", "Completing", "Failing", "Odd"])
def test_only_a_job_that_awaits_its_confirmation_is_confirmed(cloud: Cloud, status: str) -> None:
    lay_out(cloud, a="Complete", b=status)
    for on_failure in ("keep", "cancel"):
        assert not chain(cloud, CHAIN[:1], on_failure=on_failure)["changed"]
    assert cloud.writes() == []


def test_a_job_that_needs_no_confirmation_is_left_alone(cloud: Cloud) -> None:
    lay_out(cloud, a="Complete", b="Suspended")
    cloud.emulator.patch("job-b", confirmation_required=False)
    result = chain(cloud, CHAIN[:1])
    assert (result["blocked"], cloud.writes()) == (["job-b"], [])
    assert "needs no confirmation" in result["msg"]


@pytest.mark.parametrize(
    ("job_id", "change"),
    [
        ("job-b", {"status": "Cancelled"}),
        ("job-b", {"status": "Ready"}),
        ("job-a", {"tasks_failed": 1}),
    ],
)
def test_what_changes_after_the_list_counts(cloud: Cloud, job_id: str, change: dict[str, t.Any]) -> None:
    lay_out(cloud, a="Complete", b="Suspended")
    with at_each(cloud.emulator, ["DescribeJob"], lambda turn: cloud.emulator.patch(job_id, **change)):
        result = chain(cloud, CHAIN[:1], concurrency=1)
    assert (result["rc"], result["confirmed"], cloud.writes()) == (0, [], []), result


@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
def test_a_response_that_is_lost(cloud: Cloud, fault: str) -> None:
    lay_out(cloud, a="Complete", b="Suspended")
    cloud.fault(fault, operation="UpdateJobStatus")
    result = chain(cloud, CHAIN[:1])
    assert (result["rc"], result["confirmed"], len(cloud.writes())) == (0, ["job-b"], 1), result


def test_a_job_that_fails_does_not_stop_the_others(cloud: Cloud) -> None:
    lay_out(cloud, a="Complete", b="Suspended", c="Suspended", d="Suspended")
    cloud.fault("raw", operation="UpdateJobStatus", code=cloud.account.denied, message="no", http_status=403, skip=1)
    links = [{"job": f"job-{name}", "after": ["job-a"]} for name in "bcd"]
    result = chain(cloud, links, concurrency=1)
    assert (result["rc"], result["changed"], result["confirmed"]) == (1, True, ["job-b", "job-d"]), result
    assert result["error"]["kind"] == "access_denied"
    assert statuses(cloud) == "Complete Ready Suspended Ready"
    assert chain(cloud, links)["confirmed"] == ["job-c"]


def test_a_run_that_was_interrupted_is_resumed(cloud: Cloud) -> None:
    lay_out(cloud, a="Complete", b="Suspended", c="Suspended", d="Suspended")
    links = [{"job": f"job-{name}", "after": ["job-a"]} for name in "bcd"]
    hold(cloud, "UpdateJobStatus", skip=1, applied=True)
    result = interrupted(cloud, "batch_job_chain", "UpdateJobStatus", 2, links=links, concurrency=1)
    assert (result["changed"], result["error"]["kind"]) == (True, "interrupted")
    assert "1 of 3 jobs were changed, the result is unknown for 1, and 1 were not changed" in result["msg"]
    cloud.emulator.clear_faults()
    again = chain(cloud, links)
    assert (again["confirmed"], statuses(cloud)) == (["job-d"], "Complete Ready Ready Ready")
    assert not chain(cloud, links)["changed"]


def test_jobs_by_description(cloud: Cloud) -> None:
    lay_out(cloud, a="Complete", b="Suspended")
    links = [
        {
            "job": {"description": "^step b$", "max_age": "1d"},
            "after": [{"description": "^step a$", "max_age": "1d"}],
        }
    ]
    # Another user creates a job with the same description. Nothing is decided by its result.
    cloud.seed(job_id="job-z", status="Complete", description="step a", tasks_total=1, tasks_done=1)
    result = chain(cloud, links, on_failure="cancel")
    assert (result["changed"], result["blocked"], cloud.writes()) == (False, ["job-b"], [])
    assert "matches 2 jobs instead of 1: job-" in result["msg"]
    cloud.emulator.patch("job-z", description=HOSTILE)
    assert chain(cloud, links)["confirmed"] == ["job-b"]
    same = chain(cloud, [{"job": "job-b", "after": ["job-a", links[0]["after"][0]]}])
    assert (same["rc"], same["error"]["kind"]) == (1, "invalid")
    assert "must contain each job once" in same["msg"]


def test_text_of_other_users_forges_no_line(cloud: Cloud) -> None:
    lay_out(cloud, a="Complete", b="Suspended")
    cloud.emulator.patch("job-b", description=HOSTILE)
    result = chain(cloud, CHAIN[:1], check_mode=True)
    assert len(result["plan"]) == 1
    assert all(line.isprintable() for line in [*result["plan"], result["msg"]])


def test_who_waits_too_long_or_was_too_early(cloud: Cloud) -> None:
    cloud.seed(
        {"job_id": "job-a", "status": "Active", "priority": 10},
        {"job_id": "job-b", "status": "Suspended", "priority": 10, "created": 28.5 * 86400},
        {"job_id": "job-c", "status": "Active", "priority": 10},
    )
    result = chain(cloud)
    assert len(result["warnings"]) == 2
    assert "Job job-b has waited for a confirmation for up to 29 days" in str(result["warnings"][0])
    assert "Job job-c is Active, although job job-b is Suspended" in str(result["warnings"][1])


def hosts_of(emulator: Emulator) -> dict[str, dict[str, t.Any]]:
    """Return a host for each cloud: a chain a-b-c, a diamond a-b/d-e, and a branch x-y that fails."""
    hosts = {}
    for account in ACCOUNTS:
        ids = {name: own_id(account.provider, f"{account.provider}-{name}") for name in "abcdexy"}
        for name in ids:
            text = HOSTILE if name == "b" else f"step {name}"
            state = {"status": "Active" if name in "ax" else "Suspended", "description": text}
            seed(emulator, account, f"{account.provider}-{name}", priority=10, confirmation_required=True, **state)
        links = [
            {"job": ids["c"], "after": [ids["b"]]},
            {"job": ids["b"], "after": [ids["a"]], "accept": "partial", "max_failed": "1%"},
            {"job": {"description": "^step d$", "max_age": "1d"}, "after": [ids["a"]], "accept": "any"},
            {"job": ids["e"], "after": [ids["b"], ids["d"]]},
            {"job": ids["y"], "after": [ids["x"]]},
        ]
        hosts[account.provider] = {"connection": connection(account, emulator), "wanted": links, "ids": ids}
    return hosts


def role(**variables: t.Any) -> list[dict[str, t.Any]]:
    given = {"links": "{{ wanted }}", "interval": 0.3, "timeout": 3600, **variables}
    own = {f"job_chain_{name}": value for name, value in given.items()}
    show = {"ansible.builtin.debug": {"msg": "RESULT {{ job_chain_result.confirmed | length }}"}}
    return [{"block": [{"ansible.builtin.include_role": {"name": f"{FQCN}job_chain"}, "vars": own}], "always": [show]}]


def go_on(emulator: Emulator) -> t.Callable[[int], None]:
    """Return what ends each running job; job-a has a partial result, and job-x fails."""

    def turn(number: int) -> None:
        for job in emulator.jobs():
            name = job["description"][-1]
            if job["status"] in ("Active", "Ready"):
                failed = 5 if name == "a" else 0
                counts = {"tasks_total": 1000, "tasks_done": 1000, "tasks_failed": failed}
                emulator.patch(job["job_id"], status="Failed" if name == "x" else "Complete", **counts)

    return turn


def confirmed(run: Run) -> list[int]:
    return [int(line.partition("RESULT ")[2].strip('", ')) for line in run.output.splitlines() if "RESULT " in line]


@pytest.mark.slow
def test_a_tree_on_every_cloud(emulator: Emulator, tmp_path: Path) -> None:
    """The plan, a pass that is cut short by its time, the rest, and a second run."""
    hosts = hosts_of(emulator)
    dry = play(tmp_path, role(), hosts, "--check", "--diff")
    assert (dry.code, confirmed(dry)) == (0, [0] * len(CLOUDS)), dry.output
    assert dry.output.count('"waiting: job ') == 5 * len(CLOUDS)
    assert not [entry for entry in emulator.log() if entry["write"]]
    with at_each(emulator, ["UpdateJobStatus", "ListJobs"], go_on(emulator)):
        late = play(tmp_path, role(timeout=0, wait=True), hosts)
        assert late.code != 0
        assert late.output.count("the chain has not ended after 0 s (timeout)") >= len(CLOUDS)
        rest = play(tmp_path, role(), hosts)
    # The branch that fails does not stop the others, and the message names it.
    assert rest.code != 0
    assert rest.output.count("Create the missing jobs again") >= len(CLOUDS)
    for provider, host in hosts.items():
        own = {job["job_id"]: job["status"] for job in emulator.jobs(provider=provider)}
        assert {name: own[job_id] for name, job_id in host["ids"].items()} == {
            **dict.fromkeys("abcde", "Complete"),
            "x": "Failed",
            "y": "Suspended",
        }, rest.output
        writes = [entry["job_id"] for entry in emulator.log() if entry["write"] and entry["provider"] == provider]
        assert sorted(writes) == sorted(host["ids"][name] for name in "bcde"), "each job is confirmed once"
        assert f"[{provider}] confirm: job {host['ids']['c']}" in rest.output
    again = play(tmp_path, role(fail=False, on_failure="keep"), hosts)
    assert again.code == 0, again.output
    assert [counts["changed"] for counts in again.recap.values()] == [0] * len(CLOUDS)
    assert not (tmp_path / "planted").exists()


@pytest.mark.slow
def test_the_guide(emulator: Emulator, tmp_path: Path) -> None:
    texts = ("urgent restore", "nightly copy", "cost tags", "cleanup")
    base = {"confirmation_required": True, "priority": 10}
    for number, text in enumerate(texts, 1):
        status = "Active" if number == 1 else "Suspended"
        job_id = f"6f1f7ff1-5e6c-4b7a-9f3a-{number:012}"
        seed(emulator, ACCOUNTS[0], job_id, **base, status=status, description=text)
    text = named("chains")["role"] + "        job_chain_interval: 0.3\n"
    (tmp_path / "chain.yml").write_text(text, encoding="utf-8")
    keys = environment(emulator)
    dry = execute(tmp_path, "chains", "preview", keys)
    assert dry.code == 0, dry.output
    assert_printed("chains", "preview-output", dry.output)
    with at_each(emulator, ["ListJobs"], go_on(emulator)):
        done = execute(tmp_path, "chains", "apply", keys)
    assert done.code == 0, done.output
    assert_printed("chains", "apply-output", done.output)
    assert [job["status"] for job in emulator.jobs()] == ["Complete"] * 4
    for name, status in (("restore", "Complete"), ("tag", "Suspended")):
        seed(emulator, ACCOUNTS[0], f"{name}-films", **base, status=status, description=f"{name} the films", **DONE)
    host = {"localhost": {"connection": connection(ACCOUNTS[0], emulator)}}
    selected = play(tmp_path, tasks("chains", "select"), host)
    assert (selected.code, selected.recap["localhost"]["changed"]) == (0, 1), selected.output


@pytest.mark.slow
def test_the_readme_of_the_role(emulator: Emulator, tmp_path: Path) -> None:
    for key in (AWS_KEY, AWS_OTHER_KEY):
        for name, status in (("restore", "Complete"), ("tag", "Suspended")):
            job = {"status": status, "description": f"{name} the films", "confirmation_required": True, **DONE}
            own = {"provider": "aws", "region": "eu-central-1", "account": key.account, "frozen": True}
            emulator.seed({**own, **job, "job_id": f"{name}-{key.account}"})
    inventory, playbook = blocks("roles/job_chain/README.md")
    write(tmp_path, [inventory, f"{playbook}        job_chain_wait: false\n"])
    profiles(tmp_path)
    done = run(tmp_path, Path(INVENTORY), Path("playbook.yml"), environment={"AWS_ENDPOINT_URL": emulator.url})
    assert (done.code, {host: counts["changed"] for host, counts in done.recap.items()}) == (0, dict.fromkeys(BOTH, 1))
    assert [job["status"] for job in emulator.jobs() if job["job_id"].startswith("tag-")] == ["Ready"] * 2


PASSES = """
import json, sys
from ansible_collections.objectstore.batch.plugins.action import batch_job_chain

class Plugin(batch_job_chain.ActionModule):
    def __init__(self, left):
        self.left, self.given = left, []

    def _module(self, variables, state):
        self.given.append({name: item for name, item in state.items() if name != "elapsed"})
        return self.left.pop(0)

    def _show(self, host, lines):
        pass

plugin = Plugin(json.load(sys.stdin))
json.dump([plugin._passes({}), plugin.given, plugin.left], sys.stdout)
"""
DOWN = {"failed": True, "msg": "unavailable", "error": {"kind": "unavailable", "retryable": True}}
REFUSED = {"failed": True, "msg": "denied", "error": {"kind": "access_denied", "retryable": False}}
PASS = {"changed": True, "plan": ["confirm: job b"], "confirmed": ["b"], "cancelled": []}
END = {"changed": True, "plan": ["ended: job b"], "confirmed": ["b"], "cancelled": []}


@pytest.mark.parametrize(
    ("answers", "limit", "expected"),
    [
        ([END], 60, END),
        ([PASS, END], 60, END),
        # An outage between two passes ends nothing, and what was changed before it is told.
        ([PASS, DOWN, DOWN, END], 60, END),
        ([PASS, REFUSED], 60, {**REFUSED, "changed": True, "confirmed": ["b"]}),
        ([PASS, DOWN], 0, {**DOWN, "changed": True, "confirmed": ["b"]}),
        # At the start, it is more likely a mistake.
        ([DOWN], 60, DOWN),
    ],
)
def test_the_passes_of_a_task(answers: list[dict[str, t.Any]], limit: float, expected: dict[str, t.Any]) -> None:
    """The action plugin with the results of a module, in their order.

    It runs in a process of its own: modules in a process that has imported a plugin behave like the controller.
    """
    following = {"confirmed": ["b"], "cancelled": [], "calls": {}}
    pausing = {"next": {**following, "pause": 0.0, "limit": limit}}
    left = [{**answer, **(pausing if answer is PASS else {})} for answer in answers]
    done = subprocess.run(
        [sys.executable, "-c", PASSES],
        input=json.dumps(left),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found, given, rest = json.loads(done.stdout)
    assert (found, rest) == (expected, [])
    assert given[1:] == [following] * (len(answers) - 1)
