# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two lanes: the newest ansible-core, and the oldest with the oldest libraries; `nox -l` lists the sessions.

A lane's tools are in one environment, which the sessions `newest` and `oldest` make; `nox -R` leaves it as it is.
`make test` runs the newest lane and `make test-oldest` the oldest: the suites (tags) `test` and `test-oldest`.
The other versions of ansible-core, those between the two and one to come, are lanes of `make test-all` alone.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sys
from pathlib import Path

import nox

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "emulator" / "src")]

from batch_emulator import client  # noqa: E402
from harness import CACHE, COLLECTION, REPORTS, lanes, pip, trees  # noqa: E402

nox.options.sessions = ["quick"]
nox.options.reuse_existing_virtualenvs = True
nox.options.allow_parallel = True

# The shims of pyenv exist for versions that are not active, too, and fail when they are run.
PYENV = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
FOLDERS = [*sorted(PYENV.glob("3.*/bin")), *(Path(name) for name in os.get_exec_path())]
os.environ["PATH"] = os.pathsep.join(dict.fromkeys(str(folder) for folder in FOLDERS if folder.name != "shims"))
TARGETS = [version for version in ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14") if shutil.which(f"python{version}")]
# In the order of preference; ansible-core 2.16 runs on 3.10 to 3.12.
NEWEST = next((version for version in ("3.13", "3.12", "3.14", "3.11") if version in TARGETS), "3.13")
OLDEST = next((version for version in ("3.11", "3.12", "3.10") if version in TARGETS and version != NEWEST), "")
# The lowest Python of its controllers, and those that follow.
CORES = {
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13"),
    "2.22": ("3.13", "3.14"),
}
LANES = {"newest": NEWEST, "importer": NEWEST, "oldest": OLDEST}
for _core, _pythons in CORES.items():
    LANES[f"core-{_core}"] = next((python for python in reversed(_pythons) if python in TARGETS), "")

SUITES = ("tests/unit", "tests/contract", "tests/conformance", "tests/tooling")
# Most tests wait for something else than the processor.
WORKERS = ("-n", "3", "--dist", "worksteal")
# What is compiled, into what, for which lowest Python.
PINS = (
    ("tools.in", "tools.txt", "3.10"),
    ("newest.in", "newest.txt", "3.11"),
    ("oldest.in", "oldest.txt", "3.10"),
    ("importer.in", "importer.txt", "3.11"),
    *((f"core-{core}.in", f"core-{core}.txt", pythons[0]) for core, pythons in CORES.items()),
    ("units.in", "../tests/unit/constraints.txt", "3.9"),
    ("../tests/integration/requirements.txt", "../tests/integration/constraints.txt", "3.9"),
)


GALAXY = ("ansible-galaxy", "collection")
REACHING = re.compile("(PIP|UV|SSL|NODE|NPM|npm|REQUESTS|CURL)_")
UV = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])) or "uv"


def _environment(session: nox.Session) -> None:
    """Make the environment of a lane."""
    pins = f"requirements/{session.name}.txt"
    try:
        # uv is ten times as fast as pip, but there may be none for this machine, or it may not reach the index.
        command = (UV, "pip", "sync", "--quiet", "--compile-bytecode", pins)
        session.run_install(*command, env=pip.for_uv(), external=True)
    except nox.command.CommandFailed:
        # The pins are complete, and one of them stands in for a package that another asks for by name.
        session.run_install("python", "-m", "pip", "install", "--quiet", "--no-deps", "-r", pins)
    _mend(Path(session.virtualenv.location))
    trees.link()


