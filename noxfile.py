# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sessions by test environment (lane): the newest ansible-core, and the oldest with the oldest libraries.

The sessions `newest` and `oldest` install the tools of a lane into one environment. `nox -R` does not update it.
`make test` runs the newest lane and `make test-oldest` the oldest one: the suites (tags) `test` and `test-oldest`.
Only `make test-all` runs the other lanes: the versions between the two, and the next version. `nox -l` lists all.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nox

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "emulator" / "src")]

from harness import build, lanes, pip, requirements, sessions, trees  # noqa: E402
from harness.pythons import CORES, LANES, NEWEST, SEARCH_PATH, TARGETS  # noqa: E402
from harness.sessions import WORKERS, ansible_test, in_lane, pytest, run  # noqa: E402

nox.options.sessions = ["quick"]
nox.options.reuse_existing_virtualenvs = True
nox.options.allow_parallel = True
os.environ["PATH"] = SEARCH_PATH

for _lane, _python in LANES.items():
    if _python:
        nox.session(sessions.environment, name=_lane, python=_python)
nox.session(sessions.eda, python=NEWEST, tags=["all"])

# Long sessions come first, so that two parallel runs end at about the same time.


@in_lane("units", needs=("importer",))  # the rehearsal of a release runs the importer
def units(session: nox.Session) -> None:
    """Run pytest with the newest ansible-core."""
    pytest(session, *WORKERS, *lanes.SUITES, *(f"--deselect={path}" for path in lanes.variants()))


@in_lane(suite="all")
def variants(session: nox.Session) -> None:
    """Run the tests that are variants of other tests."""
    pytest(session, *WORKERS, *lanes.variants())


@in_lane("sanity", lane="oldest", suite="test-oldest", name="sanity-oldest")
def sanity_oldest(session: nox.Session) -> None:
    """Run ansible-test sanity of the oldest ansible-core."""
    ansible_test(session, "sanity", "--junit", lane="oldest")


@in_lane("units", lane="oldest", suite="test-oldest", name="units-oldest")
def units_oldest(session: nox.Session) -> None:
    """Run the tests whose results depend on ansible-core with the oldest version."""
    pytest(session, *WORKERS, *lanes.paths(), lane="oldest")


@in_lane("sanity")
def sanity(session: nox.Session) -> None:
    """Run ansible-test sanity of the newest ansible-core."""
    ansible_test(session, "sanity", "--junit")


@in_lane("units")
def distribution(session: nox.Session) -> None:
    """Install the emulator's wheel into an empty environment, and run the printed examples of its README."""
    pytest(session, "tests/distribution", **pip.reaching())


@in_lane("units", name="units-targets")
def units_targets(session: nox.Session) -> None:
    """Run ansible-test units on the oldest installed Python of a target; `units` uses the newest."""
    ansible_test(session, "units", "--venv", "--python", TARGETS[0])


@in_lane("units", suite="all", name="units-every-target")
def units_every_target(session: nox.Session) -> None:
    """Run ansible-test units on every installed Python of a target."""
    ansible_test(session, "units", "--venv", "--python", "default")


@in_lane("integration")
def integration(session: nox.Session) -> None:
    """Run the integration targets with the newest ansible-core on the oldest Python of a target."""
    hosts = ("--controller", f"origin:python={NEWEST}", "--target", f"controller:python=venv/{TARGETS[0]}")
    ansible_test(session, "integration", *(hosts if TARGETS[0] != NEWEST else ()), emulator=True)


@in_lane("integration", lane="oldest", suite="test-oldest", name="integration-oldest")
def integration_oldest(session: nox.Session) -> None:
    """Run the integration targets with the oldest ansible-core."""
    ansible_test(session, "integration", lane="oldest", emulator=True)


@in_lane("lint")
def mypy(session: nox.Session) -> None:
    """Check types."""
    run(session, "mypy")


@in_lane("lint", name="ansible-lint")
def ansible_lint(session: nox.Session) -> None:
    """Lint playbooks and roles with the production profile."""
    tree = trees.copy(session.name)
    command = ("ansible-lint", "--offline", "--profile", "production", "--nocolor")
    run(session, *command, cwd=tree, ANSIBLE_COLLECTIONS_PATH=sessions.collections_root(tree))


@in_lane("lint")
def ruff(session: nox.Session) -> None:
    """Check style."""
    run(session, "ruff", "check", ".")
    run(session, "ruff", "format", "--check", ".")


@in_lane("lint")
def prose(session: nox.Session) -> None:
    """Check the spelling and the word list of the house style (seconds)."""
    run(session, "codespell", cwd=trees.copy(session.name))
    sessions.tool(session, "prose", *session.posargs)


@in_lane("lint")
def reuse(session: nox.Session) -> None:
    """Check that every file states its copyright holder and license."""
    run(session, "reuse", "--root", ROOT, "lint", "--lines")


@in_lane("docs", name="docs-check")
def docs_check(session: nox.Session) -> None:
    """Check the documentation of the plugins."""
    tree = trees.copy(session.name)
    references = ("--check-extra-docs-refs", "--validate-collection-refs", "self")
    command = ("antsibull-docs", "lint-collection-docs", "--plugin-docs", *references, ".")
    run(session, *command, cwd=tree, ANSIBLE_COLLECTIONS_PATH=sessions.collections_root(tree))


@in_lane("docs")
def changelog(session: nox.Session) -> None:
    """Check the changelog fragments."""
    run(session, "antsibull-changelog", "lint", cwd=trees.copy(session.name))


@in_lane("docs")
def artifact(session: nox.Session) -> None:
    """Build the artifact, install it, and check the documentation of the installed collection."""
    build.check_documentation(session)


@in_lane("docs")
def site(session: nox.Session) -> None:
    """Build the documentation site into .cache/site/html without warnings, and check it in a browser (a minute)."""
    build.site(session)
    pytest(session, "tests/site")


@in_lane("docs", name="importer-check", lane="importer")
def importer_check(session: nox.Session) -> None:
    """Run Galaxy's importer on the artifact, as Galaxy and Automation Hub do for an upload."""
    build.check_import(session)


for _core in CORES:
    sessions.every_test_of(_core)


@in_lane(suite="daily")
def quick(session: nox.Session) -> None:
    """Run the fast unit and contract tests with the newest ansible-core (two minutes)."""
    pytest(session, *WORKERS, "-m", "not slow", "tests/unit", "tests/contract")


@in_lane(suite="tools")
def tool(session: nox.Session) -> None:
    """Run a package of tools/: -- benchmarks (10 minutes; an hour with --full), or -- render.site_pictures."""
    sessions.tool(session, *session.posargs)


@in_lane(suite="tools", name="ee-context")
def ee_context(session: nox.Session) -> None:
    """Write the context of an execution environment into .cache/ee: -- awx or aap, and a base image (seconds)."""
    build.ee_context(session, *session.posargs)


@nox.session(venv_backend="none", tags=["tools"], name="emulator-wheel")
def emulator_wheel(session: nox.Session) -> None:
    """Build the emulator's wheel into .cache/emulator (a second)."""
    build.emulator_wheel(session)


@nox.session(venv_backend="none", tags=["tools"])
def pins(session: nox.Session) -> None:
    """Compile requirements/*.in into pinned versions: -- --upgrade uses the newest versions (a minute)."""
    requirements.compile_all(*session.posargs)
