# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Take pictures of the README and of the documentation site, on a phone and on a desktop.

`nox -Rs site`, then `nox -Rs tool -- render.site_pictures`, writes docs/site. It requires Chromium.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from markdown_it import MarkdownIt

from render.queue_page import CHROMIUM, browse
from render.rst import ROOT

SITE = ROOT / ".cache" / "site" / "html"
TARGET = ROOT / "docs" / "site"
SIZES = {360: 780, 1280: 900}
"""Widths of the pictures, and their heights."""
WHOLE_README = {360: 6300, 1280: 4300}
PAGES = {"home": "index.html", "guide": "docsite/guide_queue_order.html", "module": "batch_queue_module.html"}
README_PAGE = """\
<!DOCTYPE html><html lang="en"><head><base href="{base}/"><meta name="viewport" content="width=device-width">
<style>
  body {{ font: 16px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; margin: 0 auto;
    max-width: 830px; padding: 24px 16px; color: #1f2328; overflow-wrap: break-word }}
  h1, h2 {{ border-bottom: 1px solid #d1d9e0; padding-bottom: .3em }}
  img {{ max-width: 100% }}
  pre {{ background: #f6f8fa; border-radius: 6px; overflow: auto; padding: 16px }}
  code {{ background: #f6f8fa; font: 85% ui-monospace, Menlo, Consolas, monospace; padding: .1em .3em }}
  table {{ border-collapse: collapse; display: block; overflow: auto }}
  td, th {{ border: 1px solid #d1d9e0; padding: 6px 13px }}
  a {{ color: #0969da }}
</style></head><body>{body}</body></html>
"""


def readme_page(folder: Path) -> Path:
    """Write the README as HTML, in about the form of a code host; return the file."""
    body = MarkdownIt("commonmark").enable("table").render((ROOT / "README.md").read_text(encoding="utf-8"))
    page = folder / "readme.html"
    page.write_text(README_PAGE.format(base=ROOT.as_uri(), body=body), encoding="utf-8")
    return page


def main() -> None:
    if not CHROMIUM:
        raise SystemExit("Chromium is not installed. Install it, for example with `make chromium`.")
    with tempfile.TemporaryDirectory() as name:
        pages = {"readme": readme_page(Path(name)), **{page: SITE / path for page, path in PAGES.items()}}
        for page, path in pages.items():
            for width, height in (WHOLE_README if page == "readme" else SIZES).items():
                target = TARGET / f"{page}-{width}.png"
                # Without motion the recording of the README shows its end.
                window = (f"--window-size={width},{height}", "--force-prefers-reduced-motion")
                browse(path, f"--screenshot={target}", *window)


if __name__ == "__main__":
    main()