def _mend(environment: Path) -> None:
    """Have ansible-test take from the index what a release candidate of ansible-core takes from a code host."""
    for file in environment.glob("lib/python3.*/site-packages/ansible_test/_data/requirements/sanity.pylint.txt"):
        text = re.sub(r"^dill @ .*$", "dill==0.4.1", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        # uv may have linked it to its cache, which is not ours to change.
        file.unlink()
        file.write_text(text, encoding="utf-8")


def _tools(session: nox.Session, lane: str) -> Path:
    if not LANES[lane]:
        session.skip(f"no Python of this machine runs the ansible-core of {lane}; see OLDEST and CORES in noxfile.py")
    # nox writes the name of an environment so.
    return ROOT / ".nox" / lane.replace(".", "-") / "bin"


def _run(
    session: nox.Session, *command: object, lane: str = "newest", cwd: Path = ROOT, quiet: bool = False, **more: str
) -> str:
    """Run a lane's program with nothing of the user's clouds, proxies and Ansible, and a home of its own."""
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


def _pytest(session: nox.Session, *arguments: str, lane: str = "newest", **more: str) -> None:
    report = trees.fresh(REPORTS / session.name) / "pytest.xml"
    words = ("--color", "no", "-q", f"--junitxml={report}", *(session.posargs or arguments))
    _run(session, "pytest", *words, lane=lane, **more)


def _ansible_test(session: nox.Session, *arguments: str, lane: str = "newest", emulator: bool = False) -> None:
    python = _tools(session, lane) / "python"
    tree = trees.copy(session.name)
    pip.seed(CACHE / "homes" / session.name, python, TARGETS)
    try:
        with _emulator(tree, python) if emulator else contextlib.nullcontext():
            _run(session, "ansible-test", *arguments, "--color", "no", *session.posargs, lane=lane, cwd=tree)
    finally:
        trees.keep_reports(tree, REPORTS / session.name)


@contextlib.contextmanager
def _emulator(tree: Path, python: Path):
    """An emulator beside; ansible-test strips the environment, so the address travels in a file of variables."""
    with client.start(python=str(python)) as running:
        config = tree / "tests" / "integration" / "integration_config.yml"
        config.write_text(json.dumps({"emulator_url": running.url}) + "\n", encoding="utf-8")
        yield


def _session(*tags: str, lane: str = "newest", suite: str = "test", needs: tuple[str, ...] = (), **more):
    requires = [name for name in (lane, *needs) if LANES[name]]
    return nox.session(venv_backend="none", requires=requires, tags=[suite, *tags], **more)


for _lane, _python in LANES.items():
    if _python:
        nox.session(_environment, name=_lane, python=_python)


# In this order, long ones first, so that two at a time end together.


@_session("units", needs=("importer",))  # a release is rehearsed, and asks the importer
def units(session: nox.Session) -> None:
    """Run pytest with the newest ansible-core."""
    _pytest(session, *WORKERS, *SUITES, *(f"--deselect={path}" for path in lanes.variants()))


@_session(suite="all")
def variants(session: nox.Session) -> None:
    """Run the tests that vary what other tests do."""
    _pytest(session, *WORKERS, *lanes.variants())


@_session("sanity", lane="oldest", suite="test-oldest", name="sanity-oldest")
def sanity_oldest(session: nox.Session) -> None:
    """Run ansible-test sanity of the oldest ansible-core."""
    _ansible_test(session, "sanity", "--junit", lane="oldest")


@_session("units", lane="oldest", suite="test-oldest", name="units-oldest")
def units_oldest(session: nox.Session) -> None:
    """Run with the oldest ansible-core what it can change."""
    _pytest(session, *WORKERS, *lanes.paths(), lane="oldest")


@_session("sanity")
def sanity(session: nox.Session) -> None:
    """Run ansible-test sanity of the newest ansible-core."""
    _ansible_test(session, "sanity", "--junit")


@_session("units")
def distribution(session: nox.Session) -> None:
    """Install the emulator's wheel into an empty environment, and run its recipes as they are printed."""
    # How this machine reaches its indexes stands in the user's home and environment.
    kept = {name: value for name, value in os.environ.items() if REACHING.match(name)}
    _pytest(session, "tests/distribution", **kept | pip.for_uv(), HOME=os.environ["HOME"])


@_session("units", name="units-targets")
def units_targets(session: nox.Session) -> None:
    """Run ansible-test units on every Python of a target that is here."""
    _ansible_test(session, "units", "--venv", "--python", "default")


@_session("integration")
def integration(session: nox.Session) -> None:
    """Run the integration targets with the newest ansible-core on the oldest Python of a target."""
    hosts = ("--controller", f"origin:python={NEWEST}", "--target", f"controller:python=venv/{TARGETS[0]}")
    _ansible_test(session, "integration", *(hosts if TARGETS[0] != NEWEST else ()), emulator=True)


@_session("integration", lane="oldest", suite="test-oldest", name="integration-oldest")
def integration_oldest(session: nox.Session) -> None:
    """Run the integration targets with the oldest ansible-core."""
    _ansible_test(session, "integration", lane="oldest", emulator=True)


@_session("lint")
def mypy(session: nox.Session) -> None:
    """Check types."""
    _run(session, "mypy")


@_session("lint", name="ansible-lint")
def ansible_lint(session: nox.Session) -> None:
    """Lint playbooks and roles by the production profile."""
    tree = trees.copy(session.name)
    root = str(tree.parents[len(COLLECTION.parts) - 1])
    command = ("ansible-lint", "--offline", "--profile", "production", "--nocolor")
    _run(session, *command, cwd=tree, ANSIBLE_COLLECTIONS_PATH=root)


@_session("lint")
def ruff(session: nox.Session) -> None:
    """Check style."""
    _run(session, "ruff", "check", ".")
    _run(session, "ruff", "format", "--check", ".")


@_session("lint")
def reuse(session: nox.Session) -> None:
    """Check that every file says whose it is and by which licence it may be used."""
    _run(session, "reuse", "--root", ROOT, "lint", "--lines")


@_session("docs", name="docs-check")
def docs_check(session: nox.Session) -> None:
    """Check the documentation of the plugins."""
    tree = trees.copy(session.name)
    root = str(tree.parents[len(COLLECTION.parts) - 1])
    references = ("--check-extra-docs-refs", "--validate-collection-refs", "self")
    command = ("antsibull-docs", "lint-collection-docs", "--plugin-docs", *references, ".")
    _run(session, *command, cwd=tree, ANSIBLE_COLLECTIONS_PATH=root)


@_session("docs")
def changelog(session: nox.Session) -> None:
    """Check the changelog fragments."""
    _run(session, "antsibull-changelog", "lint", cwd=trees.copy(session.name))


@_session("docs")
def artifact(session: nox.Session) -> None:
    """Build what users get, install it, and read the documentation from where it was installed."""
    target = trees.fresh(CACHE / "artifact")
    _run(session, *GALAXY, "build", "--output-path", target, cwd=trees.copy(session.name))
    [built] = target.glob("*.tar.gz")
    _run(session, *GALAXY, "install", "--offline", "-p", target, built, cwd=target)
    modules = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("[!_]*.py"))
    names = [f"objectstore.batch.{module}" for module in modules]
    # It succeeds even where all that it has to show is a warning.
    command = ("ansible-doc", "-t", "module", *names)
    shown = _run(session, *command, cwd=target, quiet=True, ANSIBLE_COLLECTIONS_PATH=str(target))
    if "[WARNING]" in shown:
        session.error(shown)


