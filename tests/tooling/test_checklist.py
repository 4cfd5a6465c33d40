# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requirements for collections are met, and each check can fail."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from checklist.rows import ROWS, Row
from checklist.tree import Tree
from render import checklist

ROOT = Path(__file__).resolve().parents[2]
BUILT = (".git", ".nox", ".cache", "__pycache__", "output", "*.tar.gz")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.number))
def test_no_row_fails(row: Row) -> None:
    problems = row.check(Tree(ROOT))
    assert not problems, f"row {row.number}, {row.item}: {'; '.join(problems)}"


def test_there_are_43_rows_and_the_page_shows_them() -> None:
    assert [row.number for row in ROWS] == list(range(1, 44))
    assert checklist.TARGET.read_text(encoding="utf-8") == checklist.render(Tree(ROOT)), "run make render"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that a test can break if it restores it."""
    return Path(shutil.copytree(ROOT, tmp_path_factory.mktemp("tree") / "batch", ignore=shutil.ignore_patterns(*BUILT)))


# For each row: a file, a pattern in it, and the replacement that breaks the row.
BREAKS = {
    1: ("galaxy.yml", r"(?m)^version: .*$", "version: 1.0"),
    2: ("galaxy.yml", r"(?m)^issues: .*$", ""),
    3: ("README.md", "CODE_OF_CONDUCT", "MANNERS"),
    4: ("galaxy.yml", r"(?m)^repository: .*$", ""),
    5: ("Makefile", "ansible-galaxy collection build", "sed -i s/a/b/ README.md; ansible-galaxy collection build"),
    6: ("README.md", r"(?m)^## Communication$", "## Talk"),
    7: ("MAINTAINERS.md", r"(?s).*", ""),
    8: ("README.md", "(?i)semantic version", "version"),
    9: ("changelogs/config.yaml", r"(?m)^sections:", "parts:"),
    10: ("README.md", "Releases and deprecation", "Releases"),
    11: ("plugins/modules/batch_job.py", "GPL-3.0-or-later", "MIT"),
    12: ("CONTRIBUTING.md", r"Certificate of\s+Origin", "CLA"),
    13: ("README.md", r"Python 3\.9 or (newer|later)", "Python"),
    14: ("plugins/module_utils/_module.py", "Private to this collection", "For all"),
    15: ("galaxy.yml", r"  - (cloud|storage)\n", ""),
    16: ("galaxy.yml", r"dependencies: \{\}", "dependencies: {community.general: '*'}"),
    17: ("meta/runtime.yml", r"2\.16\.0", "2.15.0"),
    18: ("README.md", r"(?m)^## Use cases$", "## Uses"),
    19: ("meta/execution-environment.yml", r"requirements\.txt", "none.txt"),
    22: ("plugins/modules/batch_job.py", "RETURN = ", "RETURNED = "),
    23: ("playbooks/cancel.yml", r"ansible\.builtin\.", ""),
    24: ("plugins/modules/batch_job.py", r"version_added: .*\n", ""),
    25: ("plugins/modules/batch_job_info.py", r"options:\n", "options:\n  state:\n    choices: [get]\n"),
    26: ("plugins/modules/batch_job_wait.py", r"  - objectstore\.batch\.attributes.*\n", ""),
    28: ("plugins/modules/batch_job.py", "from __future__ import annotations", "import subprocess"),
    29: ("noxfile.py", 'name="sanity-oldest"', 'name="sanity-old"'),
    31: (".github/workflows/tests.yml", "pull_request", "workflow_dispatch"),
    32: (".github/workflows/nightly.yml", r"2\.22", "2.21"),
    33: ("tests/integration/targets/batch_queue/tasks/cloud.yml", "objectstore.batch.batch_queue:", "x.y.z:"),
    34: (".ansible-lint", "profile: production", "profile: basic"),
    35: ("noxfile.py", 'name="importer-check"', 'name="imports"'),
    36: ("tools/harness/pythons.py", r'"2\.18": \(.*\n', ""),
    37: ("requirements.txt", ">=", "=="),
    38: ("plugins/modules/batch_job.py", "from __future__ import annotations", "_ = 1"),
    40: ("CONTRIBUTING.md", r"(?s).*", ""),
    42: ("meta/runtime.yml", r"    - batch_job_wait\n", ""),
}


@pytest.mark.parametrize("number", BREAKS)
def test_a_broken_tree_fails(copy: Path, number: int) -> None:
    name, pattern, replacement = BREAKS[number]
    file = copy / name
    text = file.read_text(encoding="utf-8")
    broken, count = re.subn(pattern, replacement, text)
    assert count, f"{pattern!r} is not in {name}"
    file.write_text(broken, encoding="utf-8")
    try:
        [row] = [row for row in ROWS if row.number == number]
        assert row.check(Tree(copy)), f"row {number} passes all the same"
    finally:
        file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("number", "name", "text"),
    [
        (20, "plugins/surprise/odd.py", "from __future__ import annotations\n"),
        (21, "surprise/odd.txt", "odd"),
        (27, "plugins/modules/batch_odd.py", 'DOCUMENTATION = "module: batch_odd"\n'),
        (30, "tests/sanity/ignore-2.21.txt", "plugins/modules/batch_job.py validate-modules:no-log-needed # wrong\n"),
        (39, "docs/old.rej", "odd"),
        (41, "plugins/modules/queue.py", 'DOCUMENTATION = "module: queue"\n'),
    ],
)
def test_a_stray_file_fails(copy: Path, number: int, name: str, text: str) -> None:
    file = copy / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    try:
        [row] = [row for row in ROWS if row.number == number]
        assert row.check(Tree(copy)), f"row {number} passes all the same"
    finally:
        file.unlink()
