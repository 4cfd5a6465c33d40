# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files that name the version."""

from __future__ import annotations

import re
from pathlib import Path

from .refusals import parsed, released


def write_version(root: Path, version: str) -> list[Path]:
    """Put the version wherever it stands; the files that have changed.

    :raises ValueError: a file does not name a version where it should.
    """
    places = {
        root / "galaxy.yml": (r"(?m)^(version: ).*$", 1),
        root / "emulator" / "pyproject.toml": (r'(?m)^(version = ")[^"]*(?=")', 1),
    }
    changed = []
    for file, (pattern, least) in places.items():
        changed += _write(file, pattern, version, least)
    newest = max((parsed(name) or (0,) for name in released(root)), default=(0,))
    for file in sorted((root / "plugins").rglob("*.py")):
        changed += _write_added(file, version, newest)
    return changed


def _write(file: Path, pattern: str, version: str, least: int) -> list[Path]:
    text = file.read_text(encoding="utf-8")
    new, count = re.subn(pattern, rf"\g<1>{version}", text)
    if count < least:
        raise ValueError(f"{file.name} names no version where {pattern} looks for one")
    return _changed(file, text, new)


def _write_added(file: Path, version: str, newest: tuple[int, ...]) -> list[Path]:
    """What was added after the newest release was added in this one."""
    text = file.read_text(encoding="utf-8")

    def added(found: re.Match[str]) -> str:
        since = parsed(found[2])
        return f"{found[1]}{version}" if since and since > newest else found[0]

    return _changed(file, text, re.sub(r"(?m)^( *version_added: )(\d+\.\d+\.\d+)$", added, text))


def _changed(file: Path, old: str, new: str) -> list[Path]:
    if old == new:
        return []
    file.write_text(new, encoding="utf-8")
    return [file]
