# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The targets of the figures: ratios between processes of one run, never times."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Any, NamedTuple

Rows = list[dict[str, Any]]
Times = list[float]

TITLES = {"aws": "AWS", "cos": "COS", "oss": "OSS"}
SCRIPTS = {"aws": "boto3", "cos": "requests", "oss": "requests (Alibaba's signer)"}


class Target(NamedTuple):
    """One target, and the two ratios it is judged by.

    best: of the fastest runs, which noise of the machine disturbs least.
    middle: the median over the rounds, each with the figures of that round.
    sense: -1 where the ratio has to stay below the limit, 1 where it has to reach it.
    bound: the slower side was stopped, so the true ratio is above.
    processor: the median ratio of processor time, where that is told; it hardly depends on what else runs.
    """

    text: str
    limit: float
    best: float
    middle: float
    sense: int = -1
    bound: bool = False
    processor: float | None = None

    @property
    def verdict(self) -> str:
        met = [(value - self.limit) * self.sense >= 0 for value in (self.best, self.middle)]
        if all(met):
            return "met"
        if any(met):
            return f"met by the {'fastest runs' if met[0] else 'median'} only"
        return "missed"


def judge(results: dict[str, Any]) -> list[Target]:
    """Return all targets that the results contain."""
    found = [*_bulk(results.get("queue", [])), *_loop(results.get("queue", []))]
    found += _moves(results.get("moves", []))
    found += _many(results.get("inventory", []))
    found += _reports(results.get("reports", []))
    found += _manifests(results.get("manifests", []))
    return [*found, *_startup(results.get("startup", {})), *_planner(results.get("planner", []))]


def times(rows: Rows, provider: str, rival: str, jobs: int, start: str) -> Times:
    key = (provider, rival, jobs, start)
    for row in rows:
        if (row["provider"], row["rival"], row["jobs"], row["start"]) == key:
            return list(row["seconds"])
    return []


def _ratio(text: str, limit: float, ours: Times, theirs: Times, minus: Times | None = None) -> Iterator[Target]:
    """Compare the collection (minus the time of Ansible) with another program."""
    if not ours or not theirs or minus == []:
        return
    minus = minus or [0.0] * len(ours)
    rounds = list(zip(ours, minus, theirs, strict=False))
    best = (min(ours) - min(minus)) / min(theirs)
    yield Target(text, limit, best, median((own - ping) / other for own, ping, other in rounds))


def _bulk(rows: Rows) -> Iterator[Target]:
    """One task for 1,000 wrong jobs."""
    for provider, title in TITLES.items():
        task, module, ping, script = (
            times(rows, provider, rival, 1000, "all") for rival in ("task", "module", "ping", "threaded")
        )
        floors = [row["floor"] for row in rows if (row["jobs"], row["start"]) == (1000, "all")]
        floor = floors[:1] * len(task)
        what = f"{title}, 1,000 wrong jobs"
        yield from _ratio(f"{what}: module process / threaded script", 1.15, module, script)
        yield from _ratio(f"{what}: playbook minus `ping` playbook / threaded script", 1.15, task, script, ping)
        yield from _ratio(f"{what}: module process / lower bound", 1.3, module, floor)
        yield from _ratio(f"{what}: playbook minus `ping` playbook / lower bound", 1.3, task, floor, ping)
        yield from _ratio(f"for comparison, {what}: threaded script / lower bound", 1.3, script, floor)


def _moves(rows: Rows) -> Iterator[Target]:
    for row in rows:
        title, jobs = TITLES[row["provider"]], f"{row['jobs']:,}"
        if row["what"] == "block":
            what = f"{title}, a block of {jobs} jobs moves to the top: module process /"
            yield from _ratio(f"{what} lower bound", 1.3, row["ours"], [row["floor"]] * len(row["ours"]))
            yield from _ratio(f"{what} threaded script without guarantees", 1.15, row["ours"], row["rival"])
        else:
            text = f"{title}, {jobs} wrong jobs: adaptive concurrency / fixed concurrency of 8"
            yield from _ratio(text, 0.5, row["ours"], row["rival"])


def _many(rows: Rows) -> Iterator[Target]:
    """One inventory of many queues compared with a task that reads one queue after another."""
    for row in rows:
        text = f"COS, {row['queues']} queues: loop of batch_job_info / one ansible-inventory"
        for target in _ratio(text, 20, row["rival"], row["ours"]):
            yield target._replace(sense=1)


def _reports(rows: Rows) -> Iterator[Target]:
    """A completion report that is counted and classified, compared with a plain loop that counts its rows."""
    for row in rows:
        what = f"AWS, a completion report of {row['rows']:,} rows"
        yield from _ratio(f"{what}: module process / plain loop over csv.reader", 1.5, row["ours"], row["rival"])
        peaks = row["peak"]
        yield Target(
            f"{what}: peak memory of the module in units of 150 MiB", 1.0, min(peaks) / 150, median(peaks) / 150
        )


def _manifests(rows: Rows) -> Iterator[Target]:
    """A manifest of a file, which is checked, sorted, and uploaded, compared with a plain loop and with sort -u."""
    for row in rows:
        what = f"AWS, a manifest of {row['rows']:,} rows"
        yield from _ratio(f"{what}: module process / plain loop over csv.reader", 12, row["ours"], row["loop"])
        yield from _ratio(f"{what}: module process / sort -u", 10, row["ours"], row["sort"])
        peaks = row["peak"]
        yield Target(
            f"{what}: peak memory of the module in units of 200 MiB", 1.0, min(peaks) / 200, median(peaks) / 200
        )


def _loop(rows: Rows) -> Iterator[Target]:
    """One task for 100 jobs compared with the AWS CLI in a loop, as whole playbooks."""
    for start in ("nothing", "tenth", "all"):
        ours, theirs = (times(rows, "aws", rival, 100, start) for rival in ("task", "cli"))
        if ours and theirs:
            key = ("cli", 100, start, "stopped")
            stopped = any((row["rival"], row["jobs"], row["start"], row["state"]) == key for row in rows)
            slow = median(theirs)
            text = f"AWS, 100 jobs, {START_TITLES[start]}: loop of the AWS CLI / one task of the collection"
            yield Target(text, 50, min(theirs) / min(ours), slow / median(ours), 1, stopped)


START_TITLES = {"nothing": "nothing to do", "tenth": "a tenth wrong", "all": "all wrong"}


def _startup(startup: dict[str, Any]) -> Iterator[Target]:
    """A task for one job without a change, minus a ping task, compared with a plain script that reads the same job."""
    for provider, found in startup.items():
        text = f"{TITLES[provider]}, one job, nothing to do: task minus `ping` task / plain"
        text += f" {SCRIPTS[provider]} script"
        wall, processor = (
            list(_ratio(text, 1.0, *(found[kind][name] for name in ("task_play", "script", "ping_play"))))
            for kind in ("seconds", "processor")
        )
        yield from (one._replace(processor=other.middle) for one, other in zip(wall, processor, strict=True))


def _planner(rows: Rows) -> Iterator[Target]:
    for row in rows:
        if (row["jobs"], row["start"]) == (1_000_000, "shuffled"):
            text = "planner, a million shuffled jobs: solve() / sorted()"
            yield Target(text, 12, row["ratio"], row["ratio"])