@_session("docs")
def site(session: nox.Session) -> None:
    """Build the documentation site into .cache/site/html, without a warning, and read it in a browser."""
    tree = trees.copy(session.name)
    root = str(tree.parents[len(COLLECTION.parts) - 1])
    galaxy = (tree / "galaxy.yml").read_text(encoding="utf-8").splitlines()
    [version] = [line.split()[1] for line in galaxy if line.startswith("version:")]
    if version not in (tree / "changelogs" / "changelog.yaml").read_text(encoding="utf-8"):
        # What is to be released is read, too.
        _run(session, "antsibull-changelog", "release", "--version", version, "--date", "2000-01-01", cwd=tree)
    target = trees.fresh(CACHE / "site")
    pages = target / "rst"
    shutil.copytree(tree / "docs" / "docsite" / "site", pages)
    # antsibull-docs writes into no folder that others may write to.
    pages.chmod(0o755)
    words = ("collection", "--use-current", "--squash-hierarchy", "--fail-on-error", "--dest-dir", pages)
    command = ("antsibull-docs", "--config-file", pages / "antsibull-docs.cfg", *words, "objectstore.batch")
    _run(session, *command, cwd=tree, ANSIBLE_COLLECTIONS_PATH=root)
    # It copies pages alone.
    shutil.copytree(tree / "docs" / "docsite" / "rst" / "images", pages / "docsite" / "images")
    _run(session, "sphinx-build", "-q", "-W", "--keep-going", "-b", "html", pages, target / "html", cwd=tree)
    session.log(f"{len(list((target / 'html').rglob('*.html')))} pages: {target / 'html' / 'index.html'}")
    _pytest(session, "tests/site")


