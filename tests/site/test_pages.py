# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages and their links: all twelve guides are there, say for whom, and lead somewhere."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from render import rst

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / ".cache" / "site" / "html"
PAGES = sorted(SITE.rglob("*.html"))
SECTIONS = yaml.safe_load((ROOT / "docs" / "docsite" / "extra-docs.yml").read_text(encoding="utf-8"))["sections"]
GUIDES = [name for section in SECTIONS for name in section["toctree"]]


class Page(HTMLParser):
    """What a page names, links to, fetches and says about itself."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.meta: dict[str, str] = {}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in ("script", "img", "iframe", "source") and "src" in given:
            self.fetched.append(given["src"])
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "shortcut icon", "preload"):
            self.fetched.append(given["href"])
        if tag == "meta" and "name" in given:
            self.meta[given["name"]] = given.get("content", "")


READ = {path: Page(path) for path in PAGES}


def dead(path: Path, link: str) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return parts.scheme not in ("https", "mailto")
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.is_file():
        return True
    return bool(parts.fragment and target in READ and unquote(parts.fragment) not in READ[target].anchors)


def test_every_link_leads_somewhere() -> None:
    assert len(PAGES) > 25
    links = [(path, link) for path, page in READ.items() for link in page.links if link not in ("#", "")]
    assert len(links) > 1000
    assert sorted({(str(path.relative_to(SITE)), link) for path, link in links if dead(path, link)}) == []


def test_nothing_is_fetched_from_elsewhere() -> None:
    fetched = {link for page in READ.values() for link in page.fetched}
    assert sorted(link for link in fetched if urlsplit(link).netloc) == []
    styles = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in SITE.rglob("*.css"))
    assert "url(http" not in styles.replace('"', "").replace("'", "")
    assert "@import url(" not in styles
    assert "@import 'http" not in styles


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_says_for_whom(guide: str) -> None:
    page = READ[SITE / "docsite" / f"{guide}.html"]
    assert page.meta["audience"]
    assert len(page.meta["description"]) > 30
    assert rst.examples(rst.GUIDES / f"{guide}.rst")


def test_no_guide_is_left_out() -> None:
    assert sorted(GUIDES) == sorted(path.stem for path in rst.GUIDES.glob("*.rst"))
    assert len(GUIDES) == 28
