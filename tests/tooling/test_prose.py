# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The check of the word list finds a word in each kind of file where people read it, and not in code."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from checklist.tree import Tree
from prose import __main__ as command, texts, words

ROOT = Path(__file__).resolve().parents[2]
WORD_LIST = words.word_list()
MODULE = '''"""Whoever reads this."""
from __future__ import annotations
import re

DOCUMENTATION = r"""
module: x
short_description: Tells whether it works
description:
  - In O(the answer.folder), it is under way.
options:
  ids:
    description: Lists the folders.
"""
EXAMPLES = r"""
- name: Look at what failed
  x.y.z:
    note: the answer is code
  # Say which one.
"""
# The first look.
PATTERN = re.compile("the answer")
KEY = "folder"


def f(ids):
    """Ask for it."""
    raise ValueError(f"Nothing stands " f"in {ids} the list, since {'the answer'} is lost", 'no `folder`, whoever')
'''


def found(path: str, text: str, comments: bool = True) -> list[tuple[int, str]]:
    """Return the findings as pairs of line and word."""
    return [(item.line, item.word.lower()) for item in WORD_LIST.findings(texts.prose(path, text, comments))]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.md", "One.\n\nThe ids are\nunder\nway.\n", [(3, "ids"), (4, "under way")]),
        ("a.md", "The `ids` and [the page](https://example.com/ids/folder).\n\n```\nfolder\n```\n", []),
        ("a.md", "Text.\n\n    the answer in indented code\n\nText.\n<!-- folder -->\n", []),
        ("a.rst", "Title\n=====\n\nAsk for it.\n", [(4, "ask for")]),
        ("a.rst", "Text::\n\n    folder\n\n.. code-block:: yaml\n\n    - name: Ask for it\n\n:ref:`ids <ids>`\n", []),
        ("a.yml", "- name: Ask for it\n  shell: ask for it\n", [(1, "ask for")]),
        ("a.yml", "key: the answer  # in vain\nmsg: >-\n  a\n  folder\n", [(1, "in vain"), (4, "folder")]),
        ("a.yml", "msg: 'the {{ folder }} of {{ ids | join(\", \") }}'\nthat: the answer\n'# folder': x\n", []),
        ("changelogs/fragments/1.yml", "bugfixes:\n  - batch_job - mend the folder.\n", [(2, "mend"), (2, "folder")]),
        (".github/ISSUE_TEMPLATE/a.yml", "body:\n  - value: Paste no ids\n", [(2, "ids")]),
        ("changelogs/a.txt", "A folder.\n", [(1, "folder")]),
        ("Makefile", "# In vain.\nx:  ## Ask for it\n\t@folder \"the answer\"\n", [(1, "in vain"), (2, "ask for")]),
        ("a.toml", "# A folder.\nfolder = 'the answer'\n", [(1, "folder")]),
    ],
)  # fmt: skip
def test_each_kind_of_file(path: str, text: str, expected: list[tuple[int, str]]) -> None:
    assert found(path, text) == expected


def test_a_plugin() -> None:
    """Documentation and messages are read always; comments and docstrings if they are wanted."""
    messages = [
        *[(7, "tells whether"), (9, "under way"), (12, "folders"), (15, "what failed"), (18, "say which")],
        *[(27, "stands in"), (27, ", since"), (27, "whoever")],
    ]
    assert found("plugins/modules/x.py", MODULE, comments=False) == messages
    private = [(1, "whoever"), (20, "first look"), (26, "ask for")]
    assert sorted(found("plugins/modules/x.py", MODULE)) == sorted([*messages, *private])


def test_the_command_fails_with_a_finding_and_names_it(tmp_path: Path) -> None:
    environment = {"PYTHONPATH": str(ROOT / "tools"), "PATH": "/usr/bin:/bin"}
    page = tmp_path / "page.md"
    ends = []
    for text in ("Ask for a folder.\n", "Request a directory.\n"):
        page.write_text(text, encoding="utf-8")
        run = [sys.executable, "-m", "prose", str(page)]
        ends.append(subprocess.run(run, check=False, capture_output=True, text=True, env=environment))
    assert ends[0].returncode == 1 and f"{page}:1: 'folder' -> directory|directories" in ends[0].stdout
    assert ends[1].returncode == 0 and ends[1].stdout == "prose: 1 files, 0 findings\n"


@pytest.mark.parametrize(("name", "text"), [("a.yml", "a: `b`\n"), ("a.py", "a b\n")])
def test_a_file_that_cannot_be_parsed_is_a_finding(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    [line] = command.check(tmp_path, [name], [], everything=True)
    assert line.startswith(f"{name}: cannot be read: ")


def test_an_exception_holds_in_its_files_only_and_is_reported_if_no_file_needs_it() -> None:
    exemption = words.Exemption("the answer of life", ["docs/*.md"], "a quotation")
    assert exemption.applies("docs/a.md") and not exemption.applies("README.md")
    assert exemption.remove("nothing") == "nothing" and not exemption.needed
    assert not list(WORD_LIST.findings(exemption.remove("It is the answer of\nlife."))) and exemption.needed
    assert all(entry.text and entry.files and len(entry.reason) > 10 for entry in words.exemptions())


def test_make_lint_runs_the_check() -> None:
    assert Tree(ROOT).sessions["prose"] >= {"lint", "test"}


def test_vale_can_read_the_list() -> None:
    """Vale counts groups, and takes an advice as a pattern that is allowed."""
    data = yaml.safe_load(words.WORDS.read_text(encoding="utf-8"))
    assert (data["extends"], data["level"], data["ignorecase"], data["nonword"]) == (
        "substitution",
        "error",
        True,
        True,
    )
    for pattern, advice in data["swap"].items():
        assert not re.search(r"(?<!\\)\((?!\?)", pattern), pattern
        for word in _examples(pattern):
            assert not re.search(advice, word, re.IGNORECASE), (word, advice)


def _examples(pattern: str) -> list[str]:
    """Return texts that a pattern matches: each choice once."""
    text = re.sub(r"\\b|\(\?! longer\)|^\(\?-i:|(?<=\\b)\)$", "", pattern).replace("[Ii]", "i")
    found, pending = [], [text]
    while pending:
        text = pending.pop()
        group = re.search(r"\(\?:([^()]*)\)(\??)", text)
        if group:
            choices = group[1].split("|") + ([""] if group[2] else [])
            pending += [text[: group.start()] + choice + text[group.end() :] for choice in choices]
        else:
            found += [part.replace("s?", "").strip(")") for part in text.split("|")]
    return found
