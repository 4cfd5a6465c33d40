# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The 43 requirements for collections, with their sources and their checks.

Sources: R, Ansible's collection requirements; C, the inclusion checklist; P, partner certification and its checker; G,
the developer guide of amazon.aws. They were read in 2026. Read the live pages before you submit the collection.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import content, project
from .project import Check, every, metadata, needs, present, said, sections
from .tree import Tree


@dataclass(frozen=True)
class Row:
    """One requirement."""

    number: int
    item: str
    level: str
    source: str
    check: Check
    how: str
    """The files that the check reads, in a few words."""
    person: str = ""
    """The task of a person at a public place, if the requirement needs one."""

    def state(self, problems: list[str]) -> str:
        if problems:
            return "fails"
        return "needs a person" if self.person else "passes"


MUST, SHOULD, CONVENTION = "MUST", "SHOULD", "convention"
ROWS = (
    Row(
        1,
        "Published on Galaxy, as 1.0.0 or later",
        MUST,
        "R C",
        project.semantic,
        "the version in galaxy.yml",
        "`make release VERSION=1.0.0`, then upload the artifact to Galaxy",
    ),
    Row(
        2,
        "A public issue tracker that is open to everyone",
        MUST,
        "R C",
        metadata("issues"),
        "`issues` in galaxy.yml",
        "open the tracker, and put its URL into galaxy.yml",
    ),
    Row(
        3,
        "A code of conduct that is compatible with Ansible's",
        MUST,
        "R C",
        every(
            present("CODE_OF_CONDUCT.md"), said("CODE_OF_CONDUCT.md", "Ansible"), said("README.md", "CODE_OF_CONDUCT")
        ),
        "CODE_OF_CONDUCT.md and the link in README.md",
    ),
    Row(
        4,
        "A public repository with a tag for each release, named like the version",
        MUST,
        "R C",
        metadata("repository"),
        "`repository` in galaxy.yml",
        "publish the repository, and push the tag that `make release` creates",
    ),
    Row(5, "The artifact is built from the tag", MUST, "R", project.built_as_it_is, "`make build` changes nothing"),
    Row(
        6,
        "A forum tag, and a README with a communication section",
        MUST,
        "R",
        every(sections("Communication"), said("README.md", "Get Help", "forum")),
        "the section Communication",
        "request the tag from the forum team",
    ),
    Row(
        7,
        "Discussions of the code host switched off if unused; maintainers subscribed",
        MUST,
        "R",
        present("MAINTAINERS.md"),
        "MAINTAINERS.md",
        "switch them off; every maintainer watches the repository",
    ),
    Row(8, "Semantic versioning, stated in README", MUST, "R C", project.semantic, "version and README.md"),
    Row(
        9,
        "An antsibull changelog with the right sections",
        MUST,
        "R C P",
        every(project.changelog, needs("changelog")),
        "fragments, and the session `changelog`",
    ),
    Row(10, "A release and deprecation policy", SHOULD, "R C", sections("Releases and deprecation"), "README.md"),
    Row(
        11,
        "Compatible licenses",
        MUST,
        "R C",
        every(content.licenses, needs("reuse")),
        "headers of plugins, LICENSES/, and the session `reuse`",
    ),
    Row(
        12,
        "No contributor agreement besides the DCO",
        MUST,
        "R",
        said("CONTRIBUTING.md", r"Certificate of\s+Origin"),
        "CONTRIBUTING.md",
    ),
    Row(
        13,
        "All Python versions of ansible-core, or a documented gap",
        MUST,
        "R C",
        every(project.pythons, needs("units-targets")),
        "README.md, every module's requirements, the sessions `units-targets` and `units-every-target`",
    ),
    Row(
        14,
        "Private code is marked as private",
        MUST,
        "R",
        content.private_utils,
        "names and docstrings in module_utils",
    ),
    Row(15, "Automation Hub tags", MUST, "R C P", project.required_tags, "`tags` in galaxy.yml"),
    Row(16, "Dependencies with lower bounds", MUST, "R C P", project.dependencies, "`dependencies` in galaxy.yml"),
    Row(
        17,
        "requires_ansible with a lower bound, 2.16 or later",
        MUST,
        "R C P",
        project.requires_ansible,
        "meta/runtime.yml",
    ),
    Row(
        18,
        "README with the sections of Automation Hub",
        MUST,
        "R C P",
        sections(*project.HUB_SECTIONS),
        "titles in README.md",
    ),
    Row(
        19,
        "Requirements of an execution environment",
        SHOULD,
        "R",
        project.environment,
        "meta/execution-environment.yml, and test_ee.py",
    ),
    Row(20, "Known plugin directories only", MUST, "R C", content.plugin_folders, "plugins/"),
    Row(
        21,
        "Content in meta, plugins, roles, and playbooks only",
        MUST,
        "R C",
        project.top_folders,
        "the files of the artifact",
    ),
    Row(22, "DOCUMENTATION, EXAMPLES, and RETURN in every module", MUST, "R C", content.documented, "the sources"),
    Row(
        23,
        "Fully qualified names everywhere",
        MUST,
        "R C",
        every(content.full_names, needs("docs-check")),
        "examples, roles, playbooks, fragments, and the session `docs-check`",
    ),
    Row(24, "version_added on all content", MUST, "R C", content.version_added, "every module's documentation"),
    Row(
        25,
        "_info modules only inform; no states for reading",
        MUST,
        "R C",
        content.info_only_informs,
        "names and options",
    ),
    Row(26, "Check mode", MUST, "R C", content.check_mode, "every module's attributes"),
    Row(
        27,
        "Idempotency",
        MUST,
        "R C",
        every(content.idempotent, needs("units", "integration")),
        "tests that run each module twice",
    ),
    Row(
        28,
        "Declarative modules that fail with a message and run no shell",
        MUST,
        "R",
        content.conventions,
        "the sources; test_hostile.py tries hostile values in each module",
    ),
    Row(
        29,
        "Sanity tests with every supported core",
        MUST,
        "R C P",
        needs("sanity", "sanity-oldest"),
        "the sessions `sanity` and `sanity-oldest`; `make test-all` runs the versions between them",
    ),
    Row(
        30,
        "No forbidden entries in sanity ignore files",
        MUST,
        "R C",
        project.ignores,
        "tests/sanity/ignore-*.txt (no such file exists)",
    ),
    Row(
        31,
        "Tests with each core for every change and every week",
        MUST,
        "R C",
        project.workflows,
        ".github/workflows",
        "run the workflows in the public repository, and require them",
    ),
    Row(
        32,
        "Sanity tests with the next core",
        SHOULD,
        "R",
        project.workflows,
        "the nightly workflow",
        "check the result of the nightly run",
    ),
    Row(
        33,
        "Unit and integration tests; check mode; the state is verified independently",
        SHOULD,
        "R",
        project.tested,
        "tests/unit, tests/integration",
    ),
    Row(34, "ansible-lint with the production profile", MUST, "P", project.linted, ".ansible-lint and its session"),
    Row(35, "galaxy-importer without errors", MUST, "P", needs("importer-check"), "the session `importer-check`"),
    Row(
        36,
        "The cores of the certification checker: 2.16, 2.18, 2.20",
        MUST,
        "P",
        lambda tree: [
            f"tools/harness/pythons.py has no lane for {core}" for core in ("2.18", "2.20") if core not in tree.cores
        ],
        "the lanes of tools/harness/pythons.py",
    ),
    Row(
        37,
        "requirements.txt with lower bounds only, and without ansible",
        MUST,
        "P",
        project.libraries,
        "requirements.txt",
    ),
    Row(38, "Source rules of old cores; no variable _", MUST, "P", content.old_python, "the sources"),
    Row(39, "No large files and no stray files", SHOULD, "R C", project.small, "the files of the artifact"),
    Row(40, "CONTRIBUTING.md", SHOULD, "R", present("CONTRIBUTING.md"), "the file"),
    Row(
        41,
        "Module names start with the service; one resource per module",
        CONVENTION,
        "G",
        content.module_names,
        "the names; the service is batch, because one module supports three providers",
    ),
    Row(42, "Every module in an action group", CONVENTION, "G", content.action_groups, "meta/runtime.yml"),
    Row(
        43,
        "The branch main without merges, if the Ansible organization hosts the repository",
        MUST,
        "R",
        lambda tree: [],
        "nothing: another organization hosts the repository",
        "follow the rule if the collection moves there",
    ),
)


def judged(tree: Tree) -> list[tuple[Row, list[str]]]:
    """Return each row with its problems."""
    return [(row, row.check(tree)) for row in ROWS]
