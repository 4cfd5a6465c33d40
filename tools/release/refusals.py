# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks that must pass before a release changes anything."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import yaml

ADDRESSES = ("repository", "documentation", "homepage", "issues")
RESERVED = ("example.com", "example.org", "example.net")
_SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


def parsed(version: str) -> tuple[int, ...] | None:
    """Return the three numbers of a version; null if it is not valid."""
    found = _SEMVER.fullmatch(version)
    return tuple(int(number) for number in found.groups()) if found else None


def git(root: Path, *words: str) -> str:
    command = ["git", "-C", str(root), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout


def released(root: Path) -> list[str]:
    """Return the versions in the changelog."""
    changes = yaml.safe_load((root / "changelogs" / "changelog.yaml").read_text(encoding="utf-8")) or {}
    return list(changes.get("releases") or {})


def placeholders(root: Path) -> list[str]:
    """Return the names of the public URLs that are still placeholders."""
    galaxy = yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8"))
    hosts = {name: urlsplit(str(galaxy.get(name) or "")).hostname or "" for name in ADDRESSES}
    return [name for name, host in hosts.items() if not host or any(host.endswith(word) for word in RESERVED)]


def refusals(root: Path, version: str, allow_placeholders: bool) -> list[str]:
    """Return every reason against the release, with the action for each."""
    found = []
    wanted, before = parsed(version), [parsed(name) or (0,) for name in released(root)]
    if wanted is None:
        found.append(f"VERSION={version!r} is not a valid version such as 1.2.3 (semver.org, without a pre-release).")
    elif before and wanted <= max(before):
        newest = ".".join(map(str, max(before)))
        found.append(f"{version} is not higher than {newest}, which is in the changelog. Set a higher version.")
    if git(root, "status", "--porcelain"):
        found.append("The tree contains uncommitted changes. Commit or stash them.")
    if version in git(root, "tag", "--list").split():
        found.append(f"The tag {version} already exists. Set another version.")
    if not list((root / "changelogs" / "fragments").glob("*.y*ml")):
        found.append("changelogs/fragments is empty. The release would have no changes.")
    if not allow_placeholders:
        found += [f"galaxy.yml: {name} is a placeholder: put the public address there." for name in placeholders(root)]
    return found
