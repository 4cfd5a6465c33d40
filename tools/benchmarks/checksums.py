# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares checksums of a report with expected ones: `python -m benchmarks.checksums [ROWS]`, 10 million by default.

The rival reads both files with csv.reader, writes one line for each row, and sorts them with `sort -u`. It compares
nothing. Each process prints its counts, which are checked, and its peak memory.
"""

from __future__ import annotations

import argparse
import base64
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

UTILS = "ansible_collections.objectstore.batch.plugins.module_utils"
CHANGED = 1000
"""One expected value in so many differs from the report."""


def _values(number: int, changed: bool) -> bytes:
    return (number * 2654435761 + changed).to_bytes(32, "big")


def _write(folder: Path, rows: int) -> None:
    """Write a report in another order than the expected values."""
    step = 7_368_787
    while rows % step == 0:
        step += 2
    with (folder / "report.csv").open("w", encoding="utf-8", newline="") as stream:
        for turn in range(rows):
            number = turn * step % rows
            value = _values(number, False)
            message = {
                "checksum_base64": base64.b64encode(value).decode(),
                "etag": "3c3c1813042989094598e4b57ecbdc82",
                "checksumAlgorithm": "SHA256",
                "checksumType": "FULL_OBJECT",
                "checksum_hex": value.hex().upper(),
            }
            text = json.dumps(message, separators=(",", ":")).replace("=", "\\u003d").replace('"', '""')
            stream.write(f'archive,films/2026/{number:010}.mov,,succeeded,200,,"{text}"\r\n')
    with (folder / "expected.csv").open("w", encoding="utf-8", newline="") as stream:
        stream.write("bucket,key,algorithm,value\n")
        for number in range(rows):
            value = _values(number, number % CHANGED == 0)
            stream.write(f"archive,films/2026/{number:010}.mov,SHA256,{value.hex()}\n")


def _peak() -> int:
    """The peak memory of this process, in MiB."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(text.partition("VmHWM:")[2].split()[0]) // 1024


def _ours(folder: Path) -> dict[str, Any]:
    """Run the code of the module on the rows, without requests."""
    import importlib

    module = {
        name: importlib.import_module(f"{UTILS}.{name}")
        for name in ("_checksums.checksum_options", "_checksums.collector", "_report.report_rows")
    }
    request = module["_checksums.checksum_options"].ChecksumRequest(
        str(folder / "output.csv"), "", "", "csv", str(folder / "expected.csv"), 100
    )
    rows = module["_report.report_rows"]
    sums = module["_checksums.collector"].Collector(request)
    counter = None
    with (folder / "report.csv").open(encoding="utf-8", errors="surrogateescape", newline="") as stream:
        for batch in rows.batches(stream):
            if counter is None:
                counter = rows.ResultCounter(rows.layout((), batch.rows[0])[0], 100)
            sums.add(counter.layout, counter.add(batch))
    found = sums.finish(None, None, "job", False)["checksums"]
    return {"count": found["count"], "different": found["different"]["count"], "matched": found["matched"]}


def _rival(folder: Path) -> dict[str, Any]:
    """Read both files with csv.reader, and sort their rows with sort."""
    count = 0
    with subprocess.Popen(
        ["sort", "-u", "-o", str(folder / "sorted"), "-T", str(folder)],
        stdin=subprocess.PIPE,
        env={**os.environ, "LC_ALL": "C"},
        text=True,
    ) as process:
        assert process.stdin is not None
        for name in ("report.csv", "expected.csv"):
            with (folder / name).open(encoding="utf-8", newline="") as stream:
                for row in csv.reader(stream):
                    process.stdin.write(f"{row[0]},{row[1]},{row[-1]}\n")
                    count += 1
    return {"count": count}


def _measured(name: str, folder: Path) -> dict[str, Any]:
    began = time.monotonic()
    words = [sys.executable, "-m", "benchmarks.checksums", "--run", name, "--folder", str(folder)]
    done = subprocess.run(
        words, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(folder)}
    )
    return {**json.loads(done.stdout), "seconds": round(time.monotonic() - began, 1)}


def measure(rows: int, folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the figures of both, after a check of their counts."""
    _write(folder, rows)
    for name in ("rival", "ours"):
        found = _measured(name, folder)
        changed = (rows + CHANGED - 1) // CHANGED
        expected = {"rival": {"count": 2 * rows + 1}, "ours": {"count": rows, "different": changed}}[name]
        if any(found[key] != value for key, value in expected.items()):
            raise SystemExit(f"{name} counted {found}, expected {expected}")
        yield name, found


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=10_000_000)
    parser.add_argument("--run", choices=["ours", "rival"])
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.run:
        found = (_ours if options.run == "ours" else _rival)(options.folder)
        print(json.dumps({**found, "peak_mib": _peak()}))
        return
    with tempfile.TemporaryDirectory() as name:
        for who, found in measure(options.rows, Path(name)):
            print(f"{options.rows:,} rows: {who} {found}", flush=True)


if __name__ == "__main__":
    main()
