# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page about queues in a real browser: headless Chromium, from the distribution's packages."""

from __future__ import annotations

import struct
import typing as t
import zlib
from pathlib import Path

import pytest
from ansible_collections.objectstore.batch.plugins.module_utils._page import html_page, page_model
from render import queue_page
from render.queue_page import browse

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not queue_page.CHROMIUM, reason="Chromium is not installed")]

EVIL = [
    "<script>document.title='owned'</script>",
    "</title></style><h1>owned</h1>",
    '"><img src=x onerror="document.title=1">',
    "\u202egnp.exe\u2066",
    "y" * 10_000,
]


def job(number: int, description: str = "nightly restore of films", **values: t.Any) -> dict[str, t.Any]:
    status = ("Active", "Ready", "Paused", "Suspended", "Complete")[number % 5]
    live = status != "Complete"
    return {
        "job_id": f"6f1f7ff1-5e6c-4b7a-9f3a-{number:012}",
        "status": status,
        "priority": 4000 - number,
        "class": "urgent" if number == 0 else None,
        "rank": number + 1 if live else None,
        "operation": "S3InitiateRestoreObject",
        "description": description,
        "progress": {"total": 1000, "succeeded": number % 1000, "failed": number % 7},
        "blocked_by_count": number if status == "Ready" else 0,
        "days_until_deadline": 12.5 if status == "Suspended" else None,
        "days_until_expiration": None if live else 88.0,
        "failure_reasons": [],
        **values,
    }


def data(count: int) -> list[dict[str, t.Any]]:
    place = {"provider": "aws", "account_id": "111122223333", "region": "eu-central-1"}
    jobs = [job(number, EVIL[number] if number < len(EVIL) else "nightly restore") for number in range(count)]
    plan = [{"job_id": jobs[2]["job_id"], "from": 3998, "to": 5000}]
    failures = [{"job_id": jobs[4]["job_id"], "codes": [{"code": "AccessDenied", "count": 7}]}]
    return [
        {"name": "archive-eu", **place, "jobs": jobs, "plan": plan, "failures": failures},
        {"name": "research-us", **place, "jobs": []},
        {"name": "lost", **place, "error": "Could not connect to <b>the</b> endpoint. " + "z" * 500},
    ]


def page(folder: Path, count: int) -> Path:
    path = folder / "page.html"
    path.write_text(
        html_page.page(page_model.queues(data(count)), "Queues of batch jobs", "2026-11-26 03:00 UTC"), "utf-8"
    )
    return path


def pixels(path: Path) -> tuple[int, int, list[bytes]]:
    """Width, height and the rows of a PNG of 8 bits, as Chromium writes it."""
    body = path.read_bytes()
    width, height, _depth, color = struct.unpack(">IIBB", body[16:26])
    size = {2: 3, 6: 4}[color]
    chunks, at = b"", 8
    while at < len(body):
        length, kind = struct.unpack(">I4s", body[at : at + 8])
        if kind == b"IDAT":
            chunks += body[at + 8 : at + 8 + length]
        at += length + 12
    raw, rows, previous = zlib.decompress(chunks), [], bytes(width * size)
    for number in range(height):
        start = number * (width * size + 1)
        previous = unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + width * size]), previous, size)
        rows.append(previous)
    return width, height, rows


def unfiltered(kind: int, row: bytearray, above: bytes, size: int) -> bytes:
    for index in range(len(row)):
        left = row[index - size] if index >= size else 0
        corner = above[index - size] if index >= size else 0
        up = above[index]
        if kind == 4:
            guess = left + up - corner
            near = min((abs(guess - value), order, value) for order, value in enumerate((left, up, corner)))[2]
        else:
            near = {0: 0, 1: left, 2: up, 3: (left + up) // 2}[kind]
        row[index] = (row[index] + near) & 255
    return bytes(row)


def test_what_strangers_wrote_stays_text(tmp_path: Path) -> None:
    dom = browse(page(tmp_path, 60), "--dump-dom")
    assert "<title>Queues of batch jobs</title>" in dom
    assert dom.count("<h1>") == 1 and "<script" not in dom and "<img" not in dom
    assert "&lt;script&gt;document.title='owned'&lt;/script&gt;" in dom
    assert "\u202e" not in dom and "y" * 201 not in dom
    for words in (
        "archive-eu",
        "Planned changes: 1 job (highlighted).",
        "AccessDenied",
        "No jobs.",
        "Could not be read.",
        "<mark>5000",
        '<progress max="100"',
    ):
        assert words in dom, words


@pytest.mark.parametrize(("width", "height"), [(360, 800), (390, 844), (768, 1024), (1280, 900), (1920, 1080)])
def test_it_fits_the_screen(tmp_path: Path, width: int, height: int) -> None:
    """The style is taken (its policy allows it), and nothing sticks out to the right."""
    picture = tmp_path / "page.png"
    browse(page(tmp_path, 60), f"--screenshot={picture}", f"--window-size={width},{height}")
    wide, high, rows = pixels(picture)
    assert (wide, high) == (width, height)
    size = len(rows[0]) // wide
    colors = {row[at : at + 3] for row in rows[::2] for at in range(0, len(row), size)}
    # Green of what runs, blue of what waits; the page would be black on white without its style.
    assert bytes.fromhex("1a7f37") in colors and bytes.fromhex("0969da") in colors
    # The margin on the right is empty.
    assert all(row[-4 * size : -4 * size + 3] == b"\xff\xff\xff" for row in rows)


def test_in_the_dark(tmp_path: Path) -> None:
    picture = tmp_path / "dark.png"
    browse(
        page(tmp_path, 60),
        f"--screenshot={picture}",
        "--window-size=800,400",
        "--blink-settings=preferredColorScheme=0",
    )
    _wide, _high, rows = pixels(picture)
    assert rows[0][:3] == bytes.fromhex("0d1117")


def test_on_paper(tmp_path: Path) -> None:
    paper = tmp_path / "page.pdf"
    browse(page(tmp_path, 60), f"--print-to-pdf={paper}")
    assert paper.read_bytes().startswith(b"%PDF") and paper.stat().st_size > 10_000


def test_two_thousand_jobs(tmp_path: Path) -> None:
    path = page(tmp_path, 2500)
    assert path.stat().st_size < 2_000_000
    dom = browse(path, "--dump-dom")
    assert dom.count("<tr>") > 2000 and "Jobs not shown: 500." in dom
    assert "1,950 more jobs</summary>" in dom
