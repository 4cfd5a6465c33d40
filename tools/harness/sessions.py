# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the sessions of noxfile.py share: the environment of a lane, and its programs run in it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nox
from batch_emulator import client

from . import CACHE, COLLECTION, REPORTS, ROOT, lanes, pip, trees
from .pythons import LANES, TARGETS

UV = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])) or "uv"
# Most tests wait for something else than the processor.
WORKERS = ("-n", "3", "--dist", "worksteal")


def environment(session: nox.Session) -> None:
    """Make the environment of a lane."""
    pins = f"requirements/{session.name}.txt"
    try:
        # uv is ten times as fast as pip, but there may be none for this machine, or it may not reach the index.
        command = (UV, "pip", "sync", "--quiet", "--compile-bytecode", pins)
        session.run_install(*command, env=pip.for_uv(), external=True)
    except nox.command.CommandFailed:
        # The pins are complete, and one of them replaces a package that another one requires by name.
        session.run_install("python", "-m", "pip", "install", "--quiet", "--no-deps", "-r", pins)
    _use_the_index(Path(session.virtualenv.location))
    trees.link()


def eda(session: nox.Session) -> None:
    """Run the rulebooks with the real ansible-rulebook, which also requires Java 17 (some minutes)."""
    environment(session)
    tests = session.posargs or ["tests/eda"]
    kept = {name: os.environ[name] for name in ("JAVA_HOME", "LANG") if name in os.environ}
    env = {**kept, "PATH": f"{session.bin}:{os.environ['PATH']}", "HOME": session.create_tmp(), "LC_ALL": "C.UTF-8"}
    path = os.pathsep.join(map(str, (CACHE / "collections", ROOT / "emulator" / "src")))
    words = ("-q", "-rs", "--color", "no", *WORKERS, *tests)
    session.run("python", "-m", "pytest", *words, env={**env, "PYTHONPATH": path}, include_outer_env=False)


def _use_the_index(folder: Path) -> None:
    """Have ansible-test take from the index what a release candidate of ansible-core takes from a code host."""
    for file in folder.glob("lib/python3.*/site-packages/ansible_test/_data/requirements/sanity.pylint.txt"):
        text = re.sub(r"^dill @ .*$", "dill==0.4.1", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        # uv may have linked the file to its cache, which other projects use.
        file.unlink()
        file.write_text(text, encoding="utf-8")


def in_lane(
    *tags: str, lane: str = "newest", suite: str = "test", needs: tuple[str, ...] = (), **more: Any
) -> Callable[..., Any]:
    """Make a session of a function that runs in the environments of lanes."""
    requires = [name for name in (lane, *needs) if LANES[name]]
    return nox.session(venv_backend="none", requires=requires, tags=[suite, *tags], **more)  # type: ignore[no-any-return]


def _tools(session: nox.Session, lane: str) -> Path:
    if not LANES[lane]:
        session.skip(f"no Python of this machine runs the ansible-core of {lane}; see tools/harness/pythons.py")
    # nox writes the name of an environment so.
    return ROOT / ".nox" / lane.replace(".", "-") / "bin"


def run(
    session: nox.Session, *command: object, lane: str = "newest", cwd: Path = ROOT, quiet: bool = False, **more: str
) -> str:
    """Run a program of a lane without the user's settings of clouds, proxies, and Ansible, and with its own home."""
    home, scratch = CACHE / "homes" / session.name, CACHE / "tmp" / session.name
    for folder in (home, scratch):
        folder.mkdir(parents=True, exist_ok=True)
    tools = _tools(session, lane)
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TERM", "TZ", "USER", "CI") if name in os.environ}
    own = {"HOME": home, "PATH": f"{tools}:{os.environ['PATH']}", "TMPDIR": scratch}
    fixed = {"HYPOTHESIS_STORAGE_DIRECTORY": CACHE / "hypothesis", "ANSIBLE_NOCOLOR": 1, "NO_COLOR": 1}
    env = {name: str(value) for name, value in {"LC_ALL": "C.UTF-8", **kept, **own, **fixed, **more}.items()}
    program, *arguments = map(str, command)
    with session.chdir(cwd):
        words = (str(tools / program), *arguments)
        return str(session.run(*words, env=env, include_outer_env=False, external=True, silent=quiet))


def tool(session: nox.Session, package: str, *arguments: str) -> None:
    """Run a package of tools/."""
    folders = (CACHE / "collections", ROOT / "tools", ROOT / "emulator" / "src")
    path = os.pathsep.join(map(str, folders))
    run(session, "python", "-m", package, *arguments, PYTHONPATH=path, PYTHONDONTWRITEBYTECODE="")


def pytest(session: nox.Session, *arguments: str, lane: str = "newest", **more: str) -> None:
    """Run tests, or those that the command line names."""
    report = trees.fresh(REPORTS / session.name) / "pytest.xml"
    words = ("--color", "no", "-q", f"--junitxml={report}", *(session.posargs or arguments))
    run(session, "pytest", *words, lane=lane, **more)  # type: ignore[arg-type]


def ansible_test(session: nox.Session, *arguments: str, lane: str = "newest", emulator: bool = False) -> None:
    """Run ansible-test in a copy of the collection, with pip where it looks for it instead of the network."""
    python = _tools(session, lane) / "python"
    tree = trees.copy(session.name)
    pip.seed(CACHE / "homes" / session.name, python, TARGETS)
    try:
        with _emulator(tree, python) if emulator else contextlib.nullcontext():
            run(session, "ansible-test", *arguments, "--color", "no", *session.posargs, lane=lane, cwd=tree)
    finally:
        trees.keep_reports(tree, REPORTS / session.name)


@contextlib.contextmanager
def _emulator(tree: Path, python: Path) -> Iterator[None]:
    """Start an emulator; ansible-test strips the environment, so a file of variables carries the address."""
    with client.start(python=str(python)) as running:
        config = tree / "tests" / "integration" / "integration_config.yml"
        config.write_text(json.dumps({"emulator_url": running.url}) + "\n", encoding="utf-8")
        yield


def every_test_of(core: str) -> None:
    """Make the sessions of an ansible-core between the oldest and the newest, or of the one to come."""
    lane = f"core-{core}"

    @in_lane(lane=lane, suite="all", name=f"units-{core}")
    def _units(session: nox.Session) -> None:
        """Run what every lane runs."""
        pytest(session, *WORKERS, *lanes.paths(), lane=lane)

    @in_lane(lane=lane, suite="all", name=f"sanity-{core}")
    def _sanity(session: nox.Session) -> None:
        """Run ansible-test sanity."""
        ansible_test(session, "sanity", "--junit", lane=lane)

    @in_lane(lane=lane, suite="all", name=f"integration-{core}")
    def _integration(session: nox.Session) -> None:
        """Run the integration targets."""
        ansible_test(session, "integration", lane=lane, emulator=True)


def collections_root(tree: Path) -> str:
    """Return the root of the collections that a copy is in."""
    return str(tree.parents[len(COLLECTION.parts) - 1])
