# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""python -m release VERSION: refuse, or write, check, build and commit; a person does the rest."""

from __future__ import annotations

import argparse
import datetime
import os
import shutil
import subprocess
import sys
from pathlib import Path

from harness import trees

from .refusals import git, placeholders, refusals
from .versions import write_version

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".nox" / "newest" / "bin"
CHECKS = ("reuse", "changelog", "docs-check", "importer-check", "artifact")
NEXT = """
{version} is committed as {commit}, and built: {artifact}

What a person does next:
  1. Read CHANGELOG.md and look at the commit: git show --stat
  2. Have all tests pass on this commit, sanity among them: make test and make test-oldest, and
     the nightly workflow's cores: make test-all
  3. Tag it by the name of the version, and push:
       git tag --annotate {version} --message "objectstore.batch {version}" {commit}
       git push origin main {version}
  4. Build from the tag and compare with the artifact above: git checkout {version} && make build
  5. Upload it: ansible-galaxy collection publish {artifact} --token TOKEN (and to Automation Hub, if it goes there)
  6. Build and upload the emulator's wheel of the same version: nox -Rs emulator-wheel
  7. Tell the forum, with the tags that README.md names, and close the milestone.
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make release", description="Everything up to the tag; nothing is pushed.")
    parser.add_argument("version", help="such as 1.2.3")
    parser.add_argument("--allow-placeholders", action="store_true", help="a rehearsal: addresses of example.com pass")
    parser.add_argument("--full", action="store_true", help="run make test and make test-oldest, too")
    options = parser.parse_args()
    found = refusals(ROOT, options.version, options.allow_placeholders)
    if found:
        print("Not released, nothing was changed:", *found, sep="\n  ")
        return 1
    start = git(ROOT, "rev-parse", "HEAD").strip()
    try:
        return _release(options.version, options.full)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print(f"Not released: {error}\nFiles were changed. Look at them with git diff, or undo it all:")
        print(f"  git reset --hard {start} && git clean --force CHANGELOG.md changelogs")
        return 1


def _release(version: str, full: bool) -> int:
    for file in write_version(ROOT, version):
        print(f"version {version} in {file.relative_to(ROOT)}", flush=True)
    _changelog(version)
    _run("make", "render")
    for session in CHECKS:
        _run(str(ROOT / ".cache" / "tools" / "bin" / "nox"), "-s", session)
    if full:
        _run("make", "test")
        _run("make", "test-oldest")
    git(ROOT, "add", "--all")
    git(ROOT, "commit", "--quiet", "--message", f"Release {version}")
    _run("make", "build")
    if left := placeholders(ROOT):
        print(f"\nA REHEARSAL: {', '.join(left)} in galaxy.yml are placeholders. Do not publish this.")
    commit = git(ROOT, "rev-parse", "--short", "HEAD").strip()
    print(NEXT.format(version=version, commit=commit, artifact=f"objectstore-batch-{version}.tar.gz"))
    return 0


def _changelog(version: str) -> None:
    """Move all fragments into the changelog, in a copy: antsibull-changelog wants a root of collections around it."""
    tree = trees.copy("release")
    day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    _run(str(BIN / "antsibull-changelog"), "release", "--version", version, "--date", day, cwd=tree)
    shutil.copy2(tree / "CHANGELOG.md", ROOT / "CHANGELOG.md")
    shutil.copy2(tree / "changelogs" / "changelog.yaml", ROOT / "changelogs" / "changelog.yaml")
    for fragment in (ROOT / "changelogs" / "fragments").glob("*.y*ml"):
        if not (tree / "changelogs" / "fragments" / fragment.name).exists():
            fragment.unlink()


def _run(*command: str, cwd: Path = ROOT) -> None:
    print(f"+ {' '.join(command)}", flush=True)
    # antsibull-changelog looks for ansible-doc there.
    env = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout[-3000:], done.stderr[-3000:], sep="\n")
        raise ValueError(f"{' '.join(command)} ended with {done.returncode}; refer to its output above")


if __name__ == "__main__":
    sys.exit(main())