@_session("docs", name="importer-check", lane="importer")
def importer_check(session: nox.Session) -> None:
    """Run Galaxy's importer on the artifact, as Galaxy and Automation Hub do on an upload."""
    target = trees.fresh(CACHE / "importer")
    _run(session, *GALAXY, "build", "--output-path", target, cwd=trees.copy(session.name), lane="importer")
    [built] = target.glob("*.tar.gz")
    config = target / "importer.cfg"
    config.write_text("[galaxy-importer]\nCHECK_REQUIRED_TAGS = True\nLOG_LEVEL_MAIN = INFO\n", encoding="utf-8")
    command = ("python", "-m", "galaxy_importer.main", built)
    said = _run(session, *command, lane="importer", cwd=target, quiet=True, GALAXY_IMPORTER_CONFIG=str(config))
    session.log(said)
    if complaints := [line for line in said.splitlines() if line.startswith(("WARNING", "ERROR", "CRITICAL"))]:
        session.error("\n".join(complaints))
    if "Importer processing completed successfully" not in said:
        session.error("The importer did not say that it was successful.")


def _every_test_of(core: str) -> None:
    """Make the sessions of one of CORES."""
    lane = f"core-{core}"

    def units_core(session: nox.Session) -> None:
        _pytest(session, *WORKERS, *lanes.paths(), lane=lane)

    def sanity_core(session: nox.Session) -> None:
        _ansible_test(session, "sanity", "--junit", lane=lane)

    def integration_core(session: nox.Session) -> None:
        _ansible_test(session, "integration", lane=lane, emulator=True)

    for work in (units_core, sanity_core, integration_core):
        name = f"{work.__name__.removesuffix('_core')}-{core}"
        _session(lane=lane, suite="all", name=name)(work)


for _core in CORES:
    _every_test_of(_core)


@nox.session(venv_backend="none", requires=["newest"])
def quick(session: nox.Session) -> None:
    """Run the pure and contract tests of one lane, without the slow ones: for the daily loop (two minutes)."""
    _pytest(session, *WORKERS, "-m", "not slow", "tests/unit", "tests/contract")


@nox.session(venv_backend="none", default=False)
def pins(session: nox.Session) -> None:
    """Compile requirements/*.in into pinned versions."""
    flags = ("--upgrade", "--universal", "--annotation-style", "line", "--no-emit-index-url", "--no-emit-find-links")
    with session.chdir("requirements"):
        for source, target, floor in PINS:
            files = ("--override", "overrides.txt", "--output-file", target, source)
            env = {**pip.for_uv(), "UV_CUSTOM_COMPILE_COMMAND": "make pins"}
            # ansible-test installs from constraints more than they name, which pip refuses beside hashes.
            hashes = () if "constraints" in target else ("--generate-hashes",)
            command = (UV, "pip", "compile", "--quiet", *flags, *hashes, "--python-version", floor, *files)
            session.run(*command, env=env, external=True, silent=True)
