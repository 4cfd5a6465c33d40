# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user gets: nothing stray in it, no dead link, and one set of public addresses."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from harness import trees

ROOT = Path(__file__).resolve().parents[2]
TOP = {
    *("CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "COPYING", "FILES.json", "LICENSES", "MAINTAINERS.md", "MANIFEST.json"),
    *("README.md", "SECURITY.md", "changelogs", "docs", "extensions", "meta", "playbooks", "plugins"),
    *("requirements.txt", "roles"),
}
LINK = re.compile(r"\]\(<?([^)\s>]+)>?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The artifact, unpacked."""
    target = tmp_path_factory.mktemp("artifact")
    program = Path(sys.executable).parent / "ansible-galaxy"
    command = [str(program), "collection", "build", "--output-path", str(target)]
    subprocess.run(command, check=True, cwd=trees.copy("test_artifact"), capture_output=True)
    [built] = target.glob("*.tar.gz")
    assert built.stat().st_size < 20 * 2**20
    with tarfile.open(built) as archive:
        archive.extractall(target / "unpacked", filter="data")
    return target / "unpacked"


def test_nothing_stray(artifact: Path) -> None:
    found = {path.name for path in artifact.iterdir()}
    assert found - {"CHANGELOG.md"} == TOP


def anchors(page: Path) -> set[str]:
    """The anchors that code hosts make of headings."""
    titles = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def dead(page: Path, link: str) -> bool:
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return parts.scheme != "https"
    target = page.parent / unquote(parts.path) if parts.path else page
    if not target.exists():
        return True
    return bool(parts.fragment and target.suffix == ".md" and parts.fragment not in anchors(target))


def test_no_dead_links(artifact: Path) -> None:
    pages = sorted(artifact.rglob("*.md"))
    assert len(pages) > 10
    links = [(page, link) for page in pages for link in LINK.findall(page.read_text(encoding="utf-8"))]
    assert len(links) > 40
    assert [(str(page.relative_to(artifact)), link) for page, link in links if dead(page, link)] == []


def test_the_addresses_agree() -> None:
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    links = yaml.safe_load((ROOT / "docs" / "docsite" / "links.yml").read_text(encoding="utf-8"))
    assert galaxy["repository"].endswith(f"/{links['edit_on_github']['repository']}")
    conf = (ROOT / "docs" / "docsite" / "site" / "conf.py").read_text(encoding="utf-8")
    assert f'"documentation_home_url": "{galaxy["documentation"]}"' in conf
