# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of metadata, documents, tests, and workflows. Each check returns a list of problems."""

from __future__ import annotations

import re
from collections.abc import Callable

import yaml

from .tree import Tree

Check = Callable[[Tree], list[str]]
HUB_TAGS = {
    "ai",
    "application",
    "cloud",
    "database",
    "eda",
    "infrastructure",
    "linux",
    "monitoring",
    "networking",
    "security",
    "storage",
    "tools",
    "windows",
}
HUB_SECTIONS = (
    *("Description", "Requirements", "Installation", "Use cases", "Testing", "Contributing", "Code of conduct"),
    *("Communication", "Support", "Release notes", "Releases and deprecation", "License"),
)
NEVER_IGNORED = (
    *("doc-choices-do-not-match-spec", "doc-default-does-not-match-spec", "doc-missing-type"),
    *("doc-required-mismatch", "mutually_exclusive-unknown", "no-log-needed", "nonexistent-parameter-documented"),
    *("parameter-list-no-elements", "parameter-type-not-in-doc"),
)
NEVER_SKIPPED = (
    *("risky-shell-pipe", "no-changed-when", "no-log-password", "unnamed-task", "meta-runtime"),
    *("command-instead-of-module", "command-instead-of-shell"),
)
TOP = {"meta", "plugins", "roles", "playbooks", "docs", "changelogs", "extensions", "LICENSES"}
SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?")
TARBALL = 20 * 2**20


def needs(*names: str) -> Check:
    """Check that `make test` or `make test-oldest` runs the sessions with these names."""

    def check(tree: Tree) -> list[str]:
        missing = [name for name in names if not {"test", "test-oldest"} & tree.sessions.get(name, set())]
        return [f"noxfile.py: neither `make test` nor `make test-oldest` runs a session {name}" for name in missing]

    return check


def metadata(*keys: str) -> Check:
    def check(tree: Tree) -> list[str]:
        return [
            f"galaxy.yml has no {key}" for key in keys if not str(tree.galaxy.get(key) or "").startswith("https://")
        ]

    return check


def sections(*titles: str) -> Check:
    def check(tree: Tree) -> list[str]:
        found = set(re.findall(r"^##+ (.+)$", tree.text("README.md"), re.MULTILINE))
        return [f"README.md has no section {title!r}" for title in titles if title not in found]

    return check


def said(path: str, *patterns: str) -> Check:
    """Check that a file contains these patterns."""

    def check(tree: Tree) -> list[str]:
        text = tree.text(path)
        return [f"{path} does not contain {pattern!r}" for pattern in patterns if not re.search(pattern, text, re.I)]

    return check


def every(*checks: Check) -> Check:
    return lambda tree: [problem for check in checks for problem in check(tree)]


def semantic(tree: Tree) -> list[str]:
    version = str(tree.galaxy.get("version"))
    wrong = [] if SEMVER.fullmatch(version) else [f"galaxy.yml: version {version!r} does not follow semver.org"]
    return wrong + said("README.md", "semantic version")(tree)


def built_as_it_is(tree: Tree) -> list[str]:
    recipe = re.search(r"^build:.*\n\t(.*)$", tree.text("Makefile"), re.MULTILINE)
    plain = recipe and re.fullmatch(r"@\S*ansible-galaxy collection build --force", recipe[1])
    return [] if plain else ["Makefile: `make build` does more than ansible-galaxy collection build"]


def changelog(tree: Tree) -> list[str]:
    config = tree.yaml("changelogs/config.yaml") or {}
    known = {name for name, _title in config.get("sections", [])} | {"release_summary", "trivial"}
    known |= {"add object.role", "add object.playbook", "add plugin.filter", "add plugin.test"}
    wrong = [] if config.get("sections") else ["changelogs/config.yaml has no sections"]
    fragments = tree.files("changelogs/fragments/*.y*ml")
    for file in fragments:
        content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        wrong += [f"{tree.label(file)}: no section {name!r}" for name in sorted(set(content) - known)]
    released = (tree.yaml("changelogs/changelog.yaml") or {}).get("releases") or {}
    if tree.galaxy.get("version") not in released and not fragments:
        wrong.append(f"changelogs: no fragment describes version {tree.galaxy.get('version')}")
    return wrong


def pythons(tree: Tree) -> list[str]:
    wrong = said("README.md", r"Python 3\.9 or (newer|later)")(tree)
    if "'>=3.9'" not in tree.text("tests/config.yml"):
        wrong.append("tests/config.yml does not state the oldest Python of modules")
    for module in tree.modules:
        fragments = tree.documentation(module).get("extends_documentation_fragment", [])
        if "objectstore.batch.connection" not in fragments:
            wrong.append(f"{module} does not use the requirements of the fragment connection")
    return wrong + said("plugins/doc_fragments/connection.py", r"python >= ?3\.9")(tree)


