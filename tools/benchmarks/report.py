# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results as a page that a person reads."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from .rivals import RIVALS
from .targets import SCRIPTS, START_TITLES, TITLES, Rows, judge

LICENCE = """<!--
Copyright (c) 2026, objectstore.batch contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
-->

"""
INTRODUCTION = """
`nox -Rs tool -- benchmarks` writes this page, [results.json](results.json) with every single run, and the plots.
Compare figures of one run with each other, not with those of another machine or hour.
"""
METHOD = """
An emulator in a process of its own holds the jobs, answers every request after {latency_ms:g} ms and lets {rate:,.0f}
requests a second through. All rivals get the same jobs, the same wanted priorities (a JSON file), the same credentials
and, where they can use it, the same concurrency ({concurrency}, the default of our modules). The jobs are laid out
anew before each run. After it, the emulator's jobs must be as wanted, and its log must show one update for each job
that was wrong and no other: a rival that does less or more ends the benchmark. Times are seconds of whole processes,
from start to end. A round runs every rival once, each round in another order. Number of rounds: {rounds}, for slow
rivals 1 where a run takes longer than {once_above:g} s. A run is stopped after {limit:g} s, and not started where
smaller queues tell that it would take more than twice as long. Start-up is measured without latency; number of rounds:
{startup_rounds}.
"""
MACHINE = """
Machine: {processors} processors ({architecture}); load average {before:.1f} before and {after:.1f} after, of which the
benchmarks themselves make 1 to 2. {versions}. Extent: {name}; {minutes:.1f} minutes.
"""
TARGETS = """
Ratios within this run: once of the fastest runs, which other work on the machine disturbs least, and once as the
median over the rounds. The median ratio of processor time, where it is told, hardly depends on that other work; it
counts no waiting, though.
"""
QUEUES = """
Seconds of the fastest run, in brackets the median where there were several. The floor is what latency, rate limit and
concurrency allow whoever reads the list page by page and then writes what is wrong. Memory is that of the largest
process. What was not run is left out at this extent, or smaller queues foretold the time in brackets.
"""
STARTUP = """
Milliseconds of whole processes that all read one job: the fastest, in brackets the median. The plain requests script
signs by itself, the boto3 script through the SDK.
"""
PROFILE = """
Milliseconds, without Ansible's wrapping; with one job without latency and as a median, with many jobs with latency and
once. Ansible itself adds what the tables above show: it packs the module, starts the process, and lets it compile what
was packed, since the packet holds no byte code.
"""
PLANNER = """
The fewest writes for a wanted order, against Python's `sorted()` on the same numbers; fastest runs of one process.
Priorities are random. `sorted()` hardly has to look at numbers that stand in order already, so the shuffled ones count.
"""
PROCESSES = {
    "ping_play": "playbook with a `ping` task",
    "task_play": "playbook with one task of ours",
    "ping_payload": "the process that Ansible starts for `ping`",
    "task_payload": "the process that Ansible starts for our task",
    "task_module": "our module without Ansible's wrapping",
    "script": "plain {} script",
    "script_sdk": "plain requests script with Tencent's signer",
    "python": "Python that does nothing",
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
    return LICENCE + "\n".join(parts)


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
    return _section("## How it is measured", METHOD.format(**values), _paragraph(text))


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
    lines.append(["floor", *floors, "", ""])
    return _table(["jobs", *(f"{size:,}" for size in sizes), "peak MiB", "requests of the largest run"], lines)


def title_of_script(name: str, row: dict[str, Any] | None = None) -> str:
    """Return what a script is called on the cloud of a row; empty for what is no script."""
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
    lines = [[phase, *(f"{column[phase] * 1000:.0f}" for column in columns.values())] for phase in phases]
    lines.append(["sum", *(f"{sum(column.values()) * 1000:.0f}" for column in columns.values())])
    title = "## Where the time of our module's process goes"
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
    head = ["jobs", "present order", "solve, ms", "sorted(), ms", "ratio", "peak MiB", "writes planned"]
    return _section("## The planner alone", PLANNER, _table(head, lines, numbers_from=2))
