# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Takes pictures of the documentation site: `nox -Rs site`, then `nox -Rs tool -- render.site_pictures`."""

from __future__ import annotations

from render.queue_page import CHROMIUM, PICTURES, browse
from render.rst import ROOT

SITE = ROOT / ".cache" / "site" / "html"
TARGET = ROOT / "docs" / "site"
PAGES = {"phone": "docsite/guide_queue_order.html", "desktop": "index.html", "dark": "batch_queue_module.html"}


def main() -> None:
    if not CHROMIUM:
        raise SystemExit("Chromium is not installed.")
    for name, page in PAGES.items():
        browse(SITE / page, f"--screenshot={TARGET / f'{name}.png'}", *PICTURES[name])


if __name__ == "__main__":
    main()
