# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `make test` is made of, and the order in which free workers take it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path

from . import ansible_test, emulator, tally, trees
from .interpreters import Interpreter
from .lanes import Lane
from .paths import CACHE, COLLECTION, ROOT
from .settings import settings
from .steps import Chain, Skip, Step

GROUPS = ("quick", "sanity", "lint", "units", "integration", "docs")
PYTEST_SUITES = ("tests/unit", "tests/contract", "tests/conformance", "tests/tooling")
# What another ansible-core, and the oldest libraries of the clouds, can change. The engines are our code alone, and
# the unit tests run on every target Python anyway.
IN_EVERY_LANE = tuple(
    f"tests/contract/test_{name}.py"
    for name in (
        *("playbooks", "progress", "life", "connection", "secrets", "faults", "hostile"),
        *("priority", "create", "status", "lists", "info", "docs"),
    )
)
# Most tests wait for something else than the processor.
AT_ONCE = "4"

Planned = list[Chain | Skip]


def needs_oldest(groups: tuple[str, ...]) -> bool:
    return not {"sanity", "units", "integration"}.isdisjoint(groups)


class Suite:
    def __init__(self, newest: Lane, oldest: Lane | None, pythons: dict[str, Interpreter]) -> None:
        self.newest = newest
        self.oldest = oldest
        self.pythons = pythons

    def plan(self, groups: tuple[str, ...]) -> Planned:
        """Long chains go first, so that the workers end together; quick answers come early in between."""
        order: list[tuple[str, Callable[[Lane], Chain | Skip], Lane | None]] = [
            ("quick", self._quick, self.newest),
            ("units", self._pytest, self.newest),
            ("lint", self._ruff, self.newest),
            ("lint", self._mypy, self.newest),
            ("sanity", self._sanity, self.newest),
            ("sanity", self._sanity, self.oldest),
            ("units", self._pytest, self.oldest),
            ("units", self._target_units, self.newest),
            ("integration", self._integration, self.oldest),
            ("integration", self._target_integration, self.newest),
            ("lint", self._ansible_lint, self.newest),
            ("docs", self._docs, self.newest),
            ("docs", self._changelog, self.newest),
            ("docs", self._artifact, self.newest),
        ]
        planned: Planned = [make(lane) for group, make, lane in order if lane and group in groups]
        if self.oldest is None and needs_oldest(groups):
            planned.append(Skip("oldest ansible-core", "it needs a second Python of 3.10 to 3.12 on this machine"))
        return planned

    @cached_property
    def source(self) -> Path:
        """A copy for the tools that only read."""
        return trees.copy(CACHE / "trees" / "source")

    def _sanity(self, lane: Lane) -> Chain:
        name = f"sanity {lane.name}"
        return Chain([self._ansible_test(name, lane, tally.sanity, "sanity")])

    def _target_units(self, lane: Lane) -> Chain:
        command = ("units", "--venv", "--python", "default")
        return Chain([self._ansible_test("units on target Pythons", lane, tally.units, *command)])

    def _integration(self, lane: Lane, name: str = "", *hosts: str) -> Chain | Skip:
        name = name or f"integration {lane.name}"
        targets = ROOT / "tests" / "integration" / "targets"
        if not any(path.is_dir() and not path.name.startswith("setup_") for path in targets.glob("*")):
            return Skip(name, "there is no integration target yet")
        return Chain([self._ansible_test(name, lane, tally.integration, "integration", *hosts, with_emulator=True)])

    def _target_integration(self, lane: Lane) -> Chain | Skip:
        """The newest controller with the oldest target: its own Python plays all playbooks of the contract."""
        name = "integration newest, with the oldest target Python"
        target = next(iter(self.pythons))
        if target == lane.interpreter.version:
            return self._integration(lane)
        controller = f"origin:python={lane.interpreter.version}"
        return self._integration(lane, name, "--controller", controller, "--target", f"controller:python=venv/{target}")

    def _ansible_test(
        self, name: str, lane: Lane, reader: tally.Reader, *arguments: str, with_emulator: bool = False
    ) -> Step:
        place = name.replace(" ", "-")
        tree = ansible_test.workspace(place, lane, self.pythons)
        env = settings(lane, self.pythons, place)
        command = (lane.program("ansible-test"), *arguments, "--color", "no")
        step = partial(Step, name, command, tree, env, reader)
        return step(around=partial(emulator.beside, tree, lane)) if with_emulator else step()

    def _ruff(self, lane: Lane) -> Chain:
        return self._tool("ruff", lane, ROOT, "ruff", "check", ".")

    def _mypy(self, lane: Lane) -> Chain:
        return self._tool("mypy", lane, ROOT, "mypy")

    def _quick(self, lane: Lane) -> Chain:
        suites = ("tests/unit", "tests/contract")
        command = (lane.program("pytest"), "--color", "no", "-n", AT_ONCE, "-m", "not slow", *suites)
        return Chain([Step("quick", command, ROOT, self._env(lane), tally.pytest)])

    def _pytest(self, lane: Lane) -> Chain:
        name = f"pytest {lane.name}"
        suites = PYTEST_SUITES if lane is self.newest else IN_EVERY_LANE
        command = (lane.program("pytest"), "--color", "no", "-n", AT_ONCE, "--dist", "worksteal", *suites)
        return Chain([Step(name, command, ROOT, self._env(lane), tally.pytest)])

    def _ansible_lint(self, lane: Lane) -> Chain:
        command = ("ansible-lint", "--offline", "--profile", "production", "--nocolor")
        return self._tool("ansible-lint", lane, self.source, *command)

    def _docs(self, lane: Lane) -> Chain:
        command = ("antsibull-docs", "lint-collection-docs", "--plugin-docs", "--validate-collection-refs", "self", ".")
        return self._tool("documentation", lane, self.source, *command)

    def _changelog(self, lane: Lane) -> Chain:
        return self._tool("changelog", lane, self.source, "antsibull-changelog", "lint")

    def _tool(self, name: str, lane: Lane, cwd: Path, program: str, *arguments: str) -> Chain:
        """A program that counts as one test."""
        return Chain([Step(name, (lane.program(program), *arguments), cwd, self._env(lane))])

    def _artifact(self, lane: Lane) -> Chain:
        """What users get: built, installed, and read from where it was installed."""
        target = CACHE / "artifact"
        galaxy = (lane.program("ansible-galaxy"), "collection")
        env = {**self._env(lane), "ANSIBLE_COLLECTIONS_PATH": str(target)}
        built = target / f"objectstore-batch-{_version()}.tar.gz"
        build = (*galaxy, "build", "--force", "--output-path", str(target))
        install = (*galaxy, "install", "--offline", "--force", "-p", str(target), str(built))
        modules = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("[!_]*.py"))
        show = (lane.program("ansible-doc"), "-t", "module", *(f"objectstore.batch.{module}" for module in modules))
        return Chain(
            [
                Step("build", build, self.source, env),
                Step("install", install, CACHE, env),
                Step("ansible-doc", show, CACHE, env, tally.silent),
            ]
        )

    def _env(self, lane: Lane) -> dict[str, str]:
        collections = self.source.parents[len(COLLECTION.parts) - 1]
        return {**settings(lane, self.pythons, lane.name), "ANSIBLE_COLLECTIONS_PATH": str(collections)}


def _version() -> str:
    lines = (ROOT / "galaxy.yml").read_text("utf-8").splitlines()
    return next(line.partition(":")[2].strip() for line in lines if line.startswith("version:"))
