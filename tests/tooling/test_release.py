# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A release of a scratch clone, and everything that stands against one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
VERSION = "97.1.0"


def git(clone: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(clone), *words], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    target = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(target)], check=True)
    for setting in ("user.name=Nobody", "user.email=nobody@example.com"):
        git(target, "config", *setting.split("="))
    (target / ".cache").mkdir()
    (target / ".cache" / "tools").symlink_to(ROOT / ".cache" / "tools")
    # To make, what was cloned just now is newer than the tools.
    os.utime(target / "requirements" / "tools.txt", (0, 0))
    (target / ".nox").mkdir()
    for lane in ("newest", "importer"):
        pins, environment = f"requirements/{lane}.txt", ROOT / ".nox" / lane
        # With the same pins there is nothing to install, and the index is not asked.
        if environment.exists() and (target / pins).read_bytes() == (ROOT / pins).read_bytes():
            (target / ".nox" / lane).symlink_to(environment)
    return target


def refused(clone: Path, *words: str) -> str:
    env = os.environ | {"PYTHONPATH": "tools"}
    command = [sys.executable, "-m", "release", *words]
    done = subprocess.run(command, cwd=clone, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done
    assert done.stdout.startswith("Not released, nothing was changed:\n")
    return done.stdout


def test_what_stands_against_it(clone: Path) -> None:
    for version in ("1.0", "v1.0.0", "1.0.0-rc.1", "01.0.0", ""):
        assert "is not a valid version such as" in refused(clone, "--allow-placeholders", version)
    assert "repository is a placeholder" in refused(clone, VERSION)
    git(clone, "tag", VERSION)
    assert f"The tag {VERSION} already exists" in refused(clone, "--allow-placeholders", VERSION)
    (clone / "README.md").write_text("mine", encoding="utf-8")
    assert "uncommitted changes" in refused(clone, "--allow-placeholders", VERSION)
    git(clone, "checkout", "README.md")
    log = clone / "changelogs" / "changelog.yaml"
    log.write_text("releases: {98.0.0: {release_date: '2026-01-01'}}\n", encoding="utf-8")
    for fragment in (clone / "changelogs" / "fragments").iterdir():
        fragment.unlink()
    git(clone, "commit", "--quiet", "--all", "--message", "98.0.0")
    said = refused(clone, "--allow-placeholders", VERSION)
    assert "is not higher than 98.0.0" in said
    assert "The release would have no changes" in said


@pytest.mark.slow
@pytest.mark.skipif(not list((ROOT / "changelogs" / "fragments").glob("*.yml")), reason="there is nothing to release")
def test_everything_up_to_the_tag(clone: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "PYTHONPATH", "COV_"))}
    command = ["make", "release", f"VERSION={VERSION}", "ALLOW_PLACEHOLDERS=1"]
    done = subprocess.run(command, cwd=clone, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert f'git tag --annotate {VERSION} --message "objectstore.batch {VERSION}"' in done.stdout
    assert "A REHEARSAL" in done.stdout
    assert (clone / f"objectstore-batch-{VERSION}.tar.gz").is_file()
    assert f"v{VERSION}".replace(".", "\\.") in (clone / "CHANGELOG.md").read_text(encoding="utf-8")
    assert yaml.safe_load((clone / "galaxy.yml").read_text(encoding="utf-8"))["version"] == VERSION
    assert f'version = "{VERSION}"' in (clone / "emulator" / "pyproject.toml").read_text(encoding="utf-8")
    assert git(clone, "status", "--porcelain") == ""
    assert git(clone, "log", "-1", "--format=%s").strip() == f"Release {VERSION}"
    assert VERSION not in git(clone, "tag", "--list").split()
