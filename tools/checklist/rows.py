# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The 43 rows: what a collection is asked for, by whom, and how that is checked here.

Sources: R, Ansible's collection requirements; C, the inclusion checklist; P, partner certification and its checker; G,
the developer guide of amazon.aws. Read in 2026; read the live pages before submitting.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import content, project
from .project import Check, every, metadata, needs, present, said, sections
from .tree import Tree


@dataclass(frozen=True)
class Row:
    """One thing that is asked for."""

    number: int
    item: str
    level: str
    source: str
    check: Check
    how: str
    """What the check looks at, in a few words."""
    person: str = ""
    """What somebody has to do at a public place, where the row needs one."""

    def state(self, problems: list[str]) -> str:
        if problems:
            return "fails"
        return "needs a person" if self.person else "passes"


MUST, SHOULD, CONVENTION = "MUST", "SHOULD", "convention"
ROWS = (
    Row(
        1,
        "Published on Galaxy, as 1.0.0 or newer",
        MUST,
        "R C",
        project.semantic,
        "the version in galaxy.yml",
        "`make release VERSION=1.0.0`, then upload the artifact to Galaxy",
    ),
    Row(
        2,
        "A public issue tracker that anybody may write to",
        MUST,
        "R C",
        metadata("issues"),
        "`issues` in galaxy.yml",
        "open the tracker and put its address into galaxy.yml",
    ),
    Row(
        3,
        "A code of conduct that agrees with Ansible's",
        MUST,
        "R C",
        every(
            present("CODE_OF_CONDUCT.md"), said("CODE_OF_CONDUCT.md", "Ansible"), said("README.md", "CODE_OF_CONDUCT")
        ),
        "CODE_OF_CONDUCT.md and the link in README.md",
    ),
    Row(
        4,
        "A public repository; each release is a tag named like the version",
        MUST,
        "R C",
        metadata("repository"),
        "`repository` in galaxy.yml",
        "publish the repository; push the tag that `make release` names",
    ),
    Row(
        5, "The artifact is what the tag holds", MUST, "R", project.built_as_it_is, "nothing is changed by `make build`"
    ),
    Row(
        6,
        "A forum tag, and a README that says where to talk",
        MUST,
        "R",
        every(sections("Communication"), said("README.md", "Get Help", "forum")),
        "the section Communication",
        "ask the forum's team for the tag",
    ),
    Row(
        7,
        "Discussions of the code host off, unless used; maintainers subscribed",
        MUST,
        "R",
        present("MAINTAINERS.md"),
        "MAINTAINERS.md",
        "switch them off and have every maintainer watch the repository",
    ),
    Row(8, "Semantic versions, and README says so", MUST, "R C", project.semantic, "version and README.md"),
    Row(
        9,
        "A changelog of antsibull's, with the right sections",
        MUST,
        "R C P",
        every(project.changelog, needs("changelog")),
        "fragments, and the session `changelog`",
    ),
    Row(10, "A release and deprecation policy", SHOULD, "R C", sections("Releases and deprecation"), "README.md"),
    Row(
        11,
        "Licences that are compatible",
        MUST,
        "R C",
        every(content.licences, needs("reuse")),
        "headers of plugins, LICENSES/, and the session `reuse`",
    ),
    Row(
        12,
        "No agreement of contributors beyond the DCO",
        MUST,
        "R",
        said("CONTRIBUTING.md", r"Certificate of\s+Origin"),
        "CONTRIBUTING.md",
    ),
    Row(
        13,
        "All Pythons of ansible-core, or the gap is said",
        MUST,
        "R C",
        every(project.pythons, needs("units-targets")),
        "README.md, every module's requirements, the sessions `units-targets` and `units-every-target`",
    ),
    Row(14, "Private code is called so", MUST, "R", content.private_utils, "names and docstrings in module_utils"),
    Row(15, "Tags of Automation Hub", MUST, "R C P", project.required_tags, "`tags` in galaxy.yml"),
    Row(16, "Dependencies with lower bounds", MUST, "R C P", project.dependencies, "`dependencies` in galaxy.yml"),
    Row(
        17,
        "requires_ansible with a lower bound, 2.16 or newer",
        MUST,
        "R C P",
        project.requires_ansible,
        "meta/runtime.yml",
    ),
    Row(18, "README with the sections of Hub", MUST, "R C P", sections(*project.HUB_SECTIONS), "titles in README.md"),
    Row(
        19,
        "What an execution environment needs",
        SHOULD,
        "R",
        project.environment,
        "meta/execution-environment.yml, and test_ee.py",
    ),
    Row(20, "Known folders of plugins only", MUST, "R C", content.plugin_folders, "plugins/"),
    Row(
        21,
        "Content in meta, plugins, roles and playbooks only",
        MUST,
        "R C",
        project.top_folders,
        "what would be shipped",
    ),
    Row(22, "DOCUMENTATION, EXAMPLES and RETURN in every module", MUST, "R C", content.documented, "the sources"),
    Row(
        23,
        "Full names everywhere",
        MUST,
        "R C",
        every(content.full_names, needs("docs-check")),
        "examples, roles, playbooks, fragments, and the session `docs-check`",
    ),
    Row(24, "version_added on all content", MUST, "R C", content.version_added, "every module's documentation"),
    Row(25, "_info only informs, no states that ask", MUST, "R C", content.info_only_informs, "names and options"),
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
        "Declarative modules that fail with a sentence and run no shell",
        MUST,
        "R",
        content.conventions,
        "the sources; hostile values are thrown at each module by test_hostile.py",
    ),
    Row(
        29,
        "Sanity on every supported core",
        MUST,
        "R C P",
        needs("sanity", "sanity-oldest"),
        "the sessions `sanity` and `sanity-oldest`; `make test-all` runs those between",
    ),
    Row(
        30, "Nothing ignored that must not be", MUST, "R C", project.ignores, "tests/sanity/ignore-*.txt: there is none"
    ),
    Row(
        31,
        "Tests of each core for every change and every week",
        MUST,
        "R C",
        project.workflows,
        ".github/workflows",
        "have the public repository run the workflows, and require them",
    ),
    Row(
        32,
        "Sanity on the core to come",
        SHOULD,
        "R",
        project.workflows,
        "the nightly workflow",
        "look at what the nightly run says",
    ),
    Row(
        33,
        "Unit and integration tests; check mode; the state looked at independently",
        SHOULD,
        "R",
        project.tested,
        "tests/unit, tests/integration",
    ),
    Row(34, "ansible-lint by the profile production", MUST, "P", project.linted, ".ansible-lint and its session"),
    Row(35, "galaxy-importer without a complaint", MUST, "P", needs("importer-check"), "the session `importer-check`"),
    Row(
        36,
        "The checker's cores: 2.16, 2.18, 2.20",
        MUST,
        "P",
        lambda tree: [
            f"tools/harness/pythons.py: no lane of {core}" for core in ("2.18", "2.20") if core not in tree.cores
        ],
        "the lanes of tools/harness/pythons.py",
    ),
    Row(
        37, "requirements.txt with lower bounds only, without ansible", MUST, "P", project.libraries, "requirements.txt"
    ),
    Row(38, "What sanity of old cores asks of sources; no variable _", MUST, "P", content.old_python, "the sources"),
    Row(39, "No large and no stray files", SHOULD, "R C", project.small, "what would be shipped"),
    Row(40, "CONTRIBUTING.md", SHOULD, "R", present("CONTRIBUTING.md"), "the file"),
    Row(
        41,
        "Module names start with the service; one resource each",
        CONVENTION,
        "G",
        content.module_names,
        "names; the service is batch, since one module speaks to three clouds",
    ),
    Row(42, "Every module in an action group", CONVENTION, "G", content.action_groups, "meta/runtime.yml"),
    Row(
        43,
        "The branch main without merges, where Ansible's organisation hosts it",
        MUST,
        "R",
        lambda tree: [],
        "nothing: it holds elsewhere only",
        "keep to it if the collection moves there",
    ),
)


def judged(tree: Tree) -> list[tuple[Row, list[str]]]:
    """Each row with what is wrong."""
    return [(row, row.check(tree)) for row in ROWS]
