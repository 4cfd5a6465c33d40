# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Renders the results as a page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from .rivals import RIVALS
from .targets import SCRIPTS, START_TITLES, TITLES, Rows, judge

LICENSE = """<!--
Copyright (c) 2026, objectstore.batch contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
-->

"""
INTRODUCTION = """
This page shows the time and memory of the collection compared with scripts and the AWS CLI. `nox -Rs tool --
benchmarks` writes this page, the plots, and [results.json](results.json) with every single run. Compare only figures
of the same run. Do not compare them with another machine or another hour.
"""
METHOD = """
An emulator in a separate process holds the jobs. It responds to every request after {latency_ms:g} ms and accepts
{rate:,.0f} requests per second. All programs use the same jobs, the same requested priorities (a JSON file), and the
same credentials. If possible, they use the same concurrency ({concurrency}, the default of the modules). The jobs are
created again before each run. After each run, all jobs of the emulator must have the requested priorities. The log
must show exactly one update for each job with a wrong priority. A program that does less or more ends the benchmark.
Times are seconds of whole processes, from start to end. A round runs every program once, in another order in each
round. Number of rounds: {rounds}. For slow programs, it is 1 if a run takes longer than {once_above:g} s. A run is
stopped after {limit:g} s. It does not start if smaller queues predict more than twice this time. Start-up is measured
without latency. Number of rounds: {startup_rounds}.
"""
MACHINE = """
Machine: {processors} processors ({architecture}). Load average: {before:.1f} before and {after:.1f} after, of which
the benchmarks cause 1 to 2. {versions}. Extent: {name}. Duration: {minutes:.1f} minutes.
"""
TARGETS = """
The table shows ratios within this run. The ratio of the fastest runs is affected least by other work on the machine.
The median ratio covers all rounds. The median ratio of processor time is almost independent of other work, but does
not include waiting.
"""
QUEUES = """
The table shows seconds of the fastest run, and in parentheses the median of several runs. The lower bound is the
minimum time for reading the list page by page and then updating wrong priorities, with this latency, rate limit, and
concurrency. Memory is the peak of the largest process. "Not run" means that this extent excludes the run, or that
smaller queues predicted the time in parentheses.
"""
STARTUP = """
The table shows milliseconds of whole processes that read one job: the fastest run, and in parentheses the median. The
plain requests script contains its own signature code. The boto3 script uses the SDK.
"""
PROFILE = """
The table shows milliseconds without Ansible's wrapper. For one job, it shows the median without latency. For many
jobs, it shows one run with latency. Ansible adds the times of the tables above. It packs the module, starts the
process, and compiles the packed source, because the package contains no byte code.
"""
PLANNER = """
The solver calculates the smallest number of updates for a requested order. The table compares it with Python's
`sorted()` for the same priorities, and shows the fastest runs of one process. Priorities are random. `sorted()` is
very fast for sorted input, so the shuffled input counts.
"""
PROCESSES = {
    "ping_play": "playbook with a `ping` task",
    "task_play": "playbook with one task of the collection",
    "ping_payload": "process that Ansible starts for `ping`",
    "task_payload": "process that Ansible starts for the task",
    "task_module": "module without Ansible's wrapper",
    "script": "plain {} script",
    "script_sdk": "plain requests script with Tencent's signer",
    "python": "Python without a program",
}


def render(results: dict[str, Any]) -> str:
    """Return the page."""
    parts = ["# Benchmarks\n", _paragraph(INTRODUCTION), _method(results)]
    parts += [_targets(results), *_queues(results)]
    if results.get("startup"):
        parts += [_startup(results["startup"])]
    if results.get("profile"):
        parts += [_profile(results)]
    if results.get("planner"):
        parts += [_planner(results["planner"])]
    return LICENSE + "\n".join(parts)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers_from: int = 1) -> str:
    lines = [" | ".join(head), " | ".join("---" if i < numbers_from else "---:" for i in range(len(head)))]
    return "".join(f"| {line} |\n" for line in [*lines, *(" | ".join(row) for row in rows)])


def _paragraph(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), 140, break_long_words=False, break_on_hyphens=False) + "\n"


def _section(title: str, text: str, rest: str = "") -> str:
    return f"{title}\n\n{_paragraph(text)}" + (f"\n{rest}" if rest else "")


