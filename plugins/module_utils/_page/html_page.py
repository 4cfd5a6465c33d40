# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render a report about queues as one self-contained page without scripts, fonts, or external resources.

Its Content-Security-Policy allows only the style below, even if untrusted text is not escaped somewhere.
Private to this collection.
"""

from __future__ import annotations

import base64
import hashlib
import html
import typing as t

from . import page_model

_OPEN: t.Final = 50
"""Jobs of a queue that are shown without unfolding."""
_STYLE: t.Final = """
:root { color-scheme: light dark; --text: #1b1f24; --soft: #57606a; --line: #d0d7de; --page: #fff; --mark: #fff3c4;
  --running: #1a7f37; --waiting: #0969da; --paused: #9a6700; --unconfirmed: #8250df; --ending: #6e7781;
  --ended: #afb8c1 }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9198a1; --line: #3d444d; --page: #0d1117;
  --mark: #4a3b00; --running: #3fb950; --waiting: #58a6ff; --paused: #d29922; --unconfirmed: #bc8cff; --ending: #8b949e;
  --ended: #484f58 } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 1rem; max-width: 75rem; font: 16px/1.45 system-ui, sans-serif; color: var(--text);
  background: var(--page) }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.15rem; margin: 0 }
p, ul { margin: .4rem 0 } .soft, caption { color: var(--soft) } caption { text-align: left; padding: .3rem 0 }
section { border-top: 1px solid var(--line); margin-top: 1.5rem; padding-top: 1rem }
.error { border-left: .3rem solid #cf222e; padding-left: .6rem; overflow-wrap: anywhere }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: .875rem }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid var(--line) }
td { overflow-wrap: break-word } .text, .id { overflow-wrap: anywhere } .text.op { overflow-wrap: break-word }
.text { min-width: 9rem } .id { min-width: 10rem; color: var(--soft) } .word, .number { white-space: nowrap }
.number { text-align: right }
progress { width: 5rem; height: .6rem } mark { background: var(--mark); color: inherit }
svg { display: block; width: 100%; height: 1.4rem; margin: .5rem 0 } svg rect { stroke: var(--page) }
.running { fill: var(--running) } .waiting { fill: var(--waiting) } .paused { fill: var(--paused) }
.unconfirmed { fill: var(--unconfirmed) } .ending { fill: var(--ending) } .ended { fill: var(--ended) }
.key { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1rem } .key svg { display: inline-block;
  width: .8rem; height: .8rem; margin: 0 .3rem 0 0; vertical-align: -.1rem }
summary { cursor: pointer; padding: .4rem 0 } a { color: inherit }
@media screen and (max-width: 860px) { .wide { overflow: visible } table, tbody, caption { display: block }
  thead { display: none } .number { text-align: left } td { border: 0; padding: .05rem 0 } td:empty { display: none }
  tr { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: .5rem 0; border-bottom: 1px solid var(--line) }
  .text { min-width: 0 } .name { order: -1; font-weight: 600 } .name, .id { flex: 0 0 100%; min-width: 0 }
  .rank::before { content: "Rank " } .priority::before { content: "Priority " } .before::before { content: "Before: " }
  .after::before { content: "After: " } .count::before { content: "Tasks: " } }
@media screen and (max-width: 600px) { .text { flex: 0 0 100% } .id { font-size: .8125rem }
  .before, .after { font-size: .75rem } }
@media print { :root { --text: #000; --soft: #333; --page: #fff } body { max-width: none; padding: 0 }
  section { break-inside: avoid-page } .wide { overflow: visible } thead { display: table-header-group } }
"""
_HEADS: t.Final = ("Rank", "Priority", "Status", "Description", "Operation", "Progress", "Details", "Job ID")
"""The columns. A narrow screen shows each job as a card: the description first, the job ID last."""


def page(queues: t.Sequence[page_model.Queue], title: str, generated: str) -> str:
    """Return the page.

    :param generated: the time of the report, as text.
    """
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    jobs = sum(sum(queue.states.values()) for queue in queues)
    bad = sum(bool(queue.error) for queue in queues)
    head = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n<title>{_e(title)}</title>\n<style>{_STYLE}</style>\n</head>\n'
    )
    lost = f"; {_count(bad, 'queue')} could not be read" if bad else ""
    summary = f"{_count(len(queues), 'queue')}, {_count(jobs, 'job')}{lost}"
    contents = "".join(
        f'<li><a href="#queue-{number}">{_e(queue.name)}</a>: {_e(_sentence(queue))}</li>\n'
        for number, queue in enumerate(queues, start=1)
    )
    return (
        f"{head}<body>\n<header>\n<h1>{_e(title)}</h1>\n"
        f'<p class="soft">{_e(summary)}. As of {_e(generated)}.</p>\n</header>\n<main>\n'
        f'<nav aria-label="Queues"><ul>\n{contents}</ul></nav>\n'
        + "".join(_section(number, queue) for number, queue in enumerate(queues, start=1))
        + "</main>\n</body>\n</html>\n"
    )


def _section(number: int, queue: page_model.Queue) -> str:
    text = (
        f'<section id="queue-{number}" aria-labelledby="name-{number}">\n<h2 id="name-{number}">{_e(queue.name)}</h2>\n'
    )
    if queue.place:
        text += f'<p class="soft">{_e(queue.place)}</p>\n'
    if queue.error:
        return f'{text}<p class="error"><strong>Could not be read.</strong> {_e(queue.error)}</p>\n</section>\n'
    text += _picture(queue)
    if queue.lines:
        text += _table(queue.lines[:_OPEN], f"Jobs of {queue.name}, by rank")
    rest = queue.lines[_OPEN:]
    if rest:
        summary = f"<summary>{_count(len(rest), 'more job')}</summary>"
        text += f"<details>{summary}\n{_table(rest, 'More jobs, by rank')}</details>\n"
    if queue.hidden:
        text += f'<p class="soft">Jobs not shown: {page_model.group(queue.hidden)}.</p>\n'
    return text + _plan(queue) + _failed(queue) + "</section>\n"


def _picture(queue: page_model.Queue) -> str:
    """Draw the number of jobs in each state as one bar, with a legend."""
    total = sum(queue.states.values())
    if not total:
        return "<p>No jobs.</p>\n"
    bars, key, at = "", "", 0.0
    for state, count in queue.states.items():
        if count:
            width = 1000 * count / total
            bars += f'<rect class="{state}" x="{at:.1f}" y="0" width="{width:.1f}" height="20"></rect>'
            square = f'<rect class="{state}" width="10" height="10"></rect>'
            key += (
                f'<li><svg viewBox="0 0 10 10" aria-hidden="true">{square}</svg>{page_model.group(count)} {state}</li>'
            )
            at += width
    return (
        f'<svg viewBox="0 0 1000 20" preserveAspectRatio="none" role="img" aria-label="{_e(_sentence(queue))}">{bars}'
        f'</svg>\n<ul class="key">{key}</ul>\n'
    )


def _table(lines: t.Sequence[page_model.Line], caption: str) -> str:
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    rows = "".join(_row(line) for line in lines)
    return (
        f'<div class="wide"><table><caption>{_e(caption)}</caption><thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table></div>\n"
    )


def _row(line: page_model.Line) -> str:
    done = ""
    if line.share is not None:
        share = f"{100 * line.share:.0f}"
        done = f'<progress max="100" value="{share}" aria-label="Progress">{share} %</progress> '
    cells = [
        f'<td class="number rank">{_e(line.rank)}</td><td class="number priority">{_e(line.priority)}</td>',
        f'<td class="word">{_e(line.status)}</td><td class="text name">{_e(line.description)}</td>',
        f'<td class="text op">{_e(line.operation)}</td><td class="text">{done}{_e(line.tasks)}</td>',
        f'<td class="text">{_e(line.why)}</td><td class="id">{_e(line.job_id)}</td>',
    ]
    return f"<tr>{''.join(cells)}</tr>\n"


def _plan(queue: page_model.Queue) -> str:
    if not queue.moves:
        return ""
    rows = "".join(
        f'<tr><td class="number rank">{move.rank}</td><td class="text before">{_e(move.before)}</td>'
        f'<td class="text after">{f"<mark>{_e(move.after)}</mark>" if move.moved else _e(move.after)}</td></tr>\n'
        for move in queue.moves
    )
    ranks = "Rank 1" if len(queue.moves) == 1 else f"Ranks 1 to {len(queue.moves)}"
    return (
        f'<div class="wide"><table><caption>Planned changes: {_e(queue.planned)} (highlighted). {ranks}, with priority'
        ' and job ID.</caption><thead><tr><th scope="col">Rank</th>'
        f'<th scope="col">Before</th><th scope="col">After</th></tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n'
    )


def _failed(queue: page_model.Queue) -> str:
    if not queue.failures:
        return ""
    rows = "".join(
        f'<tr><td class="name">{_e(code)}</td><td class="number count">{page_model.group(count)}</td>'
        f'<td class="id">{_e(job_id)}</td></tr>\n'
        for code, count, job_id in queue.failures
    )
    return (
        '<div class="wide"><table><caption>Failed tasks by error code, from completion reports</caption><thead><tr>'
        '<th scope="col">Code</th><th scope="col">Tasks</th><th scope="col">Job ID</th></tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table></div>\n"
    )


def _sentence(queue: page_model.Queue) -> str:
    if queue.error:
        return "could not be read"
    return (
        ", ".join(f"{page_model.group(count)} {state}" for state, count in queue.states.items() if count) or "no jobs"
    )


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{page_model.group(number)} {noun}s"


def _e(text: str) -> str:
    return html.escape(text, quote=True)
