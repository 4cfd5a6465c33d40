# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Render the checksums of a report and the result of their comparison. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t

from .._core import display, job_values
from . import checksum_comparison, checksum_values

_LONGEST_KEY: t.Final = 3 * 1024
SHOWN: t.Final = 100
"""Lines of a file that the diff shows."""


@dataclasses.dataclass
class Rows:
    """How many rows the report has.

    :param added: rows with a checksum.
    :param without: rows of failed tasks, which have no checksum.
    :param malformed: rows of successful tasks whose checksum cannot be read.
    :param first: the first ones of these, with the reason.
    """

    added: int = 0
    without: int = 0
    malformed: int = 0
    first: list[job_values.Values] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Output:
    """The written file or object.

    :param outcome: changed, unchanged, or would_change; empty if the task writes none.
    :param lines: its first lines.
    :param before: whether there was another file.
    """

    path: str = ""
    bucket: str = ""
    key: str = ""
    output: str = ""
    outcome: str = ""
    lines: tuple[bytes, ...] = ()
    count: int = 0
    before: bool = False

    @property
    def name(self) -> str:
        """The name for messages."""
        return self.path or f"{self.bucket}/{self.key}"


def malformed_row(bucket: str, key: str, version: str, why: str) -> job_values.Values:
    """Return a row whose checksum cannot be read."""
    return {**_object(bucket, key, version), "reason": why}


def render_checksums(rows: Rows, comparison: checksum_comparison.Comparison, output: Output) -> job_values.Values:
    """Return the value of checksums in a result."""
    compared = comparison.compared
    return {
        "count": comparison.count,
        "path": output.path or None,
        "bucket": output.bucket or None,
        "key": display.escape(output.key) if output.key else None,
        "format": output.output if output.outcome else None,
        "outcome": output.outcome or None,
        "algorithms": [{"algorithm": name, "count": count} for name, count in sorted(comparison.algorithms.items())],
        "duplicates": rows.added - comparison.count,
        "without_checksum": rows.without,
        "malformed": {"count": rows.malformed, "first": rows.first},
        "contradictory": _finding(comparison.contradictory),
        "expected": comparison.expected if compared else None,
        "matched": comparison.matched if compared else None,
        "missing": _finding(comparison.missing) if compared else None,
        "different": _finding(comparison.different) if compared else None,
        "additional": _finding(comparison.additional) if compared else None,
    }


def message(rows: Rows, comparison: checksum_comparison.Comparison, output: Output) -> str:
    """Return what was found, in sentences."""
    text = f"{display.count(comparison.count, 'checksum')} in the report."
    if output.outcome:
        verb = {"changed": "written to", "unchanged": "already in", "would_change": "would be written to"}
        text = f"{text[:-1]}, {verb[output.outcome]} {display.escape(output.name)}."
    if comparison.compared:
        counts = (("missing", comparison.missing), ("different", comparison.different))
        named = ", ".join(
            f"{finding.count} {name}" for name, finding in (*counts, ("additional", comparison.additional))
        )
        text += f" Compared with the expected values: {comparison.matched} matched, {named}."
    return " ".join([text, *warnings(rows, comparison)])


def warnings(rows: Rows, comparison: checksum_comparison.Comparison) -> list[str]:
    """Return what a reader of the counts has to know."""
    found = []
    if rows.malformed:
        named = display.count(rows.malformed, "successful task")
        found.append(f"The checksum of {named} cannot be read. checksums.malformed states why.")
    if rows.without:
        verb = "has" if rows.without == 1 else "have"
        found.append(f"{display.count(rows.without, 'failed task')} {verb} no checksum.")
    if comparison.contradictory.count:
        named = display.count(comparison.contradictory.count, "object")
        found.append(f"The report contains different checksums of one algorithm for {named}.")
    return found


def render_diff(output: Output) -> list[job_values.Values]:
    """Return the first lines of a file that was written or would be."""
    if output.outcome in ("", "unchanged"):
        return []
    lines = [display.escape(line.decode("utf-8", "surrogateescape").rstrip("\n")) + "\n" for line in output.lines]
    more = output.count - len(lines)
    name = display.escape(output.name)
    before = "different content" if output.before else "absent"
    after = "".join(lines) + (f"... and {more} more\n" if more > 0 else "")
    return [{"before_header": f"{name} ({before})", "after_header": name, "before": "", "after": after}]


def _finding(finding: checksum_comparison.Finding) -> job_values.Values:
    return {"count": finding.count, "first": [_difference(item) for item in finding.first]}


def _difference(item: checksum_comparison.Difference) -> job_values.Values:
    record = item.record
    return {
        **_object(record.bucket, record.key, record.version),
        "algorithm": record.algorithm,
        "expected": _values(record.algorithm, item.expected),
        "found": _values(record.algorithm, item.found),
    }


def _values(algorithm: str, tails: t.Sequence[checksum_comparison.Tail]) -> list[str]:
    texts = (checksum_values.base64_of(algorithm, value.decode()) for _kind, value in tails)
    return list(dict.fromkeys(texts))


def _object(bucket: str, key: str, version: str) -> job_values.Values:
    return {
        "bucket": display.escape(display.truncate(bucket)),
        "key": display.escape(display.truncate(key, _LONGEST_KEY)),
        "version_id": display.escape(display.truncate(version)),
    }