def _method(results: dict[str, Any]) -> str:
    machine = results["machine"]
    before, after = machine["load"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    values = {**results["scope"], **machine, "versions": versions, "minutes": results["minutes"]}
    text = MACHINE.format(**values, before=before, after=after)
    return _section("## Method", METHOD.format(**values), _paragraph(text))


def _targets(results: dict[str, Any]) -> str:
    rows = []
    for target in judge(results):
        sign, more = ("at least", "> " if target.bound else "") if target.sense > 0 else ("at most", "")
        verdict = "" if target.text.startswith("for comparison") else target.verdict
        ratios = [f"{more}{value:.2f}" for value in (target.best, target.middle)]
        ratios.append("" if target.processor is None else f"{target.processor:.2f}")
        rows.append([target.text, f"{sign} {target.limit:g}", *ratios, verdict])
    if not rows:
        return ""
    head = ["ratio", "target", "fastest runs", "median", "processor time", ""]
    return _section("## Targets", TARGETS, _table(head, rows))


def _queues(results: dict[str, Any]) -> Iterator[str]:
    rows: Rows = results.get("queue", [])
    for provider, title in TITLES.items():
        mine = [row for row in rows if row["provider"] == provider]
        if mine:
            image = f"![Time over the number of jobs](queues-{provider}.svg)\n"
            yield _section(f"## Whole queues on {title}", QUEUES, image)
            for start, name in START_TITLES.items():
                found = [row for row in mine if row["start"] == start]
                if found:
                    yield f"### {title}: {name}\n\n{_queue(found, results['scope']['limit'])}"


def _queue(rows: Rows, limit: float) -> str:
    sizes = sorted({row["jobs"] for row in rows})
    by_key = {(row["rival"], row["jobs"]): row for row in rows}
    lines = []
    for rival in RIVALS:
        found = [by_key[rival.name, size] for size in sizes if (rival.name, size) in by_key]
        if not found:
            continue
        ran = [row for row in found if row["seconds"]]
        title = rival.title if not title_of_script(rival.name) else f"{title_of_script(rival.name, found[0])}"
        requests = ", ".join(f"{count:,} {name}" for name, count in ran[-1]["requests"].items()) if ran else ""
        largest = f"{requests} (of {ran[-1]['jobs']:,})" if requests else ""
        peak = f"{max(row['peak_mib'] for row in ran):.0f}" if ran else ""
        lines.append([title, *(_cell(row, limit) for row in found), peak, largest])
    floors = [f"{next(row['floor'] for row in rows if row['jobs'] == size):.2f}" for size in sizes]
    lines.append(["lower bound", *floors, "", ""])
    return _table(["jobs", *(f"{size:,}" for size in sizes), "peak MiB", "requests of the largest run"], lines)


def title_of_script(name: str, row: dict[str, Any] | None = None) -> str:
    """Return the title of a script for the provider of a row, or an empty text for other programs."""
    if name not in ("threaded", "sequential"):
        return ""
    return f"{name} {SCRIPTS[row['provider']] if row else ''} script"


def _cell(row: dict[str, Any], limit: float) -> str:
    if row["state"] == "stopped":
        return f"stopped at {limit:g}"
    if not row["seconds"]:
        too_long = row["predicted"] and row["predicted"] > 2 * limit
        return f"not run (about {row['predicted'] / 60:.0f} min)" if too_long else "not run"
    middle = f" ({median(row['seconds']):.2f})" if len(row["seconds"]) > 1 else ""
    return f"{min(row['seconds']):.2f}{middle}"


def _startup(startup: dict[str, Any]) -> str:
    lines = []
    for name, text in PROCESSES.items():
        cells, memory = [], []
        for found in startup.values():
            values = found["seconds"].get(name)
            cells.append(f"{min(values) * 1000:.0f} ({median(values) * 1000:.0f})" if values else "")
            memory.append(f"{found['peak_mib'][name]:.0f}" if values else "")
        scripts = " or ".join(SCRIPTS[provider] for provider in startup)
        lines.append([text.format(scripts), *cells, *memory])
    for name, base in (("task_play", "ping_play"), ("task_payload", "ping_payload")):
        cells = []
        for found in startup.values():
            ours, ping = found["seconds"][name], found["seconds"][base]
            middle = median(one - other for one, other in zip(ours, ping, strict=True))
            cells.append(f"{(min(ours) - min(ping)) * 1000:.0f} ({middle * 1000:.0f})")
        what = "playbook" if name == "task_play" else "process"
        lines.append([f"**beyond `ping`: {what}**", *cells, *([""] * len(startup))])
    titles = [TITLES[provider] for provider in startup]
    head = ["ms", *titles, *(f"{title}, peak MiB" for title in titles)]
    return _section("## Start-up: one job, nothing to do", STARTUP, _table(head, lines))


def _profile(results: dict[str, Any]) -> str:
    columns = {f"{TITLES[name]}, one job, nothing to do": found["phases"] for name, found in results["startup"].items()}
    for name, found in results["profile"].items():
        columns[f"{TITLES[name]}, {found['jobs']:,} jobs, all wrong"] = found["phases"]
    phases = list(next(iter(columns.values())))
    names = {"imports: ours": "imports: collection", "imports: the cloud's library": "imports: provider library"}
    names |= {"imports: Ansible's": "imports: Ansible", "requests: write": "requests: update"}
    lines = [
        [names.get(phase, phase), *(f"{column[phase] * 1000:.0f}" for column in columns.values())] for phase in phases
    ]
    lines.append(["sum", *(f"{sum(column.values()) * 1000:.0f}" for column in columns.values())])
    title = "## Phases of the module process"
    return _section(title, PROFILE, _table(["phase", *columns], lines))


def _planner(rows: Rows) -> str:
    lines = [
        [
            f"{row['jobs']:,}",
            str(row["start"]).replace("_", " "),
            f"{row['solve_seconds'] * 1000:.1f}",
            f"{row['sorted_seconds'] * 1000:.1f}",
            f"{row['ratio']:.1f}",
            f"{row['solve_peak_bytes'] / 2**20:.1f}",
            f"{row['writes']:,}",
        ]
        for row in rows
    ]
    head = ["jobs", "current order", "solve, ms", "sorted(), ms", "ratio", "peak MiB", "planned updates"]
    return _section("## Planner without requests", PLANNER, _table(head, lines, numbers_from=2))
