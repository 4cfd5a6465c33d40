# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is made of the collection: the artifact, Galaxy's verdict on it, an execution environment, the site."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nox

from . import CACHE, ROOT, pip, trees
from .sessions import UV, collections_root, run

_GALAXY = ("ansible-galaxy", "collection")


def artifact(session: nox.Session, folder: Path, lane: str = "newest") -> Path:
    """Build the artifact from the files that git tracks, into an empty directory."""
    command = (*_GALAXY, "build", "--output-path", trees.fresh(folder))
    run(session, *command, cwd=trees.copy(session.name), lane=lane)
    [built] = folder.glob("*.tar.gz")
    return built


def check_documentation(session: nox.Session) -> None:
    """Install the artifact, and read the documentation from where it was installed."""
    target = CACHE / "artifact"
    built = artifact(session, target)
    run(session, *_GALAXY, "install", "--offline", "-p", target, built, cwd=target)
    modules = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("[!_]*.py"))
    names = [f"objectstore.batch.{module}" for module in modules]
    # ansible-doc succeeds even if it shows nothing but a warning.
    command = ("ansible-doc", "-t", "module", *names)
    shown = run(session, *command, cwd=target, quiet=True, ANSIBLE_COLLECTIONS_PATH=str(target))
    if "[WARNING]" in shown:
        session.error(shown)


def check_import(session: nox.Session) -> None:
    """Run Galaxy's importer on the artifact."""
    target = CACHE / "importer"
    built = artifact(session, target, lane="importer")
    config = target / "importer.cfg"
    config.write_text("[galaxy-importer]\nCHECK_REQUIRED_TAGS = True\nLOG_LEVEL_MAIN = INFO\n", encoding="utf-8")
    command = ("python", "-m", "galaxy_importer.main", built)
    said = run(session, *command, lane="importer", cwd=target, quiet=True, GALAXY_IMPORTER_CONFIG=str(config))
    session.log(said)
    if complaints := [line for line in said.splitlines() if line.startswith(("WARNING", "ERROR", "CRITICAL"))]:
        session.error("\n".join(complaints))
    if "Importer processing completed successfully" not in said:
        session.error("The importer did not report success.")


def ee_context(session: nox.Session, kind: str = "awx", base: str = "") -> None:
    """Write the context of an execution environment into .cache/ee."""
    target = CACHE / "ee"
    artifact(session, target).rename(target / "objectstore-batch.tar.gz")
    definition = (ROOT / "extensions" / "ee" / f"{kind}.yml").read_text(encoding="utf-8")
    if base:
        definition = re.sub(r"(?m)^(    name: ).*:latest$", lambda found: found[1] + base, definition)
    (target / "execution-environment.yml").write_text(definition, encoding="utf-8")
    words = ("--output-filename", "Containerfile", "--file", "execution-environment.yml", "--context", "context")
    run(session, "ansible-builder", "create", *words, cwd=target)
    context = ".cache/ee/context"
    session.log(f"Build it with: podman build --tag objectstore-batch-ee --file {context}/Containerfile {context}")


def emulator_wheel(session: nox.Session) -> None:
    """Build the emulator's wheel into .cache/emulator."""
    target = trees.fresh(CACHE / "emulator")
    words = ("--quiet", "--wheel", "--out-dir", str(target), str(ROOT / "emulator"))
    session.run(UV, "build", *words, env=pip.for_uv(), external=True)
    session.log(", ".join(map(str, target.glob("*.whl"))))


def site(session: nox.Session) -> None:
    """Build the documentation site into .cache/site/html, without a warning."""
    tree = trees.copy(session.name)
    galaxy = (tree / "galaxy.yml").read_text(encoding="utf-8").splitlines()
    [version] = [line.split()[1] for line in galaxy if line.startswith("version:")]
    if version not in (tree / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"):
        # The site shows the changes of the next release, too.
        run(session, "antsibull-changelog", "release", "--version", version, "--date", "2000-01-01", cwd=tree)
    target = trees.fresh(CACHE / "site")
    pages = target / "rst"
    shutil.copytree(tree / "docs" / "docsite" / "site", pages)
    # antsibull-docs rejects a directory that other users can write to.
    pages.chmod(0o755)
    words = ("collection", "--use-current", "--squash-hierarchy", "--fail-on-error", "--dest-dir", pages)
    command = ("antsibull-docs", "--config-file", pages / "antsibull-docs.cfg", *words, "objectstore.batch")
    run(session, *command, cwd=tree, ANSIBLE_COLLECTIONS_PATH=collections_root(tree))
    # antsibull-docs copies pages, but no images.
    shutil.copytree(tree / "docs" / "docsite" / "rst" / "images", pages / "docsite" / "images")
    run(session, "sphinx-build", "-q", "-W", "--keep-going", "-b", "html", pages, target / "html", cwd=tree)
    session.log(f"{len(list((target / 'html').rglob('*.html')))} pages: {target / 'html' / 'index.html'}")
