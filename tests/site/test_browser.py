# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every page in headless Chromium: nothing sticks out, nothing is too faint, nothing is fetched from elsewhere."""

from __future__ import annotations

import functools
import html
import http.server
import json
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from render.queue_page import CHROMIUM, chromium

HERE = Path(__file__).resolve().parent
SITE = HERE.parents[1] / ".cache" / "site" / "html"
PAGES = sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html") if path.name not in ("search.html",))

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A copy of the site with the probe in it, on a loopback port."""
    folder = Path(shutil.copytree(SITE, tmp_path_factory.mktemp("site") / "html"))
    shutil.copy2(HERE / "probe.html", folder)
    (folder / "pages.json").write_text(json.dumps(PAGES))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def probed(url: str, *flags: str) -> tuple[dict[str, Any], list[str]]:
    """What the probe found, and what the console said."""
    words = ("--enable-logging=stderr", "--virtual-time-budget=600000", *flags, "--dump-dom")
    done = chromium(f"{url}/probe.html", *words, timeout=1800)
    text = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)
    assert text and text[1], done.stdout[:500]
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return json.loads(html.unescape(text[1])), console


@pytest.mark.parametrize("flags", [(), ("--blink-settings=preferredColorScheme=0",)], ids=["light", "dark"])
def test_every_page(served: str, flags: tuple[str, ...]) -> None:
    seen, console = probed(served, *flags)
    assert seen["dark"] is bool(flags)
    found = seen["found"]
    assert len(PAGES) > 25
    assert {page["name"] for page in found} == set(PAGES)
    assert [(page["name"], page["width"], page["scroll"]) for page in found if page["scroll"] > 0] == []
    assert [(page["name"], page["faint"]) for page in found if page["faint"]] == []
    assert all(page["length"] > 200 for page in found)
    assert console == []