def required_tags(tree: Tree) -> list[str]:
    tags = tree.galaxy.get("tags") or []
    wrong = [] if set(tags) & HUB_TAGS else ["galaxy.yml: tags contains none of the tags that Automation Hub requires"]
    return wrong + (["galaxy.yml: more than 20 tags"] if len(tags) > 20 else [])


def dependencies(tree: Tree) -> list[str]:
    found = tree.galaxy.get("dependencies") or {}
    return [f"galaxy.yml: {name} {bound} has no lower bound" for name, bound in found.items() if ">=" not in bound]


def requires_ansible(tree: Tree) -> list[str]:
    bound = re.match(r">=2\.(\d+)\.\d+", str(tree.runtime.get("requires_ansible", "")))
    return [] if bound and int(bound[1]) >= 16 else ["meta/runtime.yml: requires_ansible is not >=2.16.0 or later"]


def environment(tree: Tree) -> list[str]:
    named = ((tree.yaml("meta/execution-environment.yml") or {}).get("dependencies") or {}).get("python", "")
    wrong = (
        [] if named and tree.text(named) else ["meta/execution-environment.yml contains no file of Python libraries"]
    )
    return wrong + ([] if tree.text("tests/contract/test_ee.py") else ["no test introspects the execution environment"])


def top_folders(tree: Tree) -> list[str]:
    parts = [file.relative_to(tree.root).parts for file in tree.shipped]
    found = {names[0] for names in parts if len(names) > 1}
    return [f"the artifact would contain {name}/" for name in sorted(found - TOP)]


def ignores(tree: Tree) -> list[str]:
    wrong = []
    for file in tree.files("tests/sanity/ignore-*.txt"):
        for line in filter(str.strip, file.read_text(encoding="utf-8").splitlines()):
            wrong += [f"{tree.label(file)} ignores {name}" for name in NEVER_IGNORED if name in line]
            if "#" not in line:
                wrong.append(f"{tree.label(file)}: {line.split()[0]} is ignored without a reason")
    return wrong


def workflows(tree: Tree) -> list[str]:
    found = [tree.text(tree.label(file)) for file in tree.files(".github/workflows/*.yml")]
    triggers = {str(name) for text in found for name in (yaml.safe_load(text).get(True) or {})}
    wanted = ("pull_request", "schedule")
    wrong = [f".github/workflows: no workflow runs on {name}" for name in wanted if name not in triggers]
    text = "\n".join(found)
    return wrong + [
        f".github/workflows: no workflow runs ansible-core {core}" for core in tree.cores if core not in text
    ]


def tested(tree: Tree) -> list[str]:
    targets = tree.files("tests/integration/targets/*/tasks/*.yml")
    text = "\n".join(file.read_text(encoding="utf-8") for file in targets)
    used = {module for module in tree.modules if f"objectstore.batch.{module}:" in text}
    wrong = [f"no integration target runs {module}" for module in sorted(set(tree.modules) - used)]
    wrong += [] if "check_mode: true" in text else ["no integration target uses check mode"]
    wrong += [] if "_emulator/" in text else ["no integration target verifies the result through the emulator"]
    return wrong + ([] if tree.files("tests/unit/**/test_*.py") else ["the collection has no unit tests"])


def linted(tree: Tree) -> list[str]:
    config = tree.yaml(".ansible-lint") or {}
    skipped = [*(config.get("skip_list") or []), *(config.get("warn_list") or [])]
    wrong = [f".ansible-lint skips {name}" for name in skipped if name.split("[")[0] in NEVER_SKIPPED]
    wrong += [] if config.get("profile") == "production" else [".ansible-lint: the profile is not production"]
    return wrong + needs("ansible-lint")(tree)


def libraries(tree: Tree) -> list[str]:
    lines = [line.split("#")[0].strip() for line in tree.text("requirements.txt").splitlines()]
    wrong = [f"requirements.txt: {line} has an upper bound" for line in lines if re.search(r"==|<|~=", line)]
    return wrong + [f"requirements.txt names {line}" for line in lines if line.startswith("ansible")]


def small(tree: Tree) -> list[str]:
    size = sum(file.stat().st_size for file in tree.shipped)
    wrong = [] if size < TARBALL else [f"the artifact would contain {size} bytes"]
    stray = (".pyc", ".orig", ".rej", ".swp", ".log", ".retry", ".tar.gz")
    return wrong + [f"{tree.label(file)} is a stray file" for file in tree.shipped if file.name.endswith(stray)]


def present(*paths: str) -> Check:
    return lambda tree: [f"{path} is missing" for path in paths if not tree.text(path).strip()]
